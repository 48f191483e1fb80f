//! From the code to the pair: create, join, handshake, record.

use std::time::Duration;

use policy::{Joining, SessionId, Settings, may_join, may_offer};
use wire::{Fault, FromRelay, Role, Route, Routing};

use crate::broker::{Broker, Effects, send};
use crate::codes::{CLAIM_LIFE, CODE_LIFE, RECORD_LIFE};
use crate::effect::{Alarm, Effect, Entry};
use crate::input::{ConnectionId, Person, Random};
use crate::session::{Claim, Offer, Paired, Recording, Session, Shook, Stage, Terms};
use crate::told::Told;

impl Broker {
    /// The helper wants a code.
    pub(crate) fn create(
        &mut self,
        connection: ConnectionId,
        reason: Option<String>,
        incident: Option<String>,
        random: Random,
        now: Duration,
        out: &mut Effects,
    ) {
        let why = Why { reason, incident };
        match self.try_create(connection, &why, random, now) {
            Ok((session, person, offer)) => {
                send(out, connection, created(session, offer));
                let stage = Stage::Offered(offer);
                let helper = connection;
                let session = Session {
                    id: session,
                    helper,
                    helper_person: person,
                    reason: why.reason,
                    incident: why.incident,
                    stage,
                };
                self.attach(connection, Some(session.id));
                self.sessions.insert(session.id, session);
            }
            Err(told) => refuse(out, connection, told),
        }
    }

    fn try_create(
        &mut self,
        connection: ConnectionId,
        why: &Why,
        random: Random,
        now: Duration,
    ) -> Result<(SessionId, Person, Offer), Told> {
        if self.draining {
            return Err(Fault::Draining.into());
        }
        let known = self.connections.get(&connection).ok_or(Fault::NotNow)?;
        if known.session.is_some() {
            return Err(Fault::NotNow.into());
        }
        let person = known.person.clone();
        let policy = self.rules.policy(&person.tenant);
        let signed_in = person.sign_in.at(known.source, now);
        may_offer(&policy, &person.subject(), &signed_in)?;
        why.suffices(policy.settings())?;
        let ([id @ .., a, b, c, d], _) = split_random(random);
        let session = SessionId(id);
        let draw = u32::from_be_bytes([a, b, c, d]);
        let routing = self
            .codes
            .offer(&person.tenant, session, draw, now)
            .ok_or(Fault::NoCodeFree)?;
        Ok((
            session,
            person,
            Offer {
                routing,
                expires: now + CODE_LIFE,
            },
        ))
    }

    /// The sharer typed a code. Unknown, used, expired and foreign codes, and one's own, are answered alike (PRODUCT 3.1).
    pub(crate) fn join(
        &mut self,
        connection: ConnectionId,
        routing: Routing,
        now: Duration,
        out: &mut Effects,
    ) {
        let session = match self.find_offer(connection, routing, now) {
            Ok(session) => session,
            Err(told) => return refuse(out, connection, told),
        };
        let Some(found) = self.sessions.get_mut(&session) else {
            return;
        };
        let Some(offer) = found.offer() else { return };
        let (helper, pair) = (found.helper, Session::PAIR);
        let tenant = found.helper_person.tenant.0.clone();
        found.stage = Stage::Claimed(Claim {
            offer,
            sharer: connection,
            at: now,
            until: now + CLAIM_LIFE,
            helper_says: None,
            sharer_says: None,
        });
        self.attach(connection, Some(session));
        let route = Route::handshake();
        out.push(Effect::Route {
            session,
            pair,
            helper,
            sharer: connection,
            route,
        });
        send(
            out,
            helper,
            FromRelay::Claimed {
                tenant: tenant.clone(),
                pair,
            },
        );
        send(
            out,
            connection,
            FromRelay::Joined {
                session,
                tenant,
                pair,
            },
        );
    }

    fn find_offer(
        &mut self,
        connection: ConnectionId,
        routing: Routing,
        now: Duration,
    ) -> Result<SessionId, Told> {
        if self.draining {
            return Err(Fault::Draining.into());
        }
        let known = self.connections.get(&connection).ok_or(Fault::NotNow)?;
        if known.session.is_some() {
            return Err(Fault::NotNow.into());
        }
        self.may_join(connection, now)?;
        let tenant = &known.person.tenant;
        let limits = &mut self.limits;
        if !limits.admit(tenant, &known.person.id, known.source, now) {
            return Err(Fault::JoinLimit.into());
        }
        let session = self.codes.find(tenant, routing).ok_or(Fault::CodeUnknown)?;
        match self.sessions.get(&session) {
            Some(Session {
                stage: Stage::Offered(offer),
                helper_person,
                ..
            }) if now < offer.expires && helper_person.id != known.person.id => Ok(session),
            _ => Err(Fault::CodeUnknown.into()),
        }
    }

