//! Frames in, pings, and the notice that the carrier is lost.

use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt};
use tokio::time::{Instant, Sleep, sleep_until};
use wire::Frame;

use super::Sender;
use super::writer::Writer;
use crate::{Carrier, Full, Incoming, Lost};

/// The relay sends a ping this often.
pub const KEEPALIVE: Duration = Duration::from_secs(3);
/// After this long without a frame the carrier is taken for lost (PRODUCT 3.8: told within 10 s).
pub const PATIENCE: Duration = Duration::from_secs(9);

/// Takes frames off the carrier of a line. Dropped, it ends the line; see [`Frames::leave`].
pub struct Frames {
    incoming: Incoming,
    sender: Sender,
    started: Instant,
    pub(super) heard: Instant,
    /// When the first ping went out that nothing has followed yet.
    pub(super) asked: Option<Instant>,
    every: Duration,
    /// When the next ping is due.
    pub(super) ping_at: Instant,
    /// When to look again: at the next ping, or when silence would have lasted too long.
    pub(super) wake: Pin<Box<Sleep>>,
    /// What the other side was told last of what arrived.
    told: u64,
    writer: Option<Writer>,
    /// Why nothing can be written any more. What arrived before is heard first: it may say why.
    unwritable: Option<Lost>,
}

impl Frames {
    pub(super) fn run(carrier: Carrier, sender: Sender) -> Self {
        sender.carried_by(carrier.kind);
        let now = Instant::now();
        Self {
            incoming: carrier.incoming,
            started: now,
            heard: now,
            asked: None,
            every: KEEPALIVE,
            ping_at: now,
            wake: Box::pin(sleep_until(now)),
            told: sender.taken(),
            writer: Some(Writer::start(carrier.outgoing, sender.clone())),
            unwritable: None,
            sender,
        }
    }

    /// Pings often, so that [`Frames::in_doubt`] means something: for a client, who is the one to dial again.
    pub fn watch(&mut self) {
        self.every = WATCH;
        self.ping_at = self.ping_at.min(Instant::now() + WATCH);
        self.wake.as_mut().reset(self.ping_at);
    }

    /// The next frame for the caller; pings are answered here.
    ///
    /// Cancel-safe: dropping the future loses nothing.
    ///
    /// # Errors
    /// The carrier is lost, or the other side breaks the protocol.
    pub async fn next(&mut self) -> Result<Frame, Lost> {
        loop {
            let Some(writer) = &mut self.writer else {
                return Err(Lost::Closed);
            };
            let bytes = if let Some(lost) = self.unwritable.take() {
                let arrived = self.incoming.next().now_or_never();
                let Some(bytes) = arrived else {
                    return Err(lost);
                };
                self.unwritable = Some(lost);
                bytes
            } else {
                tokio::select! {
                    bytes = self.incoming.next() => bytes,
                    lost = writer.failed() => {
                        self.unwritable = Some(lost);
                        continue;
                    }
                    () = &mut self.wake => {
                        self.keep_alive(Instant::now())?;
                        continue;
                    }
                }
            };
            self.heard = Instant::now();
            self.asked = None;
            if let Some(frame) = self.take(bytes.ok_or(Lost::Closed)??)? {
                return Ok(frame);
            }
        }
    }

    /// Whether the carrier seems to be lost: a ping was not answered, and nothing else was heard, for longer than its round trip explains.
    pub fn in_doubt(&self, now: Instant) -> bool {
        self.asked.is_some_and(|asked| now >= asked + self.doubt())
    }

    /// When [`Frames::in_doubt`] may become true, if nothing is heard.
    pub fn doubt_at(&self) -> Instant {
        self.asked.unwrap_or(self.ping_at) + self.doubt()
    }

    /// Ends the line in an orderly way: what waits is sent, for two seconds at most.
    pub async fn finish(mut self) {
        self.sender.close();
        if let Some(writer) = self.writer.take() {
            writer.finish().await;
        }
    }

    /// The carrier is lost, or another one stands: the line goes on without this one.
    pub fn leave(mut self) {
        self.sender.0.queue.leave_carrier();
        if let Some(writer) = self.writer.take() {
            writer.abort();
        }
    }

    fn take(&mut self, bytes: Bytes) -> Result<Option<Frame>, Lost> {
        let frame = Frame::decode(bytes)?;
        if frame.must_arrive() && self.sender.take_one() >= self.told + TELL_EVERY {
            self.tell_heard()?;
        }
        match frame {
            Frame::Ping(number) => {
                self.send(Frame::Pong(number))?;
                Ok(None)
            }
            Frame::Pong(sent) => {
                let trip = self.micros().checked_sub(sent).map(Duration::from_micros);
                if let Some(trip) = trip {
                    self.sender.note_round_trip(trip);
                }
                Ok(None)
            }
            Frame::Heard(count) => {
                self.sender.0.queue.heard(count)?;
                Ok(None)
            }
            frame @ (Frame::Sealed(_) | Frame::Credit(_) | Frame::Message(_)) => Ok(Some(frame)),
        }
    }

    pub(super) fn keep_alive(&mut self, now: Instant) -> Result<(), Lost> {
        let patient_until = self.heard + PATIENCE;
        if now >= patient_until {
            return Err(Lost::Silent);
        }
        if now >= self.ping_at {
            self.ping_at = now + self.every;
            self.asked.get_or_insert(now);
            if self.sender.taken() > self.told {
                self.tell_heard()?;
            }
            self.send(Frame::Ping(self.micros()))?;
        }
        self.wake.as_mut().reset(self.ping_at.min(patient_until));
        Ok(())
    }

    fn tell_heard(&mut self) -> Result<(), Lost> {
        self.told = self.sender.taken();
        self.send(Frame::Heard(self.told))
    }

    fn send(&self, frame: Frame) -> Result<(), Lost> {
        self.sender.send(frame).map_err(|Full| Lost::Full)
    }

    fn doubt(&self) -> Duration {
        let trip = self.sender.round_trip().unwrap_or_default();
        DOUBT.max(trip * DOUBT_TRIPS)
    }

    fn micros(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        if self.writer.is_some() {
            self.sender.close();
        }
    }
}

/// How often a client pings.
const WATCH: Duration = Duration::from_millis(500);
/// A silence of less is none.
const DOUBT: Duration = Duration::from_millis(600);
/// Round trips in which an answer comes even if the ping or the answer was lost once.
const DOUBT_TRIPS: u32 = 4;
/// Frames that had to arrive and are told at the latest.
const TELL_EVERY: u64 = 8;
