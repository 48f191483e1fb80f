//! `hostile-relay`: a relay that was broken into. It stands before a real relay whose key for grants it holds, sees and changes
//! everything that passes, and carries out one attack. The clients before it are the unchanged ones.
//!
//! Prints JSON lines: `ready` with its address, then `did` each time that it attacked.

mod attack;
mod crime;
mod front;
mod hub;
mod middle;
mod request;

use std::path::PathBuf;

use clap::Parser;
use identity::SigningKey;
use serde_json::json;
use tests::demo::Authority;
use tokio::io::{AsyncBufReadExt, BufReader};
use wire::Code;

use crate::attack::Attack;
use crate::crime::Crime;
use crate::front::Front;
use crate::hub::Hub;

/// A relay that was broken into.
#[derive(Parser)]
struct Options {
    /// What it does.
    #[arg(long, value_enum)]
    attack: Attack,
    /// The real relay behind it.
    #[arg(long)]
    behind: String,
    /// The authority of the real relay; the hostile one's is added, so that clients trust it by the same file.
    #[arg(long)]
    ca: PathBuf,
    /// A folder for its own certificate.
    #[arg(long)]
    folder: PathBuf,
    /// The real relay's key for grants.
    #[arg(long)]
    grant_key: PathBuf,
    /// Its port; a free one if nothing is said.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// What it tells instead of the organisation's bundle (`other-bundle`).
    #[arg(long)]
    bundle: Option<PathBuf>,
    /// Where it writes down all that clients send.
    #[arg(long)]
    transcript: PathBuf,
}

#[tokio::main]
async fn main() {
    let options = Options::parse();
    let key = std::fs::read_to_string(&options.grant_key).expect("the key was stolen");
    let key = SigningKey::read(key.trim()).expect("a key");
    let files = Authority::make(&options.folder).expect("certificates can be made");
    let both = [&options.ca, &files.ca]
        .map(|file| std::fs::read_to_string(file).expect("an authority"))
        .concat();
    std::fs::write(&options.ca, both).expect("the authority can be written");
    let bundle = options
        .bundle
        .map(|file| std::fs::read_to_string(file).expect("a bundle"));
    let hub = Hub::start(Crime::new(options.attack, key), &options.transcript);
    let front = Front {
        attack: options.attack,
        behind: options.behind,
        ca: options.ca,
        bundle,
        hub: hub.clone(),
    };
    let listener = front::listen(&files, options.port).await;
    let ready = json!({"event": "ready", "url": listener.url(), "key_hash": files.key_hash});
    println!("{ready}");
    tokio::spawn(front.serve(listener));
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let told: serde_json::Value = serde_json::from_str(&line).expect("JSON lines");
        let code = told["code"].as_str().expect("only codes are told");
        hub.overhear(Code::parse(code).expect("a code"));
        println!("{}", json!({"event": "heard"}));
    }
}
