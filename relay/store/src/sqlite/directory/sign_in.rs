//! What a verified token says about a person.

use policy::{GroupId, TenantId};
use sqlx::SqliteConnection;

use super::{members, people};
use crate::directory::{Entry, MEMBER_LIMIT};
use crate::error::Error;
use crate::text::{self, key};
use crate::time::Time;
use crate::words::Source;

pub(super) async fn note(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    person: &Entry,
    groups: &[GroupId],
    now: Time,
) -> Result<Entry, Error> {
    text::few("groups", groups.len(), MEMBER_LIMIT)?;
    let said = people::cleaned(person)?;
    let kept = match people::find(connection, tenant, &said.id).await? {
        Some(scim) if scim.source == Source::Scim => scim,
        was => Entry {
            // A token may make a person known; it neither shuts one out nor lets one in again.
            active: was.is_none_or(|was| was.active),
            external_id: None,
            scim_id: None,
            source: Source::Claims,
            ..said
        },
    };
    let kept = Entry {
        last_seen: Some(now),
        ..kept
    };
    people::write(connection, tenant, &kept).await?;
    forget(connection, tenant, &kept).await?;
    for group in groups {
        text::id("group", &group.0)?;
        if make_known(connection, tenant, group).await? {
            members::add(connection, tenant, group, &kept.id.0, Source::Claims).await?;
        }
    }
    Ok(kept)
}

/// Takes back what earlier tokens said.
async fn forget(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    person: &Entry,
) -> Result<(), Error> {
    sqlx::query("DELETE FROM membership WHERE tenant = $1 AND member = $2 AND source = 'claims'")
        .bind(&tenant.0)
        .bind(&person.id.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether the group is one of people; one that nobody named before is called by its id.
async fn make_known(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    group: &GroupId,
) -> Result<bool, Error> {
    sqlx::query(
        "INSERT INTO directory_group (tenant, id, kind, name, name_key, source) \
         VALUES ($1, $2, 'people', $2, $3, 'claims') ON CONFLICT DO NOTHING",
    )
    .bind(&tenant.0)
    .bind(&group.0)
    .bind(key(&group.0))
    .execute(&mut *connection)
    .await?;
    let kind: String =
        sqlx::query_scalar("SELECT kind FROM directory_group WHERE tenant = $1 AND id = $2")
            .bind(&tenant.0)
            .bind(&group.0)
            .fetch_one(connection)
            .await?;
    Ok(kind == "people")
}
