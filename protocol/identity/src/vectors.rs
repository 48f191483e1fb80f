//! The recorded texts of this crate and their meaning, for every other program that verifies who somebody is.
//!
//! `BLESS=1 cargo test -p identity vectors` writes them anew; a change of them is a change of the protocol.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use policy::{Grant, HandshakeHash, Level, PairId, SessionId};
use serde_json::{Value, json};
use wire::{Role, Ui};

use crate::bundle::tests::bundle;
use crate::keys::KeySet;
use crate::testing::{Signer, encode};
use crate::token::{self, Refusal};
use crate::{
    Anchor, BadBundle, BadGrant, Binding, Bundle, ConsentText, Credential, GrantToken, NotThem,
    PublicKey, SigningKey,
};

mod cases;

const NOW: u64 = 1_764_000_000;
const FILE: &str = "identity.json";
const ABOUT: &str = "SPEC 6.5, 6.6, 8.4-8.7. `keys`: what the issuer publishes. Every text is as it stands on the wire; `rule` is the one that \
    it breaks. `credentials`: judged at `now` by an end of the role `ours` that has the bundle of that name, and whose handshake \
    proved `peer_key`";

#[test]
fn identity_keeps_its_texts() {
    token::install();
    let recorded = Recorded::load();
    let keys = recorded.keys();
    let made = json!({
        "about": ABOUT,
        "keys": keys,
        "recorded": recorded.es256,
        "bundles": bundles(),
        "refused_bundles": refused_bundles(),
        "grants": grants(),
        "consents": consents(),
        "nonce": nonce(),
        "credentials": cases::good(&recorded),
        "refused_credentials": cases::refused(&recorded),
    });
    keep(&made);
    let set = KeySet::read(keys.to_string().as_bytes()).unwrap();
    for case in list(&made["credentials"]) {
        let identity =
            judge(case, &set).unwrap_or_else(|error| panic!("{}: {error}", case["name"]));
        assert_eq!(meaning(&identity), case["meaning"], "{}", case["name"]);
    }
    for case in list(&made["refused_credentials"]) {
        let refused = judge(case, &set).unwrap_err();
        assert_eq!(case["rule"], rule(&refused), "{}", case["name"]);
    }
}

fn judge(case: &Value, keys: &KeySet) -> Result<crate::Identity, NotThem> {
    let tenant_key = tenant_key().public();
    let name = case["bundle"].as_str().unwrap();
    let bundle = Bundle::verify(bundles()[name].as_str().unwrap(), &tenant_key).unwrap();
    let ours: Role = serde_json::from_value(case["ours"].clone()).unwrap();
    let HandshakeHash(peer_key) = case["peer_key"].as_str().unwrap().parse().unwrap();
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(case["now"].as_u64().unwrap());
    let credential = case["credential"].as_str().unwrap();
    Anchor::new(&bundle).verify(credential.as_bytes(), &peer_key, ours, keys, now)
}

fn meaning(identity: &crate::Identity) -> Value {
    let program = serde_json::to_value(identity.program).unwrap();
    json!({
        "subject": identity.person.0, "issuer": identity.issuer, "name": identity.name, "title": identity.title,
        "company": identity.company, "program": program, "ed25519": identity.ed25519.to_string(),
        "signed_in": identity.signed_in.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs(),
        "roles": identity.roles,
    })
}

/// The rule by the word that the file has for it.
fn rule(refused: &NotThem) -> String {
    let word = match refused {
        NotThem::NoCredential => "no_credential",
        NotThem::Program => "program",
        NotThem::Unbound => "unbound",
        NotThem::Old => "old",
        NotThem::Token(refusal) => match refusal {
            Refusal::Header(name) => return format!("header {name}"),
            Refusal::Claim(name) => return format!("claim {name}"),
            Refusal::TooLarge => "too_large",
            Refusal::Malformed => "malformed",
            Refusal::Type => "type",
            Refusal::UnknownKey => "unknown_key",
            Refusal::Algorithm => "algorithm",
            Refusal::Signature => "signature",
            Refusal::Issuer => "issuer",
            Refusal::Audience => "audience",
            Refusal::Tenant => "tenant",
            Refusal::Expired => "expired",
            Refusal::NotYet => "not_yet",
            Refusal::Lifetime => "lifetime",
        },
    };
    word.to_owned()
}

/// What is random and therefore written once: a key of P-256 and a token that it signed.
struct Recorded {
    es256: Value,
}

