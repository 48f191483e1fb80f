use super::*;
use crate::dice::Dice;
use crate::{Compliance, Machine, PersonId, Role, RuleId, Settings};

const ADMIN: Permissions = Permissions::ADMINISTRATION;

/// PRODUCT 2.3, 2.8: an administrator gives help rights to others, and no administration beyond their own.
#[test]
fn what_is_given_is_bounded_by_what_the_giver_holds() {
    let none = Permissions::NONE;
    let of = |word: &str| Permissions::of_role(word).unwrap();
    let auditors = Permissions::RECORDS.and(Permissions::AUDIT);
    let roles = Permissions::ROLES;
    for (giver, role, to_self, expected) in [
        (none, none, false, Err(Refused::MayNotGive)),
        (
            of("helpdesk-operator"),
            of("viewer"),
            false,
            Err(Refused::MayNotGive),
        ),
        (ADMIN, of("helpdesk-operator"), false, Ok(())),
        (ADMIN, of("administrator"), true, Ok(())),
        (ADMIN, of("auditor"), true, Ok(())),
        (
            roles,
            of("auditor"),
            false,
            Err(Refused::BeyondOwn(auditors)),
        ),
        (
            roles,
            of("auditor"),
            true,
            Err(Refused::BeyondOwn(auditors)),
        ),
        (roles, roles, true, Ok(())),
    ] {
        assert_eq!(
            may_give(giver, role, to_self),
            expected,
            "{giver:?} {role:?}"
        );
    }
    let viewer = ADMIN.and(of("viewer"));
    let more = Permissions::CONTROL;
    assert_eq!(may_give(viewer, of("viewer"), true), Ok(()));
    assert_eq!(may_give(viewer, more, true), Err(Refused::ToOneself(more)));
    assert_eq!(may_give(viewer, more, false), Ok(()));
    // What is implied is given, too, and what is held includes what it implies.
    assert_eq!(
        may_give(ADMIN.and(Permissions::UNATTENDED), more, true),
        Ok(())
    );
    let implied = Permissions::CONTROL
        .and(Permissions::ELEVATION)
        .and(Permissions::UNATTENDED);
    assert_eq!(
        may_give(viewer, Permissions::UNATTENDED, true),
        Err(Refused::ToOneself(implied))
    );
}

fn group(name: &str) -> GroupId {
    GroupId(name.into())
}

fn amina() -> Subject {
    Subject {
        id: PersonId("amina".into()),
        groups: vec![group("a"), group("b")],
    }
}

fn given(role: &str, permissions: Permissions, to: &str, scope: Scope) -> Assignment {
    Assignment {
        id: RuleId("1".into()),
        name: "n".into(),
        description: String::new(),
        role: RoleId(role.into()),
        permissions,
        groups: vec![group(to)],
        people: vec![],
        scope,
    }
}

fn over(users: &[&str]) -> Scope {
    Scope {
        users: users.iter().map(|name| group(name)).collect(),
        ..Scope::default()
    }
}

fn policy(assignments: Vec<Assignment>) -> Policy {
    Policy::new(Settings::default(), assignments, vec![], vec![])
}

/// PRODUCT 2.8: a wider scope of one's own permission is more than one holds.
#[test]
fn nobody_widens_their_own_scope() {
    let admin = given("admin", ADMIN, "a", Scope::default());
    let own = given("help", Permissions::CONTROL, "a", over(&["c"]));
    let policy = policy(vec![admin, own.clone()]);
    let wider = |scope| {
        let after = Assignment {
            scope,
            ..own.clone()
        };
        may_assign(&policy, &amina(), Some(&own), Some(&after))
    };
    let control = Permissions::CONTROL.implied();
    assert_eq!(wider(over(&["c"])), Ok(()));
    assert_eq!(wider(Scope::default()), Ok(()));
    assert_eq!(wider(over(&["c", "d"])), Err(Refused::ToOneself(control)));
    let everybody = Scope {
        all_users: true,
        ..Scope::default()
    };
    assert_eq!(wider(everybody), Err(Refused::ToOneself(control)));
    // Two assignments together cover a scope that neither covers alone.
    let both = given("help", Permissions::CONTROL, "b", over(&["d"]));
    let more = self::policy(vec![
        given("admin", ADMIN, "a", Scope::default()),
        own.clone(),
        both,
    ]);
    let after = given("help", Permissions::CONTROL, "b", over(&["c", "d"]));
    assert_eq!(may_assign(&more, &amina(), None, Some(&after)), Ok(()));
}

