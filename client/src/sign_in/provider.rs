//! What the provider says about itself (OpenID Connect Discovery 1.0).

use oauth2::http;
use serde::Deserialize;

use super::SignInError;
use super::http::Http;

/// The part of the metadata that a sign-in needs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) jwks_uri: String,
    /// Whether every answer says who it is from (RFC 9207).
    #[serde(default, rename = "authorization_response_iss_parameter_supported")]
    pub(super) names_itself: bool,
}

impl Metadata {
    /// Asks the provider.
    pub(super) async fn fetch(http: &Http, issuer: &str) -> Result<Self, SignInError> {
        let url = format!(
            "{}/.well-known/openid-configuration",
            issuer.trim_end_matches('/')
        );
        let request = http::Request::get(&url).header("accept", "application/json");
        let request = request
            .body(Vec::new())
            .map_err(|error| unusable(issuer, &error))?;
        let answer = http.send(request).await?;
        if answer.status() != http::StatusCode::OK {
            let reason = format!("it answered with status {}", answer.status().as_u16());
            return Err(SignInError::Unreachable { url, reason });
        }
        Self::read(answer.body(), issuer)
    }

    /// Reads the metadata of exactly this issuer, with https addresses only.
    fn read(json: &[u8], issuer: &str) -> Result<Self, SignInError> {
        let metadata: Self =
            serde_json::from_slice(json).map_err(|error| unusable(issuer, &error))?;
        if metadata.issuer != issuer {
            return Err(unusable(issuer, &"it calls itself by another name"));
        }
        for endpoint in [
            &metadata.authorization_endpoint,
            &metadata.token_endpoint,
            &metadata.jwks_uri,
        ] {
            if !endpoint.starts_with("https://") {
                return Err(unusable(issuer, &"one of its addresses is not https"));
            }
        }
        Ok(metadata)
    }
}

fn unusable(issuer: &str, reason: &impl ToString) -> SignInError {
    SignInError::Unusable {
        issuer: issuer.to_owned(),
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://id.example";

    fn read(issuer: &str, authorization: &str, token: &str) -> Result<Metadata, SignInError> {
        let json = serde_json::json!({
            "issuer": issuer, "authorization_endpoint": authorization, "token_endpoint": token,
            "jwks_uri": "https://id.example/jwks",
        });
        Metadata::read(json.to_string().as_bytes(), ISSUER)
    }

    #[test]
    fn metadata_is_of_this_issuer_and_https_throughout() {
        let (authorize, token) = ("https://id.example/auth", "https://id.example/token");
        let good = read(ISSUER, authorize, token).unwrap();
        assert!(!good.names_itself);
        for bad in [
            read("https://id.example/", authorize, token),
            read("https://evil.example", authorize, token),
            read(ISSUER, "http://id.example/auth", token),
            read(ISSUER, authorize, "http://id.example/token"),
            Metadata::read(b"<html>", ISSUER),
            Metadata::read(b"{}", ISSUER),
        ] {
            assert!(matches!(bad, Err(SignInError::Unusable { .. })), "{bad:?}");
        }
    }
}
