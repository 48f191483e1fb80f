//! Real QUIC connections over a line that is simulated, on a clock that is moved: the same in every run, and in no real time.

mod flow;
mod line;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

pub(super) use self::flow::{Flow, Work};
pub(super) use self::line::{Line, Verdict};

/// Senders that share a line. Acknowledgements go back on a line that only takes time.
pub(super) struct World {
    start: Instant,
    now: Instant,
    line: Line,
    flows: Vec<Flow>,
    under_way: BinaryHeap<Reverse<Packet>>,
    sent: u64,
}

/// A datagram on its way; the order is that of arrival.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Packet {
    arrives: Instant,
    number: u64,
    flow: usize,
    forth: bool,
    bytes: Vec<u8>,
}

impl World {
    pub(super) fn new(line: Line) -> Self {
        let start = Instant::now();
        Self {
            start,
            now: start,
            line,
            flows: vec![],
            under_way: BinaryHeap::new(),
            sent: 0,
        }
    }

    /// A sender starts now.
    pub(super) fn add(&mut self, congestion: crate::Congestion, work: Work) {
        self.flows.push(Flow::start(congestion, work, self.now));
    }

    /// Lets this time pass. Gives what each flow delivered in it, in bytes.
    pub(super) fn run(&mut self, time: Duration) -> Vec<u64> {
        let delivered = |world: &Self| -> Vec<u64> {
            let flows = world.flows.iter();
            flows.map(|flow| flow.delivered).collect()
        };
        let before = delivered(self);
        let until = self.now + time;
        loop {
            self.send();
            let arrival = self.under_way.peek().map(|packet| packet.0.arrives);
            let timers = self.flows.iter_mut().filter_map(Flow::next_timer);
            let next = timers.chain(arrival).min().unwrap_or(until);
            self.now = next.max(self.now).min(until);
            if self.now == until {
                break;
            }
            self.arrive();
            let now = self.now;
            self.flows.iter_mut().for_each(|flow| flow.tick(now));
        }
        let after = delivered(self);
        after.iter().zip(before).map(|(a, b)| a - b).collect()
    }

    /// The application of this flow has this much more to send.
    pub(super) fn owe(&mut self, flow: usize, bytes: usize) {
        self.flows[flow].owed += bytes;
    }

    pub(super) fn flow(&self, place: usize) -> &Flow {
        &self.flows[place]
    }

    pub(super) fn line(&self) -> &Line {
        &self.line
    }

    /// Another line from now on; what is under way arrives.
    pub(super) fn change(&mut self, line: Line) {
        self.line = line;
    }

    fn send(&mut self) {
        for place in 0..self.flows.len() {
            for (forth, bytes) in self.flows[place].transmit(self.now) {
                let since = self.now - self.start;
                let arrives = if forth {
                    match self.line.offer(since, bytes.len()) {
                        Verdict::Arrives(at) => self.start + at,
                        Verdict::Lost | Verdict::Dropped => continue,
                    }
                } else {
                    self.now + self.line.delay
                };
                self.sent += 1;
                self.under_way.push(Reverse(Packet {
                    arrives,
                    number: self.sent,
                    flow: place,
                    forth,
                    bytes,
                }));
            }
        }
    }

    fn arrive(&mut self) {
        while let Some(Reverse(packet)) = self.under_way.pop() {
            if packet.arrives > self.now {
                self.under_way.push(Reverse(packet));
                return;
            }
            self.flows[packet.flow].receive(packet.forth, &packet.bytes, self.now);
        }
    }
}
