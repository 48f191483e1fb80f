//! Table `device`.

#[cfg(test)]
mod tests;

use policy::{Compliance, DeviceId, GroupId, PersonId, TenantId};
use serde_json::{Value, json};
use sqlx::{QueryBuilder, Sqlite as Dialect, SqliteConnection};

use super::directory::{members, push_place, push_search};
use super::transact::transact;
use super::{Sqlite, audit, document, row};
use crate::audit::{Act, Object};
use crate::device::{Device, Reason, Report, Seen};
use crate::devices::{DeviceFilter, Devices, SEEN_LIMIT};
use crate::error::Error;
use crate::page::Page;
use crate::place::{Listed, Place};
use crate::records::Answer;
use crate::refused::Refused;
use crate::text::{self, key};
use crate::time::Time;
use crate::words::{DeviceState, GroupKind, Source};

/// A report names at most this many reasons.
const REASON_LIMIT: usize = 50;

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    public_key: String,
    name: String,
    platform: String,
    person: Option<String>,
    state: String,
    enrolled_at: Option<i64>,
    enrolled_by: Option<String>,
    last_seen: i64,
    compliance: Option<String>,
    reasons: Option<String>,
    reported_at: Option<i64>,
}

impl Row {
    fn device(self, groups: Vec<GroupId>) -> Result<Device, Error> {
        let reported = match (self.compliance, self.reasons, self.reported_at) {
            (Some(state), Some(reasons), Some(at)) => Some(Report {
                compliance: state.parse().map_err(|_| document::damaged("compliance"))?,
                reasons: read_reasons(&reasons)?,
                at: Time(at),
            }),
            _ => None,
        };
        Ok(Device {
            id: DeviceId(self.id),
            public_key: self.public_key,
            name: self.name,
            platform: self.platform,
            user: self.person.map(PersonId),
            state: row::word(&self.state)?,
            enrolled_at: self.enrolled_at.map(Time),
            enrolled_by: self.enrolled_by,
            last_seen: Time(self.last_seen),
            reported,
            groups,
        })
    }
}

impl Devices for Sqlite {
    fn see<'a>(
        &'a self,
        tenant: &'a TenantId,
        device: &'a Seen,
        user: Option<&'a PersonId>,
        now: Time,
    ) -> Answer<'a, ()> {
        transact!(self, |connection| {
            see(connection, tenant, device, user, now).await
        })
    }

    fn enrol<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        id: &'a DeviceId,
    ) -> Answer<'a, bool> {
        transact!(self, |connection| {
            enrol(connection, act, tenant, id).await
        })
    }

    fn retire<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        id: &'a DeviceId,
    ) -> Answer<'a, bool> {
        transact!(self, |connection| {
            retire(connection, act, tenant, id).await
        })
    }

    fn set_groups<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        id: &'a DeviceId,
        groups: &'a [GroupId],
    ) -> Answer<'a, bool> {
        transact!(self, |connection| {
            set_groups(connection, act, tenant, id, groups).await
        })
    }

    fn report<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: &'a DeviceId,
        compliance: Compliance,
        reasons: &'a [Reason],
        now: Time,
    ) -> Answer<'a, bool> {
        transact!(self, |connection| {
            report(connection, tenant, id, (compliance, reasons, now)).await
        })
    }

    fn device<'a>(&'a self, tenant: &'a TenantId, id: &'a DeviceId) -> Answer<'a, Option<Device>> {
        Box::pin(async move {
            let mut connection = self.readers.acquire().await?;
            find(&mut connection, tenant, id).await
        })
    }

    fn devices<'a>(
        &'a self,
        tenant: &'a TenantId,
        filter: &'a DeviceFilter,
        after: Option<Place>,
        size: usize,
    ) -> Answer<'a, Listed<Device>> {
        Box::pin(async move {
            let mut connection = self.readers.acquire().await?;
            page(&mut connection, tenant, filter, after, Page::size(size)).await
        })
    }
}

async fn find(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    id: &DeviceId,
) -> Result<Option<Device>, Error> {
    let row: Option<Row> = sqlx::query_as("SELECT * FROM device WHERE tenant = $1 AND id = $2")
        .bind(&tenant.0)
        .bind(&id.0)
        .fetch_optional(&mut *connection)
        .await?;
    match row {
        Some(row) => with_groups(connection, tenant, row).await.map(Some),
        None => Ok(None),
    }
}

async fn with_groups(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    row: Row,
) -> Result<Device, Error> {
    let groups = members::groups_of(connection, tenant, &row.id, GroupKind::Devices).await?;
    row.device(groups)
}

