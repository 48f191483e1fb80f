//! Our congestion controller: the window follows the measured delivery rate and the least round trip, as BBR's does.
//!
//! On a radio link packets get lost that no queue has dropped. A controller that takes every loss for a full queue, as CUBIC does, leaves
//! such a link nearly unused, and pictures come seconds late. Here only heavy loss, marks of the network (ECN) and a delivery rate
//! that grows no more count. quinn's own BBR is not used: it never leaves its start while the application sends less than the path can
//! carry, which is what a shared screen does, and its window then grows without end.
//!
//! Time is counted in rounds: a round is over when a packet is acknowledged that was sent after the round began.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use quinn::congestion::{Controller, ControllerFactory};
use quinn_proto::RttEstimator;

use self::round_trip::LeastRoundTrip;

mod round_trip;

/// Makes a controller for each connection.
#[derive(Clone, Debug)]
pub(super) struct RateConfig {
    /// Bytes that may be under way before anything is known.
    pub(super) initial_window: u64,
}

impl ControllerFactory for RateConfig {
    fn build(self: Arc<Self>, now: Instant, mtu: u16) -> Box<dyn Controller> {
        Box::new(Rate::new(self.initial_window, now, mtu))
    }
}

/// The controller of one connection. Bytes, bytes a second, percent.
#[derive(Clone, Debug)]
struct Rate {
    mtu: u64,
    initial: u64,
    window: u64,
    round_trip: LeastRoundTrip,
    /// Delivery rates of the last rounds that were not limited by the application.
    rates: VecDeque<u64>,
    phase: Phase,
    /// Place in [`CYCLE`].
    cycle: usize,
    /// Rounds for which nothing is tried beyond what was delivered, after the path lost much.
    cautious: u32,
    /// The next round lets the queue run empty.
    empty: bool,
    last_sent: u64,
    round: Round,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The window grows by what is acknowledged until the rate has not grown for [`FLAT_ROUNDS`].
    Start { best: u64, flat: u32 },
    /// The window follows rate and round trip.
    Steady,
}

/// What happened since the round began.
#[derive(Clone, Copy, Debug)]
struct Round {
    began: Instant,
    /// The round is over when this packet, or a later one, is acknowledged.
    last: u64,
    acknowledged: u64,
    lost: u64,
    marked: bool,
    /// The application had nothing to send at some moment: the rate says little about the path.
    limited: bool,
}

impl Round {
    fn begin(now: Instant, last: u64) -> Self {
        Self {
            began: now,
            last,
            acknowledged: 0,
            lost: 0,
            marked: false,
            limited: false,
        }
    }

    /// More was lost than a noisy path loses. A few packets are no proof.
    fn is_congested(&self, mtu: u64) -> bool {
        let share = self.lost * 100 / (self.acknowledged + self.lost).max(1);
        self.marked || (share > HEAVY_LOSS && self.lost > 4 * mtu)
    }
}

impl Rate {
    fn new(initial_window: u64, now: Instant, mtu: u16) -> Self {
        Self {
            mtu: mtu.into(),
            initial: initial_window,
            window: initial_window,
            round_trip: LeastRoundTrip::new(now),
            rates: VecDeque::new(),
            phase: Phase::START,
            cycle: 0,
            cautious: 0,
            empty: false,
            last_sent: 0,
            round: Round::begin(now, 0),
        }
    }

    fn acknowledged(&mut self, now: Instant, bytes: u64, limited: bool, round_trip: Duration) {
        self.round.acknowledged += bytes;
        self.round.limited |= limited;
        self.empty |= self.round_trip.note(now, round_trip);
        if let Phase::Start { best, flat } = self.phase
            && !limited
        {
            let least = self.round_trip.least().unwrap_or_default();
            // A rate that grows no more is a full line: what else is sent only waits in its queue.
            let enough = flat > 0 && self.window > over(best, least) * START_GAIN / 100;
            self.window += if enough { 0 } else { bytes };
        }
    }

    fn end_round(&mut self, now: Instant) {
        let rate = self.delivery_rate(now);
        let congested = self.round.is_congested(self.mtu);
        if congested {
            self.phase = Phase::Steady;
            self.cautious = CAUTIOUS_ROUNDS;
            self.rates.clear();
        }
        // A limited round proves only that the path can do at least this much.
        if !self.round.limited || rate > self.rate() {
            self.rates.push_back(rate);
            if self.rates.len() > RATE_ROUNDS {
                self.rates.pop_front();
            }
        }
        if !self.round.limited {
            self.phase = self.phase.after(rate);
        }
        self.cycle = (self.cycle + 1) % CYCLE.len();
        if self.phase == Phase::Steady {
            self.window = self.steady_window(congested);
            self.empty = false;
        }
        self.cautious = self.cautious.saturating_sub(1);
        self.round = Round::begin(now, self.last_sent);
    }

