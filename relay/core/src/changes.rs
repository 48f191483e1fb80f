//! What changes while sessions go on: rules, people, devices, and administrators who end something (DESIGN 6).

use std::time::Duration;

use policy::{DeviceId, GroupId, Level, Machine, PersonId, SessionId, TenantId, may_offer};
use wire::{Fault, FromRelay};

use crate::asking::withdraw;
use crate::broker::{Broker, Effects, send};
use crate::compliance::noted;
use crate::effect::{Effect, EndReason};
use crate::input::{ConnectionId, Person};
use crate::pair::{Pair, Paired, Place, Stage, Terms};
use crate::rules::Rules;
use crate::told::Told;

impl Broker {
    /// Rules changed: what live sessions have, and what is being asked, is decided afresh. So is every code.
    pub(crate) fn change_rules(&mut self, rules: Rules, now: Duration, out: &mut Effects) {
        self.rules = rules;
        for place in self.places_where(|_, _| true) {
            self.decide_afresh(place, now, out);
        }
    }

    /// A person is in other groups, or may not be here any more (PRODUCT 1.10).
    pub(crate) fn change_person(
        &mut self,
        account: (TenantId, PersonId),
        active: bool,
        groups: &[GroupId],
        now: Duration,
        out: &mut Effects,
    ) {
        let is_it = |person: &Person| (&person.tenant, &person.id) == (&account.0, &account.1);
        let known = self.connections.iter_mut();
        let of_it = known.filter(|(_, known)| is_it(&known.person));
        let mut connections = vec![];
        for (connection, known) in of_it {
            known.person.groups = groups.to_vec();
            connections.push(*connection);
        }
        if !active {
            self.drop_invitations_to(&account.0, &account.1, out);
            self.disabled.insert(account);
            return self.shut_out(&connections, now, out);
        }
        self.disabled.remove(&account);
        let mut places = vec![];
        for (place, found) in &mut self.pairs {
            for person in found.people_mut().filter(|person| is_it(person)) {
                person.groups = groups.to_vec();
                places.push(*place);
            }
            if found
                .sharer()
                .is_some_and(|sharer| connections.contains(&sharer))
            {
                places.push(*place);
            }
        }
        places.dedup();
        for place in places {
            self.decide_afresh(place, now, out);
        }
    }

    /// A device is in other groups or in another state.
    pub(crate) fn change_device(
        &mut self,
        tenant: &TenantId,
        device: &DeviceId,
        machine: &Machine,
        now: Duration,
        out: &mut Effects,
    ) {
        let known = self.connections.values_mut();
        let of_it = known.filter(|known| {
            known.person.tenant == *tenant && known.device.id.as_ref() == Some(device)
        });
        for known in of_it {
            known.device.machine = machine.clone();
        }
        let shares = |broker: &Self, found: &Pair| {
            let sharer = found.sharer();
            let known = sharer.and_then(|sharer| broker.connections.get(&sharer));
            found.helper_person.tenant == *tenant
                && known.is_some_and(|known| known.device.id.as_ref() == Some(device))
        };
        for place in self.places_where(shares) {
            self.decide_afresh(place, now, out);
        }
    }

    /// An administrator ends a session. One of another organisation is answered like one that does not exist (PRODUCT 1.6).
    pub(crate) fn end_session(
        &mut self,
        session: SessionId,
        by: &Person,
        now: Duration,
        out: &mut Effects,
    ) {
        let found = self.sessions.get(&session);
        if found.is_some_and(|found| found.tenant == by.tenant) {
            let told = Fault::EndedByAdmin;
            self.end_all(session, EndReason::EndedByAdmin, &told.into(), now, out);
        }
    }

    /// Ends what these connections of one person are in, and closes them.
    fn shut_out(&mut self, connections: &[ConnectionId], now: Duration, out: &mut Effects) {
        let told = Fault::PersonDisabled;
        for connection in connections.iter().copied() {
            match self.place_of(connection) {
                Some(place) => {
                    let reason = EndReason::PersonDisabled;
                    self.end_of(connection, place, reason, told, now, out);
                }
                None => {
                    send(out, connection, FromRelay::ended(told));
                    out.push(Effect::Close { connection });
                }
            }
        }
    }

    fn places_where(&self, matches: impl Fn(&Self, &Pair) -> bool) -> Vec<Place> {
        let pairs = self.pairs.values();
        let matching = pairs.filter(|found| matches(self, found));
        matching.map(|found| found.place).collect()
    }

