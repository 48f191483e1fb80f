//! How the tables are made.

use std::fmt::Write;

use policy::{
    Action, Assignment, Case, Compliance, ComplianceRule, Denial, GroupId, HandshakeHash, Level,
    Machine, PairId, Permissions, PersonId, Policy, Refused, Request, Role, RoleId, RuleId, Scope,
    SessionId, Settings, SignedIn, Subject, decide, may_give,
};

/// The tenant's switches: off, on for enrolled devices, on for all.
const TENANTS: [&str; 3] = ["off", "enrolled", "all"];
/// What is shared.
const MACHINES: [&str; 2] = ["enrolled", "unenrolled"];
/// What the helper's one assignment is about: everybody, every device, the sharer's group, the device's group, other groups.
const SCOPES: [&str; 5] = ["all-users", "all-devices", "users", "devices", "other"];

/// Where a decision is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) tenant: &'static str,
    pub(super) machine: &'static str,
    pub(super) scope: &'static str,
}

/// The built-in roles, by id, and somebody without one.
pub(super) fn roles() -> [&'static str; 6] {
    [
        "-",
        "helpdesk-operator",
        "school-administrator",
        "viewer",
        "auditor",
        "administrator",
    ]
}

/// Every place, in the order of the table.
pub(super) fn places() -> impl Iterator<Item = Place> {
    let with_machine = |tenant| MACHINES.map(|machine| (tenant, machine));
    let places = TENANTS.into_iter().flat_map(with_machine);
    places.flat_map(|(tenant, machine)| {
        SCOPES.map(|scope| Place {
            tenant,
            machine,
            scope,
        })
    })
}

/// All tables.
pub(super) fn written() -> String {
    let mut text = String::from(HEAD);
    permissions(&mut text);
    built_in(&mut text);
    compliance(&mut text);
    administration(&mut text);
    giving(&mut text);
    text
}

fn permissions(text: &mut String) {
    text.push_str(PERMISSIONS);
    for ticked in Permissions::every() {
        for tenant in ["all", "off"] {
            for scope in ["users", "other"] {
                let place = Place {
                    tenant,
                    machine: "enrolled",
                    scope,
                };
                let words = words(ticked);
                let answers = Level::ALL.map(|level| answer(ticked, place, level));
                row(text, &format!("{words:42} {tenant:8} {scope:7}"), answers);
            }
        }
    }
}

fn built_in(text: &mut String) {
    text.push_str(BUILT_IN);
    for role in roles() {
        for place in places() {
            let Place {
                tenant,
                machine,
                scope,
            } = place;
            let answers = Level::ALL.map(|level| answer_of_role(role, place, level));
            let head = format!("{role:21} {tenant:9} {machine:11} {scope:12}");
            row(text, &head, answers);
        }
    }
}

fn compliance(text: &mut String) {
    text.push_str(COMPLIANCE);
    let actions = Action::ALL.into_iter().map(Some);
    for action in [None].into_iter().chain(actions) {
        for state in Compliance::ALL {
            for acknowledged in [false, true] {
                let word = action.map_or("-", Action::word);
                let answers =
                    Level::ALL.map(|level| answer_of_state(state, action, acknowledged, level));
                let yes = if acknowledged { "yes" } else { "no" };
                row(
                    text,
                    &format!("{word:12} {state:13} {yes:13}", state = state.word()),
                    answers,
                );
            }
        }
    }
}

fn administration(text: &mut String) {
    text.push_str(ADMINISTRATION);
    for role in Role::built_in() {
        let mut line = format!("{:22}", role.id.0);
        for (word, one) in Permissions::WORDS {
            if Permissions::ADMINISTRATION.contain(one) {
                let may = if role.permissions.contain(one) {
                    "yes"
                } else {
                    "no"
                };
                write!(line, "{may:width$}", width = word.len().max(3) + 2).unwrap();
            }
        }
        writeln!(text, "{}", line.trim_end()).unwrap();
    }
}

fn giving(text: &mut String) {
    text.push_str(GIVING);
    for giver in Role::built_in() {
        for given in Role::built_in() {
            let [others, oneself] = [false, true].map(|to_self| {
                match may_give(giver.permissions, given.permissions, to_self) {
                    Ok(()) => "may".to_owned(),
                    Err(Refused::MayNotGive) => "may-not-give".to_owned(),
                    Err(Refused::BeyondOwn(beyond)) => format!("beyond-own:{}", words(beyond)),
                    Err(Refused::ToOneself(beyond)) => format!("to-oneself:{}", words(beyond)),
                }
            });
            let (giver, given) = (&giver.id.0, &given.id.0);
            writeln!(text, "{giver:21} {given:21} {others:13} {oneself}").unwrap();
        }
    }
}

fn row(text: &mut String, head: &str, answers: [&str; 4]) {
    let [view, control, elevation, unattended] = answers;
    writeln!(
        text,
        "{head} {view:15} {control:15} {elevation:15} {unattended}"
    )
    .unwrap();
}

fn words(permissions: Permissions) -> String {
    match permissions.words() {
        words if words.is_empty() => "-".to_owned(),
        words => words.join("+"),
    }
}

/// What somebody is answered who holds one built-in role.
pub(super) fn answer_of_role(role: &str, place: Place, level: Level) -> &'static str {
    answer(Permissions::of_role(role).unwrap_or_default(), place, level)
}

