//! A person at a real browser: Chromium, driven through its debugging protocol by `web/tests/driver.mjs`.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tokio::process::Command;

use super::program::Program;
use super::scene::Stage;

/// A running browser with one page. It is closed when this is dropped.
pub struct Browser {
    program: Program,
}

/// How a browser is set up.
#[derive(Clone, Copy, Debug)]
pub struct Screen<'a> {
    /// The person's language, such as `ar`.
    pub locale: &'a str,
    /// The person likes it dark.
    pub dark: bool,
    /// Width and height of the page.
    pub size: (u32, u32),
    /// The display where its window stands, for a person who shares all of it; without one it has no window.
    pub display: Option<&'a str>,
    /// The person shares a tab: the one that the page is in.
    pub tab: bool,
    /// It takes the relay's certificate for TCP alone, as browsers do that take only those of well-known authorities for QUIC.
    pub no_udp: bool,
    /// What the browser does not have, such as `OffscreenCanvas`.
    pub without: &'a str,
}

impl Default for Screen<'_> {
    fn default() -> Self {
        Self {
            locale: "en-GB",
            dark: false,
            size: (1280, 720),
            display: None,
            tab: false,
            no_udp: false,
            without: "",
        }
    }
}

impl Browser {
    /// Starts one that trusts this stage's relay and provider.
    pub async fn start(stage: &Stage, screen: Screen<'_>) -> Self {
        let keys = format!("{},{}", stage.relay.key_hash, stage.provider.key_hash);
        let (width, height) = screen.size;
        let mut command = Command::new("node");
        command
            .arg(web("tests/driver.mjs"))
            .args(["--keys", &keys, "--locale", screen.locale])
            .args([
                "--width",
                &width.to_string(),
                "--height",
                &height.to_string(),
            ])
            .args(["--without", screen.without])
            .args(screen.dark.then_some("--dark"))
            .args(screen.tab.then_some("--tab"))
            .args(screen.no_udp.then_some("--no-udp"))
            .args(screen.display.map(|_| "--headed"))
            .envs(screen.display.map(|display| ("DISPLAY", display)))
            .current_dir(web(""));
        let mut program = Program::spawn("browser", command);
        program.expect("ready").await;
        Self { program }
    }

    /// Gives a command and waits until it is done; fails with what the page says if it cannot be.
    pub async fn tell(&mut self, command: &str, fields: Value) -> Value {
        self.begin(command, fields.clone()).await;
        let answer = self.program.next().await;
        assert_eq!(
            answer["event"],
            command,
            "{command} {fields}: {}",
            answer["text"].as_str().unwrap_or_default()
        );
        answer
    }

    /// Gives a command and does not wait: [`Self::finish`] does.
    pub async fn begin(&mut self, command: &str, fields: Value) {
        self.program.tell(command, fields).await;
    }

    /// Waits until the command that was begun is done.
    pub async fn finish(&mut self, command: &str) -> Value {
        let answer = self.program.next().await;
        assert_eq!(answer["event"], command, "{}", answer["text"]);
        answer
    }

    /// Opens an address.
    pub async fn open(&mut self, url: &str) {
        self.tell("open", json!({"url": url})).await;
    }

    /// Presses what has this role and name.
    pub async fn click(&mut self, role: &str, name: &str) {
        self.tell("click", json!({"role": role, "name": name}))
            .await;
    }

    /// Waits until something with this role and name is seen.
    pub async fn wait(&mut self, role: &str, name: &str) {
        self.tell("wait", json!({"role": role, "name": name})).await;
    }

    /// Presses a key, such as `Control+Alt+Shift`.
    pub async fn press(&mut self, key: &str) {
        self.tell("press", json!({"key": key})).await;
    }

    /// What stands there.
    pub async fn read(&mut self, selector: &str) -> String {
        let answer = self.tell("read", json!({"selector": selector})).await;
        answer["text"].as_str().expect("text").to_owned()
    }

    /// Takes a screenshot.
    pub async fn shot(&mut self, path: &Path) {
        self.tell("shot", json!({"path": path})).await;
    }

    /// Fails if axe finds anything on the page, or finds nothing to look at.
    pub async fn assert_accessible(&mut self, what: &str) {
        let answer = self.tell("axe", json!({})).await;
        assert_eq!(answer["violations"], json!([]), "{what}");
        assert!(
            answer["passes"].as_u64() > Some(5),
            "{what}: axe saw a page"
        );
    }

    /// What the browser complained about since the last time: errors of scripts, violations of the content security policy.
    pub async fn complaints(&mut self) -> Vec<String> {
        let answer = self.tell("complaints", json!({})).await;
        let complaints = answer["complaints"].as_array().expect("a list").iter();
        complaints
            .map(|one| one.as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// The name of the picture that the page shows (SPEC 7), from the canvas' own pixels.
    pub async fn hash(&mut self) -> String {
        let answer = self.tell("hash", json!({})).await;
        answer["picture"].as_str().expect("a hash").to_owned()
    }

    /// What a script in the page gives.
    pub async fn evaluate(&mut self, script: &str) -> Value {
        let answer = self.tell("evaluate", json!({"script": script})).await;
        answer["value"].clone()
    }

    /// The code that the page shows.
    pub async fn code(&mut self) -> String {
        self.tell("wait", json!({"selector": "[data-code]"})).await;
        let code = self
            .evaluate("document.querySelector('[data-code]').dataset.code")
            .await;
        code.as_str().expect("a code").to_owned()
    }

    /// Signs this person in on the provider's pages, which are open.
    pub async fn sign_in(&mut self, person: &str) {
        let button = json!({"selector": format!("button[name=person][value={person}]")});
        self.tell("click", button).await;
        self.tell("click", json!({"selector": "button[value=allow]"}))
            .await;
    }
}

/// A file of the web workspace.
fn web(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../web")
        .join(name)
}
