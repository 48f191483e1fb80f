//! Codes: who may make one, who may claim one, how long it lives.

use super::*;

/// PRODUCT 3.1: unknown, used, expired, claimed and foreign codes, and one's own, answer alike.
#[test]
fn a_code_that_cannot_be_joined_never_says_why() {
    let alike = [faulted(SHARER, Fault::CodeUnknown)];
    let mut unknown = Table::offered();
    assert_eq!(unknown.say(SHARER, join(48)), alike);

    let mut used = Table::paired();
    used.say(HELPER, ToRelay::Leave {});
    used.input(Input::Gone { connection: SHARER });
    used.admit(SHARER, Role::Sharer, "yuki");
    assert_eq!(used.say(SHARER, join(47)), alike);

    let mut expired = Table::offered();
    expired.pass(600 * S);
    assert_eq!(expired.say(SHARER, join(47)), alike);

    let mut foreign = Table::new();
    foreign.admit(HELPER, Role::Helper, "amina@fabrikam");
    foreign.admit(SHARER, Role::Sharer, "yuki");
    foreign.say(HELPER, create());
    assert_eq!(foreign.say(SHARER, join(47)), alike);

    let mut own = Table::new();
    own.admit(HELPER, Role::Helper, "amina");
    own.admit(SHARER, Role::Sharer, "amina");
    own.say(HELPER, create());
    assert_eq!(own.say(SHARER, join(47)), alike);
}

/// PRODUCT 3.1: single use. Of many who type it, one claims it; the others learn nothing.
#[test]
fn fifty_joins_make_one_claim() {
    let mut table = Table::new();
    table.admit(HELPER, Role::Helper, "amina");
    table.say(HELPER, create());
    let mut claims = 0;
    for number in 10..60 {
        let connection = ConnectionId(number);
        table.input(Input::Admitted {
            connection,
            role: Role::Sharer,
            person: person(&format!("sharer {number}")).into(),
            source: IpAddr::from([10, 0, 1, u8::try_from(number).unwrap()]),
            device: device(Compliance::Compliant).into(),
        });
        let effects = table.say(connection, join(47));
        if effects == [faulted(connection, Fault::CodeUnknown)] {
            continue;
        }
        claims += 1;
        assert_eq!(effects.len(), 3, "{effects:?}");
    }
    assert_eq!(claims, 1);
}

/// PRODUCT 3.1: a code lives 10 minutes, to the second.
#[test]
fn a_code_expires_after_ten_minutes() {
    let mut table = Table::offered();
    assert_eq!(table.broker.poll_timeout(), Some(600 * S));
    assert_eq!(table.pass(600 * S - Duration::from_nanos(1)), []);
    assert_eq!(
        table.pass(Duration::from_nanos(1)),
        ended(HELPER, Fault::CodeExpired)
    );
    assert_eq!(table.broker.poll_timeout(), None);
}

#[test]
fn a_code_can_be_joined_until_its_last_moment() {
    let mut table = Table::offered();
    table.pass(600 * S - Duration::from_nanos(1));
    assert_eq!(table.say(SHARER, join(47)).len(), 3);
}

/// A shell that is late with its timeout gets the same answer: time is looked at before the input.
#[test]
fn a_late_timeout_saves_no_code() {
    let mut table = Table::offered();
    table.now = 600 * S;
    let mut expected = ended(HELPER, Fault::CodeExpired).to_vec();
    expected.push(faulted(SHARER, Fault::CodeUnknown));
    assert_eq!(table.say(SHARER, join(47)), expected);
}

/// PRODUCT 1.1, 2.2: without the tenant's switch or the permission to offer there is no code, and the reason is told.
#[test]
fn a_code_needs_the_tenant_and_the_permission_to_offer() {
    let mut table = Table::seated();
    table.input(Input::Rules(Rules::default()));
    assert_eq!(
        table.say(HELPER, create()),
        [faulted(HELPER, Fault::TenantOff)]
    );
    table.input(Input::Rules(rules(Permissions::NONE)));
    assert_eq!(
        table.say(HELPER, create()),
        [faulted(HELPER, Fault::MayNotOffer)]
    );
}

#[test]
fn one_connection_is_in_one_session() {
    let mut table = Table::claimed();
    assert_eq!(
        table.say(HELPER, create()),
        [faulted(HELPER, Fault::NotNow)]
    );
    assert_eq!(
        table.say(SHARER, join(47)),
        [faulted(SHARER, Fault::NotNow)]
    );
}

