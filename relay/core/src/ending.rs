//! How sessions end: somebody leaves, a connection breaks, time runs out, the relay stops.

use std::time::Duration;

use policy::SessionId;
use wire::{Fault, FromRelay, Role, Route};

use crate::asking::withdraw;
use crate::broker::{Broker, Effects, send};
use crate::effect::{Alarm, Effect, EndReason, Entry};
use crate::input::ConnectionId;
use crate::session::{Session, Stage};
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
        text: Option<String>,
        now: Duration,
        out: &mut Effects,
    ) {
        let session = self.session_of(connection);
        let stage = session.and_then(|session| Some(&self.sessions.get(&session)?.stage));
        let (Some(session), Some(Stage::Paired(_))) = (session, stage) else {
            return send(out, connection, FromRelay::faulted(Fault::NotNow));
        };
        out.push(Effect::Record {
            session,
            pair: Session::PAIR,
            entry: Entry::Report(text),
        });
        out.push(Effect::Alarm(Alarm::Reported { session }));
        self.end(
            session,
            EndReason::Reported,
            Fault::PeerLeft,
            Fault::PeerLeft,
            now,
            out,
        );
    }

    /// A connection is gone.
    pub(crate) fn gone(&mut self, connection: ConnectionId, now: Duration, out: &mut Effects) {
        self.depart(connection, Departure::Lost, now, out);
        self.connections.remove(&connection);
    }

    /// A connection sent what its route does not allow, again and again.
    pub(crate) fn violated(&mut self, connection: ConnectionId, now: Duration, out: &mut Effects) {
        let told = Fault::Protocol;
        match self.session_of(connection) {
            // Whoever only typed a routing number must not be able to take the code from others.
            Some(session) if self.claims(connection, session) => {
                self.release(session, told, now, out);
            }
            Some(session) => {
                self.end(session, EndReason::Violation, told, told, now, out);
            }
            None => out.push(Effect::Close { connection }),
        }
    }

    /// The relay stops: every session ends now and says so.
    pub(crate) fn drain(&mut self, now: Duration, out: &mut Effects) {
        self.draining = true;
        let sessions: Vec<SessionId> = self.sessions.keys().copied().collect();
        for session in sessions {
            self.end(
                session,
                EndReason::Drained,
                Fault::Draining,
                Fault::Draining,
                now,
                out,
            );
        }
        let idle: Vec<ConnectionId> = self
            .connections
            .iter()
            .filter(|(_, known)| known.session.is_none())
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

    /// A deadline of this session is over.
    pub(crate) fn expire(&mut self, session: SessionId, now: Duration, out: &mut Effects) {
        let Some(found) = self.sessions.get_mut(&session) else {
            return;
        };
        match &mut found.stage {
            Stage::Offered(_) => {
                let told = Fault::CodeExpired;
                self.abandon(session, told, told, now, out);
            }
            Stage::Claimed(_) => self.release(session, Fault::TimedOut, now, out),
            Stage::Recording(_) => {
                let told = Fault::StoreUnavailable;
                self.end(session, EndReason::NotRecorded, told, told, now, out);
            }
            Stage::Paired(paired) => withdraw(paired, found.helper, Fault::TimedOut, out),
        }
    }

    /// Ends a session that never became one: nothing was recorded, nothing will be.
    pub(crate) fn abandon(
        &mut self,
        session: SessionId,
        helper_told: impl Into<Told>,
        sharer_told: impl Into<Told>,
        now: Duration,
        out: &mut Effects,
    ) {
        let Some(found) = self.sessions.remove(&session) else {
            return;
        };
        if let Some(offer) = found.offer() {
            self.codes
                .rest(&found.helper_person.tenant, offer.routing, now);
        }
        self.dismiss(&found, helper_told, sharer_told, out);
    }

    /// Ends a session at whatever stage: the record is closed, the channels are, and both sides are told.
    pub(crate) fn end(
        &mut self,
        session: SessionId,
        reason: EndReason,
        helper_told: impl Into<Told>,
        sharer_told: impl Into<Told>,
        now: Duration,
        out: &mut Effects,
    ) {
        let Some(found) = self.sessions.remove(&session) else {
            return;
        };
        match &found.stage {
            Stage::Offered(offer) => {
                self.codes
                    .rest(&found.helper_person.tenant, offer.routing, now);
            }
            Stage::Claimed(claim) => {
                self.codes
                    .rest(&found.helper_person.tenant, claim.offer.routing, now);
            }
            Stage::Recording(_) | Stage::Paired(_) => {
                let entry = Entry::End(reason);
                out.push(Effect::Record {
                    session,
                    pair: Session::PAIR,
                    entry,
                });
            }
        }
        self.dismiss(&found, helper_told, sharer_told, out);
    }

    /// Closes the channels and tells whoever is still there.
    pub(crate) fn dismiss(
        &mut self,
        found: &Session,
        helper_told: impl Into<Told>,
        sharer_told: impl Into<Told>,
        out: &mut Effects,
    ) {
        let helper = found.helper;
        if let Some(sharer) = found.sharer() {
            let (session, pair, route) = (found.id, Session::PAIR, Route::CLOSED);
            out.push(Effect::Route {
                session,
                pair,
                helper,
                sharer,
                route,
            });
            self.tell_end(sharer, found.id, sharer_told.into(), out);
        }
        self.tell_end(helper, found.id, helper_told.into(), out);
    }

    /// Tells a connection that is still in this session, and closes it. One that is gone or leaves is in none any more.
    pub(crate) fn tell_end(
        &mut self,
        connection: ConnectionId,
        session: SessionId,
        told: Told,
        out: &mut Effects,
    ) {
        if self.session_of(connection) == Some(session) {
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
    pub(crate) fn claims(&self, connection: ConnectionId, session: SessionId) -> bool {
        self.sessions.get(&session).is_some_and(
            |found| matches!(&found.stage, Stage::Claimed(claim) if claim.sharer == connection),
        )
    }

    fn depart(
        &mut self,
        connection: ConnectionId,
        how: Departure,
        now: Duration,
        out: &mut Effects,
    ) {
        let Some(session) = self.session_of(connection) else {
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
        if self.claims(connection, session) {
            // The code was not proven: the helper keeps it for somebody else.
            return self.release(session, told, now, out);
        }
        let reason = match (role, how) {
            (Role::Helper, Departure::Left) => EndReason::HelperLeft,
            (Role::Helper, Departure::Lost) => EndReason::HelperLost,
            (Role::Sharer, Departure::Left) => EndReason::SharerLeft,
            (Role::Sharer, Departure::Lost) => EndReason::SharerLost,
        };
        self.end(session, reason, told, told, now, out);
    }
}

#[derive(Clone, Copy)]
enum Departure {
    Left,
    Lost,
}