    /// Whether this sharer and this device may join anything at all; whose session, is decided when the code is proven.
    pub(crate) fn may_join(&self, connection: ConnectionId, now: Duration) -> Result<(), Told> {
        let known = self.connections.get(&connection).ok_or(Fault::NotNow)?;
        let sharer = known.person.subject();
        let signed_in = known.person.sign_in.at(known.source, now);
        let joining = Joining {
            sharer: &sharer,
            signed_in: &signed_in,
            machine: &known.device.machine,
        };
        let policy = self.rules.policy(&known.person.tenant);
        Ok(may_join(&policy, &joining)?)
    }

    /// One end finished the handshake. When both report the same, the code is consumed and the row is written.
    pub(crate) fn shook(
        &mut self,
        connection: ConnectionId,
        shook: Shook,
        now: Duration,
        out: &mut Effects,
    ) {
        let role = self.connections.get(&connection).map(|known| known.role);
        let Some(session) = self.session_of(connection) else {
            return;
        };
        let Some(found) = self.sessions.get_mut(&session) else {
            return;
        };
        let Stage::Claimed(claim) = &mut found.stage else {
            return send(out, connection, FromRelay::faulted(Fault::NotNow));
        };
        match role {
            Some(Role::Helper) => claim.helper_says = Some(shook),
            Some(Role::Sharer) => claim.sharer_says = Some(shook),
            None => return,
        }
        let (Some(helper), Some(sharer)) = (claim.helper_says, claim.sharer_says) else {
            return;
        };
        if helper == sharer {
            self.consume(session, shook, now, out);
        } else {
            out.push(Effect::Alarm(Alarm::HashesDiffer {
                session,
                helper: helper.hash,
                sharer: sharer.hash,
            }));
            let told = Fault::SecurityCheck;
            self.abandon(session, told, told, now, out);
        }
    }

    fn consume(&mut self, session: SessionId, shook: Shook, now: Duration, out: &mut Effects) {
        let Some(found) = self.sessions.get(&session) else {
            return;
        };
        let Stage::Claimed(claim) = &found.stage else {
            return;
        };
        let (sharer, at) = (claim.sharer, claim.at);
        let tenant = found.helper_person.tenant.clone();
        self.limits.proven(&tenant, at);
        let Some(known) = self.connections.get(&sharer) else {
            return;
        };
        let sharer_person = known.person.clone();
        let paired = Paired {
            sharer,
            sharer_person: sharer_person.clone(),
            shook,
            question: None,
            grant: None,
            lowered: None,
            acknowledged: None,
            told: Terms::default(),
        };
        // Nobody is shown anything of somebody whom they may not help (PRODUCT 2.5).
        if let Err(told) = self.may_begin(found, &paired, now) {
            return self.abandon(session, told.clone(), told, now, out);
        }
        let entry = Entry::Open {
            helper: Box::new(found.helper_person.clone()),
            sharer: Box::new(sharer_person),
            device: Box::new(known.device.clone()),
            reason: found.reason.clone(),
            incident: found.incident.clone(),
        };
        let until = now + RECORD_LIFE;
        if let Some(found) = self.sessions.get_mut(&session) {
            if let Some(offer) = found.offer() {
                self.codes.rest(&tenant, offer.routing, now);
            }
            found.stage = Stage::Recording(Recording { paired, until });
        }
        out.push(Effect::Record {
            session,
            pair: Session::PAIR,
            entry,
        });
    }

