//! What policy refuses on the way, and what the two are told.

use policy::{AccessRule, GroupId, Moment};
use wire::{Program, StepUp};

use super::*;

fn policy(settings: Settings, access: Vec<AccessRule>) -> Policy {
    Policy::new(settings, vec![desk(Permissions::CONTROL)], vec![], access)
}

fn rule(name: &str, moments: &[Moment]) -> AccessRule {
    AccessRule {
        id: RuleId("2".into()),
        name: name.into(),
        groups: vec![],
        moments: moments.to_vec(),
        methods: vec![],
        max_age: None,
        allowed: vec![],
        denied: vec![],
        compliant_device: false,
    }
}

/// Refused by this rule; `cure` is the sign-in that would fulfil it.
fn refused_by(
    to_whom: ConnectionId,
    fault: Fault,
    rule: &str,
    cure: Option<StepUp>,
) -> [Effect; 1] {
    let rule = Some(rule.to_owned());
    [to(to_whom, FromRelay::faulted_by(fault, rule, cure))]
}

/// Ended for both, by this rule, with a row that was open.
fn ended_by(reason: EndReason, fault: Fault, rule: &str, cure: &StepUp) -> Vec<Effect> {
    let mut effects = vec![record(Entry::End(reason)), route(Route::CLOSED)];
    for connection in [SHARER, HELPER] {
        let rule = Some(rule.to_owned());
        effects.push(to(
            connection,
            FromRelay::ended_by(fault, rule, Some(cure.clone())),
        ));
        effects.push(Effect::Close { connection });
    }
    effects
}

/// The code is used up, nothing was recorded, both are told.
fn abandoned(fault: Fault) -> Vec<Effect> {
    let mut effects = vec![route(Route::CLOSED)];
    effects.extend(ended(SHARER, fault));
    effects.extend(ended(HELPER, fault));
    effects
}

/// PRODUCT 2.1, 2.2: attack test 35, all masks and every level.
#[test]
fn attack_35_every_mask_gives_exactly_its_levels() {
    for mask in Permissions::every() {
        let mask = mask.without(Permissions::OFFER);
        let mut table = Table::seated();
        table.input(Input::Rules(rules(mask)));
        let created = table.say(HELPER, create());
        let Some(ceiling) = mask.ceiling() else {
            assert_eq!(created, [faulted(HELPER, Fault::MayNotOffer)]);
            continue;
        };
        let mut table = Table::seated();
        table.input(Input::Rules(rules(mask)));
        let mut table = table.pair();
        for level in Level::ALL.into_iter().rev() {
            let expected = [if level > ceiling {
                faulted(HELPER, Fault::MayNotLevel)
            } else if level > Level::Control {
                faulted(HELPER, Fault::LevelNotHere)
            } else {
                asked(level, 300)
            }];
            let told = table.say(HELPER, ask(level));
            assert_eq!(told, expected, "{mask:?} {level}");
            table.say(SHARER, consent(level, 1, Answer::Decline));
        }
    }
}

/// PRODUCT 1.2, 2.6: attack test 36. A device that is not enrolled is not in *all devices*, and needs setting and user scope.
#[test]
fn attack_36_an_unenrolled_device_needs_setting_and_user_scope() {
    let every_device = Scope {
        all_devices: true,
        ..Scope::default()
    };
    let everybody = Scope {
        all_users: true,
        ..Scope::default()
    };
    for (allow_unenrolled, scope, joins, begins) in [
        (false, &everybody, Err(Fault::NotEnrolled), Ok(())),
        (true, &every_device, Ok(()), Err(Fault::OutOfScope)),
        (true, &everybody, Ok(()), Ok(())),
    ] {
        let desk = Assignment {
            scope: scope.clone(),
            ..desk(Permissions::CONTROL)
        };
        let settings = Settings {
            allow_unenrolled,
            ..ON
        };
        let policy = Policy::new(settings, vec![desk], vec![], vec![]);
        let sharer = (person("yuki"), Device::default());
        let mut table = Table::of(policy, person("amina"), sharer);
        table.say(HELPER, create());
        let joined = table.say(SHARER, join(47));
        if let Err(fault) = joins {
            assert_eq!(joined, [faulted(SHARER, fault)]);
            continue;
        }
        table.say(HELPER, shook(HASH));
        let shaken = table.say(SHARER, shook(HASH));
        match begins {
            Err(fault) => assert_eq!(shaken, abandoned(fault)),
            Ok(()) => assert!(matches!(
                shaken[..],
                [Effect::Record {
                    entry: Entry::Open { .. },
                    ..
                }]
            )),
        }
    }
}

