//! Figures of a session: input-to-photon, updates a second, stalls.

use std::time::Duration;

/// Collects figures.
#[derive(Debug, Default)]
pub(crate) struct Quality {
    /// The last latencies in microseconds, newest overwriting the oldest.
    latencies: Vec<u64>,
    place: usize,
    first: Option<Duration>,
    last: Option<Duration>,
    painted: u64,
    stalls: u32,
    waiting_since: Option<Duration>,
}

impl Quality {
    /// An update was painted.
    pub(crate) fn painted(&mut self, now: Duration) {
        self.first.get_or_insert(now);
        if self
            .waiting_since
            .take()
            .is_some_and(|since| now > since + STALL)
        {
            self.stalls += 1;
        }
        self.last = Some(now);
        self.painted += 1;
    }

    /// Something was done whose effect should be seen soon.
    pub(crate) fn expects(&mut self, now: Duration) {
        self.waiting_since.get_or_insert(now);
    }

    /// The effect of an input was seen.
    pub(crate) fn latency(&mut self, latency: Duration) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        if self.latencies.len() < SAMPLES {
            self.latencies.push(micros);
        } else if let Some(oldest) = self.latencies.get_mut(self.place) {
            *oldest = micros;
            self.place = (self.place + 1) % SAMPLES;
        }
    }

    /// The figures so far.
    pub(crate) fn figures(&self) -> wire::Quality {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        let span = match (self.first, self.last) {
            (Some(first), Some(last)) if last > first => (last - first).as_secs_f32(),
            _ => 0.0,
        };
        let fps = if span > 0.0 {
            figure(self.painted) / span
        } else {
            0.0
        };
        wire::Quality {
            p50_ms: figure(percentile(&sorted, 50)) / 1000.0,
            p95_ms: figure(percentile(&sorted, 95)) / 1000.0,
            fps,
            stalls: self.stalls,
        }
    }

    /// How many latencies were measured.
    pub(crate) fn samples(&self) -> usize {
        self.latencies.len()
    }
}

fn percentile(sorted: &[u64], percent: usize) -> u64 {
    let place = sorted.len().saturating_sub(1) * percent / 100;
    sorted.get(place).copied().unwrap_or_default()
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a figure for people"
)]
fn figure(value: u64) -> f32 {
    value as f32
}

const SAMPLES: usize = 4096;
const STALL: Duration = Duration::from_millis(500);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_of_what_was_seen() {
        let mut quality = Quality::default();
        for n in 0..=100 {
            quality.painted(Duration::from_millis(n * 100));
            quality.latency(Duration::from_millis(n));
        }
        let figures = quality.figures();
        assert_eq!((figures.p50_ms, figures.p95_ms), (50.0, 95.0));
        assert!((figures.fps - 10.1).abs() < 0.01);
        quality.expects(Duration::from_secs(20));
        quality.painted(Duration::from_secs(21));
        assert_eq!(quality.figures().stalls, 1);
    }
}
