//! Forwarding: the only code that every sealed record passes. It reads the header and nothing else.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use carrier::Sender;
use policy::PairId;
use wire::{Cap, Channel, Channels, Credit, Envelope, Frame, FromRelay, Role, Route};

/// One direction of one pair.
#[derive(Debug)]
pub(crate) struct Lane {
    /// The channels that exist, as bits of [`Channels`].
    open: AtomicU16,
    /// The channels that were used, as bits of [`Channels`].
    used: AtomicU16,
    /// Bytes of frames that were forwarded.
    bytes: AtomicU64,
    /// The channels that were last taken away, and when; what is under way then is no fault of its sender.
    lately: AtomicU16,
    narrowed: AtomicU64,
    caps: Mutex<Caps>,
}

#[derive(Debug)]
struct Caps {
    of: [Cap; Channel::ALL.len()],
    /// Channels whose sender was told `slow_peer` and got no credit since.
    slow: Channels,
    /// Changes of carrier so far, modulo 256.
    round: u8,
}

/// Both directions of one pair.
#[derive(Clone, Debug)]
pub(crate) struct Lanes {
    pub(crate) to_sharer: Arc<Lane>,
    pub(crate) to_helper: Arc<Lane>,
}

/// The way from one connection to the other end of a pair.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) pair: PairId,
    /// What this connection sends.
    pub(crate) out: Arc<Lane>,
    /// What this connection receives.
    pub(crate) back: Arc<Lane>,
    /// The other end.
    pub(crate) peer: Sender,
}

/// The ways of one connection, by pair. Changed by the hub, read by the connection.
#[derive(Clone, Default)]
pub(crate) struct Ways(Arc<Mutex<BTreeMap<PairId, Way>>>);

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forwarded {
    /// It is in the other end's queue.
    Yes,
    /// The channel does not exist for this pair, and never did a moment ago.
    NoChannel,
    /// The channel, or the pair, was closed while the record was under way.
    Closed,
    /// Its sender ignores credit; it is told once until the next credit.
    Slow {
        /// Whether to tell it now.
        tell: bool,
    },
    /// The other end does not take anything any more.
    PeerStuck,
}

impl Lanes {
    /// Two closed directions.
    pub(crate) fn new() -> Self {
        Self {
            to_sharer: Arc::new(Lane::new()),
            to_helper: Arc::new(Lane::new()),
        }
    }

    /// From here on exactly these channels exist.
    pub(crate) fn set(&self, route: Route, now: Duration) {
        self.to_sharer.set(route.from_helper, now);
        self.to_helper.set(route.from_sharer, now);
    }

    /// One end has another carrier: credit is counted afresh (SPEC 5).
    pub(crate) fn renew(&self, round: u8) {
        self.to_sharer.renew(round);
        self.to_helper.renew(round);
    }
}

impl Lane {
    fn new() -> Self {
        let caps = Caps {
            of: Channel::ALL.map(Cap::new),
            slow: Channels::NONE,
            round: 0,
        };
        Self {
            open: AtomicU16::new(0),
            used: AtomicU16::new(0),
            bytes: AtomicU64::new(0),
            lately: AtomicU16::new(0),
            narrowed: AtomicU64::new(0),
            caps: Mutex::new(caps),
        }
    }

    /// Bytes that were forwarded so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// The channels that were used so far.
    pub(crate) fn used(&self) -> Channels {
        Channels::from_bits(self.used.load(Ordering::Relaxed))
    }

    fn set(&self, channels: Channels, now: Duration) {
        let before = self.open.swap(channels.bits(), Ordering::Relaxed);
        let taken = before & !channels.bits();
        if taken != 0 {
            self.lately.store(taken, Ordering::Relaxed);
            self.narrowed.store(millis(now), Ordering::Relaxed);
        }
    }

    fn renew(&self, round: u8) {
        *self.caps() = Caps {
            of: Channel::ALL.map(Cap::renewed),
            slow: Channels::NONE,
            round,
        };
    }

    fn is_open(&self, channel: Channel) -> bool {
        Channels::from_bits(self.open.load(Ordering::Relaxed)).contains(channel)
    }

