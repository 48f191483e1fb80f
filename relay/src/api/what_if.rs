//! `POST /api/v1/what-if`: what another role would have done to the sessions of the last 30 days.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use policy::{
    Assignment, DeviceId, Level, Machine, Past, Permissions, PersonId, Policy, RoleId, Subject,
    what_if,
};
use relay_store::{Devices, Filter, Page, Record, Records};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::administrator::Administrator;
use super::asked::{Given, permissions};
use super::{App, Refusal};
use crate::clock::time_of_day;

/// A role as it would be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RoleChange)]
pub(super) struct Said {
    /// Its id.
    role: String,
    permissions: Vec<String>,
}

/// What would have been otherwise.
#[derive(Serialize, ToSchema)]
#[schema(as = WhatIf)]
pub(super) struct Told {
    /// So many sessions were looked at, the newest first; at most 10,000.
    looked_at: usize,
    /// So many would have been otherwise.
    count: usize,
    /// The first 200 of them.
    changes: Vec<Change>,
}

/// A session that would have been otherwise.
#[derive(Serialize, ToSchema)]
#[schema(as = WhatIfChange)]
pub(super) struct Change {
    session: String,
    /// The highest level that the rules allow.
    #[schema(required)]
    was: Option<&'static str>,
    /// The highest level that they would allow.
    #[schema(required)]
    now: Option<&'static str>,
    /// The level that the session had would be refused.
    refused: bool,
}

/// What another role would have done; needs the permissions `roles` and `records`. People and devices count as they are now.
#[utoipa::path(post, path = "/api/v1/what-if", operation_id = "what_if", request_body = Said, responses(
    (status = 200, body = Told), (status = 401, body = super::Body), (status = 403, body = super::Body),
    (status = 404, body = super::Body), (status = 422, body = super::Body),
))]
pub(super) async fn show(
    State(app): State<App>,
    who: Administrator,
    Given(said): Given<Said>,
) -> Result<Json<Told>, Refusal> {
    who.require(Permissions::ROLES.and(Permissions::RECORDS))?;
    let (role, permissions) = (RoleId(said.role), permissions(&said.permissions)?);
    let old = app.authority.policy(&who.tenant);
    let changed = |one: &Assignment| {
        let permissions = if one.role == role {
            permissions
        } else {
            one.permissions
        };
        Assignment {
            permissions,
            ..one.clone()
        }
    };
    let new = Policy::new(
        old.settings(),
        old.assignments().iter().map(changed).collect(),
        old.compliance_rules().to_vec(),
        old.access_rules().to_vec(),
    );
    let past = past(&app, &who).await?;
    let looked_at = past.len();
    let changes = what_if(&old, &new, past.into_iter());
    Ok(Json(Told {
        looked_at,
        count: changes.len(),
        changes: changes
            .into_iter()
            .take(NAMED)
            .map(|change| Change {
                session: change.session.to_string(),
                was: change.was.map(Level::word),
                now: change.now.map(Level::word),
                refused: change.refused,
            })
            .collect(),
    }))
}

/// The sessions that were, with people and devices as they are now.
async fn past(app: &App, who: &Administrator) -> Result<Vec<Past>, Refusal> {
    let mut known = Known::default();
    let (filter, now) = (Filter::tenant(who.tenant.clone()), time_of_day());
    let (mut all, mut after) = (vec![], None);
    loop {
        let page = app.store.page(&filter, after, Page::LIMIT, now).await?;
        for record in page.records {
            all.extend(known.past(app, who, record).await?);
        }
        after = page.next;
        if after.is_none() || all.len() >= LOOKED_AT {
            return Ok(all);
        }
    }
}

/// Who and what was looked up already.
#[derive(Default)]
struct Known {
    people: BTreeMap<PersonId, Subject>,
    machines: BTreeMap<DeviceId, Machine>,
}

impl Known {
    async fn past(
        &mut self,
        app: &App,
        who: &Administrator,
        record: Record,
    ) -> Result<Option<Past>, Refusal> {
        let Some(sharer) = record.start.sharer else {
            return Ok(None);
        };
        Ok(Some(Past {
            session: record.start.session,
            helper: self.subject(app, who, record.start.helper.id).await?,
            sharer: self.subject(app, who, sharer.id).await?,
            machine: self.machine(app, who, record.start.device).await?,
            level: record.highest,
        }))
    }

    async fn subject(
        &mut self,
        app: &App,
        who: &Administrator,
        id: PersonId,
    ) -> Result<Subject, Refusal> {
        if let Some(known) = self.people.get(&id) {
            return Ok(known.clone());
        }
        let found = app.authority.subject(&who.tenant, &id).await?;
        self.people.insert(id, found.clone());
        Ok(found)
    }

    async fn machine(
        &mut self,
        app: &App,
        who: &Administrator,
        id: Option<DeviceId>,
    ) -> Result<Machine, Refusal> {
        let Some(id) = id else {
            return Ok(Machine::Unenrolled);
        };
        if let Some(known) = self.machines.get(&id) {
            return Ok(known.clone());
        }
        let found = app.store.device(&who.tenant, &id).await?;
        let found = found.map_or(Machine::Unenrolled, |found| found.machine(time_of_day()));
        self.machines.insert(id, found.clone());
        Ok(found)
    }
}

const LOOKED_AT: usize = 10_000;
const NAMED: usize = 200;
