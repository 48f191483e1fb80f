//! The relay's own keys, and what the keys of the organisations signed. Nothing else holds a private key.
//!
//! The key of an organisation is not here: it is kept offline, unless the administrator chooses otherwise. What it signed, the
//! bundle, names the relay's grant key (SPEC 8.6).

mod make;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ::identity::{BadBundle, Bundle, GrantToken, NotAKey, SigningKey};
use policy::TenantId;
use thiserror::Error;

use crate::config::Config;

pub use make::{Made, Replace, make};

/// The relay's keys.
#[derive(Debug)]
pub struct Keys {
    grant: SigningKey,
    bundles: BTreeMap<TenantId, Signed>,
}

/// A bundle as it was signed.
#[derive(Debug)]
struct Signed {
    raw: String,
    /// Of the key that signed it.
    fingerprint: String,
    name: String,
    domain: String,
}

/// The keys are not those of the configuration. Every text says what to do.
#[derive(Debug, Error)]
pub enum BadKeys {
    /// A file cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file holds no key.
    #[error("{path}: {error}")]
    NotAKey {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        error: NotAKey,
    },
    /// There are no keys yet.
    #[error(
        "{path} is missing: run `handrail-relay keys` to make the keys of relay and organisations"
    )]
    Missing {
        /// Which.
        path: PathBuf,
    },
    /// The organisation's key is not in the folder that was named.
    #[error(
        "the key of `{tenant}` ({fingerprint}) is not in {folder}: name its folder with --organisation-keys. If it is lost, --new-organisation-keys makes another one, and every program that knows the organisation stops with RH-1704 until it is enrolled anew"
    )]
    OtherKey {
        /// The organisation.
        tenant: String,
        /// Where it was looked for.
        folder: PathBuf,
        /// Of the key that signed the bundle which stands.
        fingerprint: String,
    },
    /// No key can be drawn.
    #[error("the system gives no randomness, so no key can be made")]
    NoRandomness,
    /// A bundle cannot be used.
    #[error("{path}: {error}")]
    Bundle {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        error: BadBundle,
    },
    /// A bundle says something else than the configuration.
    #[error(
        "{path} does not fit the configuration ({differs}): run `handrail-relay keys` with the organisation's key to sign it anew"
    )]
    Differs {
        /// Which.
        path: PathBuf,
        /// What differs.
        differs: &'static str,
    },
}

impl Keys {
    /// Reads the keys, and refuses those that do not fit the configuration: a relay must not start with another identity unnoticed.
    pub fn open(config: &Config) -> Result<Self, BadKeys> {
        let grant = read_key(&grant_path(&config.keys))?;
        let mut bundles = BTreeMap::new();
        for tenant in &config.tenants {
            let path = bundle_path(&config.keys, &tenant.id);
            let raw = read(&path)?;
            let (bundle, fingerprint) = verified(&raw, &path)?;
            let wanted = make::bundle(config, tenant, &[grant.public()]);
            if let Some(differs) = make::difference(&bundle, &wanted) {
                return Err(BadKeys::Differs { path, differs });
            }
            let signed = Signed {
                raw,
                fingerprint,
                name: bundle.name,
                domain: bundle.domain,
            };
            bundles.insert(TenantId(tenant.id.clone()), signed);
        }
        Ok(Self { grant, bundles })
    }

    /// Signs a grant.
    pub(crate) fn grant(&self, token: &GrantToken) -> String {
        token.sign(&self.grant)
    }

    /// The bundle of an organisation.
    pub(crate) fn bundle(&self, tenant: &TenantId) -> Option<&str> {
        self.bundles.get(tenant).map(|signed| signed.raw.as_str())
    }

    /// The bundle that was signed by the key with this fingerprint.
    pub(crate) fn bundle_of(&self, fingerprint: &str) -> Option<&str> {
        let mut signed = self.bundles.values();
        let found = signed.find(|signed| signed.fingerprint == fingerprint);
        found.map(|signed| signed.raw.as_str())
    }

    /// Name and domain of an organisation, and the fingerprint of its key for enrolment links.
    pub(crate) fn organisation(&self, tenant: &TenantId) -> Option<(&str, &str, &str)> {
        let signed = self.bundles.get(tenant)?;
        Some((&signed.name, &signed.domain, &signed.fingerprint))
    }
}

fn verified(raw: &str, path: &Path) -> Result<(Bundle, String), BadKeys> {
    let bad = |error| BadKeys::Bundle {
        path: path.to_owned(),
        error,
    };
    let key = Bundle::named_key(raw).ok_or_else(|| bad(BadBundle::Malformed))?;
    let bundle = Bundle::verify(raw, &key).map_err(bad)?;
    Ok((bundle, key.fingerprint()))
}

fn grant_path(folder: &Path) -> PathBuf {
    folder.join("grant.key")
}

fn bundle_path(folder: &Path, tenant: &str) -> PathBuf {
    folder.join(format!("{}.bundle", file_name(tenant)))
}

/// An organisation's id as part of a file name.
fn file_name(tenant: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || "-.".contains(c) {
            c
        } else {
            '_'
        }
    };
    tenant.chars().map(plain).collect()
}

fn read(path: &Path) -> Result<String, BadKeys> {
    fs::read_to_string(path)
        .map(|text| text.trim().to_owned())
        .map_err(|error| {
            let path = path.to_owned();
            if error.kind() == io::ErrorKind::NotFound {
                BadKeys::Missing { path }
            } else {
                BadKeys::File { path, error }
            }
        })
}

fn read_key(path: &Path) -> Result<SigningKey, BadKeys> {
    SigningKey::read(&read(path)?).map_err(|error| BadKeys::NotAKey {
        path: path.to_owned(),
        error,
    })
}

#[cfg(test)]
mod tests;
