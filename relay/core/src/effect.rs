//! What the broker wants done, in this order.

use identity::{ConsentText, GrantToken, PublicKey, Signature};
use policy::{Action, Compliance, HandshakeHash, Level, PairId, SessionId};
use wire::{FromRelay, Quality, Route};

use crate::input::{ConnectionId, Device, Person};

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send a message.
    Send {
        /// To which connection.
        to: ConnectionId,
        /// What.
        message: FromRelay,
    },
    /// Sign a grant, and send it to the sharer and, if it is new to them, to the helper.
    Grant {
        /// The sharer's connection.
        sharer: ConnectionId,
        /// The helper's connection, unless the grant is only renewed.
        helper: Option<ConnectionId>,
        /// What stands.
        grant: Box<GrantToken>,
    },
    /// From here on exactly these channels exist between the two. A closed route forgets the pair.
    Route {
        /// The session.
        session: SessionId,
        /// Which helper.
        pair: PairId,
        /// The helper's connection.
        helper: ConnectionId,
        /// The sharer's connection.
        sharer: ConnectionId,
        /// The channels.
        route: Route,
    },
    /// One of the two has another carrier: credit of this pair is counted afresh.
    Relink {
        /// The session.
        session: SessionId,
        /// Which helper.
        pair: PairId,
        /// The round that begins.
        round: u8,
    },
    /// Write to the session's record.
    Record {
        /// The session.
        session: SessionId,
        /// Which helper.
        pair: PairId,
        /// What.
        entry: Entry,
    },
    /// Remember the last figures of the session; they are written with the next batch.
    Quality {
        /// The session.
        session: SessionId,
        /// Which helper.
        pair: PairId,
        /// The figures.
        quality: Quality,
    },
    /// Send what waits, then end the connection.
    Close {
        /// Which.
        connection: ConnectionId,
    },
    /// Something that an administrator should look at.
    Alarm(Alarm),
}

/// A part of a session's record.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// Its first part. The shell answers with `Recorded` or `NotRecorded`. An [`Entry::End`] may follow before the answer does:
    /// lines are written in order, so a row that becomes durable late is ended at once.
    Open {
        /// Who helps.
        helper: Box<Person>,
        /// Who is helped.
        sharer: Box<Person>,
        /// What is shared.
        device: Box<Device>,
        /// Why, in the helper's words.
        reason: Option<String>,
        /// Number of the incident.
        incident: Option<String>,
    },
    /// The sharer's signed word for a level (SPEC 6.6).
    Consent {
        /// What was signed.
        text: Box<ConsentText>,
        /// The signature.
        signature: Signature,
        /// The key that made it.
        key: PublicKey,
    },
    /// The sharer reported the helper.
    Report(Option<String>),
    /// A level stands.
    Level(Level),
    /// The helper was told of a state of the device, or acknowledged it (PRODUCT 6.1).
    Compliance {
        /// The state.
        state: Compliance,
        /// What it does.
        action: Action,
        /// The helper acknowledged it.
        acknowledged: bool,
    },
    /// Its last part.
    End(EndReason),
}

/// Why a session ended; the word stands in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// The helper left.
    HelperLeft,
    /// The sharer left.
    SharerLeft,
    /// The helper's connection broke.
    HelperLost,
    /// The sharer's connection broke.
    SharerLost,
    /// It is not permitted any more: permission, setting, sign-in or device changed.
    PermissionRemoved,
    /// The account of one of the two was disabled.
    PersonDisabled,
    /// An administrator ended it.
    EndedByAdmin,
    /// The sharer reported the helper.
    Reported,
    /// A colleague took the session over.
    HandedOver,
    /// One side sent what its route does not allow.
    Violation,
    /// The relay was stopped.
    Drained,
    /// The row was not durable in time. The line ends the row should it become durable after all.
    NotRecorded,
}

impl EndReason {
    /// The word in the record.
    pub fn word(self) -> &'static str {
        match self {
            Self::HelperLeft => "helper_left",
            Self::SharerLeft => "sharer_left",
            Self::HelperLost => "helper_lost",
            Self::SharerLost => "sharer_lost",
            Self::PermissionRemoved => "permission_removed",
            Self::PersonDisabled => "person_disabled",
            Self::EndedByAdmin => "ended_by_admin",
            Self::Reported => "reported",
            Self::HandedOver => "handed_over",
            Self::Violation => "violation",
            Self::Drained => "drained",
            Self::NotRecorded => "not_recorded",
        }
    }
}

/// Something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// The two ends report different handshakes: somebody sits between them, or one of them lies.
    HashesDiffer {
        /// The session.
        session: SessionId,
        /// What the helper reports.
        helper: HandshakeHash,
        /// What the sharer reports.
        sharer: HandshakeHash,
    },
    /// A sharer says that something is wrong with a helper.
    Reported {
        /// The session.
        session: SessionId,
    },
}
