//! `/api/v1/sessions`: what goes on, and ending it (PRODUCT 8.4).

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use policy::{Level, Permissions, PersonId, SessionId};
use relay_core::{Input, LiveSession, Person, SignIn};
use relay_store::{Audit, Object, Records};
use serde::Serialize;
use utoipa::ToSchema;
use wire::Details;

use super::administrator::Administrator;
use super::asked::{Asked, page, to_the_end};
use super::assignments::Query;
use super::record::{Named, rfc3339};
use super::{App, Refusal};
use crate::clock::time_of_day;
use crate::hub::Event;

/// Some of the sessions that go on.
#[derive(Serialize, ToSchema)]
#[schema(as = Sessions)]
pub(super) struct List {
    sessions: Vec<Told>,
    /// `after` of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A session that goes on.
#[derive(Serialize, ToSchema)]
#[schema(as = LiveSession)]
pub(super) struct Told {
    session: String,
    /// Which helper of the session: a session of several helpers stands here once for each.
    pair: u8,
    helper: Named,
    sharer: Named,
    #[schema(required)]
    device: Option<String>,
    #[schema(required)]
    device_name: Option<String>,
    /// The level that stands; none before the first consent.
    #[schema(required)]
    level: Option<&'static str>,
    /// RFC 3339.
    #[schema(required)]
    since: Option<String>,
}

/// Sessions that go on; needs the permission `records` or `end-sessions`.
#[utoipa::path(get, path = "/api/v1/sessions", operation_id = "list_sessions", params(Query), responses(
    (status = 200, body = List), (status = 401, body = super::Body), (status = 403, body = super::Body),
))]
pub(super) async fn list(
    State(app): State<App>,
    who: Administrator,
    Asked(asked): Asked<Query>,
) -> Result<Json<List>, Refusal> {
    who.require_any(Permissions::RECORDS.and(Permissions::END_SESSIONS))?;
    let live = app.reception.hub.sessions(who.tenant.clone()).await;
    let name = |one: &LiveSession| format!("{}-{}", one.session, one.pair.number());
    let live = live.into_iter().map(|one| (name(&one), one));
    let (after, limit) = (asked.after.as_deref(), asked.limit);
    let (some, next) = page(live.collect(), |(id, _)| id, after, limit);
    let mut sessions = vec![];
    for (_, live) in some {
        sessions.push(told(&app, live).await?);
    }
    Ok(Json(List { sessions, next }))
}

/// Ends a session; needs the permission `end-sessions`.
#[utoipa::path(post, path = "/api/v1/sessions/{session}/end", operation_id = "end_session",
    params(("session" = String, Path)), responses(
    (status = 204), (status = 401, body = super::Body), (status = 403, body = super::Body), (status = 404, body = super::Body),
))]
pub(super) async fn end(
    State(app): State<App>,
    who: Administrator,
    Path(session): Path<String>,
) -> Result<StatusCode, Refusal> {
    who.require(Permissions::END_SESSIONS)?;
    let session: SessionId = session.parse().map_err(|_| Refusal::nothing_there())?;
    to_the_end(async move {
        let live = app.reception.hub.sessions(who.tenant.clone()).await;
        if !live.iter().any(|one| one.session == session) {
            return Err(Refusal::nothing_there());
        }
        let object = Object {
            action: "end".to_owned(),
            kind: "session".to_owned(),
            id: session.to_string(),
            name: String::new(),
            before: None,
            after: None,
        };
        let noted = app.store.note(&who.tenant, &who.act(), &object).await;
        // Whoever has to be stopped is stopped, also if that cannot be written down.
        if let Err(error) = &noted {
            tracing::error!(%error, "an administrator's end of a session could not be noted");
        }
        let by = Box::new(by(&who));
        let input = Input::EndSession { session, by };
        app.reception.hub.put(Event::Input(input)).await;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

async fn told(app: &App, live: LiveSession) -> Result<Told, Refusal> {
    let (tenant, pair) = (&live.helper.tenant, live.pair);
    let record = app.store.find(tenant, live.session, pair, time_of_day());
    let since = record.await?.map(|record| rfc3339(record.start.started));
    let named = |person: &Person| Named {
        subject: person.id.0.clone(),
        name: person.name.clone(),
    };
    Ok(Told {
        session: live.session.to_string(),
        pair: pair.number(),
        helper: named(&live.helper),
        sharer: named(&live.sharer),
        device: live.device.map(|device| device.0),
        device_name: live.device_name,
        level: live.level.map(Level::word),
        since,
    })
}

/// Who ends it, for the broker: a program stands there by its token.
fn by(who: &Administrator) -> Person {
    let program = || Person {
        id: PersonId(who.actor.id.clone()),
        name: who.actor.name.clone(),
        issuer: String::new(),
        tenant: who.tenant.clone(),
        groups: vec![],
        details: Details::default(),
        sign_in: SignIn::default(),
    };
    who.person.clone().unwrap_or_else(program)
}
