//! Further helpers: asked in, come, do not come, take over (SPEC 6.9).

use std::time::Duration;

use policy::{INVITATION_LIFE, PairId, PersonId, SessionId, TenantId, could_help, may_offer};
use wire::{Fault, FromRelay, Invitation, MAX_COLLEAGUES, Role};

use crate::broker::{Broker, Effects, send};
use crate::effect::EndReason;
use crate::input::{ConnectionId, Person};
use crate::pair::{Claim, Pair, Place, Stage};
use crate::pairing::refuse;
use crate::session::Invited;
use crate::told::Told;

impl Broker {
    /// Tells a helper which of these people could come.
    pub(crate) fn colleagues(
        &self,
        connection: ConnectionId,
        candidates: &[Person],
        out: &mut Effects,
    ) {
        let Some(place) = self.inviter(connection) else {
            return send(out, connection, FromRelay::faulted(Fault::NotNow));
        };
        let fitting = candidates
            .iter()
            .filter(|person| self.could_come(place, person));
        let people = fitting
            .take(MAX_COLLEAGUES)
            .map(Person::colleague)
            .collect();
        send(out, connection, FromRelay::Colleagues { people });
    }

    /// A helper asks a colleague in. Who may not come is told nothing (PRODUCT 2.5).
    pub(crate) fn invite(
        &mut self,
        connection: ConnectionId,
        colleague: Option<Person>,
        hand_over: bool,
        now: Duration,
        out: &mut Effects,
    ) {
        let Some(place) = self.inviter(connection) else {
            return send(out, connection, FromRelay::faulted(Fault::NotNow));
        };
        let colleague = match self.invitable(place, colleague) {
            Ok(colleague) => colleague,
            Err(fault) => return send(out, connection, FromRelay::faulted(fault)),
        };
        let invited = Invited {
            by: place.pair,
            colleague,
            hand_over,
            until: now + INVITATION_LIFE,
        };
        let told = FromRelay::Invited {
            colleague: invited.colleague.colleague(),
            hand_over,
            within: seconds(INVITATION_LIFE),
        };
        send(out, connection, told);
        if let Some(invitation) = self.invitation(place.session, &invited, now) {
            for idle in self.idle_helpers(&invited.colleague.tenant, &invited.colleague.id) {
                send(out, idle, FromRelay::Invitation(invitation.clone()));
            }
        }
        if let Some(session) = self.sessions.get_mut(&place.session) {
            session.invitations.push(invited);
        }
    }

    /// A helper takes an invitation back.
    pub(crate) fn uninvite(
        &mut self,
        connection: ConnectionId,
        place: Place,
        subject: String,
        out: &mut Effects,
    ) {
        let person = PersonId(subject);
        let own = |invited: &Invited| invited.by == place.pair && invited.colleague.id == person;
        let taken = self.take_invitations(place.session, own);
        if taken.is_empty() {
            return send(out, connection, FromRelay::faulted(Fault::InvitationGone));
        }
        self.tell_gone(place.session, &taken, Some(Fault::InvitationGone), out);
    }

    /// An invited helper comes: decided for afresh, then the handshake begins.
    pub(crate) fn accept(
        &mut self,
        connection: ConnectionId,
        session: SessionId,
        now: Duration,
        out: &mut Effects,
    ) {
        let (person, invited, sharer) = match self.may_come(connection, session, now) {
            Ok(coming) => coming,
            Err(told) => return refuse(out, connection, told),
        };
        let Some(found) = self.sessions.get_mut(&session) else {
            return;
        };
        let Some(pair) = found.next_pair() else {
            return send(out, connection, FromRelay::faulted(Fault::SessionFull));
        };
        let taken = found.take_invitations(|invited| invited.colleague.id == person.id);
        self.tell_gone(session, &taken, None, out);
        let place = Place { session, pair };
        self.seat(Pair {
            place,
            helper: connection,
            helper_person: person,
            relieves: invited.hand_over.then_some(invited.by),
            stage: Stage::Claimed(Claim::new(None, sharer, now)),
        });
        self.begin_handshake(place, out);
    }

    /// An invited helper does not come.
    pub(crate) fn turn_down(
        &mut self,
        connection: ConnectionId,
        session: SessionId,
        out: &mut Effects,
    ) {
        let Some(known) = self.connections.get(&connection) else {
            return;
        };
        let (tenant, person) = (known.person.tenant.clone(), known.person.id.clone());
        if !self.turned_down(session, &tenant, &person, out) {
            send(out, connection, FromRelay::faulted(Fault::InvitationGone));
        }
    }

