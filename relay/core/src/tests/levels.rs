//! Levels: asked for, consented to, renewed, lowered, taken away.

use super::*;

/// PRODUCT 3.7: the first question waits five minutes.
#[test]
fn the_first_question_times_out_after_five_minutes() {
    let mut table = Table::paired();
    table.say(HELPER, ask(Level::View));
    assert_eq!(table.broker.poll_timeout(), Some(300 * S));
    assert_eq!(table.pass(300 * S - Duration::from_nanos(1)), []);
    assert_eq!(
        table.pass(Duration::from_nanos(1)),
        [
            declined(Level::View, Fault::TimedOut),
            to(SHARER, FromRelay::Withdrawn { pair: PAIR })
        ]
    );
    assert_eq!(
        table.say(SHARER, consent(Level::View, 1, Answer::Allow)),
        [faulted(SHARER, Fault::NotNow)],
        "an answer after its time opens nothing"
    );
}

/// PRODUCT 3.9: a question for more waits 60 s, and the level before it goes on.
#[test]
fn a_question_for_more_times_out_after_a_minute() {
    let mut table = Table::granted(Level::View);
    assert_eq!(
        table.say(HELPER, ask(Level::Control)),
        [asked(Level::Control, 60)]
    );
    assert_eq!(table.broker.poll_timeout(), Some(60 * S));
    assert_eq!(
        table.pass(60 * S),
        [
            declined(Level::Control, Fault::TimedOut),
            to(SHARER, FromRelay::Withdrawn { pair: PAIR })
        ]
    );
    assert_eq!(
        table.say(SHARER, challenge(1, "still")),
        [grant(Level::View, 1, 2, "still", false)]
    );
}

/// PRODUCT 3.6: the sharer may decline, and be asked again.
#[test]
fn a_declined_question_grants_nothing() {
    let mut table = Table::paired();
    table.say(HELPER, ask(Level::Control));
    assert_eq!(
        table.say(SHARER, consent(Level::Control, 1, Answer::Decline)),
        [declined(Level::Control, Fault::Declined)]
    );
    assert_eq!(table.say(SHARER, challenge(1, "n")), []);
    assert_eq!(
        table.say(HELPER, ask(Level::View)),
        [asked(Level::View, 300)]
    );
}

/// PRODUCT 3.11: consent to view is no consent to control.
#[test]
fn consent_to_one_level_is_consent_to_no_other() {
    let mut table = Table::paired();
    table.say(HELPER, ask(Level::View));
    assert_eq!(
        table.say(SHARER, consent(Level::Control, 1, Answer::Allow)),
        [faulted(SHARER, Fault::NotNow)]
    );
    assert_eq!(
        table.say(SHARER, consent(Level::View, 1, Answer::Allow))[0],
        record(Entry::Level(Level::View)),
        "the question still stands"
    );
}

#[test]
fn a_sharer_gives_nothing_that_nobody_asked_for() {
    let mut table = Table::paired();
    assert_eq!(
        table.say(SHARER, consent(Level::View, 1, Answer::Allow)),
        [faulted(SHARER, Fault::NotNow)]
    );
    let mut table = Table::granted(Level::View);
    let effects = table.say(SHARER, consent(Level::Control, 2, Answer::Allow));
    assert!(
        effects
            .iter()
            .all(|effect| !matches!(effect, Effect::Route { .. } | Effect::Record { .. })),
        "{effects:?}"
    );
}

/// Consent is bound to one handshake and a fresh generation.
#[test]
fn consent_of_another_handshake_or_an_old_generation_is_refused() {
    let refused = |level| {
        [
            declined(level, Fault::SecurityCheck),
            faulted(SHARER, Fault::SecurityCheck),
        ]
    };
    let mut table = Table::paired();
    table.say(HELPER, ask(Level::View));
    let strange = ToRelay::Consent {
        pair: PAIR,
        level: Level::View,
        generation: 1,
        hash: HandshakeHash([9; 32]),
        answer: Answer::Allow,
        nonce: "n".into(),
        signed: None,
    };
    assert_eq!(table.say(SHARER, strange), refused(Level::View));
    for generation in [0, 1] {
        let mut table = Table::granted(Level::View);
        table.say(HELPER, ask(Level::Control));
        assert_eq!(
            table.say(SHARER, consent(Level::Control, generation, Answer::Allow)),
            refused(Level::Control)
        );
    }
}

/// PRODUCT 3.9: down is instant. The route for input is gone before the sharer's client has answered.
#[test]
fn a_helper_who_steps_down_loses_the_route_at_once() {
    let mut table = Table::granted(Level::Control);
    assert_eq!(
        table.say(HELPER, ask(Level::View)),
        [route(Route::granted(Level::View)), asked(Level::View, 60)]
    );
    assert_eq!(
        table.say(SHARER, consent(Level::View, 2, Answer::Allow)),
        [
            record(Entry::Level(Level::View)),
            kept(Level::View, 2),
            route(Route::granted(Level::View)),
            grant(Level::View, 2, 2, "first of 2", true),
        ]
    );
}

/// PRODUCT 3.9: the sharer takes control away without being asked.
#[test]
fn a_sharer_lowers_the_level_alone() {
    let mut table = Table::granted(Level::Control);
    assert_eq!(
        table.say(SHARER, consent(Level::View, 2, Answer::Allow)),
        [
            record(Entry::Level(Level::View)),
            kept(Level::View, 2),
            route(Route::granted(Level::View)),
            grant(Level::View, 2, 2, "first of 2", true),
        ]
    );
    assert_eq!(
        table.say(SHARER, challenge(1, "old generation")),
        [],
        "the old level is not renewed"
    );
}

#[test]
fn one_question_at_a_time() {
    let mut table = Table::paired();
    table.say(HELPER, ask(Level::View));
    assert_eq!(
        table.say(HELPER, ask(Level::Control)),
        [faulted(HELPER, Fault::NotNow)]
    );
}

/// PRODUCT 2.2: a level beyond the permission is refused before the sharer hears of it.
#[test]
fn a_level_that_policy_denies_is_not_asked() {
    let mut table = Table::paired();
    table.input(Input::Rules(rules(Permissions::VIEW)));
    for level in [Level::Control, Level::Elevation, Level::Unattended] {
        assert_eq!(
            table.say(HELPER, ask(level)),
            [faulted(HELPER, Fault::MayNotLevel)]
        );
    }
}

/// A renewal decides afresh: what is not permitted any more ends.
#[test]
fn rules_that_change_end_a_live_session() {
    let taken = |fault| end(EndReason::PermissionRemoved, fault);
    let mut table = Table::granted(Level::Control);
    assert_eq!(table.input(Input::Rules(rules(Permissions::CONTROL))), []);
    assert_eq!(
        table.input(Input::Rules(rules(Permissions::VIEW))),
        taken(Fault::MayNotLevel)
    );
    let mut table = Table::granted(Level::View);
    assert_eq!(
        table.input(Input::Rules(Rules::default())),
        taken(Fault::TenantOff)
    );
}

#[test]
fn a_renewal_repeats_level_and_generation_and_counts_on() {
    let mut table = Table::granted(Level::Control);
    for sequence in 2..5 {
        table.pass(10 * S);
        let nonce = sequence.to_string();
        assert_eq!(
            table.say(SHARER, challenge(1, &nonce)),
            [grant(Level::Control, 1, sequence, &nonce, false)]
        );
    }
}
