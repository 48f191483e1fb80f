//! `GET /api/v1/organisation`: the organisation as its key says, and the link that enrols programs (SPEC 8.6).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use policy::Permissions;
use serde::Serialize;
use utoipa::ToSchema;
use wire::Fault;

use super::administrator::Administrator;
use super::{App, Refusal};

/// The organisation.
#[derive(Serialize, ToSchema)]
#[schema(as = Organisation)]
pub(super) struct Told {
    name: String,
    domain: String,
    /// Of the organisation's key, 64 hex digits.
    fingerprint: String,
    /// What enrols a program: whoever opens it trusts this organisation at this relay.
    enrolment: String,
}

/// The organisation; needs any permission to administer.
#[utoipa::path(get, path = "/api/v1/organisation", operation_id = "show_organisation", responses(
    (status = 200, body = Told), (status = 401, body = super::Body), (status = 403, body = super::Body),
    (status = 404, body = super::Body),
))]
pub(super) async fn show(
    State(app): State<App>,
    who: Administrator,
) -> Result<Json<Told>, Refusal> {
    who.require_any(Permissions::ADMINISTRATION)?;
    let found = app.keys.organisation(&who.tenant);
    let found = found.ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, Fault::NoBundle))?;
    let (name, domain, fingerprint) = found;
    Ok(Json(Told {
        name: name.to_owned(),
        domain: domain.to_owned(),
        fingerprint: fingerprint.to_owned(),
        enrolment: format!("{}/join#{fingerprint}", app.address),
    }))
}
