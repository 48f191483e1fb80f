//! Table `tenant`.

use policy::{Settings, TenantId};
use sqlx::SqliteConnection;

use super::transact::transact;
use super::{Sqlite, audit, document, kept};
use crate::audit::Act;
use crate::error::Error;
use crate::records::Answer;
use crate::tenants::Tenants;
use crate::text;

impl Tenants for Sqlite {
    fn pin<'a>(&'a self, tenant: &'a TenantId, issuer: &'a str) -> Answer<'a, bool> {
        transact!(self, |connection| {
            text::id("tenant", &tenant.0)?;
            let issuer = text::required("issuer", issuer, 1_024)?;
            let pinned = sqlx::query(
                "INSERT INTO tenant (id, issuer) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET issuer = $2 \
                 WHERE tenant.issuer IS NULL OR tenant.issuer = $2",
            )
            .bind(&tenant.0)
            .bind(issuer)
            .execute(connection)
            .await?;
            Ok::<_, Error>(pinned.rows_affected() > 0)
        })
    }

    fn issuer<'a>(&'a self, tenant: &'a TenantId) -> Answer<'a, Option<String>> {
        Box::pin(async move {
            let issuer: Option<Option<String>> =
                sqlx::query_scalar("SELECT issuer FROM tenant WHERE id = $1")
                    .bind(&tenant.0)
                    .fetch_optional(&self.readers)
                    .await?;
            Ok(issuer.flatten())
        })
    }

    fn version<'a>(&'a self, tenant: &'a TenantId) -> Answer<'a, u64> {
        Box::pin(async move {
            let version: Option<i64> =
                sqlx::query_scalar("SELECT version FROM tenant WHERE id = $1")
                    .bind(&tenant.0)
                    .fetch_optional(&self.readers)
                    .await?;
            u64::try_from(version.unwrap_or(0)).map_err(|_| document::damaged("version"))
        })
    }

    fn settings<'a>(&'a self, tenant: &'a TenantId) -> Answer<'a, Settings> {
        Box::pin(async move {
            let mut connection = self.readers.acquire().await?;
            find(&mut connection, tenant).await
        })
    }

    fn set_settings<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        settings: Settings,
    ) -> Answer<'a, ()> {
        transact!(self, |connection| {
            set(connection, act, tenant, settings).await
        })
    }
}

async fn find(connection: &mut SqliteConnection, tenant: &TenantId) -> Result<Settings, Error> {
    let text: Option<Option<String>> =
        sqlx::query_scalar("SELECT settings FROM tenant WHERE id = $1")
            .bind(&tenant.0)
            .fetch_optional(connection)
            .await?;
    match text.flatten() {
        Some(text) => document::settings(&document::parse(&text)?),
        None => Ok(Settings::default()),
    }
}

async fn set(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    settings: Settings,
) -> Result<(), Error> {
    let was = document::of_settings(find(connection, tenant).await?);
    let is = document::of_settings(settings);
    let (text, what) = (is.to_string(), ("settings", tenant.0.as_str(), ""));
    if audit::compare(connection, tenant, act, what, Some(was), Some(is)).await? {
        kept::raise_version(connection, tenant).await?;
        sqlx::query("UPDATE tenant SET settings = $2 WHERE id = $1")
            .bind(&tenant.0)
            .bind(text)
            .execute(connection)
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::contoso;
    use crate::sqlite::fixture::{act, audited, store};

    #[tokio::test]
    async fn settings_are_those_of_a_new_tenant_until_they_are_set() {
        let (_folder, store) = store().await;
        let tenant = contoso();
        assert_eq!(store.settings(&tenant).await.unwrap(), Settings::default());
        assert_eq!(store.version(&tenant).await.unwrap(), 0);
        let settings = Settings {
            enabled: true,
            ..Settings::default()
        };
        for _ in 0..2 {
            store.set_settings(&act(), &tenant, settings).await.unwrap();
        }
        assert_eq!(store.settings(&tenant).await.unwrap(), settings);
        assert_eq!(store.version(&tenant).await.unwrap(), 1, "changed once");
        assert_eq!(audited(&store).await, ["change settings"]);
    }

    #[tokio::test]
    async fn settings_that_were_edited_are_an_error() {
        let (_folder, store) = store().await;
        let tenant = contoso();
        kept_version(&store, &tenant).await;
        for damage in ["{", "[]", r#"{"require_reason":"yes"}"#] {
            write(&store, damage).await;
            let read = store.settings(&tenant).await;
            assert!(matches!(read, Err(Error::Corrupt(_))), "{damage}: {read:?}");
        }
        write(&store, "{}").await;
        let read = store.settings(&tenant).await;
        assert_eq!(read.unwrap(), Settings::default(), "by an older version");
    }

    async fn write(store: &Sqlite, settings: &str) {
        sqlx::query("UPDATE tenant SET settings = $1")
            .bind(settings)
            .execute(&store.writer)
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn the_first_issuer_stays() {
        let (_folder, store) = store().await;
        let tenant = contoso();
        kept_version(&store, &tenant).await;
        assert!(store.pin(&tenant, "https://one.example").await.unwrap());
        assert!(store.pin(&tenant, "https://one.example").await.unwrap());
        assert!(!store.pin(&tenant, "https://two.example").await.unwrap());
        let issuer = store.issuer(&tenant).await.unwrap();
        assert_eq!(issuer.as_deref(), Some("https://one.example"));
        assert_eq!(store.version(&tenant).await.unwrap(), 1);
    }

    /// Rules may be there before the issuer is.
    async fn kept_version(store: &Sqlite, tenant: &TenantId) {
        let settings = Settings {
            chat: false,
            ..Settings::default()
        };
        store.set_settings(&act(), tenant, settings).await.unwrap();
    }
}
