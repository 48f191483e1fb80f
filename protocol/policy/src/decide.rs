//! The decision: may this helper ask this sharer for this level? The answer is a value.

use crate::{HandshakeHash, Level, PairId, Permissions, PersonId, SessionId};

/// What a helper asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The session.
    pub session: SessionId,
    /// The helper's place in it.
    pub pair: PairId,
    /// The helper.
    pub helper: PersonId,
    /// The handshake that both ends reported.
    pub hash: HandshakeHash,
    /// The level.
    pub level: Level,
}

/// The right to put one question to the sharer, or to renew what the sharer allowed.
///
/// INVARIANT: only [`decide`] makes one, so whoever holds a permit was decided for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    request: Request,
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// Remote help is off for the tenant (PRODUCT 1.1).
    TenantOff,
    /// The helper may not offer remote assistance at all.
    MayNotOffer,
    /// The helper may not have this level with this sharer.
    MayNotLevel(Level),
    /// The level is not available in this kind of session.
    NotHere(Level),
}

/// The tenant's switches that bear on a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Remote help is turned on.
    pub enabled: bool,
}

/// Decides a request. `permissions` are the helper's effective ones for this sharer ([`crate::effective`]).
pub fn decide(
    request: Request,
    permissions: Permissions,
    tenant: Tenant,
) -> Result<Permit, Denial> {
    may_offer(permissions, tenant)?;
    // A device has to be enrolled for elevation, and marked for unattended control; neither exists in a session by code.
    if request.level > Level::Control {
        return Err(Denial::NotHere(request.level));
    }
    match permissions.ceiling() {
        Some(ceiling) if request.level <= ceiling => Ok(Permit { request }),
        _ => Err(Denial::MayNotLevel(request.level)),
    }
}

/// Decides whether a helper may make a code at all.
pub fn may_offer(permissions: Permissions, tenant: Tenant) -> Result<(), Denial> {
    if !tenant.enabled {
        return Err(Denial::TenantOff);
    }
    if !permissions.contain(Permissions::OFFER) || permissions.ceiling().is_none() {
        return Err(Denial::MayNotOffer);
    }
    Ok(())
}

impl Permit {
    /// What was permitted.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The permitted level.
    pub fn level(&self) -> Level {
        self.request.level
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(level: Level) -> Request {
        Request {
            session: SessionId([1; 16]),
            pair: PairId::FIRST,
            helper: PersonId("amina".into()),
            hash: HandshakeHash([2; 32]),
            level,
        }
    }

    /// PRODUCT 1.1: every launch is refused with the reason until an administrator turned remote help on.
    #[test]
    fn nothing_is_permitted_while_the_tenant_is_off() {
        let all = Permissions::of_role("helpdesk-operator").unwrap();
        let denied = decide(request(Level::View), all, Tenant { enabled: false });
        assert_eq!(denied, Err(Denial::TenantOff));
    }

    /// PRODUCT 2.2: *offer* is implied by nothing.
    #[test]
    fn every_level_needs_offer() {
        let all = Permissions::UNATTENDED.implied();
        let denied = decide(request(Level::View), all, Tenant { enabled: true });
        assert_eq!(denied, Err(Denial::MayNotOffer));
    }
}
