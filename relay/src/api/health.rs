//! `/healthz` and `/readyz`.

use axum::extract::State;
use axum::http::StatusCode;
use policy::TenantId;
use relay_store::{Filter, Records};

use super::App;
use crate::clock::time_of_day;

/// The process runs.
pub(super) async fn alive() -> &'static str {
    "alive\n"
}

/// New sessions can start: people can sign in, and records can be read.
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    if app.identity.provider.read().await.is_none() {
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            "the sign-in service was not reached yet\n",
        );
    }
    let nobody = Filter::tenant(TenantId(String::new()));
    match app.store.page(&nobody, None, 1, time_of_day()).await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the store does not answer\n",
        ),
    }
}
