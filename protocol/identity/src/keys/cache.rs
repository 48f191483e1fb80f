//! When the key set of an issuer is fetched, and how long it is used. Pure: the fetch itself is elsewhere.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::KeySet;

/// The published keys and what is known about their age.
#[derive(Debug)]
pub struct Cache {
    keys: Arc<KeySet>,
    fetched: SystemTime,
    fresh_for: Duration,
    /// When a fetch was last begun, after the first one.
    attempted: Option<SystemTime>,
    /// Whether the last fetch brought nothing.
    away: bool,
    unknown: Unknown,
}

/// What has to happen before a token can be checked.
#[derive(Clone, Debug)]
pub enum Need {
    /// Nothing: these are the keys to check it with.
    Nothing(Arc<KeySet>),
    /// The key set is to be fetched first.
    Fetch,
    /// Keys that cannot be had: those at hand are too old, or do not have this one.
    Unreachable,
}

/// An unknown key id, or an issuer that does not answer, leads to a fetch at most this often.
const FETCH_INTERVAL: Duration = Duration::from_secs(30);

/// Keys that cannot be fetched again are used for this long.
const STALE_LIMIT: Duration = Duration::from_secs(24 * 60 * 60);

/// How long keys count as fresh if the issuer does not say, and the bounds if it does.
const FRESH: Duration = Duration::from_secs(60 * 60);
const FRESH_LEAST: Duration = Duration::from_secs(5 * 60);
const FRESH_MOST: Duration = Duration::from_secs(24 * 60 * 60);

impl Cache {
    /// The cache after the first fetch. `max_age` is what the issuer said about it.
    pub fn new(keys: KeySet, max_age: Option<Duration>, now: SystemTime) -> Self {
        let fresh_for = max_age.unwrap_or(FRESH).clamp(FRESH_LEAST, FRESH_MOST);
        let (attempted, away, unknown) = (None, false, Unknown::default());
        Self {
            keys: Arc::new(keys),
            fetched: now,
            fresh_for,
            attempted,
            away,
            unknown,
        }
    }

    /// What a token that is signed with this key needs.
    pub fn need(&mut self, id: &str, now: SystemTime) -> Need {
        let age = since(self.fetched, now);
        let may_fetch = self
            .attempted
            .is_none_or(|last| since(last, now) >= FETCH_INTERVAL);
        let known = self.keys.find(id).is_some();
        let wanted = age >= self.fresh_for || (!known && !self.unknown.holds(id, now));
        if wanted && may_fetch {
            return Need::Fetch;
        }
        if age >= STALE_LIMIT || (self.away && !known) {
            return Need::Unreachable;
        }
        Need::Nothing(Arc::clone(&self.keys))
    }

    /// A fetch begins. One that is given up half-way counts like one that failed.
    pub fn begin(&mut self, now: SystemTime) {
        self.attempted = Some(now);
        self.away = true;
    }

    /// A fetch for a token with this key id has brought a usable key set.
    pub fn fetched(&mut self, keys: KeySet, max_age: Option<Duration>, id: &str, now: SystemTime) {
        if keys.find(id).is_none() {
            self.unknown.insert(id, now);
        }
        let attempted = self.attempted;
        let unknown = std::mem::take(&mut self.unknown);
        *self = Self {
            attempted,
            unknown,
            ..Self::new(keys, max_age, now)
        };
    }
}

/// Key ids that were looked for and not found, so that one of them does not cause fetch after fetch.
#[derive(Debug, Default)]
struct Unknown {
    until: BTreeMap<String, SystemTime>,
    order: VecDeque<String>,
}

impl Unknown {
    const LIMIT: usize = 1024;
    const REMEMBERED: Duration = Duration::from_secs(5 * 60);

    fn holds(&self, id: &str, now: SystemTime) -> bool {
        self.until.get(id).is_some_and(|until| now < *until)
    }

    fn insert(&mut self, id: &str, now: SystemTime) {
        let until = now + Self::REMEMBERED;
        if self.until.insert(id.to_owned(), until).is_none() {
            self.order.push_back(id.to_owned());
        }
        if self.order.len() > Self::LIMIT
            && let Some(oldest) = self.order.pop_front()
        {
            self.until.remove(&oldest);
        }
    }
}

