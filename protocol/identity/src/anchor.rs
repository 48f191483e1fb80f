//! What a client judges its peer by, and the judgement (SPEC 8.7).

use std::time::{Duration, SystemTime};

use policy::PersonId;
use wire::{Program, Role};

use crate::binding::nonce;
use crate::bundle::Bundle;
use crate::credential::Credential;
use crate::keys::KeySet;
use crate::signing::PublicKey;
use crate::token::{self, Issuer, Kind, Refusal, Tenancy};

/// The keys of a sign-in count this long after it; refreshing a token does not extend it (DESIGN 3).
pub const BINDING_LIFE: Duration = Duration::from_secs(12 * 60 * 60);

/// The organisation that a client belongs to, as its own bundle says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    issuer: Issuer,
    browser: String,
    helper: String,
    sharer: String,
}

/// A peer who proved to be somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Who, within the issuer.
    pub person: PersonId,
    /// Who vouches.
    pub issuer: String,
    /// The display name, or the subject if the token has none.
    pub name: String,
    /// Job title, if the token says it.
    pub title: Option<String>,
    /// Company, if the token says it.
    pub company: Option<String>,
    /// The kind of program that the person signed in with, by the audience of the token.
    pub program: Program,
    /// The X25519 key of the handshake.
    pub x25519: [u8; 32],
    /// The key that signs consents.
    pub ed25519: PublicKey,
    /// When the person signed in.
    pub signed_in: SystemTime,
    /// Values of the claim that the bundle names as second authority.
    pub roles: Vec<String>,
}

/// Why a peer is nobody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotThem {
    /// Its credential is malformed, or claims our own role.
    #[error("the other program sent no credential")]
    NoCredential,
    /// Its token is not accepted.
    #[error("the identity of the other person is not accepted: {0}")]
    Token(#[from] Refusal),
    /// The token is for a program that cannot be this end of a session.
    #[error("the other person signed in with a program that cannot do this")]
    Program,
    /// The token does not commit to the keys of this handshake: it belongs to another sign-in.
    #[error("the identity of the other person is not bound to this session")]
    Unbound,
    /// The sign-in is too old.
    #[error("the other person's sign-in is older than 12 hours")]
    Old,
}

impl Anchor {
    /// The anchor of a bundle that was verified.
    pub fn new(bundle: &Bundle) -> Self {
        let tenant = bundle.tenant();
        let clients = &bundle.clients;
        Self {
            issuer: Issuer {
                url: bundle.issuer.clone(),
                tenancy: if bundle.tid {
                    Tenancy::Named(vec![tenant])
                } else {
                    Tenancy::Whole(tenant)
                },
                audience: String::new(),
                clients: vec![
                    clients.browser.clone(),
                    clients.helper.clone(),
                    clients.sharer.clone(),
                ],
                access_types: Vec::new(),
                groups: "groups".to_owned(),
                roles: bundle.roles.claim.clone(),
            },
            browser: clients.browser.clone(),
            helper: clients.helper.clone(),
            sharer: clients.sharer.clone(),
        }
    }

    /// Who the peer of a handshake is. `ours` is our own role, `peer_key` the X25519 key that the handshake proved, `keys` are those
    /// that the issuer publishes, fetched by this client itself.
    ///
    /// # Errors
    /// The first rule that is broken. [`Refusal::UnknownKey`] may be cured by fetching `keys` anew.
    pub fn verify(
        &self,
        credential: &[u8],
        peer_key: &[u8; 32],
        ours: Role,
        keys: &KeySet,
        now: SystemTime,
    ) -> Result<Identity, NotThem> {
        let credential = Credential::decode(credential, ours).ok_or(NotThem::NoCredential)?;
        // The binding outlives the ID token itself: the signature and the claims count, and the age by the binding's own limit.
        let claims = token::verify(Kind::Bound, &credential.id_token, &self.issuer, keys, now)?;
        let program = self
            .program(&claims.audience, credential.role)
            .ok_or(NotThem::Program)?;
        let rand = credential.rand().ok_or(NotThem::NoCredential)?;
        let expected = nonce(peer_key, &credential.ed25519, &rand);
        if claims.nonce.as_deref() != Some(expected.as_str()) {
            return Err(NotThem::Unbound);
        }
        if now.duration_since(claims.issued).unwrap_or_default() >= BINDING_LIFE {
            return Err(NotThem::Old);
        }
        Ok(Identity {
            name: claims.name.unwrap_or_else(|| claims.person.0.clone()),
            person: claims.person,
            issuer: self.issuer.url.clone(),
            title: claims.title,
            company: claims.company,
            program,
            x25519: *peer_key,
            ed25519: credential.ed25519,
            signed_in: claims.issued,
            roles: claims.roles,
        })
    }

    /// The kind of program that this audience stands for, if it may have this role.
    fn program(&self, audience: &str, role: Role) -> Option<Program> {
        match role {
            Role::Helper if audience == self.helper => Some(Program::Native),
            Role::Helper if audience == self.browser => Some(Program::Browser),
            Role::Sharer if audience == self.sharer => Some(Program::Native),
            // The page of a sharer is a page of the relay like the console.
            Role::Sharer if audience == self.browser => Some(Program::Browser),
            Role::Helper | Role::Sharer => None,
        }
    }
}

/// The key that the token of a peer's credential names: whether it has to be fetched is known before anything is verified.
pub fn needed_key(credential: &[u8], ours: Role) -> Option<String> {
    let credential = Credential::decode(credential, ours)?;
    token::key_id(&credential.id_token).ok()
}

#[cfg(test)]
mod tests;
