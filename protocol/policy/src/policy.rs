//! The rules of one tenant, made ready for decisions.

use crate::index::Index;
use crate::{
    AccessRule, Assignment, Compliance, ComplianceRule, Machine, Moment, Permissions, Settings,
    SignedIn, Subject, Unmet, Warning,
};

/// The rules of one tenant. By default everything is off and nobody may do anything (PRODUCT 1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    settings: Settings,
    assignments: Vec<Assignment>,
    /// INVARIANT: that of `assignments`; [`Policy::new`] makes both.
    index: Index,
    compliance: Vec<ComplianceRule>,
    access: Vec<AccessRule>,
}

impl Policy {
    /// Makes these rules ready.
    pub fn new(
        settings: Settings,
        assignments: Vec<Assignment>,
        compliance: Vec<ComplianceRule>,
        access: Vec<AccessRule>,
    ) -> Self {
        Self {
            settings,
            index: Index::new(&assignments),
            assignments,
            compliance,
            access,
        }
    }

    /// The tenant's switches.
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// Its assignments.
    pub fn assignments(&self) -> &[Assignment] {
        &self.assignments
    }

    /// Its rules about compliance.
    pub fn compliance_rules(&self) -> &[ComplianceRule] {
        &self.compliance
    }

    /// Its rules of conditional access.
    pub fn access_rules(&self) -> &[AccessRule] {
        &self.access
    }

    /// What a person may do, whoever it is about: the ceiling of the start dialog, and the rights of an administrator.
    pub fn held(&self, person: &Subject) -> Permissions {
        self.index.held(person)
    }

    /// What a helper may do with this sharer on this machine (PRODUCT 2.5, 2.6).
    ///
    /// Permissions are united only over assignments whose scope covers *this* session: never permissions first and scopes second.
    pub fn effective(&self, helper: &Subject, sharer: &Subject, machine: &Machine) -> Permissions {
        self.index.effective(helper, sharer, machine)
    }

    /// What the helper has to know about the sharer's device (PRODUCT 6.1). Of several rules the strongest counts; a state that
    /// no rule names only warns (PRODUCT 6.2).
    pub fn warning(&self, sharer: &Subject, machine: &Machine) -> Option<Warning> {
        let state = machine.compliance();
        if state == Compliance::Compliant {
            return None;
        }
        let covering = self.compliance.iter().rev();
        let said = covering
            .filter(|rule| rule.scope.covers(sharer, machine))
            .filter_map(|rule| Some((rule.action(state)?, rule)));
        // Reversed, because `max_by_key` gives the last of equals and people read from the top.
        let strongest = said.max_by_key(|(action, _)| *action);
        Some(Warning {
            state,
            action: strongest.map_or(crate::Action::Warn, |(action, _)| action),
            rule: strongest.map(|(_, rule)| rule.name.clone()),
        })
    }

    /// Whether a sign-in fulfils every rule of conditional access that is about this person at this moment (PRODUCT 1.8).
    /// `device` is `None` where no device is concerned yet.
    pub fn admits(
        &self,
        moment: Moment,
        person: &Subject,
        signed_in: &SignedIn,
        device: Option<Compliance>,
    ) -> Result<(), Unmet> {
        let rules = self.access.iter();
        rules
            .filter(|rule| rule.concerns(person, moment))
            .try_for_each(|rule| {
                rule.check(signed_in, device).map_err(|lacks| Unmet {
                    rule: rule.name.clone(),
                    lacks,
                })
            })
    }
}

#[cfg(test)]
mod tests;
