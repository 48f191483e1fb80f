//! Several helpers in a session: consent for each, one holder of input, hand-over, ends of one and of all (SPEC 6.9).

use super::inviting::{
    COLLEAGUE, SECOND, SECOND_HASH, departed, granted_to, joined, record_of, route_of,
};
use super::*;

/// What Yuki signs for Ben.
fn consent_to_ben(level: Level, generation: u32) -> ToRelay {
    let ben = person("ben");
    let text = ConsentText {
        pair: SECOND,
        hash: SECOND_HASH,
        issuer: ben.issuer,
        subject: ben.id.0,
        ..consent_text(level, generation, HASH)
    };
    allow(&text, "n")
}

/// The ways that these effects open or close, in order.
fn routes(effects: &[Effect]) -> Vec<(PairId, Route)> {
    let mut routes = vec![];
    for effect in effects {
        if let Effect::Route { pair, route, .. } = effect {
            routes.push((*pair, *route));
        }
    }
    routes
}

/// PRODUCT 3.10: nothing is shown to a further helper before the sharer consents to that one.
#[test]
fn each_helper_needs_a_consent_of_its_own() {
    let mut table = joined(Level::View, false);
    let asked = table.say(COLLEAGUE, ask(Level::View));
    let question = FromRelay::Asked {
        pair: SECOND,
        level: Level::View,
        within: 300,
    };
    assert_eq!(asked, [to(SHARER, question)]);
    let answered = table.say(SHARER, consent_to_ben(Level::View, 1));
    assert_eq!(routes(&answered), [(SECOND, Route::granted(Level::View))]);
    assert_eq!(granted_to(&answered), [SECOND]);
}

/// A consent for one helper opens nothing for another.
#[test]
fn a_consent_to_one_helper_counts_for_no_other() {
    let mut table = joined(Level::View, false);
    table.say(COLLEAGUE, ask(Level::View));
    let mut of_amina = consent(Level::View, 1, Answer::Allow);
    if let ToRelay::Consent { pair, .. } = &mut of_amina {
        *pair = SECOND;
    }
    let answered = table.say(SHARER, of_amina);
    assert_eq!(granted_to(&answered), []);
    assert!(answered.contains(&faulted(SHARER, Fault::PeerDiffers)));
}

/// SPEC 6.9: the relay takes input from everybody else before it gives it to one.
#[test]
fn one_helper_at_most_holds_input() {
    let mut table = joined(Level::Control, false);
    table.say(COLLEAGUE, ask(Level::View));
    table.say(SHARER, consent_to_ben(Level::View, 1));
    table.say(COLLEAGUE, ask(Level::Control));
    let answered = table.say(SHARER, consent_to_ben(Level::Control, 2));
    assert_eq!(
        routes(&answered),
        [
            (PAIR, Route::granted(Level::View)),
            (SECOND, Route::granted(Level::Control)),
        ]
    );
    assert!(
        answered.contains(&asked(Level::View, 60)),
        "amina counts on"
    );
    let renewed = table.say(SHARER, challenge(1, "again"));
    assert_eq!(renewed, [], "what was taken away is not renewed");
}

/// A sharer's client that lowers the other helper first leaves nothing to be taken.
#[test]
fn who_was_lowered_before_is_not_lowered_again() {
    let mut table = joined(Level::Control, false);
    table.say(COLLEAGUE, ask(Level::View));
    table.say(SHARER, consent_to_ben(Level::View, 1));
    table.say(COLLEAGUE, ask(Level::Control));
    table.say(SHARER, consent(Level::View, 2, Answer::Allow));
    let answered = table.say(SHARER, consent_to_ben(Level::Control, 2));
    assert_eq!(
        routes(&answered),
        [(SECOND, Route::granted(Level::Control))]
    );
}

