//! A relay that was broken into, against the unchanged clients (`tests/hostile`): a test for each thing that it can try. None
//! gets an event of input through, or another name on a card. Each waits for the word of the hostile relay that it attacked.

mod company;
mod grants;
mod handshake;
mod identity;
mod origin;
mod records;
mod transcript;

use std::time::Duration;

use serde_json::{Value, json};
use tests::stage::{Pair, Program, Setting, Stage, binary, free_port};
use tokio::process::Command;
use tokio::time::Instant;

/// A hostile relay before a real one.
pub(crate) struct Siege {
    pub(crate) stage: Stage,
    /// The hostile one.
    pub(crate) relay: Program,
    pub(crate) url: String,
}

impl Siege {
    pub(crate) async fn lay(attack: &str) -> Self {
        Self::before(Stage::start().await, attack, &[]).await
    }

    /// One that serves the console's pages, too: relay and provider know its address as the console's.
    async fn of_a_console(attack: &str) -> Self {
        let port = free_port().to_string();
        let origin = format!("https://localhost:{port}");
        let setting = Setting {
            extra: format!("origins = [\"{origin}\"]"),
            console: Some(origin),
            ..Setting::default()
        };
        let stage = Stage::with(&setting).await;
        Self::before(stage, attack, &["--port", &port]).await
    }

    async fn before(stage: Stage, attack: &str, more: &[&str]) -> Self {
        let mut command = Command::new(binary("hostile-relay"));
        command
            .args(["--attack", attack, "--behind", &stage.relay.url, "--ca"])
            .arg(&stage.relay.ca)
            .arg("--folder")
            .arg(stage.path("hostile"))
            .arg("--grant-key")
            .arg(stage.path("keys/grant.key"))
            .arg("--transcript")
            .arg(stage.path("transcript"))
            .args(more);
        let mut relay = Program::spawn("hostile relay", command);
        let ready = relay.expect("ready").await;
        let text = |name: &str| ready[name].as_str().map(str::to_owned).expect("a text");
        let mut stage = stage;
        // Whoever took the address over has a certificate for it.
        stage.relay.key_hash = text("key_hash");
        let url = text("url");
        Self { stage, relay, url }
    }

    /// The release helper, at the hostile relay.
    fn helper(&self, person: &str) -> Program {
        self.client("handrail-helper", person, &[])
    }

    /// The release sharer, at the hostile relay.
    fn sharer(&self, person: &str) -> Program {
        self.client("handrail-sharer", person, &["--source", "synthetic"])
    }

    fn client(&self, program: &str, person: &str, more: &[&str]) -> Program {
        let options = self.stage.options(program, person);
        self.start(program, person, &options, more)
    }

    fn start(&self, program: &str, person: &str, options: &[String], more: &[&str]) -> Program {
        let here = |one: &str| one == self.stage.relay.url;
        let options = options
            .iter()
            .map(|one| if here(one) { &self.url } else { one }.as_str());
        let arguments: Vec<&str> = options.chain(more.iter().copied()).collect();
        Program::start(&format!("{program} of {person}"), program, &arguments)
    }

    /// Amina and Sakura, paired by a code.
    async fn pair(&self) -> Pair {
        let (helper, sharer) = (self.helper("amina"), self.sharer("sakura"));
        self.stage.pair(helper, sharer).await
    }

    /// Waits until the relay attacked.
    async fn attacked(&mut self) {
        self.relay.expect("did").await;
    }
}

/// A code of the helper, typed by the sharer.
async fn typed(helper: &mut Program, sharer: &mut Program) -> String {
    let code = helper.expect("code").await["code"]
        .as_str()
        .map(str::to_owned);
    let code = code.expect("a code");
    sharer.expect("signed_in").await;
    sharer.tell("join", json!({"code": code})).await;
    code
}

async fn stats(sharer: &mut Program) -> Value {
    sharer.ask("stats", json!({}), "stats").await
}

/// Waits until the sharer injected this many events, or more.
async fn injected(sharer: &mut Program, wanted: u64) -> u64 {
    counted(sharer, "injected", wanted).await
}

/// Waits until the sharer dropped this many records, or more.
async fn dropped(sharer: &mut Program, wanted: u64) -> u64 {
    counted(sharer, "dropped", wanted).await
}

async fn counted(sharer: &mut Program, what: &str, wanted: u64) -> u64 {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let stats = stats(sharer).await;
        match stats[what].as_u64() {
            Some(count) if count >= wanted => return count,
            _ => assert!(Instant::now() < deadline, "{what} < {wanted}: {stats}"),
        }
    }
}
