//! Bundles of the organisations: what clients know of them without believing the relay (SPEC 8.6).

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use wire::Fault;

use super::access::SignedIn;
use super::{App, Refusal};

/// A bundle as the organisation's key signed it.
#[derive(Serialize, ToSchema)]
#[schema(as = Bundle)]
pub(super) struct Signed {
    /// A JWS in compact form.
    bundle: String,
}

/// The bundle of the organisation of the person who asks.
#[utoipa::path(get, path = "/api/v1/bundle", operation_id = "show_bundle", responses(
    (status = 200, body = Signed), (status = 401, body = super::Body), (status = 404, body = super::Body),
))]
pub(super) async fn show(
    State(app): State<App>,
    SignedIn(person): SignedIn,
) -> Result<Json<Signed>, Refusal> {
    found(app.keys.bundle(&person.tenant))
}

/// The bundle that was signed by the key with this fingerprint: for programs that are enrolled before anybody signs in.
#[utoipa::path(get, path = "/api/v1/bundles/{fingerprint}", operation_id = "find_bundle",
    params(("fingerprint" = String, Path, description = "64 hex digits")),
    responses((status = 200, body = Signed), (status = 404, body = super::Body)))]
pub(super) async fn find(
    State(app): State<App>,
    Path(fingerprint): Path<String>,
) -> Result<Json<Signed>, Refusal> {
    found(app.keys.bundle_of(&fingerprint))
}

fn found(bundle: Option<&str>) -> Result<Json<Signed>, Refusal> {
    let bundle = bundle.ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, Fault::NoBundle))?;
    Ok(Json(Signed {
        bundle: bundle.to_owned(),
    }))
}
