//! `GET /api/v1/me`: who is signed in, and what they may do.

use axum::Json;
use axum::extract::State;
use policy::{Level, Permissions, Readable};
use relay_core::Person;
use serde::Serialize;
use utoipa::ToSchema;

use super::App;
use super::access::SignedIn;

/// The person who is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    name: String,
    subject: String,
    issuer: String,
    tenant: String,
    /// What the organisation calls itself.
    organisation: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<String>,
    /// A `data:` URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
    may: May,
    /// Name and version of the relay.
    relay: &'static str,
}

/// What the person may do, whoever it is about.
#[derive(Serialize, ToSchema)]
pub(super) struct May {
    /// Remote help is on in the organisation.
    enabled: bool,
    /// Offer remote assistance.
    offer: bool,
    /// Levels that some assignment allows, lowest first.
    levels: Vec<&'static str>,
    /// Read every record of the organisation; everybody reads their own.
    all_records: bool,
    /// Everything that some assignment allows, what follows from it too, lowest first.
    permissions: Vec<&'static str>,
}

impl Me {
    pub(super) fn of(person: &Person, app: &App) -> Self {
        let held = app.authority.rules().held(person);
        let ceiling = held.ceiling();
        let levels = Level::ALL
            .into_iter()
            .filter(|level| Some(*level) <= ceiling);
        let details = &person.details;
        let organisation = app.keys.organisation(&person.tenant);
        let organisation = organisation.map_or(&*person.tenant.0, |(name, ..)| name);
        Self {
            name: person.name.clone(),
            subject: person.id.0.clone(),
            issuer: person.issuer.clone(),
            tenant: person.tenant.0.clone(),
            organisation: organisation.to_owned(),
            title: details.title.clone(),
            company: details.company.clone(),
            picture: details.picture.clone(),
            may: May {
                enabled: app.authority.policy(&person.tenant).settings().enabled,
                offer: held.contain(Permissions::OFFER),
                levels: levels.map(Level::word).collect(),
                all_records: held.readable() == Readable::All,
                permissions: held.implied().words(),
            },
            relay: concat!("handrail-relay ", env!("CARGO_PKG_VERSION")),
        }
    }
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/me", operation_id = "show_me", responses((status = 200, body = Me), (status = 401, body = super::Body)))]
pub(super) async fn show(State(app): State<App>, SignedIn(person): SignedIn) -> Json<Me> {
    Json(Me::of(&person, &app))
}
