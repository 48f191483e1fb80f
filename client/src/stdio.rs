//! `--ui stdio`: JSON lines in and out, so that a script drives every prompt and reads every state (SPEC 15).

use std::io::Write;

use identity::Identity;
use policy::PairId;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;
use wire::{Fault, Peer};

/// Commands from standard input.
pub struct Commands {
    lines: mpsc::Receiver<String>,
}

/// What a line of standard input was.
#[derive(Debug)]
pub enum Said<C> {
    /// A command.
    Command(C),
    /// Something else, and why.
    Unknown(String),
    /// Standard input was closed: nobody is there any more.
    Closed,
}

impl Commands {
    /// Reads standard input, in a thread of its own: a read cannot be cancelled, and must not hold up the end of the program.
    pub fn new() -> Self {
        let (sender, lines) = mpsc::channel(WAITING);
        std::thread::spawn(move || {
            for line in std::io::stdin().lines() {
                let Ok(line) = line else { return };
                if sender.blocking_send(line).is_err() {
                    return;
                }
            }
        });
        Self { lines }
    }

    /// The next line. Cancel-safe.
    pub async fn next<C: DeserializeOwned>(&mut self) -> Said<C> {
        match self.lines.recv().await {
            Some(line) => serde_json::from_str(&line)
                .map_or_else(|error| Said::Unknown(error.to_string()), Said::Command),
            None => Said::Closed,
        }
    }
}

impl Default for Commands {
    fn default() -> Self {
        Self::new()
    }
}

/// Writes one event to standard output: `event` and the fields of `details`, an object.
pub fn emit(event: &str, details: Value) {
    let mut line = Map::new();
    line.insert("event".to_owned(), json!(event));
    if let Value::Object(details) = details {
        line.extend(details);
    }
    let mut text = Value::Object(line).to_string();
    text.push('\n');
    let mut out = std::io::stdout().lock();
    // Whoever read our events is gone; the session ends when standard input closes, too.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// The event `card`: who the other one is, verified here; below it what only the relay says; and what this client knows beside it.
pub(crate) fn emit_card(
    pair: PairId,
    identity: &Identity,
    domain: &str,
    relay: &str,
    peer: &Peer,
    beside: Value,
) {
    let mut card = Map::new();
    card.extend([
        ("pair".to_owned(), json!(pair.number())),
        ("name".to_owned(), json!(identity.name)),
        ("subject".to_owned(), json!(identity.person.0)),
        ("issuer".to_owned(), json!(identity.issuer)),
        ("domain".to_owned(), json!(domain)),
        ("program".to_owned(), json!(identity.program)),
    ]);
    let mut directory = Map::new();
    directory.insert("relay".to_owned(), json!(relay));
    let details = &peer.details;
    for (name, verified, told) in [
        ("title", &identity.title, &details.title),
        ("company", &identity.company, &details.company),
        ("picture", &None, &details.picture),
    ] {
        match (verified, told) {
            (Some(text), _) => card.insert(name.to_owned(), json!(text)),
            (None, Some(text)) => directory.insert(name.to_owned(), json!(text)),
            (None, None) => None,
        };
    }
    card.insert("directory".to_owned(), Value::Object(directory));
    if let Value::Object(beside) = beside {
        card.extend(beside);
    }
    emit("card", Value::Object(card));
}

/// Writes a fault: its stable code and what a person should read.
pub fn emit_fault(fault: Fault, details: Option<&str>) {
    emit(
        "fault",
        json!({"code": fault, "text": fault.text(), "details": details}),
    );
}

/// Lines that may wait; whoever writes more waits.
const WAITING: usize = 64;
