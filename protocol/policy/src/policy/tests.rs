use super::*;
use crate::dice::Dice;
use crate::{Action, GroupId, PersonId, RoleId, RuleId, Scope};

fn groups(names: &[&str]) -> Vec<GroupId> {
    names.iter().map(|name| GroupId((*name).into())).collect()
}

fn person(id: &str, of: &[&str]) -> Subject {
    Subject {
        id: PersonId(id.into()),
        groups: groups(of),
    }
}

fn assignment(permissions: Permissions, helpers: &str, scope: Scope) -> Assignment {
    Assignment {
        id: RuleId(helpers.into()),
        name: helpers.into(),
        description: String::new(),
        role: RoleId("1".into()),
        permissions,
        groups: groups(&[helpers]),
        people: vec![],
        scope,
    }
}

fn users(of: &[&str]) -> Scope {
    Scope {
        users: groups(of),
        ..Scope::default()
    }
}

fn devices(of: &[&str]) -> Scope {
    Scope {
        devices: groups(of),
        ..Scope::default()
    }
}

fn enrolled(of: &[&str], compliance: Compliance) -> Machine {
    Machine::Enrolled {
        groups: groups(of),
        compliance,
    }
}

const EVERYBODY: Scope = Scope {
    all_users: true,
    all_devices: false,
    users: vec![],
    devices: vec![],
};
const EVERY_DEVICE: Scope = Scope {
    all_users: false,
    all_devices: true,
    users: vec![],
    devices: vec![],
};

fn of(assignments: Vec<Assignment>) -> Policy {
    Policy::new(Settings::default(), assignments, vec![], vec![])
}

/// PRODUCT 2.5: the classic hole is a wide scope of one assignment with the strong permission of another.
#[test]
fn permissions_never_leak_from_one_scope_into_another() {
    let policy = of(vec![
        assignment(Permissions::VIEW, "desk", EVERYBODY),
        assignment(Permissions::CONTROL, "desk", users(&["pupils"])),
    ]);
    let desk = person("amina", &["desk"]);
    let with = |helper: &Subject, group: &str| {
        policy.effective(helper, &person("yuki", &[group]), &Machine::Unenrolled)
    };
    assert_eq!(with(&desk, "staff"), Permissions::VIEW);
    assert!(with(&desk, "pupils").contain(Permissions::CONTROL));
    assert_eq!(
        with(&person("olu", &["other"]), "pupils"),
        Permissions::NONE
    );
    assert!(policy.held(&desk).contain(Permissions::CONTROL));
}

/// PRODUCT 2.6: a device that is not enrolled is in no group and not in *all devices*; its user's scope covers it.
#[test]
fn unenrolled_devices_are_covered_through_their_user_alone() {
    let yuki = person("yuki", &["pupils"]);
    let machine = enrolled(&["lab"], Compliance::Compliant);
    for (scope, through_enrolled, through_unenrolled) in [
        (EVERY_DEVICE, true, false),
        (devices(&["lab"]), true, false),
        (devices(&["office"]), false, false),
        (EVERYBODY, true, true),
        (users(&["pupils"]), true, true),
        (users(&["staff"]), false, false),
        (Scope::default(), false, false),
    ] {
        let policy = of(vec![assignment(Permissions::VIEW, "desk", scope.clone())]);
        let desk = person("amina", &["desk"]);
        for (machine, covered) in [
            (&machine, through_enrolled),
            (&Machine::Unenrolled, through_unenrolled),
        ] {
            let effective = policy.effective(&desk, &yuki, machine);
            assert_eq!(
                effective == Permissions::VIEW,
                covered,
                "{scope:?} {machine:?}"
            );
        }
    }
}

#[test]
fn an_assignment_may_name_a_person() {
    let mut own = assignment(Permissions::ROLES, "nobody", EVERYBODY);
    own.people = vec![PersonId("amina".into())];
    let policy = of(vec![own]);
    assert_eq!(policy.held(&person("amina", &[])), Permissions::ROLES);
    assert_eq!(policy.held(&person("yuki", &[])), Permissions::NONE);
}

/// PRODUCT 2.4, 2.5: what the index finds is what a walk over all assignments finds.
#[test]
fn the_index_agrees_with_the_definition() {
    let names = ["a", "b", "c", "d"];
    let every: Vec<Permissions> = Permissions::every().collect();
    let mut dice = Dice::new(1);
    for _ in 0..300 {
        let assignments: Vec<Assignment> = (0..dice.below(150))
            .map(|_| Assignment {
                groups: groups(&dice.some(&names)),
                people: dice.some(&[PersonId("amina".into())]),
                ..assignment(
                    *dice.one(&every),
                    "x",
                    Scope {
                        all_users: dice.below(9) == 0,
                        all_devices: dice.below(9) == 0,
                        users: groups(&dice.some(&names)),
                        devices: groups(&dice.some(&names)),
                    },
                )
            })
            .collect();
        let policy = of(assignments.clone());
        let helper = person("amina", &dice.some(&names));
        let sharer = person("yuki", &dice.some(&names));
        let machines = [
            Machine::Unenrolled,
            enrolled(&dice.some(&names), Compliance::Compliant),
        ];
        for machine in &machines {
            let counts =
                |one: &&Assignment| one.is_held_by(&helper) && one.scope.covers(&sharer, machine);
            let expected = assignments.iter().filter(counts);
            let expected = expected.fold(Permissions::NONE, |all, one| {
                all.and(one.permissions.implied())
            });
            assert_eq!(policy.effective(&helper, &sharer, machine), expected);
        }
    }
}

fn rule(name: &str, scope: Scope, actions: &[(Compliance, Action)]) -> ComplianceRule {
    ComplianceRule {
        id: RuleId(name.into()),
        name: name.into(),
        scope,
        actions: actions.to_vec(),
    }
}

/// PRODUCT 6.1, 6.2: a state warns; a rule whose scope covers the session may do more, and of several the strongest counts.
#[test]
fn the_strongest_rule_that_covers_the_session_counts() {
    let rules = vec![
        rule(
            "pupils",
            users(&["pupils"]),
            &[(Compliance::Stale, Action::RequireAck)],
        ),
        rule(
            "lab",
            devices(&["lab"]),
            &[(Compliance::Stale, Action::Block)],
        ),
        rule(
            "lab again",
            devices(&["lab"]),
            &[(Compliance::Stale, Action::Block)],
        ),
        rule(
            "unenrolled",
            EVERYBODY,
            &[(Compliance::NotEnrolled, Action::ViewOnly)],
        ),
    ];
    let policy = Policy::new(Settings::default(), vec![], rules, vec![]);
    let warning =
        |group: &str, machine: Machine| policy.warning(&person("yuki", &[group]), &machine);
    let said = |state, action, rule: Option<&str>| {
        let rule = rule.map(str::to_owned);
        Some(Warning {
            state,
            action,
            rule,
        })
    };
    let stale = |group| enrolled(&[group], Compliance::Stale);
    assert_eq!(
        warning("pupils", stale("lab")),
        said(Compliance::Stale, Action::Block, Some("lab"))
    );
    assert_eq!(
        warning("pupils", stale("office")),
        said(Compliance::Stale, Action::RequireAck, Some("pupils"))
    );
    assert_eq!(
        warning("staff", stale("office")),
        said(Compliance::Stale, Action::Warn, None)
    );
    assert_eq!(
        warning("staff", Machine::Unenrolled),
        said(
            Compliance::NotEnrolled,
            Action::ViewOnly,
            Some("unenrolled")
        )
    );
    assert_eq!(
        warning("pupils", enrolled(&["lab"], Compliance::Compliant)),
        None
    );
}
