//! Table `membership`.

use policy::{GroupId, TenantId};
use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::super::audit;
use super::groups;
use crate::audit::{Act, Object};
use crate::directory::{MEMBER_LIMIT, Members};
use crate::error::Error;
use crate::text;
use crate::words::{GroupKind, Source};

/// The log names this many of those who came and went, and counts all.
const NAMED: usize = 100;

/// The groups of this kind that a person or device is in, whoever says so.
pub(in crate::sqlite) async fn groups_of(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    member: &str,
    kind: GroupKind,
) -> Result<Vec<GroupId>, Error> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT g.id FROM membership m JOIN directory_group g ON g.tenant = m.tenant AND g.id = m.group_id \
         WHERE m.tenant = $1 AND m.member = $2 AND g.kind = $3 ORDER BY g.id",
    )
    .bind(&tenant.0)
    .bind(member)
    .bind(kind.word())
    .fetch_all(connection)
    .await?;
    Ok(ids.into_iter().map(GroupId).collect())
}

pub(super) async fn list(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    group: &GroupId,
    after: Option<&str>,
    size: usize,
) -> Result<Vec<String>, Error> {
    let members = sqlx::query_scalar(
        "SELECT DISTINCT member FROM membership WHERE tenant = $1 AND group_id = $2 AND member > $3 \
         ORDER BY member LIMIT $4",
    )
    .bind(&tenant.0)
    .bind(&group.0)
    .bind(after.unwrap_or_default())
    .bind(i64::try_from(size).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    Ok(members)
}

pub(super) async fn set(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    group: &GroupId,
    members: Members<'_>,
) -> Result<bool, Error> {
    text::few(
        "members",
        members.add.len() + members.remove.len(),
        MEMBER_LIMIT,
    )?;
    let Some(found) = groups::find(connection, tenant, group).await? else {
        return Ok(false);
    };
    let source = members.source.unwrap_or(found.source);
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    for member in members.remove {
        if remove(connection, tenant, group, member, source).await? {
            removed.push(member.as_str());
        }
    }
    for member in members.add {
        text::id("member", member)?;
        if add(connection, tenant, group, member, source).await? {
            added.push(member.as_str());
        }
    }
    if !(removed.is_empty() && added.is_empty()) {
        let object = Object {
            action: "members".to_owned(),
            kind: "group".to_owned(),
            id: found.id.0,
            name: found.name,
            before: Some(counted("removed", &removed)),
            after: Some(counted("added", &added)),
        };
        audit::add(connection, tenant, act, &object).await?;
    }
    Ok(true)
}

/// Whether the member is new to the group, as far as this source is concerned.
pub(in crate::sqlite) async fn add(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    group: &GroupId,
    member: &str,
    source: Source,
) -> Result<bool, Error> {
    let added = sqlx::query(
        "INSERT INTO membership (tenant, group_id, member, source) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(&tenant.0)
    .bind(&group.0)
    .bind(member)
    .bind(source.word())
    .execute(connection)
    .await?;
    Ok(added.rows_affected() > 0)
}

async fn remove(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    group: &GroupId,
    member: &str,
    source: Source,
) -> Result<bool, Error> {
    let removed = sqlx::query(
        "DELETE FROM membership WHERE tenant = $1 AND group_id = $2 AND member = $3 AND source = $4",
    )
    .bind(&tenant.0)
    .bind(&group.0)
    .bind(member)
    .bind(source.word())
    .execute(connection)
    .await?;
    Ok(removed.rows_affected() > 0)
}

fn counted(word: &str, members: &[&str]) -> Value {
    let named: Vec<_> = members.iter().take(NAMED).collect();
    json!({ "count": members.len(), word: named })
}