/// PRODUCT 2.5: somebody out of scope is refused before the helper learns who it is; the code is used up, and nothing recorded.
#[test]
fn a_sharer_out_of_scope_is_never_shown() {
    let desk = Assignment {
        scope: Scope {
            users: vec![GroupId("pupils".into())],
            ..Scope::default()
        },
        ..desk(Permissions::CONTROL)
    };
    let mut table = Table::under(Policy::new(ON, vec![desk], vec![], vec![]));
    table.say(HELPER, create());
    table.say(SHARER, join(47));
    table.say(HELPER, shook(HASH));
    assert_eq!(table.say(SHARER, shook(HASH)), abandoned(Fault::OutOfScope));
}

/// PRODUCT 3.2: attack test 45. A sharer in a browser is only viewed, whatever the helper may do.
#[test]
fn attack_45_a_sharer_in_a_browser_is_only_viewed() {
    let mut sharer = person("yuki");
    sharer.details.program = Some(Program::Browser);
    let sharer = (sharer, device(Compliance::Compliant));
    let mut table = Table::of(policy(ON, vec![]), person("amina"), sharer).pair();
    assert_eq!(
        table.say(HELPER, ask(Level::Control)),
        [faulted(HELPER, Fault::LevelNotHere)]
    );
    let mut table = table.grant(Level::View);
    let more = table.say(SHARER, consent(Level::Control, 2, Answer::Allow));
    assert_eq!(more, [faulted(SHARER, Fault::NotNow)]);
}

/// PRODUCT 3.9: attack test 39. Whatever the helper holds down, the way for input is gone before anybody answers.
#[test]
fn attack_39_stepping_down_closes_the_way_for_input_first() {
    let mut table = Table::granted(Level::Control);
    let effects = table.say(HELPER, ask(Level::View));
    assert_eq!(effects[0], route(Route::granted(Level::View)));
    let mut table = Table::granted(Level::Control);
    let effects = table.say(SHARER, consent(Level::View, 2, Answer::Allow));
    assert_eq!(effects[2], route(Route::granted(Level::View)));
    let old = table.say(SHARER, challenge(1, "old"));
    assert_eq!(old, [], "the old level is not renewed");
}

/// PRODUCT 3.7, 3.9: attack test 41. Answers that are late, doubled, or about another level open nothing.
#[test]
fn attack_41_late_doubled_and_other_answers_are_refused() {
    let refused = [faulted(SHARER, Fault::NotNow)];
    let mut table = Table::paired();
    table.say(HELPER, ask(Level::View));
    table.pass(300 * S);
    let allow = |level, generation| consent(level, generation, Answer::Allow);
    assert_eq!(table.say(SHARER, allow(Level::View, 1)), refused);
    let mut table = Table::granted(Level::View);
    table.say(HELPER, ask(Level::Control));
    table.pass(60 * S);
    assert_eq!(table.say(SHARER, allow(Level::Control, 2)), refused);
    table.say(HELPER, ask(Level::Control));
    assert_eq!(table.say(SHARER, allow(Level::Elevation, 2)), refused);
    table.say(SHARER, consent(Level::Control, 2, Answer::Decline));
    assert_eq!(table.say(SHARER, allow(Level::Control, 2)), refused);
}

/// DESIGN 3: attack test 44. Every helper has their own grant: nobody speaks for another pair, and no grant serves two.
#[test]
fn attack_44_no_helper_inherits_the_grant_of_another() {
    let (other_helper, other_sharer) = (ConnectionId(3), ConnectionId(4));
    let mut table = Table::granted(Level::Control);
    table.admit(other_helper, Role::Helper, "kofi");
    table.admit(other_sharer, Role::Sharer, "olu");
    let second = PairId::new(1).unwrap();
    for connection in [HELPER, SHARER, other_helper, other_sharer] {
        let shook = ToRelay::Shook {
            pair: second,
            hash: HASH,
            helper_key: HELPER_KEY,
            sharer_key: HELPER_KEY,
        };
        assert_eq!(
            table.say(connection, shook),
            [faulted(connection, Fault::NotNow)]
        );
    }
    assert_eq!(
        table.say(other_helper, ask(Level::Control)),
        [faulted(other_helper, Fault::NotNow)]
    );
    assert_eq!(
        table.say(other_sharer, consent(Level::Control, 2, Answer::Allow)),
        [faulted(other_sharer, Fault::NotNow)]
    );
    assert_eq!(table.say(other_sharer, challenge(1, "n")), []);
    assert_eq!(
        table.say(SHARER, challenge(1, "n")),
        [grant(Level::Control, 1, 2, "n", false)],
        "the session of the others goes on"
    );
}

