//! `/api/v1/invitations`: the sessions that colleagues ask the person to (SPEC 6.9, PRODUCT 3.10).

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use policy::SessionId;
use relay_core::Input;
use serde::Serialize;
use utoipa::ToSchema;

use super::access::SignedIn;
use super::{App, Refusal};
use crate::hub::Event;

/// What the person is asked to.
#[derive(Serialize, ToSchema)]
#[schema(as = Invitations)]
pub(super) struct List {
    invitations: Vec<Told>,
}

/// A colleague asks the person to come into a session.
#[derive(Serialize, ToSchema)]
#[schema(as = OpenInvitation)]
pub(super) struct Told {
    session: String,
    by: Colleague,
    sharer: Colleague,
    /// The person takes the session over.
    hand_over: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<String>,
    /// Seconds until it is gone.
    within: u32,
}

/// Somebody of the organisation.
#[derive(Serialize, ToSchema)]
pub(super) struct Colleague {
    subject: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
}

impl From<wire::Colleague> for Colleague {
    fn from(colleague: wire::Colleague) -> Self {
        Self {
            subject: colleague.subject,
            name: colleague.name,
            title: colleague.title,
        }
    }
}

impl From<wire::Invitation> for Told {
    fn from(invitation: wire::Invitation) -> Self {
        Self {
            session: invitation.session.to_string(),
            by: invitation.by.into(),
            sharer: invitation.sharer.into(),
            hand_over: invitation.hand_over,
            reason: invitation.reason,
            incident: invitation.incident,
            within: invitation.within,
        }
    }
}

/// What colleagues ask the person to; a session has few helpers, so the list is short.
#[utoipa::path(get, path = "/api/v1/invitations", operation_id = "list_invitations", responses(
    (status = 200, body = List), (status = 401, body = super::Body),
))]
pub(super) async fn list(State(app): State<App>, SignedIn(person): SignedIn) -> Json<List> {
    let mut open = app.reception.hub.invitations(person).await;
    open.truncate(INVITATIONS);
    Json(List {
        invitations: open.into_iter().map(Told::from).collect(),
    })
}

/// Says not to come. One that is gone already is no error: nobody waits any more.
#[utoipa::path(delete, path = "/api/v1/invitations/{session}", operation_id = "turn_down_invitation",
    params(("session" = String, Path)), responses(
    (status = 204), (status = 401, body = super::Body), (status = 404, body = super::Body),
))]
pub(super) async fn turn_down(
    State(app): State<App>,
    SignedIn(person): SignedIn,
    Path(session): Path<String>,
) -> Result<StatusCode, Refusal> {
    let session: SessionId = session.parse().map_err(|_| Refusal::nothing_there())?;
    let input = Input::TurnedDown {
        tenant: person.tenant,
        person: person.id,
        session,
    };
    app.reception.hub.put(Event::Input(input)).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Most invitations in an answer.
const INVITATIONS: usize = 100;
