//! The pages that may connect.

use std::sync::Arc;

use crate::config::{Address, Config};

/// Pages of other sites must not connect with a visitor's ticket; programs send no origin. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Origins(Arc<[String]>);

impl Origins {
    /// Those that the configuration names, and the address that people use.
    pub(crate) fn of(config: &Config) -> Self {
        Self::new(&config.address, &config.origins)
    }

    fn new(address: &Address, named: &[String]) -> Self {
        let own = std::iter::once(address.to_string());
        Self(own.chain(named.iter().cloned()).collect())
    }

    /// Whether a page of this origin may connect to this host: one that was loaded from there, or that is named.
    pub(crate) fn admit(&self, origin: Option<&[u8]>, host: Option<&[u8]>) -> bool {
        let Some(origin) = origin else {
            return true;
        };
        let from = origin.strip_prefix(b"https://");
        let ours = from.is_some_and(|from| Some(from) == host);
        ours || self.0.iter().any(|one| one.as_bytes() == origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_other_sites_may_not_connect() {
        let address = "https://help.example".parse().unwrap();
        let origins = Origins::new(&address, &["https://desk.example".to_owned()]);
        let admit = |origin: &'static str, host: &'static str| {
            origins.admit(Some(origin.as_bytes()), Some(host.as_bytes()))
        };
        assert!(admit("https://help.example", "10.0.0.7:8443"));
        assert!(admit("https://desk.example", "help.example"));
        assert!(admit("https://10.0.0.7:8443", "10.0.0.7:8443"));
        assert!(!admit("https://evil.example", "help.example"));
        assert!(!admit("http://help.example", "help.example"));
        assert!(!admit("https://help.example.evil.example", "help.example"));
        assert!(!admit("null", "help.example"));
        assert!(origins.admit(None, None), "a program that is no browser");
    }
}
