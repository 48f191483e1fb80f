//! `POST /api/v1/tickets`: a one-time ticket for one connection.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use tracing::warn;
use utoipa::ToSchema;
use wire::Fault;

use super::access::SignedIn;
use super::{App, Refusal};

/// A ticket, good once and for 30 s.
#[derive(Serialize, ToSchema)]
#[schema(as = Ticket)]
pub(super) struct Issued {
    ticket: String,
}

/// A ticket for one connection.
#[utoipa::path(post, path = "/api/v1/tickets", operation_id = "issue_ticket", responses(
    (status = 201, body = Issued), (status = 401, body = super::Body), (status = 503, body = super::Body),
))]
pub(super) async fn issue(
    State(app): State<App>,
    SignedIn(person): SignedIn,
) -> Result<(StatusCode, Json<Issued>), Refusal> {
    let ticket = app.reception.issue(person).map_err(|error| {
        warn!(%error, "no ticket was given");
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Fault::NotNow)
    })?;
    let ticket = ticket.expose().to_owned();
    Ok((StatusCode::CREATED, Json(Issued { ticket })))
}
