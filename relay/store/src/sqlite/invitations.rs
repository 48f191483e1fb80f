//! Table `invitation`.

use policy::{PersonId, TenantId};
use serde_json::json;
use sqlx::SqliteConnection;

use super::transact::transact;
use super::{Sqlite, audit};
use crate::audit::{Act, Actor, Object};
use crate::error::Error;
use crate::invitations::{INVITATION_LIFE, Invitations};
use crate::records::Answer;
use crate::secret::SecretHash;
use crate::text;
use crate::time::Time;

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
        tenant: &'a TenantId,
        hash: SecretHash,
        person: &'a PersonId,
        now: Time,
    ) -> Answer<'a, bool> {
        transact!(self, |connection| {
            redeem(connection, tenant, hash, person, now).await
        })
    }
}

async fn invite(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    hash: SecretHash,
) -> Result<(), Error> {
    let expires = act.at.after(INVITATION_LIFE);
    sqlx::query("INSERT INTO invitation (hash, tenant, expires) VALUES ($1, $2, $3)")
        .bind(hash.hex())
        .bind(&tenant.0)
        .bind(expires.0)
        .execute(&mut *connection)
        .await?;
    log(connection, act, tenant, "create").await
}

async fn redeem(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    hash: SecretHash,
    person: &PersonId,
    now: Time,
) -> Result<bool, Error> {
    text::id("person", &person.0)?;
    let used = sqlx::query(
        "UPDATE invitation SET used = $3, used_by = $4 \
         WHERE hash = $1 AND tenant = $2 AND used IS NULL AND expires > $3",
    )
    .bind(hash.hex())
    .bind(&tenant.0)
    .bind(now.0)
    .bind(&person.0)
    .execute(&mut *connection)
    .await?;
    if used.rows_affected() == 0 {
        return Ok(false);
    }
    let act = Act {
        actor: Actor {
            id: person.0.clone(),
            name: String::new(),
        },
        at: now,
        source: None,
    };
    log(connection, &act, tenant, "redeem").await?;
    Ok(true)
}

async fn log(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    action: &str,
) -> Result<(), Error> {
    let object = Object {
        action: action.to_owned(),
        kind: "invitation".to_owned(),
        id: tenant.0.clone(),
        name: String::new(),
        before: None,
        after: Some(json!({"role": "administrator"})),
    };
    audit::add(connection, tenant, act, &object).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::{at, contoso};
    use crate::sqlite::fixture::{act, audited, store};

    /// PRODUCT 11.1: the link works once, for one person, for 15 minutes.
    #[tokio::test]
    async fn an_invitation_is_used_once_and_in_time() {
        const LIFE: i64 = 15 * 60 * 1_000;
        let (_folder, store) = store().await;
        let tenant = contoso();
        for secret in [1, 2] {
            let hash = SecretHash([secret; 32]);
            store.invite(&act(), &tenant, hash).await.unwrap();
        }
        let redeem = async |tenant: &TenantId, secret, person: &str, now| {
            let person = PersonId(person.to_owned());
            let hash = SecretHash([secret; 32]);
            store.redeem(tenant, hash, &person, at(now)).await.unwrap()
        };
        let elsewhere = TenantId("fabrikam".to_owned());
        assert!(!redeem(&elsewhere, 1, "eve", 1).await);
        assert!(!redeem(&tenant, 3, "eve", 1).await);
        assert!(!redeem(&tenant, 2, "ada", LIFE).await);
        assert!(redeem(&tenant, 1, "ada", LIFE - 1).await);
        assert!(!redeem(&tenant, 1, "ada", LIFE - 1).await);
        let log = [
            "redeem invitation",
            "create invitation",
            "create invitation",
        ];
        assert_eq!(audited(&store).await, log);
    }
}
