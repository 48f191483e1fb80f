//! `/api/v1/settings`: the switches of the organisation (PRODUCT 1.1-1.4, 3.14).

use axum::Json;
use axum::extract::State;
use policy::Permissions;
use relay_store::Tenants;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::administrator::Administrator;
use super::asked::{Given, to_the_end};
use super::{App, Refusal};

/// The switches of an organisation.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// Remote help is turned on.
    enabled: bool,
    /// Devices that are not enrolled may be helped.
    allow_unenrolled: bool,
    /// The two may chat.
    chat: bool,
    /// A session needs a reason when it starts.
    require_reason: bool,
    /// A session needs the number of an incident when it starts.
    require_incident: bool,
    /// A consent that a program gave counts. Only an organisation whose configuration says so too can turn it on.
    scripted_consent: bool,
}

impl From<policy::Settings> for Settings {
    fn from(settings: policy::Settings) -> Self {
        let policy::Settings {
            enabled,
            allow_unenrolled,
            chat,
            require_reason,
            require_incident,
            scripted_consent,
        } = settings;
        Self {
            enabled,
            allow_unenrolled,
            chat,
            require_reason,
            require_incident,
            scripted_consent,
        }
    }
}

impl From<Settings> for policy::Settings {
    fn from(settings: Settings) -> Self {
        let Settings {
            enabled,
            allow_unenrolled,
            chat,
            require_reason,
            require_incident,
            scripted_consent,
        } = settings;
        Self {
            enabled,
            allow_unenrolled,
            chat,
            require_reason,
            require_incident,
            scripted_consent,
        }
    }
}

/// The switches; needs the permission `settings`.
#[utoipa::path(get, path = "/api/v1/settings", operation_id = "show_settings", responses(
    (status = 200, body = Settings), (status = 401, body = super::Body), (status = 403, body = super::Body),
))]
pub(super) async fn show(
    State(app): State<App>,
    who: Administrator,
) -> Result<Json<Settings>, Refusal> {
    who.require(Permissions::SETTINGS)?;
    Ok(Json(app.authority.policy(&who.tenant).settings().into()))
}

/// Sets all switches. Live sessions follow at once.
#[utoipa::path(put, path = "/api/v1/settings", operation_id = "put_settings", request_body = Settings, responses(
    (status = 200, body = Settings), (status = 401, body = super::Body), (status = 403, body = super::Body),
    (status = 422, body = super::Body), (status = 503, body = super::Body),
))]
pub(super) async fn put(
    State(app): State<App>,
    who: Administrator,
    Given(settings): Given<Settings>,
) -> Result<Json<Settings>, Refusal> {
    who.require(Permissions::SETTINGS)?;
    if settings.scripted_consent && !app.authority.takes_scripted(&who.tenant) {
        return Err(Refusal::malformed(NOT_IN_BUNDLE).at("scripted_consent"));
    }
    to_the_end(async move {
        let _alone = app.authority.alone().await;
        let (store, act, settings) = (&app.store, who.act(), settings.into());
        store.set_settings(&act, &who.tenant, settings).await?;
        app.authority.changed(&who.tenant).await?;
        Ok(Json(settings.into()))
    })
    .await
}

const NOT_IN_BUNDLE: &str = "the bundle of the organisation takes no consent of programs: set `scripted_consent = true` for it in the relay's configuration, run `handrail-relay keys` and start the relay again";
