//! Many people of the demo organisation: one may type only five codes a minute, so a full relay needs a crowd.

use std::fs;
use std::path::Path;
use std::time::Duration;

use client::sign_in::{Config, SignIn, Tokens, open_browser};
use serde_json::{Map, Value, json};
use tests::demo::Provider;

/// People who signed in.
pub(crate) struct Crowd {
    pub(crate) helper: Tokens,
    pub(crate) sharers: Vec<Tokens>,
}

/// The organisation's provider, with one helper and this many sharers.
pub(crate) async fn provider(folder: &Path, sharers: usize) -> Provider {
    let person = |groups: &[&str]| json!({"tid": "lindenhof", "name": "Bench", "groups": groups});
    let mut people: Map<String, Value> = (0..sharers)
        .map(|n| (sharer(n), person(&["staff"])))
        .collect();
    people.insert(HELPER.to_owned(), person(&["helpdesk"]));
    let file = folder.join("people.json");
    fs::write(&file, Value::Object(people).to_string()).expect("the folder can be written");
    Provider::start_for(&file, None, &[])
        .await
        .expect("the provider starts")
}

impl Crowd {
    /// Everybody signs in, one after the other.
    pub(crate) async fn sign_in(provider: &Provider, sharers: usize) -> Self {
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
pub(crate) const PAIRS_A_PERSON: usize = 5;