/// What somebody is answered who holds these permissions by one assignment.
pub(super) fn answer(ticked: Permissions, place: Place, level: Level) -> &'static str {
    let settings = Settings {
        enabled: place.tenant != "off",
        allow_unenrolled: place.tenant == "all",
        ..Settings::default()
    };
    let policy = Policy::new(
        settings,
        vec![assignment(ticked, place.scope)],
        vec![],
        vec![],
    );
    let machine = match place.machine {
        "enrolled" => enrolled(Compliance::Compliant),
        _ => Machine::Unenrolled,
    };
    told(&policy, &case(machine, false), level)
}

/// What a helper with every permission is answered about a device in this state, under a rule that does this with every state.
pub(super) fn answer_of_state(
    state: Compliance,
    action: Option<Action>,
    acknowledged: bool,
    level: Level,
) -> &'static str {
    let rule = action.map(|action| ComplianceRule {
        id: RuleId("1".into()),
        name: "the rule".into(),
        scope: scope("all-users"),
        actions: Compliance::ALL.map(|state| (state, action)).to_vec(),
    });
    let settings = Settings {
        enabled: true,
        allow_unenrolled: true,
        ..Settings::default()
    };
    let everything = assignment(Permissions::HELP, "all-users");
    let policy = Policy::new(
        settings,
        vec![everything],
        rule.into_iter().collect(),
        vec![],
    );
    let machine = match state {
        Compliance::NotEnrolled => Machine::Unenrolled,
        Compliance::Compliant | Compliance::NotCompliant | Compliance::Stale => enrolled(state),
    };
    told(&policy, &case(machine, acknowledged), level)
}

fn told(policy: &Policy, case: &Case, level: Level) -> &'static str {
    let request = Request {
        session: SessionId([1; 16]),
        pair: PairId::FIRST,
        helper: case.helper.id.clone(),
        hash: HandshakeHash([2; 32]),
        level,
    };
    match decide(request, policy, case) {
        Ok(_) => "permit",
        Err(Denial::TenantOff) => "tenant-off",
        Err(Denial::NotEnrolled) => "not-enrolled",
        Err(Denial::MayNotOffer) => "may-not-offer",
        Err(Denial::OutOfScope) => "out-of-scope",
        Err(Denial::MayNotLevel(_)) => "may-not-level",
        Err(Denial::NotHere(_)) => "not-here",
        Err(Denial::Access { .. }) => "access",
        Err(Denial::Compliance(warning)) => match warning.action {
            Action::Warn => "warn",
            Action::RequireAck => "acknowledge",
            Action::ViewOnly => "view-only",
            Action::Block => "blocked",
        },
    }
}

fn assignment(permissions: Permissions, about: &str) -> Assignment {
    Assignment {
        id: RuleId("1".into()),
        name: "the one".into(),
        description: String::new(),
        role: RoleId("1".into()),
        permissions,
        groups: vec![GroupId("desk".into())],
        people: vec![],
        scope: scope(about),
    }
}

fn scope(about: &str) -> Scope {
    let named = |name: &str, group: &str| match about == name {
        true => vec![GroupId(group.into())],
        false => vec![GroupId("other".into())],
    };
    Scope {
        all_users: about == "all-users",
        all_devices: about == "all-devices",
        users: named("users", "pupils"),
        devices: named("devices", "lab"),
    }
}

fn enrolled(compliance: Compliance) -> Machine {
    Machine::Enrolled {
        groups: vec![GroupId("lab".into())],
        compliance,
    }
}

fn case(machine: Machine, acknowledged: bool) -> Case {
    let subject = |id: &str, group: &str| Subject {
        id: PersonId(id.into()),
        groups: vec![GroupId(group.into())],
    };
    let signed_in = SignedIn {
        acr: None,
        amr: vec![],
        age: None,
        source: [10, 0, 0, 1].into(),
    };
    Case {
        helper: subject("amina", "desk"),
        helper_signed_in: signed_in.clone(),
        sharer: subject("yuki", "pupils"),
        sharer_signed_in: signed_in,
        machine,
        native: true,
        view_only: false,
        acknowledged,
    }
}

const HEAD: &str = "\
# What policy decides. Written by `BLESS=1 cargo test -p tests --test suite decisions`; read every row that changes.
";

const PERMISSIONS: &str = "
# Permissions: the boxes that are ticked in the helper's one assignment, the tenant's switches, whether the assignment is about
# the sharer's group or another, and the answer for each level, on an enrolled device that is compliant.
# permissions                              tenant   scope   view            control         elevation       unattended
";

const BUILT_IN: &str = "
# Built-in roles, given by one assignment: the tenant (off, on for enrolled devices, on for all), the shared machine, and what the
# assignment is about (the sharer is in the group of `users`, an enrolled device in the one of `devices`).
# role                tenant    machine     scope        view            control         elevation       unattended
";

const COMPLIANCE: &str = "
# Compliance: what a rule does with the state of the device (- is no rule), and whether the helper acknowledged the warning, for a
# helper with every permission.
# rule       state         acknowledged  view            control         elevation       unattended
";

const ADMINISTRATION: &str = "
# Administration: what each built-in role may do beside helping.
# role                records  audit  settings  roles  devices  directory  end-sessions
";

const GIVING: &str = "
# Giving roles: who holds only the first role and gives the second, to others and to themselves.
# giver               role                  to others     to oneself
";
