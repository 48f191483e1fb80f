//! Warnings about the sharer's device.

use policy::{Action, ComplianceRule};
use wire::Warning;

use super::*;

/// Under a rule that does this with stale devices; `None`: there is no rule.
fn table(action: Option<Action>, state: Compliance) -> Table {
    let rules = action.map(|action| ComplianceRule {
        id: RuleId("3".into()),
        name: "lab".into(),
        scope: Scope {
            all_users: true,
            ..Scope::default()
        },
        actions: vec![(Compliance::Stale, action)],
    });
    let rules = rules.into_iter().collect();
    let policy = Policy::new(ON, vec![desk(Permissions::CONTROL)], rules, vec![]);
    Table::of(policy, person("amina"), (person("yuki"), device(state)))
}

fn warning(action: Action, rule: Option<&str>) -> Warning {
    Warning {
        state: Compliance::Stale,
        action,
        rule: rule.map(str::to_owned),
    }
}

fn becomes(state: Compliance) -> Input {
    Input::Device {
        tenant: TenantId("contoso".into()),
        device: DeviceId("d1".into()),
        machine: device(state).machine,
    }
}

fn acknowledge(state: Compliance) -> ToRelay {
    ToRelay::Acknowledge { pair: PAIR, state }
}

fn noted(action: Action, acknowledged: bool) -> Effect {
    record(Entry::Compliance {
        state: Compliance::Stale,
        action,
        acknowledged,
    })
}

fn told(compliance: Option<Warning>) -> Effect {
    let pair = PAIR;
    to(HELPER, FromRelay::Compliance { pair, compliance })
}

/// PRODUCT 6.1: the helper sees the warning with the card; the sharer does not.
#[test]
fn the_card_carries_the_warning_to_the_helper() {
    let mut table = table(None, Compliance::Stale);
    table.say(HELPER, create());
    table.say(SHARER, join(47));
    table.say(HELPER, shook(HASH));
    table.say(SHARER, shook(HASH));
    let paired = |name, compliance| FromRelay::Paired {
        pair: PAIR,
        peer: peer(name),
        levels: vec![Level::View, Level::Control],
        chat: true,
        compliance,
    };
    assert_eq!(
        table.input(Input::Recorded {
            session: id(1),
            pair: PAIR
        }),
        [
            route(Route::paired()),
            to(HELPER, paired("yuki", Some(warning(Action::Warn, None)))),
            to(SHARER, paired("amina", None)),
        ]
    );
    assert_eq!(
        table.say(HELPER, ask(Level::Control)),
        [asked(Level::Control, 300)],
        "PRODUCT 6.2: it does not block by default"
    );
}

/// PRODUCT 6.1: an acknowledgement is recorded once, and only of the state that the device is in.
#[test]
fn an_acknowledgement_is_recorded() {
    let mut table = table(None, Compliance::Stale).pair();
    let refused = [faulted(HELPER, Fault::NotNow)];
    let state = Compliance::Stale;
    assert_eq!(
        table.say(HELPER, acknowledge(Compliance::NotCompliant)),
        refused
    );
    assert_eq!(
        table.say(HELPER, acknowledge(state)),
        [noted(Action::Warn, true)]
    );
    assert_eq!(table.say(HELPER, acknowledge(state)), []);
    let sharer = table.say(SHARER, acknowledge(state));
    assert_eq!(sharer, [faulted(SHARER, Fault::NotNow)]);
    let mut good = Table::paired();
    assert_eq!(good.say(HELPER, acknowledge(state)), refused);
}

/// PRODUCT 6.2: `require_ack` shows the levels and gives none before the warning was read.
#[test]
fn what_has_to_be_acknowledged_first_is() {
    let mut table = table(Some(Action::RequireAck), Compliance::Stale).pair();
    let first = FromRelay::faulted_by(Fault::AcknowledgeFirst, Some("lab".into()), None);
    assert_eq!(table.say(HELPER, ask(Level::View)), [to(HELPER, first)]);
    table.say(HELPER, acknowledge(Compliance::Stale));
    assert_eq!(
        table.say(HELPER, ask(Level::View)),
        [asked(Level::View, 300)]
    );
}

