//! What a decision costs in an organisation of many assignments.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

use ::policy::{
    Assignment, Case, Compliance, GroupId, HandshakeHash, Level, Machine, PairId, Permissions,
    PersonId, Policy, Request, RoleId, RuleId, Scope, SessionId, Settings, SignedIn, Subject,
    decide,
};

use crate::figure::{Group, median, percentile};
use crate::{Effort, grants};

pub(crate) fn run(effort: Effort) -> Group {
    let mut group = Group::new("policy");
    let mut build = vec![];
    for _ in 0..effort.pick(3, 11) {
        let assignments = (0..ASSIGNMENTS).map(assignment).collect();
        let begun = Instant::now();
        black_box(policy(assignments));
        build.push(milliseconds(begun.elapsed()));
    }
    let policy = policy((0..ASSIGNMENTS).map(assignment).collect());
    let (mut took, mut levels) = (vec![], BTreeSet::new());
    for turn in 0..effort.pick(2_000, 50_000) {
        let case = case(turn);
        let request = request(&case);
        let begun = Instant::now();
        let decided = black_box(decide(request, &policy, &case));
        took.push(1000.0 * milliseconds(begun.elapsed()));
        levels.insert(decided.is_ok());
    }
    assert_eq!(levels.len(), 2, "some are permitted and some are not");
    let name = |what: &str| format!("{what}, {ASSIGNMENTS} assignments");
    group.judge(&name("decision, median"), median(&took), "µs", 50.0);
    group.judge(&name("decision, p95"), percentile(&took, 95), "µs", 50.0);
    group.note(&name("making the rules ready"), median(&build), "ms");
    grants::add(&mut group, effort);
    group.remark("a helper in 40 of 500 groups, a sharer in 40, an enrolled device in 10; every decision another case");
    group
}

fn policy(assignments: Vec<Assignment>) -> Policy {
    let settings = Settings {
        enabled: true,
        ..Settings::default()
    };
    Policy::new(settings, assignments, vec![], vec![])
}

/// Given to three groups, about three groups of people and two of devices; every 50th is about everybody.
fn assignment(number: usize) -> Assignment {
    let ticked = [Permissions::VIEW, Permissions::CONTROL, Permissions::NONE];
    let permissions = ticked.get(number % ticked.len()).copied();
    Assignment {
        id: RuleId(number.to_string()),
        name: format!("assignment {number}"),
        description: String::new(),
        role: RoleId("1".into()),
        permissions: permissions.unwrap_or_default().and(Permissions::OFFER),
        groups: groups("helpers", 3, number * 7),
        people: vec![],
        scope: Scope {
            all_users: number.is_multiple_of(50),
            all_devices: number.is_multiple_of(75),
            users: groups("users", 3, number * 11),
            devices: groups("devices", 2, number * 13),
        },
    }
}

fn case(number: usize) -> Case {
    let subject = |id: &str, groups| Subject {
        id: PersonId(id.into()),
        groups,
    };
    // A few are in no group of helpers.
    let helps = if number.is_multiple_of(10) { 0 } else { 40 };
    let signed_in = SignedIn {
        acr: None,
        amr: vec![],
        age: None,
        source: [10, 0, 0, 1].into(),
    };
    Case {
        helper: subject("amina", groups("helpers", helps, number * 17)),
        helper_signed_in: signed_in.clone(),
        sharer: subject("yuki", groups("users", 40, number * 19)),
        sharer_signed_in: signed_in,
        machine: Machine::Enrolled {
            groups: groups("devices", 10, number * 23),
            compliance: Compliance::Compliant,
        },
        native: true,
        view_only: false,
        acknowledged: false,
    }
}

/// So many of 500 groups.
fn groups(of: &str, count: usize, from: usize) -> Vec<GroupId> {
    let numbers = (0..count).map(|step| (from + step * 29) % GROUPS);
    numbers
        .map(|number| GroupId(format!("{of}-of-the-organisation-{number}")))
        .collect()
}

fn request(case: &Case) -> Request {
    Request {
        session: SessionId([1; 16]),
        pair: PairId::FIRST,
        helper: case.helper.id.clone(),
        hash: HandshakeHash([2; 32]),
        level: Level::Control,
    }
}

fn milliseconds(duration: Duration) -> f64 {
    1000.0 * duration.as_secs_f64()
}

const ASSIGNMENTS: usize = 10_000;
const GROUPS: usize = 500;
