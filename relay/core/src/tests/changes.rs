//! What happens to a question or a level that something overtakes: rules that change, a step down, a late answer.

use super::*;

fn routes_input(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| {
        matches!(effect, Effect::Route { route, .. } if route.from_helper.contains(wire::Channel::Input))
    })
}

/// DESIGN 6: a permission that was taken away while the question was on the sharer's screen gives no grant.
#[test]
fn an_open_question_is_decided_for_afresh_when_rules_change() {
    let mut table = Table::granted(Level::View);
    table.say(HELPER, ask(Level::Control));
    table.input(Input::Rules(rules(Permissions::VIEW)));
    let effects = table.say(SHARER, consent(Level::Control, 2, Answer::Allow));
    assert!(!routes_input(&effects), "{effects:?}");
}

/// A *no* is never a grant, whatever level it names.
#[test]
fn declining_without_a_question_grants_nothing() {
    let mut table = Table::granted(Level::Control);
    let effects = table.say(SHARER, consent(Level::Control, 2, Answer::Decline));
    let granted = |effect: &Effect| matches!(effect, Effect::Grant { .. });
    assert!(!effects.iter().any(granted), "{effects:?}");
}

/// An answer that crosses `withdrawn` on the way is late, not an attack.
#[test]
fn a_late_answer_is_not_a_failed_security_check() {
    for answer in [Answer::Allow, Answer::Decline] {
        let mut table = Table::granted(Level::View);
        table.say(HELPER, ask(Level::Control));
        table.pass(60 * S);
        let effects = table.say(SHARER, consent(Level::Control, 2, answer));
        assert_eq!(effects, [faulted(SHARER, Fault::NotNow)]);
    }
}

/// PRODUCT 3.9: down is instant, also while a question is open.
#[test]
fn stepping_down_does_not_wait_for_an_open_question() {
    let mut table = Table::granted(Level::Control);
    table.say(HELPER, ask(Level::Control));
    let effects = table.say(HELPER, ask(Level::View));
    assert!(
        effects.contains(&route(Route::granted(Level::View))),
        "{effects:?}"
    );
}

/// PRODUCT 3.9: what the helper gave up is not renewed, even if the sharer's client never answers.
#[test]
fn a_level_that_was_given_up_is_not_renewed() {
    let mut table = Table::granted(Level::Control);
    table.say(HELPER, ask(Level::View));
    table.pass(60 * S);
    let effects = table.say(SHARER, challenge(1, "again"));
    assert!(
        !effects.contains(&grant(Level::Control, 1, 2, "again", false)),
        "{effects:?}"
    );
}

/// DESIGN 6: the question goes with the permission, and both are told.
#[test]
fn a_question_that_is_not_permitted_any_more_is_withdrawn() {
    let mut table = Table::granted(Level::View);
    table.say(HELPER, ask(Level::Control));
    assert_eq!(table.input(Input::Rules(rules(Permissions::CONTROL))), []);
    assert_eq!(
        table.input(Input::Rules(rules(Permissions::VIEW))),
        [
            &[
                declined(Level::Control, Fault::MayNotLevel),
                to(SHARER, FromRelay::Withdrawn { pair: PAIR })
            ][..],
            &told_rules(&[Level::View], true)
        ]
        .concat()
    );
    assert_eq!(table.broker.poll_timeout(), None);
    assert_eq!(
        table.say(SHARER, consent(Level::Control, 2, Answer::Allow)),
        [faulted(SHARER, Fault::NotNow)]
    );
    assert_eq!(
        table.say(SHARER, challenge(1, "still")),
        [grant(Level::View, 1, 2, "still", false)]
    );
}

/// What is decided for after a step down is the level that stands, not the one that was given up.
#[test]
fn a_level_that_was_given_up_may_lose_its_permission() {
    let mut table = Table::granted(Level::Control);
    table.say(HELPER, ask(Level::View));
    assert_eq!(
        table.input(Input::Rules(rules(Permissions::VIEW))),
        told_rules(&[Level::View], true)
    );
    assert_eq!(
        table.say(SHARER, consent(Level::View, 2, Answer::Allow))[2],
        route(Route::granted(Level::View))
    );
}

/// The old question is withdrawn first, so that no answer to it is taken for one to the new.
#[test]
fn stepping_down_replaces_the_open_question() {
    let mut table = Table::granted(Level::Control);
    table.say(HELPER, ask(Level::Control));
    assert_eq!(
        table.say(HELPER, ask(Level::View)),
        [
            route(Route::granted(Level::View)),
            to(SHARER, FromRelay::Withdrawn { pair: PAIR }),
            asked(Level::View, 60),
        ]
    );
    for answer in [Answer::Allow, Answer::Decline] {
        assert_eq!(
            table.say(SHARER, consent(Level::Control, 2, answer)),
            [faulted(SHARER, Fault::NotNow)],
            "it crossed on the way, and raises nothing"
        );
    }
    assert_eq!(
        table.say(HELPER, ask(Level::View)),
        [faulted(HELPER, Fault::NotNow)]
    );
    assert_eq!(
        table.say(SHARER, consent(Level::View, 3, Answer::Allow))[3],
        grant(Level::View, 3, 2, "first of 3", true)
    );
}

/// A client that never consents to the lower level: nothing is renewed, and what brings the level back is a question.
#[test]
fn a_level_that_was_given_up_comes_back_only_by_consent() {
    let mut table = Table::granted(Level::Control);
    table.say(HELPER, ask(Level::View));
    table.pass(60 * S);
    assert_eq!(table.say(SHARER, challenge(1, "again")), []);
    assert_eq!(
        table.say(SHARER, consent(Level::Control, 2, Answer::Allow)),
        [faulted(SHARER, Fault::NotNow)],
        "new keys at the old level are no way around"
    );
    assert_eq!(
        table.say(HELPER, ask(Level::Control)),
        [asked(Level::Control, 60)]
    );
    assert_eq!(
        table.say(SHARER, consent(Level::Control, 2, Answer::Allow))[2],
        route(Route::granted(Level::Control))
    );
    assert_eq!(
        table.say(SHARER, challenge(2, "again")),
        [grant(Level::Control, 2, 3, "again", false)]
    );
}

/// New keys: the sharer's client allows the level that stands once more, and nobody is asked.
#[test]
fn the_level_that_stands_is_consented_to_anew_for_new_keys() {
    let mut table = Table::granted(Level::Control);
    let effects = table.say(SHARER, consent(Level::Control, 2, Answer::Allow));
    assert_eq!(effects[3], grant(Level::Control, 2, 2, "first of 2", true));
}
