//! Configuration: one TOML file, overridden by the environment, overridden by flags.

mod address;
mod congestion;
mod defaults;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use policy::{
    Assignment, GroupId, Network, Permissions, Policy, RoleId, RuleId, Scope, Settings, TenantId,
};
use relay_core::Rules;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use thiserror::Error;

pub use address::{Address, BadAddress};
pub use congestion::Congestion;

/// Everything that the relay is told.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where people find the relay. Enrolment links, invitations and SCIM's locations begin with it.
    #[serde(deserialize_with = "address_of")]
    pub address: Address,
    /// Where clients connect.
    #[serde(default = "defaults::listen")]
    pub listen: SocketAddr,
    /// Whether clients may come by QUIC, on the UDP port of the same number.
    #[serde(default = "defaults::quic")]
    pub quic: bool,
    /// Seconds for which a client that lost its connection is waited for, 1 to 600.
    #[serde(default = "defaults::keep")]
    pub keep: u16,
    /// The congestion controller of what the relay sends by QUIC.
    #[serde(default)]
    pub congestion: Congestion,
    /// Where metrics are read; a loopback address.
    #[serde(default = "defaults::metrics")]
    pub metrics: SocketAddr,
    /// The SQLite file of session records.
    #[serde(default = "defaults::database")]
    pub database: PathBuf,
    /// The folder of the relay's keys and of what the organisations' keys signed; `handrail-relay keys` fills it.
    #[serde(default = "defaults::keys")]
    pub keys: PathBuf,
    /// The certificate.
    pub tls: Tls,
    /// The organisation's sign-in service.
    pub provider: Provider,
    /// The organisations.
    #[serde(default, rename = "tenant")]
    pub tenants: Vec<TenantConfig>,
    /// Further origins of web pages that may connect; that of `address` may. Native clients have none.
    #[serde(default)]
    pub origins: Vec<String>,
    /// Networks of reverse proxies whose `X-Forwarded-For` says who a request is from. Nobody else's is believed.
    #[serde(default, deserialize_with = "networks_of")]
    pub trusted_proxies: Vec<Network>,
}

/// The relay's certificate.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// PEM file: the certificate and those between it and the authority.
    pub certificate: PathBuf,
    /// PEM file: its private key.
    pub key: PathBuf,
    /// Also accept TLS 1.2, for proxies that inspect traffic (PRODUCT 7.2). The sealed session does not depend on it.
    #[serde(default)]
    pub allow_tls12: bool,
}

/// An OpenID provider.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Its issuer URL, exactly as its tokens spell it.
    pub issuer: String,
    /// PEM file of the authority behind its certificate, if the system does not know it.
    pub ca: Option<PathBuf>,
    /// The client id of the native helper.
    #[serde(default = "defaults::helper_client")]
    pub helper_client: String,
    /// The client id of the native sharer.
    #[serde(default = "defaults::sharer_client")]
    pub sharer_client: String,
    /// The client id of the console.
    #[serde(default = "defaults::console_client")]
    pub console_client: String,
    /// What programs ask for at sign-in: `openid`, and the relay's own scope where the provider wants one (Entra ID).
    #[serde(default = "defaults::scope")]
    pub scope: String,
    /// The audience of its access tokens; with Entra ID the application id of the relay's registration.
    #[serde(default = "defaults::audience")]
    pub audience: String,
    /// Pages name the audience in the parameter `resource` (RFC 8707), which Entra ID refuses.
    #[serde(default = "defaults::resource")]
    pub resource: bool,
    /// Further origins that a page asks when it signs somebody in, if the token address is not at the issuer.
    #[serde(default)]
    pub origins: Vec<String>,
    /// Values of `typ` that its access tokens have; RFC 9068 says `at+jwt`.
    #[serde(default = "defaults::access_types")]
    pub access_types: Vec<String>,
    /// Its tokens name the organisation in `tid` (Entra ID). If not, it signs one organisation in (a realm of Keycloak).
    #[serde(default = "defaults::tid")]
    pub tid: bool,
    /// The claim with a person's groups.
    #[serde(default = "defaults::groups")]
    pub groups_claim: String,
    /// The claim that is the second authority for elevation and unattended control.
    #[serde(default = "defaults::roles")]
    pub roles_claim: String,
}

