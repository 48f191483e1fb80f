//! What holds whatever happens: random people doing random things in random order.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::session::Stage;

/// One thing that happens; the numbers pick who, and what exactly.
#[derive(Clone, Copy, Debug)]
struct Step {
    what: u8,
    who: u8,
    how: u8,
}

/// What the shell and a watchful reader of its effects know.
#[derive(Default)]
struct Watch {
    open: BTreeSet<ConnectionId>,
    closing: BTreeSet<ConnectionId>,
    admitted: u64,
    routings: Vec<Routing>,
    generation: u32,
    /// Rows that were asked for and not answered yet.
    writing: Vec<SessionId>,
    rows: BTreeMap<SessionId, Row>,
}

/// The life of a session's row, as the effects tell it.
#[derive(Default)]
struct Row {
    consents: u32,
    durable: bool,
    refused: bool,
    ends: usize,
    level: Option<Level>,
}

/// PRODUCT 8.1: no channel beyond the handshake before the row is durable; every row that was opened is ended once.
#[test]
fn nothing_is_linked_before_it_is_recorded_and_every_record_ends() {
    let steps = prop::collection::vec(
        (0u8..40, any::<u8>(), any::<u8>()).prop_map(|(what, who, how)| Step { what, who, how }),
        1..160,
    );
    let (sessions, grants) = (Cell::new(0), Cell::new(0));
    let config = Config {
        cases: 400,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&steps, |steps| {
            let watch = play(&steps);
            sessions.set(sessions.get() + watch.rows.len());
            let levels = watch.rows.values().filter(|row| row.level.is_some());
            grants.set(grants.get() + levels.count());
            Ok(())
        })
        .unwrap();
    assert!(
        sessions.get() > 100 && grants.get() > 20,
        "the steps reach deep enough to mean something: {sessions:?} rows, {grants:?} with a level"
    );
}

/// Plays the steps, then everybody hangs up.
fn play(steps: &[Step]) -> Watch {
    let mut table = Table::new();
    let mut watch = Watch::default();
    for step in steps {
        let effects = match watch.input(*step, &mut table) {
            Some(input) => table.input(input),
            None => table.pass(S * u32::from(step.how) / if step.who < 16 { 1 } else { 32 }),
        };
        watch.check(&effects);
        agree(&table.broker);
    }
    for connection in watch.open.clone() {
        watch.open.remove(&connection);
        let effects = table.input(Input::Gone { connection });
        watch.check(&effects);
        agree(&table.broker);
    }
    assert!(table.broker.connections.is_empty());
    assert!(table.broker.sessions.is_empty());
    assert_eq!(table.broker.poll_timeout(), None);
    for (session, row) in &watch.rows {
        let expected = usize::from(!row.refused);
        assert_eq!(row.ends, expected, "ends of the record of {session}");
    }
    watch
}

/// INVARIANT of [`Broker`]: connections and sessions name each other.
fn agree(broker: &Broker) {
    for (connection, known) in &broker.connections {
        if let Some(session) = known.session {
            let session = &broker.sessions[&session];
            assert!(session.helper == *connection || session.sharer() == Some(*connection));
        }
    }
    for session in broker.sessions.values() {
        for connection in [Some(session.helper), session.sharer()]
            .into_iter()
            .flatten()
        {
            let known = &broker.connections[&connection];
            assert_eq!(known.session, Some(session.id));
        }
    }
}

impl Watch {
    /// What the step puts into the broker; `None` lets time pass.
    fn input(&mut self, step: Step, table: &mut Table) -> Option<Input> {
        let connection = self.one_of_open(step.who);
        Some(match step.what {
            0..=2 if self.open.len() < 8 => self.admit(step),
            3 if step.how < 128 => {
                let connection = connection?;
                self.open.remove(&connection);
                Input::Gone { connection }
            }
            4 if step.how < 16 => Input::Violated {
                connection: connection?,
            },
            5..=7 => {
                let place = usize::from(step.who) % self.writing.len().max(1);
                let session = (place < self.writing.len()).then(|| self.writing.remove(place))?;
                self.answered(session, step.how)
            }
            8 if step.how < 24 => {
                let of = [Permissions::NONE, Permissions::VIEW, Permissions::CONTROL];
                Input::Rules(rules(of[usize::from(step.who) % 3]))
            }
            9 if step.how < 4 => Input::Drain,
            4 if step.how < 48 => self.elsewhere(step),
            10..=23 => {
                let message = self.message(step);
                self.said(connection?, message, table)?
            }
            24..=39 => {
                let (connection, message) = self.sensible(&table.broker, step)?;
                self.said(connection, message, table)?
            }
            _ => return None,
        })
    }

