//! The rules of the tenants: configuration that decisions are made from.

use std::collections::BTreeMap;

use policy::{Assignment, Permissions, Tenant, TenantId, effective, held};

use crate::input::Person;

/// The rules of all tenants.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// By tenant; a tenant that is not here is off.
    pub tenants: BTreeMap<TenantId, TenantRules>,
}

/// The rules of one tenant.
#[derive(Clone, Debug, PartialEq)]
pub struct TenantRules {
    /// Its switches.
    pub tenant: Tenant,
    /// Its assignments.
    pub assignments: Vec<Assignment>,
}

impl Rules {
    /// The switches of a person's tenant.
    pub fn tenant(&self, person: &Person) -> Tenant {
        let off = Tenant { enabled: false };
        self.tenants
            .get(&person.tenant)
            .map_or(off, |rules| rules.tenant)
    }

    /// What a helper may do with somebody.
    pub fn held(&self, helper: &Person) -> Permissions {
        held(self.assignments(helper), &helper.groups)
    }

    /// What a helper may do with this sharer.
    pub(crate) fn effective(&self, helper: &Person, sharer: &Person) -> Permissions {
        effective(self.assignments(helper), &helper.groups, &sharer.groups)
    }

    fn assignments(&self, person: &Person) -> &[Assignment] {
        self.tenants
            .get(&person.tenant)
            .map_or(&[], |rules| &rules.assignments)
    }
}
