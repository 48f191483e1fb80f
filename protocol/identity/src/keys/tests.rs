//! What a published key set may hold.

use serde_json::json;

use super::super::testing::{Signer, encode, key_set};
use super::*;

fn ids(keys: &[Value]) -> Vec<String> {
    KeySet::read(&key_set(keys))
        .unwrap()
        .0
        .into_keys()
        .collect()
}

fn differs(mut key: Value, name: &str, value: Value) -> Value {
    key[name] = value;
    key
}

#[test]
fn keys_of_each_algorithm_are_read() {
    let keys = [Signer::rsa("r"), Signer::p256("p"), Signer::ed25519("e")];
    let published: Vec<_> = keys.iter().map(Signer::published).collect();
    let set = KeySet::read(&key_set(&published)).unwrap();
    for key in keys {
        assert_eq!(
            set.find(&key.id).unwrap().algorithm().name(),
            key.algorithm()
        );
    }
    assert!(set.find("x").is_none());
}

#[test]
fn keys_that_may_not_verify_are_left_out() {
    let good = Signer::ed25519("good").published();
    let rsa = |bits: usize, id: &str| {
        let mut modulus = vec![0xff; bits.div_ceil(8)];
        modulus[0] = if bits.is_multiple_of(8) { 0xff } else { 0x7f };
        json!({"kty": "RSA", "kid": id, "n": encode(modulus), "e": "AQAB"})
    };
    let mut padded = vec![0];
    padded.extend([0xff; 255]);
    let bad = [
        json!({"kty": "oct", "kid": "secret", "k": "c2VjcmV0"}),
        rsa(1024, "small"),
        rsa(2047, "almost"),
        rsa(16_384, "huge"),
        json!({"kty": "RSA", "kid": "zeros", "n": encode(padded), "e": "AQAB"}),
        differs(good.clone(), "kid", json!("")),
        differs(good.clone(), "kid", json!("x".repeat(256))),
        differs(good.clone(), "kid", json!(7)),
        differs(
            differs(good.clone(), "kid", json!("enc")),
            "use",
            json!("enc"),
        ),
        differs(
            differs(good.clone(), "kid", json!("alg")),
            "alg",
            json!("RS256"),
        ),
        differs(
            differs(good.clone(), "kid", json!("short")),
            "x",
            json!("AAAA"),
        ),
        differs(
            differs(good.clone(), "kid", json!("448")),
            "crv",
            json!("Ed448"),
        ),
        differs(Signer::p256("p521").published(), "crv", json!("P-521")),
        differs(Signer::p256("point").published(), "y", json!("AAAA")),
        differs(Signer::rsa("pss").published(), "alg", json!("PS256")),
        json!("text"),
        json!({}),
    ];
    for key in bad {
        assert_eq!(ids(&[key.clone(), good.clone()]), ["good"], "{key}");
    }
    assert_eq!(
        ids(&[rsa(2048, "2048"), rsa(4096, "4096")]),
        ["2048", "4096"]
    );
}

#[test]
fn a_key_set_that_cannot_be_right_is_refused() {
    let key = Signer::ed25519("same").published();
    let refused = |json: &[u8]| KeySet::read(json).unwrap_err();
    for json in [&b""[..], b"[]", b"{}", b"{\"keys\":{}}", b"<html>", b"\xff"] {
        assert_eq!(refused(json), BadKeySet::Malformed);
    }
    assert_eq!(refused(&key_set(&[])), BadKeySet::Empty);
    assert_eq!(
        refused(&key_set(&[json!({"kty": "oct", "kid": "a", "k": "AA"})])),
        BadKeySet::Empty
    );
    assert_eq!(
        refused(&key_set(&[key.clone(), key.clone()])),
        BadKeySet::SameId
    );
    assert_eq!(
        refused(&key_set(&vec![key; KeySet::LIMIT + 1])),
        BadKeySet::TooMany
    );
    let most: Vec<_> = (0..KeySet::LIMIT)
        .map(|n| Signer::ed25519(&n.to_string()).published())
        .collect();
    assert_eq!(ids(&most).len(), KeySet::LIMIT);
}