/// An organisation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantConfig {
    /// The `tid` of its tokens.
    pub id: String,
    /// What people call it; its id if nothing is said.
    pub name: Option<String>,
    /// The domain that it stands for; the host of the issuer if nothing is said.
    pub domain: Option<String>,
    /// Whether remote help is on. Off by default (PRODUCT 1.1).
    #[serde(default)]
    pub enabled: bool,
    /// Whether devices that are not enrolled may be helped. Off by default (PRODUCT 1.2).
    #[serde(default)]
    pub allow_unenrolled: bool,
    /// Whether a consent counts that a program gave (`--ui stdio`). Off by default; the bundle says it to the clients.
    #[serde(default)]
    pub scripted_consent: bool,
    /// Who may help whom.
    #[serde(default, rename = "assignment")]
    pub assignments: Vec<AssignmentConfig>,
}

/// Who may help whom, with which permissions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignmentConfig {
    /// What it is called.
    pub name: String,
    /// A built-in role.
    pub role: Option<String>,
    /// Single permissions, beside or instead of a role.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// Groups whose members hold it.
    pub helpers: Vec<String>,
    /// Groups whose members may be helped; left out: everybody.
    pub sharers: Option<Vec<String>>,
}

/// Values of flags and environment, which win over the file.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// Instead of `listen`.
    pub listen: Option<SocketAddr>,
    /// Instead of `metrics`.
    pub metrics: Option<SocketAddr>,
    /// Instead of `database`.
    pub database: Option<PathBuf>,
}

/// The configuration cannot be used.
#[derive(Debug, Error)]
pub enum BadConfig {
    /// The file cannot be read.
    #[error("{path} cannot be read: {error}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The file is not what this version understands.
    #[error("{path}: {error}")]
    Syntax {
        /// Which file.
        path: PathBuf,
        /// Line, column and what is wrong.
        error: Box<toml::de::Error>,
    },
    /// The address that people use is not there.
    #[error(
        "{path}: `address` is missing: write the address that people use into its first line, such as address = \"https://help.example\""
    )]
    NoAddress {
        /// Which file.
        path: PathBuf,
    },
    /// Metrics would be open to the network.
    #[error("metrics = \"{0}\" is not a loopback address; metrics must not be open to the network")]
    OpenMetrics(SocketAddr),
    /// Clients would be waited for too long, or not at all.
    #[error("keep = {0} is not 1 to 600 seconds")]
    Keep(u16),
    /// A role that does not exist.
    #[error("assignment `{assignment}`: there is no role `{role}`")]
    NoSuchRole {
        /// Which assignment.
        assignment: String,
        /// The word.
        role: String,
    },
    /// A permission that does not exist.
    #[error(
        "assignment `{assignment}`: there is no permission `{permission}` (view, control, elevation, unattended, offer, records, audit, settings, roles, devices, directory, end-sessions)"
    )]
    NoSuchPermission {
        /// Which assignment.
        assignment: String,
        /// The word.
        permission: String,
    },
    /// No organisation at all.
    #[error("no [[tenant]] is configured; nobody could sign in")]
    NoTenant,
    /// Programs would not ask for an ID token.
    #[error("`scope` of [provider] has to hold `openid`")]
    Scope,
    /// An issuer whose tokens name no organisation, for several.
    #[error("provider.tid = false means one organisation, but {0} are configured")]
    ManyWithoutTid(usize),
    /// The same organisation twice.
    #[error("tenant `{0}` is configured twice")]
    TenantTwice(String),
}

