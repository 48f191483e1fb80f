//! The only place that checks a token (security rules: RFC 8725, RFC 9068).
//!
//! `jsonwebtoken` verifies the signature. By itself it accepts tokens without issuer or audience, unknown
//! critical headers, any `typ`, times in the future and several audiences; every such rule is here, and
//! clippy refuses its `decode` functions everywhere else.

mod authentication;
mod members;
mod signature;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Validation;
use policy::{PersonId, TenantId};
use serde_json::Value;

use super::keys::{Algorithm, Key, KeySet};
pub use authentication::Authentication;
use members::Members;

pub use signature::install;

/// Which token is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Lets its bearer speak to the relay: audience is the relay.
    Access,
    /// Says to a client who signed in: audience is that client. The relay accepts it nowhere.
    Id,
    /// An ID token that a peer shows together with the keys that it commits to. Its end does not count: the binding has a
    /// limit of its own ([`crate::BINDING_LIFE`]).
    Bound,
}

/// What is known about an issuer before any of its tokens is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// The exact text of `iss`.
    pub url: String,
    /// Which organisations it signs people in for.
    pub tenancy: Tenancy,
    /// The audience of access tokens.
    pub audience: String,
    /// The client ids of our clients at this issuer.
    pub clients: Vec<String>,
    /// The `typ` values of access tokens, lower case: `at+jwt`, unless the issuer cannot do that.
    pub access_types: Vec<String>,
    /// The claim with a person's groups.
    pub groups: String,
    /// The claim with a person's roles, which are the second authority (DESIGN 3).
    pub roles: String,
}

/// Which organisations an issuer signs people in for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tenancy {
    /// Those that its tokens name in `tid`, of which these are served (Entra ID).
    Named(Vec<TenantId>),
    /// This one; its tokens name none (a realm of Keycloak).
    Whole(TenantId),
}

/// What a verified token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Who.
    pub person: PersonId,
    /// The organisation.
    pub tenant: TenantId,
    /// The display name, if the token has one, without control characters.
    pub name: Option<String>,
    /// Job title, if the token has one.
    pub title: Option<String>,
    /// Company, if the token has one.
    pub company: Option<String>,
    /// Address of a profile picture, if the token has one.
    pub picture: Option<String>,
    /// The client that the token was made for, if it says so: `azp`, or `client_id` (RFC 9068).
    pub party: Option<String>,
    /// The groups that the issuer puts the person into.
    pub groups: Vec<String>,
    /// The roles that the issuer gives the person.
    pub roles: Vec<String>,
    /// How the person signed in.
    pub authentication: Authentication,
    /// For whom the token is: the relay, or the client that asked for it.
    pub audience: String,
    /// What the client bound the sign-in to.
    pub nonce: Option<String>,
    /// When the token was made.
    pub issued: SystemTime,
    /// When it ends.
    pub expires: SystemTime,
}

/// Why a token is not accepted. None of the texts repeats any part of the token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Longer than [`SIZE_LIMIT`].
    #[error("the token is larger than {SIZE_LIMIT} bytes")]
    TooLarge,
    /// Not three base64url parts, or not JSON, or a name stands twice in it.
    #[error("the token is malformed")]
    Malformed,
    /// A header that changes what a token means, or where its key comes from.
    #[error("the token has the header {0:?}, which is not accepted")]
    Header(&'static str),
    /// Another kind of token, or none.
    #[error("the token is not of the expected type")]
    Type,
    /// No key of the issuer has this id.
    #[error("the token is signed with a key that its issuer does not publish")]
    UnknownKey,
    /// The header names another algorithm than the key has.
    #[error("the token names another algorithm than its key has")]
    Algorithm,
    /// The signature is not by that key.
    #[error("the signature of the token is wrong")]
    Signature,
    /// A claim is missing, or not of its type.
    #[error("the claim {0:?} is missing or malformed")]
    Claim(&'static str),
    /// Another issuer.
    #[error("the token is from another issuer")]
    Issuer,
    /// For somebody else.
    #[error("the token is meant for another audience")]
    Audience,
    /// Another organisation.
    #[error("the token is from an organisation that is not served here")]
    Tenant,
    /// Too old.
    #[error("the token has expired")]
    Expired,
    /// Made, or valid only, in the future.
    #[error("the token is not valid yet; is a clock wrong?")]
    NotYet,
    /// Valid for longer than [`LIFETIME_LIMIT`].
    #[error("the token is valid for more than {} hours", LIFETIME_LIMIT.as_secs() / 3600)]
    Lifetime,
}

/// Larger tokens are not looked at.
pub const SIZE_LIMIT: usize = 8 * 1024;

/// Tokens that live longer are not accepted.
pub const LIFETIME_LIMIT: Duration = Duration::from_secs(24 * 60 * 60);

/// The addresses of Entra ID begin like this; the organisation follows.
const ENTRA: &str = "https://login.microsoftonline.com/";

/// How far the clocks of relay and issuer may be apart.
const LEEWAY: Duration = Duration::from_secs(30);

/// Seconds since 1970 that no sane token reaches (year 9999), so that adding never overflows.
const LATEST: u64 = 253_402_300_799;

/// Checks a token of this kind from beginning to end.
///
/// # Errors
/// The first rule that the token breaks. [`Refusal::UnknownKey`] may be cured by fetching `keys` anew.
pub fn verify(
    kind: Kind,
    raw: &str,
    issuer: &Issuer,
    keys: &KeySet,
    now: SystemTime,
) -> Result<Claims, Refusal> {
    let header = read_header(raw)?;
    check_type(kind, &header, issuer)?;
    let id = text(&header, "kid").ok_or(Refusal::UnknownKey)?;
    let key = keys.find(id).ok_or(Refusal::UnknownKey)?;
    if text(&header, "alg") != Some(key.algorithm().name()) {
        return Err(Refusal::Algorithm);
    }
    let claims = verified_members(raw, key)?;
    read_claims(kind, &claims, issuer, now)
}

/// The key that a well-formed token names; says nothing about whether the token is good.
pub fn key_id(raw: &str) -> Result<String, Refusal> {
    let header = read_header(raw)?;
    let id = text(&header, "kid").filter(|id| id.len() <= KeySet::ID_LIMIT);
    id.map(str::to_owned).ok_or(Refusal::UnknownKey)
}

fn read_header(raw: &str) -> Result<Members, Refusal> {
    if raw.len() > SIZE_LIMIT {
        return Err(Refusal::TooLarge);
    }
    let mut parts = raw.split('.');
    let (Some(header), Some(_), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Refusal::Malformed);
    };
    let json = URL_SAFE_NO_PAD
        .decode(header)
        .map_err(|_| Refusal::Malformed)?;
    let header: Members = serde_json::from_slice(&json).map_err(|_| Refusal::Malformed)?;
    const REFUSED: [&str; 6] = ["crit", "b64", "jku", "x5u", "jwk", "zip"];
    match REFUSED.into_iter().find(|name| header.find(name).is_some()) {
        Some(name) => Err(Refusal::Header(name)),
        None => Ok(header),
    }
}

