//! What one direction of a path does to packets. No clock and no sockets: the time is an argument, chance comes from a seed.

use std::time::Duration;

/// What one direction of a path does to packets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Impairment {
    /// One way, without the time on the line.
    pub delay: Duration,
    /// The largest deviation from the delay, to both sides. It is drawn anew every 10 ms, so that packets that are sent together stay
    /// together, and never changes their order: as on a radio link.
    pub jitter: Duration,
    /// The share of packets that is lost in the long run, from 0 to 1.
    pub loss: f64,
    /// The mean length of a burst of loss in packets; with 1 or less losses do not depend on each other.
    pub burst: f64,
    /// Bits a second; 0 is without limit.
    pub rate: u64,
    /// Bytes that wait for the line at most; what comes then is dropped. Counts only with a rate.
    pub queue: u64,
}

/// What becomes of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It arrives at this time since the start.
    Arrives(Duration),
    /// It is lost on the line.
    Lost,
    /// The queue has no room for it.
    Dropped,
}

/// What happened in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Packets that were offered, and not blocked.
    pub packets: u64,
    /// Bytes of packets that were delivered.
    pub bytes: u64,
    /// Packets that were delivered.
    pub delivered: u64,
    /// Packets that were lost on the line, and in an outage.
    pub lost: u64,
    /// Bursts of losses.
    pub bursts: u64,
    /// Packets for which the queue had no room.
    pub dropped: u64,
    /// Packets of a protocol that was blocked.
    pub blocked: u64,
    /// By how much the latest delivery was later than planned: how far the emulation can be trusted.
    pub latest: Duration,
}

/// One direction of a path, as it runs.
#[derive(Clone, Debug)]
pub struct Direction {
    impairment: Impairment,
    losses: Dice,
    jitters: Dice,
    /// In a burst (Gilbert-Elliott: no loss in the good state, nothing but loss in the bad one).
    bursting: bool,
    lost_before: bool,
    /// When the line has sent all that it took.
    free: Duration,
    jitter: (Duration, i64),
    last: Duration,
    /// What happened so far.
    pub counters: Counters,
}

impl Impairment {
    /// Nothing happens to packets.
    pub const NONE: Self = Self {
        delay: Duration::ZERO,
        jitter: Duration::ZERO,
        loss: 0.0,
        burst: 1.0,
        rate: 0,
        queue: 0,
    };
}

impl Direction {
    /// A direction whose chances come from this seed.
    pub fn new(impairment: Impairment, seed: u64) -> Self {
        Self {
            impairment,
            losses: Dice(seed ^ 0x1055),
            jitters: Dice(seed ^ 0x7177_e200),
            bursting: false,
            lost_before: false,
            free: Duration::ZERO,
            jitter: (Duration::ZERO, 0),
            last: Duration::ZERO,
            counters: Counters::default(),
        }
    }

    /// Decides about a packet of this length in bytes that enters now, counted from the start. In the dark everything is lost.
    pub fn offer(&mut self, now: Duration, length: usize, dark: bool) -> Verdict {
        self.counters.packets += 1;
        // Drawn first: the n-th packet has the n-th number, whatever else happens to it.
        let lost = self.draw_loss() || dark;
        let Some(leaves) = self.queue(now, length as u64) else {
            self.counters.dropped += 1;
            return Verdict::Dropped;
        };
        let first = lost && !self.lost_before;
        self.lost_before = lost;
        if lost {
            self.counters.lost += 1;
            self.counters.bursts += u64::from(first);
            return Verdict::Lost;
        }
        let delay = self.impairment.delay.as_nanos() as i64 + self.draw_jitter(leaves);
        let arrives = leaves + Duration::from_nanos(delay.max(0) as u64);
        self.last = self.last.max(arrives);
        Verdict::Arrives(self.last)
    }

    /// When the line has sent it; none if the queue has no room.
    fn queue(&mut self, now: Duration, length: u64) -> Option<Duration> {
        let rate = self.impairment.rate;
        if rate == 0 {
            return Some(now);
        }
        let takes = |bytes: u64| Duration::from_nanos(bytes * 8_000_000_000 / rate);
        let free = self.free.max(now) + takes(length);
        if free > now + takes(self.impairment.queue) {
            return None;
        }
        self.free = free;
        Some(free)
    }