    fn decide_afresh(&mut self, place: Place, now: Duration, out: &mut Effects) {
        let Some(found) = self.pairs.get(&place) else {
            return;
        };
        match &found.stage {
            Stage::Offered(_) => {
                if let Err(told) = self.still_offers(found, now) {
                    self.abandon(place, told, Fault::CodeUnknown, now, out);
                }
            }
            Stage::Claimed(claim) => {
                if let Err(told) = self.still_offers(found, now) {
                    self.abandon(place, told, Fault::CodeUnknown, now, out);
                } else if let Err(told) = self.may_join(claim.sharer, now) {
                    self.release(place, told, now, out);
                }
            }
            Stage::Recording(recording) => {
                let helper = (found.helper, &found.helper_person);
                if let Err(told) = self.may_begin(helper, &recording.paired, now) {
                    self.remove(place, told, now, out);
                }
            }
            Stage::Paired(paired) => {
                if let Err(told) = self.still_stands(found, paired, now) {
                    return self.remove(place, told, now, out);
                }
                self.ask_afresh(place, now, out);
                self.tell_terms(place, now, out);
            }
        }
    }

    fn remove(&mut self, place: Place, told: Told, now: Duration, out: &mut Effects) {
        let reason = EndReason::PermissionRemoved;
        self.end(place, reason, told.clone(), told, now, out);
    }

    fn still_offers(&self, found: &Pair, now: Duration) -> Result<(), Told> {
        let helper = &found.helper_person;
        let known = self.connections.get(&found.helper).ok_or(Fault::NotNow)?;
        let signed_in = helper.sign_in.at(known.source, now);
        let policy = self.rules.policy(&helper.tenant);
        Ok(may_offer(&policy, &helper.subject(), &signed_in)?)
    }

    /// Whether the level that stands is still permitted. One that only waits for an acknowledgement is: it is not renewed meanwhile.
    fn still_stands(&self, found: &Pair, paired: &Paired, now: Duration) -> Result<(), Told> {
        if let Some(level) = paired.standing()
            && let Err(told) = self.decide(found, paired, level, now)
            && told.fault != Fault::AcknowledgeFirst
        {
            return Err(told);
        }
        self.may_begin((found.helper, &found.helper_person), paired, now)
    }

    /// Takes an open question back if its level is not permitted any more.
    fn ask_afresh(&mut self, place: Place, now: Duration, out: &mut Effects) {
        let denied = self.paired(place).and_then(|(found, paired)| {
            let level = paired.question?.level();
            self.decide(found, paired, level, now).err()
        });
        if let Some(told) = denied
            && let Some((helper, paired)) = self.paired_mut(place)
        {
            withdraw(place.pair, paired, helper, told.fault, out);
        }
    }

    /// Tells the clients what the rules make of their pair now, as far as it is something else than before.
    fn tell_terms(&mut self, place: Place, now: Duration, out: &mut Effects) {
        let Some((found, paired)) = self.paired(place) else {
            return;
        };
        let terms = self.terms(found, paired, now);
        let Some((helper, paired)) = self.paired_mut(place) else {
            return;
        };
        let before = std::mem::replace(&mut paired.told, terms);
        warn_again(place, helper, paired, &before, out);
        tell_rules(place, helper, paired, &before, out);
    }
}

/// The warning is raised again when it changes; what was acknowledged of another state counts no more.
fn warn_again(
    place: Place,
    helper: ConnectionId,
    paired: &mut Paired,
    before: &Terms,
    out: &mut Effects,
) {
    let warning = &paired.told.warning;
    if *warning == before.warning {
        return;
    }
    let state = |of: &Option<wire::Warning>| of.as_ref().map(|warning| warning.state);
    if state(warning) != state(&before.warning) {
        paired.acknowledged = None;
    }
    if let Some(warning) = warning {
        let acknowledged = paired.acknowledged == Some(warning.state);
        out.push(noted(place, warning, acknowledged));
    }
    let message = FromRelay::Compliance {
        pair: place.pair,
        compliance: warning.clone(),
    };
    send(out, helper, message);
}

fn tell_rules(
    place: Place,
    helper: ConnectionId,
    paired: &Paired,
    before: &Terms,
    out: &mut Effects,
) {
    let Terms { levels, chat, .. } = &paired.told;
    if *chat != before.chat
        && let Some(level) = paired.standing()
    {
        out.push(place.route(helper, paired.sharer, paired.route(level)));
    }
    if (levels, chat) != (&before.levels, &before.chat) {
        let message = |levels: Vec<Level>| FromRelay::Rules {
            pair: place.pair,
            levels,
            chat: *chat,
        };
        send(out, helper, message(levels.clone()));
        send(out, paired.sharer, message(levels.clone()));
    }
}
