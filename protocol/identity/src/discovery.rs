//! What an issuer says about itself (OpenID Connect Discovery 1.0, RFC 8414).

use serde::Deserialize;

/// The part of the metadata that a resource server needs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Metadata {
    issuer: String,
    /// Where it publishes its keys.
    pub jwks_uri: String,
}

/// Metadata that is not used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadMetadata {
    /// Not the JSON that the standard asks for.
    #[error("the metadata of the issuer is malformed")]
    Malformed,
    /// The document speaks for somebody else.
    #[error("the metadata is of issuer {found:?}, but {expected:?} is configured")]
    OtherIssuer {
        /// The configured issuer.
        expected: String,
        /// The issuer in the document.
        found: String,
    },
    /// The keys would come over a line that anybody can write on.
    #[error("the issuer publishes its keys at {0:?}, which is not an https address")]
    NotHttps(String),
}

/// Where the metadata of this issuer is.
pub fn address(issuer: &str) -> String {
    format!(
        "{}/.well-known/openid-configuration",
        issuer.trim_end_matches('/')
    )
}

impl Metadata {
    /// Reads the metadata of exactly this issuer.
    ///
    /// # Errors
    /// See [`BadMetadata`].
    pub fn read(json: &[u8], issuer: &str) -> Result<Self, BadMetadata> {
        let metadata: Self = serde_json::from_slice(json).map_err(|_| BadMetadata::Malformed)?;
        if metadata.issuer != issuer {
            let (expected, found) = (issuer.to_owned(), metadata.issuer);
            return Err(BadMetadata::OtherIssuer { expected, found });
        }
        if !metadata.jwks_uri.starts_with("https://") {
            return Err(BadMetadata::NotHttps(metadata.jwks_uri));
        }
        Ok(metadata)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://id.example/contoso";

    #[test]
    fn metadata_speaks_for_exactly_the_configured_issuer() {
        let json = format!(r#"{{"issuer":"{ISSUER}","jwks_uri":"https://id.example/jwks","x":1}}"#);
        let metadata = Metadata::read(json.as_bytes(), ISSUER).unwrap();
        assert_eq!(metadata.jwks_uri, "https://id.example/jwks");
        for other in [
            "https://id.example/contoso/",
            "https://id.example",
            "https://ID.example/contoso",
        ] {
            let refused = Metadata::read(json.as_bytes(), other).unwrap_err();
            assert!(
                matches!(refused, BadMetadata::OtherIssuer { .. }),
                "{other}"
            );
        }
    }

    #[test]
    fn keys_come_over_https_only() {
        let json = format!(r#"{{"issuer":"{ISSUER}","jwks_uri":"http://id.example/jwks"}}"#);
        let refused = Metadata::read(json.as_bytes(), ISSUER).unwrap_err();
        assert_eq!(
            refused,
            BadMetadata::NotHttps("http://id.example/jwks".to_owned())
        );
    }

    #[test]
    fn anything_else_is_malformed() {
        for json in ["", "[]", "{}", r#"{"issuer":1,"jwks_uri":2}"#] {
            assert_eq!(
                Metadata::read(json.as_bytes(), ISSUER),
                Err(BadMetadata::Malformed)
            );
        }
    }

    #[test]
    fn the_address_has_one_slash_before_the_well_known_part() {
        let address = address("https://id.example/contoso/");
        assert_eq!(
            address,
            "https://id.example/contoso/.well-known/openid-configuration"
        );
    }
}