    fn draw_loss(&mut self) -> bool {
        let (loss, burst) = (self.impairment.loss, self.impairment.burst.max(1.0));
        let drawn = self.losses.unit();
        if loss <= 0.0 {
            return false;
        }
        if burst <= 1.0 {
            return drawn < loss;
        }
        // A burst ends with 1/burst; how often one begins follows from the share of the bad state.
        let leave = 1.0 / burst;
        let enter = (leave * loss / (1.0 - loss)).min(1.0);
        self.bursting = if self.bursting {
            drawn >= leave
        } else {
            drawn < enter
        };
        self.bursting
    }

    fn draw_jitter(&mut self, now: Duration) -> i64 {
        if self.impairment.jitter.is_zero() {
            return 0;
        }
        let (until, jitter) = self.jitter;
        if now < until {
            return jitter;
        }
        let most = self.impairment.jitter.as_nanos() as f64;
        let drawn = ((self.jitters.unit() * 2.0 - 1.0) * most) as i64;
        self.jitter = (now + JITTER_HOLDS, drawn);
        drawn
    }
}

/// `SplitMix64`.
#[derive(Clone, Debug)]
struct Dice(u64);

impl Dice {
    /// From 0 to 1.
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

const JITTER_HOLDS: Duration = Duration::from_millis(10);

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn direction(impairment: Impairment) -> Direction {
        Direction::new(impairment, 7)
    }

    #[test]
    fn a_packet_takes_the_delay_and_its_time_on_the_line() {
        let mut line = direction(Impairment {
            delay: ms(20),
            rate: 8_000_000,
            queue: 10_000,
            ..Impairment::NONE
        });
        let offered = [0, 0, 0, 50].map(|at| line.offer(ms(at), 1000, false));
        assert_eq!(offered, [21, 22, 23, 71].map(|at| Verdict::Arrives(ms(at))));
    }

    #[test]
    fn a_full_queue_drops_what_comes() {
        let mut line = direction(Impairment {
            rate: 8_000_000,
            queue: 3000,
            ..Impairment::NONE
        });
        let dropped = (0..5).filter(|_| line.offer(ms(0), 1000, false) == Verdict::Dropped);
        assert_eq!(dropped.count(), 2);
        assert!(matches!(
            line.offer(ms(1), 1000, false),
            Verdict::Arrives(_)
        ));
    }

    #[test]
    fn losses_have_their_share_and_their_bursts() {
        for (loss, burst) in [(0.02, 1.0), (0.02, 3.0), (0.1, 5.0)] {
            let mut line = direction(Impairment {
                loss,
                burst,
                ..Impairment::NONE
            });
            for packet in 0..200_000 {
                line.offer(ms(packet), 100, false);
            }
            let Counters { lost, bursts, .. } = line.counters;
            let share = lost as f64 / 200_000.0;
            assert!((share / loss - 1.0).abs() < 0.1, "{share} of {loss}");
            let length = lost as f64 / bursts as f64;
            assert!((length / burst - 1.0).abs() < 0.15, "{length} of {burst}");
        }
    }

    #[test]
    fn the_same_seed_has_the_same_fate() {
        let impairment = Impairment {
            jitter: ms(5),
            delay: ms(10),
            loss: 0.1,
            burst: 2.0,
            ..Impairment::NONE
        };
        let fate = |seed| {
            let mut line = Direction::new(impairment, seed);
            let fates = (0..500).map(|packet| line.offer(ms(packet), 100, false));
            fates.collect::<Vec<_>>()
        };
        assert_eq!(fate(1), fate(1));
        assert_ne!(fate(1), fate(2));
    }

    #[test]
    fn jitter_keeps_its_bounds_and_the_order() {
        let mut line = direction(Impairment {
            delay: ms(30),
            jitter: ms(10),
            ..Impairment::NONE
        });
        let (mut last, mut earliest, mut latest) = (ms(0), ms(99), ms(0));
        for packet in 0..2000 {
            let Verdict::Arrives(at) = line.offer(ms(packet), 100, false) else {
                panic!("nothing is lost");
            };
            assert!(at >= last);
            last = at;
            (earliest, latest) = (earliest.min(at - ms(packet)), latest.max(at - ms(packet)));
        }
        assert!(earliest >= ms(20) && latest <= ms(40) && latest - earliest > ms(12));
    }

    #[test]
    fn in_the_dark_everything_is_lost() {
        let mut line = direction(Impairment::NONE);
        assert_eq!(line.offer(ms(1), 10, true), Verdict::Lost);
        assert_eq!(line.offer(ms(2), 10, false), Verdict::Arrives(ms(2)));
    }
}
