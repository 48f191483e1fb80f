//! The least round trip of the last seconds.

use std::time::{Duration, Instant};

/// The least *smoothed* round trip of the last five to ten seconds. The true least one is a fluke on a path with jitter, and a window
/// made of it too small.
#[derive(Clone, Debug)]
pub(super) struct LeastRoundTrip {
    since: Instant,
    newer: Option<Duration>,
    /// Of the time before `since`.
    older: Option<Duration>,
    trusted: bool,
}

impl LeastRoundTrip {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            since: now,
            newer: None,
            older: None,
            trusted: false,
        }
    }

    /// From now on what is noted was measured.
    pub(super) fn trust(&mut self) {
        self.trusted = true;
    }

    /// Notes a smoothed round trip. Gives whether it is time to look for the true one, by letting the queue run empty.
    pub(super) fn note(&mut self, now: Instant, smoothed: Duration) -> bool {
        if !self.trusted {
            return false;
        }
        let age = now.saturating_duration_since(self.since);
        let over = age > SPAN;
        if over {
            self.older = self.newer.filter(|_| age <= 2 * SPAN);
            self.newer = None;
            self.since = now;
        }
        self.newer = Some(self.newer.map_or(smoothed, |least| least.min(smoothed)));
        over
    }

    /// None before anything was measured.
    pub(super) fn least(&self) -> Option<Duration> {
        self.newer.into_iter().chain(self.older).min()
    }
}

const SPAN: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_trip_is_forgotten_after_ten_seconds_at_most() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let ms = Duration::from_millis;
        let mut least = LeastRoundTrip::new(start);
        least.note(at(0), ms(1));
        assert_eq!(least.least(), None, "a guess is not noted");
        least.trust();
        for (second, noted, expected) in [
            (1, 50, 50),
            (2, 40, 40),
            (4, 60, 40),
            (6, 90, 40),
            (8, 80, 40),
            (12, 85, 80),
            (40, 99, 99),
        ] {
            least.note(at(second), ms(noted));
            assert_eq!(least.least(), Some(ms(expected)), "after {second} s");
        }
    }
}
