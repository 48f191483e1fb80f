//! How often codes may be tried: by one person, from one address, and in one tenant (SPEC 6.3).

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::time::Duration;

use policy::{PersonId, TenantId};

/// The last joins of everybody.
#[derive(Debug, Default)]
pub(crate) struct JoinLimits {
    /// A subject is a name within its tenant's issuer: two tenants may use the same.
    people: BTreeMap<(TenantId, PersonId), VecDeque<Duration>>,
    sources: BTreeMap<IpAddr, VecDeque<Duration>>,
    /// Joins that did not prove their code.
    tenants: BTreeMap<TenantId, VecDeque<Duration>>,
}

impl JoinLimits {
    /// Whether this person may try a code now; if so, the try counts.
    pub(crate) fn admit(
        &mut self,
        tenant: &TenantId,
        person: &PersonId,
        source: IpAddr,
        now: Duration,
    ) -> bool {
        self.forget(now);
        let tries = |list: Option<&VecDeque<Duration>>, span: Duration| {
            list.map_or(0, |list| list.iter().filter(|at| now < **at + span).count())
        };
        let key = (tenant.clone(), person.clone());
        let by_person = self.people.get(&key);
        let allowed = tries(by_person, MINUTE) < PERSON_A_MINUTE
            && tries(by_person, HOUR) < PERSON_AN_HOUR
            && tries(self.sources.get(&source), MINUTE) < SOURCE_A_MINUTE
            && tries(self.tenants.get(tenant), TEN_MINUTES) < TENANT_IN_TEN_MINUTES;
        if allowed {
            self.people.entry(key).or_default().push_back(now);
            self.sources.entry(source).or_default().push_back(now);
            let tenant = self.tenants.entry(tenant.clone()).or_default();
            tenant.push_back(now);
        }
        allowed
    }

    /// The join of this moment proved its code: it was no guess, and a busy tenant must not run into the limit of guesses.
    pub(crate) fn proven(&mut self, tenant: &TenantId, at: Duration) {
        if let Some(tries) = self.tenants.get_mut(tenant)
            && let Some(place) = tries.iter().position(|tried| *tried == at)
        {
            tries.remove(place);
        }
    }

    fn forget(&mut self, now: Duration) {
        self.people.retain(|_, tries| keep(tries, now, HOUR));
        self.sources.retain(|_, tries| keep(tries, now, MINUTE));
        self.tenants
            .retain(|_, tries| keep(tries, now, TEN_MINUTES));
    }
}

fn keep(tries: &mut VecDeque<Duration>, now: Duration, span: Duration) -> bool {
    while tries.front().is_some_and(|at| now >= *at + span) {
        tries.pop_front();
    }
    !tries.is_empty()
}

const MINUTE: Duration = Duration::from_secs(60);
const TEN_MINUTES: Duration = Duration::from_secs(600);
const HOUR: Duration = Duration::from_secs(3600);
const PERSON_A_MINUTE: usize = 5;
const PERSON_AN_HOUR: usize = 20;
const SOURCE_A_MINUTE: usize = 30;
const TENANT_IN_TEN_MINUTES: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    const S: Duration = Duration::from_secs(1);

    fn admit(limits: &mut JoinLimits, person: &str, last: u8, now: Duration) -> bool {
        let (person, tenant) = person.split_once('@').unwrap_or((person, "contoso"));
        let source = IpAddr::from([10, 0, 0, last]);
        limits.admit(
            &TenantId(tenant.into()),
            &PersonId(person.into()),
            source,
            now,
        )
    }

    #[test]
    fn a_person_has_five_tries_a_minute_and_twenty_an_hour() {
        let mut limits = JoinLimits::default();
        let admitted = (0..3600).filter(|s| admit(&mut limits, "yuki", 1, S * *s));
        assert_eq!(admitted.count(), PERSON_AN_HOUR);
        assert!(admit(&mut limits, "yuki", 1, S * 3600));
        let mut limits = JoinLimits::default();
        let minute = (0..60).filter(|s| admit(&mut limits, "yuki", 1, S * *s));
        assert_eq!(minute.count(), PERSON_A_MINUTE);
    }

    /// A subject is a name within its issuer: two organisations may use the same.
    #[test]
    fn tenants_do_not_share_the_limits_of_a_subject() {
        let mut limits = JoinLimits::default();
        for _ in 0..PERSON_A_MINUTE {
            assert!(admit(&mut limits, "yuki@fabrikam", 1, S));
        }
        assert!(!admit(&mut limits, "yuki@fabrikam", 1, S));
        assert!(admit(&mut limits, "yuki", 1, S));
    }

    #[test]
    fn an_address_has_thirty_tries_a_minute_and_others_are_not_held_up() {
        let mut limits = JoinLimits::default();
        let admitted = (0..100).filter(|n| admit(&mut limits, &n.to_string(), 1, S));
        assert_eq!(admitted.count(), SOURCE_A_MINUTE);
        assert!(admit(&mut limits, "x", 2, S));
    }

    /// Many people at many addresses, which each keep within their own limits.
    #[test]
    fn a_tenant_has_a_hundred_failed_tries_in_ten_minutes_and_others_are_not_held_up() {
        let mut limits = JoinLimits::default();
        let many = |limits: &mut JoinLimits, now| {
            let admitted = (0..200).filter(|n| admit(limits, &n.to_string(), *n, now));
            admitted.count()
        };
        assert_eq!(many(&mut limits, S), TENANT_IN_TEN_MINUTES);
        assert!(admit(&mut limits, "yuki@fabrikam", 201, S));
        limits.proven(&TenantId("contoso".into()), S);
        assert_eq!(many(&mut limits, S * 2), 1, "a pair is no failed try");
        assert_eq!(many(&mut limits, S * 600), 0);
        assert_eq!(many(&mut limits, S * 601), TENANT_IN_TEN_MINUTES - 1);
    }
}
