//! One session from the code to the end, with every effect in its place.

use super::*;

/// PRODUCT 3.1, 3.6, 8.1: code, claim, handshake, record, question, consent, control, renewal, leave.
#[test]
fn a_session_from_the_code_to_the_end() {
    let mut table = Table::seated();
    let created = table.say(HELPER, create());
    assert_eq!(
        created,
        [to(
            HELPER,
            FromRelay::Created {
                session: id(1),
                routing: Routing::new(47).unwrap(),
                expires_in: 600,
            }
        )]
    );
    pair_up(&mut table);
    consent_to_view_and_control(&mut table);
    let left = table.say(HELPER, ToRelay::Leave {});
    let mut expected = vec![
        record(Entry::End(EndReason::HelperLeft)),
        route(Route::CLOSED),
    ];
    expected.extend(ended(SHARER, Fault::PeerLeft));
    expected.push(Effect::Close { connection: HELPER });
    assert_eq!(left, expected);
    assert_eq!(table.broker.paired_sessions(), 0);
    assert_eq!(table.broker.poll_timeout(), None);
}

fn pair_up(table: &mut Table) {
    assert_eq!(
        table.say(SHARER, join(47)),
        [
            route(Route::handshake()),
            to(
                HELPER,
                FromRelay::Claimed {
                    tenant: "contoso".into(),
                    pair: PAIR
                }
            ),
            to(
                SHARER,
                FromRelay::Joined {
                    session: id(1),
                    tenant: "contoso".into(),
                    pair: PAIR
                }
            ),
        ]
    );
    assert_eq!(table.say(SHARER, shook(HASH)), []);
    let open = Entry::Open {
        helper: person("amina").into(),
        sharer: person("yuki").into(),
        device: device(Compliance::Compliant).into(),
        reason: Some("printer".into()),
        incident: None,
    };
    assert_eq!(table.say(HELPER, shook(HASH)), [record(open)]);
    let levels = vec![Level::View, Level::Control];
    let paired = |name| FromRelay::Paired {
        pair: PAIR,
        peer: peer(name),
        levels: levels.clone(),
        chat: true,
        compliance: None,
    };
    assert_eq!(
        table.input(Input::Recorded {
            session: id(1),
            pair: PAIR
        }),
        [
            route(Route::paired()),
            to(HELPER, paired("yuki")),
            to(SHARER, paired("amina")),
        ]
    );
    assert_eq!(table.broker.paired_sessions(), 1);
}

fn consent_to_view_and_control(table: &mut Table) {
    let (view, control) = (Level::View, Level::Control);
    assert_eq!(table.say(HELPER, ask(view)), [asked(view, 300)]);
    assert_eq!(
        table.say(SHARER, consent(view, 1, Answer::Allow)),
        [
            record(Entry::Level(view)),
            kept(view, 1),
            route(Route::granted(view)),
            grant(view, 1, 1, "first of 1", true),
        ]
    );
    assert_eq!(table.pass(10 * S), []);
    assert_eq!(table.say(HELPER, ask(control)), [asked(control, 60)]);
    assert_eq!(
        table.say(SHARER, consent(control, 2, Answer::Allow)),
        [
            record(Entry::Level(control)),
            kept(control, 2),
            route(Route::granted(control)),
            grant(control, 2, 2, "first of 2", true),
        ]
    );
    assert_eq!(table.pass(10 * S), []);
    assert_eq!(
        table.say(SHARER, challenge(2, "second")),
        [grant(control, 2, 3, "second", false)]
    );
}

/// PRODUCT 8.1: what the helper measures stands in the record of the session.
#[test]
fn figures_of_the_helper_are_remembered() {
    let mut table = Table::granted(Level::View);
    let quality = wire::Quality {
        p50_ms: 8.0,
        ..wire::Quality::default()
    };
    let said = ToRelay::Quality {
        pair: PAIR,
        quality,
    };
    let expected = Effect::Quality {
        session: id(1),
        pair: PAIR,
        quality,
    };
    assert_eq!(table.say(HELPER, said.clone()), [expected]);
    assert_eq!(table.say(SHARER, said), [faulted(SHARER, Fault::NotNow)]);
}
