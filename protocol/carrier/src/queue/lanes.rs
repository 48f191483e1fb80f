//! Frames by priority, up to a number of bytes.

use std::collections::VecDeque;

use bytes::Bytes;

use super::Full;

pub(super) struct Lanes {
    /// Index 0 goes first.
    lanes: [VecDeque<Bytes>; LANES],
    bytes: usize,
    most: usize,
}

impl Lanes {
    pub(super) fn new(most: usize) -> Self {
        Self {
            lanes: std::array::from_fn(|_| VecDeque::new()),
            bytes: 0,
            most,
        }
    }

    pub(super) fn push(&mut self, priority: usize, frame: Bytes) -> Result<(), Full> {
        if self.bytes + frame.len() > self.most {
            return Err(Full);
        }
        self.add(priority, frame);
        Ok(())
    }

    /// What another carrier begins with. It has a bound of its own.
    pub(super) fn begin(&mut self, frames: impl Iterator<Item = Bytes>) {
        for frame in frames {
            self.add(0, frame);
        }
    }

    pub(super) fn pop(&mut self) -> Option<Bytes> {
        let frame = self.lanes.iter_mut().find_map(VecDeque::pop_front)?;
        self.bytes -= frame.len();
        Some(frame)
    }

    pub(super) fn clear(&mut self) {
        self.lanes.iter_mut().for_each(VecDeque::clear);
        self.bytes = 0;
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    fn add(&mut self, priority: usize, frame: Bytes) {
        self.bytes += frame.len();
        if let Some(lane) = self.lanes.get_mut(priority.min(LANES - 1)) {
            lane.push_back(frame);
        }
    }
}

/// Priorities of SPEC 5.3.
const LANES: usize = 6;
