//! The one-time link for the first administrator (PRODUCT 11.1).

use std::time::Duration;

use policy::{PersonId, TenantId};

use crate::audit::Act;
use crate::records::Answer;
use crate::secret::SecretHash;
use crate::time::Time;

/// An invitation can be used for this long.
pub const INVITATION_LIFE: Duration = Duration::from_secs(15 * 60);

/// Invitations to become an administrator.
pub trait Invitations: Send + Sync {
    /// Keeps an invitation; it can be used for [`INVITATION_LIFE`] from the act.
    fn invite<'a>(&'a self, act: &'a Act, tenant: &'a TenantId, hash: SecretHash)
    -> Answer<'a, ()>;

    /// Uses an invitation of this tenant up. Answers `true` once, to one person.
    fn redeem<'a>(
        &'a self,
        tenant: &'a TenantId,
        hash: SecretHash,
        person: &'a PersonId,
        now: Time,
    ) -> Answer<'a, bool>;
}
