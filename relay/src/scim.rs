//! SCIM 2.0 (RFC 7643, RFC 7644): a provider of accounts keeps people and groups here (PRODUCT 1.10).
//!
//! A person's id is the `externalId`, which has to be the subject of the sign-in service, or the `userName` if there is none; a
//! group's id is its `externalId`, or its name. Whoever becomes inactive loses sessions and sign-ins in the same request.

mod discovery;
mod failure;
mod filter;
mod groups;
mod patch;
mod people;
mod shape;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts};
use axum::http::request::Parts;
use axum::routing::{any, get};
use policy::TenantId;
use relay_store::{Act, Actor, TokenKind};

use crate::api::App;
use crate::api::administrator::{secret, token};
use crate::clock::time_of_day;
use failure::Failure;

/// A program with a SCIM token of one organisation.
pub(crate) struct Provisioner {
    tenant: TenantId,
    actor: Actor,
    source: Option<IpAddr>,
}

impl Provisioner {
    fn act(&self) -> Act {
        Act {
            actor: self.actor.clone(),
            at: time_of_day(),
            source: self.source,
        }
    }
}

impl FromRequestParts<App> for Provisioner {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let secret = secret(&parts.headers).ok_or_else(Failure::stranger)?;
        let found = token(app, secret, TokenKind::Scim).await?;
        let source = parts.extensions.get::<SocketAddr>();
        Ok(Self {
            tenant: found.tenant,
            actor: Actor {
                id: found.token.id,
                name: found.token.name,
            },
            source: source.map(SocketAddr::ip),
        })
    }
}

pub(crate) fn router() -> Router<App> {
    let user = get(people::show)
        .put(people::replace)
        .patch(people::patch)
        .delete(people::delete);
    let group = get(groups::show)
        .put(groups::replace)
        .patch(groups::patch)
        .delete(groups::delete);
    Router::new()
        .route("/scim/v2/ServiceProviderConfig", get(discovery::config))
        .route("/scim/v2/ResourceTypes", get(discovery::types))
        .route("/scim/v2/Schemas", get(discovery::schemas))
        .route("/scim/v2/ResourceTypes/{id}", get(discovery::type_of))
        .route("/scim/v2/Schemas/{id}", get(discovery::schema_of))
        .route("/scim/v2/{*nowhere}", any(discovery::nowhere))
        .route("/scim/v2/Users", get(people::list).post(people::create))
        .route("/scim/v2/Users/{id}", user)
        .route("/scim/v2/Groups", get(groups::list).post(groups::create))
        .route("/scim/v2/Groups/{id}", group)
        .layer(DefaultBodyLimit::max(BODY))
}

/// No request is longer.
const BODY: usize = 1024 * 1024;