    /// The shell takes nothing more from a connection that it closes.
    fn said(&self, connection: ConnectionId, message: ToRelay, table: &mut Table) -> Option<Input> {
        table.drawn = table.drawn.wrapping_add(1);
        (!self.closing.contains(&connection)).then_some(Input::Message {
            connection,
            message,
            random: [table.drawn; 32],
        })
    }

    /// What somebody would do next who wants a session to go on; otherwise the steps seldom get beyond the code.
    fn sensible(&mut self, broker: &Broker, step: Step) -> Option<(ConnectionId, ToRelay)> {
        let idle = |role| {
            let mut known = broker.connections.iter();
            let found = known.find(|(id, known)| {
                known.role == role && known.session.is_none() && !self.closing.contains(id)
            });
            found.map(|(connection, _)| *connection)
        };
        let place = usize::from(step.who) % broker.sessions.len().max(1);
        let Some(session) = broker.sessions.values().nth(place) else {
            return Some((idle(Role::Helper)?, create()));
        };
        Some(match &session.stage {
            Stage::Offered(offer) => (
                idle(Role::Sharer)?,
                ToRelay::Join {
                    routing: offer.routing,
                },
            ),
            Stage::Claimed(claim) if claim.helper_says.is_none() => (session.helper, shook(HASH)),
            Stage::Claimed(claim) => (claim.sharer, shook(HASH)),
            Stage::Recording(_) => return None,
            Stage::Paired(paired) => match &paired.question {
                Some(question) => {
                    self.generation += 1;
                    let level = question.level();
                    (paired.sharer, consent_in(session, level, self.generation))
                }
                None => (session.helper, ask(Level::ALL[usize::from(step.how) % 2])),
            },
        })
    }

    fn admit(&mut self, step: Step) -> Input {
        self.admitted += 1;
        let connection = ConnectionId(self.admitted);
        self.open.insert(connection);
        let role = if step.how.is_multiple_of(2) {
            Role::Helper
        } else {
            Role::Sharer
        };
        let name = ["amina", "yuki", "kofi", "olu", "eve@fabrikam"][usize::from(step.who) % 5];
        Input::Admitted {
            connection,
            role,
            person: person(name).into(),
            source: IpAddr::from([10, 0, 0, step.how]),
            device: device(Compliance::ALL[usize::from(step.how) % 3]).into(),
        }
    }

    /// What happens beside the connections: the directory, devices, administrators, other switches.
    fn elsewhere(&self, step: Step) -> Input {
        let tenant = TenantId("contoso".into());
        match step.how % 4 {
            0 => Input::Person {
                tenant,
                person: PersonId(["amina", "yuki", "kofi"][usize::from(step.who) % 3].into()),
                active: step.who < 192,
                groups: vec![GroupId("staff".into())],
            },
            1 => Input::Device {
                tenant,
                device: DeviceId("d1".into()),
                machine: device(Compliance::ALL[usize::from(step.who) % 3]).machine,
            },
            2 => Input::EndSession {
                session: self.rows.keys().next().copied().unwrap_or_else(|| id(1)),
                by: person(["olu", "eve@fabrikam"][usize::from(step.who) % 2]).into(),
            },
            _ => {
                let chat = step.who < 128;
                let settings = Settings { chat, ..ON };
                let desk = desk(Permissions::CONTROL);
                Input::Rules(tenants(Policy::new(settings, vec![desk], vec![], vec![])))
            }
        }
    }

    fn answered(&mut self, session: SessionId, how: u8) -> Input {
        let row = self.rows.get_mut(&session).unwrap();
        if how < 48 {
            // The row of a session that ended meanwhile stays as it is.
            row.refused = row.ends == 0;
            return Input::NotRecorded {
                session,
                fault: Fault::StoreUnavailable,
            };
        }
        row.durable = true;
        Input::Recorded { session }
    }

