//! Further helpers: invitation, consent for each, one holder of input, hand-over (SPEC 6.9, PRODUCT 3.10, 3.15).

use wire::Invitation;

use super::*;

pub(super) const COLLEAGUE: ConnectionId = ConnectionId(3);
pub(super) const SECOND: PairId = match PairId::new(1) {
    Some(pair) => pair,
    None => panic!("a session has a second pair"),
};
pub(super) const SECOND_HASH: HandshakeHash = HandshakeHash([8; 32]);

/// Amina sees Yuki's screen; Ben is there and in no session.
pub(super) fn company(level: Level) -> Table {
    let mut table = Table::granted(level);
    table.admit(COLLEAGUE, Role::Helper, "ben");
    table
}

pub(super) fn invite(table: &mut Table, name: &str, hand_over: bool) -> Vec<Effect> {
    table.input(Input::Invite {
        connection: HELPER,
        colleague: Some(person(name).into()),
        hand_over,
    })
}

/// Ben was invited and came; both ends reported the same handshake; the row is durable.
pub(super) fn joined(level: Level, hand_over: bool) -> Table {
    let mut table = company(level);
    invite(&mut table, "ben", hand_over);
    table.say(COLLEAGUE, accept());
    table.say(COLLEAGUE, shook_in(SECOND, SECOND_HASH));
    table.say(SHARER, shook_in(SECOND, SECOND_HASH));
    table.input(Input::Recorded {
        session: id(1),
        pair: SECOND,
    });
    table
}

fn accept() -> ToRelay {
    ToRelay::Accept { session: id(1) }
}

fn invitation(hand_over: bool, within: u32) -> Effect {
    to(
        COLLEAGUE,
        FromRelay::Invitation(Invitation {
            session: id(1),
            by: person("amina").colleague(),
            sharer: person("yuki").colleague(),
            hand_over,
            reason: Some("printer".into()),
            incident: None,
            within,
        }),
    )
}

fn uninvited(fault: Option<Fault>) -> Effect {
    let subject = "ben".into();
    to(HELPER, FromRelay::Uninvited { subject, fault })
}

fn invitation_gone() -> Effect {
    to(COLLEAGUE, FromRelay::InvitationGone { session: id(1) })
}

pub(super) fn departed(pair: PairId, fault: Fault) -> Effect {
    to(SHARER, FromRelay::Departed { pair, fault })
}

pub(super) fn route_of(pair: PairId, helper: ConnectionId, route: Route) -> Effect {
    Effect::Route {
        session: id(1),
        pair,
        helper,
        sharer: SHARER,
        route,
    }
}

pub(super) fn record_of(pair: PairId, entry: Entry) -> Effect {
    Effect::Record {
        session: id(1),
        pair,
        entry,
    }
}

pub(super) fn granted_to(effects: &[Effect]) -> Vec<PairId> {
    let mut pairs = vec![];
    for effect in effects {
        if let Effect::Grant { grant, .. } = effect {
            pairs.push(grant.grant.pair);
        }
    }
    pairs
}

#[test]
fn an_invited_helper_is_told_comes_and_shakes_hands_without_a_code() {
    let mut table = company(Level::View);
    let invited = FromRelay::Invited {
        colleague: person("ben").colleague(),
        hand_over: false,
        within: 300,
    };
    let told = invite(&mut table, "ben", false);
    assert_eq!(told, [to(HELPER, invited), invitation(false, 300)]);
    let tenant = "contoso".to_owned();
    let came = table.say(COLLEAGUE, accept());
    let claimed = FromRelay::Claimed {
        tenant: tenant.clone(),
        pair: SECOND,
    };
    let joined = FromRelay::Joined {
        session: id(1),
        tenant,
        pair: SECOND,
    };
    assert_eq!(
        came,
        [
            uninvited(None),
            invitation_gone(),
            route_of(SECOND, COLLEAGUE, Route::handshake()),
            to(COLLEAGUE, claimed),
            to(SHARER, joined),
        ]
    );
    assert_eq!(table.say(COLLEAGUE, shook_in(SECOND, SECOND_HASH)), []);
    let recorded = table.say(SHARER, shook_in(SECOND, SECOND_HASH));
    let open = Entry::Open {
        helper: person("ben").into(),
        sharer: person("yuki").into(),
        device: device(Compliance::Compliant).into(),
        reason: Some("printer".into()),
        incident: None,
    };
    assert_eq!(recorded, [record_of(SECOND, open)]);
    let paired = table.input(Input::Recorded {
        session: id(1),
        pair: SECOND,
    });
    assert_eq!(paired[0], route_of(SECOND, COLLEAGUE, Route::paired()));
    assert_eq!(paired.len(), 3, "{paired:?}");
}

