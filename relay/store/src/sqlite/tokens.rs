//! Table `token`.

use std::time::Duration;

use policy::TenantId;
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
        let token = NewToken {
            id: self.id,
            name: self.name,
            kind: row::word(&self.kind)?,
            permissions: document::permissions(&permissions, "permissions")?,
            expires: Time(self.expires),
        };
        // Whoever edited the row gets an error, and no power.
        check_power(&token, Time(self.created)).map_err(document::damaged)?;
        Ok(Token {
            tenant: TenantId(self.tenant),
            token,
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
    check_power(token, act.at).map_err(|field| Refused::Value { field })?;
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
    check_name(connection, tenant, &name).await?;
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

/// Answers the field that gives it more than a token may have.
fn check_power(token: &NewToken, created: Time) -> Result<(), &'static str> {
    if !NewToken::most(token.kind).contain(token.permissions) {
        return Err("permissions");
    }
    if token.expires <= created || token.expires > created.after(TOKEN_LIFE) {
        return Err("expires");
    }
    Ok(())
}

async fn check_name(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    name: &str,
) -> Result<(), Error> {
    let names: Vec<String> =
        sqlx::query_scalar("SELECT name FROM token WHERE tenant = $1 AND revoked IS NULL")
            .bind(&tenant.0)
            .fetch_all(connection)
            .await?;
    let wanted = text::key(name);
    if names.iter().any(|taken| text::key(taken) == wanted) {
        let (kind, field) = ("token", "name");
        return Err(Refused::Taken { kind, field }.into());
    }
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
    use policy::Permissions;

    use super::*;
    use crate::conformance::{at, contoso};
    use crate::sqlite::fixture::{act, audited, id, refusal, store};
    use crate::words::TokenKind;

    const YEAR: i64 = 365 * 24 * 60 * 60 * 1_000;

    fn token(number: u8) -> NewToken {
        NewToken {
            id: id(number),
            name: format!("Feed {number}"),
            kind: TokenKind::Api,
            permissions: Permissions::DIRECTORY.and(Permissions::RECORDS),
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

    /// PRODUCT 2.8: no program can give itself or others more, and none helps.
    #[tokio::test]
    async fn a_token_gives_no_roles_and_helps_nobody() {
        let (_folder, store) = store().await;
        let own = |kind, permissions| NewToken {
            kind,
            permissions,
            ..token(1)
        };
        let mut refused = Vec::new();
        for (_, permission) in Permissions::WORDS {
            let one = own(TokenKind::Scim, permission);
            let field = "permissions";
            let value = Some(Refused::Value { field });
            assert_eq!(issue(&store, &one, 1).await, value, "{permission:?}");
            if issue(&store, &own(TokenKind::Api, permission), 1).await == value {
                refused.push(permission);
            } else {
                clear(&store).await;
            }
        }
        let (help, roles) = (Permissions::HELP, Permissions::ROLES);
        let refused = refused
            .into_iter()
            .fold(Permissions::NONE, Permissions::and);
        assert_eq!(refused, help.and(roles));
        let most = own(
            TokenKind::Api,
            Permissions::ALL.without(help).without(roles),
        );
        assert_eq!(issue(&store, &most, 1).await, None);
        let scim = NewToken {
            kind: TokenKind::Scim,
            permissions: Permissions::NONE,
            ..token(2)
        };
        assert_eq!(issue(&store, &scim, 2).await, None);
        for (secret, kept) in [(1, most), (2, scim)] {
            let found = store.token_of(SecretHash([secret; 32]), at(1)).await;
            assert_eq!(found.unwrap().map(|found| found.token), Some(kept));
        }
    }

    async fn clear(store: &Sqlite) {
        sqlx::query("DELETE FROM token")
            .execute(&store.writer)
            .await
            .unwrap();
    }

    /// PRODUCT 2.8: a row that somebody edited is an error, not power.
    #[tokio::test]
    async fn a_token_that_was_edited_opens_nothing() {
        let (_folder, store) = store().await;
        for damage in [
            r#"permissions = '["directory","roles"]'"#,
            r#"permissions = '["view"]'"#,
            r#"permissions = '["root"]'"#,
            r#"permissions = '{}'"#,
            "kind = 'scim'",
            "expires = 4102444800000",
        ] {
            clear(&store).await;
            assert_eq!(issue(&store, &token(1), 1).await, None);
            sqlx::query(sqlx::AssertSqlSafe(format!("UPDATE token SET {damage}")))
                .execute(&store.writer)
                .await
                .unwrap();
            let found = store.token_of(SecretHash([1; 32]), at(1)).await;
            assert!(
                matches!(found, Err(Error::Corrupt(_))),
                "{damage}: {found:?}"
            );
            let all = store.tokens(&contoso()).await;
            assert!(matches!(all, Err(Error::Corrupt(_))), "{damage}: {all:?}");
            let revoked = store.revoke(&act(), &contoso(), &id(1)).await;
            assert!(revoked.unwrap(), "{damage}: it can be got rid of");
        }
    }

    #[tokio::test]
    async fn no_two_tokens_that_are_not_revoked_have_one_name() {
        let (_folder, store) = store().await;
        let called = |number, name: &str| NewToken {
            name: name.to_owned(),
            ..token(number)
        };
        assert_eq!(issue(&store, &called(1, "Ärzte"), 1).await, None);
        let (kind, field) = ("token", "name");
        let taken = Some(Refused::Taken { kind, field });
        assert_eq!(issue(&store, &called(2, " ärzte\u{feff}"), 2).await, taken);
        let other = TenantId("fabrikam".to_owned());
        let (same, hash) = (called(2, "Ärzte"), SecretHash([2; 32]));
        let elsewhere = store.issue(&act(), &other, &same, hash).await;
        assert_eq!(refusal(elsewhere), None);
        assert!(store.revoke(&act(), &contoso(), &id(1)).await.unwrap());
        assert_eq!(issue(&store, &called(3, "ärzte"), 3).await, None);
    }

    #[tokio::test]
    async fn a_token_lives_no_longer_than_a_year() {
        let (_folder, store) = store().await;
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
