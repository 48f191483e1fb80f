//! What the relay says no with.

use serde::Deserialize;
use wire::{Fault, FromRelay, StepUp};

/// A refusal: a fault, and the rule behind it, if it is one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Refused {
    /// Why.
    pub fault: Fault,
    /// What an administrator calls the rule that refuses.
    #[serde(default)]
    pub rule: Option<String>,
    /// The sign-in that would fulfil it.
    #[serde(default)]
    pub step_up: Option<StepUp>,
}

impl Refused {
    /// What a message refuses with. One that refuses nothing is not what a relay says where a refusal is expected.
    pub fn of(message: FromRelay) -> Self {
        match message {
            FromRelay::Ended {
                fault,
                rule,
                step_up,
                ..
            }
            | FromRelay::Faulted {
                fault,
                rule,
                step_up,
                ..
            } => Self {
                fault,
                rule,
                step_up,
            },
            FromRelay::Refused { fault, .. } => fault.into(),
            FromRelay::Welcome { .. }
            | FromRelay::Created { .. }
            | FromRelay::Joined { .. }
            | FromRelay::Claimed { .. }
            | FromRelay::Unclaimed {}
            | FromRelay::Paired { .. }
            | FromRelay::Compliance { .. }
            | FromRelay::Rules { .. }
            | FromRelay::Asked { .. }
            | FromRelay::Declined { .. }
            | FromRelay::Withdrawn { .. }
            | FromRelay::Granted { .. }
            | FromRelay::SlowPeer { .. }
            | FromRelay::Colleagues { .. }
            | FromRelay::Invited { .. }
            | FromRelay::Uninvited { .. }
            | FromRelay::Invitation(_)
            | FromRelay::InvitationGone { .. }
            | FromRelay::Resumed { .. }
            | FromRelay::Away { .. }
            | FromRelay::Back { .. }
            | FromRelay::Departed { .. } => Fault::Protocol.into(),
        }
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self {
            fault,
            rule: None,
            step_up: None,
        }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.fault.text())?;
        match &self.rule {
            Some(rule) => write!(f, " ({rule})"),
            None => Ok(()),
        }
    }
}
