//! The rules of the tenants: configuration that decisions are made from.

use std::collections::BTreeMap;
use std::sync::Arc;

use policy::{Permissions, Policy, Settings, TenantId};

use crate::input::Person;

/// The rules of all tenants. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// By tenant; a tenant that is not here is off.
    pub tenants: BTreeMap<TenantId, Arc<Policy>>,
}

impl Rules {
    /// The rules of a tenant.
    pub fn policy(&self, tenant: &TenantId) -> Arc<Policy> {
        self.tenants.get(tenant).cloned().unwrap_or_default()
    }

    /// The switches of a person's tenant.
    pub fn settings(&self, person: &Person) -> Settings {
        self.policy(&person.tenant).settings()
    }

    /// What a person may do, whoever it is about.
    pub fn held(&self, person: &Person) -> Permissions {
        self.policy(&person.tenant).held(&person.subject())
    }
}
