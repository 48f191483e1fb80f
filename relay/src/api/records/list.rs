//! `GET /api/v1/records`.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::QueryRejection;
use relay_store::Records;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Query, malformed, unavailable};
use crate::api::access::SignedIn;
use crate::api::record::Told;
use crate::api::{App, Refusal};
use crate::clock::time_of_day;

/// A page of records.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordPage)]
pub(in crate::api) struct List {
    records: Vec<Told>,
    /// Where to go on; nothing at the end.
    #[schema(required)]
    next: Option<String>,
}

/// A page of session records: all of the organisation with the permission to read them, else one's own.
#[utoipa::path(get, path = "/api/v1/records", operation_id = "list_records", params(Query), responses(
    (status = 200, body = List), (status = 401, body = crate::api::Body),
    (status = 422, body = crate::api::Body), (status = 503, body = crate::api::Body),
))]
pub(in crate::api) async fn show(
    State(app): State<App>,
    who: SignedIn,
    query: Result<axum::extract::Query<Query>, QueryRejection>,
) -> Result<Json<List>, Refusal> {
    let query = query.map_err(|_| malformed())?.0;
    let filter = query.filter(&who, &app)?;
    let after = query.after.as_deref().map(str::parse).transpose();
    let after = after.map_err(|_| malformed())?;
    let limit = query.limit.unwrap_or(PAGE).min(LIMIT);
    let page = app.store.page(&filter, after, limit, time_of_day()).await;
    let page = page.map_err(|error| unavailable(&error))?;
    Ok(Json(List {
        records: page.records.into_iter().map(Told::from).collect(),
        next: page.next.map(|next| next.to_string()),
    }))
}

const PAGE: usize = 50;
const LIMIT: usize = 200;
