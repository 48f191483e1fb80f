//! The code for the tokens.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, EndpointNotSet, EndpointSet, ExtraTokenFields,
    HttpRequest, PkceCodeVerifier, RedirectUrl, RequestTokenError, StandardRevocableToken,
    StandardTokenResponse, TokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::http::Http;
use super::provider::Metadata;
use super::{Config, Secret, SignInError, printable};

/// What OpenID Connect adds to the answer of OAuth.
#[derive(Serialize, Deserialize)]
pub(super) struct WithIdToken {
    id_token: Option<String>,
}

impl std::fmt::Debug for WithIdToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WithIdToken")
    }
}

impl ExtraTokenFields for WithIdToken {}

/// This program at the provider, as `oauth2` wants to know it.
pub(super) type Client = oauth2::Client<
    BasicErrorResponse,
    StandardTokenResponse<WithIdToken, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// This program, which lets the browser come back to `redirect`.
pub(super) fn client(
    config: &Config,
    metadata: &Metadata,
    redirect: &str,
) -> Result<Client, SignInError> {
    let unusable = |error: oauth2::url::ParseError| SignInError::Unusable {
        issuer: config.issuer.clone(),
        reason: error.to_string(),
    };
    let authorize = AuthUrl::new(metadata.authorization_endpoint.clone()).map_err(unusable)?;
    let token = TokenUrl::new(metadata.token_endpoint.clone()).map_err(unusable)?;
    let redirect = RedirectUrl::new(redirect.to_owned()).map_err(unusable)?;
    Ok(oauth2::Client::new(ClientId::new(config.client_id.clone()))
        .set_auth_uri(authorize)
        .set_token_uri(token)
        .set_redirect_uri(redirect))
}

/// What came for the code.
pub(super) struct Issued {
    pub(super) access: Secret,
    pub(super) id_token: Secret,
    pub(super) lifetime: Duration,
}

impl Issued {
    /// Gives the code and gets the tokens.
    pub(super) async fn fetch(
        client: &Client,
        http: &Http,
        code: Secret,
        verifier: PkceCodeVerifier,
    ) -> Result<Self, SignInError> {
        let send = |request: HttpRequest| http.send(request);
        let answer = client
            .exchange_code(AuthorizationCode::new(code.expose().to_owned()))
            .set_pkce_verifier(verifier)
            .request_async(&send)
            .await
            .map_err(refused)?;
        let id_token = answer.extra_fields().id_token.clone();
        Ok(Self {
            access: Secret::new(answer.access_token().secret().clone()),
            id_token: Secret::new(id_token.ok_or(SignInError::WrongToken("no ID token"))?),
            lifetime: answer
                .expires_in()
                .ok_or(SignInError::WrongToken("no end of life"))?,
        })
    }

    /// Whether the ID token answers this sign-in. It came straight from the provider over TLS, which
    /// stands in for its signature here (OpenID Connect Core 3.1.3.7, step 6); whoever it is shown to
    /// checks the signature too.
    pub(super) fn check(&self, config: &Config, nonce: &str) -> Result<(), SignInError> {
        let claims = payload(self.id_token.expose());
        let claims = claims.ok_or(SignInError::WrongToken("the ID token is malformed"))?;
        let says =
            |name: &str, expected: &str| claims.get(name).and_then(Value::as_str) == Some(expected);
        if !says("iss", &config.issuer) {
            return Err(SignInError::WrongToken(
                "the ID token is from another issuer",
            ));
        }
        if !says("aud", &config.client_id) {
            return Err(SignInError::WrongToken(
                "the ID token is for another program",
            ));
        }
        if !says("nonce", nonce) {
            return Err(SignInError::WrongToken(
                "the ID token is of another sign-in",
            ));
        }
        Ok(())
    }
}

fn payload(token: &str) -> Option<Value> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

fn refused(error: RequestTokenError<SignInError, BasicErrorResponse>) -> SignInError {
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(error) => {
            SignInError::Refused(printable(&error.to_string()))
        }
        // What did not parse may hold tokens: it is not repeated.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            SignInError::WrongToken("the answer of the token endpoint is malformed")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issued(claims: &Value) -> Issued {
        let payload = URL_SAFE_NO_PAD.encode(claims.to_string());
        let id_token = Secret::new(format!("e30.{payload}.AA"));
        let access = Secret::new("access".to_owned());
        Issued {
            access,
            id_token,
            lifetime: Duration::from_secs(600),
        }
    }

    #[test]
    fn the_id_token_answers_this_sign_in() {
        let config = Config {
            issuer: "https://id.example".to_owned(),
            client_id: "handrail-helper".to_owned(),
            ca: None,
            timeout: Duration::from_secs(1),
            step_up: None,
            scope: "openid profile".to_owned(),
        };
        let good = serde_json::json!({
            "iss": "https://id.example", "aud": "handrail-helper", "nonce": "n-1",
        });
        assert!(issued(&good).check(&config, "n-1").is_ok());
        for (name, value) in [
            ("iss", serde_json::json!("https://evil.example")),
            ("aud", serde_json::json!("handrail-sharer")),
            ("aud", serde_json::json!(["handrail-helper", "stranger"])),
            ("nonce", serde_json::json!("n-2")),
            ("nonce", serde_json::json!(null)),
        ] {
            let mut bad = good.clone();
            bad[name] = value;
            let verdict = issued(&bad).check(&config, "n-1");
            assert!(matches!(verdict, Err(SignInError::WrongToken(_))), "{bad}");
        }
    }
}
