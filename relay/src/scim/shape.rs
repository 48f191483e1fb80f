//! How requests are read and answers written: media type, lists, versions.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::failure::Failure;
use super::filter::Filter;
use super::patch::without_schema;
use crate::api::App;

/// RFC 7644 section 3.1.
pub(super) const MEDIA: &str = "application/scim+json";

/// Which resources of a list (RFC 7644 section 3.4.2). What else is asked for is not an error.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Asked {
    filter: Option<String>,
    start_index: Option<i64>,
    count: Option<i64>,
    attributes: Option<String>,
    excluded_attributes: Option<String>,
}

impl Asked {
    pub(super) fn filter(&self) -> Result<Filter, Failure> {
        let read = self.filter.as_deref().map(Filter::read);
        Ok(read.transpose()?.unwrap_or_default())
    }

    /// The members of groups are wanted.
    pub(super) fn members(&self) -> bool {
        let excluded = self.excluded_attributes.as_deref().unwrap_or_default();
        let mut excluded = excluded.split(',');
        !excluded.any(|name| name.trim().eq_ignore_ascii_case("members"))
    }

    /// The attributes of a resource that are wanted; what names it is always there (RFC 7644 section 3.9).
    pub(super) fn only(&self, mut resource: Value) -> Value {
        let named = |list: &Option<String>, name: &str| {
            let list = list.as_deref().unwrap_or_default();
            let mut names = list.split(',').map(|one| without_schema(one.trim()));
            names.any(|one| {
                one.split('.')
                    .next()
                    .is_some_and(|one| one.eq_ignore_ascii_case(name))
            })
        };
        let some = self.attributes.is_some();
        if let Some(fields) = resource.as_object_mut() {
            fields.retain(|name, _| {
                ["id", "schemas", "meta"].contains(&name.as_str())
                    || ((!some || named(&self.attributes, name))
                        && !named(&self.excluded_attributes, name))
            });
        }
        resource
    }

    /// How many come before the page, and how many are on it.
    pub(super) fn window(&self) -> (usize, usize) {
        let start = self.start_index.unwrap_or(1).max(1).saturating_sub(1);
        let count = self.count.unwrap_or(PAGE).clamp(0, PAGE_LIMIT);
        let size = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        (size(start), size(count))
    }
}

/// A list of resources.
pub(super) fn list(resources: Vec<Value>, total: usize, asked: &Asked) -> Response {
    let (before, _) = asked.window();
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total,
        "startIndex": before.saturating_add(1),
        "itemsPerPage": resources.len(),
        "Resources": resources,
    });
    answer(StatusCode::OK, &body)
}

/// What a resource says of itself: of which kind it is, where it is, in which version.
pub(super) fn with_meta(mut body: Value, kind: &str, app: &App) -> Value {
    let version = version(&body);
    let id = body.get("id").and_then(Value::as_str).unwrap_or_default();
    let place = format!("{}/scim/v2/{kind}s/{id}", app.address);
    let meta = json!({"resourceType": kind, "location": place, "version": version});
    if let Some(fields) = body.as_object_mut() {
        fields.insert("meta".to_owned(), meta);
    }
    body
}

/// A resource with its version.
pub(super) fn resource(status: StatusCode, body: Value, kind: &str, app: &App) -> Response {
    told(status, &with_meta(body, kind, app), &Asked::default())
}

/// As much of a resource as was asked for.
pub(super) fn part(asked: &Asked, body: Value, kind: &str, app: &App) -> Response {
    told(StatusCode::OK, &with_meta(body, kind, app), asked)
}

fn told(status: StatusCode, body: &Value, asked: &Asked) -> Response {
    let said = |name| body.pointer(name).and_then(Value::as_str);
    let version = said("/meta/version").unwrap_or_default();
    let place = said("/meta/location").unwrap_or_default();
    let mut response = answer(status, &asked.only(body.clone()));
    let headers = response.headers_mut();
    for (name, value) in [(header::ETAG, version), (header::LOCATION, place)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    response
}

pub(super) fn answer(status: StatusCode, body: &Value) -> Response {
    let kind = HeaderValue::from_static(MEDIA);
    (status, [(header::CONTENT_TYPE, kind)], body.to_string()).into_response()
}

/// Refuses a change of another version than the one that the request names (RFC 7644 section 3.14).
pub(super) fn check_version(headers: &HeaderMap, body: &Value) -> Result<(), Failure> {
    let Some(wanted) = headers.get(header::IF_MATCH) else {
        return Ok(());
    };
    let wanted = wanted.to_str().unwrap_or_default();
    let is = version(body);
    let mut all = wanted.split(',').map(str::trim);
    if all.any(|one| one == "*" || one == is) {
        return Ok(());
    }
    Err(Failure::new(
        StatusCode::PRECONDITION_FAILED,
        "the resource has another version by now",
    ))
}

/// Whether the caller has this version already.
pub(super) fn is_known(headers: &HeaderMap, body: &Value) -> bool {
    let known = headers.get(header::IF_NONE_MATCH);
    let known = known.and_then(|known| known.to_str().ok());
    known.is_some_and(|known| known.split(',').any(|one| one.trim() == version(body)))
}

/// A weak validator: the same resource has the same one.
fn version(body: &Value) -> String {
    let digest = crate::identity::ticket::digest(&body.to_string());
    let digits: String = digest.iter().take(8).map(|b| format!("{b:02x}")).collect();
    format!("W/\"{digits}\"")
}

/// The JSON of a request, of whatever media type.
pub(super) fn read(body: Result<Bytes, BytesRejection>) -> Result<Value, Failure> {
    let body = body.map_err(|error| Failure::new(error.status(), error.body_text()))?;
    let read: Result<Value, _> = serde_json::from_slice(&body);
    let read = read.map_err(|error| Failure::bad("invalidSyntax", error.to_string()))?;
    if !read.is_object() {
        return Err(Failure::bad("invalidSyntax", "an object is wanted"));
    }
    Ok(read)
}

/// A text of a resource, empty if it is not there.
pub(super) fn text(resource: &Value, name: &'static str) -> Result<String, Failure> {
    match resource.get(name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(Failure::bad("invalidValue", format!("{name} is a text"))),
    }
}

/// A text that is there or not.
pub(super) fn some_text(resource: &Value, name: &'static str) -> Result<Option<String>, Failure> {
    Ok(Some(text(resource, name)?).filter(|text| !text.is_empty()))
}

const PAGE: i64 = 100;
const PAGE_LIMIT: i64 = 1000;
