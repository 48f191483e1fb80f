//! The machine itself: its state, and which part of it deals with what.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::time::Duration;

use policy::{PairId, PersonId, SessionId, TenantId};
use wire::{Fault, FromRelay, Quality, Role, ToRelay};

use crate::codes::Codes;
use crate::effect::Effect;
use crate::input::{ConnectionId, Device, Input, Person, Random};
use crate::limits::JoinLimits;
use crate::pair::{Pair, Paired, Place, Stage};
use crate::rules::Rules;
use crate::said::{pair_of, reply_of, shook_of};
use crate::session::Session;

/// Pairs helpers with sharers and decides what may pass between them.
///
/// INVARIANT: `Connection::place` and the connections that a `Pair` names agree; both are changed by the same function. A session is
/// there exactly as long as one of its pairs is.
#[derive(Debug, Default)]
pub struct Broker {
    pub(crate) rules: Rules,
    pub(crate) connections: BTreeMap<ConnectionId, Connection>,
    pub(crate) sessions: BTreeMap<SessionId, Session>,
    pub(crate) pairs: BTreeMap<Place, Pair>,
    pub(crate) codes: Codes,
    pub(crate) limits: JoinLimits,
    /// People whose account may not be used: a ticket that was given out before must not bring them back.
    pub(crate) disabled: BTreeSet<(TenantId, PersonId)>,
    pub(crate) draining: bool,
    /// How long a connection without a carrier is waited for.
    pub(crate) keep: Duration,
}

#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) role: Role,
    pub(crate) person: Person,
    pub(crate) source: IpAddr,
    pub(crate) device: Device,
    /// The session that it is in. A helper is in one pair; a sharer is in all of the session, and this is the first.
    pub(crate) place: Option<Place>,
    /// Until when it is waited for; `None` while it has a carrier.
    pub(crate) away: Option<Duration>,
}

impl Connection {
    fn new(role: Role, person: Person, source: IpAddr, device: Device) -> Self {
        Self {
            role,
            person,
            source,
            device,
            place: None,
            away: None,
        }
    }
}

/// The effects of one input, as they are collected.
pub(crate) type Effects = Vec<Effect>;

impl Broker {
    /// A broker with these rules and nobody connected, which waits so long for a connection without a carrier.
    pub fn new(rules: Rules, keep: Duration) -> Self {
        Self {
            rules,
            keep,
            ..Self::default()
        }
    }

    /// Takes what happened at `now` and gives what to do, in order.
    pub fn handle_input(&mut self, input: Input, now: Duration) -> Vec<Effect> {
        let mut effects = self.handle_timeout(now);
        let out = &mut effects;
        match input {
            Input::Admitted {
                connection,
                role,
                person,
                source,
                device,
            } => {
                let (person, device) = (*person, *device);
                let known = Connection::new(role, person, source, device);
                self.admit(connection, known, now, out);
            }
            Input::Message {
                connection,
                message,
                random,
            } => {
                self.handle_message(connection, message, random, now, out);
            }
            Input::Gone { connection } => self.gone(connection, now, out),
            Input::Away { connection } => self.away(connection, now, out),
            Input::Back { connection, source } => self.back(connection, source, out),
            Input::Violated { connection } => self.violated(connection, now, out),
            Input::Colleagues {
                connection,
                candidates,
            } => self.colleagues(connection, &candidates, out),
            Input::Invite {
                connection,
                colleague,
                hand_over,
            } => self.invite(
                connection,
                colleague.map(|colleague| *colleague),
                hand_over,
                now,
                out,
            ),
            Input::Recorded { session, pair } => {
                self.recorded(Place { session, pair }, now, out);
            }
            Input::NotRecorded {
                session,
                pair,
                fault,
            } => self.not_recorded(Place { session, pair }, fault, now, out),
            change @ (Input::Rules(_)
            | Input::TurnedDown { .. }
            | Input::Person { .. }
            | Input::Device { .. }
            | Input::EndSession { .. }
            | Input::Drain) => self.handle_change(change, now, out),
        }
        effects
    }

    /// What happens beside connections and records: rules, directory, pages, administrators, the end of the relay.
    fn handle_change(&mut self, input: Input, now: Duration, out: &mut Effects) {
        match input {
            Input::Rules(rules) => self.change_rules(rules, now, out),
            Input::TurnedDown {
                tenant,
                person,
                session,
            } => {
                // Of an invitation that is gone there is nobody to tell.
                let _ = self.turned_down(session, &tenant, &person, out);
            }
            Input::Person {
                tenant,
                person,
                active,
                groups,
            } => {
                self.change_person((tenant, person), active, &groups, now, out);
            }
            Input::Device {
                tenant,
                device,
                machine,
            } => {
                self.change_device(&tenant, &device, &machine, now, out);
            }
            Input::EndSession { session, by } => self.end_session(session, &by, now, out),
            Input::Drain => self.drain(now, out),
            Input::Admitted { .. }
            | Input::Message { .. }
            | Input::Gone { .. }
            | Input::Away { .. }
            | Input::Back { .. }
            | Input::Violated { .. }
            | Input::Colleagues { .. }
            | Input::Invite { .. }
            | Input::Recorded { .. }
            | Input::NotRecorded { .. } => {}
        }
    }

