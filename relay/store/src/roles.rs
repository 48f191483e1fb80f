//! Custom roles (PRODUCT 2.3).

use policy::{Role, RoleId, TenantId};

use crate::audit::Act;
use crate::records::Answer;

/// A tenant has at most this many custom roles.
pub const ROLE_LIMIT: usize = 200;

/// Custom roles of a tenant; the built-in ones are in [`Role::built_in`].
pub trait Roles: Send + Sync {
    /// All custom roles by name.
    fn roles<'a>(&'a self, tenant: &'a TenantId) -> Answer<'a, Vec<Role>>;

    /// A custom or built-in role.
    fn role<'a>(&'a self, tenant: &'a TenantId, role: &'a RoleId) -> Answer<'a, Option<Role>>;

    /// Makes a role, or changes the one with this id.
    ///
    /// # Errors
    /// [`crate::Refused`]: its name is taken (letter case does not count), or it came with the product.
    fn put_role<'a>(&'a self, act: &'a Act, tenant: &'a TenantId, role: &'a Role)
    -> Answer<'a, ()>;

    /// Deletes a role; `false` if it is not there.
    ///
    /// # Errors
    /// [`crate::Refused::InUse`] with the names of the assignments that give it.
    fn delete_role<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        role: &'a RoleId,
    ) -> Answer<'a, bool>;
}