fn check_type(kind: Kind, header: &Members, issuer: &Issuer) -> Result<(), Refusal> {
    let given = match header.find("typ") {
        None => None,
        Some(Value::String(given)) => Some(given.to_ascii_lowercase()),
        Some(_) => return Err(Refusal::Type),
    };
    let given = given
        .as_deref()
        .map(|given| given.strip_prefix("application/").unwrap_or(given));
    let fits = match kind {
        Kind::Access => given.is_some_and(|given| issuer.access_types.iter().any(|t| t == given)),
        Kind::Id | Kind::Bound => given.is_none_or(|given| given == "jwt"),
    };
    if fits { Ok(()) } else { Err(Refusal::Type) }
}

/// The members of the payload, after its signature was found good. The claims are judged by
/// [`read_claims`], because the checks of `jsonwebtoken` are too weak and use a clock of their own.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the module that the others have to call"
)]
fn verified_members(raw: &str, key: &Key) -> Result<Members, Refusal> {
    use jsonwebtoken::errors::ErrorKind;
    let mut validation = Validation::new(key.algorithm().of_library());
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let decoded = jsonwebtoken::decode(raw, key.decoding(), &validation);
    decoded.map(|token| token.claims).map_err(|error| {
        if matches!(error.kind(), ErrorKind::InvalidSignature) {
            Refusal::Signature
        } else {
            Refusal::Malformed
        }
    })
}

fn read_claims(
    kind: Kind,
    claims: &Members,
    issuer: &Issuer,
    now: SystemTime,
) -> Result<Claims, Refusal> {
    let (issued, expires) = check_times(kind, claims, now)?;
    if text(claims, "iss").ok_or(Refusal::Claim("iss"))? != issuer.url {
        return Err(Refusal::Issuer);
    }
    let audience = check_audience(kind, claims, issuer)?.to_owned();
    let tenant = check_tenant(claims, issuer)?;
    Ok(Claims {
        person: person(claims, issuer)?,
        tenant,
        name: optional_text(claims, "name")?.and_then(readable),
        title: detail(claims, "title"),
        company: detail(claims, "company"),
        picture: text(claims, "picture").map(str::to_owned),
        party: ["azp", "client_id"]
            .into_iter()
            .find_map(|name| text(claims, name))
            .map(str::to_owned),
        groups: list(claims, &issuer.groups, "groups")?,
        roles: list(claims, &issuer.roles, "roles")?,
        authentication: Authentication::read(claims, now)?,
        audience,
        nonce: optional_text(claims, "nonce")?.map(str::to_owned),
        issued,
        expires,
    })
}

/// The subject, which Entra makes anew for each client; there the object id is the same for all of them.
fn person(claims: &Members, issuer: &Issuer) -> Result<PersonId, Refusal> {
    let name = if issuer.url.starts_with(ENTRA) {
        "oid"
    } else {
        "sub"
    };
    let fits = |id: &&str| !id.is_empty() && id.len() <= 255 && !id.chars().any(char::is_control);
    let id = text(claims, name)
        .filter(fits)
        .ok_or(Refusal::Claim(name))?;
    Ok(PersonId(id.to_owned()))
}

