//! The hub: feeds the broker and performs its effects, in order, one input at a time.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::identity::GrantToken;
use carrier::{Kind, Sender};
use policy::{PairId, SessionId, TenantId};
use relay_core::{Alarm, Broker, ConnectionId, Effect, Entry, Input, LiveSession, Person};
use tokio::sync::{mpsc, oneshot};
use tracing::{debug, info, warn};
use wire::{Frame, FromRelay, Invitation, Role, Route};

use crate::clock::Clock;
use crate::forward::{Lanes, Ways, way};
use crate::keys::Keys;
use crate::metrics::Metrics;
use crate::recorder::{Line, Recorder, Seen};

/// Where inputs of the broker are put. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Inbox(mpsc::Sender<Event>);

/// What the hub is told.
pub(crate) enum Event {
    /// A connection was admitted: who it is for the broker, and its ends for the hub.
    Joined {
        input: Input,
        connection: ConnectionId,
        member: Member,
    },
    /// Anything else for the broker.
    Input(Input),
    /// The recorder wants to know what is live.
    Live(oneshot::Sender<Vec<Seen>>),
    /// An administrator wants to know which sessions of an organisation go on.
    Sessions {
        tenant: TenantId,
        answer: oneshot::Sender<Vec<LiveSession>>,
    },
    /// A person's page wants to know what colleagues ask the person to.
    Invitations {
        person: Box<Person>,
        answer: oneshot::Sender<Vec<Invitation>>,
    },
}

/// The hub's end of a connection.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) role: Role,
    pub(crate) sender: Sender,
    pub(crate) ways: Ways,
}

impl Member {
    /// Sends a message. A client that takes nothing any more is let go.
    pub(crate) fn tell(&self, message: &FromRelay) {
        match Frame::message(message).map(|frame| self.sender.send(frame)) {
            Ok(Ok(())) => {}
            Ok(Err(carrier::Full)) => self.sender.close(),
            Err(error) => warn!(%error, "a message could not be written"),
        }
    }
}

/// Performs what the broker decides.
pub(crate) struct Hub {
    broker: Broker,
    events: mpsc::Receiver<Event>,
    members: BTreeMap<ConnectionId, Member>,
    pairs: BTreeMap<(SessionId, PairId), Pair>,
    recorder: Recorder,
    keys: Arc<Keys>,
    metrics: Arc<Metrics>,
    clock: Clock,
    draining: bool,
}

struct Pair {
    lanes: Lanes,
    helper: ConnectionId,
    sharer: ConnectionId,
    quality: wire::Quality,
    /// What carries, at the helper and at the sharer; kept when they are gone, for the end of the record.
    carriers: [Option<Kind>; 2],
}

/// A new inbox and what comes out of it.
pub(crate) fn inbox() -> (Inbox, mpsc::Receiver<Event>) {
    let (sender, events) = mpsc::channel(WAITING);
    (Inbox(sender), events)
}

impl Inbox {
    /// Hands an event over. The hub lives as long as the relay, so a failure means that the relay stops.
    pub(crate) async fn put(&self, event: Event) {
        if self.0.send(event).await.is_err() {
            debug!("the relay stops");
        }
    }

    /// The sessions of an organisation that go on; none if the relay stops.
    pub(crate) async fn sessions(&self, tenant: TenantId) -> Vec<LiveSession> {
        let (answer, sessions) = oneshot::channel();
        self.put(Event::Sessions { tenant, answer }).await;
        sessions.await.unwrap_or_default()
    }

    /// The sessions that colleagues ask this person to; none if the relay stops.
    pub(crate) async fn invitations(&self, person: Person) -> Vec<Invitation> {
        let (answer, invitations) = oneshot::channel();
        let person = Box::new(person);
        self.put(Event::Invitations { person, answer }).await;
        invitations.await.unwrap_or_default()
    }