/// A change that only narrows needs no more than the right to change.
#[test]
fn narrowing_and_taking_away_is_always_allowed() {
    let roles = given("roles", Permissions::ROLES, "a", Scope::default());
    let audit = given("audit", Permissions::AUDIT, "c", over(&["c", "d"]));
    let policy = policy(vec![roles, audit.clone()]);
    let narrower = Assignment {
        description: "corrected".into(),
        scope: over(&["c"]),
        ..audit.clone()
    };
    let change = |after: Option<&Assignment>| may_assign(&policy, &amina(), Some(&audit), after);
    assert_eq!(change(Some(&narrower)), Ok(()));
    assert_eq!(change(None), Ok(()));
    let to_more = Assignment {
        groups: vec![group("c"), group("d")],
        ..audit.clone()
    };
    assert_eq!(
        change(Some(&to_more)),
        Err(Refused::BeyondOwn(Permissions::AUDIT))
    );
    let stranger = Subject {
        id: PersonId("eve".into()),
        groups: vec![group("d")],
    };
    let taken = may_assign(&policy, &stranger, Some(&audit), None);
    assert_eq!(taken, Err(Refused::MayNotGive));
}

/// PRODUCT 2.8: whoever holds a role does not put more into it.
#[test]
fn nobody_strengthens_a_role_of_their_own() {
    let admin = given("admin", ADMIN, "a", Scope::default());
    let own = given("help", Permissions::VIEW, "b", over(&["c"]));
    let policy = policy(vec![admin, own]);
    let change = |role: &str, before, after| {
        may_change_role(&policy, &amina(), &RoleId(role.into()), before, after)
    };
    let (view, control) = (Permissions::VIEW, Permissions::CONTROL);
    assert_eq!(
        change("help", view, control),
        Err(Refused::ToOneself(control))
    );
    assert_eq!(change("other", view, control), Ok(()));
    assert_eq!(change("help", view, Permissions::NONE), Ok(()));
    assert_eq!(
        change("help", view, view.and(Permissions::RECORDS)),
        Ok(()),
        "held already"
    );
}

/// PRODUCT 2.8: no sequence of permitted edits gives somebody more than they had, over anything.
#[test]
fn nobody_becomes_stronger_by_any_sequence_of_edits() {
    let mut dice = Dice::new(2);
    let (mut permitted, mut refused) = (0, 0);
    for _ in 0..400 {
        let mut world = World::new(&mut dice);
        let before = world.reach();
        for _ in 0..25 {
            let edit = world.edit(&mut dice);
            match edit {
                Ok(assignments) => {
                    world.assignments = assignments;
                    permitted += 1;
                }
                Err(_) => refused += 1,
            }
            for (had, has) in before.iter().zip(world.reach()) {
                assert!(
                    had.contain(has),
                    "{had:?} became {has:?}: {:?}",
                    world.assignments
                );
            }
        }
    }
    assert!(permitted > 500 && refused > 500, "{permitted} {refused}");
}

struct World {
    assignments: Vec<Assignment>,
}

const NAMES: [&str; 4] = ["a", "b", "c", "d"];

impl World {
    fn new(dice: &mut Dice) -> Self {
        let some = dice.some(&Permissions::WORDS);
        let own = some
            .iter()
            .fold(Permissions::ROLES, |all, (_, one)| all.and(*one));
        let mut assignments = vec![given("r0", own, "a", scope(dice))];
        for _ in 0..dice.below(5) {
            assignments.push(any_assignment(dice, &assignments));
        }
        Self { assignments }
    }

