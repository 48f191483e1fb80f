//! A whole handshake whose randomness is written down.

use policy::SessionId;
use serde_json::{Value, json};
use wire::Code;

use super::{hex, keep, load, unhex};
use crate::Entropy;
use crate::handshake::{Attempts, Context, Helper, Sharer, StaticKey};

#[test]
fn a_handshake_keeps_its_flights() {
    let code = inputs(Some("04718362"), (176, 128));
    held("handshake.json", &code, [1235, 1169]);
}

#[test]
fn a_handshake_without_a_code_keeps_its_flights() {
    held("invitation.json", &inputs(None, (112, 64)), [1203, 1137]);
}

/// Holds the file to the lengths of SPEC 8 and to what this code makes of its inputs.
fn held(file: &str, inputs: &Value, lengths: [usize; 2]) {
    if std::env::var_os("BLESS").is_some() {
        keep(file, &run(inputs));
    }
    let stored = load(file);
    assert_eq!(run(&stored["inputs"]), stored);
    for (place, length) in lengths.into_iter().enumerate() {
        assert_eq!(unhex(&stored["flights"][place]).len(), length, "SPEC 8");
    }
}

/// What another implementation has to be given to make the same flights.
fn inputs(code: Option<&str>, (sharer, helper): (u8, u8)) -> Value {
    let bytes = |start: u8, count: u8| -> String {
        let bytes: Vec<u8> = (0..count)
            .map(|at| start.wrapping_add(at.wrapping_mul(7)))
            .collect();
        hex(&bytes)
    };
    json!({
        "code": code,
        "session": bytes(3, 16),
        "tenant": "contoso",
        "sharer": {
            "static_private": bytes(10, 32),
            "entropy": bytes(20, sharer),
            "credential": "{\"role\":\"sharer\"}",
        },
        "helper": {
            "static_private": bytes(30, 32),
            "entropy": bytes(40, helper),
            "credential": "{\"role\":\"helper\"}",
        },
    })
}

fn run(inputs: &Value) -> Value {
    let context = Context {
        session: SessionId(unhex(&inputs["session"]).try_into().unwrap()),
        tenant: inputs["tenant"].as_str().unwrap().to_owned(),
    };
    let code = inputs["code"]
        .as_str()
        .map(|code| Code::parse(code).unwrap());
    let key = |of: &str| StaticKey::new(unhex(&inputs[of]["static_private"]).try_into().unwrap());
    let credential = |of: &str| {
        inputs[of]["credential"]
            .as_str()
            .unwrap()
            .as_bytes()
            .to_vec()
    };
    let mut sharer_entropy = Written(unhex(&inputs["sharer"]["entropy"]));
    let mut helper_entropy = Written(unhex(&inputs["helper"]["entropy"]));
    let (sharer, first) = match &code {
        Some(code) => Sharer::new(context.clone(), code, key("sharer"), &mut sharer_entropy),
        None => Sharer::inviting(context.clone(), key("sharer"), &mut sharer_entropy),
    };
    let (helper, second) = match code {
        Some(code) => {
            Attempts::new(code).answer(context, &first, &key("helper"), &mut helper_entropy)
        }
        None => Helper::invited(context, &first, &key("helper"), &mut helper_entropy),
    }
    .unwrap();
    assert!(sharer_entropy.0.is_empty() && helper_entropy.0.is_empty());
    let (sharer, third) = sharer.read_second(&second, &credential("sharer")).unwrap();
    let (helper, fourth) = helper
        .read_third(&third)
        .unwrap()
        .answer(&credential("helper"))
        .unwrap();
    let sharer = sharer.read_fourth(&fourth).unwrap();
    assert_eq!(helper.hash, sharer.hash);
    assert_eq!(third.len(), 96 + credential("sharer").len(), "SPEC 8.3");
    assert_eq!(fourth.len(), 64 + credential("helper").len(), "SPEC 8.3");
    json!({
        "about": "entropy is drawn from the front, in the order of SPEC 8.3",
        "inputs": inputs,
        "flights": [hex(&first), hex(&second), hex(&third), hex(&fourth)],
        "hash": helper.hash.to_string(),
        "secret_of_generation_0": hex(helper.secret.bytes()),
        "sharer_public": hex(&helper.peer_key),
        "helper_public": hex(&sharer.peer_key),
    })
}

/// Entropy that somebody wrote down.
struct Written(Vec<u8>);

impl Entropy for Written {
    fn fill(&mut self, bytes: &mut [u8]) {
        let rest = self.0.split_off(bytes.len());
        bytes.copy_from_slice(&self.0);
        self.0 = rest;
    }
}
