//! The relay as a child process.

use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;

use super::program::{binary, free_port};
use crate::demo::{Authority, Provider};
use crate::netem::{Path as Network, RELAY};

/// What the relay of a test is told beside the usual.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// Remote help is off.
    pub disabled: bool,
    /// A consent counts only if a person gave it: no `scripted_consent`.
    pub people_only: bool,
    /// The configuration file gives nobody a role in the first organisation.
    pub unassigned: bool,
    /// Further lines of the configuration file, before its first table.
    pub extra: String,
    /// The provider differs from others as Entra ID does.
    pub like_entra: bool,
    /// How many people there are beside those of the demo, for [`Crowd::sign_in`](crate::load::Crowd::sign_in); with one who helps them.
    pub crowd: usize,
    /// Where the provider finds the console, if not at the relay itself.
    pub console: Option<String>,
    /// The relay runs at one end of this network, clients at either; see [`Stage::near`](super::Stage::near).
    pub network: Option<Arc<Network>>,
}

impl Setting {
    /// The address of the relay at this port.
    pub(super) fn url(&self, port: u16) -> String {
        let host = match self.network {
            Some(_) => RELAY.to_string(),
            None => "localhost".to_owned(),
        };
        format!("https://{host}:{port}")
    }
}

/// A running relay. It is killed when this is dropped.
pub struct RelayProcess {
    /// Its address for clients.
    pub url: String,
    /// The address of its metrics.
    pub metrics: String,
    /// The authority behind its certificate and the provider's.
    pub ca: PathBuf,
    /// The fingerprint of its key, for a browser.
    pub key_hash: String,
    /// Its database.
    pub database: PathBuf,
    /// Its log, as far as it was read.
    pub log: PathBuf,
    config: PathBuf,
    network: Option<Arc<Network>>,
    process: Child,
    lines: watch::Receiver<usize>,
}

/// What a run of the relay begins with.
struct Run {
    config: PathBuf,
    ca: PathBuf,
    key_hash: String,
    url: String,
    metrics: String,
    network: Option<Arc<Network>>,
}

impl RelayProcess {
    /// Starts a relay in this folder for this provider at this port, and waits until new sessions can start.
    pub async fn start(folder: &Path, provider: &Provider, setting: &Setting, port: u16) -> Self {
        let files = Authority::make(&folder.join("tls")).expect("certificates can be made");
        let ca = folder.join("ca.pem");
        let both = [&files.ca, &provider.ca]
            .map(|file| fs::read_to_string(file).expect("the authority was written"))
            .concat();
        fs::write(&ca, both).expect("the folder can be written");
        let metrics = free_port();
        let config = folder.join("relay.toml");
        let text = configuration(&files, provider, folder, (port, metrics), setting);
        fs::write(&config, text).expect("the folder can be written");
        make_keys(folder, &config).await;
        let run = Run {
            config,
            ca,
            key_hash: files.key_hash,
            url: setting.url(port),
            metrics: format!("127.0.0.1:{metrics}"),
            network: setting.network.clone(),
        };
        Self::run(run).await
    }

    /// Starts it again, with the same configuration, after it was killed.
    pub async fn again(self) -> Self {
        let run = Run {
            config: self.config.clone(),
            ca: self.ca.clone(),
            key_hash: self.key_hash.clone(),
            url: self.url.clone(),
            metrics: self.metrics.clone(),
            network: self.network.clone(),
        };
        drop(self);
        Self::run(run).await
    }

    async fn run(run: Run) -> Self {
        let folder = run.config.parent().expect("a file is in a folder");
        let program = binary("handrail-relay");
        let command = match &run.network {
            Some(network) => network.relay.command(program),
            None => std::process::Command::new(program),
        };
        let mut process = Command::from(command)
            .args(["serve", "--config"])
            .arg(&run.config)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the relay can be started");
        let stderr = process.stderr.take().expect("standard error is piped");
        let log = folder.join("relay.log");
        let before = fs::metadata(&log).map_or(0, |log| log.len());
        let lines = copy_lines(stderr, log.clone());
        let mut relay = Self {
            url: run.url,
            metrics: run.metrics,
            ca: run.ca,
            key_hash: run.key_hash,
            database: folder.join("handrail.db"),
            log,
            config: run.config.clone(),
            network: run.network,
            process,
            lines,
        };
        relay
            .wait_for_after(before, "the sign-in service answers")
            .await;
        relay
    }

    /// Waits until the log holds this text.
    pub async fn wait_for(&mut self, text: &str) {
        self.wait_for_after(0, text).await;
    }

    /// The same, for what stands after this many bytes: an earlier run has left its own lines.
    async fn wait_for_after(&mut self, before: u64, text: &str) {
        let before = usize::try_from(before).expect("a log fits into memory");
        let found = async {
            loop {
                let log = fs::read_to_string(&self.log).unwrap_or_default();
                if log.get(before..).is_some_and(|log| log.contains(text)) {
                    return;
                }
                if self.lines.changed().await.is_err() {
                    panic!("the relay ended without `{text}`; its log: {log}");
                }
            }
        };
        if tokio::time::timeout(PATIENCE, found).await.is_err() {
            let log = fs::read_to_string(&self.log).unwrap_or_default();
            panic!("the relay did not log `{text}` in {PATIENCE:?}; its log: {log}");
        }
    }