    /// What amina may do, whoever it is about, and how she may help everybody on everything.
    fn reach(&self) -> Vec<Permissions> {
        let policy = policy(self.assignments.clone());
        let mut reach = vec![policy.held(&amina())];
        for user in NAMES {
            for device in NAMES {
                let sharer = Subject {
                    id: PersonId("yuki".into()),
                    groups: vec![group(user)],
                };
                let enrolled = Machine::Enrolled {
                    groups: vec![group(device)],
                    compliance: Compliance::Compliant,
                };
                for machine in [Machine::Unenrolled, enrolled] {
                    let effective = policy.effective(&amina(), &sharer, &machine);
                    reach.push(effective.both(Permissions::HELP));
                }
            }
        }
        reach
    }

    /// One try of amina's; gives the assignments afterwards.
    fn edit(&self, dice: &mut Dice) -> Result<Vec<Assignment>, Refused> {
        let policy = policy(self.assignments.clone());
        let mut after = self.assignments.clone();
        let place = usize::from(dice.below(6));
        let now = self.assignments.get(place);
        match dice.below(4) {
            0 => {
                let role = RoleId((*dice.one(&["r0", "r1", "r2"])).into());
                let old = self.assignments.iter().find(|one| one.role == role);
                let old = old.map_or(Permissions::NONE, |one| one.permissions);
                let new = old.and(*dice.one(&Permissions::WORDS.map(|(_, one)| one)));
                may_change_role(&policy, &amina(), &role, old, new)?;
                for one in after.iter_mut().filter(|one| one.role == role) {
                    one.permissions = new;
                }
            }
            1 if now.is_some() => {
                may_assign(&policy, &amina(), now, None)?;
                after.remove(place);
            }
            2 if now.is_some() => {
                let changed = any_assignment(dice, &self.assignments);
                may_assign(&policy, &amina(), now, Some(&changed))?;
                after[place] = changed;
            }
            _ => {
                let made = any_assignment(dice, &self.assignments);
                may_assign(&policy, &amina(), None, Some(&made))?;
                after.push(made);
            }
        }
        Ok(after)
    }
}

/// An assignment; one of a role that exists already allows what the role allows.
fn any_assignment(dice: &mut Dice, others: &[Assignment]) -> Assignment {
    let role = *dice.one(&["r0", "r1", "r2"]);
    let known = others.iter().find(|one| one.role.0 == role);
    let (_, drawn) = *dice.one(&Permissions::WORDS);
    let permissions = known.map_or(drawn, |one| one.permissions);
    let scope = scope(dice);
    let to = *dice.one::<&str>(&NAMES);
    given(role, permissions, to, scope)
}

fn scope(dice: &mut Dice) -> Scope {
    let names = NAMES.map(group);
    Scope {
        all_users: dice.below(6) == 0,
        all_devices: dice.below(6) == 0,
        users: dice.some(&names),
        devices: dice.some(&names),
    }
}

/// PRODUCT 2.3: the built-in administrator cannot become a helper without somebody else.
#[test]
fn the_built_in_administrator_gives_everything_to_others_and_no_help_to_oneself() {
    let admin = given("administrator", ADMIN, "a", Scope::default());
    let policy = policy(vec![admin]);
    for role in Role::built_in() {
        let to = |group: &str| given(&role.id.0, role.permissions, group, over(&["c"]));
        assert_eq!(
            may_assign(&policy, &amina(), None, Some(&to("other"))),
            Ok(())
        );
        let to_self = may_assign(&policy, &amina(), None, Some(&to("b")));
        let helps = role.permissions.both(Permissions::HELP) != Permissions::NONE;
        assert_eq!(to_self.is_err(), helps, "{}", role.name);
    }
}
