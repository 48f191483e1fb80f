//! Custom roles in table `rule`.

use policy::{Role, RoleId, TenantId};
use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::kept::{self, Kept};
use super::transact::transact;
use super::{Sqlite, document};
use crate::audit::Act;
use crate::error::Error;
use crate::records::Answer;
use crate::refused::Refused;
use crate::roles::{ROLE_LIMIT, Roles};
use crate::text;

impl Kept for Role {
    const KIND: &'static str = "role";
    const LIMIT: usize = ROLE_LIMIT;

    fn id(&self) -> &str {
        &self.id.0
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn cleaned(&self) -> Result<Self, Refused> {
        if built_in(&self.id).is_some() {
            return Err(Refused::BuiltIn);
        }
        text::hex("id", &self.id.0, 32)?;
        Ok(Self {
            id: self.id.clone(),
            name: text::required("name", &self.name, 64)?,
            description: text::optional("description", &self.description, 500)?,
            permissions: self.permissions,
            built_in: false,
        })
    }

    fn write(&self) -> Value {
        json!({
            "name": self.name,
            "description": self.description,
            "permissions": self.permissions.words(),
        })
    }

    fn read(id: String, document: &Value) -> Result<Self, Error> {
        Ok(Self {
            id: RoleId(id),
            name: document::text(document, "name")?.to_owned(),
            description: document::text(document, "description")?.to_owned(),
            permissions: document::permissions(document, "permissions")?,
            built_in: false,
        })
    }
}

/// A custom or built-in role.
pub(super) async fn find(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    role: &RoleId,
) -> Result<Option<Role>, Error> {
    match built_in(role) {
        Some(role) => Ok(Some(role)),
        None => kept::find(connection, tenant, &role.0).await,
    }
}

fn built_in(role: &RoleId) -> Option<Role> {
    Role::built_in().into_iter().find(|one| one.id == *role)
}

async fn check_name(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    role: &Role,
) -> Result<(), Error> {
    let name = text::key(&role.name);
    let mut built_in = Role::built_in().into_iter();
    let taken: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM rule WHERE tenant = $1 AND kind = 'role' AND name_key = $2 AND id <> $3",
    )
    .bind(&tenant.0)
    .bind(&name)
    .bind(&role.id.0)
    .fetch_optional(connection)
    .await?;
    if taken.is_some() || built_in.any(|one| text::key(&one.name) == name) {
        let (kind, field) = ("role", "name");
        return Err(Refused::Taken { kind, field }.into());
    }
    Ok(())
}

async fn check_unused(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    role: &RoleId,
) -> Result<(), Error> {
    let by: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM rule WHERE tenant = $1 AND role = $2 ORDER BY name_key, id LIMIT 20",
    )
    .bind(&tenant.0)
    .bind(&role.0)
    .fetch_all(connection)
    .await?;
    if by.is_empty() {
        return Ok(());
    }
    Err(Refused::InUse { by }.into())
}

impl Roles for Sqlite {
    fn roles<'a>(&'a self, tenant: &'a TenantId) -> Answer<'a, Vec<Role>> {
        Box::pin(async move {
            let mut connection = self.readers.acquire().await?;
            kept::list(&mut connection, tenant).await
        })
    }

    fn role<'a>(&'a self, tenant: &'a TenantId, role: &'a RoleId) -> Answer<'a, Option<Role>> {
        Box::pin(async move {
            let mut connection = self.readers.acquire().await?;
            find(&mut connection, tenant, role).await
        })
    }

    fn put_role<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        role: &'a Role,
    ) -> Answer<'a, ()> {
        transact!(self, |connection| {
            let role = role.cleaned()?;
            check_name(connection, tenant, &role).await?;
            kept::put(connection, act, tenant, &role).await
        })
    }

    fn delete_role<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        role: &'a RoleId,
    ) -> Answer<'a, bool> {
        transact!(self, |connection| {
            if built_in(role).is_some() {
                return Err(Refused::BuiltIn.into());
            }
            check_unused(connection, tenant, role).await?;
            kept::delete::<Role>(connection, act, tenant, &role.0).await
        })
    }
}

#[cfg(test)]
mod tests {
    use policy::Permissions;

    use super::*;
    use crate::assignments::Assignments;
    use crate::conformance::contoso;
    use crate::sqlite::fixture::{act, assignment, audited, id, refusal, role, store};
    use crate::tenants::Tenants;

