//! What all pairs of a session share.

use std::time::Duration;

use policy::{PairId, PersonId, TenantId};
use wire::{Colleague, MAX_DETAIL, cut};

use crate::input::Person;

/// A session. It lives as long as it has a pair.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) tenant: TenantId,
    pub(crate) reason: Option<String>,
    pub(crate) incident: Option<String>,
    /// How many pairs it has had; the next one has this number.
    pub(crate) helpers: u8,
    /// Colleagues who were asked in and have not answered.
    pub(crate) invitations: Vec<Invited>,
}

/// A colleague who was asked in.
#[derive(Clone, Debug)]
pub(crate) struct Invited {
    /// The helper who asks.
    pub(crate) by: PairId,
    pub(crate) colleague: Person,
    pub(crate) hand_over: bool,
    pub(crate) until: Duration,
}

impl Session {
    /// A session that its first helper has just made.
    pub(crate) fn new(tenant: TenantId, reason: Option<String>, incident: Option<String>) -> Self {
        Self {
            tenant,
            reason,
            incident,
            helpers: 1,
            invitations: vec![],
        }
    }

    /// Whether this number was given to a pair.
    pub(crate) fn had(&self, pair: PairId) -> bool {
        pair.number() < self.helpers
    }

    /// A number for another pair; `None` if the session has had as many as it can.
    pub(crate) fn next_pair(&mut self) -> Option<PairId> {
        let pair = PairId::new(self.helpers)?;
        self.helpers += 1;
        Some(pair)
    }

    /// The invitation of this person.
    pub(crate) fn invitation(&self, person: &PersonId) -> Option<&Invited> {
        let mut open = self.invitations.iter();
        open.find(|invited| invited.colleague.id == *person)
    }

    /// Takes the invitations out that this is true of.
    pub(crate) fn take_invitations(
        &mut self,
        mut matches: impl FnMut(&Invited) -> bool,
    ) -> Vec<Invited> {
        self.invitations
            .extract_if(.., |invited| matches(invited))
            .collect()
    }
}

impl Person {
    /// The person as colleagues are told.
    pub(crate) fn colleague(&self) -> Colleague {
        let detail = |text: &str| cut(text, MAX_DETAIL).to_owned();
        Colleague {
            subject: self.id.0.clone(),
            name: detail(&self.name),
            title: self.details.title.as_deref().map(detail),
        }
    }
}
