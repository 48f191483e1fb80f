//! Table `token`.

use std::time::Duration;

use policy::{Permissions, TenantId};
use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::transact::transact;
use super::{Sqlite, audit, document, row};
use crate::audit::{Act, Object};
use crate::error::Error;
use crate::records::Answer;
use crate::refused::Refused;
use crate::secret::SecretHash;
use crate::text;
use crate::time::Time;
use crate::tokens::{NewToken, TOKEN_LIFE, TOKEN_LIMIT, Token, Tokens};

/// Its last use is written this often, so that a busy program does not write all the time.
const USE_EVERY: Duration = Duration::from_secs(60);

#[derive(sqlx::FromRow)]
struct Row {
    tenant: String,
    id: String,
    name: String,
    kind: String,
    permissions: String,
    created: i64,
    expires: i64,
    last_used: Option<i64>,
    revoked: Option<i64>,
}

impl Row {
    fn token(self) -> Result<Token, Error> {
        let permissions = json!({"permissions": document::parse(&self.permissions)?});
        Ok(Token {
            tenant: TenantId(self.tenant),
            token: NewToken {
                id: self.id,
                name: self.name,
                kind: row::word(&self.kind)?,
                permissions: document::permissions(&permissions, "permissions")?,
                expires: Time(self.expires),
            },
            created: Time(self.created),
            last_used: self.last_used.map(Time),
            revoked: self.revoked.map(Time),
        })
    }
}

impl Tokens for Sqlite {
    fn tokens<'a>(&'a self, tenant: &'a TenantId) -> Answer<'a, Vec<Token>> {
        Box::pin(async move {
            let rows: Vec<Row> = sqlx::query_as(
                "SELECT * FROM token WHERE tenant = $1 ORDER BY created DESC, id DESC",
            )
            .bind(&tenant.0)
            .fetch_all(&self.readers)
            .await?;
            rows.into_iter().map(Row::token).collect()
        })
    }

    fn issue<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        token: &'a NewToken,
        hash: SecretHash,
    ) -> Answer<'a, ()> {
        transact!(self, |connection| {
            issue(connection, act, tenant, token, hash).await
        })
    }

    fn token_of(&self, hash: SecretHash, now: Time) -> Answer<'_, Option<Token>> {
        Box::pin(async move {
            let row: Option<Row> = sqlx::query_as("SELECT * FROM token WHERE hash = $1")
                .bind(hash.hex())
                .fetch_optional(&self.readers)
                .await?;
            let found = row.map(Row::token).transpose()?;
            let Some(token) = found.filter(|token| token.is_usable(now)) else {
                return Ok(None);
            };
            let due = now.before(USE_EVERY);
            if token.last_used.is_none_or(|last| last <= due) {
                sqlx::query("UPDATE token SET last_used = $2 WHERE hash = $1")
                    .bind(hash.hex())
                    .bind(now.0)
                    .execute(&self.writer)
                    .await?;
            }
            Ok(Some(token))
        })
    }

    fn revoke<'a>(&'a self, act: &'a Act, tenant: &'a TenantId, id: &'a str) -> Answer<'a, bool> {
        transact!(self, |connection| {
            revoke(connection, act, tenant, id).await
        })
    }
}

async fn issue(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    token: &NewToken,
    hash: SecretHash,
) -> Result<(), Error> {
    text::hex("id", &token.id, 32)?;
    let name = text::required("name", &token.name, 100)?;
    if token.permissions != token.permissions.without(Permissions::ROLES) {
        let field = "permissions";
        return Err(Refused::Value { field }.into());
    }
    if token.expires <= act.at || token.expires > act.at.after(TOKEN_LIFE) {
        return Err(Refused::Value { field: "expires" }.into());
    }
    let usable: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM token WHERE tenant = $1 AND revoked IS NULL AND expires > $2",
    )
    .bind(&tenant.0)
    .bind(act.at.0)
    .fetch_one(&mut *connection)
    .await?;
    if usize::try_from(usable).unwrap_or(usize::MAX) >= TOKEN_LIMIT {
        let (what, limit) = ("token", TOKEN_LIMIT);
        return Err(Refused::TooMany { what, limit }.into());
    }
    check_new(connection, tenant, &token.id, hash).await?;
    let is = json!({
        "kind": token.kind.word(),
        "permissions": token.permissions.words(),
        "expires": token.expires.0,
    });
    log(connection, act, tenant, ("create", &token.id, &name, is)).await?;
    sqlx::query(
        "INSERT INTO token (tenant, id, name, kind, permissions, hash, created, expires) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&tenant.0)
    .bind(&token.id)
    .bind(&name)
    .bind(token.kind.word())
    .bind(json!(token.permissions.words()).to_string())
    .bind(hash.hex())
    .bind(act.at.0)
    .bind(token.expires.0)
    .execute(connection)
    .await?;
    Ok(())
}