impl Config {
    /// Reads and checks the file.
    pub fn read(path: &Path, overrides: Overrides) -> Result<Self, BadConfig> {
        let text = std::fs::read_to_string(path).map_err(|error| BadConfig::Unreadable {
            path: path.to_owned(),
            error,
        })?;
        let bad = |error| BadConfig::Syntax {
            path: path.to_owned(),
            error: Box::new(error),
        };
        let table: toml::Table = toml::from_str(&text).map_err(bad)?;
        if !table.contains_key("address") {
            let path = path.to_owned();
            return Err(BadConfig::NoAddress { path });
        }
        let config: Self = toml::from_str(&text).map_err(bad)?;
        config.overridden(overrides).checked()
    }

    /// How long a client that lost its connection is waited for.
    pub fn keep(&self) -> Duration {
        Duration::from_secs(self.keep.into())
    }

    /// The rules of all tenants.
    pub fn rules(&self) -> Result<Rules, BadConfig> {
        let mut tenants = BTreeMap::new();
        for tenant in &self.tenants {
            let assignments = tenant
                .assignments
                .iter()
                .map(assignment)
                .collect::<Result<_, _>>()?;
            let settings = Settings {
                enabled: tenant.enabled,
                allow_unenrolled: tenant.allow_unenrolled,
                scripted_consent: tenant.scripted_consent,
                ..Settings::default()
            };
            let policy = Policy::new(settings, assignments, vec![], vec![]);
            let id = TenantId(tenant.id.clone());
            if tenants.insert(id, Arc::new(policy)).is_some() {
                return Err(BadConfig::TenantTwice(tenant.id.clone()));
            }
        }
        Ok(Rules { tenants })
    }

    fn overridden(self, overrides: Overrides) -> Self {
        Self {
            listen: overrides.listen.unwrap_or(self.listen),
            metrics: overrides.metrics.unwrap_or(self.metrics),
            database: overrides.database.unwrap_or(self.database),
            ..self
        }
    }

    fn checked(self) -> Result<Self, BadConfig> {
        if !self.metrics.ip().is_loopback() {
            return Err(BadConfig::OpenMetrics(self.metrics));
        }
        if !(1..=600).contains(&self.keep) {
            return Err(BadConfig::Keep(self.keep));
        }
        if self.tenants.is_empty() {
            return Err(BadConfig::NoTenant);
        }
        if !self.provider.tid && self.tenants.len() > 1 {
            return Err(BadConfig::ManyWithoutTid(self.tenants.len()));
        }
        if !self.provider.scope.split(' ').any(|one| one == "openid") {
            return Err(BadConfig::Scope);
        }
        self.rules()?;
        Ok(self)
    }
}

fn assignment(config: &AssignmentConfig) -> Result<Assignment, BadConfig> {
    let mut permissions = Permissions::NONE;
    if let Some(role) = &config.role {
        let of_role = Permissions::of_role(role).ok_or_else(|| BadConfig::NoSuchRole {
            assignment: config.name.clone(),
            role: role.clone(),
        })?;
        permissions = permissions.and(of_role);
    }
    for word in &config.permissions {
        let one = Permissions::of_word(word).ok_or_else(|| BadConfig::NoSuchPermission {
            assignment: config.name.clone(),
            permission: word.clone(),
        })?;
        permissions = permissions.and(one);
    }
    let groups = |names: &[String]| names.iter().cloned().map(GroupId).collect();
    let scope = Scope {
        all_users: config.sharers.is_none(),
        users: config.sharers.as_deref().map(groups).unwrap_or_default(),
        ..Scope::default()
    };
    Ok(Assignment {
        // What stands in the file has no id but its name.
        id: RuleId(config.name.clone()),
        name: config.name.clone(),
        description: String::new(),
        role: RoleId(config.role.clone().unwrap_or_else(|| config.name.clone())),
        permissions,
        groups: groups(&config.helpers),
        people: vec![],
        scope,
    })
}

fn address_of<'de, D: Deserializer<'de>>(text: D) -> Result<Address, D::Error> {
    String::deserialize(text)?.parse().map_err(D::Error::custom)
}