impl Recorded {
    fn load() -> Self {
        let stored = std::fs::read(path()).ok();
        let stored = stored.and_then(|json| serde_json::from_slice::<Value>(&json).ok());
        let kept = stored.map(|stored| stored["recorded"].clone());
        let payload = cases::claims(&cases::binding()).to_string();
        let fits = |kept: &Value| kept["payload"] == json!(payload);
        let es256 = kept.filter(fits).unwrap_or_else(|| {
            let signer = Signer::p256("key-es256");
            let header = r#"{"alg":"ES256","kid":"key-es256","typ":"JWT"}"#;
            json!({"key": signer.published(), "payload": payload, "token": signer.sign_text(header, &payload)})
        });
        Self { es256 }
    }

    fn token(&self) -> String {
        self.es256["token"].as_str().unwrap().to_owned()
    }

    /// The key set of the issuer, with keys that may not verify anything among the good ones.
    fn keys(&self) -> Value {
        let secret = json!({"kty": "oct", "kid": "key-secret", "k": encode([7; 32])});
        let mut sealing = published("key-sealing", &SigningKey::new([22; 32]).unwrap());
        sealing["use"] = json!("enc");
        let mut other = published("key-other-algorithm", &SigningKey::new([23; 32]).unwrap());
        other["alg"] = json!("ES256");
        let weak = json!({"kty": "RSA", "kid": "key-weak", "n": encode([0xc3; 128]), "e": "AQAB"});
        json!({"keys": [
            published("key-eddsa", &cases::provider()), self.es256["key"], Signer::rsa("key-rs256").published(),
            secret, sealing, other, weak,
        ]})
    }
}

/// The public half as a provider publishes it.
fn published(id: &str, key: &SigningKey) -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "x": key.public().to_string(), "kid": id, "use": "sig"})
}

fn tenant_key() -> SigningKey {
    SigningKey::new([1; 32]).unwrap()
}

/// The bundles by name: tokens name the tenant, tokens name none, and Entra ID.
fn bundles() -> Value {
    let key = tenant_key();
    let whole = Bundle {
        tid: false,
        ..bundle()
    };
    let entra = Bundle {
        issuer: cases::ENTRA.to_owned(),
        tenant: "7a0c".to_owned(),
        ..bundle()
    };
    json!({
        "key": key.public().to_string(), "meaning": bundle(),
        "named": bundle().sign(&key), "whole": whole.sign(&key), "entra": entra.sign(&key),
    })
}

fn refused_bundles() -> Value {
    let key = tenant_key();
    let signed = |differ: fn(&mut Bundle)| {
        let mut bundle = bundle();
        differ(&mut bundle);
        bundle.sign(&key)
    };
    let good = bundle().sign(&key);
    let extra = {
        let mut members = serde_json::to_value(bundle()).unwrap();
        members["more"] = json!(1);
        crate::jws::sign("rh-bundle+jwt", &key, &members)
    };
    let texts = [
        (
            "by another key",
            bundle().sign(&SigningKey::new([9; 32]).unwrap()),
        ),
        ("a grant", crate::jws::sign("rh-grant+jwt", &key, &bundle())),
        ("one letter of its signature", flipped(&good)),
        ("two parts", good.rsplit_once('.').unwrap().0.to_owned()),
        ("four parts", format!("{good}.")),
        ("too long", good.clone() + &"A".repeat(8192)),
        ("a member too many", extra),
        ("version 2", signed(|b| b.v = 2)),
        (
            "an issuer without https",
            signed(|b| b.issuer = "http://id.example".to_owned()),
        ),
        ("no domain", signed(|b| b.domain.clear())),
        (
            "a control character",
            signed(|b| b.name = "a\u{7}".to_owned()),
        ),
        (
            "a long id of a client",
            signed(|b| b.clients.helper = "x".repeat(256)),
        ),
        ("no key for grants", signed(|b| b.grant_keys.clear())),
        (
            "five keys for grants",
            signed(|b| b.grant_keys = vec![b.grant_keys[0]; 5]),
        ),
    ];
    let cases = texts.into_iter().map(|(name, text)| {
        let refused = Bundle::verify(&text, &key.public()).unwrap_err();
        let rule = match refused {
            BadBundle::Malformed => "malformed".to_owned(),
            BadBundle::OtherKey => "other_key".to_owned(),
            BadBundle::Signature => "signature".to_owned(),
            BadBundle::Field(name) => format!("field {name}"),
        };
        json!({"name": name, "text": text, "rule": rule})
    });
    cases.collect()
}

