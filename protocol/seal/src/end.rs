//! One end of a pair's sealed session, as a machine: messages in, sealed records out, and back (SPEC 9, 10).
//!
//! The caller hands in messages ([`End::send`]), records ([`End::handle_record`]) and the passing of time
//! ([`End::handle_timeout`]), and after each call takes what [`End::poll_output`] has until it has nothing more.

mod generation;
mod receive;
mod resume;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use policy::{HandshakeHash, PairId, SessionId};
use thiserror::Error;
use wire::{Channel, Delivery, Envelope, Malformed, Role};

use crate::control::Control;
use crate::handshake::Established;
use crate::inbox::Inbox;
use crate::keys::RecordKey;
use crate::outbox::{Outbox, Sealing};
use crate::padding::FRAGMENT;
use crate::per_channel::PerChannel;

pub use generation::NotNow;
use generation::Opening;

/// One end of one pair.
pub struct End {
    role: Role,
    session: SessionId,
    pair: PairId,
    hash: HandshakeHash,
    limits: Limits,
    outboxes: PerChannel<Outbox>,
    inboxes: PerChannel<Inbox>,
    /// Fragments of a message whose last record has not come.
    partial: PerChannel<Vec<u8>>,
    /// The generation that this end seals with, and its keys.
    generation: u32,
    sealing: PerChannel<Option<RecordKey>>,
    /// The first counter of each channel under `generation`.
    sealing_since: PerChannel<u64>,
    wear_told: bool,
    /// What this end can open, by generation.
    opening: BTreeMap<u32, Opening>,
    /// Where the peer's newest generation begins on each channel.
    peer_starts: Option<(u32, PerChannel<u64>)>,
    /// Sealed records of a generation whose `epoch` has not come.
    early: Vec<Early>,
    ack_due: Option<Duration>,
    acks_waiting: u32,
    lost_told: bool,
    outputs: VecDeque<Output>,
}

/// Bounds that tests make small.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A key seals at most this many records (2^24).
    pub records_per_key: u64,
}

/// What the machine wants done.
#[derive(Debug, PartialEq)]
pub enum Output {
    /// Send this record on the carrier.
    Send(Envelope),
    /// A message of the peer.
    Message {
        /// On which channel.
        channel: Channel,
        /// Its bytes.
        message: Bytes,
    },
    /// A control message of the peer that is not the machine's own business.
    Control(Control),
    /// The peer has all records of the picture below this counter.
    Acknowledged {
        /// The next that it expects.
        next: u64,
    },
    /// Sharer: the helper cannot go on with the picture; begin a new context, then call [`End::restart_picture`].
    RestartPicture,
    /// Input was given up: older than 2 s after a change of carrier, or of a level that ended. Release every key.
    InputGivenUp {
        /// How many records of it, as far as this end knows.
        records: u64,
    },
    /// The other end has begun this round after a change of carrier, and knows what this end asks for or will.
    Resumed {
        /// The round of its `back` (SPEC 10.2).
        round: u8,
    },
    /// A key is nearly used up: begin a new generation (sharer), which the helper has just asked for by itself.
    KeysWear,
    /// What was sent 60 s ago is still not acknowledged: the session is lost.
    Lost,
    /// A record was dropped; counted, never fatal: on the way anybody can make one.
    Dropped(Dropped),
}

/// Why a record was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// Of another pair than this one.
    OtherPair,
    /// It was seen before, or it is late on a channel where only the newest counts.
    Doubled,
    /// No key of its generation and channel is, or is any longer, here.
    NoKey,
    /// The tag does not fit: it was changed on the way, or sealed by somebody else.
    Forged,
    /// Its counter belongs to another generation.
    OtherGeneration,
    /// Too many records wait already.
    NoRoom,
    /// It opened, but what it says breaks the protocol.
    Malformed(Malformed),
    /// An acknowledgement names a place that cannot be.
    BadPlace,
}

/// Why a message cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SendError {
    /// No level stands yet.
    #[error("no level stands yet")]
    NotYet,
    /// Longer than the channel takes.
    #[error("{0} bytes are more than a message may have")]
    TooLong(usize),
    /// The key is used up; a new generation must begin first.
    #[error("the key of this channel is used up")]
    WornOut,
}

struct Early {
    envelope: Envelope,
    since: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            records_per_key: 1 << 24,
        }
    }
}

