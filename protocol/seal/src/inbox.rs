//! The receiving side of one channel: order, doubles, gaps (SPEC 10).

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use wire::{Channel, Delivery};

/// Most records that wait behind a gap.
pub(crate) const HOLD_RECORDS: usize = 64;
/// Most bytes that wait behind a gap.
pub(crate) const HOLD_BYTES: usize = 256 * 1024;
/// Longest wait behind a gap before the missing records are asked for.
pub(crate) const HOLD_TIME: Duration = Duration::from_secs(2);

/// Puts the opened records of one channel in order.
pub(crate) enum Inbox {
    /// Delivers in counter order.
    Ordered(Ordered),
    /// Delivers what is new.
    Latest(Latest),
}

/// What became of a record.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is delivered now, with whatever waited for it.
    Deliver(Vec<Bytes>),
    /// It waits for an earlier one.
    Held,
    /// It was seen before.
    Doubled,
    /// Too much waits already; it is dropped and has to be sent again.
    NoRoom,
}

/// Counter order: nothing lost, nothing twice.
#[derive(Default)]
pub(crate) struct Ordered {
    next: u64,
    held: BTreeMap<u64, Bytes>,
    held_bytes: usize,
    gap_since: Option<Duration>,
}

/// A sliding window of 2048 counters; it moves only for records that opened.
pub(crate) struct Latest {
    highest: Option<u64>,
    seen: Box<[u64; WORDS]>,
}

const WORDS: usize = 32;
const WINDOW: u64 = 2048;

impl Inbox {
    pub(crate) fn new(channel: Channel) -> Self {
        match channel.delivery() {
            Delivery::Reliable | Delivery::Ordered => Self::Ordered(Ordered::default()),
            Delivery::Latest => Self::Latest(Latest {
                highest: None,
                seen: Box::new([0; WORDS]),
            }),
        }
    }

    /// Whether a record with this counter is worth opening.
    pub(crate) fn wants(&self, counter: u64) -> bool {
        match self {
            Self::Ordered(ordered) => {
                counter >= ordered.next && !ordered.held.contains_key(&counter)
            }
            Self::Latest(latest) => latest.is_new(counter),
        }
    }

    /// Takes a record that opened.
    pub(crate) fn take(&mut self, counter: u64, text: Bytes, now: Duration) -> Taken {
        match self {
            Self::Ordered(ordered) => ordered.take(counter, text, now),
            Self::Latest(latest) if latest.is_new(counter) => {
                latest.mark(counter);
                Taken::Deliver(vec![text])
            }
            Self::Latest(_) => Taken::Doubled,
        }
    }

    /// The next counter that is expected: everything below was delivered. `None` where order does not matter.
    pub(crate) fn next(&self) -> Option<u64> {
        match self {
            Self::Ordered(ordered) => Some(ordered.next),
            Self::Latest(_) => None,
        }
    }

    /// The peer gave up everything below `next`. Gives what waited behind it.
    pub(crate) fn skip(&mut self, next: u64) -> Vec<Bytes> {
        match self {
            Self::Ordered(ordered) => ordered.skip(next),
            Self::Latest(_) => vec![],
        }
    }

    /// Since when a record has been missing.
    pub(crate) fn gap_since(&self) -> Option<Duration> {
        match self {
            Self::Ordered(ordered) => ordered.gap_since,
            Self::Latest(_) => None,
        }
    }

    /// The missing records were asked for at `now`: waits anew.
    pub(crate) fn asked(&mut self, now: Duration) {
        if let Self::Ordered(Ordered {
            gap_since: Some(since),
            ..
        }) = self
        {
            *since = now;
        }
    }
}

impl Ordered {
    fn take(&mut self, counter: u64, text: Bytes, now: Duration) -> Taken {
        if counter < self.next || self.held.contains_key(&counter) {
            return Taken::Doubled;
        }
        if counter > self.next {
            let full = self.held.len() >= HOLD_RECORDS || self.held_bytes + text.len() > HOLD_BYTES;
            self.gap_since.get_or_insert(now);
            if full {
                return Taken::NoRoom;
            }
            self.held_bytes += text.len();
            self.held.insert(counter, text);
            return Taken::Held;
        }
        self.next += 1;
        let mut ready = vec![text];
        ready.extend(self.release());
        Taken::Deliver(ready)
    }

