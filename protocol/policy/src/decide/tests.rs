use std::time::Duration;

use super::*;
use crate::{
    AccessRule, Assignment, Compliance, ComplianceRule, GroupId, Lacks, Network, RoleId, RuleId,
    Scope, Settings,
};

const ON: Settings = Settings {
    enabled: true,
    allow_unenrolled: true,
    chat: true,
    require_reason: false,
    require_incident: false,
    scripted_consent: true,
};

fn signed_in(age: u64) -> SignedIn {
    SignedIn {
        acr: None,
        amr: vec!["pwd".into()],
        age: Some(Duration::from_secs(age)),
        source: [10, 0, 0, 1].into(),
    }
}

fn subject(id: &str, group: &str) -> Subject {
    Subject {
        id: PersonId(id.into()),
        groups: vec![GroupId(group.into())],
    }
}

fn case() -> Case {
    Case {
        helper: subject("amina", "desk"),
        helper_signed_in: signed_in(60),
        sharer: subject("yuki", "pupils"),
        sharer_signed_in: signed_in(60),
        machine: Machine::Enrolled {
            groups: vec![],
            compliance: Compliance::Compliant,
        },
        native: true,
        view_only: false,
        acknowledged: false,
    }
}

fn stale() -> Case {
    Case {
        machine: Machine::Enrolled {
            groups: vec![],
            compliance: Compliance::Stale,
        },
        ..case()
    }
}

fn pupils(permissions: Permissions) -> Assignment {
    Assignment {
        id: RuleId("1".into()),
        name: "desk".into(),
        description: String::new(),
        role: RoleId("1".into()),
        permissions,
        groups: vec![GroupId("desk".into())],
        people: vec![],
        scope: Scope {
            users: vec![GroupId("pupils".into())],
            ..Scope::default()
        },
    }
}

fn policy(settings: Settings, compliance: Option<Action>, access: Vec<AccessRule>) -> Policy {
    let rules = compliance.map(|action| ComplianceRule {
        id: RuleId("2".into()),
        name: "lab".into(),
        scope: Scope {
            all_users: true,
            ..Scope::default()
        },
        actions: vec![(Compliance::Stale, action)],
    });
    let permissions = Permissions::CONTROL.and(Permissions::OFFER);
    let rules = rules.into_iter().collect();
    Policy::new(settings, vec![pupils(permissions)], rules, access)
}

fn young(groups: &[&str], moments: &[Moment]) -> AccessRule {
    AccessRule {
        id: RuleId("3".into()),
        name: "young".into(),
        groups: groups.iter().map(|name| GroupId((*name).into())).collect(),
        moments: moments.to_vec(),
        methods: vec![],
        max_age: Some(Duration::from_secs(3600)),
        allowed: vec![],
        denied: vec![],
        compliant_device: false,
    }
}

fn answer(policy: &Policy, case: &Case, level: Level) -> Result<Level, Denial> {
    let request = Request {
        session: SessionId([1; 16]),
        pair: PairId::FIRST,
        helper: case.helper.id.clone(),
        hash: HandshakeHash([2; 32]),
        level,
    };
    decide(request, policy, case).map(|permit| permit.level())
}

/// A permit of session, pair and handshake 1, 0 and 2.
pub(crate) fn permit(level: Level) -> Permit {
    let case = case();
    let request = Request {
        session: SessionId([1; 16]),
        pair: PairId::FIRST,
        helper: case.helper.id.clone(),
        hash: HandshakeHash([2; 32]),
        level,
    };
    decide(request, &policy(ON, None, vec![]), &case).unwrap()
}

/// PRODUCT 1.1: every launch is refused with the reason until an administrator turned remote help on.
#[test]
fn nothing_is_permitted_while_the_tenant_is_off() {
    let off = Settings {
        enabled: false,
        ..ON
    };
    let policy = policy(off, None, vec![]);
    assert_eq!(
        answer(&policy, &case(), Level::View),
        Err(Denial::TenantOff)
    );
    assert_eq!(
        answer(&Policy::default(), &case(), Level::View),
        Err(Denial::TenantOff)
    );
    let case = case();
    let offered = may_offer(&policy, &case.helper, &case.helper_signed_in);
    assert_eq!(offered, Err(Denial::TenantOff));
}