    /// Hands an input over from a place that cannot wait.
    pub(crate) fn put_later(&self, input: Input) {
        let inbox = self.clone();
        tokio::spawn(async move { inbox.put(Event::Input(input)).await });
    }
}

impl Hub {
    /// A hub for these events.
    pub(crate) fn new(
        broker: Broker,
        clock: Clock,
        metrics: Arc<Metrics>,
        events: mpsc::Receiver<Event>,
        recorder: Recorder,
        keys: &Arc<Keys>,
    ) -> Self {
        Self {
            broker,
            events,
            members: BTreeMap::new(),
            pairs: BTreeMap::new(),
            recorder,
            keys: keys.clone(),
            metrics,
            clock,
            draining: false,
        }
    }

    /// Runs until the relay is drained and the last client that has a carrier is gone.
    pub(crate) async fn run(mut self) {
        while !(self.draining && self.nobody_listens()) {
            let wait = self
                .broker
                .poll_timeout()
                .map(|at| at.saturating_sub(self.clock.now()));
            let event = match wait {
                None => self.events.recv().await,
                Some(wait) => match tokio::time::timeout(wait, self.events.recv()).await {
                    Ok(event) => event,
                    Err(_) => {
                        let effects = self.broker.handle_timeout(self.clock.now());
                        self.perform(effects).await;
                        continue;
                    }
                },
            };
            let Some(event) = event else { return };
            self.handle(event).await;
        }
    }

    /// Whether nobody is left who could still be told why the relay stops.
    fn nobody_listens(&self) -> bool {
        let mut members = self.members.values();
        !members.any(|member| member.sender.is_carried())
    }

    async fn handle(&mut self, event: Event) {
        let input = match event {
            Event::Joined {
                input,
                connection,
                member,
            } => {
                self.members.insert(connection, member);
                input
            }
            Event::Input(input) => input,
            Event::Live(answer) => {
                // The recorder asks and waits; if it is gone, the relay stops.
                let _ = answer.send(self.live());
                return;
            }
            Event::Sessions { tenant, answer } => {
                // Whoever asked may have gone.
                let _ = answer.send(self.broker.live(&tenant));
                return;
            }
            Event::Invitations { person, answer } => {
                // Whoever asked may have gone.
                let _ = answer.send(self.broker.invitations(&person, self.clock.now()));
                return;
            }
        };
        self.draining |= input == Input::Drain;
        let gone = if let Input::Gone { connection } = &input {
            Some(*connection)
        } else {
            None
        };
        let effects = self.broker.handle_input(input, self.clock.now());
        self.perform(effects).await;
        if let Some(connection) = gone {
            self.members.remove(&connection);
        }
        self.metrics.sessions(self.broker.paired_sessions());
    }

