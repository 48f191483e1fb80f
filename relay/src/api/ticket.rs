//! `POST /api/v1/tickets`: turns an access token into a one-time ticket for one connection.

use std::time::SystemTime;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use relay_core::Person;
use serde::Serialize;
use tracing::{debug, warn};
use wire::Fault;

use super::{App, Refusal};
use crate::identity::{self, SignInRefused};

/// A ticket, good once and for 30 s.
#[derive(Serialize)]
pub(super) struct Issued {
    ticket: String,
}

pub(super) async fn issue(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<(StatusCode, Json<Issued>), Refusal> {
    let unauthorised = || Refusal::new(StatusCode::UNAUTHORIZED, Fault::SignInRefused);
    let token = bearer(&headers).ok_or_else(unauthorised)?;
    let provider = app.identity.provider.read().await;
    let provider = provider.as_ref().ok_or_else(unreachable)?;
    let person = provider
        .person(token, SystemTime::now())
        .await
        .map_err(refused)?;
    let ticket = app.reception.issue(admitted(person)).map_err(|error| {
        warn!(%error, "no ticket was given");
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Fault::NotNow)
    })?;
    Ok((
        StatusCode::CREATED,
        Json(Issued {
            ticket: ticket.expose().to_owned(),
        }),
    ))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
}

fn unreachable() -> Refusal {
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Fault::ProviderUnreachable)
}

fn refused(error: SignInRefused) -> Refusal {
    debug!(%error, "a token was not accepted");
    let status = match error {
        SignInRefused::ProviderUnreachable(_) => StatusCode::SERVICE_UNAVAILABLE,
        SignInRefused::Token(_) => StatusCode::UNAUTHORIZED,
    };
    Refusal::new(status, error.fault())
}

fn admitted(person: identity::Person) -> Person {
    Person {
        id: person.id,
        name: person.name,
        issuer: person.issuer,
        tenant: person.tenant,
        groups: person.groups,
    }
}