    /// This person does not come; false if nobody asked.
    pub(crate) fn turned_down(
        &mut self,
        session: SessionId,
        tenant: &TenantId,
        person: &PersonId,
        out: &mut Effects,
    ) -> bool {
        let taken = self.take_invitations_to(session, tenant, person);
        self.tell_gone(session, &taken, Some(Fault::Declined), out);
        !taken.is_empty()
    }

    /// What this person is asked to, for a page.
    pub fn invitations(&self, person: &Person, now: Duration) -> Vec<Invitation> {
        let own = self.sessions.iter();
        let own = own.filter(|(_, found)| found.tenant == person.tenant);
        own.filter_map(|(session, found)| {
            self.invitation(*session, found.invitation(&person.id)?, now)
        })
        .collect()
    }

    /// Tells a helper who has just come, and is in no session, what it is asked to.
    pub(crate) fn tell_invitations(
        &self,
        connection: ConnectionId,
        now: Duration,
        out: &mut Effects,
    ) {
        let Some(known) = self.connections.get(&connection) else {
            return;
        };
        if known.role == Role::Helper {
            for invitation in self.invitations(&known.person, now) {
                send(out, connection, FromRelay::Invitation(invitation));
            }
        }
    }

    /// Invitations whose time is over.
    pub(crate) fn expire_invitations(&mut self, now: Duration, out: &mut Effects) {
        let sessions: Vec<SessionId> = self.sessions.keys().copied().collect();
        for session in sessions {
            let over = self.take_invitations(session, |invited| now >= invited.until);
            self.tell_gone(session, &over, Some(Fault::TimedOut), out);
        }
    }

    /// A helper is gone, and what it asked; if nobody is left, all that was asked.
    pub(crate) fn drop_invitations_of(&mut self, place: Place, others: bool, out: &mut Effects) {
        let of = |invited: &Invited| !others || invited.by == place.pair;
        let gone = self.take_invitations(place.session, of);
        self.tell_gone(place.session, &gone, Some(Fault::InvitationGone), out);
    }

    /// A person may not be here any more, and is not asked to anything.
    pub(crate) fn drop_invitations_to(
        &mut self,
        tenant: &TenantId,
        person: &PersonId,
        out: &mut Effects,
    ) {
        let sessions: Vec<SessionId> = self.sessions.keys().copied().collect();
        for session in sessions {
            let gone = self.take_invitations_to(session, tenant, person);
            self.tell_gone(session, &gone, Some(Fault::NotInvitable), out);
        }
    }

    /// The first level of a helper stands: whoever handed the session over to it is done.
    pub(crate) fn relieve(&mut self, place: Place, now: Duration, out: &mut Effects) {
        let relieved = self.pairs.get(&place).and_then(|found| found.relieves);
        if let Some(pair) = relieved {
            let told = Fault::HandedOver;
            self.end(
                Place { pair, ..place },
                EndReason::HandedOver,
                told,
                told,
                now,
                out,
            );
        }
    }

    /// The pair of a helper who may ask others in: a level stands.
    fn inviter(&self, connection: ConnectionId) -> Option<Place> {
        let known = self.connections.get(&connection)?;
        let place = known.place.filter(|_| known.role == Role::Helper)?;
        let (_, paired) = self.paired(place)?;
        paired.standing().map(|_| place)
    }

    fn invitable(&self, place: Place, colleague: Option<Person>) -> Result<Person, Fault> {
        let colleague = colleague.filter(|colleague| self.could_come(place, colleague));
        let colleague = colleague.ok_or(Fault::NotInvitable)?;
        let session = self.sessions.get(&place.session).ok_or(Fault::NotNow)?;
        let places = self.pairs_of(place.session).len() + session.invitations.len();
        let left = usize::from(PairId::LIMIT - session.helpers) > session.invitations.len();
        if places >= PairId::AT_ONCE || !left {
            return Err(Fault::SessionFull);
        }
        Ok(colleague)
    }

