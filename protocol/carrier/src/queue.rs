//! Frames that wait to be sent: bounded, urgent ones first.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;

/// Frames that wait, by priority.
///
/// Policy when full: the push fails and whoever pushes ends the carrier; a sealed record is never skipped silently. Credit
/// (SPEC 5) keeps honest senders far below the bound.
pub struct Queue {
    waiting: Mutex<Waiting>,
    filled: Notify,
    most: usize,
}

/// The queue holds as many bytes as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

struct Waiting {
    /// Index 0 goes first.
    lanes: [VecDeque<Bytes>; LANES],
    bytes: usize,
    closed: bool,
}

/// Priorities of SPEC 5.3.
const LANES: usize = 6;

impl Queue {
    /// A queue for at most `most` bytes.
    pub fn new(most: usize) -> Self {
        let waiting = Waiting {
            lanes: std::array::from_fn(|_| VecDeque::new()),
            bytes: 0,
            closed: false,
        };
        Self {
            waiting: Mutex::new(waiting),
            filled: Notify::new(),
            most,
        }
    }

    /// Adds a frame. Frames of a closed queue vanish: its carrier is gone.
    pub fn push(&self, priority: usize, frame: Bytes) -> Result<(), Full> {
        {
            let mut waiting = self.lock();
            if waiting.closed {
                return Ok(());
            }
            if waiting.bytes + frame.len() > self.most {
                return Err(Full);
            }
            waiting.bytes += frame.len();
            if let Some(lane) = waiting.lanes.get_mut(priority.min(LANES - 1)) {
                lane.push_back(frame);
            }
        }
        self.filled.notify_one();
        Ok(())
    }

    /// The most urgent frame, if any waits.
    pub fn pop(&self) -> Option<Bytes> {
        let mut waiting = self.lock();
        let frame = waiting.lanes.iter_mut().find_map(VecDeque::pop_front)?;
        waiting.bytes -= frame.len();
        Some(frame)
    }

    /// Waits for the most urgent frame; `None` once the queue is closed and empty.
    pub async fn next(&self) -> Option<Bytes> {
        loop {
            let filled = self.filled.notified();
            if let Some(frame) = self.pop() {
                return Some(frame);
            }
            if self.lock().closed {
                return None;
            }
            filled.await;
        }
    }

    /// Nothing more is taken; what waits is still sent.
    pub fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_one();
    }

    /// Bytes that wait.
    pub fn bytes(&self) -> usize {
        self.lock().bytes
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting> {
        // No code panics while it holds the lock; if one did, the queue would still be whole.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn urgent_frames_go_first_and_the_bound_holds() {
        let queue = Queue::new(10);
        queue.push(4, Bytes::from_static(b"picture")).unwrap();
        queue.push(0, Bytes::from_static(b"ask")).unwrap();
        assert_eq!(queue.push(0, Bytes::from_static(b"x")), Err(Full));
        assert_eq!(queue.next().await.unwrap(), "ask");
        queue.close();
        assert_eq!(queue.next().await.unwrap(), "picture");
        assert_eq!(queue.next().await, None);
        assert_eq!(queue.push(0, Bytes::from_static(b"late")), Ok(()));
        assert_eq!(queue.bytes(), 0);
    }
}
