//! The invitations of colleagues that this helper may take up (SPEC 6.9).

use std::collections::BTreeMap;

use policy::SessionId;
use wire::Invitation;

/// What is open, and what was accepted. A helper comes into one session.
#[derive(Debug, Default)]
pub(crate) struct Invitations {
    /// Who is helped there, by subject.
    open: BTreeMap<SessionId, String>,
    accepted: Option<Place>,
}

/// A place in the session of a colleague.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The session.
    pub(crate) session: SessionId,
    /// The subject of its sharer: who has to be there.
    pub(crate) sharer: String,
}

impl Invitations {
    /// A colleague asks for company. One that was told before counts afresh. Gives whether there was room to keep it.
    pub(crate) fn add(&mut self, invitation: &Invitation) -> bool {
        if self.open.len() >= LIMIT && !self.open.contains_key(&invitation.session) {
            return false;
        }
        let sharer = invitation.sharer.subject.clone();
        self.open.insert(invitation.session, sharer);
        true
    }

    /// An invitation is over, or was turned down. Gives whether it was open.
    pub(crate) fn remove(&mut self, session: SessionId) -> bool {
        self.open.remove(&session).is_some()
    }

    /// The person accepts. Gives whether that can be told to the relay: it is open, and no other one was accepted.
    pub(crate) fn accept(&mut self, session: SessionId) -> bool {
        if self.accepted.is_some() {
            return false;
        }
        let sharer = self.open.get(&session).cloned();
        self.accepted = sharer.map(|sharer| Place { session, sharer });
        self.accepted.is_some()
    }

    /// The relay did not take what was accepted.
    pub(crate) fn refused(&mut self) {
        self.accepted = None;
    }

    /// The place that the relay goes on with.
    pub(crate) fn claim(&mut self) -> Option<Place> {
        self.accepted.take()
    }
}

/// Beyond so many nobody could choose.
const LIMIT: usize = 32;

#[cfg(test)]
mod tests {
    use wire::Colleague;

    use super::*;

    fn invitation(number: u8) -> Invitation {
        let colleague = |subject: &str| Colleague {
            subject: subject.to_owned(),
            name: subject.to_uppercase(),
            title: None,
        };
        Invitation {
            session: SessionId([number; 16]),
            by: colleague("a1"),
            sharer: colleague("y1"),
            hand_over: false,
            reason: None,
            incident: None,
            within: 300,
        }
    }

    #[test]
    fn one_invitation_is_accepted_and_names_the_sharer() {
        let mut invitations = Invitations::default();
        let (first, second) = (SessionId([1; 16]), SessionId([2; 16]));
        assert!(!invitations.accept(first), "nobody asked");
        assert!(invitations.add(&invitation(1)) && invitations.add(&invitation(2)));
        assert!(invitations.accept(first));
        assert!(!invitations.accept(second), "one session at a time");
        let place = Place {
            session: first,
            sharer: "y1".to_owned(),
        };
        assert_eq!(invitations.claim(), Some(place));
        assert_eq!(invitations.claim(), None);
    }

    #[test]
    fn what_is_over_or_refused_is_not_claimed() {
        let mut invitations = Invitations::default();
        let session = SessionId([1; 16]);
        invitations.add(&invitation(1));
        assert!(invitations.remove(session));
        assert!(!invitations.accept(session));
        invitations.add(&invitation(1));
        assert!(invitations.accept(session));
        invitations.refused();
        assert_eq!(invitations.claim(), None);
        assert!(invitations.accept(session), "it may still be open");
    }

    #[test]
    fn a_relay_cannot_fill_the_memory() {
        let mut invitations = Invitations::default();
        let kept = (0..100).filter(|number| invitations.add(&invitation(*number)));
        assert_eq!(kept.count(), LIMIT);
        assert!(invitations.add(&invitation(0)), "told again");
    }
}
