//! The sending side of one channel: counters, and sealed bytes kept until the other end has them (SPEC 10).

use std::collections::VecDeque;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use policy::PairId;
use wire::{Channel, Delivery, Envelope, Header, TAG};

use crate::keys::RecordKey;
use crate::padding;

/// Seals the records of one channel.
///
/// INVARIANT: `next` only rises, and every counter is sealed once; what is sent again is the same bytes. So no (key, nonce)
/// pair is ever used for two texts.
pub(crate) struct Outbox {
    channel: Channel,
    next: u64,
    unacknowledged: VecDeque<Kept>,
}

struct Kept {
    counter: u64,
    frame: Bytes,
    sealed_at: Duration,
}

/// What the peer asks for cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadPlace {
    /// It names a counter that was never sent.
    NeverSent,
    /// It names a counter that it acknowledged before.
    Acknowledged,
}

/// What a record is sealed with.
pub(crate) struct Sealing<'a> {
    pub(crate) key: &'a RecordKey,
    pub(crate) pair: PairId,
    pub(crate) generation: u32,
    /// Authenticated beside the clear header.
    pub(crate) context: &'a [u8],
}

impl Outbox {
    pub(crate) fn new(channel: Channel) -> Self {
        Self {
            channel,
            next: 0,
            unacknowledged: VecDeque::new(),
        }
    }

    /// The counter of the next record.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    /// Seals one fragment. `None` if the key refuses, which AES-256-GCM does for no text of this size.
    pub(crate) fn seal(
        &mut self,
        sealing: &Sealing<'_>,
        fragment: &[u8],
        more: bool,
        now: Duration,
    ) -> Option<Envelope> {
        let mut text = Vec::with_capacity(fragment.len() + 1024);
        padding::pad(self.channel, fragment, more, &mut text);
        let counter = self.next;
        let header = Header {
            pair: sealing.pair,
            channel: self.channel,
            generation: sealing.generation,
            counter,
        };
        let clear = header.encode(u16::try_from(text.len() + TAG).ok()?);
        let data = [sealing.context, &clear].concat();
        let tag = sealing.key.seal(counter, &data, &mut text)?;
        let mut frame = BytesMut::with_capacity(clear.len() + text.len() + TAG);
        frame.extend_from_slice(&clear);
        frame.extend_from_slice(&text);
        frame.extend_from_slice(&tag);
        let frame = frame.freeze();
        self.next += 1;
        if self.channel.delivery() == Delivery::Reliable {
            self.unacknowledged.push_back(Kept {
                counter,
                frame: frame.clone(),
                sealed_at: now,
            });
        }
        Envelope::decode(frame).ok()
    }

    /// The peer has everything below `next`.
    pub(crate) fn acknowledge(&mut self, next: u64) -> Result<(), BadPlace> {
        if next > self.next {
            return Err(BadPlace::NeverSent);
        }
        while self
            .unacknowledged
            .front()
            .is_some_and(|kept| kept.counter < next)
        {
            self.unacknowledged.pop_front();
        }
        Ok(())
    }

    /// The sealed bytes from `next` on, as they are.
    pub(crate) fn again(&self, next: u64) -> Result<Vec<Envelope>, BadPlace> {
        if next > self.next {
            return Err(BadPlace::NeverSent);
        }
        let oldest = self
            .unacknowledged
            .front()
            .map_or(self.next, |kept| kept.counter);
        if next < oldest {
            return Err(BadPlace::Acknowledged);
        }
        Ok(self
            .unacknowledged
            .iter()
            .filter(|kept| kept.counter >= next)
            .filter_map(|kept| Envelope::decode(kept.frame.clone()).ok())
            .collect())
    }

    /// When the oldest record that the peer may not have was sealed.
    pub(crate) fn oldest(&self) -> Option<Duration> {
        self.unacknowledged.front().map(|kept| kept.sealed_at)
    }

    /// Gives up everything that is not acknowledged. Gives how many records.
    pub(crate) fn discard(&mut self) -> usize {
        let count = self.unacknowledged.len();
        self.unacknowledged.clear();
        count
    }
}
