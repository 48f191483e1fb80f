//! Table `invitation`.

use policy::{Assignment, Permissions, PersonId, RoleId, RuleId, Scope, TenantId};
use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::kept::{self, Kept};
use super::transact::transact;
use super::{Sqlite, audit};
use crate::audit::{Act, Object};
use crate::error::Error;
use crate::invitations::{INVITATION_LIFE, Invitations};
use crate::records::Answer;
use crate::secret::SecretHash;
use crate::text;

/// The role that an invitation gives.
const ROLE: &str = "administrator";

impl Invitations for Sqlite {
    fn invite<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        hash: SecretHash,
    ) -> Answer<'a, ()> {
        transact!(self, |connection| {
            invite(connection, act, tenant, hash).await
        })
    }

    fn redeem<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        hash: SecretHash,
        assignment: &'a RuleId,
    ) -> Answer<'a, bool> {
        transact!(self, |connection| {
            redeem(connection, act, tenant, hash, assignment).await
        })
    }
}

async fn invite(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    hash: SecretHash,
) -> Result<(), Error> {
    sqlx::query("DELETE FROM invitation WHERE tenant = $1 AND used IS NULL")
        .bind(&tenant.0)
        .execute(&mut *connection)
        .await?;
    let expires = act.at.after(INVITATION_LIFE);
    sqlx::query("INSERT INTO invitation (hash, tenant, expires) VALUES ($1, $2, $3)")
        .bind(hash.hex())
        .bind(&tenant.0)
        .bind(expires.0)
        .execute(&mut *connection)
        .await?;
    log(connection, act, tenant, "create", json!({"role": ROLE})).await
}

async fn redeem(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    hash: SecretHash,
    assignment: &RuleId,
) -> Result<bool, Error> {
    text::id("person", &act.actor.id)?;
    let used = sqlx::query(
        "UPDATE invitation SET used = $3, used_by = $4 \
         WHERE hash = $1 AND tenant = $2 AND used IS NULL AND expires > $3",
    )
    .bind(hash.hex())
    .bind(&tenant.0)
    .bind(act.at.0)
    .bind(&act.actor.id)
    .execute(&mut *connection)
    .await?;
    if used.rows_affected() == 0 {
        return Ok(false);
    }
    let person = PersonId(act.actor.id.clone());
    let given = administrator(assignment.clone(), person).cleaned()?;
    kept::add(connection, tenant, &given).await?;
    let is = json!({"role": ROLE, "people": [act.actor.id], "assignment": given.id.0});
    log(connection, act, tenant, "redeem", is).await?;
    Ok(true)
}

fn administrator(id: RuleId, person: PersonId) -> Assignment {
    Assignment {
        id,
        name: "First administrator".to_owned(),
        description: "By an invitation from the relay's own host.".to_owned(),
        role: RoleId(ROLE.to_owned()),
        permissions: Permissions::NONE,
        groups: Vec::new(),
        people: vec![person],
        scope: Scope {
            all_users: true,
            all_devices: true,
            ..Scope::default()
        },
    }
}

