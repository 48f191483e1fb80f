//! HTTP: `/api/v1` and the health of the relay. What is not public needs a sign-in; the public routes are a list.

mod health;
mod sign_in;
mod ticket;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use relay_store::Records;
use serde::Serialize;
use wire::Fault;

use crate::identity::Provider;
use crate::reception::Reception;
use crate::{config, upgrade};

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) reception: Reception,
    pub(crate) identity: Arc<Identity>,
    pub(crate) store: Arc<dyn Records>,
    pub(crate) origins: Arc<[String]>,
}

/// The provider, which may not answer yet, and what clients are told of it.
pub(crate) struct Identity {
    pub(crate) config: config::Provider,
    pub(crate) provider: tokio::sync::RwLock<Option<Provider>>,
}

/// Routes that need no sign-in, with the reason. A test compares this list with what answers.
pub const PUBLIC: &[(&str, &str)] = &[
    ("/healthz", "says only that the process runs"),
    ("/readyz", "says only whether new sessions can start"),
    ("/api/v1/sign-in", "says where to sign in"),
    (
        "/api/v1/connect",
        "the first message of a connection is a ticket",
    ),
];

/// Every route with its method, for the sweep over all endpoints.
pub const ROUTES: &[(&str, &str)] = &[
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/api/v1/sign-in"),
    ("GET", "/api/v1/connect"),
    ("POST", "/api/v1/tickets"),
];

pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/api/v1/sign-in", get(sign_in::show))
        .route("/api/v1/connect", get(upgrade::connect))
        .route("/api/v1/tickets", post(ticket::issue))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .with_state(app)
}

/// An answer that says what went wrong.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    fault: Fault,
}

#[derive(Serialize)]
struct Body {
    fault: Fault,
    text: &'static str,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, fault: Fault) -> Self {
        Self { status, fault }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = Body {
            fault: self.fault,
            text: self.fault.text(),
        };
        (self.status, Json(body)).into_response()
    }
}
