use super::*;
use crate::{
    AccessRule, Action, Assignment, Compliance, GroupId, Machine, Moment, PersonId, RoleId, Scope,
    Settings, SignedIn, Subject, Unmet,
};

fn subject(id: &str, group: &str) -> Subject {
    Subject {
        id: PersonId(id.into()),
        groups: vec![GroupId(group.into())],
    }
}

fn assignment(name: &str, permissions: Permissions, to: &str, users: &str) -> Assignment {
    Assignment {
        id: RuleId(name.into()),
        name: name.into(),
        description: String::new(),
        role: RoleId("1".into()),
        permissions: permissions.and(Permissions::OFFER),
        groups: vec![GroupId(to.into())],
        people: vec![],
        scope: Scope {
            users: vec![GroupId(users.into())],
            ..Scope::default()
        },
    }
}

fn signed_in() -> SignedIn {
    SignedIn {
        acr: None,
        amr: vec![],
        age: None,
        source: [10, 0, 0, 1].into(),
    }
}

fn case() -> Case {
    Case {
        helper: subject("amina", "desk"),
        helper_signed_in: signed_in(),
        sharer: subject("yuki", "pupils"),
        sharer_signed_in: signed_in(),
        machine: Machine::Enrolled {
            groups: vec![],
            compliance: Compliance::Stale,
        },
        native: true,
        view_only: false,
        acknowledged: false,
    }
}

/// PRODUCT 2.9: the explanation names every assignment and rule that touches one of the two, and says what it does.
#[test]
fn an_explanation_names_what_bears_on_the_decision() {
    let desk_network = AccessRule {
        id: RuleId("a".into()),
        name: "office".into(),
        groups: vec![GroupId("desk".into())],
        moments: vec![Moment::Renew],
        methods: vec![],
        max_age: None,
        allowed: vec!["192.0.2.0/24".parse().unwrap()],
        denied: vec![],
        compliant_device: false,
    };
    let settings = Settings {
        enabled: true,
        ..Settings::default()
    };
    let assignments = vec![
        assignment("counts", Permissions::VIEW, "desk", "pupils"),
        assignment("elsewhere", Permissions::CONTROL, "desk", "staff"),
        assignment("of others", Permissions::CONTROL, "leads", "pupils"),
        assignment("far away", Permissions::CONTROL, "leads", "staff"),
    ];
    let policy = Policy::new(settings, assignments, vec![], vec![desk_network]);
    let explained = explain(&policy, &case(), Level::Control);
    assert_eq!(explained.verdict, Err(Denial::MayNotLevel(Level::Control)));
    assert_eq!(
        explained.effective,
        Permissions::VIEW.and(Permissions::OFFER)
    );
    let lines: Vec<_> = explained
        .assignments
        .iter()
        .map(|line| (line.name.as_str(), line.holds, line.covers, line.allows))
        .collect();
    assert_eq!(
        lines,
        [
            ("counts", true, true, false),
            ("elsewhere", true, false, true),
            ("of others", false, true, true),
        ]
    );
    let warning = explained.warning.unwrap();
    assert_eq!(
        (warning.state, warning.action),
        (Compliance::Stale, Action::Warn)
    );
    let line = AccessLine {
        id: RuleId("a".into()),
        name: "office".into(),
        side: Side::Helper,
        lacks: Some(Lacks::Network),
    };
    assert_eq!(explained.access, [line]);
    let view = explain(&policy, &case(), Level::View);
    let unmet = Unmet {
        rule: "office".into(),
        lacks: Lacks::Network,
    };
    let side = Side::Helper;
    assert_eq!(view.verdict, Err(Denial::Access { side, unmet }));
}
