//! From the code to the pair: create, join, handshake, record.

use std::time::Duration;

use policy::{HandshakeHash, Level, Request, SessionId, decide, may_offer};
use wire::{Fault, FromRelay, Role, Route, Routing};

use crate::broker::{Broker, Effects, send};
use crate::codes::{CLAIM_LIFE, CODE_LIFE, RECORD_LIFE};
use crate::effect::{Alarm, Effect, Entry};
use crate::input::{ConnectionId, Person, Random};
use crate::session::{Claim, Offer, Paired, Recording, Session, Stage};

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
        match self.try_create(connection, random, now) {
            Ok((session, person, offer)) => {
                send(out, connection, created(session, offer));
                let stage = Stage::Offered(offer);
                let helper = connection;
                let session = Session {
                    id: session,
                    helper,
                    helper_person: person,
                    reason,
                    incident,
                    stage,
                };
                self.attach(connection, Some(session.id));
                self.sessions.insert(session.id, session);
            }
            Err(fault) => send(out, connection, FromRelay::faulted(fault)),
        }
    }

    fn try_create(
        &mut self,
        connection: ConnectionId,
        random: Random,
        now: Duration,
    ) -> Result<(SessionId, Person, Offer), Fault> {
        if self.draining {
            return Err(Fault::Draining);
        }
        let known = self.connections.get(&connection).ok_or(Fault::NotNow)?;
        if known.session.is_some() {
            return Err(Fault::NotNow);
        }
        let person = known.person.clone();
        may_offer(self.rules.held(&person), self.rules.tenant(&person)).map_err(fault_of)?;
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
            Err(fault) => return send(out, connection, FromRelay::faulted(fault)),
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
            helper_hash: None,
            sharer_hash: None,
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
    ) -> Result<SessionId, Fault> {
        if self.draining {
            return Err(Fault::Draining);
        }
        let known = self.connections.get(&connection).ok_or(Fault::NotNow)?;
        if known.session.is_some() {
            return Err(Fault::NotNow);
        }
        let tenant = &known.person.tenant;
        let limits = &mut self.limits;
        if !limits.admit(tenant, &known.person.id, known.source, now) {
            return Err(Fault::JoinLimit);
        }
        let session = self.codes.find(tenant, routing).ok_or(Fault::CodeUnknown)?;
        match self.sessions.get(&session) {
            Some(Session {
                stage: Stage::Offered(offer),
                helper_person,
                ..
            }) if now < offer.expires && helper_person.id != known.person.id => Ok(session),
            _ => Err(Fault::CodeUnknown),
        }
    }

    /// One end finished the handshake. When both report the same hash, the code is consumed and the row is written.
    pub(crate) fn shook(
        &mut self,
        connection: ConnectionId,
        hash: HandshakeHash,
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
            Some(Role::Helper) => claim.helper_hash = Some(hash),
            Some(Role::Sharer) => claim.sharer_hash = Some(hash),
            None => return,
        }
        let (Some(helper), Some(sharer)) = (claim.helper_hash, claim.sharer_hash) else {
            return;
        };
        if helper == sharer {
            self.consume(session, hash, now, out);
        } else {
            out.push(Effect::Alarm(Alarm::HashesDiffer {
                session,
                helper,
                sharer,
            }));
            let told = Fault::SecurityCheck;
            self.abandon(session, told, told, now, out);
        }
    }

    fn consume(
        &mut self,
        session: SessionId,
        hash: HandshakeHash,
        now: Duration,
        out: &mut Effects,
    ) {
        let Some(found) = self.sessions.get_mut(&session) else {
            return;
        };
        let Stage::Claimed(claim) = &found.stage else {
            return;
        };
        let sharer = claim.sharer;
        let Some(known) = self.connections.get(&sharer) else {
            return;
        };
        let sharer_person = known.person.clone();
        let tenant = &found.helper_person.tenant;
        self.codes.rest(tenant, claim.offer.routing, now);
        self.limits.proven(tenant, claim.at);
        let entry = Entry::Open {
            helper: Box::new(found.helper_person.clone()),
            sharer: Box::new(sharer_person.clone()),
            reason: found.reason.clone(),
            incident: found.incident.clone(),
        };
        let paired = Paired {
            sharer,
            sharer_person,
            hash,
            question: None,
            grant: None,
            lowered: None,
        };
        let until = now + RECORD_LIFE;
        found.stage = Stage::Recording(Recording { paired, until });
        out.push(Effect::Record {
            session,
            pair: Session::PAIR,
            entry,
        });
    }

    /// The row is durable: the two may talk.
    pub(crate) fn recorded(&mut self, session: SessionId, out: &mut Effects) {
        let Some(found) = self.sessions.remove(&session) else {
            return;
        };
        let Stage::Recording(Recording { paired, .. }) = found.stage else {
            self.sessions.insert(session, found);
            return;
        };
        let (helper, sharer, pair) = (found.helper, paired.sharer, Session::PAIR);
        let levels = self.levels(session, &found.helper_person, &paired);
        out.push(Effect::Route {
            session,
            pair,
            helper,
            sharer,
            route: Route::paired(),
        });
        for (to, person) in [
            (helper, &paired.sharer_person),
            (sharer, &found.helper_person),
        ] {
            let peer = person.peer();
            send(
                out,
                to,
                FromRelay::Paired {
                    pair,
                    peer,
                    levels: levels.clone(),
                },
            );
        }
        self.sessions.insert(
            session,
            Session {
                stage: Stage::Paired(paired),
                ..found
            },
        );
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
        sharer_told: Fault,
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
        self.tell_end(sharer, session, sharer_told, out);
    }

    /// The levels that a helper may ask this sharer for: those that a request for them would be permitted.
    fn levels(&self, found: SessionId, helper: &Person, paired: &Paired) -> Vec<Level> {
        let permissions = self.rules.effective(helper, &paired.sharer_person);
        let permitted = |level| {
            let request = Request {
                session: found,
                pair: Session::PAIR,
                helper: helper.id.clone(),
                hash: paired.hash,
                level,
            };
            decide(request, permissions, self.rules.tenant(helper)).is_ok()
        };
        Level::ALL
            .into_iter()
            .filter(|level| permitted(*level))
            .collect()
    }
}

fn created(session: SessionId, offer: Offer) -> FromRelay {
    let expires_in = u32::try_from(CODE_LIFE.as_secs()).unwrap_or(u32::MAX);
    FromRelay::Created {
        session,
        routing: offer.routing,
        expires_in,
    }
}

/// What a denial is called in front of people.
pub(crate) fn fault_of(denial: policy::Denial) -> Fault {
    match denial {
        policy::Denial::TenantOff => Fault::TenantOff,
        policy::Denial::MayNotOffer => Fault::MayNotOffer,
        policy::Denial::MayNotLevel(_) | policy::Denial::NotHere(_) => Fault::MayNotLevel,
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
