//! How pairs and sessions end: somebody leaves, a connection breaks, time runs out, the relay stops.

use std::time::Duration;

use policy::SessionId;
use wire::{Fault, FromRelay, Role, Route};

use crate::asking::withdraw;
use crate::broker::{Broker, Effects, send};
use crate::effect::{Alarm, Effect, EndReason, Entry};
use crate::input::ConnectionId;
use crate::pair::{Pair, Place, Stage};
use crate::told::Told;

impl Broker {
    /// A person leaves.
    pub(crate) fn leave(&mut self, connection: ConnectionId, now: Duration, out: &mut Effects) {
        self.depart(connection, Departure::Left, now, out);
        out.push(Effect::Close { connection });
    }

    /// The sharer reports the helper: administrators are told, and the session ends.
    pub(crate) fn report(
        &mut self,
        connection: ConnectionId,
        place: Place,
        text: Option<String>,
        now: Duration,
        out: &mut Effects,
    ) {
        if self.paired(place).is_none() {
            return send(out, connection, FromRelay::faulted(Fault::NotNow));
        }
        out.push(place.record(Entry::Report(text)));
        let session = place.session;
        out.push(Effect::Alarm(Alarm::Reported { session }));
        let told = Fault::PeerLeft;
        self.end_all(session, EndReason::Reported, &told.into(), now, out);
    }

    /// The sharer sends one helper away; the others stay.
    pub(crate) fn dismiss(
        &mut self,
        connection: ConnectionId,
        place: Place,
        now: Duration,
        out: &mut Effects,
    ) {
        if self.paired(place).is_none() {
            return send(out, connection, FromRelay::faulted(Fault::NotNow));
        }
        let told = Fault::PeerLeft;
        self.end(place, EndReason::SharerLeft, told, told, now, out);
    }

    /// A connection is gone.
    pub(crate) fn gone(&mut self, connection: ConnectionId, now: Duration, out: &mut Effects) {
        self.depart(connection, Departure::Lost, now, out);
        self.connections.remove(&connection);
    }

    /// A connection sent what its route does not allow, again and again.
    pub(crate) fn violated(&mut self, connection: ConnectionId, now: Duration, out: &mut Effects) {
        let told = Fault::Protocol;
        let Some(place) = self.place_of(connection) else {
            return out.push(Effect::Close { connection });
        };
        self.end_of(connection, place, EndReason::Violation, told, now, out);
    }

    /// Ends what this connection is in: a helper's pair, a sharer's whole session. Whoever only typed a routing number must not be able
    /// to take the code from others: the helper keeps it for somebody else.
    pub(crate) fn end_of(
        &mut self,
        connection: ConnectionId,
        place: Place,
        reason: EndReason,
        told: Fault,
        now: Duration,
        out: &mut Effects,
    ) {
        let role = self.connections.get(&connection).map(|known| known.role);
        if self.claims(connection, place) {
            self.release(place, told, now, out);
        } else if role == Some(Role::Sharer) {
            self.end_all(place.session, reason, &told.into(), now, out);
        } else {
            self.end(place, reason, told, told, now, out);
        }
    }

    /// The relay stops: every session ends now and says so.
    pub(crate) fn drain(&mut self, now: Duration, out: &mut Effects) {
        self.draining = true;
        let told = Told::from(Fault::Draining);
        let sessions: Vec<SessionId> = self.sessions.keys().copied().collect();
        for session in sessions {
            self.end_all(session, EndReason::Drained, &told, now, out);
        }
        let idle: Vec<ConnectionId> = self
            .connections
            .iter()
            .filter(|(_, known)| known.place.is_none())
            .map(|(connection, _)| *connection)
            .collect();
        for connection in idle {
            let told = |effect: &Effect| *effect == Effect::Close { connection };
            if !out.iter().any(told) {
                send(out, connection, FromRelay::ended(Fault::Draining));
                out.push(Effect::Close { connection });
            }
        }
    }

    /// A deadline of this pair is over.
    pub(crate) fn expire(&mut self, place: Place, now: Duration, out: &mut Effects) {
        let Some(found) = self.pairs.get_mut(&place) else {
            return;
        };
        match &mut found.stage {
            Stage::Offered(_) => {
                let told = Fault::CodeExpired;
                self.abandon(place, told, told, now, out);
            }
            Stage::Claimed(_) => self.release(place, Fault::TimedOut, now, out),
            Stage::Recording(_) => {
                let told = Fault::StoreUnavailable;
                self.end(place, EndReason::NotRecorded, told, told, now, out);
            }
            Stage::Paired(paired) => {
                withdraw(place.pair, paired, found.helper, Fault::TimedOut, out);
            }
        }
    }

