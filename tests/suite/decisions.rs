//! The whole policy as tables that a person can read: `decisions.txt`.

mod table;

use policy::{Action, Compliance, Level, Permissions, Role, may_give};

use super::compare;
use table::{answer, answer_of_role, places, roles, written};

/// PRODUCT 2.1, 2.2, 2.3, 2.5, 2.6, 6.2: every decision that can be made, as somebody read and accepted it.
#[test]
fn every_decision_is_the_one_in_the_table() {
    compare("tests/suite/decisions.txt", &written());
}

/// The tables were blessed by somebody; this says once more, in other words, what the first must hold.
#[test]
fn nothing_is_permitted_without_tenant_scope_offer_and_level() {
    for ticked in Permissions::every() {
        for place in places().filter(|place| place.machine == "enrolled") {
            for level in Level::ALL {
                let on = place.tenant != "off";
                let covered = place.scope != "other";
                let expected =
                    on && covered && ticked.contain(Permissions::OFFER) && is_enough(ticked, level);
                let answer = answer(ticked, place, level);
                let permitted = answer == "permit";
                assert_eq!(
                    permitted, expected,
                    "{ticked:?} {place:?} {level}: {answer}"
                );
            }
        }
    }
}

fn is_enough(ticked: Permissions, level: Level) -> bool {
    let any = |of: &[Permissions]| of.iter().any(|one| ticked.contain(*one));
    let more = [
        Permissions::CONTROL,
        Permissions::ELEVATION,
        Permissions::UNATTENDED,
    ];
    match level {
        Level::View => any(&[Permissions::VIEW]) || any(&more),
        Level::Control => any(&more),
        // Elevation and unattended control need a second authority: later.
        Level::Elevation | Level::Unattended => false,
    }
}

/// PRODUCT 1.1, 1.2, 2.3, 2.6: and what the second must hold.
#[test]
fn a_built_in_role_helps_where_tenant_machine_and_scope_allow() {
    for role in roles() {
        for place in places() {
            let enrolled = place.machine == "enrolled";
            let on = place.tenant == "all" || (place.tenant == "enrolled" && enrolled);
            let covered = match place.scope {
                "all-users" | "users" => true,
                "all-devices" | "devices" => enrolled,
                _ => false,
            };
            for level in Level::ALL {
                let holds = match role {
                    "helpdesk-operator" | "school-administrator" => level <= Level::Control,
                    "viewer" => level == Level::View,
                    _ => false,
                };
                let answer = answer_of_role(role, place, level);
                let expected = on && covered && holds;
                assert_eq!(answer == "permit", expected, "{role} {place:?} {level}");
            }
        }
    }
}

/// PRODUCT 6.2: a device that is in order is never held back, and a block never lets anybody in.
#[test]
fn compliance_holds_nobody_back_from_a_good_device() {
    for action in Action::ALL {
        for acknowledged in [true, false] {
            for level in [Level::View, Level::Control] {
                let of = |state| table::answer_of_state(state, Some(action), acknowledged, level);
                assert_eq!(of(Compliance::Compliant), "permit");
                for state in [Compliance::NotCompliant, Compliance::Stale] {
                    let permitted = of(state) == "permit";
                    let expected = match action {
                        Action::Warn => true,
                        Action::RequireAck => acknowledged,
                        Action::ViewOnly => level == Level::View,
                        Action::Block => false,
                    };
                    assert_eq!(permitted, expected, "{action} {state} {level}");
                }
            }
        }
    }
}

/// PRODUCT 2.8: nobody but whoever may change roles gives any, and nobody helps by giving to themselves.
#[test]
fn only_administrators_give_roles() {
    for giver in Role::built_in() {
        for given in Role::built_in() {
            let gives = |to_self| may_give(giver.permissions, given.permissions, to_self).is_ok();
            let administrator = giver.id.0 == "administrator";
            assert_eq!(gives(false), administrator);
            let helps = given.permissions.contain(Permissions::OFFER);
            assert_eq!(gives(true), administrator && !helps);
        }
    }
}