#[test]
fn a_tenant_without_a_free_code_says_so() {
    let mut table = Table::new();
    for number in 0..1000 {
        let connection = ConnectionId(100 + number);
        table.admit(connection, Role::Helper, "amina");
        let random = std::array::from_fn(|at| number.to_be_bytes()[at % 8]);
        let effects = table.input(Input::Message {
            connection,
            message: create(),
            random,
        });
        assert!(
            matches!(
                effects[..],
                [Effect::Send {
                    message: FromRelay::Created { .. },
                    ..
                }]
            ),
            "{effects:?}"
        );
    }
    table.admit(HELPER, Role::Helper, "amina");
    assert_eq!(
        table.say(HELPER, create()),
        [faulted(HELPER, Fault::NoCodeFree)]
    );
}

/// The sixth code within a minute is refused, and says so instead of lying about the code.
#[test]
fn guessing_codes_is_limited() {
    let mut table = Table::offered();
    for _ in 0..5 {
        assert_eq!(
            table.say(SHARER, join(48)),
            [faulted(SHARER, Fault::CodeUnknown)]
        );
    }
    assert_eq!(
        table.say(SHARER, join(47)),
        [faulted(SHARER, Fault::JoinLimit)]
    );
    table.pass(60 * S);
    assert_eq!(table.say(SHARER, join(47)).len(), 3);
}

/// PRODUCT 3.1: ten minutes, also for a code whose claim ends after them.
#[test]
fn a_code_does_not_outlive_its_ten_minutes_by_a_claim() {
    let mut table = Table::offered();
    table.pass(590 * S);
    table.say(SHARER, join(47));
    let other = ConnectionId(3);
    table.admit(other, Role::Sharer, "olu");
    table.now = 650 * S;
    let effects = table.say(other, join(47));
    assert!(
        effects.contains(&faulted(other, Fault::CodeUnknown)),
        "{effects:?}"
    );
}

/// A subject is a name within its issuer: two organisations may use the same.
#[test]
fn tenants_do_not_share_the_limits_of_a_subject() {
    let mut table = Table::new();
    let (here, there) = (ConnectionId(3), ConnectionId(4));
    table.admit(here, Role::Sharer, "yuki");
    table.admit(there, Role::Sharer, "yuki@fabrikam");
    for _ in 0..5 {
        table.say(there, join(1));
    }
    assert_eq!(
        table.say(here, join(1)),
        [faulted(here, Fault::CodeUnknown)]
    );
}

/// A claim that fails after the ten minutes leaves no code; the sharer is told of the claim, the helper of the code.
#[test]
fn a_code_whose_time_is_over_is_not_given_back() {
    for how in [shake_failed(false), ToRelay::Leave {}] {
        let mut table = Table::offered();
        table.pass(590 * S);
        table.say(SHARER, join(47));
        table.pass(10 * S);
        let effects = table.say(SHARER, how);
        assert_eq!(effects[0], route(Route::CLOSED));
        let gone = ended(HELPER, Fault::CodeExpired);
        assert!(effects.windows(2).any(|pair| pair == gone), "{effects:?}");
        assert_eq!(table.broker.poll_timeout(), None);
    }
    let mut table = Table::offered();
    table.pass(590 * S);
    table.say(SHARER, join(47));
    let mut expected = vec![route(Route::CLOSED)];
    expected.extend(ended(SHARER, Fault::TimedOut));
    expected.extend(ended(HELPER, Fault::CodeExpired));
    assert_eq!(table.pass(60 * S), expected);
}

/// DESIGN 6: a code is an offer of help, and ends with the right to offer.
#[test]
fn a_code_ends_with_the_right_to_offer() {
    let mut table = Table::offered();
    assert_eq!(table.input(Input::Rules(rules(Permissions::VIEW))), []);
    assert_eq!(
        table.input(Input::Rules(Rules::default())),
        ended(HELPER, Fault::TenantOff)
    );
    let mut table = Table::claimed();
    let mut expected = vec![route(Route::CLOSED)];
    expected.extend(ended(SHARER, Fault::CodeUnknown));
    expected.extend(ended(HELPER, Fault::MayNotOffer));
    assert_eq!(
        table.input(Input::Rules(rules(Permissions::NONE))),
        expected
    );
}

/// DESIGN 3: a tenant whose codes are being guessed takes no more joins; those that led to a pair are no guesses.
#[test]
fn joins_that_prove_nothing_are_limited_in_a_tenant() {
    let mut table = Table::paired();
    for number in 0..101u8 {
        let connection = ConnectionId(100 + u64::from(number));
        table.input(Input::Admitted {
            connection,
            role: Role::Sharer,
            person: person(&format!("sharer {number}")).into(),
            source: IpAddr::from([10, 0, 1, number]),
            device: device(Compliance::Compliant).into(),
        });
        let fault = match number {
            100 => Fault::JoinLimit,
            _ => Fault::CodeUnknown,
        };
        assert_eq!(
            table.say(connection, join(1)),
            [faulted(connection, fault)],
            "join {number}"
        );
    }
}
