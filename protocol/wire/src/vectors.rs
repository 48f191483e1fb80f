//! The recorded bytes of this crate and their meaning, for every other program that speaks the protocol.
//!
//! `BLESS=1 cargo test -p wire vectors` writes them anew; a change of them is a change of the protocol.

use std::collections::BTreeSet;
use std::path::PathBuf;

use bytes::Bytes;
use policy::PairId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    Channel, Code, Credit, Envelope, Frame, FromRelay, Header, MAX_ACR, MAX_ACR_VALUES, MAX_CLIENT,
    MAX_DETAIL, MAX_FRAME, MAX_GRANT, MAX_INCIDENT, MAX_MESSAGE, MAX_NONCE, MAX_PORTRAIT,
    MAX_REASON, MAX_RULE, MAX_SUBJECT, ToRelay,
};

#[test]
fn frames_keep_their_bytes_and_meaning() {
    let frames: Vec<Value> = frames()
        .into_iter()
        .map(|(name, frame)| {
            let bytes = frame.clone().encode();
            let read = Frame::decode(bytes.clone()).unwrap();
            assert_eq!(read, frame, "{name}");
            json!({ "name": name, "bytes": hex(&bytes), "meaning": describe(&read) })
        })
        .collect();
    let refused: Vec<Value> = refused_frames()
        .into_iter()
        .map(|(name, bytes, length)| {
            let mut whole = bytes.clone();
            whole.resize(length.unwrap_or(bytes.len()), 0);
            let reason = Frame::decode(whole.into()).unwrap_err();
            let mut case =
                json!({ "name": name, "bytes": hex(&bytes), "reason": reason.to_string() });
            if let Some(length) = length {
                case["length"] = length.into();
            }
            case
        })
        .collect();
    let about = "one carrier message each, as hex; `length`: zeros follow up to this many bytes";
    keep(
        "wire.json",
        &json!({ "about": about, "frames": frames, "refused": refused }),
    );
}

#[test]
fn messages_keep_their_text() {
    let stored = load("messages.json");
    let to: BTreeSet<String> = texts(&stored["to_relay"]).map(held::<ToRelay>).collect();
    let from: BTreeSet<String> = texts(&stored["from_relay"])
        .map(held::<FromRelay>)
        .collect();
    assert_eq!(to.len(), 19, "one of each type: {to:?}");
    assert_eq!(from.len(), 25, "one of each type: {from:?}");
    for text in texts(&stored["refused_to_relay"]) {
        assert!(ToRelay::parse(text.as_bytes()).is_err(), "{text}");
    }
    for text in texts(&stored["refused_from_relay"]) {
        assert!(FromRelay::parse(text.as_bytes()).is_err(), "{text}");
    }
}