    fn message(&mut self, step: Step) -> ToRelay {
        let level = Level::ALL[usize::from(step.how / 4) % 2 + usize::from(step.how > 250)];
        match step.what {
            10 | 11 => create(),
            12..=14 => {
                let place = usize::from(step.how) % self.routings.len().max(1);
                ToRelay::Join {
                    routing: self
                        .routings
                        .iter()
                        .rev()
                        .nth(place.min(2))
                        .copied()
                        .unwrap_or_else(|| Routing::new(1).unwrap()),
                }
            }
            15..=17 => shook(HandshakeHash([7 + u8::from(step.how < 8); 32])),
            18 if step.how < 64 => shake_failed(step.how < 16),
            19 => ask(level),
            20 | 21 => {
                self.generation += u32::from(step.how > 32);
                let answer = if step.how.is_multiple_of(8) {
                    Answer::Decline
                } else {
                    Answer::Allow
                };
                consent(level, self.generation, answer)
            }
            22 if step.how < 48 => ToRelay::Acknowledge {
                pair: PAIR,
                state: Compliance::ALL[usize::from(step.how) % 4],
            },
            22 => challenge(self.generation, "n"),
            23 if step.how < 48 => ToRelay::Leave {},
            _ => ask(Level::View),
        }
    }

    fn one_of_open(&self, who: u8) -> Option<ConnectionId> {
        let place = usize::from(who) % self.open.len().max(1);
        self.open.iter().nth(place).copied()
    }

    fn check(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Send {
                    message: FromRelay::Created { routing, .. },
                    ..
                } => self.routings.push(*routing),
                Effect::Close { connection } => {
                    self.closing.insert(*connection);
                }
                Effect::Record { session, entry, .. } => self.write(*session, entry),
                Effect::Route { session, route, .. } => self.link(*session, *route),
                Effect::Grant { grant, .. } => {
                    let row = self.rows.get(&grant.grant.session).unwrap();
                    assert_eq!(
                        row.level,
                        Some(grant.grant.level),
                        "a grant is what the record says"
                    );
                    assert!(
                        row.consents > 0,
                        "no grant without a signed consent in the record"
                    );
                }
                Effect::Send { .. } | Effect::Quality { .. } | Effect::Alarm(_) => {}
            }
        }
    }

    fn write(&mut self, session: SessionId, entry: &Entry) {
        match entry {
            Entry::Open { helper, sharer, .. } => {
                assert_ne!(helper.id, sharer.id);
                assert_eq!(helper.tenant, sharer.tenant, "PRODUCT 1.6");
                let before = self.rows.insert(session, Row::default());
                assert!(before.is_none(), "{session} was opened twice");
                self.writing.push(session);
            }
            Entry::Level(level) => {
                let row = self.rows.get_mut(&session).unwrap();
                assert!(row.durable && row.ends == 0);
                row.level = Some(*level);
            }
            Entry::Consent { .. } => self.rows.get_mut(&session).unwrap().consents += 1,
            Entry::Compliance { .. } | Entry::Report(_) => {
                let row = self.rows.get(&session).unwrap();
                assert!(row.durable && row.ends == 0);
            }
            Entry::End(_) => self.rows.get_mut(&session).unwrap().ends += 1,
        }
    }

    fn link(&mut self, session: SessionId, route: Route) {
        if route == Route::CLOSED || route == Route::handshake() {
            return;
        }
        let row = self.rows.get(&session);
        let row = row.unwrap_or_else(|| panic!("{session} is linked without a row"));
        assert!(row.durable, "{session} is linked without a durable row");
        assert_eq!(row.ends, 0, "{session} is linked after its end");
        if route.from_helper.contains(wire::Channel::Input) {
            assert!(
                row.level.is_some_and(Level::includes_input),
                "{session} has a way for input without consent to control"
            );
        }
    }
}

/// The sharer's yes in whatever session this is.
fn consent_in(session: &crate::session::Session, level: Level, generation: u32) -> ToRelay {
    let helper = &session.helper_person;
    let text = ConsentText {
        session: session.id,
        tenant: helper.tenant.0.clone(),
        issuer: helper.issuer.clone(),
        subject: helper.id.0.clone(),
        ..consent_text(level, generation, HASH)
    };
    ToRelay::Consent {
        pair: PAIR,
        level,
        generation,
        hash: HASH,
        answer: Answer::Allow,
        nonce: "n".into(),
        signed: Some(signed(&text)),
    }
}
