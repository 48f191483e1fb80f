//! What a decision about a pair looks at, and what its clients are told of it.

use std::time::Duration;

use policy::{Case, Level, Permit, Request, decide, would_permit};
use wire::{Channel, Fault, Program, Route};

use crate::broker::Broker;
use crate::input::{ConnectionId, Person};
use crate::pair::{Pair, Paired, Place, Terms};
use crate::told::Told;

impl Broker {
    /// Decides for the helper of a pair.
    pub(crate) fn permit(&self, place: Place, level: Level, now: Duration) -> Result<Permit, Told> {
        let (found, paired) = self.paired(place).ok_or(Fault::NotNow)?;
        self.decide(found, paired, level, now)
    }

    /// Decides for the helper of this pair.
    pub(crate) fn decide(
        &self,
        found: &Pair,
        paired: &Paired,
        level: Level,
        now: Duration,
    ) -> Result<Permit, Told> {
        let case = self.case(found, paired, now).ok_or(Fault::NotNow)?;
        let policy = self.rules.policy(&found.helper_person.tenant);
        Ok(decide(request(found, paired, level), &policy, &case)?)
    }

    /// Whether there may be a pair at all: whether this helper could view, once every warning is acknowledged.
    pub(crate) fn may_begin(
        &self,
        helper: (ConnectionId, &Person),
        paired: &Paired,
        now: Duration,
    ) -> Result<(), Told> {
        let sharer = (paired.sharer, &paired.sharer_person);
        let case = self.case_of(helper, sharer, now).ok_or(Fault::NotNow)?;
        let policy = self.rules.policy(&helper.1.tenant);
        Ok(would_permit(Level::View, &policy, &case)?)
    }

    /// What the clients of a pair are told: the levels are those that would be permitted once every warning is acknowledged.
    pub(crate) fn terms(&self, found: &Pair, paired: &Paired, now: Duration) -> Terms {
        let policy = self.rules.policy(&found.helper_person.tenant);
        let chat = policy.settings().chat;
        let Some(case) = self.case(found, paired, now) else {
            return Terms::default();
        };
        let permitted = |level: &Level| would_permit(*level, &policy, &case).is_ok();
        Terms {
            levels: Level::ALL.into_iter().filter(permitted).collect(),
            chat,
            warning: policy
                .warning(&case.sharer, &case.machine)
                .map(wire::Warning::from),
        }
    }

    fn case(&self, found: &Pair, paired: &Paired, now: Duration) -> Option<Case> {
        let helper = (found.helper, &found.helper_person);
        let sharer = (paired.sharer, &paired.sharer_person);
        let case = self.case_of(helper, sharer, now)?;
        Some(Case {
            acknowledged: paired.acknowledged == Some(case.machine.compliance()),
            ..case
        })
    }

    fn case_of(
        &self,
        (helper, helper_person): (ConnectionId, &Person),
        (sharer, sharer_person): (ConnectionId, &Person),
        now: Duration,
    ) -> Option<Case> {
        let helper = self.connections.get(&helper)?;
        let sharer = self.connections.get(&sharer)?;
        Some(Case {
            helper: helper_person.subject(),
            helper_signed_in: helper_person.sign_in.at(helper.source, now),
            sharer: sharer_person.subject(),
            sharer_signed_in: sharer_person.sign_in.at(sharer.source, now),
            native: helper_person.works_in(Program::Native),
            view_only: sharer_person.works_in(Program::Browser),
            acknowledged: false,
            machine: sharer.device.machine.clone(),
        })
    }
}

impl Paired {
    /// The channels of this level, under the rules that the clients know (PRODUCT 1.3).
    pub(crate) fn route(&self, level: Level) -> Route {
        let route = Route::granted(level);
        if self.told.chat {
            route
        } else {
            route.without(Channel::Chat)
        }
    }
}

fn request(found: &Pair, paired: &Paired, level: Level) -> Request {
    Request {
        session: found.place.session,
        pair: found.place.pair,
        helper: found.helper_person.id.clone(),
        hash: paired.shook.hash,
        level,
    }
}
