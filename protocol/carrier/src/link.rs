//! A carrier that runs: frames in, frames out, pings, and the notice that the other program is gone.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio::task::JoinHandle;
use tokio::time::{Instant, Sleep, sleep_until};
use wire::{Envelope, Frame};

use crate::{Carrier, Full, Incoming, Kind, Lost, Outgoing, Queue};

/// A ping goes out this often.
pub const KEEPALIVE: Duration = Duration::from_secs(3);
/// After this long without a frame the other program is taken for gone (PRODUCT 3.8: told within 10 s).
pub const PATIENCE: Duration = Duration::from_secs(9);

/// Both halves of a running carrier.
pub struct Link {
    /// Where frames are put.
    pub sender: Sender,
    /// Where frames come from.
    pub frames: Frames,
}

/// Puts frames on the carrier. Cheap to clone.
#[derive(Clone)]
pub struct Sender {
    queue: Arc<Queue>,
    kind: Kind,
    /// The last round trip in microseconds; 0 until the first answer.
    round_trip: Arc<AtomicU64>,
}

/// Takes frames off the carrier.
pub struct Frames {
    incoming: Incoming,
    sender: Sender,
    started: Instant,
    heard: Instant,
    /// When the next ping is due.
    ping_at: Instant,
    /// When to look again: at the next ping, or when silence would have lasted too long.
    wake: Pin<Box<Sleep>>,
    writer: Writer,
}

/// The task that writes. It ends by itself when the queue is closed and empty; dropping the [`Frames`] gives it a moment for that.
struct Writer(Option<JoinHandle<()>>);

impl Link {
    /// Runs a carrier. At most `most` bytes wait to be sent.
    pub fn start(carrier: Carrier, most: usize) -> Self {
        let queue = Arc::new(Queue::new(most));
        let round_trip = Arc::new(AtomicU64::new(0));
        let sender = Sender {
            queue: queue.clone(),
            kind: carrier.kind,
            round_trip,
        };
        let writer = tokio::spawn(write(carrier.outgoing, queue));
        let now = Instant::now();
        let frames = Frames {
            incoming: carrier.incoming,
            sender: sender.clone(),
            started: now,
            heard: now,
            ping_at: now,
            wake: Box::pin(sleep_until(now)),
            writer: Writer(Some(writer)),
        };
        Self { sender, frames }
    }
}

impl Sender {
    /// Sends a sealed record.
    pub fn send_sealed(&self, envelope: Envelope) -> Result<(), Full> {
        let priority = envelope.header().channel.priority();
        self.queue.push(priority, envelope.into_frame())
    }

    /// Sends any other frame, before all records but those of control.
    pub fn send(&self, frame: Frame) -> Result<(), Full> {
        match frame {
            Frame::Sealed(envelope) => self.send_sealed(envelope),
            other @ (Frame::Credit(_) | Frame::Message(_) | Frame::Ping(_) | Frame::Pong(_)) => {
                self.queue.push(0, other.encode())
            }
        }
    }

    /// Sends what waits and then ends the carrier.
    pub fn close(&self) {
        self.queue.close();
    }

    /// What carries.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The last round trip to the other end of the carrier.
    pub fn round_trip(&self) -> Option<Duration> {
        match self.round_trip.load(Ordering::Relaxed) {
            0 => None,
            micros => Some(Duration::from_micros(micros)),
        }
    }

    fn note_round_trip(&self, trip: Duration) {
        let micros = u64::try_from(trip.as_micros()).unwrap_or(u64::MAX).max(1);
        self.round_trip.store(micros, Ordering::Relaxed);
    }
}

impl Frames {
    /// The next frame for the caller; pings are answered here.
    ///
    /// Cancel-safe: dropping the future loses nothing.
    pub async fn next(&mut self) -> Result<Frame, Lost> {
        loop {
            tokio::select! {
                bytes = self.incoming.next() => {
                    self.heard = Instant::now();
                    if let Some(frame) = self.take(bytes.ok_or(Lost::Closed)??)? {
                        return Ok(frame);
                    }
                }
                () = &mut self.wake => self.keep_alive(Instant::now())?,
            }
        }
    }

    /// Ends the carrier in an orderly way: what waits is sent, for two seconds at most.
    pub async fn finish(mut self) {
        self.sender.close();
        if let Some(task) = self.writer.0.take() {
            // A socket that takes nothing is given up.
            let _ = tokio::time::timeout(LAST_WORDS, task).await;
        }
    }

