//! Frames that wait to be sent: bounded, urgent ones first; and what has to arrive, until the other side has heard it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;
use wire::{Frame, Malformed};

use self::kept::Kept;
use self::lanes::Lanes;

mod kept;
mod lanes;

/// Frames that wait, by priority. It belongs to a line and outlives its carriers (SPEC 2.4).
///
/// Policy when full: the push fails and whoever pushes ends the line; a sealed record is never skipped silently. Credit
/// (SPEC 5) keeps honest senders far below the bound.
pub struct Queue {
    inner: Mutex<Inner>,
    filled: Notify,
}

/// The queue holds as many bytes as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

struct Inner {
    lanes: Lanes,
    kept: Kept,
    /// Whether a carrier takes what waits; without one only what has to arrive is kept.
    carried: bool,
    /// Whether nothing more is taken.
    closed: bool,
}

impl Queue {
    /// A queue for at most `most` bytes.
    pub fn new(most: usize) -> Self {
        let inner = Inner {
            lanes: Lanes::new(most),
            kept: Kept::default(),
            carried: true,
            closed: false,
        };
        Self {
            inner: Mutex::new(inner),
            filled: Notify::new(),
        }
    }

    /// Adds a frame. Frames of a closed queue vanish: its line is over.
    ///
    /// # Errors
    /// Too much waits, or too much of what has to arrive was not heard.
    pub fn push(&self, frame: Frame) -> Result<(), Full> {
        let priority = match &frame {
            Frame::Sealed(envelope) => envelope.header().channel.priority(),
            Frame::Credit(_)
            | Frame::Message(_)
            | Frame::Ping(_)
            | Frame::Pong(_)
            | Frame::Heard(_) => 0,
        };
        let keep = frame.must_arrive();
        let bytes = frame.encode();
        {
            let mut inner = self.lock();
            if inner.closed {
                return Ok(());
            }
            if keep {
                inner.kept.push(bytes.clone())?;
            }
            if !inner.carried {
                return Ok(());
            }
            inner.lanes.push(priority, bytes)?;
        }
        self.filled.notify_one();
        Ok(())
    }

    /// The most urgent frame, if any waits.
    pub fn pop(&self) -> Option<Bytes> {
        self.lock().lanes.pop()
    }

    /// Waits for the most urgent frame; `None` once the queue is closed and empty.
    pub async fn next(&self) -> Option<Bytes> {
        loop {
            let filled = self.filled.notified();
            {
                let mut inner = self.lock();
                if let Some(frame) = inner.lanes.pop() {
                    return Some(frame);
                }
                if inner.closed {
                    return None;
                }
            }
            filled.await;
        }
    }

    /// The other side has heard so many of the frames that have to arrive.
    ///
    /// # Errors
    /// More than were ever sent.
    pub fn heard(&self, count: u64) -> Result<(), Malformed> {
        self.lock().kept.heard(count)
    }

    /// The carrier is lost.
    pub fn leave_carrier(&self) {
        let mut inner = self.lock();
        inner.carried = false;
        inner.lanes.clear();
    }

    /// There is another carrier. `first` goes before everything, then what the other side has not heard; what else waited is lost with
    /// the carrier before.
    ///
    /// # Errors
    /// The other side claims to have heard more than was ever sent.
    pub fn take_carrier(&self, first: Option<Frame>, heard: u64) -> Result<(), Malformed> {
        {
            let mut inner = self.lock();
            inner.kept.heard(heard)?;
            inner.lanes.clear();
            inner.carried = true;
            let Inner { lanes, kept, .. } = &mut *inner;
            lanes.begin(first.map(Frame::encode).into_iter().chain(kept.all()));
        }
        self.filled.notify_one();
        Ok(())
    }

