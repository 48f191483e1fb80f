//! CPace-Ristretto255-SHA512: a password-authenticated key exchange (draft-irtf-cfrg-cpace, CPACE-RISTR255-SHA512).
//!
//! Each run tests exactly one password, so a relay in the middle has one guess an attempt and both people see it fail.

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity;
use sha2::{Digest, Sha512};
use zeroize::{Zeroize, Zeroizing};

/// What both ends know before the exchange.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    /// PRS: the password.
    pub(super) password: &'a [u8],
    /// CI: the channel identifier.
    pub(super) channel: &'a [u8],
    /// sid: the session identifier.
    pub(super) session: &'a [u8],
}

/// One end's half of the exchange.
pub(super) struct Half {
    scalar: Scalar,
    /// Y: what is sent.
    pub(super) share: [u8; 32],
}

/// Both shares with their associated data, in the order initiator, responder.
#[derive(Clone, Copy)]
pub(super) struct Transcript<'a> {
    pub(super) session: &'a [u8],
    pub(super) share_a: &'a [u8; 32],
    pub(super) data_a: &'a [u8],
    pub(super) share_b: &'a [u8; 32],
    pub(super) data_b: &'a [u8],
}

/// The peer's share is no canonical point, or the neutral one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadShare;

impl Half {
    /// Makes a half from 64 fresh random bytes.
    pub(super) fn new(setting: Setting<'_>, mut random: [u8; 64]) -> Self {
        let scalar = Scalar::from_bytes_mod_order_wide(&random);
        random.zeroize();
        Self::with_scalar(setting, scalar)
    }

    fn with_scalar(setting: Setting<'_>, scalar: Scalar) -> Self {
        let share = (generator(setting) * scalar).compress().to_bytes();
        Self { scalar, share }
    }

    /// ISK: the shared key, if both ends used the same password.
    pub(super) fn finish(
        self,
        theirs: &[u8; 32],
        transcript: Transcript<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, BadShare> {
        let point = CompressedRistretto(*theirs).decompress().ok_or(BadShare)?;
        let shared = point * self.scalar;
        if shared.is_identity() {
            return Err(BadShare);
        }
        let mut hashed = Zeroizing::new(Vec::new());
        let key = Zeroizing::new(shared.compress().to_bytes());
        for part in [
            b"CPaceRistretto255_ISK",
            transcript.session,
            key.as_slice(),
            transcript.share_a,
            transcript.data_a,
            transcript.share_b,
            transcript.data_b,
        ] {
            put_prefixed(&mut hashed, part);
        }
        Ok(Zeroizing::new(Sha512::digest(&*hashed).to_vec()))
    }
}

impl Drop for Half {
    fn drop(&mut self) {
        self.scalar.zeroize();
    }
}

/// `generator_string` and `map_to_group` of the draft, sections 5 and 7.3.
fn generator(setting: Setting<'_>) -> RistrettoPoint {
    const NAME: &[u8] = b"CPaceRistretto255";
    const BLOCK: usize = 128;
    let mut text = Zeroizing::new(Vec::new());
    put_prefixed(&mut text, NAME);
    put_prefixed(&mut text, setting.password);
    let zeros = (BLOCK - 1).saturating_sub(text.len());
    put_prefixed(&mut text, &vec![0; zeros]);
    put_prefixed(&mut text, setting.channel);
    put_prefixed(&mut text, setting.session);
    RistrettoPoint::from_uniform_bytes(&Sha512::digest(&*text).into())
}

/// `lv_cat` of the draft for one part: LEB128 length, then the bytes.
pub(super) fn put_prefixed(out: &mut Vec<u8>, part: &[u8]) {
    let mut length = part.len();
    loop {
        let low = u8::try_from(length & 0x7f).unwrap_or_default();
        length >>= 7;
        if length == 0 {
            out.push(low);
            break;
        }
        out.push(low | 0x80);
    }
    out.extend_from_slice(part);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// The draft's own vectors for `G_Coffee25519`.
    #[test]
    fn the_vectors_of_the_draft() {
        let file = include_str!("../../../vectors/cpace.json");
        let vectors: Value = serde_json::from_str(file).unwrap();
        let hex = |key: &str| unhex(vectors[key].as_str().unwrap());
        let (prs, ci, sid) = (hex("PRS"), hex("CI"), hex("sid"));
        let (ada, adb) = (hex("ADa"), hex("ADb"));
        let setting = Setting {
            password: &prs,
            channel: &ci,
            session: &sid,
        };
        assert_eq!(generator(setting).compress().to_bytes().to_vec(), hex("g"));
        let half = |key: &str| {
            let bytes: [u8; 32] = hex(key).try_into().unwrap();
            Half::with_scalar(setting, Scalar::from_bytes_mod_order(bytes))
        };
        let (a, b) = (half("ya"), half("yb"));
        assert_eq!(a.share.to_vec(), hex("Ya"));
        assert_eq!(b.share.to_vec(), hex("Yb"));
        let (share_a, share_b) = (a.share, b.share);
        let transcript = Transcript {
            session: &sid,
            share_a: &share_a,
            data_a: &ada,
            share_b: &share_b,
            data_b: &adb,
        };
        assert_eq!(*a.finish(&share_b, transcript).unwrap(), hex("ISK_IR"));
        assert_eq!(*b.finish(&share_a, transcript).unwrap(), hex("ISK_IR"));
    }

    #[test]
    fn the_neutral_and_non_canonical_shares_are_refused() {
        let setting = Setting {
            password: b"04718362",
            channel: b"c",
            session: b"s",
        };
        let half = || Half::new(setting, [7; 64]);
        let share = half().share;
        for bad in [[0; 32], [0xff; 32], [1; 32]] {
            let transcript = Transcript {
                session: b"s",
                share_a: &share,
                data_a: b"",
                share_b: &bad,
                data_b: b"",
            };
            assert_eq!(half().finish(&bad, transcript).unwrap_err(), BadShare);
        }
    }

    fn unhex(text: &str) -> Vec<u8> {
        (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
            .collect()
    }
}