/// PRODUCT 2.2: *offer* is implied by nothing.
#[test]
fn every_level_needs_offer() {
    let assignments = vec![pupils(Permissions::UNATTENDED)];
    let policy = Policy::new(ON, assignments, vec![], vec![]);
    assert_eq!(
        answer(&policy, &case(), Level::View),
        Err(Denial::MayNotOffer)
    );
}

/// PRODUCT 2.5: whoever may help others hears that this one is out of scope.
#[test]
fn a_sharer_out_of_scope_is_told_from_a_helper_without_the_right() {
    let policy = policy(ON, None, vec![]);
    let staff = Case {
        sharer: subject("olu", "staff"),
        ..case()
    };
    assert_eq!(
        answer(&policy, &staff, Level::View),
        Err(Denial::OutOfScope)
    );
    let stranger = Case {
        helper: subject("eve", "pupils"),
        ..case()
    };
    assert_eq!(
        answer(&policy, &stranger, Level::View),
        Err(Denial::MayNotOffer)
    );
}

/// A permit is about the helper whom the case is about.
#[test]
fn a_request_of_another_helper_than_the_case_is_refused() {
    let request = Request {
        session: SessionId([1; 16]),
        pair: PairId::FIRST,
        helper: PersonId("eve".into()),
        hash: HandshakeHash([2; 32]),
        level: Level::View,
    };
    assert!(decide(request, &policy(ON, None, vec![]), &case()).is_err());
}

/// PRODUCT 1.2, 2.6: attack test 36 without its scopes.
#[test]
fn an_unenrolled_device_needs_the_setting() {
    let unenrolled = Case {
        machine: Machine::Unenrolled,
        ..case()
    };
    let off = Settings {
        allow_unenrolled: false,
        ..ON
    };
    let strict = policy(off, None, vec![]);
    assert_eq!(
        answer(&strict, &unenrolled, Level::View),
        Err(Denial::NotEnrolled)
    );
    assert_eq!(answer(&strict, &case(), Level::View), Ok(Level::View));
    let lenient = policy(ON, None, vec![]);
    assert_eq!(
        answer(&lenient, &unenrolled, Level::Control),
        Ok(Level::Control)
    );
    let joining = Joining {
        sharer: &unenrolled.sharer,
        signed_in: &unenrolled.sharer_signed_in,
        machine: &unenrolled.machine,
    };
    assert_eq!(may_join(&strict, &joining), Err(Denial::NotEnrolled));
    assert_eq!(may_join(&lenient, &joining), Ok(()));
}

/// Attack test 45: a sharer that can only show is never controlled, whatever the helper may do.
#[test]
fn a_client_that_can_only_show_is_only_viewed() {
    let policy = policy(ON, None, vec![]);
    let web = Case {
        view_only: true,
        ..case()
    };
    assert_eq!(answer(&policy, &web, Level::View), Ok(Level::View));
    assert_eq!(
        answer(&policy, &web, Level::Control),
        Err(Denial::NotHere(Level::Control))
    );
}

/// DESIGN 3: without a second authority nobody has elevation or unattended control, whoever holds the permission.
#[test]
fn levels_that_need_a_second_authority_are_refused() {
    let all = Permissions::of_role("helpdesk-operator").unwrap();
    let policy = Policy::new(ON, vec![pupils(all)], vec![], vec![]);
    for level in [Level::Elevation, Level::Unattended] {
        assert_eq!(answer(&policy, &case(), level), Err(Denial::NotHere(level)));
    }
}

