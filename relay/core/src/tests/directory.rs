//! The directory says something else about a person, and administrators end sessions.

use super::*;

fn directory(name: &str, active: bool, groups: &[&str]) -> Input {
    let (name, tenant) = name.split_once('@').unwrap_or((name, "contoso"));
    Input::Person {
        tenant: TenantId(tenant.into()),
        person: PersonId(name.into()),
        active,
        groups: groups.iter().map(|name| GroupId((*name).into())).collect(),
    }
}

/// PRODUCT 1.10: attack test 34, the half of the broker. The session of a person who is not active ends in the same moment.
#[test]
fn attack_34_a_person_who_is_not_active_has_no_session() {
    for name in ["amina", "yuki"] {
        let mut table = Table::granted(Level::Control);
        assert_eq!(
            table.input(directory(name, false, &["staff"])),
            end(EndReason::PersonDisabled, Fault::PersonDisabled)
        );
    }
    let mut table = Table::granted(Level::Control);
    for stranger in ["amina@fabrikam", "kofi"] {
        assert_eq!(table.input(directory(stranger, false, &[])), []);
    }
}

/// PRODUCT 1.10: a code goes, an idle connection goes, and a claim is given back.
#[test]
fn a_person_who_is_not_active_is_nowhere() {
    let told = Fault::PersonDisabled;
    let mut table = Table::offered();
    assert_eq!(
        table.input(directory("amina", false, &[])),
        ended(HELPER, told)
    );
    let mut table = Table::seated();
    assert_eq!(
        table.input(directory("yuki", false, &[])),
        ended(SHARER, told)
    );
    let mut table = Table::claimed();
    let mut expected = vec![route(Route::CLOSED), to(HELPER, FromRelay::Unclaimed {})];
    expected.extend(ended(SHARER, told));
    assert_eq!(table.input(directory("yuki", false, &[])), expected);
}

/// A ticket that was given out before does not bring the person back; the directory does.
#[test]
fn a_disabled_person_is_not_admitted() {
    let mut table = Table::new();
    table.input(directory("amina", false, &[]));
    let admitted = || Input::Admitted {
        connection: HELPER,
        role: Role::Helper,
        person: person("amina").into(),
        source: IpAddr::from([10, 0, 0, 1]),
        device: Device::default().into(),
    };
    assert_eq!(
        table.input(admitted()),
        ended(HELPER, Fault::PersonDisabled)
    );
    assert_eq!(table.say(HELPER, create()), []);
    table.input(directory("amina", true, &["staff"]));
    assert_eq!(table.input(admitted()), []);
}

/// DESIGN 6: whoever leaves the group that helps loses the session at once, and whoever never changed keeps it.
#[test]
fn other_groups_are_decided_for_at_once() {
    let mut table = Table::granted(Level::Control);
    assert_eq!(
        table.input(directory("amina", true, &["staff", "more"])),
        []
    );
    assert_eq!(
        table.input(directory("amina", true, &["more"])),
        end(EndReason::PermissionRemoved, Fault::MayNotOffer)
    );
    let mut table = Table::offered();
    assert_eq!(
        table.input(directory("amina", true, &[])),
        ended(HELPER, Fault::MayNotOffer)
    );
}

/// PRODUCT 2.5: a sharer who leaves the scope is not helped any more.
#[test]
fn a_sharer_who_leaves_the_scope_is_not_helped_any_more() {
    let desk = Assignment {
        scope: Scope {
            users: vec![GroupId("staff".into())],
            ..Scope::default()
        },
        ..desk(Permissions::CONTROL)
    };
    let mut table = Table::under(Policy::new(ON, vec![desk], vec![], vec![]))
        .pair()
        .grant(Level::View);
    assert_eq!(
        table.input(directory("yuki", true, &["pupils"])),
        end(EndReason::PermissionRemoved, Fault::OutOfScope)
    );
}

/// PRODUCT 1.6: an administrator ends sessions of their own organisation, and no others.
#[test]
fn an_administrator_ends_a_session_of_their_own_organisation() {
    let by = |name| Input::EndSession {
        session: id(1),
        by: person(name).into(),
    };
    let mut table = Table::granted(Level::Control);
    assert_eq!(table.input(by("olu@fabrikam")), []);
    assert_eq!(
        table.input(by("olu")),
        end(EndReason::EndedByAdmin, Fault::EndedByAdmin)
    );
    assert_eq!(table.input(by("olu")), []);
    assert_eq!(EndReason::EndedByAdmin.word(), "ended_by_admin");
    assert_eq!(EndReason::PersonDisabled.word(), "person_disabled");
}
