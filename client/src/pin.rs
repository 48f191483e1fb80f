//! What a client knows of the organisation behind a relay, and keeps: the tenant's key and its last bundle (SPEC 8.6).

use std::io;
use std::path::{Path, PathBuf};

use identity::{BadBundle, Bundle, PublicKey};
use serde::{Deserialize, Serialize};

use crate::place;

/// What is pinned for one relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pin {
    pub(crate) key: PublicKey,
    pub(crate) bundle: Bundle,
    /// As it was signed.
    pub(crate) raw: String,
    /// An enrolment link named the key. Otherwise the first sign-in brought it.
    pub(crate) enrolled: bool,
}

/// A bundle that does not follow the pinned one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotSuccessor {
    /// It cannot be read with the pinned key.
    #[error(transparent)]
    Bad(#[from] BadBundle),
    /// It is older than the pinned one.
    #[error("the organisation's bundle is older than the one that this program knows")]
    Older,
    /// It names another issuer or tenant.
    #[error(
        "the organisation's bundle names another sign-in service than the one that this program knows"
    )]
    Other,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    tenant_key: PublicKey,
    bundle: String,
    enrolled: bool,
}

impl Pin {
    /// Pins a bundle: with the key that is known, or on first use with the one that it names.
    pub(crate) fn new(raw: String, key: PublicKey, enrolled: bool) -> Result<Self, BadBundle> {
        let bundle = Bundle::verify(&raw, &key)?;
        Ok(Self {
            key,
            bundle,
            raw,
            enrolled,
        })
    }

    /// The pin with a bundle that the relay sends now. An organisation that moves to another issuer enrols anew.
    pub(crate) fn follow(&self, raw: String) -> Result<Self, NotSuccessor> {
        let bundle = Bundle::verify(&raw, &self.key)?;
        if bundle.serial < self.bundle.serial {
            return Err(NotSuccessor::Older);
        }
        let same = |of: &Bundle| (of.issuer.clone(), of.tenant.clone(), of.tid);
        if same(&bundle) != same(&self.bundle) {
            return Err(NotSuccessor::Other);
        }
        Ok(Self {
            bundle,
            raw,
            ..self.clone()
        })
    }

    /// What stands for the organisation on a card: the bundle's domain if somebody named its key, else the host that the person
    /// confirmed.
    pub(crate) fn domain(&self) -> &str {
        if self.enrolled {
            &self.bundle.domain
        } else {
            self.bundle.issuer_host()
        }
    }

    /// What is kept for this relay. A file that is not readable is an error: to go on as if it were the first time would be to forget.
    pub(crate) fn load(state: &Path, relay: &str) -> io::Result<Option<Self>> {
        let path = file(state, relay);
        let Some(text) = place::read(&path)? else {
            return Ok(None);
        };
        let broken = |why: &dyn std::fmt::Display| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{}: {why}", path.display()),
            )
        };
        let kept: Kept = serde_json::from_str(&text).map_err(|error| broken(&error))?;
        let pin = Self::new(kept.bundle, kept.tenant_key, kept.enrolled);
        pin.map(Some).map_err(|error| broken(&error))
    }

    /// Keeps it.
    pub(crate) fn save(&self, state: &Path, relay: &str) -> io::Result<()> {
        let kept = Kept {
            tenant_key: self.key,
            bundle: self.raw.clone(),
            enrolled: self.enrolled,
        };
        let text = serde_json::to_vec(&kept).map_err(io::Error::other)?;
        place::write_private(&file(state, relay), &text)
    }
}

/// One file a relay: host and port, with nothing in it that a file system minds.
fn file(state: &Path, relay: &str) -> PathBuf {
    let host = relay.trim_end_matches('/').trim_start_matches("https://");
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || "-.".contains(c) {
            c
        } else {
            '_'
        }
    };
    let name: String = host.chars().map(plain).collect();
    state.join("relays").join(format!("{name}.json"))
}

#[cfg(test)]
mod tests {
    use identity::{ClientIds, EndPolicy, RoleClaim, SigningKey};

    use super::*;

    fn key(seed: u8) -> SigningKey {
        SigningKey::new([seed; 32]).unwrap()
    }

    fn bundle(serial: u64) -> Bundle {
        let text = str::to_owned;
        Bundle {
            v: 1,
            serial,
            iat: 1,
            issuer: text("https://id.example/contoso"),
            tenant: text("contoso"),
            tid: true,
            domain: text("contoso.example"),
            name: text("Contoso"),
            clients: ClientIds {
                browser: text("b"),
                helper: text("h"),
                sharer: text("s"),
                scope: text("openid"),
            },
            roles: RoleClaim {
                claim: text("roles"),
                elevation: text("e"),
                unattended: text("u"),
            },
            grant_keys: vec![key(2).public()],
            policy: EndPolicy {
                browser_elevation: false,
                scripted_consent: true,
            },
        }
    }

    fn pin() -> Pin {
        Pin::new(bundle(3).sign(&key(1)), key(1).public(), false).unwrap()
    }

    #[test]
    fn only_the_pinned_key_goes_on() {
        let newer = pin().follow(bundle(4).sign(&key(1))).unwrap();
        assert_eq!(newer.bundle.serial, 4);
        assert!(pin().follow(bundle(3).sign(&key(1))).is_ok());
        assert_eq!(
            pin().follow(bundle(2).sign(&key(1))),
            Err(NotSuccessor::Older)
        );
        let other = pin().follow(bundle(4).sign(&key(9)));
        assert_eq!(other, Err(NotSuccessor::Bad(BadBundle::OtherKey)));
        let moved = Bundle {
            issuer: "https://evil.example".to_owned(),
            ..bundle(4)
        };
        assert_eq!(pin().follow(moved.sign(&key(1))), Err(NotSuccessor::Other));
    }

    #[test]
    fn the_domain_is_that_of_the_bundle_only_if_somebody_vouched_for_its_key() {
        assert_eq!(pin().domain(), "id.example");
        let enrolled = Pin {
            enrolled: true,
            ..pin()
        };
        assert_eq!(enrolled.domain(), "contoso.example");
    }

    #[test]
    fn a_pin_comes_back_and_a_broken_one_is_told() {
        let state = std::env::temp_dir().join(format!("handrail-pin-{}", std::process::id()));
        let relay = "https://help.example:8443/";
        assert_eq!(Pin::load(&state, relay).unwrap(), None);
        pin().save(&state, relay).unwrap();
        assert_eq!(
            Pin::load(&state, "https://help.example:8443").unwrap(),
            Some(pin())
        );
        assert_eq!(Pin::load(&state, "https://help.example").unwrap(), None);
        std::fs::write(state.join("relays/help.example_8443.json"), "{}").unwrap();
        assert!(
            Pin::load(&state, relay).is_err(),
            "a pin is never silently forgotten"
        );
        std::fs::remove_dir_all(&state).unwrap();
    }
}
