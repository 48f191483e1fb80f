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

/// SPEC 8.1: 16 suites are the most; the one that both know is found behind those that nobody knows.
#[test]
fn a_hello_with_17_suites_is_refused() {
    let (helper_key, sharer_key) = keys();
    let mut entropy = Counted(1);
    let (_, first) = Sharer::new(context(), &code("04718362"), sharer_key, &mut entropy);
    let mut attempts = Attempts::new(code("04718362"));
    let mut refused = |count: u8| {
        let suites: Vec<u8> = (1..=count).rev().collect();
        let flight = [&[first[0], count], &*suites, &first[3..]].concat();
        let answered = attempts.answer(context(), &flight, &helper_key, &mut entropy);
        answered.err()
    };
    assert_eq!(refused(16), None);
    let field = "suite count";
    let too_many = Malformed::Value { field, value: 17 };
    assert_eq!(refused(17), Some(HandshakeError::Malformed(too_many)));
}

/// A credential has 12 KiB at most, at both ends.
#[test]
fn a_credential_that_is_too_long_is_refused_by_whoever_reads_it() {
    let (helper_key, sharer_key) = keys();
    let run = |sharers: usize, helpers: usize| {
        let mut entropy = Counted(1);
        let (sharer, first) = Sharer::inviting(context(), sharer_key.clone(), &mut entropy);
        let (helper, second) = Helper::invited(context(), &first, &helper_key, &mut entropy)?;
        let (sharer, third) = sharer.read_second(&second, &vec![b'x'; sharers])?;
        let answering = helper.read_third(&third)?;
        let (helper, fourth) = answering.answer(&vec![b'x'; helpers])?;
        let sharer = sharer.read_fourth(&fourth)?;
        Ok((helper.credential.len(), sharer.credential.len()))
    };
    assert_eq!(run(12_288, 12_288), Ok((12_288, 12_288)));
    assert_eq!(run(12_289, 9), Err(HandshakeError::SecurityCheck));
    assert_eq!(run(9, 12_289), Err(HandshakeError::SecurityCheck));
}

/// The draft's own examples of `prepend_len` (draft-irtf-cfrg-cpace, appendix A.1).
#[test]
fn a_length_of_128_has_two_bytes() {
    let prefixed = |part: &[u8]| {
        let mut out = vec![];
        cpace::put_prefixed(&mut out, part);
        out
    };
    let long: Vec<u8> = (0..128).collect();
    assert_eq!(prefixed(b""), b"\x00");
    assert_eq!(prefixed(b"1234"), b"\x041234");
    assert_eq!(prefixed(&long[..127]), [b"\x7f", &long[..127]].concat());
    assert_eq!(prefixed(&long), [b"\x80\x01", &*long].concat());
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

/// A handshake without a code (SPEC 8.8). Gives both ends.
fn meet(seed: u64) -> (Established, Established) {
    let (helper_key, sharer_key) = keys();
    let mut entropy = Counted(seed);
    let (sharer, first) = Sharer::inviting(context(), sharer_key, &mut entropy);
    let (helper, second) = Helper::invited(context(), &first, &helper_key, &mut entropy).unwrap();
    let (sharer, third) = sharer.read_second(&second, b"sharer").unwrap();
    let answering = helper.read_third(&third).unwrap();
    let (helper, fourth) = answering.answer(b"helper").unwrap();
    (helper, sharer.read_fourth(&fourth).unwrap())
}

#[test]
fn an_invited_helper_and_the_sharer_agree_without_a_code() {
    let (helper, sharer) = meet(1);
    let (helper_key, sharer_key) = keys();
    assert_eq!(helper.hash, sharer.hash);
    assert_eq!(helper.secret.bytes(), sharer.secret.bytes());
    assert_eq!(helper.peer_key, sharer_key.public());
    assert_eq!(sharer.peer_key, helper_key.public());
    assert_eq!(
        (&*helper.credential, &*sharer.credential),
        (&b"sharer"[..], &b"helper"[..])
    );
    assert_ne!(meet(2).0.hash, helper.hash, "every handshake is fresh");
}

/// No relay can turn a handshake with a code into one without: each end knows which it is in.
#[test]
fn a_handshake_with_a_code_and_one_without_never_meet() {
    let (helper_key, sharer_key) = keys();
    let mut entropy = Counted(1);
    let code = code("04718362");
    let (_, with_code) = Sharer::new(context(), &code, sharer_key.clone(), &mut entropy);
    let answered = Helper::invited(context(), &with_code, &helper_key, &mut entropy);
    assert!(matches!(answered.err(), Some(HandshakeError::Malformed(_))));
    let (inviting, without) = Sharer::inviting(context(), sharer_key.clone(), &mut entropy);
    let mut attempts = Attempts::new(code.clone());
    let answered = attempts.answer(context(), &without, &helper_key, &mut entropy);
    assert!(matches!(answered.err(), Some(HandshakeError::Malformed(_))));
    assert_eq!(attempts.left(), 3, "a malformed flight uses up no attempt");
    let (_, first) = Sharer::new(context(), &code, sharer_key, &mut entropy);
    let (_, second) = attempts
        .answer(context(), &first, &helper_key, &mut entropy)
        .unwrap();
    assert!(inviting.read_second(&second, b"sharer").is_err());
}

/// The mode is in the transcript: the same bytes of hellos under the other mode give another key.
#[test]
fn the_mode_is_bound() {
    let secrets = Secrets {
        isk: Zeroizing::default(),
        kem: Zeroizing::new(vec![1; 32]),
    };
    let agreed = |mode| {
        let hellos = Hellos {
            mode,
            a: b"a",
            b: b"b",
        };
        Agreed::new(&context(), hellos, &secrets).prologue
    };
    assert_ne!(agreed(Mode::Code), agreed(Mode::Invitation));
}

#[test]
fn a_bit_that_is_flipped_on_the_way_ends_a_handshake_without_a_code() {
    let (helper_key, sharer_key) = keys();
    for flight in 0..4 {
        let flip = |number: usize, bytes: &mut Vec<u8>| {
            if number == flight {
                let last = bytes.len() - 1;
                bytes[last] ^= 1;
            }
        };
        let run = || -> Result<(), HandshakeError> {
            let mut entropy = Counted(1);
            let (sharer, mut first) = Sharer::inviting(context(), sharer_key.clone(), &mut entropy);
            flip(0, &mut first);
            let (helper, mut second) =
                Helper::invited(context(), &first, &helper_key, &mut entropy)?;
            flip(1, &mut second);
            let (sharer, mut third) = sharer.read_second(&second, b"sharer")?;
            flip(2, &mut third);
            let (_, mut fourth) = helper.read_third(&third)?.answer(b"helper")?;
            flip(3, &mut fourth);
            sharer.read_fourth(&fourth).map(|_| ())
        };
        assert!(run().is_err(), "flight {flight}");
    }
}
