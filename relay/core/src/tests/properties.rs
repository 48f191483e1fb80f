//! What holds whatever happens: random people doing random things in random order.

mod sensible;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::pair::{Pair, Place, Stage};

const NAMES: [&str; 5] = ["amina", "yuki", "kofi", "olu", "eve@fabrikam"];

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
    writing: Vec<Place>,
    rows: BTreeMap<Place, Row>,
    /// Pairs with a way for input.
    holding: BTreeSet<Place>,
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
    let (sessions, grants, invited) = (Cell::new(0), Cell::new(0), Cell::new(0));
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
            let further = watch.rows.keys().filter(|place| place.pair != PAIR);
            invited.set(invited.get() + further.count());
            Ok(())
        })
        .unwrap();
    assert!(
        sessions.get() > 100 && grants.get() > 20 && invited.get() > 20,
        "the steps reach deep enough to mean something: {sessions:?} rows, {grants:?} with a level, {invited:?} of invited helpers"
    );
}

/// Plays the steps, then everybody hangs up.
fn play(steps: &[Step]) -> Watch {
    let mut table = Table::new();
    let mut watch = Watch::default();
    if steps.len().is_multiple_of(2) {
        watch.begin(&mut table);
    }
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
    assert!(table.broker.sessions.is_empty() && table.broker.pairs.is_empty());
    assert_eq!(table.broker.poll_timeout(), None);
    for (place, row) in &watch.rows {
        let expected = usize::from(!row.refused);
        assert_eq!(row.ends, expected, "ends of the record of {place:?}");
    }
    watch
}

/// INVARIANT of [`Broker`]: connections and pairs name each other, sessions and pairs live together.
fn agree(broker: &Broker) {
    for (connection, known) in &broker.connections {
        if let Some(place) = known.place {
            let pair = &broker.pairs[&place];
            assert!(pair.helper == *connection || pair.sharer() == Some(*connection));
        }
    }
    for pair in broker.pairs.values() {
        let place = |connection: &ConnectionId| broker.connections[connection].place.unwrap();
        assert_eq!(place(&pair.helper), pair.place);
        if let Some(sharer) = pair.sharer() {
            assert_eq!(place(&sharer).session, pair.place.session);
        }
    }
    for (session, found) in &broker.sessions {
        let pairs = broker.pairs_of(*session);
        assert!(!pairs.is_empty(), "a session without a pair");
        let taken = pairs.len() + found.invitations.len();
        assert!(taken <= PairId::AT_ONCE, "{taken} helpers of a session");
        assert!(pairs.iter().all(|place| found.had(place.pair)));
    }
    let sessions = broker.pairs.keys().map(|place| place.session);
    assert!(
        sessions
            .into_iter()
            .all(|session| broker.sessions.contains_key(&session))
    );
}