/// PRODUCT 3.15: the first helper's part ends when the first level of the other stands, and not before.
#[test]
fn a_session_is_handed_over_when_the_sharer_consents() {
    let mut table = joined(Level::Control, true);
    table.say(COLLEAGUE, ask(Level::View));
    let answered = table.say(SHARER, consent_to_ben(Level::View, 1));
    let mut expected = vec![
        record(Entry::End(EndReason::HandedOver)),
        route(Route::CLOSED),
        departed(PAIR, Fault::HandedOver),
    ];
    expected.extend(ended(HELPER, Fault::HandedOver));
    let from = answered.len() - expected.len();
    assert_eq!(answered[from..], expected);
    assert_eq!(granted_to(&answered), [SECOND]);
    let left = table.say(COLLEAGUE, ToRelay::Leave {});
    assert!(left.contains(&to(SHARER, FromRelay::ended(Fault::PeerLeft))));
}

/// PRODUCT 3.8: a helper that leaves ends its own part, the sharer all of it.
#[test]
fn a_helper_leaves_alone_and_the_sharer_with_all() {
    let mut first = joined(Level::View, false);
    let left = first.say(HELPER, ToRelay::Leave {});
    assert!(left.contains(&departed(PAIR, Fault::PeerLeft)), "{left:?}");
    let asked = first.say(COLLEAGUE, ask(Level::View));
    assert_eq!(asked.len(), 1, "the session goes on: {asked:?}");

    let mut all = joined(Level::View, false);
    let left = all.say(SHARER, ToRelay::Leave {});
    for helper in [HELPER, COLLEAGUE] {
        assert!(left.contains(&to(helper, FromRelay::ended(Fault::PeerLeft))));
    }
    for pair in [PAIR, SECOND] {
        assert!(left.contains(&record_of(pair, Entry::End(EndReason::SharerLeft))));
    }
}

#[test]
fn the_sharer_sends_one_helper_away() {
    let mut table = joined(Level::View, false);
    let gone = table.say(SHARER, ToRelay::Dismiss { pair: SECOND });
    let mut expected = vec![
        record_of(SECOND, Entry::End(EndReason::SharerLeft)),
        route_of(SECOND, COLLEAGUE, Route::CLOSED),
        departed(SECOND, Fault::PeerLeft),
    ];
    expected.extend(ended(COLLEAGUE, Fault::PeerLeft));
    assert_eq!(gone, expected);
    assert_eq!(table.say(SHARER, ToRelay::Dismiss { pair: SECOND }), []);
}

/// A report, an administrator and a disabled sharer end all of it; a disabled helper that helper's part.
#[test]
fn some_ends_are_of_all_and_some_of_one() {
    let report = |table: &mut Table| {
        table.say(
            SHARER,
            ToRelay::Report {
                pair: SECOND,
                text: None,
            },
        )
    };
    let admin = |table: &mut Table| {
        table.input(Input::EndSession {
            session: id(1),
            by: person("olu").into(),
        })
    };
    let disable = |table: &mut Table, name: &str| {
        table.input(Input::Person {
            tenant: TenantId("contoso".into()),
            person: PersonId(name.into()),
            active: false,
            groups: vec![],
        })
    };
    let ends = |effects: &[Effect]| {
        let ends = effects.iter().filter(|effect| {
            matches!(
                effect,
                Effect::Record {
                    entry: Entry::End(_),
                    ..
                }
            )
        });
        ends.count()
    };
    assert_eq!(ends(&report(&mut joined(Level::View, false))), 2);
    assert_eq!(ends(&admin(&mut joined(Level::View, false))), 2);
    assert_eq!(ends(&disable(&mut joined(Level::View, false), "yuki")), 2);
    assert_eq!(ends(&disable(&mut joined(Level::View, false), "ben")), 1);
}

/// What a person of the session says about a pair that has just ended is late, not hostile.
#[test]
fn words_about_a_pair_that_is_over_are_passed_over() {
    let mut table = joined(Level::View, false);
    table.say(COLLEAGUE, ToRelay::Leave {});
    let late = ToRelay::Challenge {
        pair: SECOND,
        generation: 1,
        nonce: "n".into(),
    };
    assert_eq!(table.say(SHARER, late.clone()), []);
    let never = ToRelay::Dismiss {
        pair: PairId::new(2).unwrap(),
    };
    assert_eq!(table.say(SHARER, never), [faulted(SHARER, Fault::NotNow)]);
}
