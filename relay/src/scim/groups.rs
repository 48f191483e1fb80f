//! `/scim/v2/Groups`.

use std::collections::BTreeSet;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use policy::{GroupId, PersonId, TenantId};
use relay_store::{Directory, Group, GroupKind, MEMBER_LIMIT, Members, Page, Source};
use serde_json::{Value, json};

use super::Provisioner;
use super::failure::Failure;
use super::filter::{Attribute, Filter};
use super::patch::{apply, canonical};
use super::shape::{self, Asked, some_text, text};
use crate::api::App;
use crate::api::asked::{done, new_id};

const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

pub(super) async fn list(
    State(app): State<App>,
    who: Provisioner,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let filter = asked.filter()?;
    let (before, count) = asked.window();
    let (mut total, mut some) = (0_usize, vec![]);
    for group in candidates(&app, &who.tenant, &filter).await? {
        if group.source == Source::Scim && filter.takes(&told(&group, &[])) {
            if total >= before && some.len() < count {
                let members = if asked.members() {
                    members(&app, &who.tenant, &group.id).await?
                } else {
                    vec![]
                };
                let told = shape::with_meta(told(&group, &members), "Group", &app);
                some.push(asked.only(told));
            }
            total = total.saturating_add(1);
        }
    }
    Ok(shape::list(some, total, &asked))
}

