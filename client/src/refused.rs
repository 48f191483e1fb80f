//! What the relay says no with.

use serde::Deserialize;
use wire::{Fault, StepUp};

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
