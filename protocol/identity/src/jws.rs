//! Our own signed texts: JWS compact serialization (RFC 7515) with nothing to choose. The algorithm is EdDSA, the header has
//! exactly one spelling for each type and key, so a verifier compares it and never obeys it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::signing::{PublicKey, Signature, SigningKey};

/// A text that is not signed as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsigned {
    /// Too long, not three parts, or not the members that are expected.
    Malformed,
    /// Another type, another algorithm, or a key that does not count.
    Header,
    /// The signature is not by that key.
    Signature,
}

/// Signs these members as a text of type `typ`.
pub(crate) fn sign(typ: &str, key: &SigningKey, members: &impl Serialize) -> String {
    // The members are plain structs of texts and numbers, which always have a JSON form.
    let payload = serde_json::to_vec(members).unwrap_or_default();
    let message = format!(
        "{}.{}",
        header(typ, &key.public()),
        URL_SAFE_NO_PAD.encode(payload)
    );
    let signature = key.sign(message.as_bytes());
    format!("{message}.{signature}")
}

/// The members of a text of type `typ` that one of `keys` signed, and which one did.
pub(crate) fn verify<T: DeserializeOwned>(
    typ: &str,
    keys: &[PublicKey],
    limit: usize,
    raw: &str,
) -> Result<(T, PublicKey), Unsigned> {
    if raw.len() > limit {
        return Err(Unsigned::Malformed);
    }
    let (message, signature) = raw.rsplit_once('.').ok_or(Unsigned::Malformed)?;
    let (head, payload) = message.split_once('.').ok_or(Unsigned::Malformed)?;
    let signature: Signature = signature.parse().map_err(|_| Unsigned::Malformed)?;
    let mut counting = keys.iter().filter(|key| header(typ, key) == head);
    let key = counting.next().ok_or(Unsigned::Header)?;
    if !key.verifies(message.as_bytes(), &signature) {
        return Err(Unsigned::Signature);
    }
    let payload = URL_SAFE_NO_PAD
        .decode(payload)
        .map_err(|_| Unsigned::Malformed)?;
    let members = serde_json::from_slice(&payload).map_err(|_| Unsigned::Malformed)?;
    Ok((members, *key))
}

/// The key that a text names; says nothing about whether it signed it.
pub(crate) fn named_key(typ: &str, raw: &str) -> Option<PublicKey> {
    let head = raw.split('.').next()?;
    let json = URL_SAFE_NO_PAD.decode(head).ok()?;
    let kid = serde_json::from_slice::<serde_json::Value>(&json).ok()?;
    let key = kid.get("kid")?.as_str()?.parse().ok()?;
    (header(typ, &key) == head).then_some(key)
}

fn header(typ: &str, key: &PublicKey) -> String {
    URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"EdDSA","kid":"{key}","typ":"{typ}"}}"#))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn key(seed: u8) -> SigningKey {
        SigningKey::new([seed; 32]).unwrap()
    }

    fn read(keys: &[PublicKey], raw: &str) -> Result<Value, Unsigned> {
        verify("rh-test+jwt", keys, 4096, raw).map(|(members, _)| members)
    }

    #[test]
    fn only_the_named_key_and_type_count() {
        let (ours, other) = (key(1), key(2));
        let raw = sign("rh-test+jwt", &ours, &json!({"n": 1}));
        assert_eq!(read(&[ours.public()], &raw), Ok(json!({"n": 1})));
        assert_eq!(
            read(&[other.public(), ours.public()], &raw),
            Ok(json!({"n": 1}))
        );
        assert_eq!(read(&[other.public()], &raw), Err(Unsigned::Header));
        assert_eq!(read(&[], &raw), Err(Unsigned::Header));
        let typed = sign("rh-other+jwt", &ours, &json!({"n": 1}));
        assert_eq!(read(&[ours.public()], &typed), Err(Unsigned::Header));
        assert_eq!(named_key("rh-test+jwt", &raw), Some(ours.public()));
        assert_eq!(named_key("rh-other+jwt", &raw), None);
    }

    /// A header with further members, another order or `alg: none` is not the one spelling, whoever signed below it.
    #[test]
    fn the_header_is_compared_and_never_obeyed() {
        let ours = key(1);
        let kid = ours.public();
        for header in [
            r#"{"alg":"none"}"#.to_owned(),
            format!(r#"{{"alg":"none","kid":"{kid}","typ":"rh-test+jwt"}}"#),
            format!(r#"{{"alg":"HS256","kid":"{kid}","typ":"rh-test+jwt"}}"#),
            format!(r#"{{"typ":"rh-test+jwt","alg":"EdDSA","kid":"{kid}"}}"#),
            format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"rh-test+jwt","crit":["x"]}}"#),
            format!(r#"{{"alg":"EdDSA","kid":"{kid}", "typ":"rh-test+jwt"}}"#),
        ] {
            let message = format!(
                "{}.{}",
                URL_SAFE_NO_PAD.encode(&header),
                URL_SAFE_NO_PAD.encode("{}")
            );
            let raw = format!("{message}.{}", ours.sign(message.as_bytes()));
            assert_eq!(read(&[kid], &raw), Err(Unsigned::Header), "{header}");
        }
    }

    #[test]
    fn every_changed_byte_is_found() {
        let ours = key(1);
        let raw = sign("rh-test+jwt", &ours, &json!({"n": 1}));
        for place in 0..raw.len() {
            let mut bytes = raw.clone().into_bytes();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(read(&[ours.public()], &changed).is_err(), "byte {place}");
        }
        for cut in ["", ".", "..", &raw[..raw.len() - 1], &format!("{raw}.")] {
            assert!(read(&[ours.public()], cut).is_err(), "{cut}");
        }
    }
}
