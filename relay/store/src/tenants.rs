//! Tenants: the pinned issuer, the switches, and a number that tells when to read the rules again.

use policy::{Settings, TenantId};

use crate::audit::Act;
use crate::records::Answer;

/// The organisations of this relay.
pub trait Tenants: Send + Sync {
    /// Keeps the tenant with the issuer that vouches for its people (PRODUCT 1.5). Answers `false`, and changes nothing, if
    /// another issuer is pinned already.
    fn pin<'a>(&'a self, tenant: &'a TenantId, issuer: &'a str) -> Answer<'a, bool>;

    /// The pinned issuer.
    fn issuer<'a>(&'a self, tenant: &'a TenantId) -> Answer<'a, Option<String>>;

    /// Rises with every change of settings, roles, assignments and rules. Whoever reads it *before* the rules misses none
    /// (PRODUCT 1.4).
    fn version<'a>(&'a self, tenant: &'a TenantId) -> Answer<'a, u64>;

    /// The switches; those of a new tenant if nobody ever set them (PRODUCT 1.1).
    fn settings<'a>(&'a self, tenant: &'a TenantId) -> Answer<'a, Settings>;

    /// Sets all switches.
    fn set_settings<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        settings: Settings,
    ) -> Answer<'a, ()>;
}
