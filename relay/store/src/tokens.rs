//! Tokens with which programs come: SCIM (PRODUCT 1.10) and the API (PRODUCT 9).

use std::time::Duration;

use policy::{Permissions, TenantId};

use crate::audit::Act;
use crate::records::Answer;
use crate::secret::SecretHash;
use crate::time::Time;
use crate::words::TokenKind;

/// A tenant has at most this many tokens that can be used.
pub const TOKEN_LIMIT: usize = 100;
/// No token can be used for longer than this.
pub const TOKEN_LIFE: Duration = Duration::from_secs(365 * 24 * 60 * 60);
/// Tokens and invitations that cannot be used any more are shown for this long.
pub const SECRET_RETENTION: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What a token of [`TokenKind::Api`] may allow: it makes no administrators, and it helps nobody.
const API_PERMISSIONS: Permissions = Permissions::RECORDS
    .and(Permissions::AUDIT)
    .and(Permissions::SETTINGS)
    .and(Permissions::DEVICES)
    .and(Permissions::DIRECTORY)
    .and(Permissions::END_SESSIONS);

/// A token to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// 32 lower-case hex digits.
    pub id: String,
    /// What an administrator calls it; no other token of the tenant that is not revoked is called so (letter case does not count).
    pub name: String,
    /// What it opens.
    pub kind: TokenKind,
    /// What it allows; [`Self::most`] at most, so that no program can give itself more.
    pub permissions: Permissions,
    /// When it cannot be used any more; [`TOKEN_LIFE`] after its making at the latest.
    pub expires: Time,
}

impl NewToken {
    /// The most that a token of this kind may allow (PRODUCT 2.8).
    pub fn most(kind: TokenKind) -> Permissions {
        match kind {
            TokenKind::Scim => Permissions::NONE,
            TokenKind::Api => API_PERMISSIONS,
        }
    }
}

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Whose data it opens.
    pub tenant: TenantId,
    /// What it is.
    pub token: NewToken,
    /// When it was made.
    pub created: Time,
    /// When it was used last, to the minute.
    pub last_used: Option<Time>,
    /// When it was revoked.
    pub revoked: Option<Time>,
}

impl Token {
    /// Whether it opens anything now.
    pub fn is_usable(&self, now: Time) -> bool {
        self.revoked.is_none() && now < self.token.expires
    }
}

/// The tokens of a tenant.
pub trait Tokens: Send + Sync {
    /// All that are kept, newest first, also those that cannot be used any more.
    fn tokens<'a>(&'a self, tenant: &'a TenantId) -> Answer<'a, Vec<Token>>;

    /// Makes a token; it is kept as its hash only.
    ///
    /// # Errors
    /// [`crate::Refused::Value`] for `permissions` and `expires`; [`crate::Refused::Taken`] for `id` and `name`;
    /// [`crate::Refused::TooMany`].
    fn issue<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        token: &'a NewToken,
        hash: SecretHash,
    ) -> Answer<'a, ()>;

    /// The token with this secret, if it can be used now; notes that it was.
    fn token_of(&self, hash: SecretHash, now: Time) -> Answer<'_, Option<Token>>;

    /// Nobody can use it any more. Answers `false` if there is none, or it was revoked before.
    fn revoke<'a>(&'a self, act: &'a Act, tenant: &'a TenantId, id: &'a str) -> Answer<'a, bool>;
}
