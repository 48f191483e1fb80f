//! How often codes may be tried: by one person, and from one address (SPEC 6.3).

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::time::Duration;

use policy::PersonId;

/// The last joins of everybody.
#[derive(Debug, Default)]
pub(crate) struct JoinLimits {
    people: BTreeMap<PersonId, VecDeque<Duration>>,
    sources: BTreeMap<IpAddr, VecDeque<Duration>>,
}

impl JoinLimits {
    /// Whether this person may try a code now; if so, the try counts.
    pub(crate) fn admit(&mut self, person: &PersonId, source: IpAddr, now: Duration) -> bool {
        self.forget(now);
        let tries = |list: Option<&VecDeque<Duration>>, span: Duration| {
            list.map_or(0, |list| list.iter().filter(|at| now < **at + span).count())
        };
        let by_person = self.people.get(person);
        let allowed = tries(by_person, MINUTE) < PERSON_A_MINUTE
            && tries(by_person, HOUR) < PERSON_AN_HOUR
            && tries(self.sources.get(&source), MINUTE) < SOURCE_A_MINUTE;
        if allowed {
            self.people
                .entry(person.clone())
                .or_default()
                .push_back(now);
            self.sources.entry(source).or_default().push_back(now);
        }
        allowed
    }

    fn forget(&mut self, now: Duration) {
        self.people.retain(|_, tries| keep(tries, now, HOUR));
        self.sources.retain(|_, tries| keep(tries, now, MINUTE));
    }
}

fn keep(tries: &mut VecDeque<Duration>, now: Duration, span: Duration) -> bool {
    while tries.front().is_some_and(|at| now >= *at + span) {
        tries.pop_front();
    }
    !tries.is_empty()
}

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const PERSON_A_MINUTE: usize = 5;
const PERSON_AN_HOUR: usize = 20;
const SOURCE_A_MINUTE: usize = 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_five_tries_a_minute_and_twenty_an_hour() {
        let mut limits = JoinLimits::default();
        let person = PersonId("yuki".into());
        let source = IpAddr::from([10, 0, 0, 1]);
        let admitted: usize = (0..3600)
            .filter(|second| limits.admit(&person, source, Duration::from_secs(*second)))
            .count();
        assert_eq!(admitted, PERSON_AN_HOUR);
        assert!(limits.admit(&person, source, Duration::from_secs(3600)));
        let mut limits = JoinLimits::default();
        let minute = (0..60).filter(|s| limits.admit(&person, source, Duration::from_secs(*s)));
        assert_eq!(minute.count(), PERSON_A_MINUTE);
    }

    #[test]
    fn an_address_has_thirty_tries_a_minute_and_others_are_not_held_up() {
        let mut limits = JoinLimits::default();
        let source = IpAddr::from([10, 0, 0, 1]);
        let admitted = (0..100)
            .filter(|n| limits.admit(&PersonId(n.to_string()), source, Duration::ZERO))
            .count();
        assert_eq!(admitted, SOURCE_A_MINUTE);
        let elsewhere = IpAddr::from([10, 0, 0, 2]);
        assert!(limits.admit(&PersonId("x".into()), elsewhere, Duration::ZERO));
    }
}