    /// Does what is due by `now`.
    pub fn handle_timeout(&mut self, now: Duration) -> Vec<Effect> {
        let due: Vec<Place> = self
            .pairs
            .values()
            .filter(|pair| pair.deadline().is_some_and(|deadline| now >= deadline))
            .map(|pair| pair.place)
            .collect();
        let mut effects = vec![];
        for place in due {
            self.expire(place, now, &mut effects);
        }
        self.expire_invitations(now, &mut effects);
        self.expire_away(now, &mut effects);
        effects
    }

    /// When [`Broker::handle_timeout`] has to be called next.
    pub fn poll_timeout(&self) -> Option<Duration> {
        let pairs = self.pairs.values().filter_map(Pair::deadline);
        let invitations = self.sessions.values().flat_map(|found| &found.invitations);
        let invitations = invitations.map(|invited| invited.until);
        let away = self.connections.values().filter_map(|known| known.away);
        pairs.chain(invitations).chain(away).min()
    }

    /// How many sessions are paired, for metrics.
    pub fn paired_sessions(&self) -> usize {
        let paired = |pair: &&Pair| matches!(pair.stage, Stage::Paired(_));
        let mut sessions: Vec<SessionId> = self
            .pairs
            .values()
            .filter(paired)
            .map(|pair| pair.place.session)
            .collect();
        sessions.dedup();
        sessions.len()
    }

    fn admit(
        &mut self,
        id: ConnectionId,
        connection: Connection,
        now: Duration,
        out: &mut Effects,
    ) {
        let person = &connection.person;
        let refused = if self.draining {
            Some(Fault::Draining)
        } else {
            let account = (person.tenant.clone(), person.id.clone());
            let disabled = self.disabled.contains(&account);
            disabled.then_some(Fault::PersonDisabled)
        };
        if let Some(fault) = refused {
            send(out, id, FromRelay::ended(fault));
            return out.push(Effect::Close { connection: id });
        }
        self.connections.insert(id, connection);
        self.tell_invitations(id, now, out);
    }

    fn handle_message(
        &mut self,
        connection: ConnectionId,
        message: ToRelay,
        random: Random,
        now: Duration,
        out: &mut Effects,
    ) {
        let Some(role) = self.connections.get(&connection).map(|known| known.role) else {
            return;
        };
        if matches!(message, ToRelay::Leave {}) {
            return self.leave(connection, now, out);
        }
        match self.place_named(connection, pair_of(&message)) {
            Ok(Some(place)) => self.obey((connection, role), place, message, now, out),
            Ok(None) => self.obey_unpaired((connection, role), message, random, now, out),
            Err(Unplaced::Over) => {}
            Err(Unplaced::Other) => send(out, connection, FromRelay::faulted(Fault::NotNow)),
        }
    }

    fn obey(
        &mut self,
        (connection, role): (ConnectionId, Role),
        place: Place,
        message: ToRelay,
        now: Duration,
        out: &mut Effects,
    ) {
        match (role, message) {
            (_, message @ ToRelay::Shook { .. }) => {
                if let Some(shook) = shook_of(&message) {
                    self.shook((connection, role), place, shook, now, out);
                }
            }
            (_, ToRelay::ShakeFailed { burned, .. }) => {
                self.shake_failed(connection, place, burned && role == Role::Helper, now, out);
            }
            (Role::Helper, ToRelay::Ask { level }) => self.ask(connection, place, level, now, out),
            (Role::Helper, ToRelay::Acknowledge { state, .. }) => {
                self.acknowledge(connection, place, state, out);
            }
            (Role::Sharer, message @ ToRelay::Consent { .. }) => {
                if let Some((reply, signed)) = reply_of(message) {
                    self.consent(connection, place, reply, signed.as_ref(), now, out);
                }
            }
            (Role::Sharer, ToRelay::Report { text, .. }) => {
                self.report(connection, place, text, now, out);
            }
            (
                Role::Sharer,
                ToRelay::Challenge {
                    generation, nonce, ..
                },
            ) => {
                self.renew(connection, place, generation, nonce, now, out);
            }
            (Role::Helper, ToRelay::Quality { quality, .. }) => {
                self.remember(connection, place, quality, out);
            }
            (Role::Helper, ToRelay::Uninvite { subject }) => {
                self.uninvite(connection, place, subject, out);
            }
            (Role::Sharer, ToRelay::Dismiss { .. }) => self.dismiss(connection, place, now, out),
            _ => send(out, connection, FromRelay::faulted(Fault::NotNow)),
        }
    }

