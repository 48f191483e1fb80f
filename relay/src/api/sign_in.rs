//! `/api/v1/sign-in`: where a client signs its person in, and the console's own sign-in.

use std::net::SocketAddr;
use std::time::Instant;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tracing::info;
use utoipa::ToSchema;
use wire::Protocols;

use super::access::{COOKIE, Known, admit, bearer, cookie};
use super::me::Me;
use super::{App, Refusal};
use crate::identity::sign_ins::LIFE;

/// Where to sign in, and as which client.
#[derive(Serialize, ToSchema)]
pub(super) struct SignIn {
    issuer: String,
    helper_client: String,
    sharer_client: String,
    console_client: String,
    /// What to ask for.
    scope: String,
    /// What a page names in the parameter `resource` (RFC 8707), if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<String>,
    #[schema(value_type = ProtocolRange)]
    protocol: Protocols,
}

/// The versions of the relay protocol that the relay speaks.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "describes wire::Protocols, which knows no OpenAPI"
)]
pub(super) struct ProtocolRange {
    min: u16,
    max: u16,
}

/// Where to sign in.
#[utoipa::path(get, path = "/api/v1/sign-in", operation_id = "show_sign_in", responses((status = 200, body = SignIn)))]
pub(super) async fn show(State(app): State<App>) -> Json<SignIn> {
    let config = &app.identity.config;
    Json(SignIn {
        issuer: config.issuer.clone(),
        helper_client: config.helper_client.clone(),
        sharer_client: config.sharer_client.clone(),
        console_client: config.console_client.clone(),
        scope: config.scope.clone(),
        resource: config.resource.then(|| config.audience.clone()),
        protocol: Protocols::OURS,
    })
}

/// Turns an access token into the console's cookie, for 12 hours.
#[utoipa::path(post, path = "/api/v1/sign-in", operation_id = "sign_in", responses(
    (status = 200, body = Me), (status = 401, body = super::Body), (status = 403, body = super::Body), (status = 503, body = super::Body),
))]
pub(super) async fn open(
    State(app): State<App>,
    source: Option<Extension<SocketAddr>>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let person = bearer(&headers, &app).await?;
    admit(&person, source.map(|Extension(source)| source), &app)?;
    let me = Me::of(&person, &app);
    info!("somebody signed in at the console");
    let secret = app
        .authority
        .sign_ins
        .open(person, app.reception.random(), Instant::now());
    Ok((set_cookie(&secret, LIFE.as_secs()), Json(me)).into_response())
}

/// Signs out at the console. Sessions of the person go on.
#[utoipa::path(delete, path = "/api/v1/sign-in", operation_id = "sign_out", responses((status = 204), (status = 401, body = super::Body)))]
pub(super) async fn close(State(app): State<App>, _who: Known, headers: HeaderMap) -> Response {
    if let Some(secret) = cookie(&headers) {
        app.authority.sign_ins.close(secret);
    }
    (StatusCode::NO_CONTENT, set_cookie("", 0)).into_response()
}

fn set_cookie(secret: &str, seconds: u64) -> HeaderMap {
    let line =
        format!("{COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={seconds}");
    let mut headers = HeaderMap::new();
    if let Ok(line) = HeaderValue::from_str(&line) {
        headers.insert(header::SET_COOKIE, line);
    }
    headers
}
