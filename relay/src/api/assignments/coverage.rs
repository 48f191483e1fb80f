//! Whom and what an assignment covers, shown before it is made (PRODUCT 2.4).

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, State};
use policy::{Assignment, DeviceId, GroupId, Permissions, PersonId, RuleId, TenantId};
use relay_store::{
    DeviceFilter, DeviceState, Devices, Directory, Error, MEMBER_LIMIT, Page, Place, Sqlite,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::Said;
use crate::api::administrator::Administrator;
use crate::api::asked::Given;
use crate::api::{App, Refusal};

/// Whom and what an assignment covers, as far as the directory knows: people and devices that were never seen are not counted.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Coverage {
    /// Who may help by it.
    helpers: Covered,
    /// Who may be helped by it.
    users: Covered,
    /// Enrolled devices that may be helped on by it.
    devices: Covered,
}

/// How many, and the first of them.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Covered {
    count: usize,
    /// All of the organisation.
    all: bool,
    /// The first 50.
    first: Vec<One>,
}

/// One of them.
#[derive(Serialize, ToSchema)]
#[schema(as = CoveredOne)]
pub(in crate::api) struct One {
    id: String,
    name: String,
}

/// Whom and what an assignment covers; needs the permission `roles`.
#[utoipa::path(get, path = "/api/v1/assignments/{id}/coverage", operation_id = "show_coverage",
    params(("id" = String, Path)), responses(
    (status = 200, body = Coverage), (status = 401, body = crate::api::Body), (status = 403, body = crate::api::Body),
    (status = 404, body = crate::api::Body),
))]
pub(in crate::api) async fn show(
    State(app): State<App>,
    who: Administrator,
    Path(id): Path<String>,
) -> Result<Json<Coverage>, Refusal> {
    who.require(Permissions::ROLES)?;
    let policy = app.authority.policy(&who.tenant);
    let mut all = policy.assignments().iter();
    let found = all.find(|one| one.id.0 == id);
    let found = found.ok_or_else(Refusal::nothing_there)?;
    Ok(Json(covered(&app.store, &who.tenant, found).await?))
}

/// Whom and what an assignment would cover that is not kept yet.
#[utoipa::path(post, path = "/api/v1/assignments/preview", operation_id = "preview_assignment", request_body = Said, responses(
    (status = 200, body = Coverage), (status = 400, body = crate::api::Body), (status = 401, body = crate::api::Body),
    (status = 403, body = crate::api::Body), (status = 422, body = crate::api::Body),
))]
pub(in crate::api) async fn preview(
    State(app): State<App>,
    who: Administrator,
    Given(said): Given<Said>,
) -> Result<Json<Coverage>, Refusal> {
    who.require(Permissions::ROLES)?;
    let unsaved = RuleId(String::new());
    let assignment = said.assignment(unsaved, &app, &who.tenant).await?;
    Ok(Json(covered(&app.store, &who.tenant, &assignment).await?))
}

async fn covered(
    store: &Sqlite,
    tenant: &TenantId,
    assignment: &Assignment,
) -> Result<Coverage, Error> {
    let mut helpers = members(store, tenant, &assignment.groups).await?;
    helpers.extend(assignment.people.iter().map(|id| id.0.clone()));
    let scope = &assignment.scope;
    let users = if scope.all_users {
        everybody(store, tenant).await?
    } else {
        let ids = members(store, tenant, &scope.users).await?;
        people(store, tenant, ids).await?
    };
    let devices = if scope.all_devices {
        every_device(store, tenant).await?
    } else {
        let ids = members(store, tenant, &scope.devices).await?;
        named_devices(store, tenant, ids).await?
    };
    Ok(Coverage {
        helpers: people(store, tenant, helpers).await?,
        users,
        devices,
    })
}

/// The members of all these groups, each once.
async fn members(
    store: &Sqlite,
    tenant: &TenantId,
    groups: &[GroupId],
) -> Result<BTreeSet<String>, Error> {
    let mut all = BTreeSet::new();
    for group in groups {
        let mut after: Option<String> = None;
        while all.len() < COUNTED {
            let some = store.members(tenant, group, after.as_deref(), MEMBER_LIMIT);
            let some = some.await?;
            let is_last = some.len() < MEMBER_LIMIT;
            after = some.last().cloned();
            all.extend(some);
            if is_last {
                break;
            }
        }
    }
    Ok(all)
}

async fn people(
    store: &Sqlite,
    tenant: &TenantId,
    ids: BTreeSet<String>,
) -> Result<Covered, Error> {
    let count = ids.len();
    let mut first = vec![];
    for id in ids.into_iter().take(NAMED) {
        let known = store.person(tenant, &PersonId(id.clone())).await?;
        let name = known.map_or_else(|| id.clone(), |known| known.name);
        first.push(One { id, name });
    }
    Ok(Covered {
        count,
        all: false,
        first,
    })
}

async fn named_devices(
    store: &Sqlite,
    tenant: &TenantId,
    ids: BTreeSet<String>,
) -> Result<Covered, Error> {
    let count = ids.len();
    let mut first = vec![];
    for id in ids.into_iter().take(NAMED) {
        let known = store.device(tenant, &DeviceId(id.clone())).await?;
        let name = known.map_or_else(|| id.clone(), |known| known.name);
        first.push(One { id, name });
    }
    Ok(Covered {
        count,
        all: false,
        first,
    })
}

async fn everybody(store: &Sqlite, tenant: &TenantId) -> Result<Covered, Error> {
    let (mut count, mut first) = (0_usize, vec![]);
    let mut after: Option<Place> = None;
    loop {
        let page = store.people(tenant, "", after, Page::LIMIT).await?;
        count = count.saturating_add(page.items.len());
        let room = NAMED.saturating_sub(first.len());
        first.extend(page.items.into_iter().take(room).map(|person| One {
            id: person.id.0,
            name: person.name,
        }));
        after = page.next;
        if after.is_none() || count >= COUNTED {
            break;
        }
    }
    Ok(Covered {
        count,
        all: true,
        first,
    })
}

async fn every_device(store: &Sqlite, tenant: &TenantId) -> Result<Covered, Error> {
    let (mut count, mut first) = (0_usize, vec![]);
    let mut after: Option<Place> = None;
    let filter = DeviceFilter {
        state: Some(DeviceState::Enrolled),
        ..DeviceFilter::default()
    };
    loop {
        let page = store.devices(tenant, &filter, after, Page::LIMIT).await?;
        count = count.saturating_add(page.items.len());
        let room = NAMED.saturating_sub(first.len());
        first.extend(page.items.into_iter().take(room).map(|device| One {
            id: device.id.0,
            name: device.name,
        }));
        after = page.next;
        if after.is_none() || count >= COUNTED {
            break;
        }
    }
    Ok(Covered {
        count,
        all: true,
        first,
    })
}

/// So many are named.
const NAMED: usize = 50;
/// Whoever comes after so many is not counted.
const COUNTED: usize = 100_000;
