//! `/api/v1/devices`: machines that share their screen (PRODUCT 2.6, 6, 11.5).

use axum::Json;
use axum::extract::{Path, State};
use policy::{DeviceId, GroupId, Permissions, PersonId};
use relay_store::{Device, DeviceFilter, DeviceState, Devices, Reason, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::administrator::Administrator;
use super::asked::{Asked, Given, no_such, place, size, to_the_end};
use super::record::{parse_time, rfc3339};
use super::{App, Refusal};
use crate::clock::time_of_day;

/// Some devices by name.
#[derive(Serialize, ToSchema)]
#[schema(as = Devices)]
pub(super) struct List {
    devices: Vec<Told>,
    /// `after` of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A machine.
#[derive(Serialize, ToSchema)]
#[schema(as = Device)]
pub(super) struct Told {
    id: String,
    name: String,
    platform: String,
    /// Who signed in on it last.
    #[schema(required)]
    user: Option<String>,
    /// `seen`, `enrolled` or `retired`.
    state: &'static str,
    #[schema(required)]
    enrolled_at: Option<String>,
    #[schema(required)]
    enrolled_by: Option<String>,
    last_seen: String,
    /// `compliant`, `not_compliant`, `stale` or `not_enrolled`.
    compliance: &'static str,
    /// What it breaks, by the last report.
    reasons: Vec<Broken>,
    #[schema(required)]
    reported_at: Option<String>,
    groups: Vec<String>,
}

/// A rule that a device breaks.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Reason)]
pub(super) struct Broken {
    /// For programs.
    code: String,
    /// For people.
    text: String,
}

/// Which groups a device is in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeviceGroups {
    groups: Vec<String>,
}

/// What was found out about a device.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Report {
    /// `compliant` or `not_compliant`.
    state: String,
    #[serde(default)]
    reasons: Vec<Broken>,
    /// When (RFC 3339), not in the future; now, if nothing is said.
    at: Option<String>,
}

/// Which devices.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Search {
    /// The name begins with this.
    #[serde(default)]
    search: String,
    /// `seen`, `enrolled` or `retired`.
    state: Option<String>,
    /// The subject of who signed in on it last.
    user: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// At most this many, and at most 1000.
    limit: Option<usize>,
}

impl Told {
    fn of(device: Device, now: Time) -> Self {
        let compliance = device.compliance(now).word();
        let (reasons, at) = match device.reported {
            Some(report) => (report.reasons, Some(report.at)),
            None => (vec![], None),
        };
        let broken = |reason: Reason| Broken {
            code: reason.code,
            text: reason.text,
        };
        Self {
            id: device.id.0,
            name: device.name,
            platform: device.platform,
            user: device.user.map(|user| user.0),
            state: device.state.word(),
            enrolled_at: device.enrolled_at.map(rfc3339),
            enrolled_by: device.enrolled_by,
            last_seen: rfc3339(device.last_seen),
            compliance,
            reasons: reasons.into_iter().map(broken).collect(),
            reported_at: at.map(rfc3339),
            groups: device.groups.into_iter().map(|group| group.0).collect(),
        }
    }
}

/// Devices by name; needs the permission `devices` or `directory`.
#[utoipa::path(get, path = "/api/v1/devices", operation_id = "list_devices", params(Search), responses(
    (status = 200, body = List), (status = 401, body = super::Body), (status = 403, body = super::Body),
    (status = 422, body = super::Body),
))]
pub(super) async fn list(
    State(app): State<App>,
    who: Administrator,
    Asked(asked): Asked<Search>,
) -> Result<Json<List>, Refusal> {
    who.require_any(READERS)?;
    let state = asked.state.as_deref().map(|word| {
        let state = word.parse::<DeviceState>();
        state.map_err(|_| no_such("state", word).at("state"))
    });
    let filter = DeviceFilter {
        search: asked.search,
        state: state.transpose()?,
        user: asked.user.map(PersonId),
    };
    let (after, size) = (place(asked.after.as_deref())?, size(asked.limit));
    let found = app.store.devices(&who.tenant, &filter, after, size).await?;
    let now = time_of_day();
    let told = found.items.into_iter().map(|one| Told::of(one, now));
    Ok(Json(List {
        devices: told.collect(),
        next: found.next.map(|next| next.to_string()),
    }))
}

/// One device.
#[utoipa::path(get, path = "/api/v1/devices/{id}", operation_id = "show_device", params(("id" = String, Path)), responses(
    (status = 200, body = Told), (status = 401, body = super::Body), (status = 403, body = super::Body),
    (status = 404, body = super::Body),
))]
pub(super) async fn show(
    State(app): State<App>,
    who: Administrator,
    Path(id): Path<String>,
) -> Result<Json<Told>, Refusal> {
    who.require_any(READERS)?;
    found(&app, &who, &DeviceId(id)).await
}

