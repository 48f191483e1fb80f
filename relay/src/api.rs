//! HTTP: `/api/v1` and the health of the relay. What is not public needs a sign-in; the public routes are a list.

mod access;
mod administrator;
mod asked;
mod assignments;
mod bundle;
mod health;
mod me;
mod monitor;
mod record;
mod records;
mod refusal;
mod roles;
mod scope;
mod settings;
mod sign_in;
mod step_up;
mod ticket;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post, put};
use relay_store::Sqlite;
use utoipa::OpenApi;
use wire::Fault;

use crate::authority::Authority;
use crate::identity::Provider;
use crate::keys::Keys;
use crate::reception::Reception;
use crate::{config, upgrade, web};

use refusal::Body;
pub(crate) use refusal::Refusal;

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
    ("GET", "/api/v1/settings"),
    ("PUT", "/api/v1/settings"),
    ("GET", "/api/v1/roles"),
    ("POST", "/api/v1/roles"),
    ("PUT", "/api/v1/roles/{id}"),
    ("DELETE", "/api/v1/roles/{id}"),
    ("GET", "/api/v1/assignments"),
    ("POST", "/api/v1/assignments"),
    ("POST", "/api/v1/assignments/preview"),
    ("PUT", "/api/v1/assignments/{id}"),
    ("DELETE", "/api/v1/assignments/{id}"),
    ("GET", "/api/v1/assignments/{id}/coverage"),
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
        monitor::show,
        settings::show,
        settings::put,
        roles::list,
        roles::create,
        roles::put,
        roles::delete,
        assignments::list,
        assignments::create,
        assignments::preview,
        assignments::put,
        assignments::delete,
        assignments::coverage
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
        .merge(administration())
        .layer(axum::middleware::map_response(private))
        .fallback(web::serve)
        .with_state(app)
}

/// What administrators set up.
fn administration() -> Router<App> {
    let one_role = put(roles::put).delete(roles::delete);
    let one_assignment = put(assignments::put).delete(assignments::delete);
    Router::new()
        .route("/api/v1/settings", get(settings::show).put(settings::put))
        .route("/api/v1/roles", get(roles::list).post(roles::create))
        .route("/api/v1/roles/{id}", one_role)
        .route(
            "/api/v1/assignments",
            get(assignments::list).post(assignments::create),
        )
        .route("/api/v1/assignments/preview", post(assignments::preview))
        .route("/api/v1/assignments/{id}", one_assignment)
        .route(
            "/api/v1/assignments/{id}/coverage",
            get(assignments::coverage),
        )
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

/// The change does not go together with what is there.
fn does_not_fit(why: &str) -> Refusal {
    Refusal::new(StatusCode::CONFLICT, Fault::DoesNotFit).because(why)
}