/// PRODUCT 6.2: what each action does at each level, with and without an acknowledgement.
#[test]
fn compliance_warns_asks_caps_and_blocks() {
    for (action, acknowledged, view, control) in [
        (Action::Warn, false, true, true),
        (Action::RequireAck, false, false, false),
        (Action::RequireAck, true, true, true),
        (Action::ViewOnly, false, true, false),
        (Action::ViewOnly, true, true, false),
        (Action::Block, false, false, false),
        (Action::Block, true, false, false),
    ] {
        let policy = policy(ON, Some(action), vec![]);
        let case = Case {
            acknowledged,
            ..stale()
        };
        for (level, permitted) in [(Level::View, view), (Level::Control, control)] {
            let denied = Denial::Compliance(Warning {
                state: Compliance::Stale,
                action,
                rule: Some("lab".into()),
            });
            let expected = if permitted { Ok(level) } else { Err(denied) };
            assert_eq!(
                answer(&policy, &case, level),
                expected,
                "{action} {acknowledged}"
            );
        }
        let once_read = would_permit(Level::View, &policy, &stale());
        assert_eq!(once_read.is_ok(), action != Action::Block, "{action}");
    }
}

/// What deciding, offering and joining say to sign-ins that are too old for the rule `young`.
type Answers = (Result<(), Denial>, Result<(), Denial>, Result<(), Denial>);

fn answers_to_old_sign_ins(groups: &[&str], moments: &[Moment]) -> Answers {
    let policy = policy(ON, None, vec![young(groups, moments)]);
    let case = Case {
        helper_signed_in: signed_in(3601),
        sharer_signed_in: signed_in(3601),
        ..case()
    };
    let joining = Joining {
        sharer: &case.sharer,
        signed_in: &case.sharer_signed_in,
        machine: &case.machine,
    };
    let signs_in = may_sign_in(&policy, &case.helper, &case.helper_signed_in);
    assert_eq!(signs_in.is_err(), moments == [Moment::SignIn]);
    (
        answer(&policy, &case, Level::View).map(|_| ()),
        may_offer(&policy, &case.helper, &case.helper_signed_in),
        may_join(&policy, &joining),
    )
}

/// PRODUCT 1.8: conditional access, by person and moment; the refusal names the rule.
#[test]
fn conditional_access_is_checked_for_both_at_their_moments() {
    let old = |side| {
        let unmet = Unmet {
            rule: "young".into(),
            lacks: Lacks::Age(Duration::from_secs(3600)),
        };
        Err(Denial::Access { side, unmet })
    };
    let (helper, sharer) = (old(Side::Helper), old(Side::Sharer));
    let (renew, create, join) = (Moment::Renew, Moment::Create, Moment::Join);
    let ok = || Ok(());
    for (groups, moments, expected) in [
        (&["desk"][..], &[renew][..], (helper.clone(), ok(), ok())),
        (&["pupils"], &[renew], (sharer.clone(), ok(), ok())),
        (&[], &[create], (ok(), helper, ok())),
        (&[], &[join], (ok(), ok(), sharer)),
        (&["other"], &[renew, create], (ok(), ok(), ok())),
        (&[], &[Moment::SignIn], (ok(), ok(), ok())),
    ] {
        assert_eq!(answers_to_old_sign_ins(groups, moments), expected);
    }
}

/// PRODUCT 1.8: a code is made before there is a device, so what its rule says about the device is asked later.
#[test]
fn a_rule_for_making_a_code_still_asks_for_the_device() {
    let rule = AccessRule {
        max_age: None,
        compliant_device: true,
        ..young(&[], &[Moment::Create])
    };
    let policy = policy(ON, None, vec![rule]);
    let case = stale();
    assert_eq!(
        may_offer(&policy, &case.helper, &case.helper_signed_in),
        Ok(())
    );
    let denied = answer(&policy, &case, Level::View).unwrap_err();
    let unmet = Unmet {
        rule: "young".into(),
        lacks: Lacks::Device,
    };
    assert_eq!(
        denied,
        Denial::Access {
            side: Side::Helper,
            unmet
        }
    );
}

/// The order in which reasons are looked at is that of [`Denial`].
#[test]
fn the_first_reason_is_told() {
    let network: Network = "192.0.2.0/24".parse().unwrap();
    let far = AccessRule {
        allowed: vec![network],
        max_age: None,
        ..young(&[], &[Moment::Renew])
    };
    let policy = policy(ON, Some(Action::Block), vec![far]);
    let case = stale();
    let order = |level| answer(&policy, &case, level).unwrap_err();
    assert_eq!(
        order(Level::Unattended),
        Denial::MayNotLevel(Level::Unattended)
    );
    assert!(matches!(order(Level::View), Denial::Access { .. }));
}
