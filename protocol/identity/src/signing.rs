//! Ed25519 keys (RFC 8032), as tenant, relay and clients sign with them.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use zeroize::Zeroizing;

/// A private key. It is never printed.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    seed: Zeroizing<[u8; 32]>,
}

/// A public key: 32 bytes, base64url without padding as text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey(pub [u8; 32]);

/// A signature: 64 bytes, base64url without padding as text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

/// A text that is no key or signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an Ed25519 key or signature in base64url")]
pub struct NotAKey;

impl SigningKey {
    /// The key of 32 fresh random bytes.
    ///
    /// # Errors
    /// [`NotAKey`] never comes for 32 bytes; ring wants it said.
    pub fn new(seed: [u8; 32]) -> Result<Self, NotAKey> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| NotAKey)?;
        let seed = Zeroizing::new(seed);
        Ok(Self { pair, seed })
    }

    /// Its public half.
    pub fn public(&self) -> PublicKey {
        let mut key = [0; 32];
        key.copy_from_slice(self.pair.public_key().as_ref());
        PublicKey(key)
    }

    /// Signs.
    pub fn sign(&self, message: &[u8]) -> Signature {
        let mut signature = [0; 64];
        signature.copy_from_slice(self.pair.sign(message).as_ref());
        Signature(signature)
    }

    /// The key as text, for a file that only its owner can read.
    pub fn expose(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(*self.seed))
    }

    /// Reads what [`SigningKey::expose`] wrote.
    ///
    /// # Errors
    /// [`NotAKey`].
    pub fn read(text: &str) -> Result<Self, NotAKey> {
        Self::new(decode(text.trim())?)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey of {}", self.public())
    }
}

impl PublicKey {
    /// Whether this key made the signature. ring refuses keys of small order and scalars that are not reduced.
    pub fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, self.0);
        key.verify(message, &signature.0).is_ok()
    }

    /// The key's fingerprint: SHA-256, 64 lower-case hex digits. Enrolment links carry that of the tenant's key.
    pub fn fingerprint(&self) -> String {
        let digest = ring::digest::digest(&ring::digest::SHA256, &self.0);
        digest
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

macro_rules! base64_text {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = NotAKey;

            fn from_str(text: &str) -> Result<Self, NotAKey> {
                decode(text).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

base64_text!(PublicKey, Signature);

/// Exactly `N` bytes of base64url, in their one spelling.
pub(crate) fn decode<const N: usize>(text: &str) -> Result<[u8; N], NotAKey> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotAKey)?;
    bytes.try_into().map_err(|_| NotAKey)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_verifies_what_it_signed_and_nothing_else() {
        let key = SigningKey::new([7; 32]).unwrap();
        let signature = key.sign(b"yes");
        assert!(key.public().verifies(b"yes", &signature));
        assert!(!key.public().verifies(b"no", &signature));
        let other = SigningKey::new([8; 32]).unwrap();
        assert!(!other.public().verifies(b"yes", &signature));
        assert_eq!(
            SigningKey::read(&key.expose()).unwrap().public(),
            key.public()
        );
    }

    /// What enrolment links carry and clients pin.
    #[test]
    fn the_fingerprint_is_the_hash_of_the_key() {
        let expected = "f849d67325facf04177bc663b2dc544051831c589ef581d412f2eba44834e77c";
        assert_eq!(PublicKey([5; 32]).fingerprint(), expected);
    }

    /// RFC 8032, section 7.1, test 1.
    #[test]
    fn the_key_is_that_of_the_rfc() {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(seed.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        }
        let key = SigningKey::new(bytes).unwrap();
        assert_eq!(
            key.public().to_string(),
            "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
        );
        assert!(format!("{key:?}").starts_with("SigningKey of "));
    }

    #[test]
    fn texts_of_another_length_are_no_keys() {
        for text in ["", "AA", &"A".repeat(42), &"A".repeat(44), "not base64!"] {
            assert_eq!(text.parse::<PublicKey>(), Err(NotAKey), "{text}");
        }
        // The last letter has bits to spare; only one spelling of a key counts.
        assert!(format!("{}E", "A".repeat(42)).parse::<PublicKey>().is_ok());
        assert!(format!("{}F", "A".repeat(42)).parse::<PublicKey>().is_err());
    }
}
