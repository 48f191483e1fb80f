//! How sessions end, and messages that nobody of this role sends.

use super::*;

/// PRODUCT 3.8: either side ends with *Leave*, and the other side is told in the same breath.
#[test]
fn whoever_leaves_the_other_is_told() {
    for (leaver, other, reason) in [
        (HELPER, SHARER, EndReason::HelperLeft),
        (SHARER, HELPER, EndReason::SharerLeft),
    ] {
        let mut table = Table::granted(Level::Control);
        let mut expected = vec![record(Entry::End(reason)), route(Route::CLOSED)];
        expected.extend(ended(other, Fault::PeerLeft));
        expected.push(Effect::Close { connection: leaver });
        assert_eq!(table.say(leaver, ToRelay::Leave {}), expected);
        assert_eq!(table.input(Input::Gone { connection: leaver }), []);
        assert_eq!(table.input(Input::Gone { connection: other }), []);
    }
}

/// PRODUCT 3.8: a connection that breaks ends the session for the other side.
#[test]
fn whoever_is_lost_the_other_is_told() {
    for (lost, other, reason) in [
        (HELPER, SHARER, EndReason::HelperLost),
        (SHARER, HELPER, EndReason::SharerLost),
    ] {
        let mut table = Table::granted(Level::Control);
        let mut expected = vec![record(Entry::End(reason)), route(Route::CLOSED)];
        expected.extend(ended(other, Fault::PeerLost));
        assert_eq!(table.input(Input::Gone { connection: lost }), expected);
    }
}

#[test]
fn a_violation_ends_the_session_or_the_connection() {
    for who in [HELPER, SHARER] {
        let mut table = Table::granted(Level::View);
        assert_eq!(
            table.input(Input::Violated { connection: who }),
            end(EndReason::Violation, Fault::Protocol)
        );
    }
    let mut table = Table::seated();
    assert_eq!(
        table.input(Input::Violated { connection: HELPER }),
        [Effect::Close { connection: HELPER }]
    );
}

/// A relay that stops says so to everybody and takes nobody new.
#[test]
fn a_drain_ends_every_session_and_tells_everybody() {
    let mut table = Table::granted(Level::Control);
    let (idle, late) = (ConnectionId(3), ConnectionId(4));
    table.admit(idle, Role::Helper, "kofi");
    let mut expected = end(EndReason::Drained, Fault::Draining);
    expected.extend(ended(idle, Fault::Draining));
    assert_eq!(table.input(Input::Drain), expected);
    let effects = table.input(Input::Admitted {
        connection: late,
        role: Role::Helper,
        person: person("amina").into(),
        source: IpAddr::from([10, 0, 0, 1]),
        device: device(Compliance::Compliant).into(),
    });
    assert_eq!(effects, ended(late, Fault::Draining));
}

#[test]
fn a_drain_ends_codes_and_claims_without_a_record() {
    let mut table = Table::offered();
    let mut expected = ended(HELPER, Fault::Draining).to_vec();
    expected.extend(ended(SHARER, Fault::Draining));
    assert_eq!(table.input(Input::Drain), expected);
    let mut table = Table::claimed();
    let mut expected = vec![route(Route::CLOSED)];
    expected.extend(ended(SHARER, Fault::Draining));
    expected.extend(ended(HELPER, Fault::Draining));
    assert_eq!(table.input(Input::Drain), expected);
}

