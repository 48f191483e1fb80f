//! Colleagues who ask this helper into their sessions (SPEC 6.9).

use std::time::Duration;

use crate::event::{Command, Invitation};

/// What a helper without a session may come into.
#[derive(Debug, Default)]
pub struct Invitations {
    /// Whether the child waits for them.
    waits: bool,
    open: Vec<(Invitation, Duration)>,
    /// The session that the person said yes to.
    joining: Option<String>,
}

impl Invitations {
    /// Whether the child waits for them.
    pub fn waits(&self) -> bool {
        self.waits
    }

    /// Whether the person said yes to one.
    pub fn is_joining(&self) -> bool {
        self.joining.is_some()
    }

    /// What is open, and until when.
    pub fn open(&self) -> &[(Invitation, Duration)] {
        &self.open
    }

    /// The child waits for invitations.
    pub fn wait(&mut self) {
        self.waits = true;
    }

    /// A colleague asks. One that was told before counts afresh.
    pub fn add(&mut self, invitation: Invitation, now: Duration) {
        self.remove(&invitation.session);
        let until = now + Duration::from_secs(invitation.within.into());
        self.open.push((invitation, until));
    }

    /// An invitation is over, also one that the person said yes to.
    pub fn gone(&mut self, session: &str) {
        self.remove(session);
        self.joining.take_if(|joining| joining == session);
    }

    /// What the person said yes to is refused.
    pub fn refused(&mut self) {
        self.joining = None;
    }

    /// The person says yes to the one at this place.
    pub fn accept(&mut self, place: usize) -> Option<Command> {
        if self.joining.is_some() {
            return None;
        }
        let session = self.open.get(place)?.0.session.clone();
        self.joining = Some(session.clone());
        Some(Command::Accept { session })
    }

    /// The person says no to the one at this place.
    pub fn turn_down(&mut self, place: usize) -> Option<Command> {
        (place < self.open.len()).then(|| {
            let session = self.open.remove(place).0.session;
            Command::TurnDown { session }
        })
    }

    fn remove(&mut self, session: &str) {
        self.open.retain(|(open, _)| open.session != session);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation(session: &str) -> Invitation {
        Invitation {
            session: session.to_owned(),
            within: 300,
            ..Invitation::default()
        }
    }

    #[test]
    fn one_is_accepted_and_may_be_refused() {
        let mut invitations = Invitations::default();
        invitations.add(invitation("s1"), Duration::ZERO);
        invitations.add(invitation("s2"), Duration::ZERO);
        let session = "s2".to_owned();
        assert_eq!(invitations.accept(1), Some(Command::Accept { session }));
        assert_eq!(invitations.accept(0), None, "one session at a time");
        invitations.refused();
        assert!(!invitations.is_joining());
        assert!(invitations.accept(0).is_some());
        invitations.gone("s1");
        assert!(!invitations.is_joining());
        assert_eq!(invitations.open().len(), 1);
    }

    #[test]
    fn one_is_turned_down_or_told_anew() {
        let mut invitations = Invitations::default();
        invitations.add(invitation("s1"), Duration::ZERO);
        invitations.add(invitation("s1"), Duration::from_secs(9));
        assert_eq!(invitations.open().len(), 1);
        assert_eq!(invitations.open()[0].1, Duration::from_secs(309));
        let session = "s1".to_owned();
        let told = Some(Command::TurnDown { session });
        assert_eq!(invitations.turn_down(0), told);
        assert_eq!(invitations.turn_down(0), None);
    }
}
