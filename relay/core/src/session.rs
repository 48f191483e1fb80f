//! One session, from the code to the end.

use std::time::Duration;

use policy::{Grant, HandshakeHash, PairId, Question, SessionId};
use wire::Routing;

use crate::input::{ConnectionId, Person};

/// A session and where it stands.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) helper: ConnectionId,
    pub(crate) helper_person: Person,
    pub(crate) reason: Option<String>,
    pub(crate) incident: Option<String>,
    pub(crate) stage: Stage,
}

/// Where a session stands.
#[derive(Debug)]
pub(crate) enum Stage {
    /// The helper shows a code.
    Offered(Offer),
    /// A sharer typed it; the handshake runs.
    Claimed(Claim),
    /// Both ends reported the same hash; the row is being written.
    Recording(Paired),
    /// The row is durable.
    Paired(Paired),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Offer {
    pub(crate) routing: Routing,
    pub(crate) expires: Duration,
}

#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) offer: Offer,
    pub(crate) sharer: ConnectionId,
    pub(crate) until: Duration,
    pub(crate) helper_hash: Option<HandshakeHash>,
    pub(crate) sharer_hash: Option<HandshakeHash>,
}

#[derive(Debug)]
pub(crate) struct Paired {
    pub(crate) sharer: ConnectionId,
    pub(crate) sharer_person: Person,
    pub(crate) hash: HandshakeHash,
    pub(crate) question: Option<Question>,
    pub(crate) grant: Option<Grant>,
}

impl Session {
    /// The pair of the helper who made the session. Invited helpers come with a later version.
    pub(crate) const PAIR: PairId = PairId::FIRST;

    /// The sharer's connection, once there is one.
    pub(crate) fn sharer(&self) -> Option<ConnectionId> {
        match &self.stage {
            Stage::Offered(_) => None,
            Stage::Claimed(claim) => Some(claim.sharer),
            Stage::Recording(paired) | Stage::Paired(paired) => Some(paired.sharer),
        }
    }

    /// The code, while it can still be typed.
    pub(crate) fn offer(&self) -> Option<Offer> {
        match &self.stage {
            Stage::Offered(offer) => Some(*offer),
            Stage::Claimed(claim) => Some(claim.offer),
            Stage::Recording(_) | Stage::Paired(_) => None,
        }
    }

    /// When something has to be done even if nothing happens.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        match &self.stage {
            Stage::Offered(offer) => Some(offer.expires),
            Stage::Claimed(claim) => Some(claim.until),
            Stage::Recording(_) => None,
            Stage::Paired(paired) => paired.question.as_ref().map(Question::until),
        }
    }
}