async fn page(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    filter: &DeviceFilter,
    after: Option<Place>,
    size: usize,
) -> Result<Listed<Device>, Error> {
    let mut query = QueryBuilder::<Dialect>::new("SELECT * FROM device WHERE tenant = ");
    query.push_bind(&tenant.0);
    if let Some(state) = filter.state {
        query.push(" AND state = ").push_bind(state.word());
    }
    if let Some(user) = &filter.user {
        query.push(" AND person = ").push_bind(&user.0);
    }
    push_search(&mut query, &["name_key"], &filter.search);
    push_place(&mut query, after, size);
    let rows: Vec<Row> = query.build_query_as().fetch_all(&mut *connection).await?;
    let mut devices = Vec::with_capacity(rows.len());
    for row in rows {
        devices.push(with_groups(connection, tenant, row).await?);
    }
    Ok(Listed::cut(devices, size, |device| Place {
        key: key(&device.name),
        id: device.id.0.clone(),
    }))
}

async fn see(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    device: &Seen,
    user: Option<&PersonId>,
    now: Time,
) -> Result<(), Error> {
    text::hex("id", &device.id.0, 32)?;
    text::hex("public key", &device.public_key, 64)?;
    user.map_or(Ok(()), |user| text::id("user", &user.0))?;
    let device = Seen {
        name: text::optional("name", &device.name, 255)?,
        platform: text::optional("platform", &device.platform, 128)?,
        ..device.clone()
    };
    let known: Option<(String, String)> =
        sqlx::query_as("SELECT public_key, state FROM device WHERE tenant = $1 AND id = $2")
            .bind(&tenant.0)
            .bind(&device.id.0)
            .fetch_optional(&mut *connection)
            .await?;
    match known {
        Some((key, _)) if key != device.public_key => {
            let (kind, field) = ("device", "id");
            Err(Refused::Taken { kind, field }.into())
        }
        Some((_, state)) if row::word::<DeviceState>(&state)? == DeviceState::Enrolled => {
            see_enrolled(connection, tenant, &device, now).await
        }
        _ => {
            see_other(connection, tenant, &device, user, now).await?;
            make_room(connection, tenant, &device.id, user).await
        }
    }
}

async fn see_enrolled(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    device: &Seen,
    now: Time,
) -> Result<(), Error> {
    sqlx::query("UPDATE device SET platform = $3, last_seen = $4 WHERE tenant = $1 AND id = $2")
        .bind(&tenant.0)
        .bind(&device.id.0)
        .bind(&device.platform)
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(())
}

async fn see_other(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    device: &Seen,
    user: Option<&PersonId>,
    now: Time,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO device (tenant, id, public_key, name, name_key, platform, person, state, last_seen) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'seen', $8) ON CONFLICT (tenant, id) DO UPDATE SET \
         name = $4, name_key = $5, platform = $6, person = $7, last_seen = $8",
    )
    .bind(&tenant.0)
    .bind(&device.id.0)
    .bind(&device.public_key)
    .bind(&device.name)
    .bind(key(&device.name))
    .bind(&device.platform)
    .bind(user.map(|user| &user.0))
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets what this person brought beyond the limit, but not the device that is here now. Nobody counts as a person.
async fn make_room(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    here: &DeviceId,
    user: Option<&PersonId>,
) -> Result<(), Error> {
    sqlx::query(
        "DELETE FROM device WHERE tenant = $1 AND id IN (SELECT id FROM device \
         WHERE tenant = $1 AND state = 'seen' AND person IS $2 \
         ORDER BY id = $3 DESC, last_seen DESC, id LIMIT -1 OFFSET $4)",
    )
    .bind(&tenant.0)
    .bind(user.map(|user| &user.0))
    .bind(&here.0)
    .bind(i64::try_from(SEEN_LIMIT).unwrap_or(i64::MAX))
    .execute(connection)
    .await?;
    Ok(())
}

async fn enrol(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    id: &DeviceId,
) -> Result<bool, Error> {
    let Some(was) = find(connection, tenant, id).await? else {
        return Ok(false);
    };
    if was.state == DeviceState::Enrolled {
        return Ok(true);
    }
    log(
        connection,
        act,
        tenant,
        ("enrol", &was, json!({"state": "enrolled"})),
    )
    .await?;
    sqlx::query(
        "UPDATE device SET state = 'enrolled', enrolled_at = $3, enrolled_by = $4, compliance = NULL, reasons = NULL, \
         reported_at = NULL WHERE tenant = $1 AND id = $2",
    )
    .bind(&tenant.0)
    .bind(&id.0)
    .bind(act.at.0)
    .bind(&act.actor.id)
    .execute(connection)
    .await?;
    Ok(true)
}