/// PRODUCT 3.14: what the organisation asks for is asked for; blanks are nothing.
#[test]
fn a_session_needs_the_reason_and_the_incident_that_policy_asks_for() {
    let create = |reason: Option<&str>, incident: Option<&str>| ToRelay::Create {
        reason: reason.map(str::to_owned),
        incident: incident.map(str::to_owned),
    };
    let settings = Settings {
        require_reason: true,
        require_incident: true,
        ..ON
    };
    let mut table = Table::under(policy(settings, vec![]));
    for reason in [None, Some(""), Some(" \u{a0}\n")] {
        let told = table.say(HELPER, create(reason, Some("INC1")));
        assert_eq!(told, [faulted(HELPER, Fault::ReasonNeeded)]);
    }
    let told = table.say(HELPER, create(Some("printer"), None));
    assert_eq!(told, [faulted(HELPER, Fault::IncidentNeeded)]);
    let told = table.say(HELPER, create(Some("printer"), Some("INC1")));
    assert!(matches!(
        told[..],
        [Effect::Send {
            message: FromRelay::Created { .. },
            ..
        }]
    ));
}

/// PRODUCT 1.8: making and joining, by network and age; the refusal names the rule.
#[test]
fn conditional_access_refuses_making_and_joining_by_name() {
    let office = AccessRule {
        allowed: vec!["192.0.2.0/24".parse().unwrap()],
        ..rule("office", &[Moment::Create])
    };
    let mut table = Table::under(policy(ON, vec![office]));
    let told = table.say(HELPER, create());
    assert_eq!(
        told,
        refused_by(HELPER, Fault::AccessNetwork, "office", None)
    );
    let strong = AccessRule {
        methods: vec!["otp".into()],
        ..rule("strong", &[Moment::Join])
    };
    let mut table = Table::under(policy(ON, vec![strong]));
    table.say(HELPER, create());
    let told = table.say(SHARER, join(47));
    let cure = StepUp {
        acr_values: vec!["otp".into()],
        max_age: None,
    };
    assert_eq!(
        told,
        refused_by(SHARER, Fault::AccessMethod, "strong", Some(cure))
    );
}

/// PRODUCT 1.8: a sign-in grows old while the session goes on; the renewal after that ends it, by name.
#[test]
fn a_sign_in_that_grows_too_old_ends_the_session_at_its_next_renewal() {
    let young = AccessRule {
        max_age: Some(600 * S),
        ..rule("young", &[Moment::Renew])
    };
    let aged = |name| {
        let mut person = person(name);
        person.sign_in.age = Some(590 * S);
        person
    };
    let sharer = (aged("yuki"), device(Compliance::Compliant));
    let table = Table::of(policy(ON, vec![young]), aged("amina"), sharer);
    let mut table = table.pair().grant(Level::View);
    table.pass(10 * S);
    assert_eq!(
        table.say(SHARER, challenge(1, "at the limit")),
        [grant(Level::View, 1, 2, "at the limit", false)]
    );
    table.pass(10 * S);
    let cure = StepUp {
        acr_values: vec![],
        max_age: Some(600),
    };
    let reason = EndReason::PermissionRemoved;
    assert_eq!(
        table.say(SHARER, challenge(1, "beyond")),
        ended_by(reason, Fault::AccessAge, "young", &cure)
    );
}

/// PRODUCT 1.3, 1.4: chat that is turned off has no channel, from the beginning and at once in a session that goes on.
#[test]
fn chat_that_is_off_has_no_channel() {
    let silent = Settings { chat: false, ..ON };
    let without = |level| Route::granted(level).without(wire::Channel::Chat);
    let mut table = Table::under(policy(silent, vec![])).pair();
    table.say(HELPER, ask(Level::View));
    let effects = table.say(SHARER, consent(Level::View, 1, Answer::Allow));
    assert_eq!(effects[2], route(without(Level::View)));
    let effects = table.say(HELPER, ask(Level::Control));
    assert_eq!(effects, [asked(Level::Control, 60)]);
    let effects = table.say(SHARER, consent(Level::Control, 2, Answer::Allow));
    assert_eq!(effects[2], route(without(Level::Control)));

    let mut table = Table::granted(Level::Control);
    let levels = [Level::View, Level::Control];
    for (settings, route_now) in [
        (silent, without(Level::Control)),
        (ON, Route::granted(Level::Control)),
    ] {
        let effects = table.input(Input::Rules(tenants(policy(settings, vec![]))));
        let expected = [&[route(route_now)][..], &told_rules(&levels, settings.chat)];
        assert_eq!(effects, expected.concat());
    }
}

/// PRODUCT 1.1, 1.4: a tenant that is turned off ends what goes on at once, at whatever stage.
#[test]
fn a_tenant_that_is_turned_off_ends_its_sessions() {
    let off = || Input::Rules(Rules::default());
    let told = Fault::TenantOff;
    let over = end(EndReason::PermissionRemoved, told);
    assert_eq!(Table::granted(Level::View).input(off()), over);
    assert_eq!(Table::paired().input(off()), over);
    assert_eq!(Table::recording().input(off()), over);
    assert_eq!(Table::offered().input(off()), ended(HELPER, told));
}