async fn check_new(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    id: &str,
    hash: SecretHash,
) -> Result<(), Error> {
    let taken: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM token WHERE (tenant = $1 AND id = $2) OR hash = $3")
            .bind(&tenant.0)
            .bind(id)
            .bind(hash.hex())
            .fetch_optional(connection)
            .await?;
    match taken {
        None => Ok(()),
        Some(_) => {
            let (kind, field) = ("token", "id");
            Err(Refused::Taken { kind, field }.into())
        }
    }
}

async fn revoke(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    id: &str,
) -> Result<bool, Error> {
    let name: Option<String> = sqlx::query_scalar(
        "UPDATE token SET revoked = $3 WHERE tenant = $1 AND id = $2 AND revoked IS NULL RETURNING name",
    )
    .bind(&tenant.0)
    .bind(id)
    .bind(act.at.0)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(name) = name else {
        return Ok(false);
    };
    let is = json!({"revoked": act.at.0});
    log(connection, act, tenant, ("revoke", id, &name, is)).await?;
    Ok(true)
}

async fn log(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    (action, id, name, is): (&str, &str, &str, Value),
) -> Result<(), Error> {
    let object = Object {
        action: action.to_owned(),
        kind: "token".to_owned(),
        id: id.to_owned(),
        name: name.to_owned(),
        before: None,
        after: Some(is),
    };
    audit::add(connection, tenant, act, &object).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::{at, contoso};
    use crate::sqlite::fixture::{act, audited, id, refusal, store};
    use crate::words::TokenKind;

    const YEAR: i64 = 365 * 24 * 60 * 60 * 1_000;

    fn token(number: u8) -> NewToken {
        NewToken {
            id: id(number),
            name: "Provider".to_owned(),
            kind: TokenKind::Scim,
            permissions: Permissions::DIRECTORY,
            expires: at(YEAR),
        }
    }

    async fn issue(store: &Sqlite, token: &NewToken, secret: u8) -> Option<Refused> {
        let hash = SecretHash([secret; 32]);
        refusal(store.issue(&act(), &contoso(), token, hash).await)
    }

    #[tokio::test]
    async fn a_token_is_found_until_it_expires_or_is_revoked() {
        let (_folder, store) = store().await;
        let tenant = contoso();
        assert_eq!(issue(&store, &token(1), 1).await, None);
        let find = async |secret, now| {
            let found = store.token_of(SecretHash([secret; 32]), at(now)).await;
            found.unwrap()
        };
        assert_eq!(find(1, 5).await.unwrap().token, token(1));
        assert_eq!(find(1, 59_999).await.unwrap().last_used, Some(at(5)));
        assert_eq!(find(1, 60_005).await.unwrap().last_used, Some(at(5)));
        assert_eq!(find(1, 60_006).await.unwrap().last_used, Some(at(60_005)));
        assert_eq!(find(2, 5).await, None);
        assert_eq!(find(1, YEAR).await, None);
        assert!(store.revoke(&act(), &tenant, &id(1)).await.unwrap());
        assert!(!store.revoke(&act(), &tenant, &id(1)).await.unwrap());
        assert_eq!(find(1, 5).await, None);
        assert_eq!(store.tokens(&tenant).await.unwrap().len(), 1);
        assert_eq!(audited(&store).await, ["revoke token", "create token"]);
        let page = store.tokens(&TenantId("fabrikam".to_owned())).await;
        assert!(page.unwrap().is_empty());
    }

    /// PRODUCT 2.8: no program can give itself or others more.
    #[tokio::test]
    async fn a_token_gives_no_roles_and_lives_no_longer_than_a_year() {
        let (_folder, store) = store().await;
        let roles = NewToken {
            permissions: Permissions::DIRECTORY.and(Permissions::ROLES),
            ..token(1)
        };
        let field = "permissions";
        assert_eq!(
            issue(&store, &roles, 1).await,
            Some(Refused::Value { field })
        );
        for expires in [at(0), at(YEAR + 1)] {
            let token = NewToken {
                expires,
                ..token(1)
            };
            let field = "expires";
            assert_eq!(
                issue(&store, &token, 1).await,
                Some(Refused::Value { field })
            );
        }
        assert!(audited(&store).await.is_empty());
    }

    #[tokio::test]
    async fn revoked_tokens_make_room() {
        let (_folder, store) = store().await;
        for number in 0..100 {
            assert_eq!(issue(&store, &token(number), number).await, None);
        }
        let (what, limit) = ("token", 100);
        let more = issue(&store, &token(100), 100).await;
        assert_eq!(more, Some(Refused::TooMany { what, limit }));
        let revoked = store.revoke(&act(), &contoso(), &id(1)).await;
        assert!(revoked.unwrap());
        let (kind, field) = ("token", "id");
        let again = issue(&store, &token(1), 100).await;
        assert_eq!(again, Some(Refused::Taken { kind, field }));
        assert_eq!(issue(&store, &token(100), 100).await, None);
    }
}