impl Watch {
    /// A session stands already, and another helper is there: steps by chance seldom get so far.
    fn begin(&mut self, table: &mut Table) {
        let seats = [
            (Role::Helper, "amina"),
            (Role::Sharer, "yuki"),
            (Role::Helper, "olu"),
        ];
        for (role, name) in seats {
            self.admitted += 1;
            let connection = ConnectionId(self.admitted);
            self.open.insert(connection);
            table.admit(connection, role, name);
        }
        self.generation = 1;
        let words = [
            (HELPER, create()),
            (SHARER, join(47)),
            (HELPER, shook(HASH)),
            (SHARER, shook(HASH)),
        ];
        for (connection, message) in words {
            let effects = table.say(connection, message);
            self.check(&effects);
        }
        let place = self.writing.remove(0);
        let recorded = self.answered(place, 255);
        let effects = table.input(recorded);
        self.check(&effects);
        for (connection, message) in [
            (HELPER, ask(Level::View)),
            (SHARER, consent(Level::View, 1, Answer::Allow)),
        ] {
            let effects = table.say(connection, message);
            self.check(&effects);
        }
    }

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
            4 if step.how < 128 => Input::Away {
                connection: connection?,
            },
            4 => Input::Back {
                connection: connection?,
                source: IpAddr::from([192, 0, 2, step.who]),
            },
            10..=23 => {
                let message = self.message(step);
                self.said(connection?, message, table)?
            }
            38..=39 => self.ask_in(&table.broker, step)?,
            24..=37 => {
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

    fn admit(&mut self, step: Step) -> Input {
        self.admitted += 1;
        let connection = ConnectionId(self.admitted);
        self.open.insert(connection);
        let role = if step.how.is_multiple_of(2) {
            Role::Helper
        } else {
            Role::Sharer
        };
        let name = NAMES[usize::from(step.who) % 5];
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
                session: self
                    .rows
                    .keys()
                    .next()
                    .map_or_else(|| id(1), |place| place.session),
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

    fn answered(&mut self, place: Place, how: u8) -> Input {
        let Place { session, pair } = place;
        let row = self.rows.get_mut(&place).unwrap();
        if how < 48 {
            // The row of a session that ended meanwhile stays as it is.
            row.refused = row.ends == 0;
            return Input::NotRecorded {
                session,
                pair,
                fault: Fault::StoreUnavailable,
            };
        }
        row.durable = true;
        Input::Recorded { session, pair }
    }

    fn message(&mut self, step: Step) -> ToRelay {
        let pair = PairId::new(step.who % 3).unwrap();
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
            15..=17 => shook_in(pair, HandshakeHash([7 + u8::from(step.how < 8); 32])),
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
                pair,
                state: Compliance::ALL[usize::from(step.how) % 4],
            },
            22 if step.how < 80 => ToRelay::TurnDown { session: id(1) },
            22 if step.how < 96 => ToRelay::Dismiss { pair },
            22 if step.how < 112 => ToRelay::Uninvite {
                subject: "olu".into(),
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
                Effect::Record {
                    session,
                    pair,
                    entry,
                } => self.write(place(*session, *pair), entry),
                Effect::Route {
                    session,
                    pair,
                    route,
                    ..
                } => self.link(place(*session, *pair), *route),
                Effect::Grant { grant, .. } => {
                    let of = place(grant.grant.session, grant.grant.pair);
                    let row = self.rows.get(&of).unwrap();
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
                Effect::Send { .. }
                | Effect::Relink { .. }
                | Effect::Quality { .. }
                | Effect::Alarm(_) => {}
            }
        }
    }

    fn write(&mut self, place: Place, entry: &Entry) {
        match entry {
            Entry::Open { helper, sharer, .. } => {
                assert_ne!(helper.id, sharer.id);
                assert_eq!(helper.tenant, sharer.tenant, "PRODUCT 1.6");
                let before = self.rows.insert(place, Row::default());
                assert!(before.is_none(), "{place:?} was opened twice");
                self.writing.push(place);
            }
            Entry::Level(level) => {
                let row = self.rows.get_mut(&place).unwrap();
                assert!(row.durable && row.ends == 0);
                row.level = Some(*level);
            }
            Entry::Consent { .. } => self.rows.get_mut(&place).unwrap().consents += 1,
            Entry::Compliance { .. } | Entry::Report(_) => {
                let row = self.rows.get(&place).unwrap();
                assert!(row.durable && row.ends == 0);
            }
            Entry::End(_) => self.rows.get_mut(&place).unwrap().ends += 1,
        }
    }

    fn link(&mut self, place: Place, route: Route) {
        if route.from_helper.contains(wire::Channel::Input) {
            self.holding.insert(place);
        } else {
            self.holding.remove(&place);
        }
        let of_session = self
            .holding
            .iter()
            .filter(|other| other.session == place.session);
        assert!(of_session.count() <= 1, "two helpers hold input (SPEC 6.9)");
        if route == Route::CLOSED || route == Route::handshake() {
            return;
        }
        let row = self.rows.get(&place);
        let row = row.unwrap_or_else(|| panic!("{place:?} is linked without a row"));
        assert!(row.durable, "{place:?} is linked without a durable row");
        assert_eq!(row.ends, 0, "{place:?} is linked after its end");
        if route.from_helper.contains(wire::Channel::Input) {
            assert!(
                row.level.is_some_and(Level::includes_input),
                "{place:?} has a way for input without consent to control"
            );
        }
    }
}

fn place(session: SessionId, pair: PairId) -> Place {
    Place { session, pair }
}
