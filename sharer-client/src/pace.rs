//! How fast updates leave: 60 a second at most, and no more under way than the path takes (DESIGN 4).

use std::collections::VecDeque;
use std::time::Duration;

/// The pacing rule `queue`: at most `2 + ⌈smallest round trip / 33 ms⌉` updates under way; fewer, by 10 % an acknowledgement,
/// while even the best recent acknowledgement is more than 100 ms above the smallest round trip.
#[derive(Debug)]
pub(crate) struct Pace {
    /// Updates under way: the counter that acknowledges them, and when they left.
    under_way: VecDeque<(u64, Duration)>,
    smallest: Option<Duration>,
    recent: VecDeque<Duration>,
    /// Share of the limit that is used, between 0 and 1.
    share: f64,
    next: Duration,
}

impl Pace {
    pub(crate) fn new() -> Self {
        Self {
            under_way: VecDeque::new(),
            smallest: None,
            recent: VecDeque::new(),
            share: 1.0,
            next: Duration::ZERO,
        }
    }

    /// Whether an update may begin now.
    pub(crate) fn is_open(&self, now: Duration) -> bool {
        now >= self.next && self.under_way.len() < self.limit()
    }

    /// When an update may begin, if only time is missing.
    pub(crate) fn opens_at(&self) -> Option<Duration> {
        (self.under_way.len() < self.limit()).then_some(self.next)
    }

    /// An update begins.
    pub(crate) fn begun(&mut self, now: Duration) {
        self.next = now + TICK;
    }

    /// Its last record was sealed; `next` is the counter after it.
    pub(crate) fn sent(&mut self, next: u64, now: Duration) {
        self.under_way.push_back((next, now));
    }

    /// The helper has everything below `next`.
    pub(crate) fn acknowledged(&mut self, next: u64, now: Duration) {
        while let Some((_, sent)) = self
            .under_way
            .front()
            .filter(|(counter, _)| *counter <= next)
        {
            let trip = now.saturating_sub(*sent);
            self.under_way.pop_front();
            self.smallest = Some(self.smallest.map_or(trip, |smallest| smallest.min(trip)));
            self.recent.push_back(trip);
            while self.recent.len() > self.full_limit() + 4 {
                self.recent.pop_front();
            }
            self.adapt();
        }
    }

    /// What was under way is not acknowledged any more: a new context began.
    pub(crate) fn restart(&mut self) {
        self.under_way.clear();
    }

    fn adapt(&mut self) {
        let (Some(smallest), Some(best)) = (self.smallest, self.recent.iter().min()) else {
            return;
        };
        if *best > smallest + QUEUE {
            self.share = (self.share * 0.9).max(0.1);
        } else {
            self.share = (self.share * 1.1).min(1.0);
        }
    }

    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a small positive number"
    )]
    fn limit(&self) -> usize {
        ((self.full_limit() as f64 * self.share).round() as usize).max(1)
    }

    fn full_limit(&self) -> usize {
        let trip = self.smallest.unwrap_or_default().as_millis();
        2 + usize::try_from(trip.div_ceil(33))
            .unwrap_or(usize::MAX - 2)
            .min(MOST)
    }
}

const TICK: Duration = Duration::from_micros(16_667);
const QUEUE: Duration = Duration::from_millis(100);
const MOST: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn the_first_update_leaves_at_once_and_then_sixty_a_second() {
        let mut pace = Pace::new();
        assert!(pace.is_open(Duration::ZERO));
        pace.begun(Duration::ZERO);
        pace.sent(1, Duration::ZERO);
        pace.acknowledged(1, MS);
        assert!(!pace.is_open(16 * MS));
        assert!(pace.is_open(17 * MS));
    }

    #[test]
    fn a_long_path_has_more_updates_under_way_than_a_short_one() {
        for (trip, limit) in [(1, 3), (300, 12)] {
            let mut pace = Pace::new();
            pace.sent(1, Duration::ZERO);
            pace.acknowledged(1, trip * MS);
            let mut under_way = 0;
            while pace.is_open(Duration::from_secs(1)) {
                under_way += 1;
                pace.sent(1 + under_way, Duration::from_secs(1));
            }
            assert_eq!(under_way, limit);
        }
    }

    #[test]
    fn a_queue_on_the_path_shrinks_the_limit_and_its_end_restores_it() {
        let mut pace = Pace::new();
        pace.sent(1, Duration::ZERO);
        pace.acknowledged(1, 20 * MS);
        let full = pace.limit();
        for n in 2..40 {
            pace.sent(n, Duration::ZERO);
            pace.acknowledged(n, 400 * MS);
        }
        assert_eq!(pace.limit(), 1);
        for n in 40..90 {
            pace.sent(n, Duration::ZERO);
            pace.acknowledged(n, 25 * MS);
        }
        assert_eq!(pace.limit(), full);
    }
}