    fn skip(&mut self, next: u64) -> Vec<Bytes> {
        if next <= self.next {
            return vec![];
        }
        let keep = self.held.split_off(&next);
        self.held = keep;
        self.held_bytes = self.held.values().map(Bytes::len).sum();
        self.next = next;
        self.release()
    }

    /// What is in order now.
    fn release(&mut self) -> Vec<Bytes> {
        let mut ready = vec![];
        while let Some(text) = self.held.remove(&self.next) {
            self.held_bytes -= text.len();
            self.next += 1;
            ready.push(text);
        }
        if self.held.is_empty() {
            self.gap_since = None;
        }
        ready
    }
}

impl Latest {
    fn is_new(&self, counter: u64) -> bool {
        let Some(highest) = self.highest else {
            return true;
        };
        if counter > highest {
            return true;
        }
        highest - counter < WINDOW
            && self
                .word(counter)
                .is_some_and(|word| word & bit(counter) == 0)
    }

    fn mark(&mut self, counter: u64) {
        let before = self.highest.map_or(0, |highest| highest + 1);
        if self.highest.is_none_or(|highest| counter > highest) {
            // Counters between the old and the new highest were not seen: their places may hold older ones.
            let clear_from = before.max(counter.saturating_sub(WINDOW - 1));
            for skipped in clear_from..=counter {
                self.set(skipped, false);
            }
            self.highest = Some(counter);
        }
        self.set(counter, true);
    }

    fn word(&self, counter: u64) -> Option<u64> {
        self.seen.get(place(counter)).copied()
    }

    fn set(&mut self, counter: u64, seen: bool) {
        if let Some(word) = self.seen.get_mut(place(counter)) {
            *word = if seen {
                *word | bit(counter)
            } else {
                *word & !bit(counter)
            };
        }
    }
}

fn place(counter: u64) -> usize {
    usize::try_from(counter / 64 % 32).unwrap_or_default()
}

fn bit(counter: u64) -> u64 {
    1 << (counter % 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(n: u64) -> Bytes {
        n.to_be_bytes().to_vec().into()
    }

    #[test]
    fn a_jump_is_held_and_delivered_in_order() {
        let mut inbox = Inbox::new(Channel::Chat);
        let now = Duration::ZERO;
        assert_eq!(inbox.take(1, text(1), now), Taken::Held);
        assert_eq!(inbox.gap_since(), Some(now));
        assert_eq!(inbox.take(1, text(1), now), Taken::Doubled);
        assert_eq!(
            inbox.take(0, text(0), now),
            Taken::Deliver(vec![text(0), text(1)])
        );
        assert_eq!(inbox.gap_since(), None);
        assert_eq!(inbox.take(0, text(0), now), Taken::Doubled);
    }

    #[test]
    fn a_peer_that_skips_for_ever_fills_no_more_than_the_bound() {
        let mut inbox = Inbox::new(Channel::Chat);
        let held = (1..100_000)
            .filter(|n| inbox.take(*n, text(*n), Duration::ZERO) == Taken::Held)
            .count();
        assert_eq!(held, HOLD_RECORDS);
    }

    #[test]
    fn a_window_drops_doubles_and_what_is_too_old() {
        let mut inbox = Inbox::new(Channel::Cursor);
        let mut taken = |n| inbox.take(n, text(n), Duration::ZERO) != Taken::Doubled;
        assert!(taken(5));
        assert!(!taken(5));
        assert!(taken(3));
        assert!(taken(1 << 40));
        assert!(!taken(5));
        assert!(taken((1 << 40) - WINDOW + 1));
        assert!(!taken((1 << 40) - WINDOW + 1));
        assert!(!taken((1 << 40) - WINDOW));
        assert!(taken((1 << 40) + 2047));
        assert!(taken((1 << 40) + 1));
    }

    #[test]
    fn skipping_releases_what_waited() {
        let mut inbox = Inbox::new(Channel::Picture);
        for n in [3, 4, 6] {
            assert_eq!(inbox.take(n, text(n), Duration::ZERO), Taken::Held);
        }
        assert_eq!(inbox.skip(3), vec![text(3), text(4)]);
        assert_eq!(inbox.next(), Some(5));
        assert_eq!(inbox.skip(2), Vec::<Bytes>::new());
    }
}
