//! A line: what two programs say to each other, on one carrier after the other (SPEC 2.4).

mod frames;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

use wire::{Envelope, Frame, Malformed};

use crate::{Carrier, Full, Kind, Queue};

pub use frames::{Frames, KEEPALIVE, PATIENCE};

/// Both halves of a line that runs.
pub struct Link {
    /// Where frames are put.
    pub sender: Sender,
    /// Where frames come from.
    pub frames: Frames,
}

/// Puts frames on the line. Cheap to clone; the same for all carriers of the line.
#[derive(Clone)]
pub struct Sender(Arc<Line>);

struct Line {
    queue: Queue,
    /// The carrier's [`Kind`].
    kind: AtomicU8,
    /// The last round trip in microseconds; 0 until the first answer.
    round_trip: AtomicU64,
    /// Frames that had to arrive and did.
    taken: AtomicU64,
}

impl Link {
    /// Begins a line on this carrier. At most `most` bytes wait to be sent.
    pub fn start(carrier: Carrier, most: usize) -> Self {
        Self::with(carrier, most, 0)
    }

    /// The same on a carrier whose first message was taken off it already, by [`Carrier::first_message`].
    pub fn answer(carrier: Carrier, most: usize) -> Self {
        Self::with(carrier, most, 1)
    }

    fn with(carrier: Carrier, most: usize, taken: u64) -> Self {
        let sender = Sender(Arc::new(Line {
            queue: Queue::new(most),
            kind: AtomicU8::new(0),
            round_trip: AtomicU64::new(0),
            taken: AtomicU64::new(taken),
        }));
        let frames = Frames::run(carrier, sender.clone());
        Self { sender, frames }
    }
}

impl Sender {
    /// Goes on with the line on another carrier, whose other side has heard so much. `first` is sent before all else. The [`Frames`] of
    /// the carrier before have to be gone ([`Frames::leave`]).
    ///
    /// # Errors
    /// The other side claims to have heard more than was ever sent.
    pub fn resume(
        &self,
        carrier: Carrier,
        first: Option<Frame>,
        heard: u64,
    ) -> Result<Frames, Malformed> {
        self.0.queue.take_carrier(first, heard)?;
        Ok(Frames::run(carrier, self.clone()))
    }

    /// Sends a sealed record.
    ///
    /// # Errors
    /// Too much waits.
    pub fn send_sealed(&self, envelope: Envelope) -> Result<(), Full> {
        self.send(Frame::Sealed(envelope))
    }

    /// Sends a frame; all but sealed records go before all records but those of control. Without a carrier only what has to arrive is kept.
    ///
    /// # Errors
    /// Too much waits.
    pub fn send(&self, frame: Frame) -> Result<(), Full> {
        self.0.queue.push(frame)
    }

    /// Sends what waits and then ends the line.
    pub fn close(&self) {
        self.0.queue.close();
    }

    /// Whether a carrier takes what is sent.
    pub fn is_carried(&self) -> bool {
        self.0.queue.is_carried()
    }

    /// Whether the line was ended here.
    pub fn is_closed(&self) -> bool {
        self.0.queue.is_closed()
    }

    /// What carries, or carried last.
    pub fn kind(&self) -> Kind {
        match self.0.kind.load(Ordering::Relaxed) {
            QUIC => Kind::Quic,
            WEB_TRANSPORT => Kind::WebTransport,
            _ => Kind::WebSocket,
        }
    }

    /// The last round trip to the other end of the carrier.
    pub fn round_trip(&self) -> Option<Duration> {
        match self.0.round_trip.load(Ordering::Relaxed) {
            0 => None,
            micros => Some(Duration::from_micros(micros)),
        }
    }

    /// How many of the frames that have to arrive did, on this line.
    pub fn taken(&self) -> u64 {
        self.0.taken.load(Ordering::Relaxed)
    }

    fn carried_by(&self, kind: Kind) {
        let number = match kind {
            Kind::WebSocket => 0,
            Kind::Quic => QUIC,
            Kind::WebTransport => WEB_TRANSPORT,
        };
        self.0.kind.store(number, Ordering::Relaxed);
        self.0.round_trip.store(0, Ordering::Relaxed);
    }

    fn note_round_trip(&self, trip: Duration) {
        let micros = u64::try_from(trip.as_micros()).unwrap_or(u64::MAX).max(1);
        self.0.round_trip.store(micros, Ordering::Relaxed);
    }

    /// One more arrived of those that have to. Gives how many did.
    fn take_one(&self) -> u64 {
        self.0.taken.fetch_add(1, Ordering::Relaxed) + 1
    }
}

const QUIC: u8 = 1;
const WEB_TRANSPORT: u8 = 2;

#[cfg(test)]
mod tests;
