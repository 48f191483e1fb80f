//! What this service can (RFC 7643 sections 5 to 7).

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::Provisioner;
use super::shape::{Asked, answer, list};

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

pub(super) async fn types(_who: Provisioner) -> Response {
    let one = |name: &str| {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": name,
            "name": name,
            "endpoint": format!("/{name}s"),
            "schema": format!("urn:ietf:params:scim:schemas:core:2.0:{name}"),
        })
    };
    let all = vec![one("User"), one("Group")];
    let total = all.len();
    list(all, total, &Asked::default())
}

pub(super) async fn schemas(_who: Provisioner) -> Response {
    let part = |name: &str| attribute(name, "string", false, &[]);
    let user = [
        unique("userName"),
        part("displayName"),
        part("title"),
        part("organization"),
        attribute("active", "boolean", false, &[]),
        attribute(
            "name",
            "complex",
            false,
            &["givenName", "familyName", "formatted"],
        ),
        attribute("emails", "complex", true, &["value", "type"]),
    ];
    let group = [
        part("displayName"),
        attribute("members", "complex", true, &["value"]),
    ];
    let all = vec![schema("User", &user), schema("Group", &group)];
    let total = all.len();
    list(all, total, &Asked::default())
}

fn schema(name: &str, attributes: &[Value]) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
        "id": format!("urn:ietf:params:scim:schemas:core:2.0:{name}"),
        "name": name,
        "attributes": attributes,
    })
}

fn unique(name: &str) -> Value {
    let mut one = attribute(name, "string", false, &[]);
    if let Some(fields) = one.as_object_mut() {
        fields.insert("required".to_owned(), true.into());
        fields.insert("uniqueness".to_owned(), "server".into());
    }
    one
}

fn attribute(name: &str, kind: &str, several: bool, parts: &[&str]) -> Value {
    let parts = parts
        .iter()
        .map(|part| attribute(part, "string", false, &[]));
    let parts: Vec<Value> = parts.collect();
    let mut one = json!({
        "name": name,
        "type": kind,
        "multiValued": several,
        "required": false,
        "caseExact": false,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "none",
    });
    if let (false, Some(fields)) = (parts.is_empty(), one.as_object_mut()) {
        fields.insert("subAttributes".to_owned(), parts.into());
    }
    one
}
