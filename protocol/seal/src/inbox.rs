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
    /// Delivers what is newer than everything before.
    Latest(Latest),
}

/// What became of a record.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is delivered now, with whatever waited for it.
    Deliver(Vec<Bytes>),
    /// It waits for an earlier one.
    Held,
    /// It was seen before, or it is late where only the newest counts.
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

/// The newest wins: whatever is not newer than what was delivered is dropped, be it late or doubled. Moves only for records
/// that opened.
#[derive(Default)]
pub(crate) struct Latest {
    next: u64,
}

impl Inbox {
    pub(crate) fn new(channel: Channel) -> Self {
        match channel.delivery() {
            Delivery::Reliable | Delivery::Ordered => Self::Ordered(Ordered::default()),
            Delivery::Latest => Self::Latest(Latest::default()),
        }
    }

    /// Whether a record with this counter is worth opening.
    pub(crate) fn wants(&self, counter: u64) -> bool {
        match self {
            Self::Ordered(ordered) => {
                counter >= ordered.next && !ordered.held.contains_key(&counter)
            }
            Self::Latest(latest) => counter >= latest.next,
        }
    }

    /// Takes a record that opened.
    pub(crate) fn take(&mut self, counter: u64, text: Bytes, now: Duration) -> Taken {
        match self {
            Self::Ordered(ordered) => ordered.take(counter, text, now),
            Self::Latest(latest) if counter >= latest.next => {
                latest.next = counter.saturating_add(1);
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
    fn where_the_latest_counts_what_is_late_or_doubled_is_dropped() {
        let channels = Channel::ALL.into_iter();
        for channel in channels.filter(|channel| channel.delivery() == Delivery::Latest) {
            let mut inbox = Inbox::new(channel);
            let mut taken = |n| {
                let wanted = inbox.wants(n);
                let taken = inbox.take(n, text(n), Duration::ZERO);
                assert_eq!(wanted, taken == Taken::Deliver(vec![text(n)]));
                wanted
            };
            assert!(taken(0));
            assert!(!taken(0));
            assert!(taken(5), "a gap holds nothing up");
            assert!(!taken(5));
            assert!(!taken(3), "the newest wins");
            assert!(taken(1 << 40));
            assert!(!taken((1 << 40) - 1));
            assert!(taken((1 << 40) + 1));
        }
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
