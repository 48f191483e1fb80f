use super::*;
use crate::{Assignment, GroupId, Permissions, PersonId, RoleId, RuleId, Scope, Settings};

fn subject(id: &str, group: &str) -> Subject {
    Subject {
        id: PersonId(id.into()),
        groups: vec![GroupId(group.into())],
    }
}

fn policy(permissions: Permissions, users: &[&str]) -> Policy {
    let settings = Settings {
        enabled: true,
        allow_unenrolled: true,
        ..Settings::default()
    };
    let assignment = Assignment {
        id: RuleId("1".into()),
        name: "desk".into(),
        description: String::new(),
        role: RoleId("1".into()),
        permissions: permissions.and(Permissions::OFFER),
        groups: vec![GroupId("desk".into())],
        people: vec![],
        scope: Scope {
            users: users.iter().map(|name| GroupId((*name).into())).collect(),
            ..Scope::default()
        },
    };
    Policy::new(settings, vec![assignment], vec![], vec![])
}

fn past(number: u8, group: &str, level: Option<Level>) -> Past {
    Past {
        session: SessionId([number; 16]),
        helper: subject("amina", "desk"),
        sharer: subject("yuki", group),
        machine: Machine::Unenrolled,
        level,
    }
}

/// PRODUCT 2.9: before a change of rules an administrator sees whom it would have touched.
#[test]
fn sessions_that_other_rules_treat_otherwise_are_named() {
    let old = policy(Permissions::CONTROL, &["pupils"]);
    let sessions = [
        past(1, "pupils", Some(Level::Control)),
        past(2, "pupils", Some(Level::View)),
        past(3, "pupils", None),
        past(4, "staff", Some(Level::View)),
    ];
    let changes = |new: &Policy| what_if(&old, new, sessions.iter().cloned());
    assert_eq!(changes(&old), []);
    let (view, control) = (Some(Level::View), Some(Level::Control));
    let change = |number, was, now, refused| Change {
        session: SessionId([number; 16]),
        was,
        now,
        refused,
    };
    let lower = policy(Permissions::VIEW, &["pupils"]);
    assert_eq!(changes(&lower), [change(1, control, view, true)]);
    let wider = policy(Permissions::CONTROL, &["pupils", "staff"]);
    assert_eq!(changes(&wider), [change(4, None, control, false)]);
    let off = Policy::default();
    assert_eq!(
        changes(&off),
        [
            change(1, control, None, true),
            change(2, control, None, true)
        ]
    );
}
