//! Compliance rules (PRODUCT 6.2) and rules of conditional access (PRODUCT 1.8).

use policy::{AccessRule, ComplianceRule, RuleId, TenantId};

use crate::audit::Act;
use crate::records::Answer;

/// A tenant has at most this many rules of each kind.
pub const RULE_LIMIT: usize = 200;

/// The rules of a tenant.
pub trait Rules: Send + Sync {
    /// All compliance rules by name.
    fn compliance_rules<'a>(&'a self, tenant: &'a TenantId) -> Answer<'a, Vec<ComplianceRule>>;

    /// Makes a compliance rule, or changes the one with this id.
    fn put_compliance_rule<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        rule: &'a ComplianceRule,
    ) -> Answer<'a, ()>;

    /// Deletes a compliance rule; `false` if it is not there.
    fn delete_compliance_rule<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        id: &'a RuleId,
    ) -> Answer<'a, bool>;

    /// All rules of conditional access by name.
    fn access_rules<'a>(&'a self, tenant: &'a TenantId) -> Answer<'a, Vec<AccessRule>>;

    /// Makes a rule of conditional access, or changes the one with this id.
    fn put_access_rule<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        rule: &'a AccessRule,
    ) -> Answer<'a, ()>;

    /// Deletes a rule of conditional access; `false` if it is not there.
    fn delete_access_rule<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        id: &'a RuleId,
    ) -> Answer<'a, bool>;
}
