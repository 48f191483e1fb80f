//! Assignments: who may help whom (PRODUCT 2.4).

use policy::{Assignment, RuleId, TenantId};

use crate::audit::Act;
use crate::records::Answer;

/// A tenant has at most this many assignments.
pub const ASSIGNMENT_LIMIT: usize = 10_000;

/// Assignments of a tenant. Their permissions are always those of the role as it is now; what the caller writes there is not kept.
pub trait Assignments: Send + Sync {
    /// All of them by name, ready for [`policy::Policy::new`].
    fn assignments<'a>(&'a self, tenant: &'a TenantId) -> Answer<'a, Vec<Assignment>>;

    /// One of them.
    fn assignment<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: &'a RuleId,
    ) -> Answer<'a, Option<Assignment>>;

    /// Makes an assignment, or changes the one with this id.
    ///
    /// # Errors
    /// [`crate::Refused::Unknown`] if there is no such role.
    fn put_assignment<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        assignment: &'a Assignment,
    ) -> Answer<'a, ()>;

    /// Deletes an assignment; `false` if it is not there.
    fn delete_assignment<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        id: &'a RuleId,
    ) -> Answer<'a, bool>;
}
