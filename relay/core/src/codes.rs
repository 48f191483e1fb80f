//! Routing numbers: unique among the unclaimed codes of a tenant, random, and not used again for ten minutes.

use std::collections::BTreeMap;
use std::time::Duration;

use policy::{SessionId, TenantId};
use wire::Routing;

/// How long a code may be typed (PRODUCT 3.1), and how long its number rests afterwards.
pub(crate) const CODE_LIFE: Duration = Duration::from_secs(600);
/// How long a sharer has for the handshake.
pub(crate) const CLAIM_LIFE: Duration = Duration::from_secs(60);

/// How long the store has to make the row of a session durable.
pub(crate) const RECORD_LIFE: Duration = Duration::from_secs(10);

/// The routing numbers of all tenants that are taken or resting.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    taken: BTreeMap<(TenantId, Routing), Use>,
}

#[derive(Debug)]
enum Use {
    Offered(SessionId),
    Resting { until: Duration },
}

impl Codes {
    /// Takes a free number for a session; `None` if the tenant has none.
    pub(crate) fn offer(
        &mut self,
        tenant: &TenantId,
        session: SessionId,
        random: u32,
        now: Duration,
    ) -> Option<Routing> {
        self.wake(now);
        let free: Vec<Routing> = (0..Routing::COUNT)
            .filter_map(Routing::new)
            .filter(|routing| !self.taken.contains_key(&(tenant.clone(), *routing)))
            .collect();
        // The bias of the remainder is below 1000 / 2^32.
        let index = usize::try_from(random).ok()?.checked_rem(free.len())?;
        let routing = *free.get(index)?;
        self.taken
            .insert((tenant.clone(), routing), Use::Offered(session));
        Some(routing)
    }

    /// The session that offers this number in this tenant.
    pub(crate) fn find(&self, tenant: &TenantId, routing: Routing) -> Option<SessionId> {
        match self.taken.get(&(tenant.clone(), routing)) {
            Some(Use::Offered(session)) => Some(*session),
            Some(Use::Resting { .. }) | None => None,
        }
    }

    /// The number is not offered any more.
    pub(crate) fn rest(&mut self, tenant: &TenantId, routing: Routing, now: Duration) {
        let until = now + CODE_LIFE;
        self.taken
            .insert((tenant.clone(), routing), Use::Resting { until });
    }

    fn wake(&mut self, now: Duration) {
        self.taken.retain(|_, used| match used {
            Use::Offered(_) => true,
            Use::Resting { until } => now < *until,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_has_a_thousand_codes_and_a_used_one_rests_ten_minutes() {
        let mut codes = Codes::default();
        let (a, b) = (TenantId("a".into()), TenantId("b".into()));
        let id = SessionId([1; 16]);
        let offer = |codes: &mut Codes, tenant, at| codes.offer(tenant, id, 7, at);
        let mut numbers: Vec<Routing> = (0..1000)
            .map(|_| offer(&mut codes, &a, Duration::ZERO).unwrap())
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 1000);
        assert_eq!(offer(&mut codes, &a, Duration::ZERO), None);
        assert!(
            offer(&mut codes, &b, Duration::ZERO).is_some(),
            "tenants do not share numbers"
        );
        codes.rest(&a, numbers[5], Duration::ZERO);
        assert_eq!(codes.find(&a, numbers[5]), None);
        assert_eq!(codes.find(&a, numbers[6]), Some(id));
        assert_eq!(
            offer(&mut codes, &a, CODE_LIFE - Duration::from_secs(1)),
            None
        );
        assert_eq!(offer(&mut codes, &a, CODE_LIFE), Some(numbers[5]));
    }
}
