//! `/api/v1/tokens`: with which programs come (PRODUCT 1.10, 9).

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use policy::Permissions;
use relay_store::{NewToken, TOKEN_LIFE, Token, TokenKind, Tokens};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::administrator::{Administrator, TOKEN, hash};
use super::asked::{Given, new_id, no_such, permissions};
use super::record::rfc3339;
use super::{App, Refusal};
use crate::clock::time_of_day;

/// The tokens of an organisation: at most 100 that can be used, and those of the last 30 days that cannot any more.
#[derive(Serialize, ToSchema)]
#[schema(as = Tokens)]
pub(super) struct List {
    tokens: Vec<Told>,
}

/// A token, without its secret.
#[derive(Serialize, ToSchema)]
#[schema(as = Token)]
pub(super) struct Told {
    id: String,
    name: String,
    /// `api` or `scim`.
    kind: &'static str,
    permissions: Vec<&'static str>,
    created: String,
    expires: String,
    #[schema(required)]
    last_used: Option<String>,
    #[schema(required)]
    revoked: Option<String>,
}

/// A token that should be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TokenSaid)]
pub(super) struct Said {
    name: String,
    /// `api` or `scim`.
    kind: String,
    /// Of an API token; never `roles`, and none that its maker does not hold.
    #[serde(default)]
    permissions: Vec<String>,
    /// From 1 to 365; 365 if nothing is said.
    days: Option<u16>,
}

/// A new token.
#[derive(Serialize, ToSchema)]
pub(super) struct NewSecret {
    id: String,
    /// What the program sends as its bearer token. It is shown this once.
    secret: String,
    expires: String,
}

impl From<Token> for Told {
    fn from(token: Token) -> Self {
        let of = token.token;
        Self {
            id: of.id,
            name: of.name,
            kind: of.kind.word(),
            permissions: of.permissions.words(),
            created: rfc3339(token.created),
            expires: rfc3339(of.expires),
            last_used: token.last_used.map(rfc3339),
            revoked: token.revoked.map(rfc3339),
        }
    }
}

/// All tokens, newest first; needs the permission `settings`.
#[utoipa::path(get, path = "/api/v1/tokens", operation_id = "list_tokens", responses(
    (status = 200, body = List), (status = 401, body = super::Body), (status = 403, body = super::Body),
))]
pub(super) async fn list(
    State(app): State<App>,
    who: Administrator,
) -> Result<Json<List>, Refusal> {
    who.require(Permissions::SETTINGS)?;
    let tokens = app.store.tokens(&who.tenant).await?;
    Ok(Json(List {
        tokens: tokens.into_iter().map(Told::from).collect(),
    }))
}

/// Makes a token. Only a person can; one for SCIM needs the permission `directory`, too.
#[utoipa::path(post, path = "/api/v1/tokens", operation_id = "create_token", request_body = Said, responses(
    (status = 201, body = NewSecret), (status = 400, body = super::Body), (status = 401, body = super::Body),
    (status = 403, body = super::Body), (status = 409, body = super::Body), (status = 422, body = super::Body),
))]
pub(super) async fn create(
    State(app): State<App>,
    who: Administrator,
    Given(said): Given<Said>,
) -> Result<(StatusCode, Json<NewSecret>), Refusal> {
    who.require(Permissions::SETTINGS)?;
    who.subject()?;
    let kind = said.kind.parse::<TokenKind>();
    let kind = kind.map_err(|_| no_such("kind of token", &said.kind).at("kind"))?;
    if kind == TokenKind::Scim {
        who.require(Permissions::DIRECTORY)?;
    }
    let permissions = permissions(&said.permissions)?;
    let beyond = permissions.without(who.held.implied());
    if beyond != Permissions::NONE {
        return Err(policy::Refused::BeyondOwn(beyond).into());
    }
    let now = time_of_day();
    let life = said.days.map_or(TOKEN_LIFE, |days| DAY * u32::from(days));
    let token = NewToken {
        id: new_id(&app),
        name: said.name,
        kind,
        permissions,
        expires: now.after(life),
    };
    let secret = new_secret(app.reception.random());
    let (act, tenant, hash) = (who.act(), &who.tenant, hash(&secret));
    app.store.issue(&act, tenant, &token, hash).await?;
    let made = NewSecret {
        id: token.id,
        secret,
        expires: rfc3339(token.expires),
    };
    Ok((StatusCode::CREATED, Json(made)))
}

/// Nobody can use the token any more.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", operation_id = "revoke_token", params(("id" = String, Path)), responses(
    (status = 204), (status = 401, body = super::Body), (status = 403, body = super::Body), (status = 404, body = super::Body),
))]
pub(super) async fn revoke(
    State(app): State<App>,
    who: Administrator,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    who.require(Permissions::SETTINGS)?;
    if !app.store.revoke(&who.act(), &who.tenant, &id).await? {
        return Err(Refusal::nothing_there());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The secret of a token.
pub(crate) fn new_secret(random: [u8; 32]) -> String {
    format!("{TOKEN}{}", URL_SAFE_NO_PAD.encode(random))
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