fn grants() -> Value {
    let (ours, other) = (
        SigningKey::new([2; 32]).unwrap(),
        SigningKey::new([3; 32]).unwrap(),
    );
    let grant = GrantToken {
        grant: Grant {
            session: SessionId([1; 16]),
            pair: PairId::FIRST,
            level: Level::Control,
            generation: 2,
            sequence: 7,
            hash: HandshakeHash([5; 32]),
            nonce: "Zm9v".to_owned(),
        },
        tenant: "contoso".to_owned(),
        helper_key: [6; 32],
    };
    let good = grant.sign(&ours);
    assert_eq!(
        GrantToken::verify(&good, &[ours.public()]),
        Ok(grant.clone())
    );
    let bundle_typed = crate::jws::sign("rh-bundle+jwt", &ours, &json!({}));
    let partial = crate::jws::sign("rh-grant+jwt", &ours, &json!({"tid": "contoso"}));
    let texts = [
        ("by another key", grant.sign(&other)),
        ("another type", bundle_typed),
        ("one letter of its signature", flipped(&good)),
        ("members are missing", partial),
        ("too long", good.clone() + &"A".repeat(1024)),
    ];
    let refused: Vec<Value> = texts
        .into_iter()
        .map(|(name, text)| {
            let rule = match GrantToken::verify(&text, &[ours.public()]).unwrap_err() {
                BadGrant::Malformed => "malformed",
                BadGrant::OtherKey => "other_key",
                BadGrant::Signature => "signature",
            };
            json!({"name": name, "text": text, "rule": rule})
        })
        .collect();
    let meaning = json!({
        "tid": "contoso", "sid": "01".repeat(16), "pair": 0, "level": "control", "generation": 2, "seq": 7,
        "hh": "05".repeat(32), "hk": "06".repeat(32), "nonce": "Zm9v",
    });
    json!({"key": ours.public().to_string(), "text": good, "meaning": meaning, "refused": refused})
}

fn consents() -> Value {
    let key = SigningKey::new([3; 32]).unwrap();
    let text = ConsentText {
        session: SessionId([1; 16]),
        tenant: "contoso".to_owned(),
        pair: PairId::FIRST,
        level: Level::Control,
        generation: 2,
        hash: HandshakeHash([5; 32]),
        helper_key: [6; 32],
        issuer: "https://id.example/contoso".to_owned(),
        subject: "amina".to_owned(),
        shown: [7; 32],
        at: 1_764_000_000_000,
        ui: Ui::Window,
    };
    let unattended = ConsentText {
        shown: [0; 32],
        level: Level::View,
        ui: Ui::Unattended,
        ..text.clone()
    };
    let cases = [text, unattended].into_iter().map(|text| {
        let meaning = json!({
            "session": text.session.to_string(), "tenant": text.tenant, "pair": text.pair.number(),
            "level": text.level.word(), "generation": text.generation, "hash": text.hash.to_string(),
            "helper_key": hex(&text.helper_key), "issuer": text.issuer, "subject": text.subject,
            "shown": hex(&text.shown), "at": text.at, "ui": text.ui,
        });
        let signature = text.sign(&key);
        assert!(text.is_signed(&key.public(), &signature));
        json!({"meaning": meaning, "bytes": hex(&text.bytes()), "signature": signature.to_string()})
    });
    json!({"key": key.public().to_string(), "texts": cases.collect::<Vec<_>>()})
}

fn nonce() -> Value {
    let Binding {
        x25519,
        signing,
        rand,
    } = cases::binding();
    let ed25519: PublicKey = signing.public();
    let nonce = crate::nonce(&x25519, &ed25519, &rand);
    json!({"x25519": hex(&x25519), "ed25519": hex(&ed25519.0), "rand": hex(&rand), "nonce": nonce})
}

/// The text with another letter where its signature begins.
fn flipped(text: &str) -> String {
    let (message, signature) = text.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { "B" } else { "A" };
    format!("{message}.{first}{}", &signature[1..])
}

fn text_of(credential: &Credential) -> String {
    String::from_utf8(credential.encode()).unwrap()
}

/// Holds the file to what this code makes; `BLESS=1` writes it.
fn keep(made: &Value) {
    if std::env::var_os("BLESS").is_some() {
        let text = serde_json::to_string_pretty(made).unwrap();
        std::fs::write(path(), text + "\n").unwrap();
    }
    let stored: Value = serde_json::from_slice(&std::fs::read(path()).unwrap()).unwrap();
    assert_eq!(&stored, made);
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../vectors")
        .join(FILE)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