    /// Ends a pair that never became one: nothing was recorded, nothing will be.
    pub(crate) fn abandon(
        &mut self,
        place: Place,
        helper_told: impl Into<Told>,
        sharer_told: impl Into<Told>,
        now: Duration,
        out: &mut Effects,
    ) {
        let Some(found) = self.pairs.remove(&place) else {
            return;
        };
        if let Some(offer) = found.offer() {
            self.codes
                .rest(&found.helper_person.tenant, offer.routing, now);
        }
        self.dismiss_from(&found, helper_told, sharer_told, out);
    }

    /// Ends a pair at whatever stage: the record is closed, the channels are, and both sides are told.
    pub(crate) fn end(
        &mut self,
        place: Place,
        reason: EndReason,
        helper_told: impl Into<Told>,
        sharer_told: impl Into<Told>,
        now: Duration,
        out: &mut Effects,
    ) {
        let found = self.pairs.get(&place).map(|found| &found.stage);
        if let Some(Stage::Recording(_) | Stage::Paired(_)) = found {
            out.push(place.record(Entry::End(reason)));
        }
        self.abandon(place, helper_told, sharer_told, now, out);
    }

    /// Ends all pairs of a session; all are told the same.
    pub(crate) fn end_all(
        &mut self,
        session: SessionId,
        reason: EndReason,
        told: &Told,
        now: Duration,
        out: &mut Effects,
    ) {
        for place in self.pairs_of(session) {
            self.end(place, reason, told.clone(), told.clone(), now, out);
        }
    }

    /// Closes the channels of a pair that is over, and tells whoever is still there. With the last pair the session is over.
    fn dismiss_from(
        &mut self,
        found: &Pair,
        helper_told: impl Into<Told>,
        sharer_told: impl Into<Told>,
        out: &mut Effects,
    ) {
        let (place, helper) = (found.place, found.helper);
        let others = !self.pairs_of(place.session).is_empty();
        if let Some(sharer) = found.sharer() {
            let sharer_told = sharer_told.into();
            out.push(place.route(helper, sharer, Route::CLOSED));
            if others {
                let (pair, fault) = (place.pair, sharer_told.fault);
                self.tell_departed(sharer, place, FromRelay::Departed { pair, fault }, out);
            } else {
                self.tell_end(sharer, place, sharer_told, out);
            }
        }
        self.tell_end(helper, place, helper_told.into(), out);
        self.drop_invitations_of(place, others, out);
        if !others {
            self.sessions.remove(&place.session);
        }
    }

    /// Tells a sharer who is still there that one helper is not, and has it stand in a pair that is.
    fn tell_departed(
        &mut self,
        sharer: ConnectionId,
        gone: Place,
        departed: FromRelay,
        out: &mut Effects,
    ) {
        let session = gone.session;
        if self.place_of(sharer).map(|place| place.session) == Some(session) {
            self.attach(sharer, self.pairs_of(session).first().copied());
            send(out, sharer, departed);
        }
    }

    /// Tells a connection that is still in this session, and closes it. One that is gone or leaves is in none any more.
    pub(crate) fn tell_end(
        &mut self,
        connection: ConnectionId,
        place: Place,
        told: Told,
        out: &mut Effects,
    ) {
        if self.place_of(connection).map(|place| place.session) == Some(place.session) {
            self.attach(connection, None);
            send(
                out,
                connection,
                FromRelay::ended_by(told.fault, told.rule, told.step_up),
            );
            out.push(Effect::Close { connection });
        }
    }

    /// Whether this is the sharer who claimed the code of a session and has not proven it.
    pub(crate) fn claims(&self, connection: ConnectionId, place: Place) -> bool {
        self.pairs.get(&place).is_some_and(|found| {
            matches!(&found.stage, Stage::Claimed(claim)
                if claim.sharer == connection && claim.offer.is_some())
        })
    }

    fn depart(
        &mut self,
        connection: ConnectionId,
        how: Departure,
        now: Duration,
        out: &mut Effects,
    ) {
        let Some(place) = self.place_of(connection) else {
            return;
        };
        let Some(role) = self.connections.get(&connection).map(|known| known.role) else {
            return;
        };
        self.attach(connection, None);
        let told = match how {
            Departure::Left => Fault::PeerLeft,
            Departure::Lost => Fault::PeerLost,
        };
        let reason = match (role, how) {
            (Role::Helper, Departure::Left) => EndReason::HelperLeft,
            (Role::Helper, Departure::Lost) => EndReason::HelperLost,
            (Role::Sharer, Departure::Left) => EndReason::SharerLeft,
            (Role::Sharer, Departure::Lost) => EndReason::SharerLost,
        };
        self.end_of(connection, place, reason, told, now, out);
    }
}

#[derive(Clone, Copy)]
enum Departure {
    Left,
    Lost,
}
