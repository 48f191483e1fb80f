//! People who are signed in at the console: what a browser shows instead of its token, in a cookie that no script can read.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::ticket::digest;

/// A sign-in lives this long, whatever happens; after that the person is sent to the provider again (DESIGN 3).
pub const LIFE: Duration = Duration::from_secs(12 * 60 * 60);

/// This many sign-ins are kept. Beyond it the oldest one has to sign in again.
const LIMIT: usize = 20_000;

/// The people who are signed in. Only digests of their secrets are kept.
#[derive(Debug)]
pub struct SignIns<T> {
    open: Mutex<BTreeMap<[u8; 32], Open<T>>>,
}

#[derive(Debug)]
struct Open<T> {
    until: Instant,
    person: T,
}

impl<T: Clone> SignIns<T> {
    /// Signs somebody in. The answer is the secret of the cookie; `random` comes from the operating system.
    pub fn open(&self, person: T, random: [u8; 32], now: Instant) -> String {
        let secret = URL_SAFE_NO_PAD.encode(random);
        let mut open = self.all();
        open.retain(|_, one| now < one.until);
        if open.len() >= LIMIT {
            let oldest = open.iter().min_by_key(|(_, one)| one.until);
            if let Some(digest) = oldest.map(|(digest, _)| *digest) {
                open.remove(&digest);
            }
        }
        let until = now + LIFE;
        open.insert(digest(&secret), Open { until, person });
        secret
    }

    /// Who shows this secret; `None` if nobody does any more.
    pub fn find(&self, secret: &str, now: Instant) -> Option<T> {
        let open = self.all();
        let one = open.get(&digest(secret)).filter(|one| now < one.until)?;
        Some(one.person.clone())
    }

    /// Signs out everybody who is meant.
    pub fn close_all(&self, is_meant: impl Fn(&T) -> bool) {
        self.all().retain(|_, one| !is_meant(&one.person));
    }

    /// Signs out.
    pub fn close(&self, secret: &str) {
        self.all().remove(&digest(secret));
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<[u8; 32], Open<T>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Default for SignIns<T> {
    fn default() -> Self {
        Self {
            open: Mutex::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_lives_twelve_hours_or_until_it_is_closed() {
        let (sign_ins, now) = (SignIns::default(), Instant::now());
        let amina = sign_ins.open("amina", [1; 32], now);
        let jonas = sign_ins.open("jonas", [2; 32], now);
        assert_eq!(sign_ins.find(&amina, now), Some("amina"));
        assert_eq!(sign_ins.find("AQEB", now), None);
        sign_ins.close(&amina);
        assert_eq!(sign_ins.find(&amina, now), None);
        let last = now + LIFE - Duration::from_nanos(1);
        assert_eq!(sign_ins.find(&jonas, last), Some("jonas"));
        assert_eq!(sign_ins.find(&jonas, now + LIFE), None);
    }

    #[test]
    fn the_oldest_gives_way() {
        let (sign_ins, now) = (SignIns::default(), Instant::now());
        let random = |number: usize| {
            let mut random = [0; 32];
            random[..8].copy_from_slice(&number.to_be_bytes());
            random
        };
        let first = sign_ins.open(0, random(0), now);
        let second = sign_ins.open(1, random(1), now + Duration::from_millis(1));
        for number in 2..=LIMIT {
            sign_ins.open(number, random(number), now + Duration::from_millis(2));
        }
        assert_eq!(sign_ins.find(&first, now), None);
        assert_eq!(sign_ins.find(&second, now), Some(1));
    }
}