    fn was_open(&self, channel: Channel, now: Duration) -> bool {
        let lately = Channels::from_bits(self.lately.load(Ordering::Relaxed));
        let at = self.narrowed.load(Ordering::Relaxed);
        lately.contains(channel) && millis(now) < at.saturating_add(UNDER_WAY)
    }

    fn note(&self, channel: Channel, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        let used = Channels::NONE.with(channel).bits();
        if self.used.load(Ordering::Relaxed) & used == 0 {
            self.used.fetch_or(used, Ordering::Relaxed);
        }
    }

    fn caps(&self) -> MutexGuard<'_, Caps> {
        // No code panics while it holds the lock.
        self.caps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Caps {
    fn of(&mut self, channel: Channel) -> Option<&mut Cap> {
        self.of.get_mut(usize::from(channel.number()))
    }
}

impl Way {
    /// Forwards one record, or says why not.
    pub(crate) fn forward(&self, envelope: Envelope, now: Duration) -> Forwarded {
        let channel = envelope.header().channel;
        if !self.out.is_open(channel) {
            let moment = self.out.was_open(channel, now);
            return if moment {
                Forwarded::Closed
            } else {
                Forwarded::NoChannel
            };
        }
        let bytes = u64::try_from(envelope.frame().len()).unwrap_or(u64::MAX);
        {
            let mut caps = self.out.caps();
            let told = caps.slow.contains(channel);
            let over = caps.of(channel).is_none_or(|cap| cap.admit(bytes).is_err());
            if over {
                caps.slow = caps.slow.with(channel);
                return Forwarded::Slow { tell: !told };
            }
        }
        self.out.note(channel, bytes);
        match self.peer.send_sealed(envelope) {
            Ok(()) => Forwarded::Yes,
            Err(carrier::Full) => Forwarded::PeerStuck,
        }
    }

    /// The receiver of a channel grants credit: the cap rises, and the sender hears of it. Credit of a round that is over means nothing.
    pub(crate) fn credit(&self, credit: Credit) -> Forwarded {
        {
            let mut caps = self.back.caps();
            if caps.round != credit.round {
                return Forwarded::Closed;
            }
            let without = caps.slow.bits() & !Channels::NONE.with(credit.channel).bits();
            caps.slow = Channels::from_bits(without);
            if let Some(cap) = caps.of(credit.channel) {
                cap.grant(credit.limit);
            }
        }
        match self.peer.send(Frame::Credit(credit)) {
            Ok(()) => Forwarded::Yes,
            Err(carrier::Full) => Forwarded::PeerStuck,
        }
    }

    /// What the sender of a channel is told that ignores credit.
    pub(crate) fn slow_peer(&self) -> FromRelay {
        FromRelay::SlowPeer { pair: self.pair }
    }
}

impl Ways {
    /// The way of a pair.
    pub(crate) fn get(&self, pair: PairId) -> Option<Way> {
        self.lock().get(&pair).cloned()
    }

