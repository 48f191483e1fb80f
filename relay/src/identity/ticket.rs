//! One-time tickets: what a client that is signed in shows on a new connection, instead of its token.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A ticket is good for this long.
pub const LIFETIME: Duration = Duration::from_secs(30);

/// The tickets that were issued and not yet redeemed, each with what its holder gets for it.
///
/// Only digests are kept: neither a look at the memory nor the time that a search takes gives a ticket away.
#[derive(Debug)]
pub struct Tickets<T> {
    waiting: BTreeMap<[u8; 32], Waiting<T>>,
}

#[derive(Debug)]
struct Waiting<T> {
    until: Instant,
    worth: T,
}

/// The secret text of one ticket.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket(String);

/// As many tickets wait as may wait at once; the next is given when one was redeemed or has expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many tickets are waiting to be used")]
pub struct TooMany;

impl<T> Tickets<T> {
    /// This many tickets may wait at once.
    pub const LIMIT: usize = 4096;

    /// Issues a ticket. `random` comes from the operating system and is used for nothing else.
    ///
    /// # Errors
    /// [`TooMany`] if [`Self::LIMIT`] tickets wait.
    pub fn issue(&mut self, worth: T, random: [u8; 32], now: Instant) -> Result<Ticket, TooMany> {
        self.waiting.retain(|_, waiting| now < waiting.until);
        if self.waiting.len() >= Self::LIMIT {
            return Err(TooMany);
        }
        let text = URL_SAFE_NO_PAD.encode(random);
        self.waiting.insert(
            digest(&text),
            Waiting {
                until: now + LIFETIME,
                worth,
            },
        );
        Ok(Ticket(text))
    }

    /// What this ticket was issued for. The ticket is used up; `None` if there is no such ticket, if
    /// it was used before, or if it is too old.
    pub fn redeem(&mut self, text: &str, now: Instant) -> Option<T> {
        let waiting = self.waiting.remove(&digest(text))?;
        (now < waiting.until).then_some(waiting.worth)
    }
}

impl<T> Default for Tickets<T> {
    fn default() -> Self {
        Self {
            waiting: BTreeMap::new(),
        }
    }
}

impl Ticket {
    /// The text to hand to the client, and to nobody else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket(secret)")
    }
}

/// What is kept of a secret.
pub(crate) fn digest(text: &str) -> [u8; 32] {
    let mut digest = [0; 32];
    digest.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, text.as_bytes()).as_ref());
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_good_once() {
        let (mut tickets, now) = (Tickets::default(), Instant::now());
        let ticket = tickets.issue("amina", [7; 32], now).unwrap();
        assert_eq!(ticket.expose().len(), 43);
        assert_eq!(tickets.redeem(ticket.expose(), now), Some("amina"));
        assert_eq!(tickets.redeem(ticket.expose(), now), None);
    }

    #[test]
    fn a_ticket_is_good_for_thirty_seconds() {
        let (mut tickets, now) = (Tickets::default(), Instant::now());
        let early = tickets.issue(1, [1; 32], now).unwrap();
        let late = tickets.issue(2, [2; 32], now).unwrap();
        let last = now + LIFETIME - Duration::from_nanos(1);
        assert_eq!(tickets.redeem(early.expose(), last), Some(1));
        assert_eq!(tickets.redeem(late.expose(), now + LIFETIME), None);
        assert_eq!(
            tickets.redeem(late.expose(), now),
            None,
            "trying it late has used it up"
        );
    }

    #[test]
    fn what_was_never_issued_is_worth_nothing() {
        let (mut tickets, now) = (Tickets::<()>::default(), Instant::now());
        for text in ["", "x", &"A".repeat(43), &"A".repeat(1 << 20)] {
            assert_eq!(tickets.redeem(text, now), None);
        }
    }

    #[test]
    fn tickets_that_nobody_redeems_take_bounded_memory() {
        let (mut tickets, now) = (Tickets::default(), Instant::now());
        for number in 0..Tickets::<u32>::LIMIT {
            let mut random = [0; 32];
            random[..8].copy_from_slice(&number.to_be_bytes());
            tickets.issue(0_u32, random, now).unwrap();
        }
        assert_eq!(tickets.issue(0, [9; 32], now), Err(TooMany));
        assert!(tickets.issue(0, [9; 32], now + LIFETIME).is_ok());
        assert_eq!(tickets.waiting.len(), 1);
    }

    #[test]
    fn a_ticket_is_not_printed() {
        let ticket = Tickets::default()
            .issue((), [7; 32], Instant::now())
            .unwrap();
        assert_eq!(format!("{ticket:?}"), "Ticket(secret)");
    }
}