/// PRODUCT 6.2: `view_only` caps, `block` refuses before anybody is shown to anybody.
#[test]
fn rules_cap_and_block() {
    let mut capped = table(Some(Action::ViewOnly), Compliance::Stale).pair();
    let refused = FromRelay::faulted_by(Fault::ComplianceViewOnly, Some("lab".into()), None);
    assert_eq!(
        capped.say(HELPER, ask(Level::Control)),
        [to(HELPER, refused)]
    );
    assert_eq!(
        capped.say(HELPER, ask(Level::View)),
        [asked(Level::View, 300)]
    );
    let mut blocked = table(Some(Action::Block), Compliance::Stale);
    blocked.say(HELPER, create());
    blocked.say(SHARER, join(47));
    blocked.say(HELPER, shook(HASH));
    let mut expected = vec![route(Route::CLOSED)];
    for connection in [SHARER, HELPER] {
        let rule = Some("lab".to_owned());
        expected.push(to(
            connection,
            FromRelay::ended_by(Fault::ComplianceBlocks, rule, None),
        ));
        expected.push(Effect::Close { connection });
    }
    assert_eq!(blocked.say(SHARER, shook(HASH)), expected);
}

/// PRODUCT 6.1: the warning is raised again when the state changes, and what was acknowledged before counts no more.
#[test]
fn a_state_that_changes_is_told_and_acknowledged_anew() {
    let action = Action::RequireAck;
    let mut table = table(Some(action), Compliance::Compliant)
        .pair()
        .grant(Level::Control);
    let raised = [
        noted(action, false),
        told(Some(warning(action, Some("lab")))),
    ];
    assert_eq!(table.input(becomes(Compliance::Stale)), raised);
    assert_eq!(
        table.input(becomes(Compliance::Stale)),
        [],
        "nothing changed"
    );
    assert_eq!(
        table.say(SHARER, challenge(1, "unread")),
        [],
        "not renewed until it is read"
    );
    assert_eq!(
        table.say(HELPER, acknowledge(Compliance::Stale)),
        [noted(action, true)]
    );
    assert_eq!(
        table.say(SHARER, challenge(1, "read")),
        [grant(Level::Control, 1, 2, "read", false)]
    );
    assert_eq!(table.input(becomes(Compliance::Compliant)), [told(None)]);
    assert_eq!(table.input(becomes(Compliance::Stale)), raised);
}

/// PRODUCT 6.2: a level that the new state does not allow ends.
#[test]
fn a_state_that_forbids_the_level_ends_the_session() {
    for (action, fault) in [
        (Action::ViewOnly, Fault::ComplianceViewOnly),
        (Action::Block, Fault::ComplianceBlocks),
    ] {
        let mut table = table(Some(action), Compliance::Compliant)
            .pair()
            .grant(Level::Control);
        let effects = table.input(becomes(Compliance::Stale));
        let ended = record(Entry::End(EndReason::PermissionRemoved));
        assert_eq!(effects[..2], [ended, route(Route::CLOSED)]);
        let rule = Some("lab".to_owned());
        assert_eq!(
            effects[2],
            to(SHARER, FromRelay::ended_by(fault, rule, None))
        );
    }
}

/// A device of another organisation may have the same id.
#[test]
fn a_device_is_one_of_its_tenant() {
    let mut table = table(Some(Action::Block), Compliance::Compliant)
        .pair()
        .grant(Level::Control);
    let Input::Device {
        device, machine, ..
    } = becomes(Compliance::Stale)
    else {
        panic!("a device");
    };
    let tenant = TenantId("fabrikam".into());
    let effects = table.input(Input::Device {
        tenant,
        device,
        machine,
    });
    assert_eq!(effects, []);
}
