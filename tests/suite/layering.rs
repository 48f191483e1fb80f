//! Which crate may use which (DESIGN 2), and what no crate may use at all.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use super::{root, rust_files, text};

type Edges = BTreeMap<String, BTreeSet<String>>;

/// A crate and the crates of this repository that it may use. `tests` may use all.
const ALLOWED: [(&str, &[&str]); 19] = [
    ("policy", &[]),
    ("wire", &["policy"]),
    ("seal", &["policy", "wire"]),
    ("identity", &["policy", "wire"]),
    ("picture", &[]),
    ("carrier", &["wire"]),
    ("probe", &["wire", "carrier"]),
    ("relay-core", &["policy", "wire", "identity"]),
    ("relay-store", &["policy"]),
    (
        "relay",
        &[
            "policy",
            "wire",
            "identity",
            "carrier",
            "probe",
            "relay-core",
            "relay-store",
        ],
    ),
    ("client", PROTOCOL),
    ("client-keys", &[]),
    ("client-window", &["wire"]),
    ("helper-client", HELPER),
    ("helper-video", &["picture"]),
    ("helper-window", &["client-keys", "client-window"]),
    ("sharer-client", SHARER),
    ("sharer-window", &["wire", "client-window"]),
    ("tests", EVERYTHING),
];
const PROTOCOL: &[&str] = &[
    "policy", "wire", "seal", "identity", "picture", "carrier", "probe",
];
const HELPER: &[&str] = &[
    "policy",
    "wire",
    "seal",
    "identity",
    "picture",
    "carrier",
    "client",
    "helper-video",
];
const SHARER: &[&str] = &[
    "policy",
    "wire",
    "seal",
    "identity",
    "picture",
    "carrier",
    "client",
    "client-keys",
];
const EVERYTHING: &[&str] = &[
    "policy",
    "wire",
    "seal",
    "identity",
    "picture",
    "carrier",
    "probe",
    "relay-core",
    "relay-store",
    "relay",
    "client",
    "client-keys",
    "client-window",
    "helper-client",
    "helper-video",
    "helper-window",
    "sharer-client",
    "sharer-window",
];

/// `OpenSSL`, and a second provider beside `ring`; `rsa` has a timing leak that nobody mends.
const BANNED: [&str; 5] = ["aws-lc-rs", "aws-lc-sys", "openssl", "openssl-sys", "rsa"];

/// Crates that record or play sound.
const AUDIO: [&str; 9] = [
    "alsa",
    "alsa-sys",
    "cpal",
    "jack",
    "libpulse-binding",
    "libpulse-sys",
    "opus",
    "pipewire",
    "rodio",
];

/// DESIGN 2: nothing points anywhere else.
#[test]
fn every_edge_between_crates_is_allowed() {
    let edges = edges();
    let allowed: Edges = ALLOWED
        .iter()
        .map(|(name, uses)| {
            let uses = uses.iter().map(|name| (*name).to_owned());
            ((*name).to_owned(), uses.collect())
        })
        .collect();
    let known = |edges: &Edges| edges.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(known(&edges), known(&allowed), "the crates of DESIGN 2");
    for (name, uses) in &edges {
        let beyond: Vec<_> = uses.difference(&allowed[name]).collect();
        assert!(beyond.is_empty(), "{name} must not use {beyond:?}");
    }
}

/// DESIGN 1: the relay cannot read, and the dependency graph says so.
#[test]
fn the_relay_reaches_nothing_that_only_the_ends_may_read() {
    let edges = edges();
    for from in ["relay", "relay-core", "relay-store"] {
        let reached = reached(&edges, from);
        for secret in ["seal", "picture"] {
            assert!(!reached.contains(secret), "{from} must not reach {secret}");
        }
    }
    assert!(
        reached(&edges, "client").contains("seal"),
        "the test sees edges at all"
    );
}

/// The crate that decides who may do what is read alone.
#[test]
fn policy_depends_on_nothing() {
    let metadata = metadata();
    let policy = package(&metadata, "policy");
    assert_eq!(policy["dependencies"], Value::Array(vec![]));
}

#[test]
fn no_banned_crate_is_locked() {
    let locked = locked();
    assert!(locked.contains("ring"), "the test sees names at all");
    for banned in BANNED {
        assert!(!locked.contains(banned), "{banned} is in Cargo.lock");
    }
}

/// What is read as C has one door: a crate of its own, small enough to be read as a whole.
#[test]
fn unsafe_code_is_in_one_file() {
    let door = "helper-client/video/src/libvpx.rs";
    let holds = |text: &str| {
        text.lines().any(|line| {
            let code = line.split("//").next().unwrap_or_default();
            code.contains(concat!("unsafe", " ")) && !code.contains('"')
        })
    };
    let found: Vec<String> = rust_files()
        .into_iter()
        .filter(|(_, text)| holds(text))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(found, [door]);
}

/// PRODUCT 4.9: no audio capture; what is not linked cannot record.
#[test]
fn no_crate_can_record_sound() {
    let locked = locked();
    for audio in AUDIO {
        assert!(!locked.contains(audio), "{audio} is in Cargo.lock");
    }
}

/// Direct uses among the crates of this repository, of every kind: normal, development, build.
fn edges() -> Edges {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let name = |package: &Value| package["name"].as_str().unwrap().to_owned();
    let own: BTreeSet<String> = packages.iter().map(name).collect();
    packages
        .iter()
        .map(|package| {
            let uses = package["dependencies"].as_array().unwrap().iter().map(name);
            (
                name(package),
                uses.filter(|name| own.contains(name)).collect(),
            )
        })
        .collect()
}

fn reached<'a>(edges: &'a Edges, from: &'a str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut next = vec![from];
    while let Some(name) = next.pop() {
        if found.insert(name) {
            next.extend(edges[name].iter().map(String::as_str));
        }
    }
    found
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo tells what it knows");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn package<'a>(metadata: &'a Value, name: &str) -> &'a Value {
    let mut packages = metadata["packages"].as_array().unwrap().iter();
    packages.find(|package| package["name"] == name).unwrap()
}

fn locked() -> BTreeSet<String> {
    text("Cargo.lock")
        .unwrap()
        .lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .collect()
}
