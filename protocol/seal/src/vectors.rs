//! The recorded bytes of this crate and their meaning, for every other program that speaks the protocol.
//!
//! `BLESS=1 cargo test -p seal vectors` writes them anew; a change of them is a change of the protocol.

mod handshake;
mod messages;
mod records;

use std::path::PathBuf;

use serde_json::Value;

/// Holds the file to what this code makes; `BLESS=1` writes it.
fn keep(name: &str, made: &Value) {
    if std::env::var_os("BLESS").is_some() {
        let text = serde_json::to_string_pretty(made).unwrap();
        std::fs::write(path(name), text + "\n").unwrap();
    }
    assert_eq!(&load(name), made, "{name}");
}

fn load(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(path(name)).unwrap()).unwrap()
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../vectors")
        .join(name)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &Value) -> Vec<u8> {
    let text = text.as_str().unwrap();
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}
