//! Everything about a session that a decision looks at.

use crate::{Machine, Side, SignedIn, Subject};

/// Who helps whom, on what, with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The helper.
    pub helper: Subject,
    /// How the helper signed in.
    pub helper_signed_in: SignedIn,
    /// The sharer.
    pub sharer: Subject,
    /// How the sharer signed in.
    pub sharer_signed_in: SignedIn,
    /// The machine that is shared.
    pub machine: Machine,
    /// The helper's client is an installed program, not a page that the relay serves.
    pub native: bool,
    /// The sharer's client can only show: a browser, or a session by link (PRODUCT 3.2).
    pub view_only: bool,
    /// The helper acknowledged the warning about the device as it is now (PRODUCT 6.1).
    pub acknowledged: bool,
}

impl Case {
    /// One of the two people, and how they signed in.
    pub fn of(&self, side: Side) -> (&Subject, &SignedIn) {
        match side {
            Side::Helper => (&self.helper, &self.helper_signed_in),
            Side::Sharer => (&self.sharer, &self.sharer_signed_in),
        }
    }
}
