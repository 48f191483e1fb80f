//! The handshake of the two ends: four flights, two round trips (SPEC 8).
//!
//! ```text
//! sharer                                                             helper
//!   F1  HELLO_A: version, suites, random, CPace share, ML-KEM key  →
//!   ←  F2  HELLO_B: suite, CPace share, ML-KEM ciphertext; Noise 1      one attempt is used up here
//!   F3  Noise 2: the sharer's credential                           →
//!   ←  F4  Noise 3: the helper's credential
//! ```
//!
//! CPace proves the code, ML-KEM keeps the session secret from later quantum computers; both feed the pre-shared key of a
//! Noise XXpsk0, whose prologue binds mode, tenant, session and both hellos, so nothing can be negotiated down. A helper whom a
//! colleague invited has no code: there CPace is left out, and the credentials say who is who.

mod cpace;
mod hello;
mod helper;
mod noise;
mod sharer;
#[cfg(test)]
pub(crate) mod tests;

use hkdf::Hkdf;
use policy::{HandshakeHash, SessionId};
use sha2::{Digest, Sha256};
use thiserror::Error;
use wire::{Malformed, Role};
use zeroize::Zeroizing;

use crate::keys::Secret;

pub use hello::{SUITES, Suite};
pub use helper::{Answering, Attempts, Helper};
pub use noise::StaticKey;
pub use sharer::{AwaitingFourth, Sharer};

/// What both ends know of a session before they meet; all of it is bound into the handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// The session id that the relay gave.
    pub session: SessionId,
    /// The tenant that the relay named.
    pub tenant: String,
}

/// A finished handshake.
#[derive(Debug)]
pub struct Established {
    /// Which end this is.
    pub role: Role,
    /// The session.
    pub session: SessionId,
    /// What consent and grant are bound to; both ends report it to the relay.
    pub hash: HandshakeHash,
    /// The peer's X25519 key.
    pub peer_key: [u8; 32],
    /// What the peer said about itself, sealed: JSON text of its credential.
    pub credential: Vec<u8>,
    /// The secret of generation 0.
    pub(crate) secret: Secret,
}

/// Why a handshake ended without a session. Nothing was shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum HandshakeError {
    /// A flight is not what SPEC 8 describes.
    #[error("a flight of the handshake is malformed: {0}")]
    Malformed(#[from] Malformed),
    /// The peer's program speaks another version of the sealed protocol.
    #[error("the other program speaks version {0} of the sealed protocol")]
    Version(u8),
    /// The peer offers no suite that this end has.
    #[error("no cipher suite in common")]
    NoSuite,
    /// The two ends do not share the code, or somebody sits between them.
    #[error("the security check failed")]
    SecurityCheck,
    /// The code's attempts are used up.
    #[error("the code was tried too often")]
    Burned,
}

/// The largest credential, in bytes.
pub const MAX_CREDENTIAL: usize = 12 * 1024;

/// How the two ends know each other. Each end knows it beforehand; it is bound into the handshake, never negotiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// By a code that one told the other.
    Code,
    /// By the invitation of a helper whom the sharer knows; credentials alone say who it is.
    Invitation,
}

impl Mode {
    fn name(self) -> &'static [u8] {
        match self {
            Self::Code => b"code",
            Self::Invitation => b"invitation",
        }
    }
}

/// The first two flights as they were sent, without the Noise message.
struct Hellos<'a> {
    mode: Mode,
    a: &'a [u8],
    b: &'a [u8],
}

/// What the first two flights agreed on. Without a code there is no ISK.
struct Secrets {
    isk: Zeroizing<Vec<u8>>,
    kem: Zeroizing<Vec<u8>>,
}

/// The exchange of secrets is over: what the Noise part of the handshake starts from.
struct Agreed {
    psk: Zeroizing<[u8; 32]>,
    prologue: Vec<u8>,
}

impl Agreed {
    /// `psk = HKDF(salt = th, ikm = lv(ISK) || lv(ss), "rh/1 psk")`, `th = SHA-256(HELLO_A || HELLO_B)` (SPEC 8.3).
    fn new(context: &Context, hellos: Hellos<'_>, secrets: &Secrets) -> Self {
        let transcript = Sha256::new()
            .chain_update(hellos.a)
            .chain_update(hellos.b)
            .finalize();
        let mut input = Zeroizing::new(Vec::new());
        cpace::put_prefixed(&mut input, &secrets.isk);
        cpace::put_prefixed(&mut input, &secrets.kem);
        let psk = expand(Some(&transcript), &input, b"rh/1 psk");
        let mut prologue = b"rh/1".to_vec();
        cpace::put_prefixed(&mut prologue, hellos.mode.name());
        cpace::put_prefixed(&mut prologue, context.tenant.as_bytes());
        prologue.extend(context.session.0);
        prologue.extend(transcript);
        Self { psk, prologue }
    }
}

fn establish(
    role: Role,
    context: &Context,
    noise: noise::Noise,
    credential: Vec<u8>,
) -> Result<Established, HandshakeError> {
    let finished = noise.finish()?;
    Ok(Established {
        role,
        session: context.session,
        hash: HandshakeHash(finished.hash),
        peer_key: finished.their_key,
        credential,
        secret: Secret::new(expand(
            Some(&finished.hash),
            &finished.split,
            b"rh/1 generation 0",
        )),
    })
}

/// HKDF-SHA256 to 32 bytes.
fn expand(salt: Option<&[u8]>, input: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    // 32 bytes are one block of SHA-256: far below HKDF's limit of 255, the only way it fails.
    if Hkdf::<Sha256>::new(salt, input)
        .expand(info, out.as_mut_slice())
        .is_err()
    {
        out.fill(0);
    }
    out
}

/// CPace's session id: the sharer's random bytes over the relay's session id, so that neither alone chooses it.
fn cpace_session(context: &Context, random: &[u8; 16]) -> [u8; 16] {
    let mut id = context.session.0;
    for (byte, random) in id.iter_mut().zip(random) {
        *byte ^= random;
    }
    id
}

/// CPace's channel identifier.
fn cpace_channel(context: &Context) -> Vec<u8> {
    [b"rh/1 code", context.tenant.as_bytes()].concat()
}

/// CPace's associated data of one end: role, version, suites.
fn cpace_data(role: &str, suites: &[u8]) -> Vec<u8> {
    [role.as_bytes(), &[hello::VERSION], suites].concat()
}
