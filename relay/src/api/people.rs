//! `/api/v1/people` and `/api/v1/groups`: the directory (PRODUCT 1.10, 2.4).

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use policy::{GroupId, Permissions, PersonId};
use relay_store::{Directory, Entry, Group, GroupKind, MEMBER_LIMIT, Source};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::administrator::Administrator;
use super::asked::{Asked, Given, new_id, no_such, place, size, to_the_end};
use super::record::rfc3339;
use super::{App, Refusal};

/// Some people by name.
#[derive(Serialize, ToSchema)]
pub(super) struct People {
    people: Vec<Somebody>,
    /// `after` of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Somebody of the organisation.
#[derive(Serialize, ToSchema)]
#[schema(as = DirectoryPerson)]
pub(super) struct Somebody {
    /// The subject that the sign-in service vouches for.
    id: String,
    name: String,
    user_name: String,
    email: String,
    title: String,
    company: String,
    /// May sign in.
    active: bool,
    /// Who says so: `claims` of a token, or `scim`.
    source: &'static str,
    #[schema(required)]
    last_seen: Option<String>,
}

/// Somebody of the organisation with the groups that count.
#[derive(Serialize, ToSchema)]
#[schema(as = PersonDetails)]
pub(super) struct Details {
    #[serde(flatten)]
    person: Somebody,
    /// The groups that the person is in, whoever says so; at most 500.
    groups: Vec<Told>,
}

/// Some groups by name.
#[derive(Serialize, ToSchema)]
pub(super) struct Groups {
    groups: Vec<Told>,
    /// `after` of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A group of people or of devices.
#[derive(Serialize, ToSchema)]
#[schema(as = DirectoryGroup)]
pub(super) struct Told {
    id: String,
    /// `people` or `devices`.
    kind: &'static str,
    name: String,
    /// `claims`, `scim` or `local`.
    source: &'static str,
}

/// What a group of devices is called.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeviceGroupSaid)]
pub(super) struct Said {
    name: String,
}

/// Which people or groups.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Search {
    /// Name, user name or e-mail address begin with this.
    #[serde(default)]
    search: String,
    /// Of groups: `people`, if nothing is said, or `devices`.
    kind: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// At most this many, and at most 1000.
    limit: Option<usize>,
}

impl From<Entry> for Somebody {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id.0,
            name: entry.name,
            user_name: entry.user_name,
            email: entry.email,
            title: entry.title,
            company: entry.company,
            active: entry.active,
            source: entry.source.word(),
            last_seen: entry.last_seen.map(rfc3339),
        }
    }
}

impl From<Group> for Told {
    fn from(group: Group) -> Self {
        Self {
            id: group.id.0,
            kind: group.kind.word(),
            name: group.name,
            source: group.source.word(),
        }
    }
}

/// People by name; needs the permission `directory` or `roles`.
#[utoipa::path(get, path = "/api/v1/people", operation_id = "list_people", params(Search), responses(
    (status = 200, body = People), (status = 401, body = super::Body), (status = 403, body = super::Body),
    (status = 422, body = super::Body),
))]
pub(super) async fn list(
    State(app): State<App>,
    who: Administrator,
    Asked(asked): Asked<Search>,
) -> Result<Json<People>, Refusal> {
    who.require_any(READERS)?;
    let (after, size) = (place(asked.after.as_deref())?, size(asked.limit));
    let search = searched(&asked.search)?;
    let found = app.store.people(&who.tenant, search, after, size).await?;
    Ok(Json(People {
        people: found.items.into_iter().map(Somebody::from).collect(),
        next: found.next.map(|next| next.to_string()),
    }))
}

/// One person; needs the permission `directory`, `roles` or `devices`.
#[utoipa::path(get, path = "/api/v1/people/{id}", operation_id = "show_person", params(("id" = String, Path)), responses(
    (status = 200, body = Details), (status = 401, body = super::Body), (status = 403, body = super::Body),
    (status = 404, body = super::Body),
))]
pub(super) async fn show(
    State(app): State<App>,
    who: Administrator,
    Path(id): Path<String>,
) -> Result<Json<Details>, Refusal> {
    who.require_any(READERS.and(Permissions::DEVICES))?;
    let (store, tenant, id) = (&app.store, &who.tenant, PersonId(id));
    let found = store.person(tenant, &id).await?;
    let found = found.ok_or_else(Refusal::nothing_there)?;
    let mut groups = vec![];
    for group in store.groups_of(tenant, &id).await?.iter().take(SHOWN) {
        groups.extend(store.group(tenant, group).await?.map(Told::from));
    }
    Ok(Json(Details {
        person: found.into(),
        groups,
    }))
}