async fn candidates(app: &App, tenant: &TenantId, filter: &Filter) -> Result<Vec<Group>, Failure> {
    let store = &app.store;
    if let Some(id) = filter.wanted(Attribute::Id) {
        let found = store.group_of_scim(tenant, id).await?;
        return Ok(found.into_iter().collect());
    }
    if let Some(id) = filter.wanted(Attribute::ExternalId) {
        let id = GroupId(id.to_owned());
        return Ok(store.group(tenant, &id).await?.into_iter().collect());
    }
    let name = filter.wanted(Attribute::DisplayName).unwrap_or_default();
    let (mut all, mut after) = (vec![], None);
    loop {
        let page = store.groups(tenant, GroupKind::People, name, after, Page::LIMIT);
        let page = page.await?;
        all.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    who: Provisioner,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let group = standing(&app, &who, &id).await?;
    let members = if asked.members() {
        members(&app, &who.tenant, &group.id).await?
    } else {
        vec![]
    };
    let body = told(&group, &members);
    if shape::is_known(&headers, &body) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    Ok(shape::part(&asked, body, "Group", &app))
}

pub(super) async fn create(
    State(app): State<App>,
    who: Provisioner,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    let said = canonical(shape::read(body)?);
    let group = group(&said, new_id(&app), None)?;
    done(async move {
        let _alone = app.authority.alone().await;
        let known = app.store.group(&who.tenant, &group.id).await?;
        if known.is_some_and(|known| known.source == Source::Scim) {
            return Err(Failure {
                kind: Some("uniqueness"),
                ..Failure::new(StatusCode::CONFLICT, "this group is there already")
            });
        }
        keep(&app, &who, &group, &said, StatusCode::CREATED).await
    })
    .await
}

pub(super) async fn replace(
    State(app): State<App>,
    who: Provisioner,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    let said = canonical(shape::read(body)?);
    done(change(app, who, id, headers, move |_| Ok(said))).await
}

pub(super) async fn patch(
    State(app): State<App>,
    who: Provisioner,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    let request = shape::read(body)?;
    let patched = move |mut said: Value| {
        apply(&mut said, &request)?;
        Ok(said)
    };
    done(change(app, who, id, headers, patched)).await
}

async fn change(
    app: App,
    who: Provisioner,
    id: String,
    headers: HeaderMap,
    change: impl FnOnce(Value) -> Result<Value, Failure> + Send,
) -> Result<Response, Failure> {
    let _alone = app.authority.alone().await;
    let before = standing(&app, &who, &id).await?;
    let members = members(&app, &who.tenant, &before.id).await?;
    let was = told(&before, &members);
    shape::check_version(&headers, &was)?;
    let said = change(was)?;
    let after = group(&said, id, Some(&before))?;
    keep(&app, &who, &after, &said, StatusCode::OK).await
}

pub(super) async fn delete(
    State(app): State<App>,
    who: Provisioner,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    done(async move {
        let _alone = app.authority.alone().await;
        let (store, act, tenant) = (&app.store, who.act(), &who.tenant);
        let before = standing(&app, &who, &id).await?;
        let of_it = members(&app, tenant, &before.id).await?;
        shape::check_version(&headers, &told(&before, &of_it))?;
        let all = everybody(&app, tenant, &before.id).await?;
        store.delete_group(&act, tenant, &before.id).await?;
        for person in all {
            app.authority.person_changed(tenant, &person).await?;
        }
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

/// Keeps a group with exactly these members, and tells live sessions of those who came and went.
async fn keep(
    app: &App,
    who: &Provisioner,
    group: &Group,
    said: &Value,
    status: StatusCode,
) -> Result<Response, Failure> {
    let (store, act, tenant) = (&app.store, who.act(), &who.tenant);
    let wanted = wanted(app, tenant, said).await?;
    store.put_group(&act, tenant, group).await?;
    let is = everybody(app, tenant, &group.id).await?;
    let is: BTreeSet<String> = is.into_iter().map(|id| id.0).collect();
    let texts = |some: Vec<&String>| -> Vec<String> { some.into_iter().cloned().collect() };
    let add = texts(wanted.difference(&is).collect());
    let remove = texts(is.difference(&wanted).collect());
    let changed = Members {
        source: Some(Source::Scim),
        add: &add,
        remove: &remove,
    };
    store.set_members(&act, tenant, &group.id, changed).await?;
    for person in add.into_iter().chain(remove) {
        let person = PersonId(person);
        // Whoever is not known yet has no session.
        if store.person(tenant, &person).await?.is_some() {
            app.authority.person_changed(tenant, &person).await?;
        }
    }
    let kept = store.group(tenant, &group.id).await?;
    let members = members(app, tenant, &group.id).await?;
    let body = told(kept.as_ref().unwrap_or(group), &members);
    Ok(shape::resource(status, body, "Group", app))
}

/// The ids of the people whom a resource names as members.
async fn wanted(app: &App, tenant: &TenantId, said: &Value) -> Result<BTreeSet<String>, Failure> {
    let named = said.get("members").and_then(Value::as_array);
    let named = named.map_or(&[][..], Vec::as_slice);
    if named.len() > MEMBER_LIMIT {
        return Err(Failure::bad(
            "tooMany",
            "a group changes by at most 10,000 members at once",
        ));
    }
    let mut ids = BTreeSet::new();
    for one in named {
        let id = text(one, "value")?;
        let found = app.store.person_of_scim(tenant, &id).await?;
        let found = found
            .ok_or_else(|| Failure::bad("invalidValue", format!("there is no user {id:?}")))?;
        ids.insert(found.id.0);
    }
    Ok(ids)
}

/// Everybody in the group, whoever says so.
async fn everybody(app: &App, tenant: &TenantId, id: &GroupId) -> Result<Vec<PersonId>, Failure> {
    let mut all: Vec<String> = vec![];
    loop {
        let after = all.last().cloned();
        let some = app
            .store
            .members(tenant, id, after.as_deref(), MEMBER_LIMIT);
        let some = some.await?;
        let is_last = some.len() < MEMBER_LIMIT;
        all.extend(some);
        if is_last {
            return Ok(all.into_iter().map(PersonId).collect());
        }
    }
}

/// The members that SCIM knows.
async fn members(app: &App, tenant: &TenantId, id: &GroupId) -> Result<Vec<Value>, Failure> {
    let mut told = vec![];
    for person in everybody(app, tenant, id).await? {
        let known = app.store.person(tenant, &person).await?;
        if let Some(scim_id) = known.and_then(|known| known.scim_id) {
            let place = format!("{}/scim/v2/Users/{scim_id}", app.address);
            told.push(json!({"value": scim_id, "type": "User", "$ref": place}));
        }
    }
    Ok(told)
}

async fn standing(app: &App, who: &Provisioner, id: &str) -> Result<Group, Failure> {
    let found = app.store.group_of_scim(&who.tenant, id).await?;
    let found = found.filter(|found| found.source == Source::Scim);
    found.ok_or_else(|| Failure::nothing_there(id))
}

/// The group as a resource of RFC 7643 section 4.2.
fn told(group: &Group, members: &[Value]) -> Value {
    let mut body = json!({
        "schemas": [SCHEMA],
        "id": group.scim_id,
        "displayName": group.name,
        "members": members,
    });
    if let (Some(id), Some(fields)) = (&group.external_id, body.as_object_mut()) {
        fields.insert("externalId".to_owned(), json!(id));
    }
    body
}

/// The group that a resource means.
fn group(said: &Value, scim_id: String, before: Option<&Group>) -> Result<Group, Failure> {
    let name = text(said, "displayName")?;
    if name.trim().is_empty() {
        return Err(Failure::bad("invalidValue", "displayName is needed"));
    }
    let external_id = some_text(said, "externalId")?;
    let id = match before {
        Some(before) if before.external_id.is_some() && before.external_id != external_id => {
            // Assignments know the group by it.
            return Err(Failure::bad(
                "mutability",
                "externalId stays: delete the group and make a new one",
            ));
        }
        Some(before) => before.id.clone(),
        None => GroupId(external_id.clone().unwrap_or_else(|| name.clone())),
    };
    Ok(Group {
        id,
        kind: GroupKind::People,
        name,
        external_id,
        scim_id: Some(scim_id),
        source: Source::Scim,
    })
}
