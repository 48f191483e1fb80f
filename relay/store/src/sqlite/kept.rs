//! Table `rule`: what administrators decide, one document each.

use policy::TenantId;
use serde_json::Value;
use sqlx::SqliteConnection;

use super::{audit, document};
use crate::audit::Act;
use crate::error::Error;
use crate::refused::Refused;
use crate::text::key;

/// Something that is kept as one document under an id and a name.
pub(super) trait Kept: Sized + Send + Sync {
    /// Its word in the table and in the log of changes.
    const KIND: &'static str;
    /// A tenant has at most this many.
    const LIMIT: usize;

    /// Its id.
    fn id(&self) -> &str;
    /// Its name.
    fn name(&self) -> &str;
    /// The role that it gives.
    fn role(&self) -> Option<&str> {
        None
    }
    /// With its texts as they are kept.
    fn cleaned(&self) -> Result<Self, Refused>;
    /// Its document.
    fn write(&self) -> Value;
    /// What the document says.
    fn read(id: String, document: &Value) -> Result<Self, Error>;
}

/// All of them by name.
pub(super) async fn list<K: Kept>(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
) -> Result<Vec<K>, Error> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT id, document FROM rule WHERE tenant = $1 AND kind = $2 ORDER BY name_key, id",
    )
    .bind(&tenant.0)
    .bind(K::KIND)
    .fetch_all(connection)
    .await?;
    let read = |(id, text): (String, String)| read(id, &text);
    rows.into_iter().map(read).collect()
}

/// One of them.
pub(super) async fn find<K: Kept>(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    id: &str,
) -> Result<Option<K>, Error> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT document FROM rule WHERE tenant = $1 AND kind = $2 AND id = $3")
            .bind(&tenant.0)
            .bind(K::KIND)
            .bind(id)
            .fetch_optional(connection)
            .await?;
    let read = |(text,): (String,)| read(id.to_owned(), &text);
    row.map(read).transpose()
}

/// What this version would refuse, or would have written differently, was written by somebody else.
fn read<K: Kept>(id: String, text: &str) -> Result<K, Error> {
    let document = document::parse(text)?;
    let one = K::read(id, &document)?;
    let damaged = |why: String| Error::Corrupt(format!("{} {:?}: {why}", K::KIND, one.id()));
    let cleaned = one.cleaned().map_err(|why| damaged(why.to_string()))?;
    if cleaned.write() != document {
        return Err(damaged("the document is not as it was written".to_owned()));
    }
    Ok(cleaned)
}

/// Makes it, or changes the one with this id; `one` is cleaned.
pub(super) async fn put<K: Kept>(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    one: &K,
) -> Result<(), Error> {
    let was: Option<K> = find(connection, tenant, one.id()).await?;
    if was.is_none() {
        check_room::<K>(connection, tenant).await?;
    }
    let was = was.map(|was| was.write());
    let what = (K::KIND, one.id(), one.name());
    if audit::compare(connection, tenant, act, what, was, Some(one.write())).await? {
        write(connection, tenant, one).await?;
    }
    Ok(())
}

/// Makes it; `one` is cleaned. Whoever calls adds the row to the log of changes that tells of it.
pub(super) async fn add<K: Kept>(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    one: &K,
) -> Result<(), Error> {
    if find::<K>(connection, tenant, one.id()).await?.is_some() {
        let (kind, field) = (K::KIND, "id");
        return Err(Refused::Taken { kind, field }.into());
    }
    check_room::<K>(connection, tenant).await?;
    write(connection, tenant, one).await
}

async fn write<K: Kept>(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    one: &K,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO rule (tenant, kind, id, name, name_key, role, document) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (tenant, kind, id) DO UPDATE SET name = $4, name_key = $5, role = $6, document = $7",
    )
    .bind(&tenant.0)
    .bind(K::KIND)
    .bind(one.id())
    .bind(one.name())
    .bind(key(one.name()))
    .bind(one.role())
    .bind(one.write().to_string())
    .execute(&mut *connection)
    .await?;
    raise_version(connection, tenant).await
}

/// Deletes it; `false` if it is not there.
pub(super) async fn delete<K: Kept>(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    id: &str,
) -> Result<bool, Error> {
    let Some(was) = find::<K>(connection, tenant, id).await? else {
        return Ok(false);
    };
    let what = (K::KIND, id, was.name());
    audit::compare(connection, tenant, act, what, Some(was.write()), None).await?;
    sqlx::query("DELETE FROM rule WHERE tenant = $1 AND kind = $2 AND id = $3")
        .bind(&tenant.0)
        .bind(K::KIND)
        .bind(id)
        .execute(&mut *connection)
        .await?;
    raise_version(connection, tenant).await?;
    Ok(true)
}

/// Tells readers of the tenant's rules that they have changed.
pub(super) async fn raise_version(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO tenant (id, version) VALUES ($1, 1) \
         ON CONFLICT (id) DO UPDATE SET version = tenant.version + 1",
    )
    .bind(&tenant.0)
    .execute(connection)
    .await?;
    Ok(())
}

async fn check_room<K: Kept>(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
) -> Result<(), Error> {
    let count: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM rule WHERE tenant = $1 AND kind = $2")
            .bind(&tenant.0)
            .bind(K::KIND)
            .fetch_one(connection)
            .await?;
    if usize::try_from(count).unwrap_or(usize::MAX) >= K::LIMIT {
        let (what, limit) = (K::KIND, K::LIMIT);
        return Err(Refused::TooMany { what, limit }.into());
    }
    Ok(())
}
