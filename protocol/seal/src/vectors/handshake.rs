//! A whole handshake whose randomness is written down.

use policy::SessionId;
use serde_json::{Value, json};
use wire::Code;

use super::{hex, keep, load, unhex};
use crate::Entropy;
use crate::handshake::{Attempts, Context, Sharer, StaticKey};

const FILE: &str = "handshake.json";

#[test]
fn a_handshake_keeps_its_flights() {
    if std::env::var_os("BLESS").is_some() {
        keep(FILE, &run(&inputs()));
    }
    let stored = load(FILE);
    assert_eq!(run(&stored["inputs"]), stored);
}

/// What another implementation has to be given to make the same flights.
fn inputs() -> Value {
    let bytes = |start: u8, count: u8| -> String {
        let bytes: Vec<u8> = (0..count)
            .map(|at| start.wrapping_add(at.wrapping_mul(7)))
            .collect();
        hex(&bytes)
    };
    json!({
        "code": "04718362",
        "session": bytes(3, 16),
        "tenant": "contoso",
        "sharer": {
            "static_private": bytes(10, 32),
            "entropy": bytes(20, 176),
            "credential": "{\"role\":\"sharer\"}",
        },
        "helper": {
            "static_private": bytes(30, 32),
            "entropy": bytes(40, 128),
            "credential": "{\"role\":\"helper\"}",
        },
    })
}

fn run(inputs: &Value) -> Value {
    let context = Context {
        session: SessionId(unhex(&inputs["session"]).try_into().unwrap()),
        tenant: inputs["tenant"].as_str().unwrap().to_owned(),
    };
    let code = Code::parse(inputs["code"].as_str().unwrap()).unwrap();
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
    let (sharer, first) = Sharer::new(context.clone(), &code, key("sharer"), &mut sharer_entropy);
    let (helper, second) = Attempts::new(code)
        .answer(context, &first, &key("helper"), &mut helper_entropy)
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
    assert_eq!(first.len(), 1235, "SPEC 8.1");
    assert_eq!(second.len(), 1169, "SPEC 8.2");
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
