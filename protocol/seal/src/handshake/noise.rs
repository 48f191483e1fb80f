//! `Noise_XXpsk0_25519_AESGCM_SHA256` by snow, with fresh randomness passed in and all-zero Diffie-Hellman results refused.

use curve25519_dalek::montgomery::MontgomeryPoint;
use snow::params::{CipherChoice, DHChoice, HashChoice};
use snow::resolvers::{CryptoResolver, DefaultResolver};
use snow::types::{Cipher, Dh, Hash, Random};
use zeroize::Zeroizing;

use super::HandshakeError;

/// A client's X25519 key. The sign-in of its person commits to its public half (SPEC 8.4).
#[derive(Clone)]
pub struct StaticKey {
    private: Zeroizing<[u8; 32]>,
}

impl StaticKey {
    /// A key from 32 fresh random bytes.
    pub fn new(random: [u8; 32]) -> Self {
        Self {
            private: Zeroizing::new(random),
        }
    }

    /// The public half.
    pub fn public(&self) -> [u8; 32] {
        MontgomeryPoint::mul_base_clamped(*self.private).to_bytes()
    }
}

/// What a Noise handshake starts from.
pub(super) struct Start<'a> {
    pub(super) key: &'a StaticKey,
    pub(super) psk: &'a [u8; 32],
    pub(super) prologue: &'a [u8],
    /// The ephemeral key.
    pub(super) random: [u8; 32],
    pub(super) initiator: bool,
}

/// A Noise handshake under way.
pub(super) struct Noise(snow::HandshakeState);

/// What is left of it at the end.
pub(super) struct Finished {
    pub(super) hash: [u8; 32],
    pub(super) their_key: [u8; 32],
    /// Both keys of Split(), initiator's first.
    pub(super) split: Zeroizing<Vec<u8>>,
}

impl Noise {
    pub(super) fn new(start: Start<'_>) -> Result<Self, HandshakeError> {
        let pattern = PATTERN.parse().map_err(refused)?;
        let resolver = Resolver {
            random: start.random,
        };
        let builder = snow::Builder::with_resolver(pattern, Box::new(resolver))
            .local_private_key(start.key.private.as_slice())
            .and_then(|builder| builder.psk(0, start.psk))
            .and_then(|builder| builder.prologue(start.prologue))
            .map_err(refused)?;
        let state = if start.initiator {
            builder.build_initiator()
        } else {
            builder.build_responder()
        };
        state.map(Self).map_err(refused)
    }

    /// The next message, with this payload.
    pub(super) fn write(&mut self, payload: &[u8]) -> Result<Vec<u8>, HandshakeError> {
        let mut message = vec![0; payload.len() + OVERHEAD];
        let length = self
            .0
            .write_message(payload, &mut message)
            .map_err(refused)?;
        message.truncate(length);
        Ok(message)
    }

    /// Reads the peer's next message and gives its payload.
    pub(super) fn read(&mut self, message: &[u8]) -> Result<Vec<u8>, HandshakeError> {
        let mut payload = vec![0; message.len()];
        let length = self
            .0
            .read_message(message, &mut payload)
            .map_err(refused)?;
        payload.truncate(length);
        Ok(payload)
    }

    /// The peer's static key, once it has come.
    pub(super) fn their_key(&self) -> Option<[u8; 32]> {
        self.0
            .get_remote_static()
            .and_then(|key| key.try_into().ok())
    }

    pub(super) fn finish(mut self) -> Result<Finished, HandshakeError> {
        if !self.0.is_handshake_finished() {
            return Err(HandshakeError::SecurityCheck);
        }
        let hash = self.0.get_handshake_hash().try_into();
        let their_key = self.their_key();
        let (first, second) = self.0.dangerously_get_raw_split();
        let (first, second) = (Zeroizing::new(first), Zeroizing::new(second));
        Ok(Finished {
            hash: hash.map_err(|_| HandshakeError::SecurityCheck)?,
            their_key: their_key.ok_or(HandshakeError::SecurityCheck)?,
            split: Zeroizing::new([first.as_slice(), second.as_slice()].concat()),
        })
    }
}

/// Whatever Noise refuses looks the same from outside: the ends do not share the code, or somebody interferes.
fn refused(_: snow::Error) -> HandshakeError {
    HandshakeError::SecurityCheck
}

/// snow's primitives, but with our randomness and with a check that snow leaves out (RFC 7748, section 6.1).
struct Resolver {
    random: [u8; 32],
}

impl CryptoResolver for Resolver {
    fn resolve_rng(&self) -> Option<Box<dyn Random>> {
        Some(Box::new(Once {
            random: Some(Zeroizing::new(self.random)),
        }))
    }

