//! What an end says about itself inside the handshake, sealed (SPEC 8.5).

use serde::{Deserialize, Serialize};
use wire::{MAX_CLIENT, Role};

use crate::signing::{PublicKey, decode};
use crate::token::SIZE_LIMIT;

/// A credential. The peer believes none of it: it verifies the token, and that the token's nonce commits to the keys.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// What this end is.
    pub role: Role,
    /// Name and version of the program.
    pub client: String,
    /// The ID token of the sign-in.
    pub id_token: String,
    /// The key that signs consents.
    pub ed25519: PublicKey,
    /// 32 random bytes of the nonce, base64url.
    pub rand: String,
}

impl Credential {
    /// The bytes to seal.
    pub fn encode(&self) -> Vec<u8> {
        // Five plain fields always have a JSON form.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads the peer's. `None` if it is none, or claims our own role.
    pub fn decode(bytes: &[u8], ours: Role) -> Option<Self> {
        let credential: Self = serde_json::from_slice(bytes).ok()?;
        let bounded =
            credential.client.len() <= MAX_CLIENT && credential.id_token.len() <= SIZE_LIMIT;
        (bounded && credential.role != ours && credential.rand().is_some()).then_some(credential)
    }

    /// The random bytes of the nonce.
    pub(crate) fn rand(&self) -> Option<[u8; 32]> {
        decode(&self.rand).ok()
    }
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credential of {:?} with {}", self.role, self.client)
    }
}
