//! What a decision about a session looks at, and what its clients are told of it.

use std::time::Duration;

use policy::{Case, Level, Permit, Request, decide};
use wire::{Channel, Fault, Program, Route};

use crate::broker::Broker;
use crate::input::ConnectionId;
use crate::session::{Paired, Session, Stage, Terms};
use crate::told::Told;

impl Broker {
    /// Decides for the helper of the session that this connection is in.
    pub(crate) fn permit(
        &self,
        connection: ConnectionId,
        level: Level,
        now: Duration,
    ) -> Result<Permit, Told> {
        let session = self.session_of(connection).ok_or(Fault::NotNow)?;
        let found = self.sessions.get(&session).ok_or(Fault::NotNow)?;
        let Stage::Paired(paired) = &found.stage else {
            return Err(Fault::NotNow.into());
        };
        self.decide(found, paired, level, now)
    }

    /// Decides for the helper of a session.
    pub(crate) fn decide(
        &self,
        found: &Session,
        paired: &Paired,
        level: Level,
        now: Duration,
    ) -> Result<Permit, Told> {
        let case = self.case(found, paired, now).ok_or(Fault::NotNow)?;
        let policy = self.rules.policy(&found.helper_person.tenant);
        Ok(decide(request(found, paired, level), &policy, &case)?)
    }

    /// Whether there may be a session at all: whether the helper could view, once every warning is acknowledged.
    pub(crate) fn may_begin(
        &self,
        found: &Session,
        paired: &Paired,
        now: Duration,
    ) -> Result<(), Told> {
        let case = self.case(found, paired, now).ok_or(Fault::NotNow)?;
        let case = Case {
            acknowledged: true,
            ..case
        };
        let policy = self.rules.policy(&found.helper_person.tenant);
        decide(request(found, paired, Level::View), &policy, &case)?;
        Ok(())
    }

    /// What the clients of a session are told: the levels are those that would be permitted once every warning is acknowledged.
    pub(crate) fn terms(&self, found: &Session, paired: &Paired, now: Duration) -> Terms {
        let policy = self.rules.policy(&found.helper_person.tenant);
        let chat = policy.settings().chat;
        let Some(case) = self.case(found, paired, now) else {
            return Terms::default();
        };
        let case = Case {
            acknowledged: true,
            ..case
        };
        let permitted =
            |level: &Level| decide(request(found, paired, *level), &policy, &case).is_ok();
        Terms {
            levels: Level::ALL.into_iter().filter(permitted).collect(),
            chat,
            warning: policy
                .warning(&case.sharer, &case.machine)
                .map(wire::Warning::from),
        }
    }

    fn case(&self, found: &Session, paired: &Paired, now: Duration) -> Option<Case> {
        let helper = self.connections.get(&found.helper)?;
        let sharer = self.connections.get(&paired.sharer)?;
        let (helper_person, sharer_person) = (&found.helper_person, &paired.sharer_person);
        let machine = sharer.device.machine.clone();
        Some(Case {
            helper: helper_person.subject(),
            helper_signed_in: helper_person.sign_in.at(helper.source, now),
            sharer: sharer_person.subject(),
            sharer_signed_in: sharer_person.sign_in.at(sharer.source, now),
            native: helper_person.works_in(Program::Native),
            view_only: sharer_person.works_in(Program::Browser),
            acknowledged: paired.acknowledged == Some(machine.compliance()),
            machine,
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

fn request(found: &Session, paired: &Paired, level: Level) -> Request {
    Request {
        session: found.id,
        pair: Session::PAIR,
        helper: found.helper_person.id.clone(),
        hash: paired.shook.hash,
        level,
    }
}
