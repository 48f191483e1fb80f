//! A line: rate, queue, delay, jitter, loss; or a policer, which drops instead of queueing.

use std::time::Duration;

/// One direction of a line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    /// Bytes a second.
    rate: u64,
    queue: u64,
    policed: bool,
    /// One way.
    pub(crate) delay: Duration,
    jitter: Duration,
    loss: u64,
    /// Packets that were offered.
    pub(crate) offered: u64,
    /// Packets for which the queue had no room.
    pub(crate) dropped: u64,
    /// When the line has sent all that it took; for a policer, when its allowance is whole again.
    free: Duration,
    last: Duration,
    jittered: (Duration, Duration),
    dice: u64,
}

/// What becomes of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Since the start.
    Arrives(Duration),
    Lost,
    Dropped,
}

impl Line {
    /// This many bits a second, this delay one way, and a queue of this many bytes.
    pub(crate) fn new(kilobits: u64, delay_ms: u64, queue: u64) -> Self {
        Self {
            rate: kilobits * 125,
            queue,
            delay: Duration::from_millis(delay_ms),
            ..Self::default()
        }
    }

    /// Packets of 1000 that are lost by chance.
    pub(crate) fn lossy(self, loss: u64) -> Self {
        Self { loss, ..self }
    }

    /// Added to the delay, up to this much, anew every 10 ms; the order is kept.
    pub(crate) fn jittery(self, ms: u64) -> Self {
        let jitter = Duration::from_millis(ms);
        Self { jitter, ..self }
    }

    /// What is beyond the rate is dropped, nothing waits; the queue says how much may come at once.
    pub(crate) fn policed(self) -> Self {
        Self {
            policed: true,
            ..self
        }
    }

    /// Bytes that it can carry in this time.
    pub(crate) fn capacity(&self, time: Duration) -> u64 {
        self.rate * time.as_secs()
    }

    /// A packet enters at this time since the start.
    pub(crate) fn offer(&mut self, now: Duration, length: usize) -> Verdict {
        let length = u64::try_from(length).expect("a packet is short");
        self.offered += 1;
        let lost = self.draw() % 1000 < self.loss;
        let takes = |bytes: u64| Duration::from_nanos(bytes * 1_000_000_000 / self.rate);
        let free = self.free.max(now) + takes(length);
        if free > now + takes(self.queue) {
            self.dropped += 1;
            return Verdict::Dropped;
        }
        self.free = free;
        let leaves = if self.policed { now } else { free };
        if lost {
            return Verdict::Lost;
        }
        let arrives = (leaves + self.delay + self.jitter_at(leaves)).max(self.last);
        self.last = arrives;
        Verdict::Arrives(arrives)
    }

    fn jitter_at(&mut self, now: Duration) -> Duration {
        let (until, jitter) = self.jittered;
        if self.jitter.is_zero() || now < until {
            return jitter;
        }
        let most = u64::try_from(self.jitter.as_micros()).expect("a jitter is short");
        let jitter = Duration::from_micros(self.draw() % most);
        self.jittered = (now + Duration::from_millis(10), jitter);
        jitter
    }

    /// `SplitMix64`.
    fn draw(&mut self) -> u64 {
        self.dice = self.dice.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.dice ^ (self.dice >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
