//! Assignments in table `rule`.

use std::collections::BTreeMap;

use policy::{Assignment, Permissions, PersonId, Role, RoleId, RuleId, TenantId};
use serde_json::{Value, json};
use sqlx::Connection;

use super::kept::{self, Kept};
use super::transact::transact;
use super::{Sqlite, document, roles};
use crate::assignments::{ASSIGNMENT_LIMIT, Assignments};
use crate::audit::Act;
use crate::error::Error;
use crate::records::Answer;
use crate::refused::Refused;
use crate::text;

impl Kept for Assignment {
    const KIND: &'static str = "assignment";
    const LIMIT: usize = ASSIGNMENT_LIMIT;

    fn id(&self) -> &str {
        &self.id.0
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn role(&self) -> Option<&str> {
        Some(&self.role.0)
    }

    fn cleaned(&self) -> Result<Self, Refused> {
        text::hex("id", &self.id.0, 32)?;
        text::ids("groups", self.groups.iter().map(|group| &group.0))?;
        text::ids("people", self.people.iter().map(|person| &person.0))?;
        text::ids("users", self.scope.users.iter().map(|group| &group.0))?;
        text::ids("devices", self.scope.devices.iter().map(|group| &group.0))?;
        Ok(Self {
            name: text::required("name", &self.name, 100)?,
            description: text::optional("description", &self.description, 500)?,
            ..self.clone()
        })
    }

    fn write(&self) -> Value {
        let people: Vec<_> = self.people.iter().map(|person| &person.0).collect();
        json!({
            "name": self.name,
            "description": self.description,
            "role": self.role.0,
            "groups": document::of_groups(&self.groups),
            "people": people,
            "scope": document::of_scope(&self.scope),
        })
    }

    fn read(id: String, document: &Value) -> Result<Self, Error> {
        let people = document::texts(document, "people")?;
        Ok(Self {
            id: RuleId(id),
            name: document::text(document, "name")?.to_owned(),
            description: document::text(document, "description")?.to_owned(),
            role: RoleId(document::text(document, "role")?.to_owned()),
            permissions: Permissions::NONE,
            groups: document::groups(document, "groups")?,
            people: people.into_iter().map(PersonId).collect(),
            scope: document::scope(document)?,
        })
    }
}

impl Assignments for Sqlite {
    fn assignments<'a>(&'a self, tenant: &'a TenantId) -> Answer<'a, Vec<Assignment>> {
        Box::pin(async move {
            let mut connection = self.readers.acquire().await?;
            // One snapshot: no role may change between the two.
            let mut snapshot = connection.begin().await?;
            let custom: Vec<Role> = kept::list(&mut snapshot, tenant).await?;
            let mut assignments: Vec<Assignment> = kept::list(&mut snapshot, tenant).await?;
            snapshot.rollback().await?;
            let roles = custom.into_iter().chain(Role::built_in());
            let permissions: BTreeMap<_, _> =
                roles.map(|role| (role.id, role.permissions)).collect();
            for one in &mut assignments {
                let held = permissions.get(&one.role).copied();
                one.permissions = held.unwrap_or_default();
            }
            Ok(assignments)
        })
    }

    fn assignment<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: &'a RuleId,
    ) -> Answer<'a, Option<Assignment>> {
        Box::pin(async move {
            let mut connection = self.readers.acquire().await?;
            let mut snapshot = connection.begin().await?;
            let mut found: Option<Assignment> = kept::find(&mut snapshot, tenant, &id.0).await?;
            if let Some(one) = &mut found {
                let role = roles::find(&mut snapshot, tenant, &one.role).await?;
                one.permissions = role.map(|role| role.permissions).unwrap_or_default();
            }
            snapshot.rollback().await?;
            Ok(found)
        })
    }

    fn put_assignment<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        assignment: &'a Assignment,
    ) -> Answer<'a, ()> {
        transact!(self, |connection| {
            let assignment = assignment.cleaned()?;
            let role = &assignment.role;
            if roles::find(connection, tenant, role).await?.is_none() {
                let (kind, id) = ("role", role.0.clone());
                return Err(Refused::Unknown { kind, id }.into());
            }
            kept::put(connection, act, tenant, &assignment).await
        })
    }

    fn delete_assignment<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        id: &'a RuleId,
    ) -> Answer<'a, bool> {
        transact!(self, |connection| {
            kept::delete::<Assignment>(connection, act, tenant, &id.0).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::contoso;
    use crate::roles::Roles;
    use crate::sqlite::fixture::{act, assignment, audited, id, refusal, role, store};

    /// PRODUCT 2.4: an assignment allows what its role allows now, not what it allowed when it was made.
    #[tokio::test]
    async fn an_assignment_allows_what_its_role_allows() {
        let (_folder, store) = store().await;
        let tenant = contoso();
        let mut custom = role(1, "Night");
        store.put_role(&act(), &tenant, &custom).await.unwrap();
        let mut one = assignment(2, "B", &id(1));
        one.permissions = Permissions::ALL;
        let mut other = assignment(3, "a", "viewer");
        for given in [&one, &other] {
            store.put_assignment(&act(), &tenant, given).await.unwrap();
        }
        custom.permissions = Permissions::CONTROL;
        store.put_role(&act(), &tenant, &custom).await.unwrap();
        one.permissions = Permissions::CONTROL;
        other.permissions = Permissions::OFFER.and(Permissions::VIEW);
        let all = store.assignments(&tenant).await.unwrap();
        assert_eq!(all, [other.clone(), one.clone()]);
        let found = store.assignment(&tenant, &one.id).await.unwrap();
        assert_eq!(found, Some(one));
        let deleted = store.delete_assignment(&act(), &tenant, &other.id).await;
        assert!(deleted.unwrap());
        assert_eq!(store.assignments(&tenant).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_refused_assignment_leaves_nothing() {
        let (_folder, store) = store().await;
        let tenant = contoso();
        let put =
            async |one: &Assignment| refusal(store.put_assignment(&act(), &tenant, one).await);
        let unknown = Refused::Unknown {
            kind: "role",
            id: id(9),
        };
        assert_eq!(put(&assignment(1, "A", &id(9))).await, Some(unknown));
        let empty = Refused::Empty {
            field: "name",
            limit: 100,
        };
        assert_eq!(put(&assignment(1, " ", "viewer")).await, Some(empty));
        let mut many = assignment(1, "A", "viewer");
        many.people = vec![PersonId("p".to_owned()); 201];
        let (what, limit) = ("people", 200);
        assert_eq!(put(&many).await, Some(Refused::TooMany { what, limit }));
        assert!(audited(&store).await.is_empty());
        assert!(store.assignments(&tenant).await.unwrap().is_empty());
    }
}