    /// The row is durable: the two may talk.
    pub(crate) fn recorded(&mut self, session: SessionId, now: Duration, out: &mut Effects) {
        let Some(found) = self.sessions.get(&session) else {
            return;
        };
        let Stage::Recording(recording) = &found.stage else {
            return;
        };
        let terms = self.terms(found, &recording.paired, now);
        let Some(found) = self.sessions.remove(&session) else {
            return;
        };
        let Stage::Recording(Recording { mut paired, .. }) = found.stage else {
            return;
        };
        let (helper, sharer, pair) = (found.helper, paired.sharer, Session::PAIR);
        out.push(Effect::Route {
            session,
            pair,
            helper,
            sharer,
            route: Route::paired(),
        });
        let Terms {
            levels,
            chat,
            warning,
        } = terms.clone();
        let compliance = [warning, None];
        let people = [&paired.sharer_person, &found.helper_person];
        for ((to, person), compliance) in [helper, sharer].into_iter().zip(people).zip(compliance) {
            let message = FromRelay::Paired {
                pair,
                peer: person.peer(),
                levels: levels.clone(),
                chat,
                compliance,
            };
            send(out, to, message);
        }
        paired.told = terms;
        let stage = Stage::Paired(paired);
        self.sessions.insert(session, Session { stage, ..found });
    }

    /// The row could not be written: no session.
    pub(crate) fn not_recorded(
        &mut self,
        session: SessionId,
        fault: Fault,
        now: Duration,
        out: &mut Effects,
    ) {
        let stage = self.sessions.get(&session).map(|found| &found.stage);
        if let Some(Stage::Recording(_)) = stage {
            self.abandon(session, fault, fault, now, out);
        }
    }

    /// The handshake failed. The code can be typed again unless the helper's client says that it is used up.
    pub(crate) fn shake_failed(
        &mut self,
        connection: ConnectionId,
        burned: bool,
        now: Duration,
        out: &mut Effects,
    ) {
        let Some(session) = self.session_of(connection) else {
            return;
        };
        match self.sessions.get(&session).map(|found| &found.stage) {
            Some(Stage::Claimed(_)) if !burned => {
                self.release(session, Fault::SecurityCheck, now, out);
            }
            Some(Stage::Offered(_) | Stage::Claimed(_)) if burned => {
                self.abandon(session, Fault::CodeBurned, Fault::SecurityCheck, now, out);
            }
            _ => send(out, connection, FromRelay::faulted(Fault::NotNow)),
        }
    }

    /// The claim ends: the code is unclaimed again, unless its time is over. The sharer has to start anew.
    pub(crate) fn release(
        &mut self,
        session: SessionId,
        sharer_told: impl Into<Told>,
        now: Duration,
        out: &mut Effects,
    ) {
        let Some(found) = self.sessions.get_mut(&session) else {
            return;
        };
        let Stage::Claimed(claim) = &found.stage else {
            return;
        };
        let (helper, sharer, offer) = (found.helper, claim.sharer, claim.offer);
        if now >= offer.expires {
            return self.abandon(session, Fault::CodeExpired, sharer_told, now, out);
        }
        found.stage = Stage::Offered(offer);
        let route = Route::CLOSED;
        out.push(Effect::Route {
            session,
            pair: Session::PAIR,
            helper,
            sharer,
            route,
        });
        send(out, helper, FromRelay::Unclaimed {});
        self.tell_end(sharer, session, sharer_told.into(), out);
    }
}

/// What the helper says about the session when it is made.
struct Why {
    reason: Option<String>,
    incident: Option<String>,
}

impl Why {
    /// Whether it is what the organisation asks for (PRODUCT 3.14).
    fn suffices(&self, settings: Settings) -> Result<(), Fault> {
        let lacks = |text: &Option<String>| text.as_ref().is_none_or(|text| text.trim().is_empty());
        if settings.require_reason && lacks(&self.reason) {
            return Err(Fault::ReasonNeeded);
        }
        if settings.require_incident && lacks(&self.incident) {
            return Err(Fault::IncidentNeeded);
        }
        Ok(())
    }
}

/// A request was not done.
pub(crate) fn refuse(out: &mut Effects, connection: ConnectionId, told: Told) {
    send(
        out,
        connection,
        FromRelay::faulted_by(told.fault, told.rule, told.step_up),
    );
}

fn created(session: SessionId, offer: Offer) -> FromRelay {
    let expires_in = u32::try_from(CODE_LIFE.as_secs()).unwrap_or(u32::MAX);
    FromRelay::Created {
        session,
        routing: offer.routing,
        expires_in,
    }
}

/// 16 bytes for the session id and 4 for the routing number, and the rest.
fn split_random(random: Random) -> ([u8; 20], [u8; 12]) {
    let (mut first, mut rest) = ([0; 20], [0; 12]);
    let (head, tail) = random.split_at(20);
    first.copy_from_slice(head);
    rest.copy_from_slice(tail);
    (first, rest)
}