/// PRODUCT 2.5, 1.6: nobody is told anything who could not help; all the reasons look alike.
#[test]
fn who_may_not_help_is_not_invited() {
    let mut stranger = person("ben");
    stranger.groups = vec![GroupId("students".into())];
    let unfit = [
        None,
        Some(stranger),
        Some(person("ben@fabrikam")),
        Some(person("yuki")),
        Some(person("amina")),
    ];
    for colleague in unfit {
        let mut table = company(Level::View);
        let refused = table.input(Input::Invite {
            connection: HELPER,
            colleague: colleague.map(Box::new),
            hand_over: false,
        });
        assert_eq!(refused, [faulted(HELPER, Fault::NotInvitable)]);
    }
    let mut twice = company(Level::View);
    invite(&mut twice, "ben", false);
    assert_eq!(
        invite(&mut twice, "ben", true),
        [faulted(HELPER, Fault::NotInvitable)]
    );
}

#[test]
fn only_colleagues_who_could_help_are_found() {
    let mut table = company(Level::View);
    let mut student = person("bea");
    student.groups = vec![];
    let candidates = vec![
        person("ben"),
        student,
        person("yuki"),
        person("bo@fabrikam"),
    ];
    let found = table.input(Input::Colleagues {
        connection: HELPER,
        candidates: candidates.clone(),
    });
    let people = vec![person("ben").colleague()];
    assert_eq!(found, [to(HELPER, FromRelay::Colleagues { people })]);
    let many = (0..30)
        .map(|number| person(&format!("c{number}")))
        .collect();
    let found = table.input(Input::Colleagues {
        connection: HELPER,
        candidates: many,
    });
    let [
        Effect::Send {
            message: FromRelay::Colleagues { people },
            ..
        },
    ] = &*found
    else {
        panic!("one answer: {found:?}");
    };
    assert_eq!(people.len(), wire::MAX_COLLEAGUES);
    for connection in [SHARER, COLLEAGUE] {
        let refused = table.input(Input::Colleagues {
            connection,
            candidates: candidates.clone(),
        });
        assert_eq!(refused, [faulted(connection, Fault::NotNow)]);
    }
}

#[test]
fn nobody_is_invited_before_a_level_stands() {
    let mut table = Table::paired();
    table.admit(COLLEAGUE, Role::Helper, "ben");
    assert_eq!(
        invite(&mut table, "ben", false),
        [faulted(HELPER, Fault::NotNow)]
    );
}

/// A sharer brings nobody in, and learns of nobody.
#[test]
fn a_sharer_invites_nobody() {
    let mut table = company(Level::View);
    let search = "ben".into();
    let colleagues = ToRelay::Colleagues { search };
    let (subject, hand_over) = ("ben".into(), false);
    for asked in [colleagues, ToRelay::Invite { subject, hand_over }] {
        assert_eq!(table.say(SHARER, asked), [faulted(SHARER, Fault::NotNow)]);
    }
    for input in [
        Input::Colleagues {
            connection: SHARER,
            candidates: vec![person("ben")],
        },
        Input::Invite {
            connection: SHARER,
            colleague: Some(person("ben").into()),
            hand_over,
        },
    ] {
        assert_eq!(table.input(input), [faulted(SHARER, Fault::NotNow)]);
    }
}

/// DESIGN 3: at most three at once, invited ones counted.
#[test]
fn a_session_has_three_helpers_at_most() {
    let mut table = company(Level::View);
    invite(&mut table, "ben", false);
    invite(&mut table, "kofi", false);
    assert_eq!(
        invite(&mut table, "olu", false),
        [faulted(HELPER, Fault::SessionFull)]
    );
    let uninvite = ToRelay::Uninvite {
        subject: "kofi".into(),
    };
    table.say(HELPER, uninvite);
    assert!(!invite(&mut table, "olu", false).contains(&faulted(HELPER, Fault::SessionFull)));
}

