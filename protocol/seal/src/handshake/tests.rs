//! Both sides of the handshake against each other, and against an attacker in the middle.

use policy::SessionId;
use wire::Code;

use super::*;
use crate::Entropy;

/// A repeatable source for tests: a counter through SHA-256.
pub(crate) struct Counted(pub(crate) u64);

impl Entropy for Counted {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            self.0 += 1;
            let block = Sha256::digest(self.0.to_be_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

fn context() -> Context {
    Context {
        session: SessionId([3; 16]),
        tenant: "contoso".into(),
    }
}

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

fn keys() -> (StaticKey, StaticKey) {
    (StaticKey::new([1; 32]), StaticKey::new([2; 32]))
}

/// A whole handshake. Gives both ends.
pub(crate) fn shake(seed: u64) -> (Established, Established) {
    let (helper_key, sharer_key) = keys();
    let mut entropy = Counted(seed);
    let mut attempts = Attempts::new(code("04718362"));
    let (sharer, first) = Sharer::new(context(), &code("04718362"), sharer_key, &mut entropy);
    let (helper, second) = attempts
        .answer(context(), &first, &helper_key, &mut entropy)
        .unwrap();
    let (sharer, third) = sharer
        .read_second(&second, b"{\"role\":\"sharer\"}")
        .unwrap();
    let (helper, fourth) = helper
        .read_third(&third)
        .unwrap()
        .answer(b"{\"role\":\"helper\"}")
        .unwrap();
    let sharer = sharer.read_fourth(&fourth).unwrap();
    (helper, sharer)
}

#[test]
fn both_ends_agree_and_know_each_others_keys() {
    let (helper, sharer) = shake(1);
    let (helper_key, sharer_key) = keys();
    assert_eq!(helper.hash, sharer.hash);
    assert_eq!(helper.secret.bytes(), sharer.secret.bytes());
    assert_eq!(helper.peer_key, sharer_key.public());
    assert_eq!(sharer.peer_key, helper_key.public());
    assert_eq!(helper.credential, b"{\"role\":\"sharer\"}");
    assert_eq!(sharer.credential, b"{\"role\":\"helper\"}");
    let (other, _) = shake(2);
    assert_ne!(other.hash, helper.hash, "every handshake is fresh");
}

/// PRODUCT 3.1: a wrong secret part ends in a failed security check, before any credential is sent.
#[test]
fn a_wrong_digit_fails_at_the_second_flight() {
    let (helper_key, sharer_key) = keys();
    let mut entropy = Counted(1);
    let mut attempts = Attempts::new(code("04718362"));
    let (sharer, first) = Sharer::new(context(), &code("04718363"), sharer_key, &mut entropy);
    let (_, second) = attempts
        .answer(context(), &first, &helper_key, &mut entropy)
        .unwrap();
    let failed = sharer.read_second(&second, b"credential");
    assert_eq!(failed.err(), Some(HandshakeError::SecurityCheck));
}

/// PRODUCT 3.1: three attempts, counted by the helper when it answers.
#[test]
fn the_fourth_first_flight_is_not_answered() {
    let (helper_key, sharer_key) = keys();
    let mut entropy = Counted(1);
    let mut attempts = Attempts::new(code("04718362"));
    for _ in 0..3 {
        let (_, first) = Sharer::new(
            context(),
            &code("04718362"),
            sharer_key.clone(),
            &mut entropy,
        );
        assert!(
            attempts
                .answer(context(), &first, &helper_key, &mut entropy)
                .is_ok()
        );
    }
    let (_, first) = Sharer::new(context(), &code("04718362"), sharer_key, &mut entropy);
    let refused = attempts.answer(context(), &first, &helper_key, &mut entropy);
    assert_eq!(refused.err(), Some(HandshakeError::Burned));
}

#[test]
fn tenant_and_session_are_bound() {
    let (helper_key, sharer_key) = keys();
    for other in [
        Context {
            tenant: "fabrikam".into(),
            ..context()
        },
        Context {
            session: SessionId([4; 16]),
            ..context()
        },
    ] {
        let mut entropy = Counted(1);
        let mut attempts = Attempts::new(code("04718362"));
        let (sharer, first) = Sharer::new(
            context(),
            &code("04718362"),
            sharer_key.clone(),
            &mut entropy,
        );
        let (_, second) = attempts
            .answer(other, &first, &helper_key, &mut entropy)
            .unwrap();
        assert_eq!(
            sharer.read_second(&second, b"").err(),
            Some(HandshakeError::SecurityCheck)
        );
    }
}

#[test]
fn a_changed_bit_anywhere_fails() {
    let (helper_key, sharer_key) = keys();
    let flights = |flip: Option<(usize, usize)>| -> Result<(), HandshakeError> {
        let mut entropy = Counted(1);
        let change = |number: usize, mut flight: Vec<u8>| {
            if let Some((_, at)) = flip.filter(|(flight, _)| *flight == number) {
                let at = at % flight.len();
                flight[at] ^= 0x10;
            }
            flight
        };
        let mut attempts = Attempts::new(code("04718362"));
        let (sharer, first) = Sharer::new(
            context(),
            &code("04718362"),
            sharer_key.clone(),
            &mut entropy,
        );
        let (helper, second) =
            attempts.answer(context(), &change(1, first), &helper_key, &mut entropy)?;
        let (sharer, third) = sharer.read_second(&change(2, second), b"sharer")?;
        let (_, fourth) = helper.read_third(&change(3, third))?.answer(b"helper")?;
        sharer.read_fourth(&change(4, fourth)).map(|_| ())
    };
    assert_eq!(flights(None), Ok(()));
    for flight in 1..=4 {
        for at in (0..1250).step_by(61) {
            assert!(
                flights(Some((flight, at))).is_err(),
                "flight {flight}, byte {at}"
            );
        }
    }
}

#[test]
fn truncated_and_longer_flights_are_refused() {
    let (helper_key, sharer_key) = keys();
    let mut entropy = Counted(1);
    let (_, first) = Sharer::new(context(), &code("04718362"), sharer_key, &mut entropy);
    let mut attempts = Attempts::new(code("04718362"));
    for length in 0..first.len() {
        let refused = attempts
            .answer(context(), &first[..length], &helper_key, &mut entropy)
            .err();
        assert!(
            matches!(refused, Some(HandshakeError::Malformed(_))),
            "{length}: {refused:?}"
        );
    }
    let longer = [first.as_slice(), b"x"].concat();
    let refused = attempts
        .answer(context(), &longer, &helper_key, &mut entropy)
        .err();
    assert_eq!(
        refused,
        Some(HandshakeError::Malformed(Malformed::Trailing(1)))
    );
    assert_eq!(
        attempts.left(),
        3,
        "what cannot be answered uses up no attempt"
    );
}

#[test]
fn suites_and_versions_are_not_negotiated_away() {
    let (helper_key, sharer_key) = keys();
    let mut entropy = Counted(1);
    let (_, first) = Sharer::new(context(), &code("04718362"), sharer_key, &mut entropy);
    let mut attempts = Attempts::new(code("04718362"));
    let mut refused = |flight: &[u8]| {
        attempts
            .answer(context(), flight, &helper_key, &mut entropy)
            .err()
            .unwrap()
    };
    let with_suites = |suites: &[u8]| {
        let count = u8::try_from(suites.len()).unwrap();
        [&[first[0], count], suites, &first[3..]].concat()
    };
    assert_eq!(refused(&with_suites(&[])), HandshakeError::NoSuite);
    assert_eq!(refused(&with_suites(&[9])), HandshakeError::NoSuite);
    assert_eq!(refused(&with_suites(&[1, 1])), HandshakeError::NoSuite);
    let mut other = first.clone();
    other[0] = 2;
    assert_eq!(refused(&other), HandshakeError::Version(2));
}

#[test]
fn a_reflected_or_replayed_flight_is_refused() {
    let (helper_key, sharer_key) = keys();
    let mut entropy = Counted(1);
    let mut attempts = Attempts::new(code("04718362"));
    let sharer = |entropy: &mut Counted| {
        Sharer::new(context(), &code("04718362"), sharer_key.clone(), entropy)
    };
    let (first_sharer, first) = sharer(&mut entropy);
    let (helper, second) = attempts
        .answer(context(), &first, &helper_key, &mut entropy)
        .unwrap();
    let (_, third) = first_sharer.read_second(&second, b"sharer").unwrap();
    let (again, _) = sharer(&mut entropy);
    assert_eq!(
        again.read_second(&second, b"sharer").err(),
        Some(HandshakeError::SecurityCheck)
    );
    let (reflected, flight) = sharer(&mut entropy);
    assert!(reflected.read_second(&flight, b"sharer").is_err());
    assert!(helper.read_third(&third).is_ok());
    let (_, first) = sharer(&mut entropy);
    let (helper, _) = attempts
        .answer(context(), &first, &helper_key, &mut entropy)
        .unwrap();
    assert_eq!(
        helper.read_third(&third).err(),
        Some(HandshakeError::SecurityCheck)
    );
}