    /// From here on this is the way of the pair.
    pub(crate) fn put(&self, pair: PairId, way: Option<Way>) {
        match way {
            Some(way) => self.lock().insert(pair, way),
            None => self.lock().remove(&pair),
        };
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<PairId, Way>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The way of one side of a pair.
pub(crate) fn way(pair: PairId, lanes: &Lanes, of: Role, peer: Sender) -> Way {
    let (out, back) = match of {
        Role::Helper => (lanes.to_sharer.clone(), lanes.to_helper.clone()),
        Role::Sharer => (lanes.to_helper.clone(), lanes.to_sharer.clone()),
    };
    Way {
        pair,
        out,
        back,
        peer,
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1)
}

/// Milliseconds in which records of a channel that was just closed may still arrive.
const UNDER_WAY: u64 = 5000;

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use bytes::Bytes;
    use carrier::{Carrier, Kind, Link, Lost};
    use futures_util::{SinkExt, StreamExt, sink, stream};
    use policy::Level;
    use wire::Header;

    use super::*;

    const NOW: Duration = Duration::from_secs(100);

    /// A carrier that takes everything and says nothing.
    fn quiet() -> Sender {
        let outgoing = Box::pin(sink::drain().sink_map_err(|never: Infallible| match never {}));
        let incoming = stream::pending::<Result<Bytes, Lost>>().boxed();
        let Link { sender, frames } = Link::start(
            Carrier {
                kind: Kind::WebSocket,
                incoming,
                outgoing,
            },
            64 << 20,
        );
        // The test's runtime ends what is left of it.
        std::mem::forget(frames);
        sender
    }

    fn record(channel: Channel, counter: u64) -> Envelope {
        let header = Header {
            pair: PairId::FIRST,
            channel,
            generation: 1,
            counter,
        };
        let mut frame = header.encode(16_000);
        frame.extend([0; 16_000]);
        Envelope::decode(frame.into()).unwrap()
    }

    fn way_at(level: Level, of: Role) -> (Way, Lanes) {
        let lanes = Lanes::new();
        lanes.set(Route::granted(level), NOW);
        (way(PairId::FIRST, &lanes, of, quiet()), lanes)
    }

    /// A peer that ignores credit: the relay holds no more than twice the credit, tells it once, and goes on after credit.
    #[tokio::test]
    async fn a_sender_that_ignores_credit_is_stopped_and_told_once() {
        let (sharer, lanes) = way_at(Level::View, Role::Sharer);
        let mut counter = 0;
        let mut push = || {
            counter += 1;
            sharer.forward(record(Channel::Picture, counter), NOW)
        };
        let forwarded = (0..100).take_while(|_| push() == Forwarded::Yes).count();
        assert!(
            forwarded * 16_000 <= 2 * 256 * 1024,
            "{forwarded} records were held"
        );
        assert_eq!(
            push(),
            Forwarded::Slow { tell: false },
            "told at the first one only"
        );
        let helper = way(PairId::FIRST, &lanes, Role::Helper, quiet());
        let credit = Credit {
            pair: PairId::FIRST,
            channel: Channel::Picture,
            round: 0,
            limit: 8 << 20,
        };
        assert_eq!(helper.credit(credit), Forwarded::Yes);
        assert_eq!(push(), Forwarded::Yes);
        assert_eq!(
            sharer.forward(record(Channel::Chat, 1), NOW),
            Forwarded::Yes
        );
    }

    /// SPEC 5: at a change of carrier the count begins afresh, and credit that was under way is not mistaken for new.
    #[tokio::test]
    async fn credit_of_the_round_before_means_nothing() {
        let (sharer, lanes) = way_at(Level::View, Role::Sharer);
        let helper = way(PairId::FIRST, &lanes, Role::Helper, quiet());
        let credit = |round| Credit {
            pair: PairId::FIRST,
            channel: Channel::Picture,
            round,
            limit: 8 << 20,
        };
        lanes.renew(1);
        assert_eq!(helper.credit(credit(0)), Forwarded::Closed);
        let forwarded = (0..1000)
            .take_while(|counter| {
                sharer.forward(record(Channel::Picture, *counter), NOW) == Forwarded::Yes
            })
            .count();
        assert!(forwarded * 16_000 <= 3 * 256 * 1024, "{forwarded} records");
        assert_eq!(helper.credit(credit(1)), Forwarded::Yes);
        assert_eq!(
            sharer.forward(record(Channel::Picture, 1000), NOW),
            Forwarded::Yes
        );
    }

    #[tokio::test]
    async fn input_has_no_way_in_view_and_a_grace_after_control() {
        let (helper, lanes) = way_at(Level::View, Role::Helper);
        assert_eq!(
            helper.forward(record(Channel::Input, 1), NOW),
            Forwarded::NoChannel
        );
        lanes.set(Route::granted(Level::Control), NOW);
        assert_eq!(
            helper.forward(record(Channel::Input, 2), NOW),
            Forwarded::Yes
        );
        lanes.set(Route::granted(Level::View), NOW);
        let later = |seconds| NOW + Duration::from_secs(seconds);
        assert_eq!(
            helper.forward(record(Channel::Input, 3), later(1)),
            Forwarded::Closed
        );
        assert_eq!(
            helper.forward(record(Channel::Picture, 1), later(1)),
            Forwarded::NoChannel
        );
        assert_eq!(
            helper.forward(record(Channel::Input, 4), later(6)),
            Forwarded::NoChannel
        );
    }
}
