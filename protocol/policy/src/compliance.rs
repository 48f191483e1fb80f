//! Compliance of the sharer's device, and what it does to a session (PRODUCT 6).

use crate::{RuleId, Scope};

/// What is known about a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Compliance {
    /// It was reported compliant lately.
    Compliant,
    /// It was reported not compliant.
    NotCompliant,
    /// The last report is too old to count.
    Stale,
    /// It is not enrolled, or nobody ever reported on it.
    NotEnrolled,
}

/// What a state does. Ordered: the strongest of several rules counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// The helper sees a warning.
    Warn,
    /// The helper has to acknowledge the warning.
    RequireAck,
    /// No more than view.
    ViewOnly,
    /// No session.
    Block,
}

/// What states do within a scope. A state without an entry only warns (PRODUCT 6.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComplianceRule {
    /// Its id.
    pub id: RuleId,
    /// What an administrator calls it; named in refusals.
    pub name: String,
    /// The people and devices that it is about.
    pub scope: Scope,
    /// What each state does.
    pub actions: Vec<(Compliance, Action)>,
}
