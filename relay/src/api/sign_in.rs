//! `GET /api/v1/sign-in`: where a client signs its person in.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use wire::Protocols;

use super::App;

/// Where to sign in, and as which client.
#[derive(Serialize)]
pub(super) struct SignIn {
    issuer: String,
    helper_client: String,
    sharer_client: String,
    protocol: Protocols,
}

pub(super) async fn show(State(app): State<App>) -> Json<SignIn> {
    let config = &app.identity.config;
    Json(SignIn {
        issuer: config.issuer.clone(),
        helper_client: config.helper_client.clone(),
        sharer_client: config.sharer_client.clone(),
        protocol: Protocols::OURS,
    })
}
