//! `PUT /api/v1/records/{session}/{pair}/outcome`: what came of a session (PRODUCT 3.14).

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use policy::{PairId, SessionId};
use relay_store::{Note, Records};
use serde::Deserialize;
use utoipa::ToSchema;
use wire::Fault;

use super::{malformed, unavailable};
use crate::api::access::SignedIn;
use crate::api::{App, Refusal};
use crate::clock::time_of_day;

/// What the helper says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Outcome)]
pub(in crate::api) struct Said {
    /// `solved`, `unsolved` or `escalated`.
    outcome: String,
    /// At most 4000 characters.
    notes: String,
}

/// Writes what came of a session; only its helper can.
#[utoipa::path(put, path = "/api/v1/records/{session}/{pair}/outcome", operation_id = "put_outcome", request_body = Said,
    params(("session" = String, Path), ("pair" = u8, Path)), responses(
    (status = 204), (status = 401, body = crate::api::Body), (status = 404, body = crate::api::Body),
    (status = 422, body = crate::api::Body), (status = 503, body = crate::api::Body),
))]
pub(in crate::api) async fn put(
    State(app): State<App>,
    SignedIn(person): SignedIn,
    place: Result<Path<(String, u8)>, PathRejection>,
    said: Result<Json<Said>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    let Path((session, pair)) = place.map_err(|_| malformed())?;
    let Json(said) = said.map_err(|_| malformed())?;
    let session: SessionId = session.parse().map_err(|_| malformed())?;
    let pair = PairId::new(pair).ok_or_else(malformed)?;
    if said.notes.chars().count() > MAX_NOTES {
        return Err(malformed());
    }
    let note = Note {
        tenant: person.tenant,
        session,
        pair,
        helper: person.id,
        outcome: said.outcome.parse().map_err(|_| malformed())?,
        notes: said.notes,
    };
    match app.store.note_outcome(&note, time_of_day()).await {
        Ok(true) => Ok(StatusCode::NO_CONTENT),
        Ok(false) => Err(Refusal::new(StatusCode::NOT_FOUND, Fault::RecordUnknown)),
        Err(error) => Err(unavailable(&error)),
    }
}

/// Most characters of notes.
const MAX_NOTES: usize = 4000;
