//! The person here, as the peer will verify them: keys, and the sign-in that commits to them (SPEC 8.4).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::{Binding, Credential, NotAKey, SigningKey};
use seal::Entropy;
use seal::handshake::StaticKey;
use wire::Role;

use crate::sign_in::Secret;

/// Fresh keys, before anybody signs in.
pub struct Keys {
    key: StaticKey,
    binding: Binding,
}

/// The person here.
pub struct Me {
    keys: Keys,
    role: Role,
    client: &'static str,
    id_token: Secret,
}

impl Keys {
    /// Draws them.
    ///
    /// # Errors
    /// Never with 32 bytes.
    pub fn draw(entropy: &mut impl Entropy) -> Result<Self, NotAKey> {
        let key = StaticKey::new(entropy.draw());
        let binding = Binding {
            x25519: key.public(),
            signing: SigningKey::new(entropy.draw())?,
            rand: entropy.draw(),
        };
        Ok(Self { key, binding })
    }

    /// The nonce to sign in with.
    pub fn nonce(&self) -> String {
        self.binding.nonce()
    }

    /// The person who signed in with that nonce.
    pub fn of(self, role: Role, client: &'static str, id_token: Secret) -> Me {
        Me {
            keys: self,
            role,
            client,
            id_token,
        }
    }
}

impl Me {
    /// The key of handshakes.
    pub fn key(&self) -> &StaticKey {
        &self.keys.key
    }

    /// Its public half.
    pub fn public(&self) -> [u8; 32] {
        self.keys.binding.x25519
    }

    /// Signs consents.
    pub fn signing(&self) -> &SigningKey {
        &self.keys.binding.signing
    }

    /// What the peer is shown, sealed.
    pub fn credential(&self) -> Vec<u8> {
        let credential = Credential {
            role: self.role,
            client: self.client.to_owned(),
            id_token: self.id_token.expose().to_owned(),
            ed25519: self.signing().public(),
            rand: URL_SAFE_NO_PAD.encode(self.keys.binding.rand),
        };
        credential.encode()
    }
}
