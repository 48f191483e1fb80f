//! The tenant bundle: what a client knows of an organisation without believing the relay (SPEC 8.6).

use policy::TenantId;
use serde::{Deserialize, Serialize};

use crate::jws::{self, Unsigned};
use crate::signing::{PublicKey, SigningKey};

/// What the tenant's key signs. A later bundle has a higher serial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// Version of this format: 1.
    pub v: u8,
    /// Rises with every bundle of the tenant.
    pub serial: u64,
    /// Seconds since 1970 at which it was signed.
    pub iat: u64,
    /// The issuer that signs the tenant's people in.
    pub issuer: String,
    /// The organisation.
    pub tenant: String,
    /// Whether tokens name the organisation in `tid`; if not, the issuer serves this one alone.
    pub tid: bool,
    /// The domain that issuer and tenant stand for, as people know it.
    pub domain: String,
    /// What people call the organisation.
    pub name: String,
    /// The ids of our programs at the provider.
    pub clients: ClientIds,
    /// The claim that is the second authority for elevation and unattended control (DESIGN 3).
    pub roles: RoleClaim,
    /// The keys with which the relay signs grants; two while one replaces the other.
    pub grant_keys: Vec<PublicKey>,
    /// What the tenant wants of its clients.
    pub policy: EndPolicy,
}

/// The ids of our programs at the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientIds {
    /// Pages of the relay.
    pub browser: String,
    /// The native helper.
    pub helper: String,
    /// The native sharer.
    pub sharer: String,
    /// What they ask for at sign-in, as OAuth 2.0 writes it: `openid` among it, and the relay's own scope where the provider wants one.
    /// A relay must not be able to ask for a token that it could use elsewhere.
    pub scope: String,
}

/// The claim that is the second authority, and its values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleClaim {
    /// Name of the claim, such as `roles`.
    pub claim: String,
    /// The value that allows elevation; `:<device group>` may follow.
    pub elevation: String,
    /// The value that allows unattended control; `:<device group>` may follow.
    pub unattended: String,
}

/// What the tenant wants of its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndPolicy {
    /// Elevation and unattended control also from a page of the relay, whose code comes from the relay.
    pub browser_elevation: bool,
    /// A consent that a program gave (`--ui stdio`) counts.
    pub scripted_consent: bool,
}

/// A text that is no bundle of this tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadBundle {
    /// Not a bundle at all.
    #[error("the organisation's bundle is malformed")]
    Malformed,
    /// Another key signed it.
    #[error("the organisation's bundle is signed by another key")]
    OtherKey,
    /// Its signature is wrong.
    #[error("the signature of the organisation's bundle is wrong")]
    Signature,
    /// Its version is not 1, or one of its fields is empty or too long.
    #[error("the organisation's bundle has a field that is empty or too long: {0}")]
    Field(&'static str),
}

const TYP: &str = "rh-bundle+jwt";
const SIZE_LIMIT: usize = 8 * 1024;
const TEXT_LIMIT: usize = 255;
const GRANT_KEYS: usize = 4;

impl Bundle {
    /// Signs it.
    pub fn sign(&self, key: &SigningKey) -> String {
        jws::sign(TYP, key, self)
    }

    /// Reads one that `key` signed.
    ///
    /// # Errors
    /// See [`BadBundle`].
    pub fn verify(raw: &str, key: &PublicKey) -> Result<Self, BadBundle> {
        let (bundle, _) = jws::verify::<Self>(TYP, &[*key], SIZE_LIMIT, raw)?;
        bundle.checked()
    }

    /// The key that a bundle says to be signed by. Only who pins it, or knows its fingerprint, may go on with it.
    pub fn named_key(raw: &str) -> Option<PublicKey> {
        if raw.len() > SIZE_LIMIT {
            return None;
        }
        jws::named_key(TYP, raw)
    }

    /// The organisation as other crates name it.
    pub fn tenant(&self) -> TenantId {
        TenantId(self.tenant.clone())
    }

    /// The host that signs people in, for somebody who has to judge it.
    pub fn issuer_host(&self) -> &str {
        issuer_host(&self.issuer)
    }

    fn checked(self) -> Result<Self, BadBundle> {
        let texts = [
            ("issuer", &self.issuer),
            ("tenant", &self.tenant),
            ("domain", &self.domain),
            ("name", &self.name),
            ("clients", &self.clients.browser),
            ("clients", &self.clients.helper),
            ("clients", &self.clients.sharer),
            ("clients", &self.clients.scope),
            ("roles", &self.roles.claim),
            ("roles", &self.roles.elevation),
            ("roles", &self.roles.unattended),
        ];
        let unfit = |text: &str| {
            text.is_empty() || text.len() > TEXT_LIMIT || text.chars().any(char::is_control)
        };
        if let Some((name, _)) = texts.into_iter().find(|(_, text)| unfit(text)) {
            return Err(BadBundle::Field(name));
        }
        if !self.clients.scope.split(' ').any(|one| one == "openid") {
            return Err(BadBundle::Field("clients"));
        }
        if self.v != 1 {
            return Err(BadBundle::Field("v"));
        }
        if !self.issuer.starts_with("https://") {
            return Err(BadBundle::Field("issuer"));
        }
        if self.grant_keys.is_empty() || self.grant_keys.len() > GRANT_KEYS {
            return Err(BadBundle::Field("grant_keys"));
        }
        Ok(self)
    }
}

