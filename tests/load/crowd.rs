//! Many people of the demo organisation: one may type only five codes a minute, so a full relay needs a crowd.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use client::sign_in::{Config, SignIn, Tokens, open_browser};
use serde_json::{Map, Value, json};

use crate::demo::{Provider, people};

/// People who signed in.
pub struct Crowd {
    /// The one who helps them all.
    pub helper: Tokens,
    /// The others.
    pub sharers: Vec<Tokens>,
}

/// Writes the people of the demo, one helper and this many sharers into a file for the provider.
///
/// # Errors
/// The people of the demo cannot be read, or the file cannot be written.
pub fn write_people(file: &Path, sharers: usize) -> io::Result<()> {
    let person = |groups: &[&str]| json!({"tid": "lindenhof", "name": "Bench", "groups": groups});
    let mut everybody: Map<String, Value> = serde_json::from_str(&fs::read_to_string(people())?)?;
    everybody.extend((0..sharers).map(|n| (sharer(n), person(&["staff"]))));
    everybody.insert(HELPER.to_owned(), person(&["helpdesk"]));
    fs::write(file, Value::Object(everybody).to_string())
}

impl Crowd {
    /// Everybody signs in, one after the other.
    ///
    /// # Panics
    /// The provider does not know them, or does not answer.
    pub async fn sign_in(provider: &Provider, sharers: usize) -> Self {
        let helper = sign_in(provider, HELPER, "handrail-helper").await;
        let mut signed_in = vec![];
        for n in 0..sharers {
            signed_in.push(sign_in(provider, &sharer(n), "handrail-sharer").await);
        }
        Self {
            helper,
            sharers: signed_in,
        }
    }
}

async fn sign_in(provider: &Provider, person: &str, client: &str) -> Tokens {
    let config = Config {
        issuer: provider.issuer.clone(),
        client_id: client.to_owned(),
        ca: Some(provider.ca.clone()),
        timeout: Duration::from_secs(60),
        step_up: None,
        scope: "openid profile".to_owned(),
    };
    let pending = SignIn::begin(config, "bench")
        .await
        .expect("the provider answers");
    open_browser(&pending.url, Some(&provider.browser(person))).expect("node starts");
    pending
        .finish()
        .await
        .expect("the provider signs in whom it knows")
}

fn sharer(number: usize) -> String {
    format!("sharer{number}")
}

const HELPER: &str = "helper";
/// Codes that one person may type in a minute, and so the pairs of one person.
pub const PAIRS_A_PERSON: usize = 5;