    #[tokio::test]
    async fn a_role_is_made_changed_and_deleted() {
        let (_folder, store) = store().await;
        let tenant = contoso();
        let mut one = role(1, "  Night shift\u{202e} ");
        store.put_role(&act(), &tenant, &one).await.unwrap();
        one.name = "Night shift".to_owned();
        assert_eq!(store.roles(&tenant).await.unwrap(), [one.clone()]);
        one.permissions = Permissions::VIEW;
        store.put_role(&act(), &tenant, &one).await.unwrap();
        let found = store.role(&tenant, &one.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(&one));
        let elsewhere = TenantId("fabrikam".to_owned());
        assert_eq!(store.role(&elsewhere, &one.id).await.unwrap(), None);
        assert!(store.delete_role(&act(), &tenant, &one.id).await.unwrap());
        assert!(!store.delete_role(&act(), &tenant, &one.id).await.unwrap());
        let log = ["delete role", "change role", "create role"];
        assert_eq!(audited(&store).await, log);
        assert_eq!(store.version(&tenant).await.unwrap(), 3);
    }

    #[tokio::test]
    async fn a_refused_role_leaves_nothing() {
        let (_folder, store) = store().await;
        let tenant = contoso();
        let put = async |role: &Role| refusal(store.put_role(&act(), &tenant, role).await);
        let taken = Some(Refused::Taken {
            kind: "role",
            field: "name",
        });
        assert_eq!(put(&role(1, "Ärzte")).await, None);
        assert_eq!(put(&role(2, "ärzte")).await, taken);
        assert_eq!(put(&role(2, "viewer")).await, taken);
        let long = Refused::TooLong {
            field: "name",
            limit: 64,
        };
        assert_eq!(put(&role(2, &"x".repeat(65))).await, Some(long));
        let mut own = role(3, "Other");
        own.id = RoleId("viewer".to_owned());
        assert_eq!(put(&own).await, Some(Refused::BuiltIn));
        let gone = store.delete_role(&act(), &tenant, &own.id).await;
        assert_eq!(refusal(gone), Some(Refused::BuiltIn));
        assert_eq!(audited(&store).await, ["create role"]);
    }

    /// PRODUCT 2.3: a role that somebody edited is an error, not power.
    #[tokio::test]
    async fn a_role_that_was_edited_is_an_error() {
        let (_folder, store) = store().await;
        let tenant = contoso();
        let given = assignment(2, "Night helpers", &id(1));
        store
            .put_role(&act(), &tenant, &role(1, "A"))
            .await
            .unwrap();
        store.put_assignment(&act(), &tenant, &given).await.unwrap();
        for damage in [
            "{",
            "{}",
            "[]",
            r#"{"name":"A","description":"","permissions":["root"]}"#,
            r#"{"name":"A","description":"","permissions":["view","view"]}"#,
            r#"{"name":"A","description":"","permissions":[],"more":1}"#,
            r#"{"name":" ","description":"","permissions":[]}"#,
            r#"{"name":" A","description":"","permissions":[]}"#,
        ] {
            sqlx::query("UPDATE rule SET document = $1 WHERE kind = 'role'")
                .bind(damage)
                .execute(&store.writer)
                .await
                .unwrap();
            let read = store.roles(&tenant).await;
            assert!(matches!(read, Err(Error::Corrupt(_))), "{damage}: {read:?}");
            let read = store.role(&tenant, &RoleId(id(1))).await;
            assert!(matches!(read, Err(Error::Corrupt(_))), "{damage}: {read:?}");
            let read = store.assignments(&tenant).await;
            assert!(matches!(read, Err(Error::Corrupt(_))), "{damage}: {read:?}");
        }
    }

    #[tokio::test]
    async fn a_role_in_use_is_not_deleted() {
        let (_folder, store) = store().await;
        let tenant = contoso();
        store
            .put_role(&act(), &tenant, &role(1, "Night"))
            .await
            .unwrap();
        let given = assignment(2, "Night helpers", &id(1));
        store.put_assignment(&act(), &tenant, &given).await.unwrap();
        let refused = store.delete_role(&act(), &tenant, &RoleId(id(1))).await;
        let by = vec!["Night helpers".to_owned()];
        assert_eq!(refusal(refused), Some(Refused::InUse { by }));
        assert_eq!(audited(&store).await.len(), 2);
    }

    #[tokio::test]
    async fn there_are_no_more_roles_than_the_limit() {
        let (_folder, store) = store().await;
        let tenant = contoso();
        for number in 0..200 {
            let one = role(number, &format!("Role {number}"));
            store.put_role(&act(), &tenant, &one).await.unwrap();
        }
        let more = store.put_role(&act(), &tenant, &role(200, "More")).await;
        let (what, limit) = ("role", 200);
        assert_eq!(refusal(more), Some(Refused::TooMany { what, limit }));
        let again = store.put_role(&act(), &tenant, &role(7, "Renamed")).await;
        assert_eq!(refusal(again), None);
    }
}