/// What the sender writes freely stands in memory, records and logs of others: it has a bound, in bytes of UTF-8.
#[test]
fn texts_of_messages_are_bounded() {
    let hash = "5c".repeat(32);
    let session = "0f".repeat(16);
    let to_relay = |message: Value| ToRelay::parse(message.to_string().as_bytes()).is_ok();
    let from_relay = |message: Value| FromRelay::parse(message.to_string().as_bytes()).is_ok();
    let fits = |most: usize, reads: &dyn Fn(&str) -> bool| {
        assert!(reads(&"é".repeat(most / 2)));
        assert!(!reads(&format!("{}n", "é".repeat(most / 2))));
    };
    fits(MAX_NONCE, &|nonce| {
        to_relay(json!({ "type": "challenge", "pair": 0, "generation": 1, "nonce": nonce }))
    });
    fits(MAX_NONCE, &|nonce| {
        to_relay(
            json!({ "type": "consent", "pair": 0, "level": "view", "generation": 1, "hash": hash,
            "answer": "allow", "nonce": nonce }),
        )
    });
    fits(MAX_NONCE, &|nonce| {
        from_relay(
            json!({ "type": "granted", "pair": 0, "session": session, "level": "view", "generation": 1,
            "sequence": 1, "hash": hash, "nonce": nonce, "token": "t" }),
        )
    });
    fits(MAX_REASON, &|reason| {
        to_relay(json!({ "type": "create", "reason": reason }))
    });
    fits(MAX_INCIDENT, &|incident| {
        to_relay(json!({ "type": "create", "incident": incident }))
    });
    let paired = |member: &str, text: &str| {
        let mut peer = json!({ "name": "n", "subject": "s", "issuer": "i" });
        peer[member] = json!(text);
        from_relay(json!({ "type": "paired", "pair": 0, "peer": peer, "levels": [] }))
    };
    fits(MAX_DETAIL, &|title| paired("title", title));
    fits(MAX_DETAIL, &|company| paired("company", company));
    fits(MAX_PORTRAIT, &|picture| paired("picture", picture));
    fits(MAX_RULE, &|rule| {
        from_relay(json!({ "type": "ended", "fault": "RH-1209", "text": "", "rule": rule }))
    });
    fits(MAX_RULE, &|rule| {
        from_relay(json!({ "type": "faulted", "fault": "RH-1209", "text": "", "rule": rule }))
    });
    fits(MAX_RULE, &|rule| {
        let warning = json!({ "state": "stale", "action": "warn", "rule": rule });
        from_relay(json!({ "type": "compliance", "pair": 0, "compliance": warning }))
    });
    fits(MAX_CLIENT, &|client| {
        to_relay(
            json!({ "type": "hello", "protocol": { "min": 1, "max": 1 }, "role": "helper",
            "client": client, "ticket": "t" }),
        )
    });
}

/// Ways to sign in are plain ASCII (SPEC 6.8).
#[test]
fn ways_to_sign_in_are_bounded() {
    let reads = |ways: Vec<String>| {
        let step_up = json!({ "acr_values": ways });
        let message =
            json!({ "type": "ended", "fault": "RH-1208", "text": "", "step_up": step_up });
        FromRelay::parse(message.to_string().as_bytes()).is_ok()
    };
    assert!(reads(vec!["x".repeat(MAX_ACR)]));
    assert!(!reads(vec!["x".repeat(MAX_ACR + 1)]));
    assert!(!reads(vec!["é".to_owned()]));
    assert!(reads(vec!["x".to_owned(); MAX_ACR_VALUES]));
    assert!(!reads(vec!["x".to_owned(); MAX_ACR_VALUES + 1]));
}

/// What an administrator calls a rule may be longer than a message holds.
#[test]
fn the_name_of_a_rule_is_cut_to_fit() {
    let long = "é".repeat(MAX_RULE);
    let message = FromRelay::faulted_by(crate::Fault::AccessAge, Some(long), None);
    let text = serde_json::to_string(&message).unwrap();
    assert_eq!(FromRelay::parse(text.as_bytes()).unwrap(), message);
}

/// The same of what is signed.
#[test]
fn texts_of_signatures_are_bounded() {
    let hash = "5c".repeat(32);
    let session = "0f".repeat(16);
    let to_relay = |message: Value| ToRelay::parse(message.to_string().as_bytes()).is_ok();
    let from_relay = |message: Value| FromRelay::parse(message.to_string().as_bytes()).is_ok();
    let consent = |member: &str, text: &str| {
        let mut signed = json!({ "issuer": "i", "subject": "s", "shown": hash, "at": 1, "ui": "window", "signature": "x" });
        signed[member] = json!(text);
        to_relay(
            json!({ "type": "consent", "pair": 0, "level": "view", "generation": 1, "hash": hash, "answer": "allow",
            "nonce": "n", "signed": signed }),
        )
    };
    for member in ["issuer", "subject", "signature"] {
        assert!(consent(member, &"n".repeat(MAX_SUBJECT)), "{member}");
        assert!(!consent(member, &"n".repeat(MAX_SUBJECT + 1)), "{member}");
    }
    let granted = |length: usize| {
        from_relay(
            json!({ "type": "granted", "pair": 0, "session": session, "level": "view", "generation": 1,
            "sequence": 1, "hash": hash, "nonce": "n", "token": "t".repeat(length) }),
        )
    };
    assert!(granted(MAX_GRANT));
    assert!(!granted(MAX_GRANT + 1));
}

