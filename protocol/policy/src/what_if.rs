//! What other rules would have done to sessions that were: shown before the rules are changed.

use crate::{Level, Machine, Policy, SessionId, Subject};

/// A session that was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// Which.
    pub session: SessionId,
    /// Who helped.
    pub helper: Subject,
    /// Who was helped.
    pub sharer: Subject,
    /// What was shared.
    pub machine: Machine,
    /// The highest level, if one was granted.
    pub level: Option<Level>,
}

/// A session that other rules treat otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub session: SessionId,
    /// The highest level that the old rules allow.
    pub was: Option<Level>,
    /// The highest level that the new rules allow.
    pub now: Option<Level>,
    /// The new rules refuse the level that the session had, and the old ones do not.
    pub refused: bool,
}

/// What new rules would change for these sessions. How people signed in is not kept, so conditional access is left out, and so is
/// the acknowledgement of warnings: it is taken as given.
pub fn what_if(old: &Policy, new: &Policy, sessions: impl Iterator<Item = Past>) -> Vec<Change> {
    let changes = sessions.map(|past| {
        let (was, now) = (ceiling(old, &past), ceiling(new, &past));
        Change {
            session: past.session,
            was,
            now,
            refused: past.level.is_some() && past.level <= was && past.level > now,
        }
    });
    changes
        .filter(|change| change.refused || change.now > change.was)
        .collect()
}

/// The highest level that the rules allow, as far as it does not depend on the two clients and sign-ins.
fn ceiling(policy: &Policy, past: &Past) -> Option<Level> {
    let Past {
        helper,
        sharer,
        machine,
        ..
    } = past;
    let permitted =
        |level: &Level| crate::decide::judge_rules(*level, policy, helper, sharer, machine).is_ok();
    Level::ALL.into_iter().rev().find(permitted)
}

#[cfg(test)]
mod tests;