async fn retire(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    id: &DeviceId,
) -> Result<bool, Error> {
    let Some(was) = find(connection, tenant, id).await? else {
        return Ok(false);
    };
    if was.state == DeviceState::Retired {
        return Ok(true);
    }
    let is = json!({"state": "retired", "groups": []});
    log(connection, act, tenant, ("retire", &was, is)).await?;
    leave_groups(connection, tenant, id).await?;
    sqlx::query("UPDATE device SET state = 'retired' WHERE tenant = $1 AND id = $2")
        .bind(&tenant.0)
        .bind(&id.0)
        .execute(connection)
        .await?;
    Ok(true)
}

async fn set_groups(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    id: &DeviceId,
    groups: &[GroupId],
) -> Result<bool, Error> {
    text::few("groups", groups.len(), text::LIST_LIMIT)?;
    let found = find(connection, tenant, id).await?;
    let Some(was) = found.filter(|device| device.state == DeviceState::Enrolled) else {
        return Ok(false);
    };
    let mut wanted = groups.to_vec();
    wanted.sort();
    wanted.dedup();
    if was.groups == wanted {
        return Ok(true);
    }
    leave_groups(connection, tenant, id).await?;
    for group in &wanted {
        let known: Option<i64> = sqlx::query_scalar(
            "SELECT 1 FROM directory_group WHERE tenant = $1 AND id = $2 AND kind = 'devices'",
        )
        .bind(&tenant.0)
        .bind(&group.0)
        .fetch_optional(&mut *connection)
        .await?;
        if known.is_none() {
            let (kind, id) = ("group of devices", group.0.clone());
            return Err(Refused::Unknown { kind, id }.into());
        }
        members::add(connection, tenant, group, &id.0, Source::Local).await?;
    }
    let is = json!({"state": "enrolled", "groups": document::of_groups(&wanted)});
    log(connection, act, tenant, ("groups", &was, is)).await?;
    Ok(true)
}

async fn leave_groups(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    id: &DeviceId,
) -> Result<(), Error> {
    sqlx::query(
        "DELETE FROM membership WHERE tenant = $1 AND member = $2 AND group_id IN \
         (SELECT id FROM directory_group WHERE tenant = $1 AND kind = 'devices')",
    )
    .bind(&tenant.0)
    .bind(&id.0)
    .execute(connection)
    .await?;
    Ok(())
}

async fn report(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    id: &DeviceId,
    (compliance, reasons, now): (Compliance, &[Reason], Time),
) -> Result<bool, Error> {
    if matches!(compliance, Compliance::Stale | Compliance::NotEnrolled) {
        let field = "compliance";
        return Err(Refused::Value { field }.into());
    }
    let reported = sqlx::query(
        "UPDATE device SET compliance = $3, reasons = $4, reported_at = $5 \
         WHERE tenant = $1 AND id = $2 AND state = 'enrolled'",
    )
    .bind(&tenant.0)
    .bind(&id.0)
    .bind(compliance.word())
    .bind(write_reasons(reasons)?)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(reported.rows_affected() > 0)
}

fn write_reasons(reasons: &[Reason]) -> Result<String, Refused> {
    text::few("reasons", reasons.len(), REASON_LIMIT)?;
    let each = reasons.iter().map(|reason| {
        Ok(json!({
            "code": text::required("code", &reason.code, 64)?,
            "text": text::optional("text", &reason.text, 500)?,
        }))
    });
    let each: Result<Vec<_>, Refused> = each.collect();
    Ok(Value::Array(each?).to_string())
}

fn read_reasons(text: &str) -> Result<Vec<Reason>, Error> {
    let document = document::parse(text)?;
    let each = document.as_array().into_iter().flatten().map(|reason| {
        Ok(Reason {
            code: document::text(reason, "code")?.to_owned(),
            text: document::text(reason, "text")?.to_owned(),
        })
    });
    each.collect()
}

async fn log(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    (action, was, is): (&str, &Device, Value),
) -> Result<(), Error> {
    let groups = document::of_groups(&was.groups);
    let object = Object {
        action: action.to_owned(),
        kind: "device".to_owned(),
        id: was.id.0.clone(),
        name: was.name.clone(),
        before: Some(json!({"state": was.state.word(), "groups": groups})),
        after: Some(is),
    };
    audit::add(connection, tenant, act, &object).await
}
