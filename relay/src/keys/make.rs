//! Makes what is missing of the keys, and signs the bundles: `handrail-relay keys`.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use ::identity::{Bundle, ClientIds, EndPolicy, PublicKey, RoleClaim, SigningKey};

use super::{BadKeys, bundle_path, file_name, grant_path, read, read_key, verified};
use crate::config::{Config, TenantConfig};

/// What stands for an organisation after `handrail-relay keys`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The organisation.
    pub tenant: String,
    /// The fingerprint of its key, for enrolment links.
    pub fingerprint: String,
    /// Where its key is: to be kept offline.
    pub key: PathBuf,
    /// Whether the bundle was signed anew; the one that stood before fits otherwise.
    pub signed: bool,
}

/// What is to be replaced that is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replace {
    /// The relay's grant key; the old one stays in the bundles until the next run.
    pub grant_key: bool,
    /// The organisations' own keys: every program that knows an organisation stops until it is enrolled anew.
    pub organisation_keys: bool,
}

/// Makes the relay's grant key and the organisations' keys where they are missing, and signs a bundle for each organisation whose
/// bundle does not fit the configuration. A bundle that another key signed is not replaced unless that is asked for: the folder of the
/// organisations' keys is easily the wrong one.
///
/// # Errors
/// See [`BadKeys`]. Files are written whole or not at all.
pub fn make(
    config: &Config,
    tenant_keys: &Path,
    replace: Replace,
    mut draw: impl FnMut() -> Option<[u8; 32]>,
    now: SystemTime,
) -> Result<Vec<Made>, BadKeys> {
    if !replace.organisation_keys {
        for tenant in &config.tenants {
            same_key(config, tenant, tenant_keys)?;
        }
    }
    let path = grant_path(&config.keys);
    let old = match read_key(&path) {
        Ok(key) => Some(key),
        Err(BadKeys::Missing { .. }) => None,
        Err(error) => return Err(error),
    };
    let (grant, before) = match old {
        Some(old) if replace.grant_key => (new_key(&path, draw())?, Some(old.public())),
        Some(old) => (old, None),
        None => (new_key(&path, draw())?, None),
    };
    let grant_keys: Vec<PublicKey> = [grant.public()].into_iter().chain(before).collect();
    let mut made = vec![];
    for tenant in &config.tenants {
        let path = organisation_key(tenant_keys, tenant);
        let key = match read_key(&path) {
            Err(BadKeys::Missing { .. }) => new_key(&path, draw())?,
            other => other?,
        };
        let wanted = bundle(config, tenant, &grant_keys);
        let signed = sign(config, wanted, &key, now)?;
        made.push(Made {
            tenant: tenant.id.clone(),
            fingerprint: key.public().fingerprint(),
            key: path,
            signed,
        });
    }
    Ok(made)
}

/// Whether the key in this folder is the one that signed the bundle which stands, if one does.
fn same_key(config: &Config, tenant: &TenantConfig, folder: &Path) -> Result<(), BadKeys> {
    let path = bundle_path(&config.keys, &tenant.id);
    let fingerprint = match read(&path) {
        Ok(raw) => verified(&raw, &path)?.1,
        Err(BadKeys::Missing { .. }) => return Ok(()),
        Err(error) => return Err(error),
    };
    let key = match read_key(&organisation_key(folder, tenant)) {
        Ok(key) => Some(key.public().fingerprint()),
        Err(BadKeys::Missing { .. }) => None,
        Err(error) => return Err(error),
    };
    if key.as_ref() == Some(&fingerprint) {
        return Ok(());
    }
    Err(BadKeys::OtherKey {
        tenant: tenant.id.clone(),
        folder: folder.to_owned(),
        fingerprint,
    })
}

fn organisation_key(folder: &Path, tenant: &TenantConfig) -> PathBuf {
    folder.join(format!("{}.key", file_name(&tenant.id)))
}

