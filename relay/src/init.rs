//! `handrail-relay init`: a configuration, keys and bundle for one organisation, all of it or nothing.

mod ask;
mod file;
mod place;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rcgen::{CertificateParams, DnType, KeyPair};
use thiserror::Error;

use crate::config::{Address, BadConfig, Config, Overrides};
use crate::keys::{self, BadKeys, Made};

pub use ask::ask;

/// What `init` is told.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Options {
    /// Where people find the relay, such as `https://help.example`.
    #[arg(long)]
    pub address: Option<String>,
    /// The issuer of the sign-in service, exactly as its tokens spell it.
    #[arg(long)]
    pub issuer: Option<String>,
    /// The claim `tid` of its tokens (Entra ID: the id of the directory). Left out, it signs this one organisation in (Keycloak).
    #[arg(long)]
    pub tenant: Option<String>,
    /// The domain that the organisation stands for, such as `example.com`.
    #[arg(long)]
    pub domain: Option<String>,
    /// What people call the organisation.
    #[arg(long)]
    pub name: Option<String>,
    /// The group whose members help. With it remote help is on; without it, it is off until somebody turns it on.
    #[arg(long)]
    pub helpers: Option<String>,
    /// Devices that are not enrolled may be helped, too, from the first start on.
    #[arg(long)]
    pub allow_unenrolled: bool,
    /// The configuration file to write.
    #[arg(
        long,
        env = "HANDRAIL_CONFIG",
        default_value = "/etc/handrail/relay.toml"
    )]
    pub config: PathBuf,
    /// The folder for database, keys and bundle; it has to be new or empty.
    #[arg(long, default_value = "/var/lib/handrail")]
    pub data: PathBuf,
    /// PEM file of the certificate and those between it and the authority.
    #[arg(long, requires = "key", conflicts_with = "self_signed")]
    pub certificate: Option<PathBuf>,
    /// PEM file of its private key.
    #[arg(long, requires = "certificate")]
    pub key: Option<PathBuf>,
    /// Makes a certificate that nobody trusts, for a first try.
    #[arg(long)]
    pub self_signed: bool,
    /// PEM file of the authority behind the sign-in service's certificate, if the system does not know it.
    #[arg(long)]
    pub issuer_ca: Option<PathBuf>,
    /// Where the relay listens, if not at every address of this host and the port of `--address`.
    #[arg(long)]
    pub listen: Option<std::net::SocketAddr>,
}

