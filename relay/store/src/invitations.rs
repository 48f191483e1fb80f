//! The one-time link for the first administrator (PRODUCT 11.1).

use std::time::Duration;

use policy::{RuleId, TenantId};

use crate::audit::Act;
use crate::records::Answer;
use crate::secret::SecretHash;

/// An invitation can be used for this long.
pub const INVITATION_LIFE: Duration = Duration::from_secs(15 * 60);

/// Invitations to become an administrator.
pub trait Invitations: Send + Sync {
    /// Keeps an invitation; it can be used for [`INVITATION_LIFE`] from the act. Those of the tenant before it that were not used are
    /// void.
    fn invite<'a>(&'a self, act: &'a Act, tenant: &'a TenantId, hash: SecretHash)
    -> Answer<'a, ()>;

    /// Uses an invitation of this tenant up: the act's actor, who has to be a person, is an administrator of everybody and everything
    /// from now on, by a new assignment with this random id. Both are kept or neither is. Answers `true` once, to one person.
    ///
    /// # Errors
    /// [`crate::Refused::Taken`] if there is an assignment with this id; [`crate::Refused::TooMany`].
    fn redeem<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        hash: SecretHash,
        assignment: &'a RuleId,
    ) -> Answer<'a, bool>;
}
