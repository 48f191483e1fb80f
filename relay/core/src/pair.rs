//! One helper and the sharer of a session, from code or invitation to the end.

use std::time::Duration;

use policy::{Compliance, Grant, HandshakeHash, Level, PairId, PublicBytes, Question, SessionId};
use wire::{Route, Routing, Warning};

use crate::codes::CLAIM_LIFE;
use crate::effect::{Effect, Entry};
use crate::input::{ConnectionId, Person};

/// Names a pair: one helper of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) session: SessionId,
    pub(crate) pair: PairId,
}

/// A pair and where it stands.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) place: Place,
    pub(crate) helper: ConnectionId,
    pub(crate) helper_person: Person,
    /// The helper who hands the session over to this one.
    pub(crate) relieves: Option<PairId>,
    pub(crate) stage: Stage,
}

/// Where a pair stands.
#[derive(Debug)]
pub(crate) enum Stage {
    /// The helper shows a code.
    Offered(Offer),
    /// A sharer typed it, or the helper was invited; the handshake runs.
    Claimed(Claim),
    /// Both ends reported the same hash; the row is being written.
    Recording(Recording),
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
    /// The code; an invited helper has none.
    pub(crate) offer: Option<Offer>,
    pub(crate) sharer: ConnectionId,
    /// When it began.
    pub(crate) at: Duration,
    pub(crate) until: Duration,
    /// What the helper's client reported.
    pub(crate) helper_says: Option<Shook>,
    /// What the sharer's client reported.
    pub(crate) sharer_says: Option<Shook>,
}

/// What an end reports of a handshake; both have to report the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shook {
    pub(crate) hash: HandshakeHash,
    /// The helper's X25519 key.
    pub(crate) helper_key: PublicBytes,
    /// The key that signs the sharer's consents.
    pub(crate) sharer_key: PublicBytes,
}

#[derive(Debug)]
pub(crate) struct Recording {
    pub(crate) paired: Paired,
    pub(crate) until: Duration,
}

#[derive(Debug)]
pub(crate) struct Paired {
    pub(crate) sharer: ConnectionId,
    pub(crate) sharer_person: Person,
    pub(crate) shook: Shook,
    pub(crate) question: Option<Question>,
    pub(crate) grant: Option<Grant>,
    /// What the helper stepped down to, until the sharer's client consents: the grant still names the level before.
    pub(crate) lowered: Option<Level>,
    /// The state of the device that the helper acknowledged last.
    pub(crate) acknowledged: Option<Compliance>,
    /// What the clients were told last.
    pub(crate) told: Terms,
    /// Changes of carrier so far, modulo 256.
    pub(crate) round: u8,
}

/// What the rules make of a pair, as its clients are told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Terms {
    pub(crate) levels: Vec<Level>,
    pub(crate) chat: bool,
    pub(crate) warning: Option<Warning>,
}

impl Paired {
    /// Both ends reported the same handshake.
    pub(crate) fn new(sharer: ConnectionId, sharer_person: Person, shook: Shook) -> Self {
        Self {
            sharer,
            sharer_person,
            shook,
            question: None,
            grant: None,
            lowered: None,
            acknowledged: None,
            told: Terms::default(),
            round: 0,
        }
    }

    /// The level that stands: what was granted, or the lower one that the helper has taken since.
    pub(crate) fn standing(&self) -> Option<Level> {
        self.lowered
            .or_else(|| self.grant.as_ref().map(|grant| grant.level))
    }
}

impl Place {
    /// From here on exactly these channels exist between these two.
    pub(crate) fn route(self, helper: ConnectionId, sharer: ConnectionId, route: Route) -> Effect {
        let Self { session, pair } = self;
        Effect::Route {
            session,
            pair,
            helper,
            sharer,
            route,
        }
    }

    /// A line of the pair's record.
    pub(crate) fn record(self, entry: Entry) -> Effect {
        let Self { session, pair } = self;
        Effect::Record {
            session,
            pair,
            entry,
        }
    }
}

impl Claim {
    /// The handshake begins.
    pub(crate) fn new(offer: Option<Offer>, sharer: ConnectionId, now: Duration) -> Self {
        Self {
            offer,
            sharer,
            at: now,
            until: now + CLAIM_LIFE,
            helper_says: None,
            sharer_says: None,
        }
    }
}

impl Pair {
    /// The sharer's connection, once there is one.
    pub(crate) fn sharer(&self) -> Option<ConnectionId> {
        match &self.stage {
            Stage::Offered(_) => None,
            Stage::Claimed(claim) => Some(claim.sharer),
            Stage::Recording(recording) => Some(recording.paired.sharer),
            Stage::Paired(paired) => Some(paired.sharer),
        }
    }

    /// The people whom the pair knows by itself.
    pub(crate) fn people_mut(&mut self) -> impl Iterator<Item = &mut Person> {
        let sharer = match &mut self.stage {
            Stage::Offered(_) | Stage::Claimed(_) => None,
            Stage::Recording(recording) => Some(&mut recording.paired.sharer_person),
            Stage::Paired(paired) => Some(&mut paired.sharer_person),
        };
        std::iter::once(&mut self.helper_person).chain(sharer)
    }

    /// The code, while it can still be typed.
    pub(crate) fn offer(&self) -> Option<Offer> {
        match &self.stage {
            Stage::Offered(offer) => Some(*offer),
            Stage::Claimed(claim) => claim.offer,
            Stage::Recording(_) | Stage::Paired(_) => None,
        }
    }

    /// When something has to be done even if nothing happens.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        match &self.stage {
            Stage::Offered(offer) => Some(offer.expires),
            Stage::Claimed(claim) => Some(claim.until),
            Stage::Recording(recording) => Some(recording.until),
            Stage::Paired(paired) => paired.question.as_ref().map(Question::until),
        }
    }
}
