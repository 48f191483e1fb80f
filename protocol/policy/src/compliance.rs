//! Compliance of the sharer's device, and what it does to a session (PRODUCT 6).

use std::fmt;
use std::str::FromStr;

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

/// What the helper has to know about the sharer's device, and what it does to the session (PRODUCT 6.1, 6.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The state; never [`Compliance::Compliant`].
    pub state: Compliance,
    /// What it does.
    pub action: Action,
    /// The rule that says so; without one a state only warns.
    pub rule: Option<String>,
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

impl Compliance {
    /// All states, the good one first.
    pub const ALL: [Self; 4] = [
        Self::Compliant,
        Self::NotCompliant,
        Self::Stale,
        Self::NotEnrolled,
    ];

    /// The word on the wire, in records and in the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Compliant => "compliant",
            Self::NotCompliant => "not_compliant",
            Self::Stale => "stale",
            Self::NotEnrolled => "not_enrolled",
        }
    }
}

impl Action {
    /// All actions, the weakest first.
    pub const ALL: [Self; 4] = [Self::Warn, Self::RequireAck, Self::ViewOnly, Self::Block];

    /// The word on the wire, in records and in the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::RequireAck => "require_ack",
            Self::ViewOnly => "view_only",
            Self::Block => "block",
        }
    }
}

/// A word that names no state, or no action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSuchWord(pub String);

macro_rules! words {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }

        impl FromStr for $name {
            type Err = NoSuchWord;

            fn from_str(word: &str) -> Result<Self, NoSuchWord> {
                let found = Self::ALL.into_iter().find(|one| one.word() == word);
                found.ok_or_else(|| NoSuchWord(word.to_owned()))
            }
        }
    )*};
}

words!(Compliance, Action);

impl ComplianceRule {
    /// What a state does under this rule, if the rule says.
    pub fn action(&self, state: Compliance) -> Option<Action> {
        let said = self.actions.iter().filter(|(of, _)| *of == state);
        said.map(|(_, action)| *action).max()
    }
}
