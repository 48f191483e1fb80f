//! `/scim/v2/Users`.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use policy::{PersonId, TenantId};
use relay_store::{Directory, Entry, Page, Source};
use serde_json::{Map, Value, json};

use super::Provisioner;
use super::failure::Failure;
use super::filter::{Attribute, Filter};
use super::patch::{apply, canonical};
use super::shape::{self, Asked, some_text, text};
use crate::api::App;
use crate::api::asked::{done, new_id};

const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

pub(super) async fn list(
    State(app): State<App>,
    who: Provisioner,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let filter = asked.filter()?;
    let (before, count) = asked.window();
    let (mut total, mut some) = (0_usize, vec![]);
    for entry in candidates(&app, &who.tenant, &filter).await? {
        let told = told(&entry);
        if entry.source == Source::Scim && filter.takes(&told) {
            if total >= before && some.len() < count {
                some.push(asked.only(shape::with_meta(told, "User", &app)));
            }
            total = total.saturating_add(1);
        }
    }
    Ok(shape::list(some, total, &asked))
}

/// Everybody whom the filter may take, and few others.
async fn candidates(app: &App, tenant: &TenantId, filter: &Filter) -> Result<Vec<Entry>, Failure> {
    let store = &app.store;
    if let Some(id) = filter.wanted(Attribute::Id) {
        let found = store.person_of_scim(tenant, id).await?;
        return Ok(found.into_iter().collect());
    }
    if let Some(id) = filter.wanted(Attribute::ExternalId) {
        let id = PersonId(id.to_owned());
        return Ok(store.person(tenant, &id).await?.into_iter().collect());
    }
    let name = filter.wanted(Attribute::UserName);
    let name = name.or_else(|| filter.wanted(Attribute::DisplayName));
    let (mut all, mut after) = (vec![], None);
    loop {
        let page = store.people(tenant, name.unwrap_or_default(), after, Page::LIMIT);
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
    let body = told(&standing(&app, &who, &id).await?);
    if shape::is_known(&headers, &body) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    Ok(shape::part(&asked, body, "User", &app))
}

pub(super) async fn create(
    State(app): State<App>,
    who: Provisioner,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    let said = canonical(shape::read(body)?);
    let entry = entry(&said, new_id(&app), None)?;
    done(async move {
        let _alone = app.authority.alone().await;
        let known = app.store.person(&who.tenant, &entry.id).await?;
        if known.is_some_and(|known| known.source == Source::Scim) {
            return Err(taken());
        }
        keep(&app, &who, &entry, StatusCode::CREATED).await
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
    done(async move {
        let _alone = app.authority.alone().await;
        let before = standing(&app, &who, &id).await?;
        shape::check_version(&headers, &told(&before))?;
        let after = entry(&said, id, Some(&before))?;
        keep(&app, &who, &after, StatusCode::OK).await
    })
    .await
}

pub(super) async fn patch(
    State(app): State<App>,
    who: Provisioner,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    let request = shape::read(body)?;
    done(async move {
        let _alone = app.authority.alone().await;
        let before = standing(&app, &who, &id).await?;
        let mut said = told(&before);
        shape::check_version(&headers, &said)?;
        apply(&mut said, &request)?;
        let after = entry(&said, id, Some(&before))?;
        keep(&app, &who, &after, StatusCode::OK).await
    })
    .await
}

pub(super) async fn delete(
    State(app): State<App>,
    who: Provisioner,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    done(async move {
        let _alone = app.authority.alone().await;
        let before = standing(&app, &who, &id).await?;
        shape::check_version(&headers, &told(&before))?;
        let (store, act, tenant) = (&app.store, who.act(), &who.tenant);
        store.delete_person(&act, tenant, &before.id).await?;
        app.authority.person_changed(tenant, &before.id).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

/// Keeps a person, and tells live sessions and sign-ins at once (PRODUCT 1.10).
async fn keep(
    app: &App,
    who: &Provisioner,
    entry: &Entry,
    status: StatusCode,
) -> Result<Response, Failure> {
    let (act, tenant) = (who.act(), &who.tenant);
    app.store.put_person(&act, tenant, entry).await?;
    app.authority.person_changed(tenant, &entry.id).await?;
    let kept = app.store.person(tenant, &entry.id).await?;
    let body = told(kept.as_ref().unwrap_or(entry));
    Ok(shape::resource(status, body, "User", app))
}

async fn standing(app: &App, who: &Provisioner, id: &str) -> Result<Entry, Failure> {
    let found = app.store.person_of_scim(&who.tenant, id).await?;
    let found = found.filter(|found| found.source == Source::Scim);
    found.ok_or_else(|| Failure::nothing_there(id))
}

/// The person as a resource of RFC 7643 section 4.1.
fn told(entry: &Entry) -> Value {
    let mut body = json!({
        "schemas": [SCHEMA],
        "id": entry.scim_id,
        "userName": entry.user_name,
        "displayName": entry.name,
        "active": entry.active,
    });
    let Some(fields) = body.as_object_mut() else {
        return body;
    };
    // What is empty is not there (RFC 7643 section 2.5).
    let mut tell = |name: &str, is_there: bool, value: Value| {
        if is_there {
            fields.insert(name.to_owned(), value);
        }
    };
    let parts = [("givenName", &entry.given), ("familyName", &entry.family)];
    let parts = parts.into_iter().filter(|(_, text)| !text.is_empty());
    let parts: Map<String, Value> = parts
        .map(|(name, text)| (name.to_owned(), json!(text)))
        .collect();
    tell("name", !parts.is_empty(), Value::Object(parts));
    tell("title", !entry.title.is_empty(), json!(entry.title));
    tell(
        "organization",
        !entry.company.is_empty(),
        json!(entry.company),
    );
    let email = json!([{"type": "work", "primary": true, "value": entry.email}]);
    tell("emails", !entry.email.is_empty(), email);
    let external_id = &entry.external_id;
    tell("externalId", external_id.is_some(), json!(external_id));
    body
}

/// The person whom a resource means.
fn entry(said: &Value, scim_id: String, before: Option<&Entry>) -> Result<Entry, Failure> {
    let user_name = text(said, "userName")?;
    if user_name.trim().is_empty() {
        return Err(Failure::bad("invalidValue", "userName is needed"));
    }
    let external_id = some_text(said, "externalId")?;
    let id = match before {
        Some(before) if before.external_id.is_some() && before.external_id != external_id => {
            // Roles, records and sign-ins know the person by it.
            return Err(Failure::bad(
                "mutability",
                "externalId stays: delete the person and make a new one",
            ));
        }
        Some(before) => before.id.clone(),
        None => PersonId(external_id.clone().unwrap_or_else(|| user_name.clone())),
    };
    let none = Value::Null;
    let parts = said.get("name").unwrap_or(&none);
    let (given, family) = (text(parts, "givenName")?, text(parts, "familyName")?);
    let both = format!("{given} {family}");
    let named = [text(said, "displayName")?, text(parts, "formatted")?, both];
    let mut named = named.into_iter().filter(|name| !name.trim().is_empty());
    Ok(Entry {
        id,
        name: named.next().unwrap_or_else(|| user_name.clone()),
        user_name,
        given,
        family,
        title: text(said, "title")?,
        company: text(said, "organization")?,
        email: email(said)?,
        active: active(said)?,
        external_id,
        scim_id: Some(scim_id),
        source: Source::Scim,
        last_seen: None,
    })
}

/// The primary address, or the first.
fn email(said: &Value) -> Result<String, Failure> {
    let all = said.get("emails").and_then(Value::as_array);
    let all = || all.into_iter().flatten();
    let is_primary = |one: &&Value| one.get("primary") == Some(&Value::Bool(true));
    let found = all().find(is_primary).or_else(|| all().next());
    found.map_or(Ok(String::new()), |found| text(found, "value"))
}

/// Entra ID writes truth as a text.
fn active(said: &Value) -> Result<bool, Failure> {
    match said.get("active") {
        None | Some(Value::Null) => Ok(true),
        Some(Value::Bool(active)) => Ok(*active),
        Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => Ok(true),
        Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => Ok(false),
        Some(_) => Err(Failure::bad("invalidValue", "active is true or false")),
    }
}

fn taken() -> Failure {
    Failure {
        kind: Some("uniqueness"),
        ..Failure::new(StatusCode::CONFLICT, "this person is there already")
    }
}
