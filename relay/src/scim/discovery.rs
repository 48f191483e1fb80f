//! What this service can (RFC 7643 sections 5 to 7).

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::Provisioner;
use super::failure::Failure;
use super::shape::{Asked, answer, list};
use crate::api::App;

pub(super) async fn config(_who: Provisioner) -> Response {
    let off = json!({"supported": false});
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": true},
        "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": true, "maxResults": 1000},
        "changePassword": off,
        "sort": off,
        "etag": {"supported": true},
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "A SCIM token of the organisation",
        }],
    });
    answer(StatusCode::OK, &body)
}

pub(super) async fn types(State(app): State<App>, _who: Provisioner) -> Response {
    whole(all_types(&app))
}

/// One of them by its name.
pub(super) async fn type_of(
    State(app): State<App>,
    _who: Provisioner,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    one(all_types(&app), &id)
}

pub(super) async fn schemas(State(app): State<App>, _who: Provisioner) -> Response {
    whole(all_schemas(&app))
}

/// One of them by its URN.
pub(super) async fn schema_of(
    State(app): State<App>,
    _who: Provisioner,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    one(all_schemas(&app), &id)
}

/// What is no resource, in the form of all refusals.
pub(super) async fn nowhere() -> Failure {
    Failure::new(StatusCode::NOT_FOUND, "there is nothing at this address")
}

fn whole(all: Vec<Value>) -> Response {
    let total = all.len();
    list(all, total, &Asked::default())
}

fn one(all: Vec<Value>, id: &str) -> Result<Response, Failure> {
    let mut all = all.into_iter();
    let found = all.find(|one| one.get("id").and_then(Value::as_str) == Some(id));
    let found = found.ok_or_else(|| Failure::nothing_there(id))?;
    Ok(answer(StatusCode::OK, &found))
}

fn all_types(app: &App) -> Vec<Value> {
    let one = |name: &str| {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": name,
            "name": name,
            "endpoint": format!("/{name}s"),
            "schema": format!("urn:ietf:params:scim:schemas:core:2.0:{name}"),
            "meta": meta(app, "ResourceType", name),
        })
    };
    vec![one("User"), one("Group")]
}

fn all_schemas(app: &App) -> Vec<Value> {
    let text = |name| attribute(name, "string");
    // It is made of the name that people see, which `displayName` sets.
    let fixed = |one| with(one, &[("mutability", json!("readOnly"))]);
    let formatted = fixed(text("formatted"));
    let user = [
        with(
            text("userName"),
            &[("required", json!(true)), ("uniqueness", json!("server"))],
        ),
        text("displayName"),
        text("title"),
        text("organization"),
        attribute("active", "boolean"),
        parts(
            "name",
            false,
            &[text("givenName"), text("familyName"), formatted],
        ),
        parts(
            "emails",
            true,
            // One address is kept, which is that of work.
            &[
                text("value"),
                fixed(text("type")),
                fixed(attribute("primary", "boolean")),
            ],
        ),
    ];
    let member = [
        text("value"),
        with(
            attribute("$ref", "reference"),
            &[("referenceTypes", json!(["User"]))],
        ),
        fixed(text("type")),
    ];
    let group = [
        with(text("displayName"), &[("required", json!(true))]),
        parts("members", true, &member),
    ];
    vec![schema(app, "User", &user), schema(app, "Group", &group)]
}

fn schema(app: &App, name: &str, attributes: &[Value]) -> Value {
    let id = format!("urn:ietf:params:scim:schemas:core:2.0:{name}");
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
        "id": id,
        "name": name,
        "attributes": attributes,
        "meta": meta(app, "Schema", &id),
    })
}

fn meta(app: &App, kind: &str, id: &str) -> Value {
    let place = format!("{}/scim/v2/{kind}s/{id}", app.address);
    json!({"resourceType": kind, "location": place})
}

fn attribute(name: &str, kind: &str) -> Value {
    json!({
        "name": name,
        "type": kind,
        "multiValued": false,
        "required": false,
        "caseExact": false,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "none",
    })
}

fn parts(name: &str, several: bool, parts: &[Value]) -> Value {
    let more = [
        ("multiValued", json!(several)),
        ("subAttributes", json!(parts)),
    ];
    with(attribute(name, "complex"), &more)
}

fn with(mut attribute: Value, more: &[(&str, Value)]) -> Value {
    if let Some(fields) = attribute.as_object_mut() {
        fields.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone())),
        );
    }
    attribute
}