/// PRODUCT 3.1: any Unicode decimal digit, spaces and dashes anywhere; anything else is a clear error.
#[test]
fn typed_codes_keep_their_digits() {
    let codes: Vec<Value> = TYPED
        .iter()
        .map(|typed| {
            let code = Code::parse(typed).unwrap();
            let digits = std::str::from_utf8(code.password()).unwrap();
            json!({ "typed": typed, "digits": digits, "routing": code.routing().to_string() })
        })
        .collect();
    let refused: Vec<Value> = NOT_TYPED
        .iter()
        .map(
            |typed| json!({ "typed": typed, "error": Code::parse(typed).unwrap_err().to_string() }),
        )
        .collect();
    let about = "what a person typed, and the code that it is or why it is none";
    keep(
        "code.json",
        &json!({ "about": about, "codes": codes, "refused": refused }),
    );
}

/// The text reads and writes back as it is. Gives its type.
fn held<M: DeserializeOwned + Serialize>(text: &str) -> String {
    let message: M = serde_json::from_str(text).unwrap_or_else(|why| panic!("{text}: {why}"));
    assert_eq!(serde_json::to_string(&message).unwrap(), text);
    let value: Value = serde_json::from_str(text).unwrap();
    value["type"].as_str().unwrap().to_owned()
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|text| text.as_str().unwrap())
}

fn frames() -> Vec<(&'static str, Frame)> {
    let pair = |number| PairId::new(number).unwrap();
    let sealed = |pair, channel, generation, counter, length: usize| {
        let header = Header {
            pair,
            channel,
            generation,
            counter,
        };
        let mut bytes = header.encode(u16::try_from(length).unwrap());
        bytes.extend((0..length).map(|at| u8::try_from(at % 251).unwrap()));
        Frame::Sealed(Envelope::decode(bytes.into()).unwrap())
    };
    let flight = Envelope::flight(pair(0), 1, b"flight").unwrap();
    let message = ToRelay::Join {
        routing: crate::Routing::new(47).unwrap(),
    };
    let credit = |number, channel, round, limit| {
        Frame::Credit(Credit {
            pair: pair(number),
            channel,
            round,
            limit,
        })
    };
    vec![
        ("a key press", sealed(pair(0), Channel::Input, 1, 0, 80)),
        ("nothing sealed", sealed(pair(1), Channel::Chat, 63, 64, 0)),
        (
            "the largest numbers",
            sealed(
                pair(2),
                Channel::Elevation,
                Header::MAX_GENERATION,
                (1 << 62) - 1,
                16,
            ),
        ),
        ("a flight of the handshake", Frame::Sealed(flight)),
        ("credit", credit(0, Channel::Picture, 0, 393_216)),
        (
            "the largest credit",
            credit(2, Channel::File, 255, (1 << 62) - 1),
        ),
        ("a relay message", Frame::message(&message).unwrap()),
        ("an empty relay message", Frame::Message(Bytes::new())),
        ("a ping", Frame::Ping(0x0102_0304_0506_0708)),
        ("a pong", Frame::Pong(u64::MAX)),
        ("nothing heard yet", Frame::Heard(0)),
        ("much heard", Frame::Heard(16_384)),
    ]
}

