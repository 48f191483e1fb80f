//! Who asks: the cookie of the console, or the access token of a program.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant, SystemTime};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use policy::{GroupId, Permissions, may_sign_in};
use relay_core::{Person, SignIn};
use tracing::debug;
use wire::Fault;

use super::records::unavailable;
use super::{App, Refusal};
use crate::identity::{self, SignInRefused};

/// The cookie of the console. The prefix makes browsers insist on `Secure` and on this host alone.
pub(super) const COOKIE: &str = "__Host-handrail";

/// A page has to set this header on everything that changes something: no form of another site can (the cookie is `SameSite`, too).
const OURS: &str = "x-handrail";

/// The person who asks. A handler that takes one as its argument answers nobody else, and nobody whose sign-in the rules of
/// the organisation do not take (PRODUCT 1.8).
pub(super) struct SignedIn(pub(super) Person);

/// The person who asks, whatever the rules say about the sign-in: enough to sign out.
pub(super) struct Known(pub(super) Person);

impl SignedIn {
    /// What the person may do, whoever it is about.
    pub(super) fn may(&self, app: &App) -> Permissions {
        app.authority.rules().held(&self.0)
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let Known(person) = Known::from_request_parts(parts, app).await?;
        let source = parts.extensions.get::<SocketAddr>().copied();
        admit(&person, source, app)?;
        Ok(Self(person))
    }
}

/// Whether the rules of the organisation take this sign-in, from this address.
pub(super) fn admit(person: &Person, source: Option<SocketAddr>, app: &App) -> Result<(), Refusal> {
    // A connection without an address is from none of the networks that a rule may allow.
    let source = source.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |source| source.ip());
    let signed_in = person.sign_in.at(source, app.reception.clock.now());
    let policy = app.authority.policy(&person.tenant);
    Ok(may_sign_in(&policy, &person.subject(), &signed_in)?)
}

impl FromRequestParts<App> for Known {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        if parts.headers.contains_key(header::AUTHORIZATION) {
            return bearer(&parts.headers, app).await.map(Self);
        }
        let secret = cookie(&parts.headers).ok_or_else(stranger)?;
        let person = app.authority.sign_ins.find(secret, Instant::now());
        let person = person.ok_or_else(stranger)?;
        let person = app.authority.refreshed(person).await;
        let person = person.map_err(|error| unavailable(&error))?;
        let person = person.ok_or_else(stranger)?;
        let reads = parts.method == Method::GET || parts.method == Method::HEAD;
        if !reads && !parts.headers.contains_key(OURS) {
            return Err(Refusal::new(StatusCode::FORBIDDEN, Fault::Protocol));
        }
        Ok(Self(person))
    }
}

/// The person whose access token the request bears.
pub(super) async fn bearer(headers: &HeaderMap, app: &App) -> Result<Person, Refusal> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(stranger)?;
    let provider = app.identity.provider.read().await;
    let provider = provider
        .as_ref()
        .ok_or_else(|| Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Fault::ProviderUnreachable))?;
    let signed_in = provider.person(token, SystemTime::now()).await;
    let mut person = signed_in.map_err(|error| refused(&error))?;
    if let Some(address) = person.portrait.take() {
        person.details.picture = provider.portrait(&address).await;
    }
    let person = admitted(person, app.reception.clock.now(), SystemTime::now());
    let person = app.authority.signed_in(person).await;
    let person = person.map_err(|error| unavailable(&error))?;
    person.ok_or_else(stranger)
}

/// The secret of the console's cookie.
pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).into_iter();
    cookies
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|one| {
            let (name, value) = one.trim().split_once('=')?;
            (name == COOKIE).then_some(value)
        })
}

fn stranger() -> Refusal {
    Refusal::new(StatusCode::UNAUTHORIZED, Fault::SignInRefused)
}

fn refused(error: &SignInRefused) -> Refusal {
    debug!(%error, "a token was not accepted");
    let status = match error {
        SignInRefused::ProviderUnreachable(_) => StatusCode::SERVICE_UNAVAILABLE,
        SignInRefused::Token(_) => StatusCode::UNAUTHORIZED,
    };
    Refusal::new(status, error.fault())
}

/// The person for the broker, whose clock says `seen`.
fn admitted(person: identity::Person, seen: Duration, now: SystemTime) -> Person {
    let ::identity::token::Authentication { acr, amr, time } = person.authentication;
    // A clock that is a little ahead makes a sign-in new, not unknown.
    let age = time.map(|time| now.duration_since(time).unwrap_or_default());
    Person {
        id: person.id,
        name: person.name,
        issuer: person.issuer,
        tenant: person.tenant,
        groups: person.groups.into_iter().map(GroupId).collect(),
        details: person.details,
        sign_in: SignIn {
            acr,
            amr,
            age,
            seen,
        },
    }
}
