//! The machine itself: its state, and which part of it deals with what.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::time::Duration;

use policy::{PairId, PersonId, Reply, SessionId, TenantId};
use wire::{Answer, Fault, FromRelay, Quality, Role, Signed, ToRelay};

use crate::codes::Codes;
use crate::effect::Effect;
use crate::input::{ConnectionId, Device, Input, Person, Random};
use crate::limits::JoinLimits;
use crate::rules::Rules;
use crate::session::{Session, Shook, Stage};

/// Pairs helpers with sharers and decides what may pass between them.
///
/// INVARIANT: `Connection::session` and the connections that a `Session` names agree; both are changed by the same function.
#[derive(Debug, Default)]
pub struct Broker {
    pub(crate) rules: Rules,
    pub(crate) connections: BTreeMap<ConnectionId, Connection>,
    pub(crate) sessions: BTreeMap<SessionId, Session>,
    pub(crate) codes: Codes,
    pub(crate) limits: JoinLimits,
    /// People whose account may not be used: a ticket that was given out before must not bring them back.
    pub(crate) disabled: BTreeSet<(TenantId, PersonId)>,
    pub(crate) draining: bool,
}

#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) role: Role,
    pub(crate) person: Person,
    pub(crate) source: IpAddr,
    pub(crate) device: Device,
    pub(crate) session: Option<SessionId>,
}

/// The effects of one input, as they are collected.
pub(crate) type Effects = Vec<Effect>;

impl Broker {
    /// A broker with these rules and nobody connected.
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
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
                let known = Connection {
                    role,
                    person: *person,
                    source,
                    device: *device,
                    session: None,
                };
                self.admit(connection, known, out);
            }
            Input::Message {
                connection,
                message,
                random,
            } => {
                self.handle_message(connection, message, random, now, out);
            }
            Input::Gone { connection } => self.gone(connection, now, out),
            Input::Violated { connection } => self.violated(connection, now, out),
            Input::Recorded { session } => self.recorded(session, now, out),
            Input::NotRecorded { session, fault } => self.not_recorded(session, fault, now, out),
            Input::Rules(rules) => self.change_rules(rules, now, out),
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
        }
        effects
    }

    /// Does what is due by `now`.
    pub fn handle_timeout(&mut self, now: Duration) -> Vec<Effect> {
        let due: Vec<SessionId> = self
            .sessions
            .values()
            .filter(|session| session.deadline().is_some_and(|deadline| now >= deadline))
            .map(|session| session.id)
            .collect();
        let mut effects = vec![];
        for session in due {
            self.expire(session, now, &mut effects);
        }
        effects
    }

    /// When [`Broker::handle_timeout`] has to be called next.
    pub fn poll_timeout(&self) -> Option<Duration> {
        self.sessions.values().filter_map(Session::deadline).min()
    }

    /// How many sessions are paired, for metrics.
    pub fn paired_sessions(&self) -> usize {
        let paired = |session: &&Session| matches!(session.stage, Stage::Paired(_));
        self.sessions.values().filter(paired).count()
    }

    fn admit(&mut self, id: ConnectionId, connection: Connection, out: &mut Effects) {
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
        if pair_of(&message).is_some_and(|pair| pair != Session::PAIR) {
            return send(out, connection, FromRelay::faulted(Fault::NotNow));
        }
        self.obey((connection, role), message, random, now, out);
    }

    fn obey(
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
            (_, message @ ToRelay::Shook { .. }) => {
                if let Some(shook) = shook_of(&message) {
                    self.shook(connection, shook, now, out);
                }
            }
            (_, ToRelay::ShakeFailed { burned, .. }) => {
                self.shake_failed(connection, burned && role == Role::Helper, now, out);
            }
            (Role::Helper, ToRelay::Ask { level }) => self.ask(connection, level, now, out),
            (Role::Helper, ToRelay::Acknowledge { state, .. }) => {
                self.acknowledge(connection, state, out);
            }
            (Role::Sharer, message @ ToRelay::Consent { .. }) => {
                if let Some((reply, signed)) = reply_of(message) {
                    self.consent(connection, reply, signed.as_ref(), now, out);
                }
            }
            (Role::Sharer, ToRelay::Report { text, .. }) => {
                self.report(connection, text, now, out);
            }
            (
                Role::Sharer,
                ToRelay::Challenge {
                    generation, nonce, ..
                },
            ) => {
                self.renew(connection, generation, nonce, now, out);
            }
            (Role::Helper, ToRelay::Quality { quality, .. }) => {
                self.remember(connection, quality, out);
            }
            (_, ToRelay::Leave {}) => self.leave(connection, now, out),
            (
                _,
                ToRelay::Hello { .. }
                | ToRelay::Create { .. }
                | ToRelay::Join { .. }
                | ToRelay::Ask { .. }
                | ToRelay::Consent { .. }
                | ToRelay::Challenge { .. }
                | ToRelay::Quality { .. }
                | ToRelay::Report { .. }
                | ToRelay::Acknowledge { .. },
            ) => send(out, connection, FromRelay::faulted(Fault::NotNow)),
        }
    }

    /// Figures belong to a record: before the row is durable there is nothing that they could stand in.
    fn remember(&self, connection: ConnectionId, quality: Quality, out: &mut Effects) {
        let session = self.session_of(connection);
        match session.and_then(|session| self.sessions.get(&session)) {
            Some(Session {
                id,
                stage: Stage::Paired(_),
                ..
            }) => out.push(Effect::Quality {
                session: *id,
                pair: Session::PAIR,
                quality,
            }),
            _ => send(out, connection, FromRelay::faulted(Fault::NotNow)),
        }
    }

    pub(crate) fn session_of(&self, connection: ConnectionId) -> Option<SessionId> {
        self.connections.get(&connection)?.session
    }

    pub(crate) fn attach(&mut self, connection: ConnectionId, session: Option<SessionId>) {
        if let Some(known) = self.connections.get_mut(&connection) {
            known.session = session;
        }
    }
}

/// The pair that a message names.
fn pair_of(message: &ToRelay) -> Option<PairId> {
    match message {
        ToRelay::Shook { pair, .. }
        | ToRelay::ShakeFailed { pair, .. }
        | ToRelay::Consent { pair, .. }
        | ToRelay::Challenge { pair, .. }
        | ToRelay::Quality { pair, .. }
        | ToRelay::Report { pair, .. }
        | ToRelay::Acknowledge { pair, .. } => Some(*pair),
        ToRelay::Hello { .. }
        | ToRelay::Create { .. }
        | ToRelay::Join { .. }
        | ToRelay::Ask { .. }
        | ToRelay::Leave {} => None,
    }
}

fn shook_of(message: &ToRelay) -> Option<Shook> {
    let ToRelay::Shook {
        hash,
        helper_key,
        sharer_key,
        ..
    } = *message
    else {
        return None;
    };
    Some(Shook {
        hash,
        helper_key,
        sharer_key,
    })
}

fn reply_of(message: ToRelay) -> Option<(Reply, Option<Signed>)> {
    let ToRelay::Consent {
        level,
        generation,
        hash,
        answer,
        nonce,
        signed,
        ..
    } = message
    else {
        return None;
    };
    let reply = Reply {
        level,
        generation,
        hash,
        allowed: answer == Answer::Allow,
        nonce,
    };
    Some((reply, signed))
}

pub(crate) fn send(out: &mut Effects, to: ConnectionId, message: FromRelay) {
    out.push(Effect::Send { to, message });
}
