//! Frames that have to arrive, until the other side has heard them (SPEC 2.4).

use std::collections::VecDeque;

use bytes::Bytes;
use wire::Malformed;

use super::Full;

#[derive(Default)]
pub(super) struct Kept {
    frames: VecDeque<Bytes>,
    bytes: usize,
    /// How many the other side has heard.
    heard: u64,
}

impl Kept {
    pub(super) fn push(&mut self, frame: Bytes) -> Result<(), Full> {
        if self.frames.len() >= MOST || self.bytes + frame.len() > MOST_BYTES {
            return Err(Full);
        }
        self.bytes += frame.len();
        self.frames.push_back(frame);
        Ok(())
    }

    /// Lets go of what was heard. A count that is lower than one before says nothing new.
    pub(super) fn heard(&mut self, count: u64) -> Result<(), Malformed> {
        while self.heard < count {
            let Some(frame) = self.frames.pop_front() else {
                return Err(Malformed::Value {
                    field: "count",
                    value: count,
                });
            };
            self.bytes -= frame.len();
            self.heard += 1;
        }
        Ok(())
    }

    pub(super) fn all(&self) -> impl Iterator<Item = Bytes> {
        self.frames.iter().cloned()
    }
}

/// Frames that are kept.
pub(super) const MOST: usize = 256;
/// Their bytes.
pub(super) const MOST_BYTES: usize = 1024 * 1024;