    /// Whether this person could help the sharer of a session, is not in it, and was not asked.
    fn could_come(&self, place: Place, person: &Person) -> bool {
        let Some((found, paired)) = self.paired(place) else {
            return false;
        };
        let Some(sharer) = self.connections.get(&paired.sharer) else {
            return false;
        };
        let of_tenant = found.helper_person.tenant == person.tenant;
        let helps = |place: Place| {
            let found = self.pairs.get(&place);
            found.is_some_and(|found| found.helper_person.id == person.id)
        };
        let session = self.sessions.get(&place.session);
        let here = paired.sharer_person.id == person.id
            || self.pairs_of(place.session).into_iter().any(helps)
            || session.is_some_and(|session| session.invitation(&person.id).is_some());
        let policy = self.rules.policy(&person.tenant);
        let (helper, sharer_person) = (person.subject(), paired.sharer_person.subject());
        let machine = &sharer.device.machine;
        of_tenant && !here && could_help(&policy, &helper, &sharer_person, machine)
    }

    /// Who comes, by which invitation, to which sharer.
    fn may_come(
        &self,
        connection: ConnectionId,
        session: SessionId,
        now: Duration,
    ) -> Result<(Person, Invited, ConnectionId), Told> {
        if self.draining {
            return Err(Fault::Draining.into());
        }
        let known = self.connections.get(&connection).ok_or(Fault::NotNow)?;
        let person = &known.person;
        let found = self.sessions.get(&session);
        let found = found.filter(|found| found.tenant == person.tenant);
        let invited = found.and_then(|found| found.invitation(&person.id));
        let invited = invited.ok_or(Fault::InvitationGone)?;
        let by = Place {
            session,
            pair: invited.by,
        };
        let (_, paired) = self.paired(by).ok_or(Fault::InvitationGone)?;
        let policy = self.rules.policy(&person.tenant);
        let signed_in = person.sign_in.at(known.source, now);
        may_offer(&policy, &person.subject(), &signed_in)?;
        self.may_begin((connection, person), paired, now)?;
        Ok((person.clone(), invited.clone(), paired.sharer))
    }

    fn invitation(
        &self,
        session: SessionId,
        invited: &Invited,
        now: Duration,
    ) -> Option<Invitation> {
        let found = self.sessions.get(&session)?;
        let by = Place {
            session,
            pair: invited.by,
        };
        let (inviter, paired) = self.paired(by)?;
        Some(Invitation {
            session,
            by: inviter.helper_person.colleague(),
            sharer: paired.sharer_person.colleague(),
            hand_over: invited.hand_over,
            reason: found.reason.clone(),
            incident: found.incident.clone(),
            within: seconds(invited.until.saturating_sub(now)),
        })
    }

    /// Tells those who were asked that it is over, and whoever asked why; nothing why if the colleague comes.
    fn tell_gone(
        &self,
        session: SessionId,
        gone: &[Invited],
        fault: Option<Fault>,
        out: &mut Effects,
    ) {
        for invited in gone {
            let pair = invited.by;
            if let Some(inviter) = self.pairs.get(&Place { session, pair }) {
                let subject = invited.colleague.id.0.clone();
                send(out, inviter.helper, FromRelay::Uninvited { subject, fault });
            }
            for idle in self.idle_helpers(&invited.colleague.tenant, &invited.colleague.id) {
                send(out, idle, FromRelay::InvitationGone { session });
            }
        }
    }

    fn take_invitations(
        &mut self,
        session: SessionId,
        matches: impl FnMut(&Invited) -> bool,
    ) -> Vec<Invited> {
        let found = self.sessions.get_mut(&session);
        found.map_or_else(Vec::new, |found| found.take_invitations(matches))
    }

    fn take_invitations_to(
        &mut self,
        session: SessionId,
        tenant: &TenantId,
        person: &PersonId,
    ) -> Vec<Invited> {
        self.take_invitations(session, |invited| {
            (&invited.colleague.tenant, &invited.colleague.id) == (tenant, person)
        })
    }

    /// The connections of a helper that are in no session.
    fn idle_helpers(&self, tenant: &TenantId, person: &PersonId) -> Vec<ConnectionId> {
        let known = self.connections.iter();
        let idle = known.filter(|(_, known)| {
            let of_it = (&known.person.tenant, &known.person.id) == (tenant, person);
            of_it && known.role == Role::Helper && known.place.is_none()
        });
        idle.map(|(connection, _)| *connection).collect()
    }
}

fn seconds(time: Duration) -> u32 {
    u32::try_from(time.as_secs()).unwrap_or(u32::MAX)
}