    /// The fingerprint of an organisation's key, as its enrolment link names it.
    pub fn organisation(&self, tenant: &str) -> String {
        let folder = self.config.parent().expect("a file is in a folder");
        let raw = fs::read_to_string(folder.join(format!("keys/{tenant}.bundle")));
        let raw = raw.expect("the bundle was made");
        let key = identity::Bundle::named_key(raw.trim()).expect("a bundle names its key");
        key.fingerprint()
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.process.id().expect("the relay runs")
    }

    /// Ends it as a crash would.
    pub async fn kill(&mut self) {
        self.process.kill().await.expect("the relay can be killed");
    }

    /// Gives it another certificate, of another authority, as whoever renews one does. Gives the authority.
    pub async fn renew_certificate(&mut self) -> PathBuf {
        let folder = self.config.parent().expect("a file is in a folder");
        let other = Authority::make(&folder.join("renewed")).expect("certificates can be made");
        let now = folder.join("tls");
        for file in [&other.certificate, &other.key] {
            let name = file.file_name().expect("a file has a name");
            fs::copy(file, now.join(name)).expect("the folder can be written");
        }
        let id = self.id().to_string();
        let asked = Command::new("kill").args(["-HUP", &id]).status().await;
        assert!(
            asked.is_ok_and(|status| status.success()),
            "the relay can be told"
        );
        self.wait_for("another certificate is used from now on")
            .await;
        other.ca
    }

    /// Asks it to end, and waits until it did. Gives whether it says that all went well.
    pub async fn terminate(&mut self) -> bool {
        let id = self.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().await;
        assert!(
            asked.is_ok_and(|status| status.success()),
            "the relay can be asked to end"
        );
        let ended = tokio::time::timeout(PATIENCE, self.process.wait()).await;
        ended
            .expect("the relay ends in time")
            .is_ok_and(|status| status.success())
    }
}

/// Makes the keys as an administrator does.
async fn make_keys(folder: &Path, config: &Path) {
    let made = Command::new(binary("handrail-relay"))
        .args(["keys", "--config"])
        .arg(config)
        .arg("--organisation-keys")
        .arg(folder.join("organisation-keys"))
        .output()
        .await
        .expect("the relay's program can be started");
    let said = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "keys cannot be made: {said}");
}

fn copy_lines(stderr: tokio::process::ChildStderr, log: PathBuf) -> watch::Receiver<usize> {
    let (sender, receiver) = watch::channel(0);
    tokio::spawn(async move {
        let mut file = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(log)
            .expect("the log can be written");
        let mut lines = BufReader::new(stderr).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            use std::io::Write;
            writeln!(file, "{line}").expect("the log can be written");
            sender.send_modify(|count| *count += 1);
        }
    });
    receiver
}

fn configuration(
    files: &Authority,
    provider: &Provider,
    folder: &Path,
    (port, metrics): (u16, u16),
    setting: &Setting,
) -> String {
    let Setting {
        disabled,
        people_only,
        unassigned,
        extra,
        like_entra,
        crowd: _,
        console: _,
        network,
    } = setting;
    let listen = network.as_ref().map_or(Ipv4Addr::LOCALHOST, |_| RELAY);
    let entra = if *like_entra { ENTRA } else { "" };
    let assignments = if *unassigned { "" } else { ASSIGNMENTS };
    format!(
        r#"address = "{address}"
listen = "{listen}:{port}"
metrics = "127.0.0.1:{metrics}"
database = "{folder}/handrail.db"
keys = "{folder}/keys"
{extra}

[tls]
certificate = "{certificate}"
key = "{key}"

[provider]
issuer = "{issuer}"
ca = "{ca}"
{entra}

[[tenant]]
id = "lindenhof"
name = "Klinikum Lindenhof"
domain = "klinikum-lindenhof.example"
enabled = {enabled}
allow_unenrolled = true
scripted_consent = {scripted}

{assignments}
[[tenant]]
id = "porto-azzurro"
enabled = true
allow_unenrolled = true
scripted_consent = {scripted}

[[tenant.assignment]]
name = "everybody"
role = "helpdesk-operator"
helpers = ["staff", "helpdesk", "it"]
"#,
        address = setting.url(port),
        folder = folder.display(),
        certificate = files.certificate.display(),
        key = files.key.display(),
        issuer = provider.issuer,
        ca = provider.ca.display(),
        enabled = !disabled,
        scripted = !people_only,
    )
}

/// What docs/entra-id.md says; the application id is that of `tests/demo/provider.mjs`.
const ENTRA: &str = r#"
access_types = ["jwt"]
audience = "5b1f6ad2-77a3-4c0e-9a53-6f0d3f1c2e11"
scope = "openid profile api://5b1f6ad2-77a3-4c0e-9a53-6f0d3f1c2e11/help"
resource = false
"#;

const PATIENCE: Duration = Duration::from_secs(30);

/// Who may do what in the first organisation.
const ASSIGNMENTS: &str = r#"[[tenant.assignment]]
name = "service desk"
role = "helpdesk-operator"
helpers = ["helpdesk"]

[[tenant.assignment]]
name = "trainees"
role = "viewer"
helpers = ["viewers"]

[[tenant.assignment]]
name = "administration"
role = "administrator"
helpers = ["relay-admins"]

[[tenant.assignment]]
name = "audit"
role = "auditor"
helpers = ["auditors"]
"#;
