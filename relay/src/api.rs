//! HTTP: `/api/v1` and the health of the relay. What is not public needs a sign-in; the public routes are a list.

mod access;
mod access_rules;
pub(crate) mod administrator;
pub(crate) mod asked;
mod assignments;
mod audit;
mod bundle;
mod compliance_rules;
pub(crate) mod connection;
mod devices;
mod explain;
mod first_administrator;
mod health;
mod invitations;
mod me;
mod monitor;
mod organisation;
mod people;
mod record;
mod records;
mod refusal;
mod roles;
mod scope;
mod sessions;
mod settings;
mod sign_in;
mod step_up;
mod ticket;
pub(crate) mod tokens;
mod what_if;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{delete, get, post, put};
use relay_store::Sqlite;
use utoipa::OpenApi;
use wire::Fault;

use crate::authority::Authority;
use crate::identity::Provider;
use crate::keys::Keys;
use crate::origins::Origins;
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
    /// Where people find the relay.
    pub(crate) address: config::Address,
    /// The pages that may connect.
    pub(crate) origins: Origins,
    pub(crate) policy: web::Policy,
    /// What it says of itself to those who look at their connection.
    pub(crate) ours: Arc<connection::Ours>,
}

/// The provider, which may not answer yet, and what clients are told of it.
pub(crate) struct Identity {
    pub(crate) config: config::Provider,
    pub(crate) provider: tokio::sync::RwLock<Option<Provider>>,
}

impl Identity {
    /// A provider that has not answered yet.
    pub(crate) fn of(config: config::Provider) -> Self {
        Self {
            config,
            provider: tokio::sync::RwLock::new(None),
        }
    }
}

/// Where clients connect: a WebSocket, or a session of WebTransport.
pub(crate) const CONNECT: &str = "/api/v1/connect";

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
        "/connect-test",
        "a page for whoever cannot sign in; there is nothing in it but what every page of the relay shows",
    ),
    (
        "GET",
        "/api/v1/connection",
        "says what anybody sees who connects, and who they are seen as",
    ),
    (
        "GET",
        CONNECT,
        "the first message of a connection is a ticket",
    ),
];