    /// What a connection says that is in no session.
    fn obey_unpaired(
        &mut self,
        (connection, role): (ConnectionId, Role),
        message: ToRelay,
        random: Random,
        now: Duration,
        out: &mut Effects,
    ) {
        match (role, message) {
            (Role::Helper, ToRelay::Create { reason, incident }) => {
                self.create(connection, reason, incident, random, now, out);
            }
            (Role::Sharer, ToRelay::Join { routing }) => self.join(connection, routing, now, out),
            (Role::Helper, ToRelay::Accept { session }) => {
                self.accept(connection, session, now, out);
            }
            (Role::Helper, ToRelay::TurnDown { session }) => {
                self.turn_down(connection, session, out);
            }
            // On their way when the session ended.
            (_, ToRelay::Shook { .. } | ToRelay::ShakeFailed { .. })
            | (Role::Sharer, ToRelay::Challenge { .. }) => {}
            _ => send(out, connection, FromRelay::faulted(Fault::NotNow)),
        }
    }

    /// Figures belong to a record: before the row is durable there is nothing that they could stand in.
    fn remember(
        &self,
        connection: ConnectionId,
        place: Place,
        quality: Quality,
        out: &mut Effects,
    ) {
        let Place { session, pair } = place;
        if self.paired(place).is_some() {
            out.push(Effect::Quality {
                session,
                pair,
                quality,
            });
        } else {
            send(out, connection, FromRelay::faulted(Fault::NotNow));
        }
    }

    /// The pair of this connection that a message is about, or none if it is in no session.
    fn place_named(
        &self,
        connection: ConnectionId,
        named: Option<PairId>,
    ) -> Result<Option<Place>, Unplaced> {
        let Some(known) = self.connections.get(&connection) else {
            return Err(Unplaced::Over);
        };
        let Some(own) = known.place else {
            let first = named.is_none_or(|named| named == PairId::FIRST);
            return if first {
                Ok(None)
            } else {
                Err(Unplaced::Other)
            };
        };
        let pair = match known.role {
            Role::Helper if named.is_some_and(|named| named != own.pair) => {
                return Err(Unplaced::Other);
            }
            Role::Helper => own.pair,
            Role::Sharer => named.unwrap_or(own.pair),
        };
        let place = Place { pair, ..own };
        let session = self.sessions.get(&own.session);
        if self.pairs.contains_key(&place) {
            Ok(Some(place))
        } else if session.is_some_and(|found| found.had(pair)) {
            Err(Unplaced::Over)
        } else {
            Err(Unplaced::Other)
        }
    }

    pub(crate) fn place_of(&self, connection: ConnectionId) -> Option<Place> {
        self.connections.get(&connection)?.place
    }

    pub(crate) fn attach(&mut self, connection: ConnectionId, place: Option<Place>) {
        if let Some(known) = self.connections.get_mut(&connection) {
            known.place = place;
        }
    }

    /// The pair, if its row is durable.
    pub(crate) fn paired(&self, place: Place) -> Option<(&Pair, &Paired)> {
        let found = self.pairs.get(&place)?;
        match &found.stage {
            Stage::Paired(paired) => Some((found, paired)),
            Stage::Offered(_) | Stage::Claimed(_) | Stage::Recording(_) => None,
        }
    }

    /// The same to be changed, with the helper's connection.
    pub(crate) fn paired_mut(&mut self, place: Place) -> Option<(ConnectionId, &mut Paired)> {
        let found = self.pairs.get_mut(&place)?;
        match &mut found.stage {
            Stage::Paired(paired) => Some((found.helper, paired)),
            Stage::Offered(_) | Stage::Claimed(_) | Stage::Recording(_) => None,
        }
    }

    /// The pairs of a session, in the order in which their helpers came.
    pub(crate) fn pairs_of(&self, session: SessionId) -> Vec<Place> {
        let all = self.pairs.keys().filter(|place| place.session == session);
        all.copied().collect()
    }
}

/// Why a message is about no pair of its sender's session.
enum Unplaced {
    /// The pair ended while the message was under way.
    Over,
    /// The sender is in no such pair.
    Other,
}

pub(crate) fn send(out: &mut Effects, to: ConnectionId, message: FromRelay) {
    out.push(Effect::Send { to, message });
}