/// Nothing was set up, and nothing was left behind.
#[derive(Debug, Error)]
pub enum CannotInit {
    /// Something has to be said, and nobody can be asked.
    #[error("say {0}; on a terminal, `handrail-relay init` asks for it")]
    Missing(&'static str),
    /// An answer cannot be used.
    #[error("--{flag}: {why}")]
    Answer {
        /// Of which flag.
        flag: &'static str,
        /// What is wrong.
        why: String,
    },
    /// Something is there already.
    #[error("{path} is there already, and init overwrites nothing: {remedy}")]
    There {
        /// What.
        path: PathBuf,
        /// What to do.
        remedy: &'static str,
    },
    /// A file cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The configuration that was written is not understood.
    #[error(transparent)]
    Config(#[from] BadConfig),
    /// The keys cannot be made.
    #[error(transparent)]
    Keys(#[from] BadKeys),
    /// No certificate can be made.
    #[error("a certificate cannot be made: {0}")]
    Certificate(#[from] rcgen::Error),
}

/// What was set up.
#[derive(Debug)]
pub struct Done {
    /// The configuration file.
    pub config: PathBuf,
    /// The organisation's key and the fingerprint of it.
    pub made: Made,
    /// A certificate that nobody trusts.
    pub self_signed: Option<PathBuf>,
}

impl Done {
    /// What to do next.
    pub fn next(&self) -> String {
        let config = self.config.display();
        format!(
            "Next, when no line says FAIL, as the relay's user:\n  \
             handrail-relay serve --config {config}\n  \
             handrail-relay user invite-admin --config {config}"
        )
    }
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            config,
            made,
            self_signed,
        } = self;
        writeln!(f, "Written: {}", config.display())?;
        writeln!(f, "Fingerprint for enrolment: {}", made.fingerprint)?;
        writeln!(
            f,
            "The organisation's key is {}.\nTake it offline now: who has it speaks for the organisation. The relay does not need it to run; `handrail-relay keys --organisation-keys FOLDER` does.",
            made.key.display()
        )?;
        if let Some(certificate) = self_signed {
            writeln!(
                f,
                "WARNING: the certificate is self-signed, good for a first try only. No browser and no program trusts it: start programs with --ca {}, and replace it before anybody works with this relay.",
                certificate.display()
            )?;
        }
        Ok(())
    }
}

/// What is to be set up: every question answered.
#[derive(Clone, Debug)]
struct Plan {
    address: Address,
    issuer: String,
    tenant: Option<String>,
    domain: String,
    name: String,
    helpers: Option<String>,
    allow_unenrolled: bool,
    tls: Tls,
    issuer_ca: Option<PathBuf>,
    listen: std::net::SocketAddr,
    config: PathBuf,
    data: PathBuf,
}

#[derive(Clone, Debug)]
enum Tls {
    Files(PathBuf, PathBuf),
    SelfSigned,
}

/// Sets everything up in a folder beside the one that is asked for, moves it there, and writes the configuration last: without a
/// configuration nothing was set up.
///
/// # Errors
/// See [`CannotInit`]; then nothing is left behind.
pub fn init(
    options: &Options,
    draw: impl FnMut() -> Option<[u8; 32]>,
    now: SystemTime,
) -> Result<Done, CannotInit> {
    let plan = Plan::of(options)?;
    let place = place::Place::begin(&plan.config, &plan.data)?;
    let staged = place.staged();
    if let Tls::SelfSigned = plan.tls {
        self_signed(&plan, staged, now)?;
    }
    // The same file, but for the folder in which everything is made.
    let there = staged.join("relay.toml");
    place::write_new(&there, &file::text(&plan, staged), 0o600)?;
    let config = Config::read(&there, Overrides::default())?;
    let made = keys::make(
        &config,
        &staged.join(OFFLINE),
        keys::Replace::default(),
        draw,
        now,
    )?;
    place::remove(&there)?;
    place.finish(&file::text(&plan, &plan.data))?;
    let made = made.into_iter().next();
    let made = made.ok_or(CannotInit::Missing("--domain"))?;
    let key = made.key.file_name().unwrap_or_default().to_owned();
    let certificate = plan.data.join(SELF_SIGNED);
    Ok(Done {
        made: Made {
            key: plan.data.join(OFFLINE).join(key),
            ..made
        },
        self_signed: matches!(plan.tls, Tls::SelfSigned).then_some(certificate),
        config: plan.config,
    })
}

impl Plan {
    fn of(options: &Options) -> Result<Self, CannotInit> {
        let needed = |said: &Option<String>, flag| {
            let said = said
                .as_deref()
                .map(str::trim)
                .filter(|said| !said.is_empty());
            said.map(str::to_owned).ok_or(CannotInit::Missing(flag))
        };
        let answer = |flag, why: String| CannotInit::Answer { flag, why };
        let address: Address = needed(&options.address, "--address https://help.example")?
            .parse()
            .map_err(|error: crate::config::BadAddress| answer("address", error.to_string()))?;
        let issuer = needed(&options.issuer, "--issuer URL")?;
        if !issuer.starts_with("https://") || reqwest::Url::parse(&issuer).is_err() {
            return Err(answer(
                "issuer",
                format!("`{issuer}` is not an https address"),
            ));
        }
        let domain = needed(&options.domain, "--domain example.com")?;
        let tls = match (&options.certificate, &options.key) {
            (Some(certificate), Some(key)) => Tls::Files(absolute(certificate)?, absolute(key)?),
            _ if options.self_signed => Tls::SelfSigned,
            _ => {
                return Err(CannotInit::Missing(
                    "--certificate FILE --key FILE, or --self-signed for a first try",
                ));
            }
        };
        let port = address.port();
        let name = options.name.clone().filter(|name| !name.trim().is_empty());
        let tenant = options.tenant.clone();
        let helpers = options.helpers.clone();
        Ok(Self {
            address,
            issuer,
            tenant: tenant.filter(|tenant| !tenant.trim().is_empty()),
            name: name.unwrap_or_else(|| domain.clone()),
            domain,
            helpers: helpers.filter(|group| !group.trim().is_empty()),
            allow_unenrolled: options.allow_unenrolled,
            tls,
            issuer_ca: options.issuer_ca.as_deref().map(absolute).transpose()?,
            listen: options
                .listen
                .unwrap_or_else(|| ([0, 0, 0, 0], port).into()),
            config: absolute(&options.config)?,
            data: absolute(&options.data)?,
        })
    }
}

/// The relay may be started from another folder.
fn absolute(path: &Path) -> Result<PathBuf, CannotInit> {
    std::path::absolute(path).map_err(|error| CannotInit::File {
        path: path.to_owned(),
        error,
    })
}

fn self_signed(plan: &Plan, folder: &Path, now: SystemTime) -> Result<(), CannotInit> {
    let mut params = CertificateParams::new([plan.address.bare_host().to_owned()])?;
    params.not_before = (now - DAY).into();
    params.not_after = (now + TRY).into();
    params
        .distinguished_name
        .push(DnType::CommonName, "Handrail, self-signed for a first try");
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?.pem();
    place::write_new(&folder.join(SELF_SIGNED), &certificate, 0o644)?;
    place::write_new(&folder.join(SELF_SIGNED_KEY), &key.serialize_pem(), 0o600)
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a self-signed certificate is good.
const TRY: Duration = DAY.saturating_mul(90);
/// In the folder of data.
const KEYS: &str = "keys";
const OFFLINE: &str = "organisation-keys";
const SELF_SIGNED: &str = "self-signed.pem";
const SELF_SIGNED_KEY: &str = "self-signed.key";