fn refused_frames() -> Vec<(&'static str, Vec<u8>, Option<usize>)> {
    let case = |name, bytes: &[u8]| (name, bytes.to_vec(), None);
    vec![
        case("nothing", &[]),
        case("version 2", &[0x20, 0, 2, 0, 0, 0, 0]),
        case("an unknown kind", &[0x16]),
        case("a seventeenth pair", &[0x10, 16, 2, 0, 0, 0, 0]),
        case("an unknown channel", &[0x10, 0, 12, 0, 0, 0, 0]),
        case(
            "a generation too large",
            &[0x10, 0, 2, 0xc0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0],
        ),
        case(
            "a generation not in its shortest form",
            &[0x10, 0, 2, 0x40, 1, 0, 0, 0],
        ),
        case(
            "a counter not in its shortest form",
            &[0x10, 0, 2, 1, 0x80, 0, 0, 1, 0, 0],
        ),
        case("no length", &[0x10, 0, 2, 1, 0, 0]),
        case(
            "a length that promises more",
            &[0x10, 0, 2, 1, 0, 0, 2, 0xaa],
        ),
        case(
            "a length that promises less",
            &[0x10, 0, 2, 1, 0, 0, 1, 0xaa, 0xbb],
        ),
        (
            "a record too long",
            vec![0x10, 0, 5, 1, 0, 0x40, 0x11],
            Some(7 + 16401),
        ),
        ("a frame too long", vec![0x12], Some(MAX_FRAME + 1)),
        (
            "a relay message too long",
            vec![0x12],
            Some(MAX_MESSAGE + 1),
        ),
        case("credit for a seventeenth pair", &[0x11, 16, 5, 0, 1]),
        case("credit for an unknown channel", &[0x11, 0, 200, 0, 1]),
        case("credit without a limit", &[0x11, 0, 5, 0]),
        case("credit with more behind it", &[0x11, 0, 5, 0, 1, 1]),
        case("a short ping", &[0x13, 0, 0, 0, 0, 0, 0, 0]),
        case("a long pong", &[0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        case("heard without a count", &[0x15]),
        case("a count not in its shortest form", &[0x15, 0x40, 1]),
    ]
}

fn describe(frame: &Frame) -> Value {
    match frame {
        Frame::Sealed(envelope) => {
            let header = envelope.header();
            json!({
                "kind": "sealed",
                "pair": header.pair.number(),
                "channel": header.channel.number(),
                "generation": header.generation,
                // As text: not every JSON reader has integers of 62 bits.
                "counter": header.counter.to_string(),
                "clear": hex(envelope.clear()),
                "sealed": hex(envelope.sealed()),
            })
        }
        Frame::Credit(credit) => json!({
            "kind": "credit",
            "pair": credit.pair.number(),
            "channel": credit.channel.number(),
            "round": credit.round,
            "limit": credit.limit.to_string(),
        }),
        Frame::Message(text) => {
            json!({ "kind": "message", "text": std::str::from_utf8(text).unwrap() })
        }
        Frame::Ping(number) => json!({ "kind": "ping", "number": number.to_string() }),
        Frame::Pong(number) => json!({ "kind": "pong", "number": number.to_string() }),
        Frame::Heard(count) => json!({ "kind": "heard", "count": count.to_string() }),
    }
}

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

const TYPED: [&str; 14] = [
    "04718362",
    "047 18362",
    " 047-183-62 ",
    "0 4 7\u{2013}1 8 3 6 2",
    "047\u{a0}18362",
    "047\u{2014}18362\n",
    "\u{2212}04718362",
    "٠٤٧ ١٨٣٦٢",
    "۰۴۷۱۸۳۶۲",
    "०४७१८३६२",
    "０４７１８３６２",
    "𝟎𝟒𝟕𝟏𝟖𝟑𝟔𝟐",
    "0٤७１8362",
    "00000000",
];

const NOT_TYPED: [&str; 12] = [
    "",
    "   ",
    "0471836",
    "047183621",
    "0471836o",
    "047.18362",
    "047/18362",
    "047_18362",
    "047Ⅷ8362",
    "047²8362",
    "+4718362",
    "0471836\u{200b}2",
];