#[test]
fn an_invitation_ends_in_five_ways() {
    let mut late = company(Level::View);
    invite(&mut late, "ben", false);
    assert!(late.pass(S * 299).is_empty());
    let over = [uninvited(Some(Fault::TimedOut)), invitation_gone()];
    assert_eq!(late.pass(S), over);
    assert_eq!(
        late.say(COLLEAGUE, accept()),
        [faulted(COLLEAGUE, Fault::InvitationGone)]
    );

    let mut declined = company(Level::View);
    invite(&mut declined, "ben", false);
    let no = ToRelay::TurnDown { session: id(1) };
    let told = [uninvited(Some(Fault::Declined)), invitation_gone()];
    assert_eq!(declined.say(COLLEAGUE, no.clone()), told);
    assert_eq!(
        declined.say(COLLEAGUE, no),
        [faulted(COLLEAGUE, Fault::InvitationGone)]
    );

    let mut page = company(Level::View);
    invite(&mut page, "ben", false);
    let no = Input::TurnedDown {
        tenant: TenantId("contoso".into()),
        person: PersonId("ben".into()),
        session: id(1),
    };
    assert_eq!(page.input(no), told);

    let mut taken = company(Level::View);
    invite(&mut taken, "ben", false);
    let back = ToRelay::Uninvite {
        subject: "ben".into(),
    };
    let told = [uninvited(Some(Fault::InvitationGone)), invitation_gone()];
    assert_eq!(taken.say(HELPER, back.clone()), told);
    let again = taken.say(HELPER, back);
    assert_eq!(again, [faulted(HELPER, Fault::InvitationGone)]);

    let mut left = company(Level::View);
    invite(&mut left, "ben", false);
    let effects = left.say(HELPER, ToRelay::Leave {});
    assert!(effects.contains(&invitation_gone()), "{effects:?}");
}

#[test]
fn an_invited_helper_who_comes_later_is_told_too() {
    let mut table = Table::granted(Level::View);
    invite(&mut table, "ben", true);
    table.pass(S * 13);
    let told = table.input(Input::Admitted {
        connection: COLLEAGUE,
        role: Role::Helper,
        person: person("ben").into(),
        source: IpAddr::from([10, 0, 0, 1]),
        device: Device::default().into(),
    });
    assert_eq!(told, [invitation(true, 287)]);
    let open = table.broker.invitations(&person("ben"), table.now);
    assert_eq!(open.len(), 1);
    let others = ["amina", "kofi", "ben@fabrikam"];
    for other in others.map(person) {
        assert!(table.broker.invitations(&other, table.now).is_empty());
    }
}

/// The other tenant's session, one that does not exist and one without an invitation are answered alike (PRODUCT 1.6).
#[test]
fn nobody_comes_without_an_invitation() {
    let mut table = company(Level::View);
    for session in [id(1), id(9)] {
        assert_eq!(
            table.say(COLLEAGUE, ToRelay::Accept { session }),
            [faulted(COLLEAGUE, Fault::InvitationGone)]
        );
    }
    invite(&mut table, "ben", false);
    let stranger = ConnectionId(4);
    table.admit(stranger, Role::Helper, "ben@fabrikam");
    assert_eq!(
        table.say(stranger, accept()),
        [faulted(stranger, Fault::InvitationGone)]
    );
}

/// A right that was taken away meanwhile brings nobody in.
#[test]
fn who_comes_is_decided_for_afresh() {
    let mut table = company(Level::View);
    invite(&mut table, "ben", false);
    table.input(Input::Person {
        tenant: TenantId("contoso".into()),
        person: PersonId("ben".into()),
        active: true,
        groups: vec![],
    });
    assert_eq!(
        table.say(COLLEAGUE, accept()),
        [faulted(COLLEAGUE, Fault::MayNotOffer)]
    );
}

#[test]
fn a_failed_handshake_without_a_code_ends_that_pair_alone() {
    let mut table = company(Level::View);
    invite(&mut table, "ben", false);
    table.say(COLLEAGUE, accept());
    let failed = ToRelay::ShakeFailed {
        pair: SECOND,
        burned: false,
    };
    let mut expected = vec![
        route_of(SECOND, COLLEAGUE, Route::CLOSED),
        departed(SECOND, Fault::SecurityCheck),
    ];
    expected.extend(ended(COLLEAGUE, Fault::SecurityCheck));
    assert_eq!(table.say(SHARER, failed), expected);
    assert!(granted_to(&table.say(SHARER, challenge(1, "again"))) == [PAIR]);
}

/// The handshake has the time of a claim.
#[test]
fn an_invited_helper_has_a_minute_for_the_handshake() {
    let mut table = company(Level::View);
    invite(&mut table, "ben", false);
    table.say(COLLEAGUE, accept());
    assert_eq!(table.pass(S * 59), []);
    let over = table.pass(S);
    assert!(
        over.contains(&departed(SECOND, Fault::TimedOut)),
        "{over:?}"
    );
    assert!(over.contains(&to(COLLEAGUE, FromRelay::ended(Fault::TimedOut))));
}

/// Somebody who is disabled is invited no more.
#[test]
fn an_invitation_of_somebody_who_is_disabled_is_gone() {
    let mut table = company(Level::View);
    invite(&mut table, "ben", false);
    let effects = table.input(Input::Person {
        tenant: TenantId("contoso".into()),
        person: PersonId("ben".into()),
        active: false,
        groups: vec![],
    });
    assert_eq!(effects[0], uninvited(Some(Fault::NotInvitable)));
    assert!(
        table
            .broker
            .invitations(&person("ben"), table.now)
            .is_empty()
    );
}
