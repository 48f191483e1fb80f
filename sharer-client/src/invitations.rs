//! Colleagues whom helpers of this session asked in, by their own sealed word. Nobody else is let in (SPEC 6.9).

use std::time::Duration;

use policy::{INVITATION_LIFE, PairId, PersonId};

/// The invitations that are open here.
#[derive(Default)]
pub(crate) struct Invitations(Vec<Invitation>);

/// A colleague whom a helper asked in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Invitation {
    pub(crate) by: Inviter,
    pub(crate) colleague: PersonId,
    pub(crate) hand_over: bool,
    until: Duration,
}

/// The helper who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inviter {
    pub(crate) pair: PairId,
    pub(crate) name: String,
}

impl Invitations {
    /// A helper asked a colleague in. The newest word about a colleague counts.
    pub(crate) fn open(
        &mut self,
        by: Inviter,
        colleague: PersonId,
        hand_over: bool,
        now: Duration,
    ) {
        self.0
            .retain(|open| now < open.until && open.colleague != colleague);
        // The oldest goes: a session has few helpers, and each asks few.
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        self.0.push(Invitation {
            by,
            colleague,
            hand_over,
            until: now + INVITATION_LIFE,
        });
    }

    /// A helper took an invitation of its own back.
    pub(crate) fn close(&mut self, by: PairId, colleague: &PersonId) {
        self.0
            .retain(|open| (open.by.pair, &open.colleague) != (by, colleague));
    }

    /// Whether anybody may come now.
    pub(crate) fn any(&self, now: Duration) -> bool {
        self.0.iter().any(|open| now < open.until)
    }

    /// Uses the invitation of this person up.
    pub(crate) fn take(&mut self, colleague: &PersonId, now: Duration) -> Option<Invitation> {
        let mut open = self.0.iter();
        let found = open.position(|open| open.colleague == *colleague && now < open.until)?;
        Some(self.0.remove(found))
    }
}

/// Invitations that are kept at once.
const MOST: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    const S: Duration = Duration::from_secs(1);

    fn ben() -> PersonId {
        PersonId("ben".into())
    }

    fn amina() -> Inviter {
        Inviter {
            pair: PairId::FIRST,
            name: "Amina".into(),
        }
    }

    #[test]
    fn an_invitation_is_used_once_and_for_five_minutes() {
        let mut invitations = Invitations::default();
        assert!(!invitations.any(S));
        invitations.open(amina(), ben(), true, S);
        assert!(invitations.any(300 * S));
        assert!(!invitations.any(301 * S));
        assert_eq!(invitations.take(&ben(), 301 * S), None);
        let taken = invitations.take(&ben(), 300 * S).unwrap();
        assert_eq!((taken.by, taken.hand_over), (amina(), true));
        assert_eq!(invitations.take(&ben(), 300 * S), None);
    }

    #[test]
    fn only_the_named_colleague_comes_and_only_the_inviter_takes_it_back() {
        let mut invitations = Invitations::default();
        invitations.open(amina(), ben(), false, S);
        assert_eq!(invitations.take(&PersonId("bo".into()), S), None);
        let second = PairId::new(1).unwrap();
        invitations.close(second, &ben());
        assert!(invitations.any(S));
        invitations.close(PairId::FIRST, &ben());
        assert!(!invitations.any(S));
    }

    #[test]
    fn eight_invitations_are_kept() {
        let mut invitations = Invitations::default();
        for number in 0..20 {
            let colleague = PersonId(format!("c{number}"));
            invitations.open(amina(), colleague, false, S);
        }
        assert_eq!(invitations.0.len(), MOST);
        assert!(invitations.take(&PersonId("c19".into()), S).is_some());
        assert!(invitations.take(&PersonId("c11".into()), S).is_none());
    }
}