/// Groups by name; needs the permission `directory` or `roles`.
#[utoipa::path(get, path = "/api/v1/groups", operation_id = "list_groups", params(Search), responses(
    (status = 200, body = Groups), (status = 401, body = super::Body), (status = 403, body = super::Body),
    (status = 422, body = super::Body),
))]
pub(super) async fn groups(
    State(app): State<App>,
    who: Administrator,
    Asked(asked): Asked<Search>,
) -> Result<Json<Groups>, Refusal> {
    who.require_any(READERS)?;
    let (after, size) = (place(asked.after.as_deref())?, size(asked.limit));
    let kind = asked.kind.as_deref().unwrap_or("people");
    let of = kind.parse::<GroupKind>();
    let of = of.map_err(|_| no_such("kind of group", kind).at("kind"))?;
    let search = searched(&asked.search)?;
    let (store, tenant) = (&app.store, &who.tenant);
    let found = store.groups(tenant, of, search, after, size).await?;
    Ok(Json(Groups {
        groups: found.items.into_iter().map(Told::from).collect(),
        next: found.next.map(|next| next.to_string()),
    }))
}

/// Makes a group of devices; needs the permission `directory`.
#[utoipa::path(post, path = "/api/v1/groups", operation_id = "create_device_group", request_body = Said, responses(
    (status = 201, body = Told), (status = 400, body = super::Body), (status = 401, body = super::Body),
    (status = 403, body = super::Body), (status = 422, body = super::Body),
))]
pub(super) async fn create(
    State(app): State<App>,
    who: Administrator,
    Given(said): Given<Said>,
) -> Result<(StatusCode, Json<Told>), Refusal> {
    who.require(Permissions::DIRECTORY)?;
    let id = GroupId(new_id(&app));
    let kept = keep(&app, &who, id, said).await?;
    Ok((StatusCode::CREATED, Json(kept)))
}

/// Calls a group of devices something else.
#[utoipa::path(put, path = "/api/v1/groups/{id}", operation_id = "put_device_group", request_body = Said,
    params(("id" = String, Path)), responses(
    (status = 200, body = Told), (status = 400, body = super::Body), (status = 401, body = super::Body),
    (status = 403, body = super::Body), (status = 404, body = super::Body), (status = 409, body = super::Body),
))]
pub(super) async fn put(
    State(app): State<App>,
    who: Administrator,
    Path(id): Path<String>,
    Given(said): Given<Said>,
) -> Result<Json<Told>, Refusal> {
    who.require(Permissions::DIRECTORY)?;
    let id = own(&app, &who, id).await?;
    Ok(Json(keep(&app, &who, id, said).await?))
}

/// Deletes a group of devices. Devices stay; rules that name the group cover none of them by it.
#[utoipa::path(delete, path = "/api/v1/groups/{id}", operation_id = "delete_device_group", params(("id" = String, Path)), responses(
    (status = 204), (status = 401, body = super::Body), (status = 403, body = super::Body),
    (status = 404, body = super::Body), (status = 409, body = super::Body),
))]
pub(super) async fn delete(
    State(app): State<App>,
    who: Administrator,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    who.require(Permissions::DIRECTORY)?;
    to_the_end(async move {
        let id = own(&app, &who, id).await?;
        let (store, act, tenant) = (&app.store, who.act(), &who.tenant);
        let mut members = vec![];
        loop {
            let after = members.last().cloned();
            let some = store.members(tenant, &id, after.as_deref(), MEMBER_LIMIT);
            let some: Vec<String> = some.await?;
            let is_last = some.len() < MEMBER_LIMIT;
            members.extend(some);
            if is_last {
                break;
            }
        }
        if !store.delete_group(&act, tenant, &id).await? {
            return Err(Refusal::nothing_there());
        }
        for device in members {
            let device = policy::DeviceId(device);
            app.authority.device_changed(tenant, &device).await?;
        }
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

async fn keep(app: &App, who: &Administrator, id: GroupId, said: Said) -> Result<Told, Refusal> {
    let group = Group {
        id,
        kind: GroupKind::Devices,
        name: said.name,
        external_id: None,
        scim_id: None,
        source: Source::Local,
    };
    let (act, tenant) = (who.act(), &who.tenant);
    app.store.put_group(&act, tenant, &group).await?;
    let kept = app.store.group(tenant, &group.id).await?;
    Ok(kept.unwrap_or(group).into())
}

/// A group of devices that was made here; those of people are the sign-in service's.
async fn own(app: &App, who: &Administrator, id: String) -> Result<GroupId, Refusal> {
    let id = GroupId(id);
    let found = app.store.group(&who.tenant, &id).await?;
    let found = found.ok_or_else(Refusal::nothing_there)?;
    if found.kind != GroupKind::Devices {
        return Err(super::does_not_fit(
            "Groups of people come from the sign-in service or from SCIM.",
        ));
    }
    Ok(id)
}

/// The text that is looked for, if it is short enough to be a name.
fn searched(text: &str) -> Result<&str, Refusal> {
    if text.len() > MAX_SEARCH {
        return Err(Refusal::malformed("`search` is too long").at("search"));
    }
    Ok(text)
}

/// Who may read the directory: whoever tends it, and whoever gives roles to people in it.
const READERS: Permissions = Permissions::DIRECTORY.and(Permissions::ROLES);
const MAX_SEARCH: usize = 200;
/// So many groups of a person are told.
const SHOWN: usize = 500;