/// The host of an issuer's address.
pub(crate) fn issuer_host(issuer: &str) -> &str {
    let rest = issuer.strip_prefix("https://").unwrap_or(issuer);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

impl From<Unsigned> for BadBundle {
    fn from(unsigned: Unsigned) -> Self {
        match unsigned {
            Unsigned::Malformed => Self::Malformed,
            Unsigned::Header => Self::OtherKey,
            Unsigned::Signature => Self::Signature,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn bundle() -> Bundle {
        let grant_key = SigningKey::new([2; 32]).unwrap().public();
        Bundle {
            v: 1,
            serial: 3,
            iat: 1_764_000_000,
            issuer: "https://id.example/contoso".to_owned(),
            tenant: "contoso".to_owned(),
            tid: true,
            domain: "contoso.example".to_owned(),
            name: "Contoso".to_owned(),
            clients: ClientIds {
                browser: "handrail-console".to_owned(),
                helper: "handrail-helper".to_owned(),
                sharer: "handrail-sharer".to_owned(),
                scope: "openid profile".to_owned(),
            },
            roles: RoleClaim {
                claim: "roles".to_owned(),
                elevation: "handrail.elevation".to_owned(),
                unattended: "handrail.unattended".to_owned(),
            },
            grant_keys: vec![grant_key],
            policy: EndPolicy {
                browser_elevation: false,
                scripted_consent: true,
            },
        }
    }

    #[test]
    fn a_bundle_is_read_with_the_tenants_key_only() {
        let key = SigningKey::new([1; 32]).unwrap();
        let raw = bundle().sign(&key);
        assert_eq!(Bundle::named_key(&raw), Some(key.public()));
        assert_eq!(Bundle::verify(&raw, &key.public()), Ok(bundle()));
        let other = SigningKey::new([9; 32]).unwrap();
        assert_eq!(
            Bundle::verify(&raw, &other.public()),
            Err(BadBundle::OtherKey)
        );
        assert_eq!(bundle().issuer_host(), "id.example");
    }

    #[test]
    fn a_signed_bundle_with_a_field_that_cannot_be_is_refused() {
        let key = SigningKey::new([1; 32]).unwrap();
        let refused = |differ: fn(&mut Bundle)| {
            let mut bundle = bundle();
            differ(&mut bundle);
            Bundle::verify(&bundle.sign(&key), &key.public()).unwrap_err()
        };
        assert_eq!(refused(|b| b.v = 2), BadBundle::Field("v"));
        assert_eq!(
            refused(|b| b.issuer = "http://id.example".into()),
            BadBundle::Field("issuer")
        );
        assert_eq!(
            refused(|b| b.domain = String::new()),
            BadBundle::Field("domain")
        );
        assert_eq!(
            refused(|b| b.name = "a\u{7}".into()),
            BadBundle::Field("name")
        );
        assert_eq!(
            refused(|b| b.clients.helper = "x".repeat(256)),
            BadBundle::Field("clients")
        );
        assert_eq!(
            refused(|b| b.clients.scope = "profile".into()),
            BadBundle::Field("clients")
        );
        assert_eq!(
            refused(|b| b.grant_keys.clear()),
            BadBundle::Field("grant_keys")
        );
        assert_eq!(
            refused(|b| b.grant_keys = vec![b.grant_keys[0]; 5]),
            BadBundle::Field("grant_keys")
        );
    }

    #[test]
    fn a_bundle_may_be_as_long_as_the_limits_say_and_no_longer() {
        let key = SigningKey::new([1; 32]).unwrap();
        let mut long = bundle();
        long.name = "x".repeat(255);
        long.grant_keys = vec![long.grant_keys[0]; 4];
        assert_eq!(Bundle::verify(&long.sign(&key), &key.public()), Ok(long));
        let raw = bundle().sign(&key);
        let padded = |length: usize| format!("{raw}{}", "A".repeat(length - raw.len()));
        assert_eq!(Bundle::named_key(&padded(8 * 1024)), Some(key.public()));
        assert_eq!(Bundle::named_key(&padded(8 * 1024 + 1)), None);
        for length in [8 * 1024, 8 * 1024 + 1] {
            let read = Bundle::verify(&padded(length), &key.public());
            assert_eq!(read, Err(BadBundle::Malformed));
        }
    }
}
