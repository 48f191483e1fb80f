//! `POST /api/v1/first-administrator`: an invitation makes the person who is signed in an administrator (PRODUCT 11.1).

use axum::Json;
use axum::extract::State;
use policy::RuleId;
use relay_store::{Act, Actor, Invitations};
use serde::Deserialize;
use utoipa::ToSchema;

use super::access::SignedIn;
use super::administrator::hash;
use super::asked::{Given, new_id, to_the_end};
use super::me::Me;
use super::{App, Refusal};
use crate::clock::time_of_day;

/// What stands behind `#` in the link that `handrail-relay user invite-admin` prints.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Invitation)]
pub(super) struct Said {
    secret: String,
}

/// Uses an invitation up. An unknown one, one that was used and one that is older than 15 minutes answer alike.
#[utoipa::path(post, path = "/api/v1/first-administrator", operation_id = "first_administrator", request_body = Said, responses(
    (status = 200, body = Me), (status = 401, body = super::Body), (status = 404, body = super::Body),
    (status = 422, body = super::Body),
))]
pub(super) async fn redeem(
    State(app): State<App>,
    SignedIn(person): SignedIn,
    Given(said): Given<Said>,
) -> Result<Json<Me>, Refusal> {
    to_the_end(async move {
        let _alone = app.authority.alone().await;
        let tenant = &person.tenant;
        let act = Act {
            actor: Actor {
                id: person.id.0.clone(),
                name: person.name.clone(),
            },
            at: time_of_day(),
            source: None,
        };
        let assignment = RuleId(new_id(&app));
        let secret = hash(&said.secret);
        if !app.store.redeem(&act, tenant, secret, &assignment).await? {
            let unknown = "This invitation is not valid. It works once and for 15 minutes.";
            return Err(Refusal::nothing_there().because(unknown));
        }
        app.authority.changed(tenant).await?;
        Ok(Json(Me::of(&person, &app)))
    })
    .await
}
