//! The two hellos: CPace shares, ML-KEM key and ciphertext, suites (SPEC 8.1, 8.2).

use wire::{Malformed, Reader};

use super::{HandshakeError, Mode};

/// A cipher suite of the sealed session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// CPace-Ristretto255-SHA512, ML-KEM-768, Noise XXpsk0 over X25519, AES-256-GCM, SHA-256.
    Aes256Gcm,
}

/// The suites of this version, best first. The list is part of the transcript.
pub const SUITES: &[Suite] = &[Suite::Aes256Gcm];

/// Version of the sealed protocol.
pub(super) const VERSION: u8 = 1;
/// Bytes of an ML-KEM-768 encapsulation key (FIPS 203, table 3).
pub(super) const KEM_KEY: usize = 1184;
/// Bytes of an ML-KEM-768 ciphertext (FIPS 203, table 3).
pub(super) const KEM_CIPHERTEXT: usize = 1088;
/// Most suites in a hello.
const MAX_SUITES: usize = 16;

/// The sharer's first flight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HelloA {
    pub(super) suites: Vec<u8>,
    pub(super) random: [u8; 16],
    /// Left out without a code.
    pub(super) share: Option<[u8; 32]>,
    pub(super) kem_key: [u8; KEM_KEY],
}

/// The helper's answer, without the Noise message that follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HelloB {
    pub(super) suite: u8,
    /// Left out without a code.
    pub(super) share: Option<[u8; 32]>,
    pub(super) kem_ciphertext: [u8; KEM_CIPHERTEXT],
}

impl Suite {
    /// Its number on the wire.
    pub fn number(self) -> u8 {
        match self {
            Self::Aes256Gcm => 1,
        }
    }

    /// The numbers of [`SUITES`].
    pub(super) fn numbers() -> Vec<u8> {
        SUITES.iter().map(|suite| suite.number()).collect()
    }

    /// The first of ours that the peer offers. A list that is empty, doubled or of unknown suites has none.
    pub(super) fn choose(offered: &[u8]) -> Result<Self, HandshakeError> {
        let doubled = |number: &u8| offered.iter().filter(|other| *other == number).count() > 1;
        if offered.iter().any(doubled) {
            return Err(HandshakeError::NoSuite);
        }
        SUITES
            .iter()
            .copied()
            .find(|suite| offered.contains(&suite.number()))
            .ok_or(HandshakeError::NoSuite)
    }
}

impl HelloA {
    pub(super) fn encode(&self) -> Vec<u8> {
        let count = u8::try_from(self.suites.len()).unwrap_or(u8::MAX);
        let mut out = vec![VERSION, count];
        out.extend(&self.suites);
        out.extend(self.random);
        out.extend(self.share.iter().flatten());
        out.extend(self.kem_key);
        out
    }

    pub(super) fn decode(flight: &[u8], mode: Mode) -> Result<Self, HandshakeError> {
        let mut reader = Reader::new(flight);
        let version = reader.u8("version")?;
        if version != VERSION {
            return Err(HandshakeError::Version(version));
        }
        let count = reader.u8("suite count")?;
        if usize::from(count) > MAX_SUITES {
            return Err(Malformed::Value {
                field: "suite count",
                value: count.into(),
            }
            .into());
        }
        let hello = Self {
            suites: reader.bytes(count.into(), "suites")?.to_vec(),
            random: reader.array("random")?,
            share: read_share(&mut reader, mode)?,
            kem_key: reader.array("ML-KEM key")?,
        };
        reader.end()?;
        Ok(hello)
    }
}

impl HelloB {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = vec![self.suite];
        out.extend(self.share.iter().flatten());
        out.extend(self.kem_ciphertext);
        out
    }

    /// Splits the second flight into the hello, its bytes and the Noise message.
    pub(super) fn decode(
        flight: &[u8],
        mode: Mode,
    ) -> Result<(Self, &[u8], &[u8]), HandshakeError> {
        let mut reader = Reader::new(flight);
        let hello = Self {
            suite: reader.u8("suite")?,
            share: read_share(&mut reader, mode)?,
            kem_ciphertext: reader.array("ML-KEM ciphertext")?,
        };
        let noise = reader.rest();
        let (bytes, _) = flight.split_at(flight.len() - noise.len());
        Ok((hello, bytes, noise))
    }
}

fn read_share(reader: &mut Reader<'_>, mode: Mode) -> Result<Option<[u8; 32]>, Malformed> {
    match mode {
        Mode::Code => reader.array("share").map(Some),
        Mode::Invitation => Ok(None),
    }
}
