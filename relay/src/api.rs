//! HTTP: `/api/v1` and the health of the relay. What is not public needs a sign-in; the public routes are a list.

mod access;
mod bundle;
mod health;
mod me;
mod monitor;
mod record;
mod records;
mod sign_in;
mod step_up;
mod ticket;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use policy::Unmet;
use relay_core::fault_of;
use relay_store::Sqlite;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use wire::Fault;

use crate::authority::Authority;
use crate::identity::Provider;
use crate::keys::Keys;
use crate::reception::Reception;
use crate::{config, upgrade, web};

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) reception: Reception,
    pub(crate) identity: Arc<Identity>,
    pub(crate) authority: Arc<Authority>,
    pub(crate) keys: Arc<Keys>,
    pub(crate) store: Arc<Sqlite>,
    pub(crate) origins: Arc<[String]>,
    pub(crate) policy: web::Policy,
}

/// The provider, which may not answer yet, and what clients are told of it.
pub(crate) struct Identity {
    pub(crate) config: config::Provider,
    pub(crate) provider: tokio::sync::RwLock<Option<Provider>>,
}

/// Routes that need no sign-in, with the reason. A test compares this list with what answers.
pub const PUBLIC: &[(&str, &str, &str)] = &[
    ("GET", "/healthz", "says only that the process runs"),
    ("GET", "/readyz", "says only whether new sessions can start"),
    ("GET", "/api/v1/sign-in", "says where to sign in"),
    (
        "GET",
        "/api/v1/bundles/{fingerprint}",
        "what an enrolment link names is the same for everybody, and signed",
    ),
    (
        "GET",
        "/api/v1/connect",
        "the first message of a connection is a ticket",
    ),
];

/// Every route with its method, for the sweep over all endpoints.
pub const ROUTES: &[(&str, &str)] = &[
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/api/v1/sign-in"),
    ("POST", "/api/v1/sign-in"),
    ("DELETE", "/api/v1/sign-in"),
    ("GET", "/api/v1/bundle"),
    ("GET", "/api/v1/bundles/{fingerprint}"),
    ("GET", "/api/v1/me"),
    ("GET", "/api/v1/connect"),
    ("POST", "/api/v1/tickets"),
    ("GET", "/api/v1/records"),
    ("GET", "/api/v1/records.csv"),
    ("PUT", "/api/v1/records/{session}/{pair}/outcome"),
    ("GET", "/api/v1/monitor"),
];

/// The API in the words of OpenAPI 3.1, as `relay/openapi.json` keeps it for the pages' client.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Handrail relay",
        description = "The relay's API for its console."
    ),
    paths(
        sign_in::show,
        sign_in::open,
        sign_in::close,
        bundle::show,
        bundle::find,
        me::show,
        ticket::issue,
        records::list,
        records::export,
        records::outcome,
        monitor::show
    )
)]
struct Description;

/// The text of `relay/openapi.json`.
///
/// # Errors
/// Never, unless a shape cannot be written as JSON.
pub fn openapi() -> Result<String, serde_json::Error> {
    Ok(Description::openapi().to_pretty_json()? + "\n")
}

pub(crate) fn router(app: App) -> Router {
    let sign_in = get(sign_in::show)
        .post(sign_in::open)
        .delete(sign_in::close);
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/api/v1/sign-in", sign_in)
        .route("/api/v1/bundle", get(bundle::show))
        .route("/api/v1/bundles/{fingerprint}", get(bundle::find))
        .route("/api/v1/me", get(me::show))
        .route("/api/v1/connect", get(upgrade::connect))
        .route("/api/v1/tickets", post(ticket::issue))
        .route("/api/v1/records", get(records::list))
        .route("/api/v1/records.csv", get(records::export))
        .route(
            "/api/v1/records/{session}/{pair}/outcome",
            put(records::outcome),
        )
        .route("/api/v1/monitor", get(monitor::show))
        .layer(axum::middleware::map_response(private))
        .fallback(web::serve)
        .with_state(app)
}

/// Answers of the API are for the one who asked.
async fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}

/// An answer that says what went wrong.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    fault: Fault,
    unmet: Option<Box<Unmet>>,
}

/// Why a request was not done.
#[derive(Serialize, ToSchema)]
#[schema(as = Refusal)]
struct Body {
    /// Such as `RH-1702`.
    #[schema(value_type = String)]
    fault: Fault,
    text: &'static str,
    /// What an administrator calls the rule that refuses, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, fault: Fault) -> Self {
        Self {
            status,
            fault,
            unmet: None,
        }
    }
}

impl From<Unmet> for Refusal {
    /// What a fresh sign-in cures is a question of who asks (401, RFC 9470); the rest is forbidden.
    fn from(unmet: Unmet) -> Self {
        let status = if unmet.lacks.is_curable() {
            StatusCode::UNAUTHORIZED
        } else {
            StatusCode::FORBIDDEN
        };
        Self {
            status,
            fault: fault_of(&unmet.lacks),
            unmet: Some(Box::new(unmet)),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let challenge = self
            .unmet
            .as_ref()
            .and_then(|unmet| step_up::challenge(&unmet.lacks));
        let body = Body {
            fault: self.fault,
            text: self.fault.text(),
            rule: self.unmet.map(|unmet| unmet.rule),
        };
        let mut response = (self.status, Json(body)).into_response();
        if let Some(challenge) = challenge {
            let headers = response.headers_mut();
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