async fn log(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    action: &str,
    is: Value,
) -> Result<(), Error> {
    let object = Object {
        action: action.to_owned(),
        kind: "invitation".to_owned(),
        id: tenant.0.clone(),
        name: String::new(),
        before: None,
        after: Some(is),
    };
    audit::add(connection, tenant, act, &object).await
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;
    use crate::assignments::Assignments;
    use crate::audit::{Actor, Audit, ChangeFilter};
    use crate::conformance::{at, contoso};
    use crate::refused::Refused;
    use crate::sqlite::fixture::{act, assignment, audited, id, refusal, store};
    use crate::tenants::Tenants;

    fn by(person: &str, now: i64) -> Act {
        let actor = Actor {
            id: person.to_owned(),
            name: format!("{person} by name"),
        };
        Act {
            actor,
            at: at(now),
            source: Some(IpAddr::from([198, 51, 100, 7])),
        }
    }

    async fn invite(store: &Sqlite, secret: u8) {
        let hash = SecretHash([secret; 32]);
        store.invite(&act(), &contoso(), hash).await.unwrap();
    }

    async fn redeem(store: &Sqlite, secret: u8, act: &Act) -> Result<bool, Error> {
        let hash = SecretHash([secret; 32]);
        let administrator = RuleId(id(1));
        store.redeem(act, &contoso(), hash, &administrator).await
    }

    /// PRODUCT 11.1: the link works once, for one person, for 15 minutes.
    #[tokio::test]
    async fn an_invitation_is_used_once_and_in_time() {
        const LIFE: i64 = 15 * 60 * 1_000;
        let (_folder, store) = store().await;
        invite(&store, 1).await;
        let hash = SecretHash([1; 32]);
        let elsewhere = TenantId("fabrikam".to_owned());
        let rule = RuleId(id(1));
        let foreign = store.redeem(&by("eve", 1), &elsewhere, hash, &rule).await;
        assert!(!foreign.unwrap());
        assert!(!redeem(&store, 3, &by("eve", 1)).await.unwrap());
        assert!(!redeem(&store, 1, &by("ada", LIFE)).await.unwrap());
        assert!(store.assignments(&contoso()).await.unwrap().is_empty());
        assert!(store.assignments(&elsewhere).await.unwrap().is_empty());
        assert!(redeem(&store, 1, &by("ada", LIFE - 1)).await.unwrap());
        assert!(!redeem(&store, 1, &by("eve", LIFE - 1)).await.unwrap());
        let log = ["redeem invitation", "create invitation"];
        assert_eq!(audited(&store).await, log);
    }

    /// PRODUCT 11.1: whoever uses the link is an administrator of all, and one row of the log says who that is and from where.
    #[tokio::test]
    async fn who_uses_an_invitation_is_an_administrator() {
        let (_folder, store) = store().await;
        let tenant = contoso();
        invite(&store, 1).await;
        assert!(redeem(&store, 1, &by("ada", 5)).await.unwrap());
        let given = store.assignments(&tenant).await.unwrap();
        let [given] = given.as_slice() else {
            panic!("{given:?}");
        };
        assert_eq!(given.people, [PersonId("ada".to_owned())]);
        assert!(given.groups.is_empty());
        assert!(given.scope.all_users && given.scope.all_devices);
        assert!(given.permissions.contain(Permissions::ROLES));
        assert_eq!(store.version(&tenant).await.unwrap(), 1, "readers are told");
        let filter = ChangeFilter::default();
        let page = store.changes(&tenant, &filter, None, 9, at(5)).await;
        let page = page.unwrap();
        assert_eq!(page.changes.len(), 2, "one for each call");
        assert_eq!(page.changes[0].act, by("ada", 5));
        let after = page.changes[0].object.after.clone().unwrap();
        assert_eq!(after["role"], "administrator");
        assert_eq!(after["people"], json!(["ada"]));
        assert_eq!(after["assignment"], json!(id(1)));
    }

    /// PRODUCT 11.1: no link is used up without an administrator.
    #[tokio::test]
    async fn an_invitation_that_made_no_administrator_can_still_be_used() {
        let (_folder, store) = store().await;
        let tenant = contoso();
        invite(&store, 1).await;
        for (from, to) in [("rule", "hidden"), ("change", "hidden")] {
            rename(&store, from, to).await;
            redeem(&store, 1, &by("ada", 5)).await.unwrap_err();
            rename(&store, to, from).await;
            assert!(store.assignments(&tenant).await.unwrap().is_empty());
        }
        let taken = assignment(1, "Taken", "viewer");
        store.put_assignment(&act(), &tenant, &taken).await.unwrap();
        let (kind, field) = ("assignment", "id");
        let refused = refusal(redeem(&store, 1, &by("ada", 5)).await);
        assert_eq!(refused, Some(Refused::Taken { kind, field }));
        let deleted = store.delete_assignment(&act(), &tenant, &taken.id).await;
        assert!(deleted.unwrap());
        assert!(redeem(&store, 1, &by("ada", 5)).await.unwrap());
    }

    async fn rename(store: &Sqlite, from: &str, to: &str) {
        let statement = format!("ALTER TABLE {from} RENAME TO {to}");
        sqlx::query(sqlx::AssertSqlSafe(statement))
            .execute(&store.writer)
            .await
            .unwrap();
    }

    /// PRODUCT 11.1: one link at a time.
    #[tokio::test]
    async fn a_newer_invitation_voids_those_before_it() {
        let (_folder, store) = store().await;
        let elsewhere = TenantId("fabrikam".to_owned());
        let hash = SecretHash([9; 32]);
        store.invite(&act(), &elsewhere, hash).await.unwrap();
        invite(&store, 1).await;
        invite(&store, 2).await;
        assert!(!redeem(&store, 1, &by("ada", 5)).await.unwrap());
        assert!(redeem(&store, 2, &by("ada", 5)).await.unwrap());
        let rule = RuleId(id(1));
        let other = store.redeem(&by("eve", 5), &elsewhere, hash, &rule).await;
        assert!(other.unwrap(), "those of others stay");
        let used: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM invitation WHERE used IS NOT NULL")
                .fetch_one(&store.readers)
                .await
                .unwrap();
        assert_eq!(used, 2);
    }
}