impl End {
    /// The end that a handshake made.
    pub fn new(established: &Established, pair: PairId, limits: Limits) -> Self {
        let mut end = Self {
            role: established.role,
            session: established.session,
            pair,
            hash: established.hash,
            limits,
            outboxes: PerChannel::new(Outbox::new),
            inboxes: PerChannel::new(Inbox::new),
            partial: PerChannel::new(|_| Vec::new()),
            generation: 0,
            sealing: PerChannel::new(|_| None),
            sealing_since: PerChannel::new(|_| 0),
            wear_told: false,
            opening: BTreeMap::new(),
            peer_starts: None,
            early: vec![],
            ack_due: None,
            acks_waiting: 0,
            lost_told: false,
            outputs: VecDeque::new(),
        };
        end.install_first(&established.secret);
        end
    }

    /// Seals a message into one record or several. Gives the counter after its last record.
    pub fn send(
        &mut self,
        channel: Channel,
        message: &[u8],
        now: Duration,
    ) -> Result<u64, SendError> {
        if message.len() > longest_message(channel) {
            return Err(SendError::TooLong(message.len()));
        }
        let key = self
            .sealing
            .get(channel)
            .as_ref()
            .ok_or(SendError::NotYet)?;
        let outbox = self.outboxes.get_mut(channel);
        let fragments = message.len().div_ceil(FRAGMENT).max(1);
        let used = outbox.next() - self.sealing_since.get(channel);
        let needed = u64::try_from(fragments).unwrap_or(u64::MAX);
        if used.saturating_add(needed) > self.limits.records_per_key {
            return Err(SendError::WornOut);
        }
        let context = associated(self.hash, self.session, self.role);
        let sealing = Sealing {
            key,
            pair: self.pair,
            generation: self.generation,
            context: &context,
        };
        for index in 0..fragments {
            let (from, to) = (
                index * FRAGMENT,
                ((index + 1) * FRAGMENT).min(message.len()),
            );
            let fragment = message.get(from..to).unwrap_or_default();
            let more = index + 1 < fragments;
            let envelope = outbox
                .seal(&sealing, fragment, more, now)
                .ok_or(SendError::WornOut)?;
            self.outputs.push_back(Output::Send(envelope));
        }
        let next = outbox.next();
        self.watch_wear(used + needed, now);
        Ok(next)
    }

    /// Sends a control message.
    pub fn send_control(&mut self, control: &Control, now: Duration) -> Result<(), SendError> {
        // Every control message has a JSON form, so encoding one does not fail.
        let message = control
            .encode()
            .map_err(|_| SendError::TooLong(usize::MAX))?;
        self.send(Channel::Control, &message, now).map(|_| ())
    }

    /// What to do next, until there is nothing.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The generation that this end seals with.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    fn watch_wear(&mut self, used: u64, now: Duration) {
        let limit = self.limits.records_per_key;
        if self.wear_told || used < limit - limit / 16 {
            return;
        }
        self.wear_told = true;
        if self.role == Role::Helper {
            // If even this cannot be sent, the next message on the worn channel says so to the caller.
            let _ = self.send_control(&Control::Rekey {}, now);
        }
        self.outputs.push_back(Output::KeysWear);
    }

    fn drop_record(&mut self, why: Dropped) {
        self.outputs.push_back(Output::Dropped(why));
    }
}

/// Longest message of a channel, in bytes (SPEC 4).
fn longest_message(channel: Channel) -> usize {
    match channel {
        Channel::Picture | Channel::File | Channel::Clipboard => 288 * 1024,
        // Its records are never joined.
        Channel::Motion => FRAGMENT,
        Channel::Chat => 66 * 1024,
        Channel::Control => 16 * 1024,
        Channel::Handshake
        | Channel::Ack
        | Channel::Input
        | Channel::Cursor
        | Channel::Pointer
        | Channel::Elevation => 4 * 1024,
    }
}

/// Channels whose records are delivered in counter order.
fn in_order() -> impl Iterator<Item = Channel> {
    Channel::ALL
        .into_iter()
        .filter(|channel| *channel != Channel::Handshake && channel.delivery() != Delivery::Latest)
}

/// What the seal authenticates before the clear header: handshake hash, session, sender (SPEC 9.3).
fn associated(hash: HandshakeHash, session: SessionId, sender: Role) -> Vec<u8> {
    let sender = match sender {
        Role::Helper => 1,
        Role::Sharer => 2,
    };
    [&hash.0[..], &session.0, &[sender]].concat()
}