    fn steady_window(&self, congested: bool) -> u64 {
        let cycle = CYCLE.get(self.cycle).copied().unwrap_or(CRUISE);
        let gain = match (congested, self.cautious) {
            _ if self.empty => EMPTY,
            (true, _) => YIELD,
            (false, 0) => cycle,
            (false, _) => cycle.min(CAUTION),
        };
        let least = self.round_trip.least().unwrap_or_default();
        let product = over(self.rate(), least);
        let floor = if least < NEAR { FLOOR_NEAR } else { FLOOR };
        (product * gain / 100 + SLACK * self.mtu).max(floor * self.mtu)
    }

    /// A round is never counted as shorter than the least round trip: acknowledgements that arrive in a bunch prove no rate.
    fn delivery_rate(&self, now: Instant) -> u64 {
        let least = self.round_trip.least().unwrap_or_default();
        let length = now.saturating_duration_since(self.round.began).max(least);
        let micros = u64::try_from(length.as_micros()).unwrap_or(u64::MAX);
        self.round.acknowledged.saturating_mul(SECOND) / micros.max(1)
    }

    fn rate(&self) -> u64 {
        self.rates.iter().copied().max().unwrap_or_default()
    }

    fn start_again(&mut self) {
        self.phase = Phase::START;
        self.rates.clear();
        self.window = self.initial;
    }
}

impl Phase {
    const START: Self = Self::Start { best: 0, flat: 0 };

    /// After a round that had this rate and was not limited by the application.
    fn after(self, rate: u64) -> Self {
        match self {
            Self::Start { best, .. } if rate * 4 > best * 5 => Self::Start {
                best: rate,
                flat: 0,
            },
            Self::Start { best, flat } if flat + 1 < FLAT_ROUNDS => Self::Start {
                best: best.max(rate),
                flat: flat + 1,
            },
            Self::Start { .. } | Self::Steady => Self::Steady,
        }
    }
}

impl Controller for Rate {
    fn on_sent(&mut self, _now: Instant, _bytes: u64, packet: u64) {
        self.last_sent = packet;
    }

    fn on_ack(
        &mut self,
        now: Instant,
        _sent: Instant,
        bytes: u64,
        app_limited: bool,
        rtt: &RttEstimator,
    ) {
        self.acknowledged(now, bytes, app_limited, rtt.get());
    }

    fn on_end_acks(&mut self, now: Instant, _: u64, _: bool, largest: Option<u64>) {
        // The estimator has its first measured value only now; what it said before was a guess.
        self.round_trip.trust();
        if largest.is_some_and(|largest| largest >= self.round.last) {
            self.end_round(now);
        }
    }

    fn on_congestion_event(&mut self, _: Instant, _: Instant, persistent: bool, lost: u64) {
        self.round.lost += lost;
        // No byte is lost by a mark.
        self.round.marked |= lost == 0;
        if persistent {
            self.start_again();
        }
    }

    fn on_mtu_update(&mut self, mtu: u16) {
        self.mtu = mtu.into();
    }

    fn window(&self) -> u64 {
        self.window
    }

    fn clone_box(&self) -> Box<dyn Controller> {
        Box::new(self.clone())
    }

    fn initial_window(&self) -> u64 {
        self.initial
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

/// Bytes that this rate delivers in this time.
fn over(rate: u64, time: Duration) -> u64 {
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    rate.saturating_mul(micros) / SECOND
}

/// Gain of each round once the path is known: one tries for more, one empties the queue that this made.
const CYCLE: [u64; 8] = [150, 75, CRUISE, CRUISE, CRUISE, CRUISE, CRUISE, CRUISE];
/// A little above the product, because losses and jitter leave holes.
const CRUISE: u64 = 115;
/// While the path is thought to be full, or policed.
const CAUTION: u64 = 100;
/// The window of the start, once the rate does not grow in a round: twice the product, and a little for noise.
const START_GAIN: u64 = 250;
/// Once in five seconds, to see the round trip without a queue of our own.
const EMPTY: u64 = 50;
/// Right after much was lost.
const YIELD: u64 = 80;
/// Percent of a round beyond which loss is congestion, not a noisy path.
const HEAVY_LOSS: u64 = 15;
const CAUTIOUS_ROUNDS: u32 = 24;
const FLAT_ROUNDS: u32 = 3;
/// Rounds that the delivery rate is the highest of.
const RATE_ROUNDS: usize = 10;
/// Packets beyond the product: acknowledgements are held back for two packets or 25 ms.
const SLACK: u64 = 3;
/// Packets that may always be under way.
const FLOOR: u64 = 10;
/// The same where the queue of so many packets is emptied at once, and timers are coarser than the round trip.
const FLOOR_NEAR: u64 = 32;
/// Round trips of a local network are shorter.
const NEAR: Duration = Duration::from_millis(5);
/// In microseconds.
const SECOND: u64 = 1_000_000;

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