/// Signs a bundle unless the one that stands says the same by the same key.
fn sign(
    config: &Config,
    wanted: Bundle,
    key: &SigningKey,
    now: SystemTime,
) -> Result<bool, BadKeys> {
    let path = bundle_path(&config.keys, &wanted.tenant);
    let standing = match read(&path) {
        Ok(raw) => Some(verified(&raw, &path)?),
        Err(BadKeys::Missing { .. }) => None,
        Err(error) => return Err(error),
    };
    let same_key = |fingerprint: &String| *fingerprint == key.public().fingerprint();
    if let Some((bundle, fingerprint)) = &standing
        && same_key(fingerprint)
        && difference(bundle, &wanted).is_none()
        && bundle.grant_keys == wanted.grant_keys
    {
        return Ok(false);
    }
    let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let bundle = Bundle {
        serial: standing.map_or(0, |(bundle, _)| bundle.serial) + 1,
        iat: seconds,
        ..wanted
    };
    write_private(&path, bundle.sign(key).as_bytes())?;
    Ok(true)
}

/// The bundle that the configuration asks for, before it has a serial.
pub(super) fn bundle(config: &Config, tenant: &TenantConfig, grant_keys: &[PublicKey]) -> Bundle {
    let provider = &config.provider;
    let host = provider.issuer.trim_start_matches("https://");
    let host = host.split(['/', '?', '#']).next().unwrap_or(host);
    let own = |said: &Option<String>, otherwise: &str| {
        said.clone().unwrap_or_else(|| otherwise.to_owned())
    };
    Bundle {
        v: 1,
        serial: 0,
        iat: 0,
        issuer: provider.issuer.clone(),
        tenant: tenant.id.clone(),
        tid: provider.tid,
        domain: own(&tenant.domain, host),
        name: own(&tenant.name, &tenant.id),
        clients: ClientIds {
            browser: provider.console_client.clone(),
            helper: provider.helper_client.clone(),
            sharer: provider.sharer_client.clone(),
            scope: provider.scope.clone(),
        },
        roles: RoleClaim {
            claim: provider.roles_claim.clone(),
            elevation: "handrail.elevation".to_owned(),
            unattended: "handrail.unattended".to_owned(),
        },
        grant_keys: grant_keys.to_vec(),
        policy: EndPolicy {
            browser_elevation: false,
            scripted_consent: tenant.scripted_consent,
        },
    }
}

/// What of a bundle is not as wanted. Of the grant keys the relay's present one has to be there.
pub(super) fn difference(bundle: &Bundle, wanted: &Bundle) -> Option<&'static str> {
    let named = |key: &&PublicKey| bundle.grant_keys.contains(key);
    [
        ("issuer", bundle.issuer == wanted.issuer),
        ("tenant", bundle.tenant == wanted.tenant),
        ("tid", bundle.tid == wanted.tid),
        ("domain", bundle.domain == wanted.domain),
        ("name", bundle.name == wanted.name),
        ("client ids or scope", bundle.clients == wanted.clients),
        ("roles", bundle.roles == wanted.roles),
        (
            "scripted_consent",
            bundle.policy.scripted_consent == wanted.policy.scripted_consent,
        ),
        (
            "browser elevation",
            bundle.policy.browser_elevation == wanted.policy.browser_elevation,
        ),
        (
            "grant key",
            wanted.grant_keys.first().is_some_and(|key| named(&key)),
        ),
    ]
    .into_iter()
    .find_map(|(name, same)| (!same).then_some(name))
}

fn new_key(path: &Path, random: Option<[u8; 32]>) -> Result<SigningKey, BadKeys> {
    let random = random.ok_or(BadKeys::NoRandomness)?;
    let key = SigningKey::new(random).map_err(|error| BadKeys::NotAKey {
        path: path.to_owned(),
        error,
    })?;
    write_private(path, key.expose().as_bytes())?;
    Ok(key)
}

/// Writes a file that only its owner can read, whole or not at all.
fn write_private(path: &Path, bytes: &[u8]) -> Result<(), BadKeys> {
    let failed = |error| BadKeys::File {
        path: path.to_owned(),
        error,
    };
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let beside = path.with_extension("new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&beside)
        .map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.write_all(b"\n").map_err(failed)?;
    file.sync_all().map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)
}