/// PRODUCT 3.6: the helper picks, the sharer allows. Neither can speak for the other.
#[test]
fn messages_of_the_other_role_are_refused() {
    let of_helper = [
        create(),
        ask(Level::View),
        ToRelay::Quality {
            pair: PAIR,
            quality: wire::Quality::default(),
        },
    ];
    let of_sharer = [
        join(47),
        consent(Level::View, 1, Answer::Allow),
        challenge(1, "n"),
    ];
    let hello = ToRelay::Hello {
        protocol: wire::Protocols::OURS,
        role: Role::Helper,
        client: "test".into(),
        ticket: "t".into(),
        device: None,
    };
    for mut table in [
        Table::offered(),
        Table::paired(),
        Table::granted(Level::View),
    ] {
        for message in of_helper.iter().chain([&hello]) {
            assert_eq!(
                table.say(SHARER, message.clone()),
                [faulted(SHARER, Fault::NotNow)]
            );
        }
        for message in of_sharer.iter().chain([&hello]) {
            assert_eq!(
                table.say(HELPER, message.clone()),
                [faulted(HELPER, Fault::NotNow)]
            );
        }
    }
}

#[test]
fn whoever_was_never_admitted_is_not_heard() {
    let mut table = Table::offered();
    let stranger = ConnectionId(99);
    for message in [create(), join(47), shook(HASH), ask(Level::View)] {
        assert_eq!(table.say(stranger, message), []);
    }
    assert_eq!(
        table.input(Input::Gone {
            connection: stranger
        }),
        []
    );
}

/// A message that was on its way when the relay began to stop starts nothing.
#[test]
fn a_draining_relay_makes_no_code() {
    let mut table = Table::seated();
    table.input(Input::Drain);
    table.say(HELPER, create());
    assert_eq!(table.broker.poll_timeout(), None, "no session waits");
}

/// PRODUCT 8.1: figures belong to a record; before there is one, and for a pair that does not exist, there are none.
#[test]
fn figures_without_a_record_are_dropped() {
    let quality = |pair| ToRelay::Quality {
        pair,
        quality: wire::Quality::default(),
    };
    let mut table = Table::offered();
    assert_eq!(
        table.say(HELPER, quality(PAIR)),
        [faulted(HELPER, Fault::NotNow)]
    );
    let mut table = Table::granted(Level::View);
    let other = PairId::new(2).unwrap();
    assert_eq!(
        table.say(HELPER, quality(other)),
        [faulted(HELPER, Fault::NotNow)]
    );
}

/// Whoever typed a routing number and no more must not be able to take the code from others.
#[test]
fn a_violation_while_claimed_costs_the_sharer_the_claim() {
    let mut table = Table::claimed();
    let mut expected = vec![route(Route::CLOSED), to(HELPER, FromRelay::Unclaimed {})];
    expected.extend(ended(SHARER, Fault::Protocol));
    assert_eq!(
        table.input(Input::Violated { connection: SHARER }),
        expected
    );
    assert_eq!(table.broker.poll_timeout(), Some(600 * S));
}

#[test]
fn a_draining_relay_says_so_to_whoever_still_asks() {
    let mut table = Table::seated();
    table.input(Input::Drain);
    for (who, message) in [(HELPER, create()), (SHARER, join(47))] {
        assert_eq!(table.say(who, message), [faulted(who, Fault::Draining)]);
    }
}

/// A session by code has one pair; what names another is about nothing.
#[test]
fn messages_of_another_pair_are_refused() {
    let other = PairId::new(1).unwrap();
    let mut table = Table::claimed();
    let shook = ToRelay::Shook {
        pair: other,
        hash: HASH,
        helper_key: HELPER_KEY,
        sharer_key: HELPER_KEY,
    };
    let failed = ToRelay::ShakeFailed {
        pair: other,
        burned: true,
    };
    for message in [shook, failed] {
        assert_eq!(table.say(HELPER, message), [faulted(HELPER, Fault::NotNow)]);
    }
    let mut table = Table::granted(Level::Control);
    let consent = ToRelay::Consent {
        pair: other,
        level: Level::View,
        generation: 2,
        hash: HASH,
        answer: Answer::Allow,
        nonce: "n".into(),
        signed: None,
    };
    let challenge = ToRelay::Challenge {
        pair: other,
        generation: 1,
        nonce: "n".into(),
    };
    for message in [consent, challenge] {
        assert_eq!(table.say(SHARER, message), [faulted(SHARER, Fault::NotNow)]);
    }
}