    fn resolve_dh(&self, choice: &DHChoice) -> Option<Box<dyn Dh>> {
        let dh = DefaultResolver.resolve_dh(choice)?;
        Some(Box::new(CheckedDh(dh)))
    }

    fn resolve_hash(&self, choice: &HashChoice) -> Option<Box<dyn Hash>> {
        DefaultResolver.resolve_hash(choice)
    }

    fn resolve_cipher(&self, choice: &CipherChoice) -> Option<Box<dyn Cipher>> {
        DefaultResolver.resolve_cipher(choice)
    }
}

/// Gives its 32 bytes once: a handshake has one ephemeral key of each end.
struct Once {
    random: Option<Zeroizing<[u8; 32]>>,
}

impl Random for Once {
    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), snow::Error> {
        match self.random.take() {
            Some(random) if dest.len() == random.len() => {
                dest.copy_from_slice(random.as_slice());
                Ok(())
            }
            _ => Err(snow::Error::Rng),
        }
    }
}

/// Refuses all-zero results, which a key of small order would force.
struct CheckedDh(Box<dyn Dh>);

impl Dh for CheckedDh {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn pub_len(&self) -> usize {
        self.0.pub_len()
    }

    fn priv_len(&self) -> usize {
        self.0.priv_len()
    }

    fn set(&mut self, private: &[u8]) {
        self.0.set(private);
    }

    fn generate(&mut self, rng: &mut dyn Random) -> Result<(), snow::Error> {
        self.0.generate(rng)
    }

    fn pubkey(&self) -> &[u8] {
        self.0.pubkey()
    }

    fn privkey(&self) -> &[u8] {
        self.0.privkey()
    }

    fn dh(&self, theirs: &[u8], out: &mut [u8]) -> Result<(), snow::Error> {
        self.0.dh(theirs, out)?;
        let nonzero = out
            .iter()
            .take(self.0.dh_len())
            .fold(0, |all, byte| all | byte);
        if nonzero == 0 {
            Err(snow::Error::Dh)
        } else {
            Ok(())
        }
    }
}

const PATTERN: &str = "Noise_XXpsk0_25519_AESGCM_SHA256";
/// Two keys and two tags: more than any message of the pattern adds to its payload.
const OVERHEAD: usize = 2 * 32 + 2 * 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn start(key: &StaticKey, initiator: bool) -> Noise {
        Noise::new(Start {
            key,
            psk: &[5; 32],
            prologue: b"p",
            random: [9; 32],
            initiator,
        })
        .unwrap()
    }

    /// The points of small order of Curve25519 and their non-canonical forms, as e and as s.
    #[test]
    fn keys_of_small_order_are_refused() {
        let mut low = vec![[0; 32]];
        let mut one = [0; 32];
        one[0] = 1;
        low.push(one);
        for (first, last) in [(0xec, 0x7f), (0xed, 0x7f), (0xee, 0x7f)] {
            let mut point = [0xff; 32];
            (point[0], point[31]) = (first, last);
            low.push(point);
            point[31] = 0xff;
            low.push(point);
        }
        for e in low {
            let dh = CheckedDh(DefaultResolver.resolve_dh(&DHChoice::Curve25519).unwrap());
            let mut dh: Box<dyn Dh> = Box::new(dh);
            dh.set(&[0x42; 32]);
            assert!(dh.dh(&e, &mut [0; 32]).is_err(), "{e:02x?}");
        }
    }

    /// A secret is refused if all of its bytes are zero, not if they only cancel each other out.
    #[test]
    fn a_secret_whose_bytes_cancel_out_is_accepted() {
        let theirs = StaticKey::new([7; 32]).public();
        let cancels = (0..=u16::MAX).find_map(|number| {
            let mut dh = CheckedDh(DefaultResolver.resolve_dh(&DHChoice::Curve25519)?);
            let mut private = [1; 32];
            private[8..10].copy_from_slice(&number.to_be_bytes());
            dh.set(&private);
            let mut secret = [0; 32];
            dh.0.dh(&theirs, &mut secret).ok()?;
            (secret.iter().fold(0, |all, byte| all ^ byte) == 0).then_some(dh)
        });
        let dh = cancels.expect("one secret of 256 is so");
        assert!(dh.dh(&theirs, &mut [0; 32]).is_ok());
    }

    #[test]
    fn another_prologue_fails() {
        let (ours, theirs) = (StaticKey::new([1; 32]), StaticKey::new([2; 32]));
        let mut initiator = start(&ours, true);
        let first = initiator.write(&[]).unwrap();
        assert!(start(&theirs, false).read(&first).is_ok());
        let mut other = Noise::new(Start {
            key: &theirs,
            psk: &[5; 32],
            prologue: b"q",
            random: [9; 32],
            initiator: false,
        })
        .unwrap();
        assert_eq!(other.read(&first), Err(HandshakeError::SecurityCheck));
    }
}
