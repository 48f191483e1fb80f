//! One helper of the session, as the sharer's client knows one.

use std::time::Duration;

use client::Sealed;
use identity::Identity;
use policy::{HandshakeHash, Level};

use crate::broadcast::Broadcast;

/// A helper who proved the code, or was invited.
pub(super) struct Helper {
    pub(super) hash: HandshakeHash,
    /// Who it is, as verified here.
    pub(super) peer: Identity,
    /// Who asked this one in.
    pub(super) invited: Option<Invited>,
    /// The relay agrees who it is, and the record is kept: the person knows of this one.
    pub(super) is_paired: bool,
    /// When control may be allowed: with a stranger only after a pause.
    pub(super) control_from: Option<Duration>,
    pub(super) sealed: Sealed,
    /// There once a level stands.
    pub(super) broadcast: Option<Broadcast>,
    /// The sharer's count of levels.
    pub(super) generation: u32,
    pub(super) asked: Option<Asked>,
    /// The level of the last grant that began a generation.
    pub(super) granted: Option<Level>,
    pub(super) challenge_at: Option<Duration>,
}

/// Who asked a helper in, and whether that one goes then.
#[derive(Clone)]
pub(super) struct Invited {
    pub(super) by: String,
    pub(super) hand_over: bool,
}

/// A question to the person.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) level: Level,
    /// Questions are answered in the order in which they came.
    pub(super) number: u64,
}

impl Helper {
    pub(super) fn new(
        hash: HandshakeHash,
        peer: Identity,
        invited: Option<Invited>,
        sealed: Sealed,
    ) -> Self {
        Self {
            hash,
            peer,
            invited,
            is_paired: false,
            control_from: None,
            sealed,
            broadcast: None,
            generation: 0,
            asked: None,
            granted: None,
            challenge_at: None,
        }
    }

    /// Whether the other helpers are to know of this one: a level stands, or is asked for.
    pub(super) fn is_present(&self) -> bool {
        self.granted.is_some() || self.asked.is_some()
    }
}