    fn take(&mut self, bytes: Bytes) -> Result<Option<Frame>, Lost> {
        match Frame::decode(bytes)? {
            Frame::Ping(number) => {
                self.sender
                    .send(Frame::Pong(number))
                    .map_err(|Full| Lost::Full)?;
                Ok(None)
            }
            Frame::Pong(sent) => {
                let trip = self.micros().checked_sub(sent).map(Duration::from_micros);
                if let Some(trip) = trip {
                    self.sender.note_round_trip(trip);
                }
                Ok(None)
            }
            frame @ (Frame::Sealed(_) | Frame::Credit(_) | Frame::Message(_)) => Ok(Some(frame)),
        }
    }

    fn keep_alive(&mut self, now: Instant) -> Result<(), Lost> {
        let patient_until = self.heard + PATIENCE;
        if now >= patient_until {
            return Err(Lost::Silent);
        }
        if now >= self.ping_at {
            self.ping_at = now + KEEPALIVE;
            self.sender
                .send(Frame::Ping(self.micros()))
                .map_err(|Full| Lost::Full)?;
        }
        self.wake.as_mut().reset(self.ping_at.min(patient_until));
        Ok(())
    }

    fn micros(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.sender.close();
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let Some(task) = self.0.take() else { return };
        let abort = task.abort_handle();
        // The last words (why the session ended) are worth a moment, a stuck socket is not.
        tokio::spawn(async move {
            if tokio::time::timeout(LAST_WORDS, task).await.is_err() {
                abort.abort();
            }
        });
    }
}

/// Writes the queue until it is closed and empty. A broken socket shows at the reading half too, so errors just end it.
async fn write(mut outgoing: Outgoing, queue: Arc<Queue>) {
    while let Some(frame) = queue.next().await {
        let mut batch = frame.len();
        let mut next = Some(frame);
        while let Some(frame) = next {
            if outgoing.feed(frame).await.is_err() {
                return queue.close();
            }
            next = if batch < BATCH { queue.pop() } else { None };
            batch += next.as_ref().map_or(0, Bytes::len);
        }
        if outgoing.flush().await.is_err() {
            return queue.close();
        }
    }
    // The other side may be gone already, which is what closing is for.
    let _ = outgoing.close().await;
}

/// Bytes that are handed to the system before urgent frames are looked for again.
const BATCH: usize = 32 * 1024;
const LAST_WORDS: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use futures_util::{sink, stream};

    use super::*;

    /// A carrier that takes everything and says nothing.
    fn silent() -> Link {
        let outgoing = sink::drain().sink_map_err(|never| match never {});
        let carrier = Carrier {
            kind: Kind::Quic,
            incoming: Box::pin(stream::pending()),
            outgoing: Box::pin(outgoing),
        };
        Link::start(carrier, 1024)
    }

    /// PRODUCT 3.8: a ping every three seconds, and nine seconds without a word are the end, to the millisecond.
    #[tokio::test]
    async fn silence_is_noticed_when_its_time_is_over() {
        let Link { mut frames, .. } = silent();
        let (heard, ms) = (frames.heard, Duration::from_millis(1));
        for pings in 1..=3 {
            let due = frames.ping_at;
            assert!(frames.keep_alive(due).is_ok());
            assert_eq!(frames.ping_at, due + KEEPALIVE, "ping {pings}");
            assert_eq!(frames.wake.deadline(), frames.ping_at);
        }
        assert!(frames.keep_alive(heard + PATIENCE - ms).is_ok());
        assert_eq!(frames.wake.deadline(), heard + PATIENCE);
        let over = frames.keep_alive(heard + PATIENCE);
        assert!(matches!(over, Err(Lost::Silent)));
    }

    /// Pings that are held up by a busy machine do not hold up the notice.
    #[tokio::test]
    async fn a_late_ping_does_not_lengthen_the_patience() {
        let Link { mut frames, .. } = silent();
        let (heard, late) = (frames.heard, Duration::from_secs(8));
        assert!(frames.keep_alive(heard + late).is_ok());
        assert_eq!(frames.ping_at, heard + late + KEEPALIVE);
        assert_eq!(frames.wake.deadline(), heard + PATIENCE);
    }
}
