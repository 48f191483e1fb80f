//! From the code to the pair: create, join, handshake, record.

use std::time::Duration;

use policy::{Joining, PairId, SessionId, Settings, may_join, may_offer};
use wire::{Fault, FromRelay, Role, Route, Routing};

use crate::broker::{Broker, Effects, send};
use crate::codes::{CODE_LIFE, RECORD_LIFE};
use crate::effect::{Alarm, Effect, Entry};
use crate::input::{ConnectionId, Person, Random};
use crate::pair::{Claim, Offer, Pair, Paired, Place, Recording, Shook, Stage, Terms};
use crate::session::Session;
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
                let found = Session::new(person.tenant.clone(), why.reason, why.incident);
                self.sessions.insert(session, found);
                let place = Place {
                    session,
                    pair: PairId::FIRST,
                };
                self.seat(Pair {
                    place,
                    helper: connection,
                    helper_person: person,
                    relieves: None,
                    stage: Stage::Offered(offer),
                });
            }
            Err(told) => refuse(out, connection, told),
        }
    }

    /// A helper comes into a session.
    pub(crate) fn seat(&mut self, pair: Pair) {
        self.attach(pair.helper, Some(pair.place));
        self.pairs.insert(pair.place, pair);
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
        if known.place.is_some() {
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
        let place = match self.find_offer(connection, routing, now) {
            Ok(place) => place,
            Err(told) => return refuse(out, connection, told),
        };
        let Some(found) = self.pairs.get_mut(&place) else {
            return;
        };
        let Some(offer) = found.offer() else { return };
        let claim = Claim::new(Some(offer), connection, now);
        found.stage = Stage::Claimed(claim);
        self.attach(connection, Some(place));
        self.begin_handshake(place, out);
    }

    /// Opens the way for the handshake and tells both ends to begin.
    pub(crate) fn begin_handshake(&self, place: Place, out: &mut Effects) {
        let Some(found) = self.pairs.get(&place) else {
            return;
        };
        let (helper, Some(sharer)) = (found.helper, found.sharer()) else {
            return;
        };
        let Place { session, pair } = place;
        let tenant = found.helper_person.tenant.0.clone();
        out.push(place.route(helper, sharer, Route::handshake()));
        let claimed = FromRelay::Claimed {
            tenant: tenant.clone(),
            pair,
        };
        send(out, helper, claimed);
        let joined = FromRelay::Joined {
            session,
            tenant,
            pair,
        };
        send(out, sharer, joined);
    }

    fn find_offer(
        &mut self,
        connection: ConnectionId,
        routing: Routing,
        now: Duration,
    ) -> Result<Place, Told> {
        if self.draining {
            return Err(Fault::Draining.into());
        }
        let known = self.connections.get(&connection).ok_or(Fault::NotNow)?;
        if known.place.is_some() {
            return Err(Fault::NotNow.into());
        }
        self.may_join(connection, now)?;
        let tenant = &known.person.tenant;
        let limits = &mut self.limits;
        if !limits.admit(tenant, &known.person.id, known.source, now) {
            return Err(Fault::JoinLimit.into());
        }
        let place = Place {
            session: self.codes.find(tenant, routing).ok_or(Fault::CodeUnknown)?,
            pair: PairId::FIRST,
        };
        match self.pairs.get(&place) {
            Some(Pair {
                stage: Stage::Offered(offer),
                helper_person,
                ..
            }) if now < offer.expires && helper_person.id != known.person.id => Ok(place),
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
        (connection, role): (ConnectionId, Role),
        place: Place,
        shook: Shook,
        now: Duration,
        out: &mut Effects,
    ) {
        let Some(found) = self.pairs.get_mut(&place) else {
            return;
        };
        let Stage::Claimed(claim) = &mut found.stage else {
            return send(out, connection, FromRelay::faulted(Fault::NotNow));
        };
        match role {
            Role::Helper => claim.helper_says = Some(shook),
            Role::Sharer => claim.sharer_says = Some(shook),
        }
        let (Some(helper), Some(sharer)) = (claim.helper_says, claim.sharer_says) else {
            return;
        };
        if helper == sharer {
            self.consume(place, shook, now, out);
        } else {
            out.push(Effect::Alarm(Alarm::HashesDiffer {
                session: place.session,
                helper: helper.hash,
                sharer: sharer.hash,
            }));
            let told = Fault::SecurityCheck;
            self.abandon(place, told, told, now, out);
        }
    }

    fn consume(&mut self, place: Place, shook: Shook, now: Duration, out: &mut Effects) {
        let Some(found) = self.pairs.get(&place) else {
            return;
        };
        let Stage::Claimed(claim) = &found.stage else {
            return;
        };
        let (sharer, offer) = (claim.sharer, claim.offer);
        let tenant = found.helper_person.tenant.clone();
        if offer.is_some() {
            self.limits.proven(&tenant, claim.at);
        }
        let Some(known) = self.connections.get(&sharer) else {
            return;
        };
        let paired = Paired::new(sharer, known.person.clone(), shook);
        // Nobody is shown anything of somebody whom they may not help (PRODUCT 2.5).
        let helper = (found.helper, &found.helper_person);
        if let Err(told) = self.may_begin(helper, &paired, now) {
            return self.abandon(place, told.clone(), told, now, out);
        }
        let session = self.sessions.get(&place.session);
        let entry = Entry::Open {
            helper: Box::new(found.helper_person.clone()),
            sharer: Box::new(known.person.clone()),
            device: Box::new(known.device.clone()),
            reason: session.and_then(|found| found.reason.clone()),
            incident: session.and_then(|found| found.incident.clone()),
        };
        let until = now + RECORD_LIFE;
        if let Some(offer) = offer {
            self.codes.rest(&tenant, offer.routing, now);
        }
        if let Some(found) = self.pairs.get_mut(&place) {
            found.stage = Stage::Recording(Recording { paired, until });
        }
        out.push(place.record(entry));
    }

    /// The row is durable: the two may talk.
    pub(crate) fn recorded(&mut self, place: Place, now: Duration, out: &mut Effects) {
        let Some(found) = self.pairs.get(&place) else {
            return;
        };
        let Stage::Recording(recording) = &found.stage else {
            return;
        };
        let terms = self.terms(found, &recording.paired, now);
        let Some(found) = self.pairs.remove(&place) else {
            return;
        };
        let Stage::Recording(Recording { mut paired, .. }) = found.stage else {
            return;
        };
        out.push(place.route(found.helper, paired.sharer, Route::paired()));
        let helper = (found.helper, &found.helper_person);
        tell_paired(place.pair, helper, &paired, &terms, out);
        paired.told = terms;
        let stage = Stage::Paired(paired);
        self.pairs.insert(place, Pair { stage, ..found });
    }

    /// The row could not be written: no session.
    pub(crate) fn not_recorded(
        &mut self,
        place: Place,
        fault: Fault,
        now: Duration,
        out: &mut Effects,
    ) {
        let stage = self.pairs.get(&place).map(|found| &found.stage);
        if let Some(Stage::Recording(_)) = stage {
            self.abandon(place, fault, fault, now, out);
        }
    }

    /// The handshake failed. The code can be typed again unless the helper's client says that it is used up.
    pub(crate) fn shake_failed(
        &mut self,
        connection: ConnectionId,
        place: Place,
        burned: bool,
        now: Duration,
        out: &mut Effects,
    ) {
        match self.pairs.get(&place).map(|found| &found.stage) {
            Some(Stage::Claimed(_)) if !burned => {
                self.release(place, Fault::SecurityCheck, now, out);
            }
            Some(Stage::Offered(_) | Stage::Claimed(_)) if burned => {
                self.abandon(place, Fault::CodeBurned, Fault::SecurityCheck, now, out);
            }
            _ => send(out, connection, FromRelay::faulted(Fault::NotNow)),
        }
    }

    /// The claim ends: the code is unclaimed again, unless its time is over. The sharer has to start anew. Without a code the pair ends.
    pub(crate) fn release(
        &mut self,
        place: Place,
        sharer_told: impl Into<Told>,
        now: Duration,
        out: &mut Effects,
    ) {
        let Some(found) = self.pairs.get_mut(&place) else {
            return;
        };
        let Stage::Claimed(claim) = &found.stage else {
            return;
        };
        let sharer_told = sharer_told.into();
        let (helper, sharer) = (found.helper, claim.sharer);
        let Some(offer) = claim.offer else {
            return self.abandon(place, sharer_told.clone(), sharer_told, now, out);
        };
        if now >= offer.expires {
            return self.abandon(place, Fault::CodeExpired, sharer_told, now, out);
        }
        found.stage = Stage::Offered(offer);
        out.push(place.route(helper, sharer, Route::CLOSED));
        send(out, helper, FromRelay::Unclaimed {});
        self.tell_end(sharer, place, sharer_told, out);
    }
}

/// Each is told who the other is; the helper also what is wrong with the device.
fn tell_paired(
    pair: PairId,
    (helper, helper_person): (ConnectionId, &Person),
    paired: &Paired,
    terms: &Terms,
    out: &mut Effects,
) {
    let message = |person: &Person, compliance| FromRelay::Paired {
        pair,
        peer: person.peer(),
        levels: terms.levels.clone(),
        chat: terms.chat,
        compliance,
    };
    let warning = terms.warning.clone();
    send(out, helper, message(&paired.sharer_person, warning));
    send(out, paired.sharer, message(helper_person, None));
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