/// How long ago that was; a clock that was set back makes it just now.
fn since(then: SystemTime, now: SystemTime) -> Duration {
    now.duration_since(then).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;
    use crate::testing::{Signer, key_set};

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_764_000_000 + seconds)
    }

    fn keys(id: &str) -> KeySet {
        KeySet::read(&key_set(&[Signer::ed25519(id).published()])).unwrap()
    }

    fn fetches(need: &Need) -> bool {
        matches!(need, Need::Fetch)
    }

    #[test]
    fn known_keys_are_used_until_they_are_old() {
        let mut cache = Cache::new(keys("a"), None, at(0));
        assert!(matches!(cache.need("a", at(0)), Need::Nothing(_)));
        assert!(matches!(cache.need("a", at(3_599)), Need::Nothing(_)));
        assert!(fetches(&cache.need("a", at(3_600))));
    }

    #[test]
    fn the_issuer_says_how_long_within_bounds() {
        for (said, fresh_for) in [(0, 300), (900, 900), (1_000_000, 86_400)] {
            let mut cache = Cache::new(keys("a"), Some(Duration::from_secs(said)), at(0));
            assert!(
                matches!(cache.need("a", at(fresh_for - 1)), Need::Nothing(_)),
                "{said}"
            );
            assert!(fetches(&cache.need("a", at(fresh_for))), "{said}");
        }
    }

    #[test]
    fn a_new_key_is_fetched_at_once() {
        let mut cache = Cache::new(keys("a"), None, at(0));
        assert!(fetches(&cache.need("b", at(1))));
        cache.begin(at(1));
        cache.fetched(keys("b"), None, "b", at(1));
        let Need::Nothing(now) = cache.need("b", at(1)) else {
            panic!()
        };
        assert!(now.find("b").is_some());
        assert!(
            now.find("a").is_none(),
            "a key that is published no more is used no more"
        );
    }

    #[test]
    fn unknown_keys_cause_one_fetch_in_thirty_seconds() {
        let mut cache = Cache::new(keys("a"), None, at(0));
        let mut fetched = vec![];
        for second in 0..100 {
            for number in 0..100 {
                let id = format!("no-{second}-{number}");
                if fetches(&cache.need(&id, at(second))) {
                    fetched.push(second);
                    cache.begin(at(second));
                    cache.fetched(keys("a"), None, &id, at(second));
                }
                assert!(matches!(cache.need("a", at(second)), Need::Nothing(_)));
            }
        }
        assert_eq!(fetched, [0, 30, 60, 90]);
        assert!(cache.unknown.order.len() <= Unknown::LIMIT);
    }

    #[test]
    fn the_same_unknown_key_is_asked_for_again_after_five_minutes() {
        let mut cache = Cache::new(keys("a"), None, at(0));
        cache.begin(at(0));
        cache.fetched(keys("a"), None, "no", at(0));
        assert!(!fetches(&cache.need("no", at(299))));
        assert!(fetches(&cache.need("other", at(299))));
        assert!(fetches(&cache.need("no", at(300))));
    }

    #[test]
    fn unknown_keys_take_bounded_memory() {
        let mut unknown = Unknown::default();
        for number in 0..5_000 {
            unknown.insert(&number.to_string(), at(0));
        }
        assert_eq!(
            (unknown.order.len(), unknown.until.len()),
            (Unknown::LIMIT, Unknown::LIMIT)
        );
        assert!(unknown.holds("4999", at(0)) && !unknown.holds("0", at(0)));
    }

    #[test]
    fn old_keys_serve_for_a_day_while_the_issuer_is_away() {
        let mut cache = Cache::new(keys("a"), None, at(0));
        cache.begin(at(3_600));
        assert!(
            matches!(cache.need("a", at(3_601)), Need::Nothing(_)),
            "one failed fetch"
        );
        assert!(fetches(&cache.need("a", at(3_630))), "is tried again");
        cache.begin(at(86_399));
        assert!(matches!(cache.need("a", at(86_399)), Need::Nothing(_)));
        assert!(matches!(cache.need("a", at(86_400)), Need::Unreachable));
        assert!(fetches(&cache.need("a", at(86_430))));
        cache.begin(at(86_430));
        cache.fetched(keys("a"), None, "a", at(86_430));
        assert!(matches!(cache.need("a", at(86_430)), Need::Nothing(_)));
    }

    #[test]
    fn a_key_that_could_not_be_looked_for_is_not_called_unknown() {
        let mut cache = Cache::new(keys("a"), None, at(0));
        cache.begin(at(1));
        assert!(matches!(cache.need("b", at(1)), Need::Unreachable));
        assert!(matches!(cache.need("a", at(1)), Need::Nothing(_)));
        assert!(fetches(&cache.need("b", at(31))));
        cache.begin(at(31));
        cache.fetched(keys("a"), None, "b", at(31));
        assert!(matches!(cache.need("b", at(31)), Need::Nothing(_)));
    }

    #[test]
    fn a_clock_that_is_set_back_stops_nothing() {
        let mut cache = Cache::new(keys("a"), None, at(10_000));
        assert!(matches!(cache.need("a", at(0)), Need::Nothing(_)));
    }
}
