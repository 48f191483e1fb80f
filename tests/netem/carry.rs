//! The thread that carries packets between two TUN devices.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
    timerfd_settime,
};
use tokio::io::unix::AsyncFd;
use tokio::sync::oneshot;
use tokio_tun::Tun;

use super::{Counters, Direction, Protocol, Verdict};

/// What can be changed while packets are carried.
#[derive(Debug)]
pub(super) struct Switches {
    start: Instant,
    /// A bit for each protocol that is blocked.
    cut: AtomicU8,
    /// Nanoseconds since the start until which everything is lost.
    dark_until: AtomicU64,
}

impl Switches {
    pub(super) fn new() -> Self {
        Self {
            start: Instant::now(),
            cut: AtomicU8::new(0),
            dark_until: AtomicU64::new(0),
        }
    }

    pub(super) fn cut(&self, protocol: Protocol) {
        self.cut.fetch_or(bit(protocol), Ordering::Relaxed);
    }

    pub(super) fn mend(&self, protocol: Protocol) {
        self.cut.fetch_and(!bit(protocol), Ordering::Relaxed);
    }

    pub(super) fn darken(&self, time: Duration) {
        let until = self.start.elapsed() + time;
        self.dark_until.store(nanos(until), Ordering::Relaxed);
    }

    pub(super) fn is_dark_now(&self) -> bool {
        self.is_dark(self.start.elapsed())
    }

    fn blocks(&self, protocol: Protocol) -> bool {
        self.cut.load(Ordering::Relaxed) & bit(protocol) != 0
    }

    fn is_dark(&self, now: Duration) -> bool {
        nanos(now) < self.dark_until.load(Ordering::Relaxed)
    }
}

/// A packet on its way. The order is that of arrival; of two at the same time the first is first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Packet {
    arrives: Duration,
    number: u64,
    way: usize,
    bytes: Vec<u8>,
}

/// Both directions: from the first device to the second, and back.
pub(super) struct Carrying {
    pub(super) devices: [Tun; 2],
    pub(super) directions: [Direction; 2],
    pub(super) switches: Arc<Switches>,
    pub(super) counters: Arc<Mutex<[Counters; 2]>>,
}

impl Carrying {
    /// Carries until it is told to stop, or a device is gone.
    pub(super) async fn run(mut self, mut stop: oneshot::Receiver<()>) -> io::Result<()> {
        let timer = Timer::new()?;
        let mut under_way = BinaryHeap::new();
        let mut buffers = [[0; PACKET]; 2];
        let mut number = 0;
        loop {
            self.deliver(&mut under_way);
            let next = under_way
                .peek()
                .map(|Reverse(packet): &Reverse<Packet>| packet.arrives);
            timer.set(next.map(|at| at.saturating_sub(self.switches.start.elapsed())))?;
            let [first, second] = &mut buffers;
            let (way, length) = tokio::select! {
                _ = &mut stop => return Ok(()),
                fired = timer.fired() => { fired?; continue; }
                read = self.devices[0].recv(first) => (0, read?),
                read = self.devices[1].recv(second) => (1, read?),
            };
            let bytes = &buffers[way][..length];
            if let Some(arrives) = self.offer(way, bytes) {
                number += 1;
                under_way.push(Reverse(Packet {
                    arrives,
                    number,
                    way,
                    bytes: bytes.to_vec(),
                }));
            }
        }
    }

    /// When a packet arrives, if it does.
    fn offer(&mut self, way: usize, bytes: &[u8]) -> Option<Duration> {
        let protocol = protocol(bytes)?;
        let now = self.switches.start.elapsed();
        let direction = &mut self.directions[way];
        let arrives = if self.switches.blocks(protocol) {
            direction.counters.blocked += 1;
            None
        } else {
            match direction.offer(now, bytes.len(), self.switches.is_dark(now)) {
                Verdict::Arrives(at) => Some(at),
                Verdict::Lost | Verdict::Dropped => None,
            }
        };
        self.tell();
        arrives
    }

    /// Whoever has a packet finds it counted: nobody reads the counters between its delivery and the word of it.
    fn deliver(&mut self, under_way: &mut BinaryHeap<Reverse<Packet>>) {
        let now = self.switches.start.elapsed();
        let mut told = lock(&self.counters);
        while under_way
            .peek()
            .is_some_and(|packet| packet.0.arrives <= now)
            && let Some(Reverse(packet)) = under_way.pop()
        {
            let counters = &mut self.directions[packet.way].counters;
            counters.latest = counters.latest.max(now - packet.arrives);
            // A kernel that takes no more drops it, as a network card would.
            if self.devices[1 - packet.way].try_send(&packet.bytes).is_ok() {
                counters.delivered += 1;
                counters.bytes += packet.bytes.len() as u64;
            }
            told[packet.way] = *counters;
        }
    }

    fn tell(&self) {
        let [down, up] = &self.directions;
        *lock(&self.counters) = [down.counters, up.counters];
    }
}

fn lock(counters: &Mutex<[Counters; 2]>) -> MutexGuard<'_, [Counters; 2]> {
    counters.lock().expect("nobody panics with the counters")
}

/// Tokio's own timers have a resolution of a millisecond, which is the delay of a LAN.
struct Timer(AsyncFd<OwnedFd>);

impl Timer {
    #[expect(
        deprecated,
        reason = "an `OwnedFd` is owned by what holds it; `register`, which is told to be used instead, is unsafe to call"
    )]
    fn new() -> io::Result<Self> {
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
        Ok(Self(AsyncFd::new(timer)?))
    }

    /// It fires after this time; never, if none is given.
    fn set(&self, after: Option<Duration>) -> io::Result<()> {
        // Zero would switch it off.
        let after = after.map_or(Duration::ZERO, |after| after.max(Duration::from_nanos(1)));
        let zero = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        let it_value = Timespec {
            tv_sec: after.as_secs() as i64,
            tv_nsec: after.subsec_nanos().into(),
        };
        let value = Itimerspec {
            it_interval: zero,
            it_value,
        };
        timerfd_settime(self.0.get_ref(), TimerfdTimerFlags::empty(), &value)?;
        Ok(())
    }

    async fn fired(&self) -> io::Result<()> {
        let mut ready = self.0.readable().await?;
        // It may have been set anew since: then there is nothing to read, and that is no matter.
        let _ = rustix::io::read(self.0.get_ref(), &mut [0; 8]);
        ready.clear_ready();
        Ok(())
    }
}

/// The protocol of an IPv4 packet; none for whatever else the kernel sends by itself.
fn protocol(packet: &[u8]) -> Option<Protocol> {
    let version = packet.first()? >> 4;
    match (version, packet.get(9)?) {
        (4, 6) => Some(Protocol::Tcp),
        (4, 17) => Some(Protocol::Udp),
        (4, 1) => Some(Protocol::Icmp),
        _ => None,
    }
}

fn bit(protocol: Protocol) -> u8 {
    match protocol {
        Protocol::Udp => 1,
        Protocol::Tcp => 2,
        Protocol::Icmp => 4,
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// The largest packet: the MTU of the devices.
pub(super) const PACKET: usize = 1500;