    /// Nothing more is taken; what waits is still sent.
    pub fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_one();
    }

    /// Whether a carrier takes what waits.
    pub fn is_carried(&self) -> bool {
        self.lock().carried
    }

    /// Whether nothing more is taken.
    pub fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Bytes that wait.
    pub fn bytes(&self) -> usize {
        self.lock().lanes.bytes()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // No code panics while it holds the lock; if one did, the queue would still be whole.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use wire::Channel;

    use super::*;

    /// A record of the first pair (SPEC 3) with sixteen sealed bytes.
    fn record(channel: Channel) -> Frame {
        let mut frame = vec![0x10, 0, channel.number(), 1, 0, 0, 16];
        frame.extend([0; 16]);
        Frame::decode(frame.into()).unwrap()
    }

    fn message(text: &'static str) -> Frame {
        Frame::Message(text.into())
    }

    fn waiting(queue: &Queue) -> Vec<Frame> {
        std::iter::from_fn(|| queue.pop())
            .map(|bytes| Frame::decode(bytes).unwrap())
            .collect()
    }

    #[tokio::test]
    async fn urgent_frames_go_first_and_the_bound_holds() {
        let (picture, ask) = (record(Channel::Picture), message("ask"));
        let most = picture.clone().encode().len() + ask.clone().encode().len();
        let queue = Queue::new(most);
        queue.push(picture.clone()).unwrap();
        queue.push(ask.clone()).unwrap();
        assert_eq!(queue.push(Frame::Ping(1)), Err(Full));
        assert_eq!(queue.next().await, Some(ask.encode()));
        queue.close();
        assert_eq!(queue.next().await, Some(picture.encode()));
        assert_eq!(queue.next().await, None);
        assert_eq!(queue.push(message("late")), Ok(()));
        assert_eq!(queue.bytes(), 0);
    }

    /// SPEC 2.4: what has to arrive is sent again in its order, whether it was written to the carrier before or not; nothing else is.
    #[test]
    fn what_was_not_heard_is_sent_again_on_the_next_carrier() {
        let queue = Queue::new(1 << 20);
        let flight = record(Channel::Handshake);
        let credit = Frame::decode(Bytes::from_static(&[0x11, 0, 4, 0, 1])).unwrap();
        queue.push(message("heard")).unwrap();
        queue.push(message("written")).unwrap();
        waiting(&queue);
        queue.heard(1).unwrap();
        for lost in [record(Channel::Control), credit, Frame::Ping(1)] {
            queue.push(lost).unwrap();
        }
        queue.push(flight.clone()).unwrap();
        queue.leave_carrier();
        queue.push(record(Channel::Input)).unwrap();
        queue.push(message("meanwhile")).unwrap();
        assert_eq!(waiting(&queue), []);
        queue.take_carrier(Some(message("first")), 1).unwrap();
        let expected = [
            message("first"),
            message("written"),
            flight,
            message("meanwhile"),
        ];
        assert_eq!(waiting(&queue), expected);
        queue.take_carrier(None, 3).unwrap();
        assert_eq!(waiting(&queue), [message("meanwhile")]);
    }

    #[test]
    fn what_was_never_sent_cannot_be_heard() {
        let queue = Queue::new(1 << 20);
        queue.push(message("one")).unwrap();
        queue.heard(1).unwrap();
        queue.heard(0).unwrap();
        assert!(queue.heard(2).is_err());
        assert!(queue.take_carrier(None, 2).is_err());
    }

    /// Somebody who never says what was heard costs no memory without end.
    #[test]
    fn what_is_never_heard_is_bounded() {
        let queue = Queue::new(1 << 20);
        let pushed = (0..1000)
            .take_while(|_| queue.push(message("x")).is_ok())
            .count();
        assert_eq!(pushed, kept::MOST);
        let queue = Queue::new(1 << 30);
        let long = Frame::Message(vec![b'x'; 16_000].into());
        let pushed = (0..1000)
            .take_while(|_| queue.push(long.clone()).is_ok())
            .count();
        assert!(pushed * 16_000 <= kept::MOST_BYTES, "{pushed} frames");
    }

    /// The last words of a line that is over wait for a carrier, too.
    #[tokio::test]
    async fn a_closed_line_still_says_why() {
        let queue = Queue::new(1 << 20);
        queue.leave_carrier();
        queue.push(message("ended")).unwrap();
        queue.close();
        queue.take_carrier(None, 0).unwrap();
        assert_eq!(queue.next().await, Some(message("ended").encode()));
        assert_eq!(queue.next().await, None);
    }
}
