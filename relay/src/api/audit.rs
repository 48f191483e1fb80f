//! `GET /api/v1/audit`: the log of administrators' changes (PRODUCT 8.3).

use axum::Json;
use axum::extract::State;
use policy::Permissions;
use relay_store::{Audit, Change, ChangeFilter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::administrator::Administrator;
use super::asked::{Asked, size};
use super::record::rfc3339;
use super::{App, Refusal};
use crate::clock::time_of_day;

/// Some changes, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = Changes)]
pub(super) struct List {
    changes: Vec<Told>,
    /// `after` of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<i64>,
}

/// One change.
#[derive(Serialize, ToSchema)]
#[schema(as = Change)]
pub(super) struct Told {
    id: i64,
    /// RFC 3339.
    at: String,
    actor: Actor,
    /// The address; none if it was done on the relay's host.
    #[schema(required)]
    source: Option<String>,
    /// `create`, `change`, `delete`, ...
    action: String,
    /// `role`, `assignment`, `settings`, ...
    kind: String,
    /// The id of what was changed.
    object: String,
    /// What it was called then.
    name: String,
    #[schema(required)]
    before: Option<Value>,
    #[schema(required)]
    after: Option<Value>,
}

/// A person, a token or a command on the relay's host.
#[derive(Serialize, ToSchema)]
pub(super) struct Actor {
    id: String,
    name: String,
}

/// Which changes.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Search {
    /// Only by this actor's id.
    actor: Option<String>,
    /// Only of this kind of object.
    kind: Option<String>,
    /// Only this action.
    action: Option<String>,
    /// `next` of the page before.
    after: Option<i64>,
    /// At most this many, and at most 1000.
    limit: Option<usize>,
}

impl From<Change> for Told {
    fn from(change: Change) -> Self {
        let (act, object) = (change.act, change.object);
        Self {
            id: change.id,
            at: rfc3339(act.at),
            actor: Actor {
                id: act.actor.id,
                name: act.actor.name,
            },
            source: act.source.map(|source| source.to_string()),
            action: object.action,
            kind: object.kind,
            object: object.id,
            name: object.name,
            before: object.before,
            after: object.after,
        }
    }
}

/// The log of changes; needs the permission `audit`.
#[utoipa::path(get, path = "/api/v1/audit", operation_id = "list_changes", params(Search), responses(
    (status = 200, body = List), (status = 401, body = super::Body), (status = 403, body = super::Body),
    (status = 422, body = super::Body),
))]
pub(super) async fn list(
    State(app): State<App>,
    who: Administrator,
    Asked(asked): Asked<Search>,
) -> Result<Json<List>, Refusal> {
    who.require(Permissions::AUDIT)?;
    let filter = ChangeFilter {
        actor: asked.actor,
        object_kind: asked.kind,
        action: asked.action,
    };
    let (store, tenant, size) = (&app.store, &who.tenant, size(asked.limit));
    let now = time_of_day();
    let found = store
        .changes(tenant, &filter, asked.after, size, now)
        .await?;
    Ok(Json(List {
        changes: found.changes.into_iter().map(Told::from).collect(),
        next: found.next,
    }))
}
