//! A client's keys, bound to the person who signs in with it: the sign-in's nonce commits to them (SPEC 8.4).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{Context, SHA256};

use crate::signing::{PublicKey, SigningKey};

/// The keys of one sign-in: whoever holds the ID token of that sign-in proves to be its person only together with them.
#[derive(Debug)]
pub struct Binding {
    /// The X25519 key of the handshake, public half.
    pub x25519: [u8; 32],
    /// Signs consents.
    pub signing: SigningKey,
    /// Hides the keys from the provider.
    pub rand: [u8; 32],
}

impl Binding {
    /// The nonce to sign in with.
    pub fn nonce(&self) -> String {
        nonce(&self.x25519, &self.signing.public(), &self.rand)
    }
}

/// The nonce that commits to these keys: `base64url(SHA-256("rh-nonce/1" | x25519 | ed25519 | rand))`.
pub fn nonce(x25519: &[u8; 32], ed25519: &PublicKey, rand: &[u8; 32]) -> String {
    let mut digest = Context::new(&SHA256);
    for part in [b"rh-nonce/1".as_slice(), x25519, &ed25519.0, rand] {
        digest.update(part);
    }
    URL_SAFE_NO_PAD.encode(digest.finish())
}
