//! Table `directory_group`.

use policy::{GroupId, TenantId};
use serde_json::{Value, json};
use sqlx::{QueryBuilder, Sqlite as Dialect, SqliteConnection};

use super::super::{audit, row};
use super::{push_place, push_search};
use crate::audit::Act;
use crate::directory::Group;
use crate::error::Error;
use crate::place::{Listed, Place};
use crate::refused::Refused;
use crate::text::{self, key};
use crate::words::GroupKind;

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    kind: String,
    name: String,
    external_id: Option<String>,
    scim_id: Option<String>,
    source: String,
}

impl Row {
    fn group(self) -> Result<Group, Error> {
        Ok(Group {
            id: GroupId(self.id),
            kind: row::word(&self.kind)?,
            name: self.name,
            external_id: self.external_id,
            scim_id: self.scim_id,
            source: row::word(&self.source)?,
        })
    }
}

pub(super) async fn find(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    id: &GroupId,
) -> Result<Option<Group>, Error> {
    let row: Option<Row> =
        sqlx::query_as("SELECT * FROM directory_group WHERE tenant = $1 AND id = $2")
            .bind(&tenant.0)
            .bind(&id.0)
            .fetch_optional(connection)
            .await?;
    row.map(Row::group).transpose()
}

pub(super) async fn find_scim(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    scim_id: &str,
) -> Result<Option<Group>, Error> {
    let row: Option<Row> =
        sqlx::query_as("SELECT * FROM directory_group WHERE tenant = $1 AND scim_id = $2")
            .bind(&tenant.0)
            .bind(scim_id)
            .fetch_optional(connection)
            .await?;
    row.map(Row::group).transpose()
}

pub(super) async fn page(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    kind: GroupKind,
    search: &str,
    after: Option<Place>,
    size: usize,
) -> Result<Listed<Group>, Error> {
    let mut query = QueryBuilder::<Dialect>::new("SELECT * FROM directory_group WHERE tenant = ");
    query.push_bind(&tenant.0);
    query.push(" AND kind = ").push_bind(kind.word());
    push_search(&mut query, &["name_key"], search);
    push_place(&mut query, after, size);
    let rows: Vec<Row> = query.build_query_as().fetch_all(connection).await?;
    let groups: Result<Vec<_>, _> = rows.into_iter().map(Row::group).collect();
    Ok(Listed::cut(groups?, size, |group| Place {
        key: key(&group.name),
        id: group.id.0.clone(),
    }))
}

pub(super) async fn put(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    group: &Group,
) -> Result<(), Error> {
    text::id("id", &group.id.0)?;
    for (field, id) in [
        ("externalId", &group.external_id),
        ("SCIM id", &group.scim_id),
    ] {
        id.as_deref().map_or(Ok(()), |id| text::id(field, id))?;
    }
    let group = Group {
        name: text::required("name", &group.name, 255)?,
        ..group.clone()
    };
    check_free(connection, tenant, &group).await?;
    let was = find(connection, tenant, &group.id).await?;
    if was.as_ref().is_some_and(|was| was.kind != group.kind) {
        return Err(Refused::Value { field: "kind" }.into());
    }
    let what = ("group", group.id.0.as_str(), group.name.as_str());
    let (was, is) = (was.as_ref().map(document), document(&group));
    if audit::compare(connection, tenant, act, what, was, Some(is)).await? {
        write(connection, tenant, &group).await?;
    }
    Ok(())
}

pub(super) async fn delete(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    id: &GroupId,
) -> Result<bool, Error> {
    let Some(was) = find(connection, tenant, id).await? else {
        return Ok(false);
    };
    let what = ("group", id.0.as_str(), was.name.as_str());
    audit::compare(connection, tenant, act, what, Some(document(&was)), None).await?;
    sqlx::query("DELETE FROM membership WHERE tenant = $1 AND group_id = $2")
        .bind(&tenant.0)
        .bind(&id.0)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM directory_group WHERE tenant = $1 AND id = $2")
        .bind(&tenant.0)
        .bind(&id.0)
        .execute(connection)
        .await?;
    Ok(true)
}

async fn write(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    group: &Group,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO directory_group (tenant, id, kind, name, name_key, external_id, scim_id, source) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant, id) DO UPDATE SET name = $4, name_key = $5, \
         external_id = $6, scim_id = $7, source = $8",
    )
    .bind(&tenant.0)
    .bind(&group.id.0)
    .bind(group.kind.word())
    .bind(&group.name)
    .bind(key(&group.name))
    .bind(&group.external_id)
    .bind(&group.scim_id)
    .bind(group.source.word())
    .execute(connection)
    .await?;
    Ok(())
}

async fn check_free(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    group: &Group,
) -> Result<(), Error> {
    let other: Option<(Option<String>,)> = sqlx::query_as(
        "SELECT external_id FROM directory_group WHERE tenant = $1 AND id <> $2 \
         AND (external_id = $3 OR scim_id = $4) LIMIT 1",
    )
    .bind(&tenant.0)
    .bind(&group.id.0)
    .bind(&group.external_id)
    .bind(&group.scim_id)
    .fetch_optional(connection)
    .await?;
    let Some((external_id,)) = other else {
        return Ok(());
    };
    let field = if external_id.is_some() && external_id == group.external_id {
        "externalId"
    } else {
        "SCIM id"
    };
    let kind = "group";
    Err(Refused::Taken { kind, field }.into())
}

fn document(group: &Group) -> Value {
    json!({
        "kind": group.kind.word(),
        "name": group.name,
        "external_id": group.external_id,
        "scim_id": group.scim_id,
        "source": group.source.word(),
    })
}
