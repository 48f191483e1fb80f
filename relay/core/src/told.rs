//! What people are told when something is refused or ends.

use policy::{Action, Denial, Lacks, Unmet};
use wire::{Fault, StepUp};

/// A fault, and what an administrator calls the rule behind it, if it is one (PRODUCT 1.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) fault: Fault,
    pub(crate) rule: Option<String>,
    /// How to sign in so that the rule is fulfilled.
    pub(crate) step_up: Option<StepUp>,
}

impl From<Fault> for Told {
    fn from(fault: Fault) -> Self {
        Self {
            fault,
            rule: None,
            step_up: None,
        }
    }
}

impl From<Denial> for Told {
    fn from(denial: Denial) -> Self {
        let fault = match denial {
            Denial::TenantOff => Fault::TenantOff,
            Denial::NotEnrolled => Fault::NotEnrolled,
            Denial::MayNotOffer => Fault::MayNotOffer,
            Denial::OutOfScope => Fault::OutOfScope,
            Denial::MayNotLevel(_) => Fault::MayNotLevel,
            Denial::NotHere(_) => Fault::LevelNotHere,
            Denial::Access { unmet, .. } => return unmet.into(),
            Denial::Compliance(warning) => {
                let fault = match warning.action {
                    Action::Warn | Action::RequireAck => Fault::AcknowledgeFirst,
                    Action::ViewOnly => Fault::ComplianceViewOnly,
                    Action::Block => Fault::ComplianceBlocks,
                };
                return Self {
                    rule: warning.rule,
                    ..fault.into()
                };
            }
        };
        fault.into()
    }
}

impl From<Unmet> for Told {
    fn from(unmet: Unmet) -> Self {
        Self {
            fault: fault_of(&unmet.lacks),
            rule: Some(unmet.rule),
            step_up: StepUp::of(&unmet.lacks),
        }
    }
}

/// What a sign-in that lacks something is called in front of people.
pub fn fault_of(lacks: &Lacks) -> Fault {
    match lacks {
        Lacks::Method(_) => Fault::AccessMethod,
        Lacks::Age(_) => Fault::AccessAge,
        Lacks::Network => Fault::AccessNetwork,
        Lacks::Device => Fault::AccessDevice,
    }
}
