//! What each end says about itself inside the handshake.

use serde::{Deserialize, Serialize};
use wire::Role;

/// A credential: JSON, sealed by the handshake. The identity that it will carry later is bound to the client's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// What this end is.
    pub role: Role,
    /// Name and version of the program.
    pub client: String,
}

impl Credential {
    /// The bytes to seal.
    pub fn encode(&self) -> Vec<u8> {
        // Two plain fields always have a JSON form.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads the peer's. `None` if it is none, or claims our own role.
    pub fn decode(bytes: &[u8], ours: Role) -> Option<Self> {
        let credential: Self = serde_json::from_slice(bytes).ok()?;
        (credential.role != ours && credential.client.len() <= 200).then_some(credential)
    }
}