fn networks_of<'de, D: Deserializer<'de>>(list: D) -> Result<Vec<Network>, D::Error> {
    let texts = Vec::<String>::deserialize(list)?;
    let network = |text: &String| {
        let wrong = || format!("trusted_proxies: `{text}` is no network, such as 10.0.0.0/8");
        text.parse().map_err(|_| D::Error::custom(wrong()))
    };
    texts.iter().map(network).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("relay.toml");
        std::fs::write(&path, text).unwrap();
        Config::read(&path, Overrides::default()).map_err(|error| error.to_string())
    }

    const GOOD: &str = r#"
        address = "https://help.example"
        [tls]
        certificate = "c.pem"
        key = "k.pem"
        [provider]
        issuer = "https://login.example"
        [[tenant]]
        id = "contoso"
        enabled = true
        allow_unenrolled = true
        [[tenant.assignment]]
        name = "desk"
        role = "viewer"
        permissions = ["control"]
        helpers = ["helpdesk"]
    "#;

    #[test]
    fn a_small_file_is_enough() {
        let config = read(GOOD).unwrap();
        assert_eq!(config.listen.port(), 8443);
        assert_eq!(config.congestion, Congestion::Rate);
        let rules = config.rules().unwrap();
        let tenant = &rules.tenants[&TenantId("contoso".into())];
        assert_eq!(
            tenant.assignments()[0].permissions.words(),
            ["view", "control", "offer"]
        );
    }

    /// PRODUCT 1.1, 1.2: what the file does not turn on is off; a program's consent counts for nobody.
    #[test]
    fn a_tenant_is_off_and_for_enrolled_devices_unless_the_file_says_otherwise() {
        let settings = |text: &str| {
            let rules = read(text).unwrap().rules().unwrap();
            rules.policy(&TenantId("contoso".into())).settings()
        };
        let on = settings(GOOD);
        assert!(on.enabled && on.allow_unenrolled);
        let without = GOOD
            .replace("enabled = true", "")
            .replace("allow_unenrolled = true", "");
        let off = settings(&without);
        assert!(!off.enabled && !off.allow_unenrolled && !off.scripted_consent);
        let scripts = GOOD.replace("enabled = true", "scripted_consent = true");
        assert!(settings(&scripts).scripted_consent);
    }

    #[test]
    fn mistakes_are_named() {
        let wrong = |from: &str, to: &str| read(&GOOD.replace(from, to)).unwrap_err();
        assert!(wrong("viewer", "vewer").contains("there is no role `vewer`"));
        assert!(wrong("control", "contrl").contains("there is no permission `contrl`"));
        assert!(wrong("helpers", "helper").contains("helper"));
        assert!(wrong("[tls]", "metrics = \"0.0.0.0:1\"\n[tls]").contains("loopback"));
        let missing = wrong("address = \"https://help.example\"", "");
        assert!(missing.contains("`address` is missing"), "{missing}");
        let path = wrong("https://help.example", "https://help.example/x");
        assert!(path.contains("it has a path") && path.contains("line 2"));
        let scope = wrong("[provider]", "[provider]\nscope = \"profile\"");
        assert!(scope.contains("has to hold `openid`"), "{scope}");
        let keep = wrong("[tls]", "keep = 601\n[tls]");
        assert!(keep.contains("1 to 600 seconds"), "{keep}");
        let proxies = wrong("[tls]", "trusted_proxies = [\"the proxy\"]\n[tls]");
        assert!(proxies.contains("`the proxy` is no network"), "{proxies}");
        let controller = wrong("[tls]", "congestion = \"bbr\"\n[tls]");
        assert!(controller.contains("`rate` or `cubic`"), "{controller}");
        let syntax = read("address = 3").unwrap_err();
        assert!(syntax.contains("line 1"), "{syntax}");
        assert!(
            read(&format!("{GOOD}\n[[tenant]]\nid = \"contoso\""))
                .unwrap_err()
                .contains("twice")
        );
    }
}
