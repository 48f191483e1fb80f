//! The demo OpenID provider as a child process.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};

use super::{Authority, AuthorityError};

/// A running provider with certificates of its own. It stops when this is dropped, and also when the
/// process that started it is gone.
#[derive(Debug)]
pub struct Provider {
    /// Its `iss`.
    pub issuer: String,
    /// The file that clients trust it by.
    pub ca: PathBuf,
    /// The fingerprint of its key, for a browser.
    pub key_hash: String,
    process: Child,
    _alive: Option<ChildStdin>,
    _folder: TempDir,
}

/// Why there is no provider.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// No certificates.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// A program or a file is missing.
    #[error("{what}: {error}")]
    System {
        /// What was tried.
        what: &'static str,
        /// What the system says.
        error: std::io::Error,
    },
    /// `npm ci` ended with an error.
    #[error("npm ci failed in {}", .0.display())]
    Install(PathBuf),
    /// The provider ended before it said where it is; its reason is on standard error.
    #[error("the provider did not start")]
    NotStarted,
}

impl Provider {
    /// Starts the provider on a free port, after its packages were installed if they were not.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub async fn start() -> Result<Self, ProviderError> {
        Self::start_for(&demo_file("people.json"), None, &[]).await
    }

    /// The same, for the people of a file like `people.json`, for a console at this address, and with these further options.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub async fn start_for(
        people: &Path,
        console: Option<&str>,
        more: &[&str],
    ) -> Result<Self, ProviderError> {
        install().await?;
        let folder = tempfile::tempdir().map_err(|error| system("a folder for keys", error))?;
        let files = Authority::make(folder.path())?;
        let mut process = Command::new("node")
            .arg(demo_file("provider.mjs"))
            .arg("--while-stdin")
            .arg("--people")
            .arg(people)
            .arg("--cert")
            .arg(&files.certificate)
            .arg("--key")
            .arg(&files.key)
            .args(console.map(|console| format!("--console-redirect={console}/signed-in")))
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| system("cannot start node", error))?;
        let stdout = process.stdout.take().ok_or(ProviderError::NotStarted)?;
        let mut lines = BufReader::new(stdout).lines();
        let line = tokio::time::timeout(START, lines.next_line())
            .await
            .map_err(|_| ProviderError::NotStarted)?;
        let line = line.map_err(|error| system("cannot read from node", error))?;
        let ready: Ready = line
            .and_then(|line| serde_json::from_str(&line).ok())
            .ok_or(ProviderError::NotStarted)?;
        Ok(Self {
            issuer: ready.issuer,
            ca: files.ca,
            key_hash: files.key_hash,
            _alive: process.stdin.take(),
            process,
            _folder: folder,
        })
    }

    /// Ends the provider, as an outage would.
    pub async fn stop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill().await;
    }

    /// The command of a browser in which this person signs in; the address is to be added to it.
    pub fn browser(&self, person: &str) -> String {
        let program = demo_file("browser.mjs");
        format!(
            "node {} --person {person} --ca {}",
            program.display(),
            self.ca.display()
        )
    }
}

/// How long it may take to start.
const START: Duration = Duration::from_secs(60);

/// The line that the provider prints.
#[derive(Deserialize)]
struct Ready {
    issuer: String,
}

/// Runs `npm ci` unless the installed packages are those of the lock file. Several test programs may
/// come here at once: one of them installs, the others wait for it.
async fn install() -> Result<(), ProviderError> {
    let folder = demo_file("");
    let lock = File::open(demo_file("package-lock.json"));
    let lock = lock.map_err(|error| system("cannot read package-lock.json", error))?;
    let locked = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await;
    let _lock = locked
        .map_err(std::io::Error::other)
        .flatten()
        .map_err(|error| system("cannot lock package-lock.json", error))?;
    let wanted = fs::read(demo_file("package-lock.json")).ok();
    let stamp = demo_file("node_modules/.installed-lock.json");
    if wanted.is_some() && fs::read(&stamp).ok() == wanted {
        return Ok(());
    }
    let status = Command::new("npm")
        .args(["ci", "--silent"])
        .current_dir(&folder)
        .status()
        .await;
    if !status
        .map_err(|error| system("cannot start npm", error))?
        .success()
    {
        return Err(ProviderError::Install(folder));
    }
    fs::copy(demo_file("package-lock.json"), stamp)
        .map_err(|error| system("cannot note what is installed", error))?;
    Ok(())
}

/// The people of the demo organisation.
pub fn people() -> PathBuf {
    demo_file("people.json")
}

fn demo_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("demo")
        .join(name)
}

fn system(what: &'static str, error: std::io::Error) -> ProviderError {
    ProviderError::System { what, error }
}