/// Every route with its method, for the sweep over all endpoints.
pub const ROUTES: &[(&str, &str)] = &[
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/connect-test"),
    ("GET", "/api/v1/sign-in"),
    ("POST", "/api/v1/sign-in"),
    ("DELETE", "/api/v1/sign-in"),
    ("GET", "/api/v1/bundle"),
    ("GET", "/api/v1/bundles/{fingerprint}"),
    ("GET", "/api/v1/me"),
    ("GET", CONNECT),
    ("GET", "/api/v1/connection"),
    ("POST", "/api/v1/tickets"),
    ("GET", "/api/v1/invitations"),
    ("DELETE", "/api/v1/invitations/{session}"),
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
    ("GET", "/api/v1/compliance-rules"),
    ("POST", "/api/v1/compliance-rules"),
    ("PUT", "/api/v1/compliance-rules/{id}"),
    ("DELETE", "/api/v1/compliance-rules/{id}"),
    ("GET", "/api/v1/access-rules"),
    ("POST", "/api/v1/access-rules"),
    ("PUT", "/api/v1/access-rules/{id}"),
    ("DELETE", "/api/v1/access-rules/{id}"),
    ("GET", "/api/v1/people"),
    ("GET", "/api/v1/people/{id}"),
    ("GET", "/api/v1/groups"),
    ("POST", "/api/v1/groups"),
    ("PUT", "/api/v1/groups/{id}"),
    ("DELETE", "/api/v1/groups/{id}"),
    ("GET", "/api/v1/devices"),
    ("GET", "/api/v1/devices/{id}"),
    ("POST", "/api/v1/devices/{id}/enrol"),
    ("POST", "/api/v1/devices/{id}/retire"),
    ("PUT", "/api/v1/devices/{id}/groups"),
    ("PUT", "/api/v1/devices/{id}/compliance"),
    ("GET", "/api/v1/sessions"),
    ("POST", "/api/v1/sessions/{session}/end"),
    ("GET", "/api/v1/explain"),
    ("POST", "/api/v1/what-if"),
    ("GET", "/api/v1/audit"),
    ("GET", "/api/v1/tokens"),
    ("POST", "/api/v1/tokens"),
    ("DELETE", "/api/v1/tokens/{id}"),
    ("GET", "/api/v1/organisation"),
    ("POST", "/api/v1/first-administrator"),
    ("GET", "/scim/v2/ServiceProviderConfig"),
    ("GET", "/scim/v2/ResourceTypes"),
    ("GET", "/scim/v2/ResourceTypes/{id}"),
    ("GET", "/scim/v2/Schemas"),
    ("GET", "/scim/v2/Schemas/{id}"),
    ("GET", "/scim/v2/Users"),
    ("POST", "/scim/v2/Users"),
    ("GET", "/scim/v2/Users/{id}"),
    ("PUT", "/scim/v2/Users/{id}"),
    ("PATCH", "/scim/v2/Users/{id}"),
    ("DELETE", "/scim/v2/Users/{id}"),
    ("GET", "/scim/v2/Groups"),
    ("POST", "/scim/v2/Groups"),
    ("GET", "/scim/v2/Groups/{id}"),
    ("PUT", "/scim/v2/Groups/{id}"),
    ("PATCH", "/scim/v2/Groups/{id}"),
    ("DELETE", "/scim/v2/Groups/{id}"),
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
        connection::show,
        bundle::show,
        bundle::find,
        me::show,
        ticket::issue,
        invitations::list,
        invitations::turn_down,
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
        assignments::coverage,
        compliance_rules::list,
        compliance_rules::create,
        compliance_rules::put,
        compliance_rules::delete,
        access_rules::list,
        access_rules::create,
        access_rules::put,
        access_rules::delete,
        people::list,
        people::show,
        people::groups,
        people::create,
        people::put,
        people::delete,
        devices::list,
        devices::show,
        devices::enrol,
        devices::retire,
        devices::set_groups,
        devices::report,
        sessions::list,
        sessions::end,
        explain::show,
        what_if::show,
        audit::list,
        tokens::list,
        tokens::create,
        tokens::revoke,
        organisation::show,
        first_administrator::redeem
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
        .route(CONNECT, get(upgrade::connect))
        .route("/api/v1/connection", get(connection::show))
        .route("/api/v1/tickets", post(ticket::issue))
        .route("/api/v1/invitations", get(invitations::list))
        .route(
            "/api/v1/invitations/{session}",
            delete(invitations::turn_down),
        )
        .route("/api/v1/records", get(records::list))
        .route("/api/v1/records.csv", get(records::export))
        .route(
            "/api/v1/records/{session}/{pair}/outcome",
            put(records::outcome),
        )
        .route("/api/v1/monitor", get(monitor::show))
        .merge(administration())
        .merge(crate::scim::router())
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
        .merge(rest())
}

/// Rules, people, devices, sessions, and what looks at them.
fn rest() -> Router<App> {
    Router::new()
        .route(
            "/api/v1/compliance-rules",
            get(compliance_rules::list).post(compliance_rules::create),
        )
        .route(
            "/api/v1/compliance-rules/{id}",
            put(compliance_rules::put).delete(compliance_rules::delete),
        )
        .route(
            "/api/v1/access-rules",
            get(access_rules::list).post(access_rules::create),
        )
        .route(
            "/api/v1/access-rules/{id}",
            put(access_rules::put).delete(access_rules::delete),
        )
        .route("/api/v1/people", get(people::list))
        .route("/api/v1/people/{id}", get(people::show))
        .route("/api/v1/groups", get(people::groups).post(people::create))
        .route(
            "/api/v1/groups/{id}",
            put(people::put).delete(people::delete),
        )
        .route("/api/v1/devices", get(devices::list))
        .route("/api/v1/devices/{id}", get(devices::show))
        .route("/api/v1/devices/{id}/enrol", post(devices::enrol))
        .route("/api/v1/devices/{id}/retire", post(devices::retire))
        .route("/api/v1/devices/{id}/groups", put(devices::set_groups))
        .route("/api/v1/devices/{id}/compliance", put(devices::report))
        .route("/api/v1/sessions", get(sessions::list))
        .route("/api/v1/sessions/{session}/end", post(sessions::end))
        .route("/api/v1/explain", get(explain::show))
        .route("/api/v1/what-if", post(what_if::show))
        .route("/api/v1/audit", get(audit::list))
        .route("/api/v1/tokens", get(tokens::list).post(tokens::create))
        .route("/api/v1/tokens/{id}", delete(tokens::revoke))
        .route("/api/v1/organisation", get(organisation::show))
        .route(
            "/api/v1/first-administrator",
            post(first_administrator::redeem),
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

#[cfg(test)]
pub(crate) mod tests;