    async fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send { to, message } => self.send(to, &message),
                Effect::Grant {
                    sharer,
                    helper,
                    grant,
                } => {
                    let message = self.granted(*grant);
                    let to = [Some(sharer), helper].into_iter().flatten();
                    let to: Vec<Member> =
                        to.filter_map(|to| self.members.get(&to)).cloned().collect();
                    if helper.is_some() {
                        // A new level: its lines come first.
                        self.recorder.tell(to, message).await;
                    } else {
                        to.iter().for_each(|member| member.tell(&message));
                    }
                }
                Effect::Route {
                    session,
                    pair,
                    helper,
                    sharer,
                    route,
                } => {
                    self.route(session, pair, helper, sharer, route);
                }
                Effect::Relink {
                    session,
                    pair,
                    round,
                } => self.relink(session, pair, round),
                Effect::Record {
                    session,
                    pair,
                    entry,
                } => self.record(session, pair, entry).await,
                Effect::Quality {
                    session,
                    pair,
                    quality,
                } => {
                    if let Some(pair) = self.pairs.get_mut(&(session, pair)) {
                        pair.quality = quality;
                    }
                }
                Effect::Close { connection } => {
                    if let Some(member) = self.members.get(&connection) {
                        member.sender.close();
                    }
                }
                Effect::Alarm(alarm) => self.alarm(alarm),
            }
        }
    }

    fn alarm(&self, alarm: Alarm) {
        match alarm {
            Alarm::HashesDiffer { session, .. } => {
                self.metrics.hashes_differed();
                warn!(%session, "the two ends report different handshakes; nothing was linked");
            }
            Alarm::Reported { session } => {
                self.metrics.reported();
                warn!(%session, "a sharer reported the helper");
            }
        }
    }

    /// The grant as clients are told, signed.
    fn granted(&self, token: GrantToken) -> FromRelay {
        let signed = self.keys.grant(&token);
        let grant = token.grant;
        FromRelay::Granted {
            pair: grant.pair,
            session: grant.session,
            level: grant.level,
            generation: grant.generation,
            sequence: grant.sequence,
            hash: grant.hash,
            nonce: grant.nonce,
            token: signed,
        }
    }

    fn send(&self, to: ConnectionId, message: &FromRelay) {
        if let Some(member) = self.members.get(&to) {
            member.tell(message);
        }
    }

    fn route(
        &mut self,
        session: SessionId,
        pair: PairId,
        helper: ConnectionId,
        sharer: ConnectionId,
        route: Route,
    ) {
        let kind = |of: ConnectionId| self.members.get(&of).map(|member| member.sender.kind());
        let carriers = [kind(helper), kind(sharer)];
        let fresh = || Pair {
            lanes: Lanes::new(),
            helper,
            sharer,
            quality: wire::Quality::default(),
            carriers,
        };
        let entry = self.pairs.entry((session, pair)).or_insert_with(fresh);
        if (entry.helper, entry.sharer) != (helper, sharer) {
            *entry = fresh();
        }
        let lanes = entry.lanes.clone();
        lanes.set(route, self.clock.now());
        let closed = route == Route::CLOSED;
        for (of, to) in [(helper, sharer), (sharer, helper)] {
            let Some(member) = self.members.get(&of) else {
                continue;
            };
            let peer = self.members.get(&to).filter(|_| !closed);
            member.ways.put(
                pair,
                peer.map(|to| way(pair, &lanes, member.role, to.sender.clone())),
            );
        }
        if closed {
            self.pairs.remove(&(session, pair));
        }
        debug!(%session, ?route, "channels changed");
    }

    /// An end of the pair has another carrier, which may be of another kind.
    fn relink(&mut self, session: SessionId, pair: PairId, round: u8) {
        if let Some(pair) = self.pairs.get_mut(&(session, pair)) {
            let kind = |of| self.members.get(&of).map(|member| member.sender.kind());
            pair.carriers = [kind(pair.helper), kind(pair.sharer)];
            pair.lanes.renew(round);
            debug!(%session, round, "a round of credit begins");
        }
    }

    async fn record(&mut self, session: SessionId, pair: PairId, entry: Entry) {
        if let Entry::End(reason) = &entry {
            info!(%session, reason = reason.word(), "session ended");
            self.metrics.ended(reason.word());
        }
        let seen = self.seen(session, pair);
        self.recorder
            .write(Line {
                session,
                pair,
                entry,
                seen,
            })
            .await;
    }

    fn live(&self) -> Vec<Seen> {
        self.pairs
            .keys()
            .filter_map(|(session, pair)| self.seen(*session, *pair))
            .collect()
    }

    fn seen(&self, session: SessionId, pair: PairId) -> Option<Seen> {
        let known = self.pairs.get(&(session, pair))?;
        Some(Seen {
            session,
            pair,
            to_helper: (known.lanes.to_helper.bytes(), known.lanes.to_helper.used()),
            to_sharer: (known.lanes.to_sharer.bytes(), known.lanes.to_sharer.used()),
            quality: known.quality,
            carriers: known.carriers,
        })
    }
}

/// Events that may wait. A full inbox makes connections wait, which slows their reading of messages, never of records.
const WAITING: usize = 1024;