/// The device belongs to the organisation; needs the permission `directory`.
#[utoipa::path(post, path = "/api/v1/devices/{id}/enrol", operation_id = "enrol_device", params(("id" = String, Path)), responses(
    (status = 200, body = Told), (status = 401, body = super::Body), (status = 403, body = super::Body),
    (status = 404, body = super::Body),
))]
pub(super) async fn enrol(
    State(app): State<App>,
    who: Administrator,
    Path(id): Path<String>,
) -> Result<Json<Told>, Refusal> {
    who.require(Permissions::DIRECTORY)?;
    to_the_end(async move {
        let (act, id) = (who.act(), DeviceId(id));
        let is_there = app.store.enrol(&act, &who.tenant, &id).await?;
        changed(&app, &who, &id, is_there).await
    })
    .await
}

/// The device does not belong to the organisation any more.
#[utoipa::path(post, path = "/api/v1/devices/{id}/retire", operation_id = "retire_device", params(("id" = String, Path)), responses(
    (status = 200, body = Told), (status = 401, body = super::Body), (status = 403, body = super::Body),
    (status = 404, body = super::Body),
))]
pub(super) async fn retire(
    State(app): State<App>,
    who: Administrator,
    Path(id): Path<String>,
) -> Result<Json<Told>, Refusal> {
    who.require(Permissions::DIRECTORY)?;
    to_the_end(async move {
        let (act, id) = (who.act(), DeviceId(id));
        let is_there = app.store.retire(&act, &who.tenant, &id).await?;
        changed(&app, &who, &id, is_there).await
    })
    .await
}

/// Puts an enrolled device into these groups and no other.
#[utoipa::path(put, path = "/api/v1/devices/{id}/groups", operation_id = "put_device_groups", request_body = DeviceGroups,
    params(("id" = String, Path)), responses(
    (status = 200, body = Told), (status = 400, body = super::Body), (status = 401, body = super::Body),
    (status = 403, body = super::Body), (status = 404, body = super::Body), (status = 422, body = super::Body),
))]
pub(super) async fn set_groups(
    State(app): State<App>,
    who: Administrator,
    Path(id): Path<String>,
    Given(said): Given<DeviceGroups>,
) -> Result<Json<Told>, Refusal> {
    who.require(Permissions::DIRECTORY)?;
    to_the_end(async move {
        let (act, id) = (who.act(), DeviceId(id));
        let groups: Vec<GroupId> = said.groups.into_iter().map(GroupId).collect();
        let (store, tenant) = (&app.store, &who.tenant);
        let is_there = store.set_groups(&act, tenant, &id, &groups).await?;
        changed(&app, &who, &id, is_there).await
    })
    .await
}

/// Keeps what was found out about an enrolled device; needs the permission `directory`.
#[utoipa::path(put, path = "/api/v1/devices/{id}/compliance", operation_id = "report_compliance", request_body = Report,
    params(("id" = String, Path)), responses(
    (status = 200, body = Told), (status = 400, body = super::Body), (status = 401, body = super::Body),
    (status = 403, body = super::Body), (status = 404, body = super::Body), (status = 422, body = super::Body),
))]
pub(super) async fn report(
    State(app): State<App>,
    who: Administrator,
    Path(id): Path<String>,
    Given(said): Given<Report>,
) -> Result<Json<Told>, Refusal> {
    who.require(Permissions::DIRECTORY)?;
    let now = time_of_day();
    let at = said.at.as_deref().map(parse_time);
    let at = at.map_or(Some(now), |at| at.filter(|at| *at <= now));
    let at = at.ok_or_else(|| Refusal::malformed("`at` is no time of the past").at("at"))?;
    let state = said.state.parse();
    let state = state.map_err(|_| no_such("state", &said.state).at("state"))?;
    let reason = |one: Broken| Reason {
        code: one.code,
        text: one.text,
    };
    let reasons: Vec<Reason> = said.reasons.into_iter().map(reason).collect();
    to_the_end(async move {
        let (store, tenant, id) = (&app.store, &who.tenant, DeviceId(id));
        let is_there = store.report(tenant, &id, state, &reasons, at).await?;
        changed(&app, &who, &id, is_there).await
    })
    .await
}

/// Tells live sessions, and answers the device as it is now.
async fn changed(
    app: &App,
    who: &Administrator,
    id: &DeviceId,
    is_there: bool,
) -> Result<Json<Told>, Refusal> {
    if !is_there {
        return Err(Refusal::nothing_there());
    }
    app.authority.device_changed(&who.tenant, id).await?;
    found(app, who, id).await
}

async fn found(app: &App, who: &Administrator, id: &DeviceId) -> Result<Json<Told>, Refusal> {
    let found = app.store.device(&who.tenant, id).await?;
    let found = found.ok_or_else(Refusal::nothing_there)?;
    Ok(Json(Told::of(found, time_of_day())))
}

const READERS: Permissions = Permissions::DEVICES.and(Permissions::DIRECTORY);
