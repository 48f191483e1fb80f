//! Where people find the relay.

use std::fmt;
use std::str::FromStr;

use reqwest::Url;
use thiserror::Error;

/// The address that people use, such as `https://help.example`: an https origin, without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Url);

/// A text that is no such address. It says how to write one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{said}` is not an address of the form https://help.example or https://help.example:8443: {why}"
)]
pub struct BadAddress {
    said: String,
    why: String,
}

impl Address {
    /// The name in it, in ASCII, or the number of the host.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The same without the brackets around a number of IPv6: as a resolver and a certificate take it.
    pub fn bare_host(&self) -> &str {
        self.host().trim_start_matches('[').trim_end_matches(']')
    }

    /// Its port; 443 if none is written.
    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or(443)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.origin().ascii_serialization())
    }
}

impl FromStr for Address {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let bad = |why: &str| BadAddress {
            said: text.chars().take(255).collect(),
            why: why.to_owned(),
        };
        let url = Url::parse(text).map_err(|error| bad(&error.to_string()))?;
        if url.scheme() != "https" {
            return Err(bad("it has to begin with https://"));
        }
        let origin = url.origin().ascii_serialization();
        if text == origin {
            return Ok(Self(url));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("it names a user"));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(bad(
                "it has a path; the relay answers at the root of a name",
            ));
        }
        Err(bad(&format!("write it as {origin}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_an_https_origin() {
        for (text, host, port) in [
            ("https://help.example", "help.example", 443),
            ("https://help.example:8443", "help.example", 8443),
            ("https://[::1]:8443", "[::1]", 8443),
            ("https://192.0.2.1", "192.0.2.1", 443),
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!((address.host(), address.port()), (host, port));
            assert_eq!(address.to_string(), text);
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, why) in [
            ("help.example", "relative URL"),
            ("", "relative URL"),
            ("http://help.example", "https://"),
            ("https://help.example/", "write it as https://help.example"),
            ("https://Help.example", "write it as https://help.example"),
            (
                "https://help.example:443",
                "write it as https://help.example",
            ),
            ("https://help.example/handrail", "path"),
            ("https://help.example?x", "path"),
            ("https://amina@help.example", "user"),
            ("https://bücher.example", "write it as https://xn--"),
        ] {
            let refused = Address::from_str(text).unwrap_err().to_string();
            assert!(refused.contains(why), "{text}: {refused}");
        }
    }
}
