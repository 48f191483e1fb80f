//! Who asks to look at the organisation or to change it: a person, or a program with a token (PRODUCT 8.3, 9).

use std::net::{IpAddr, SocketAddr};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use policy::{Permissions, Subject, TenantId};
use relay_core::Person;
use relay_store::{Act, Actor, SecretHash, Token, TokenKind, Tokens};
use wire::Fault;

use super::access::SignedIn;
use super::{App, Refusal};
use crate::clock::time_of_day;

/// How every secret of a token begins, so that people and scanners know one when they see it.
pub(crate) const TOKEN: &str = "hrt_";

/// Who asks, and what they may do, whoever it is about.
pub(crate) struct Administrator {
    pub(crate) tenant: TenantId,
    pub(crate) actor: Actor,
    pub(crate) held: Permissions,
    /// The person; a token is nobody.
    pub(crate) person: Option<Person>,
    pub(crate) source: Option<IpAddr>,
}

impl Administrator {
    /// Refuses whoever does not hold all of these.
    pub(crate) fn require(&self, needed: Permissions) -> Result<(), Refusal> {
        if self.held.contain(needed) {
            return Ok(());
        }
        let lacking = needed.without(self.held).words().join(", ");
        Err(Refusal::may_not().because(format!("This needs the permission {lacking}.")))
    }

    /// Refuses whoever holds none of these.
    pub(crate) fn require_any(&self, needed: Permissions) -> Result<(), Refusal> {
        if self.held.both(needed) != Permissions::NONE {
            return Ok(());
        }
        let words = needed.words().join(", ");
        Err(Refusal::may_not().because(format!("This needs one of these permissions: {words}.")))
    }

    /// The person as policy sees one; a token gives nothing away.
    pub(crate) fn subject(&self) -> Result<Subject, Refusal> {
        let person = self.person.as_ref().ok_or_else(Refusal::may_not)?;
        Ok(person.subject())
    }

    /// What is written into the log of changes.
    pub(crate) fn act(&self) -> Act {
        Act {
            actor: self.actor.clone(),
            at: time_of_day(),
            source: self.source,
        }
    }
}

impl FromRequestParts<App> for Administrator {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let source = parts.extensions.get::<SocketAddr>();
        let source = source.map(SocketAddr::ip);
        if let Some(secret) = secret(&parts.headers) {
            let token = token(app, secret, TokenKind::Api).await?;
            return Ok(Self {
                actor: Actor {
                    id: token.token.id,
                    name: token.token.name,
                },
                held: token.token.permissions,
                tenant: token.tenant,
                person: None,
                source,
            });
        }
        let who = SignedIn::from_request_parts(parts, app).await?;
        let held = who.may(app);
        let SignedIn(person) = who;
        Ok(Self {
            tenant: person.tenant.clone(),
            actor: Actor {
                id: person.id.0.clone(),
                name: person.name.clone(),
            },
            held,
            person: Some(person),
            source,
        })
    }
}

/// The secret of a token that the request bears, if it is one of ours.
pub(crate) fn secret(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let secret = value.strip_prefix("Bearer ")?;
    secret.starts_with(TOKEN).then_some(secret)
}

/// The token with this secret. It is looked up by its hash, so that no comparison tells how much of a guess is right.
pub(crate) async fn token(app: &App, secret: &str, kind: TokenKind) -> Result<Token, Refusal> {
    let hash = hash(secret);
    let found = app.store.token_of(hash, time_of_day()).await?;
    // Only organisations of the configuration are served.
    let served = |token: &Token| app.authority.rules().tenants.contains_key(&token.tenant);
    let found = found.filter(|found| found.token.kind == kind && served(found));
    found.ok_or_else(|| Refusal::new(StatusCode::UNAUTHORIZED, Fault::SignInRefused))
}

/// All that is kept of a secret.
pub(crate) fn hash(secret: &str) -> SecretHash {
    SecretHash(crate::identity::ticket::digest(secret))
}
