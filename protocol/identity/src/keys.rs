//! The keys that an issuer publishes (RFC 7517), as far as they may verify a token.

mod cache;

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use serde_json::Value;

pub use cache::{Cache, Need};

/// How an issuer signs. Everything else is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA with PKCS#1 v1.5 padding and SHA-256, 2048 bits or more.
    Rs256,
    /// ECDSA over P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// The name in a token's header.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// One public key, good for one algorithm.
#[derive(Clone, Debug)]
pub struct Key {
    algorithm: Algorithm,
    decoding: DecodingKey,
}

impl Key {
    pub(super) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(super) fn decoding(&self) -> &DecodingKey {
        &self.decoding
    }
}

/// All usable keys of an issuer by their ids.
#[derive(Clone, Debug, Default)]
pub struct KeySet(BTreeMap<String, Key>);

/// A key set that is not used at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKeySet {
    /// Not a JSON object with a list `keys`.
    #[error("the key set is not a JSON web key set")]
    Malformed,
    /// More than [`KeySet::LIMIT`].
    #[error("the key set holds more than {} keys", KeySet::LIMIT)]
    TooMany,
    /// Nothing in it may verify a token.
    #[error("the key set holds no key that may verify a token")]
    Empty,
    /// Which of two keys is meant is anybody's guess.
    #[error("two keys of the key set have the same id")]
    SameId,
}

impl KeySet {
    /// A set with more keys is refused.
    pub const LIMIT: usize = 50;
    /// A key with a longer id is left out.
    pub const ID_LIMIT: usize = 255;

    /// Reads a key set. Keys that may not verify a token are left out: shared secrets, RSA below 2048
    /// bits, keys for encryption, unknown kinds, keys without an id.
    ///
    /// # Errors
    /// See [`BadKeySet`].
    pub fn read(json: &[u8]) -> Result<Self, BadKeySet> {
        #[derive(Deserialize)]
        struct Published {
            keys: Vec<Value>,
        }
        let published: Published =
            serde_json::from_slice(json).map_err(|_| BadKeySet::Malformed)?;
        if published.keys.len() > Self::LIMIT {
            return Err(BadKeySet::TooMany);
        }
        let mut keys = BTreeMap::new();
        for (id, key) in published.keys.iter().filter_map(read_key) {
            if keys.insert(id, key).is_some() {
                return Err(BadKeySet::SameId);
            }
        }
        if keys.is_empty() {
            Err(BadKeySet::Empty)
        } else {
            Ok(Self(keys))
        }
    }

    /// The key with this id.
    pub fn find(&self, id: &str) -> Option<&Key> {
        self.0.get(id)
    }
}

fn read_key(published: &Value) -> Option<(String, Key)> {
    let member = |name| published.get(name).and_then(Value::as_str);
    let id = member("kid").filter(|id| !id.is_empty() && id.len() <= KeySet::ID_LIMIT)?;
    if member("use").is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let (algorithm, decoding) = match (member("kty")?, member("crv")) {
        ("RSA", _) => (Algorithm::Rs256, rsa(member("n")?, member("e")?)?),
        ("EC", Some("P-256")) => (Algorithm::Es256, p256(member("x")?, member("y")?)?),
        ("OKP", Some("Ed25519")) => (Algorithm::EdDsa, ed25519(member("x")?)?),
        _ => return None,
    };
    if member("alg").is_some_and(|named| named != algorithm.name()) {
        return None;
    }
    Some((
        id.to_owned(),
        Key {
            algorithm,
            decoding,
        },
    ))
}

fn rsa(modulus: &str, exponent: &str) -> Option<DecodingKey> {
    let modulus = URL_SAFE_NO_PAD.decode(modulus).ok()?;
    let exponent = URL_SAFE_NO_PAD.decode(exponent).ok()?;
    let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
    let modulus = modulus.get(zeros..)?;
    // The first byte counts whole only if its top bit is set: 2047 bits have 256 bytes too.
    let big_enough = modulus.len() > 256 || (modulus.len() == 256 && *modulus.first()? >= 0x80);
    let small_enough = modulus.len() <= 1024;
    (big_enough && small_enough).then(|| DecodingKey::from_rsa_raw_components(modulus, &exponent))
}

fn p256(x: &str, y: &str) -> Option<DecodingKey> {
    let x: [u8; 32] = URL_SAFE_NO_PAD.decode(x).ok()?.try_into().ok()?;
    let y: [u8; 32] = URL_SAFE_NO_PAD.decode(y).ok()?.try_into().ok()?;
    let uncompressed = [&[4][..], &x, &y].concat();
    Some(DecodingKey::from_ec_der(&uncompressed))
}

fn ed25519(x: &str) -> Option<DecodingKey> {
    let x: [u8; 32] = URL_SAFE_NO_PAD.decode(x).ok()?.try_into().ok()?;
    Some(DecodingKey::from_ed_der(&x))
}

#[cfg(test)]
mod tests;