fn check_times(
    kind: Kind,
    claims: &Members,
    now: SystemTime,
) -> Result<(SystemTime, SystemTime), Refusal> {
    let issued = seconds(claims, "iat")?.ok_or(Refusal::Claim("iat"))?;
    let expires = seconds(claims, "exp")?.ok_or(Refusal::Claim("exp"))?;
    let not_before = seconds(claims, "nbf")?.unwrap_or(issued);
    let lifetime = expires
        .duration_since(issued)
        .map_err(|_| Refusal::Claim("exp"))?;
    if lifetime > LIFETIME_LIMIT {
        return Err(Refusal::Lifetime);
    }
    if issued > now + LEEWAY || not_before > now + LEEWAY {
        return Err(Refusal::NotYet);
    }
    if kind != Kind::Bound && now >= expires + LEEWAY {
        return Err(Refusal::Expired);
    }
    Ok((issued, expires))
}

/// The one audience that the token is for. A token that names several is only good if the party it
/// was made for is one of our clients.
fn check_audience<'a>(
    kind: Kind,
    claims: &'a Members,
    issuer: &Issuer,
) -> Result<&'a str, Refusal> {
    let named: Vec<&str> = match claims.find("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => return Err(Refusal::Claim("aud")),
    };
    let ours = |name: &str| match kind {
        Kind::Access => name == issuer.audience,
        Kind::Id | Kind::Bound => issuer.clients.iter().any(|client| client == name),
    };
    let audience = named
        .iter()
        .copied()
        .find(|name| ours(name))
        .ok_or(Refusal::Audience)?;
    let party = optional_text(claims, "azp")?;
    let party_is_ours = party.map(|party| match kind {
        Kind::Access => issuer.clients.iter().any(|client| client == party),
        Kind::Id | Kind::Bound => party == audience,
    });
    let alone = claims
        .find("aud")
        .and_then(Value::as_array)
        .is_none_or(|all| all.len() == 1);
    match (alone, party_is_ours) {
        (_, Some(true)) | (true, None) => Ok(audience),
        _ => Err(Refusal::Audience),
    }
}

fn check_tenant(claims: &Members, issuer: &Issuer) -> Result<TenantId, Refusal> {
    let served = match &issuer.tenancy {
        Tenancy::Whole(tenant) => return Ok(tenant.clone()),
        Tenancy::Named(served) => served,
    };
    let tid = text(claims, "tid").ok_or(Refusal::Claim("tid"))?;
    let tenant = served
        .iter()
        .find(|tenant| tenant.0 == tid)
        .ok_or(Refusal::Tenant)?;
    // Entra has one issuer per organisation; its address names the same one as the token.
    let entra = issuer.url.strip_prefix(ENTRA);
    if entra.is_some_and(|path| path.split('/').next() != Some(tid)) {
        return Err(Refusal::Tenant);
    }
    Ok(tenant.clone())
}

/// The texts of a claim that is a list; `called` is what a refusal calls it.
fn list(claims: &Members, name: &str, called: &'static str) -> Result<Vec<String>, Refusal> {
    match claims.find(name) {
        None => Ok(Vec::new()),
        Some(Value::Array(texts)) => texts
            .iter()
            .map(|text| {
                text.as_str()
                    .map(str::to_owned)
                    .ok_or(Refusal::Claim(called))
            })
            .collect(),
        Some(_) => Err(Refusal::Claim(called)),
    }
}

/// A line of the card that is nice to have: left out if it is not readable or too long.
fn detail(claims: &Members, name: &str) -> Option<String> {
    text(claims, name)
        .and_then(readable)
        .filter(|text| text.len() <= wire::MAX_DETAIL)
}

/// The text without characters that could turn the line around it, cut to a length that fits on one;
/// `None` if nothing is left.
fn readable(text: &str) -> Option<String> {
    const TURNS_THE_LINE: [char; 11] = [
        '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}',
        '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
    ];
    let visible = |c: &char| !c.is_control() && !TURNS_THE_LINE.contains(c);
    let text: String = text.chars().filter(visible).take(128).collect();
    Some(text.trim())
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn text<'a>(members: &'a Members, name: &str) -> Option<&'a str> {
    members.find(name).and_then(Value::as_str)
}

fn optional_text<'a>(members: &'a Members, name: &'static str) -> Result<Option<&'a str>, Refusal> {
    match members.find(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refusal::Claim(name)),
    }
}

fn seconds(claims: &Members, name: &'static str) -> Result<Option<SystemTime>, Refusal> {
    let Some(value) = claims.find(name) else {
        return Ok(None);
    };
    let seconds = value.as_u64().filter(|seconds| *seconds <= LATEST);
    let seconds = seconds.ok_or(Refusal::Claim(name))?;
    Ok(Some(UNIX_EPOCH + Duration::from_secs(seconds)))
}

impl Algorithm {
    fn of_library(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Rs256 => jsonwebtoken::Algorithm::RS256,
            Self::Es256 => jsonwebtoken::Algorithm::ES256,
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
        }
    }
}

#[cfg(test)]
mod tests;
