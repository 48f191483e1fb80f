//! What a token must not get away with. The cases that `jsonwebtoken` itself lets through are marked.

use serde_json::json;

use super::super::testing::{Signer, encode, key_set};
use super::*;

mod claims;

const URL: &str = "https://id.example/contoso";
const NOW: u64 = 1_764_000_000;

struct World {
    signer: Signer,
    issuer: Issuer,
    keys: KeySet,
}

impl World {
    fn new(signer: Signer) -> Self {
        install();
        let keys = KeySet::read(&key_set(&[signer.published()])).unwrap();
        Self {
            signer,
            issuer: issuer(),
            keys,
        }
    }

    fn ed25519() -> Self {
        Self::new(Signer::ed25519("key-1"))
    }

    fn check(&self, kind: Kind, raw: &str) -> Result<Claims, Refusal> {
        verify(kind, raw, &self.issuer, &self.keys, at(NOW))
    }

    /// The verdict on an access token that differs from a good one.
    fn access(&self, differ: impl FnOnce(&mut Value)) -> Result<Claims, Refusal> {
        let mut claims = claims();
        differ(&mut claims);
        self.check(Kind::Access, &self.signer.access_token(&claims))
    }

    /// The verdict on a good payload under this header.
    fn headed(&self, kind: Kind, header: &str) -> Result<Claims, Refusal> {
        let mut claims = claims();
        if kind == Kind::Id {
            claims["aud"] = json!("handrail-helper");
        }
        self.check(kind, &self.signer.sign_text(header, &claims.to_string()))
    }
}

fn issuer() -> Issuer {
    Issuer {
        url: URL.to_owned(),
        tenancy: Tenancy::Named(vec![
            TenantId("contoso".to_owned()),
            TenantId("fabrikam".to_owned()),
        ]),
        audience: "urn:rh:relay".to_owned(),
        clients: vec!["handrail-helper".to_owned(), "handrail-sharer".to_owned()],
        access_types: vec!["at+jwt".to_owned()],
        groups: "groups".to_owned(),
        roles: "roles".to_owned(),
    }
}

fn claims() -> Value {
    json!({
        "iss": URL, "aud": "urn:rh:relay", "sub": "amina", "tid": "contoso",
        "name": "Amina Haddad", "groups": ["helpdesk", "staff"],
        "iat": NOW - 10, "exp": NOW + 600,
    })
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn without(name: &'static str) -> impl FnOnce(&mut Value) {
    move |claims| {
        claims.as_object_mut().unwrap().remove(name);
    }
}

fn with(name: &'static str, value: Value) -> impl FnOnce(&mut Value) {
    move |claims| claims[name] = value
}

#[test]
fn a_good_token_of_each_algorithm_says_who_somebody_is() {
    for signer in [Signer::rsa("r"), Signer::p256("p"), Signer::ed25519("e")] {
        let verdict = World::new(signer).access(|_| ()).unwrap();
        assert_eq!(verdict.person.0, "amina");
        assert_eq!(verdict.tenant.0, "contoso");
        assert_eq!(verdict.name.as_deref(), Some("Amina Haddad"));
        assert_eq!(verdict.groups, ["helpdesk", "staff"]);
        assert_eq!(verdict.audience, "urn:rh:relay");
        assert_eq!(
            (verdict.issued, verdict.expires),
            (at(NOW - 10), at(NOW + 600))
        );
    }
}

#[test]
fn an_id_token_says_what_the_sign_in_was_bound_to() {
    let world = World::ed25519();
    let mut claims = claims();
    claims["aud"] = json!("handrail-helper");
    claims["nonce"] = json!("commitment");
    let header = json!({"alg": "EdDSA", "kid": "key-1"}).to_string();
    let token = world.signer.sign_text(&header, &claims.to_string());
    let verdict = world.check(Kind::Id, &token).unwrap();
    assert_eq!(verdict.nonce.as_deref(), Some("commitment"));
    assert_eq!(verdict.audience, "handrail-helper");
    assert_eq!(world.check(Kind::Access, &token), Err(Refusal::Type));
    let typed = world.signer.access_token(&claims);
    assert_eq!(world.check(Kind::Access, &typed), Err(Refusal::Audience));
    assert_eq!(world.check(Kind::Id, &typed), Err(Refusal::Type));
}

#[test]
fn the_shape_is_checked_before_anything_else() {
    let world = World::ed25519();
    let good = world.signer.access_token(&claims());
    let refused = |raw: &str| world.check(Kind::Access, raw).unwrap_err();
    assert_eq!(refused(&"a".repeat(SIZE_LIMIT + 1)), Refusal::TooLarge);
    assert_eq!(refused(&"a".repeat(SIZE_LIMIT)), Refusal::Malformed);
    assert_eq!(refused(&format!("{good}.x")), Refusal::Malformed);
    assert_eq!(
        refused(&format!("{good}.x.y")),
        Refusal::Malformed,
        "five parts: encrypted"
    );
    for raw in [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "é.é.é",
        "\0.\0.\0",
        "e30.e30.e30",
    ] {
        let refusal = refused(raw);
        assert!(
            matches!(refusal, Refusal::Malformed | Refusal::Type),
            "{raw:?}: {refusal}"
        );
    }
    let (message, signature) = good.rsplit_once('.').unwrap();
    assert_eq!(refused(message), Refusal::Malformed);
    assert_eq!(refused(&format!("{message}.")), Refusal::Signature);
    assert_eq!(
        refused(&format!("{message}.{signature}=")),
        Refusal::Malformed,
        "padded"
    );
    let other = if signature.starts_with('A') { 'B' } else { 'A' };
    let flipped = format!("{message}.{other}{}", &signature[1..]);
    assert_eq!(refused(&flipped), Refusal::Signature);
    assert_eq!(refused(&format!(" {good}")), Refusal::Malformed);
}

#[test]
fn the_key_decides_the_algorithm() {
    let world = World::new(Signer::rsa("rsa-1"));
    let unsigned = |alg: &str| {
        let header = json!({"alg": alg, "kid": "rsa-1", "typ": "at+jwt"}).to_string();
        format!("{}.{}.", encode(header), encode(claims().to_string()))
    };
    assert_eq!(
        world.check(Kind::Access, &unsigned("none")),
        Err(Refusal::Algorithm)
    );
    assert_eq!(
        world.check(Kind::Access, &unsigned("None")),
        Err(Refusal::Algorithm)
    );
    for alg in ["HS256", "PS256", "RS512", "ES256", "rs256", ""] {
        let header = json!({"alg": alg, "kid": "rsa-1", "typ": "at+jwt"}).to_string();
        assert_eq!(
            world.headed(Kind::Access, &header),
            Err(Refusal::Algorithm),
            "{alg}"
        );
    }
    // The public key, which everybody has, used as a shared secret.
    let header = json!({"alg": "HS256", "kid": "rsa-1", "typ": "at+jwt"}).to_string();
    let message = format!("{}.{}", encode(header), encode(claims().to_string()));
    let public = world.signer.published().to_string();
    let secret = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, public.as_bytes());
    let forged = format!(
        "{message}.{}",
        encode(ring::hmac::sign(&secret, message.as_bytes()))
    );
    assert_eq!(world.check(Kind::Access, &forged), Err(Refusal::Algorithm));
    // A signature by an elliptic key under the id of the RSA key.
    let other = Signer::p256("rsa-1");
    assert_eq!(
        world.check(Kind::Access, &other.access_token(&claims())),
        Err(Refusal::Algorithm)
    );
    let header = json!({"alg": "RS256", "kid": "rsa-1", "typ": "at+jwt"}).to_string();
    let forged = other.sign_text(&header, &claims().to_string());
    assert_eq!(world.check(Kind::Access, &forged), Err(Refusal::Signature));
}

#[test]
fn a_token_names_a_published_key() {
    let world = World::ed25519();
    for header in [
        json!({"alg": "EdDSA", "typ": "at+jwt"}),
        json!({"alg": "EdDSA", "typ": "at+jwt", "kid": 1}),
        json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "key-2"}),
        json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "../../etc/passwd"}),
    ] {
        let verdict = world.headed(Kind::Access, &header.to_string());
        assert_eq!(verdict, Err(Refusal::UnknownKey), "{header}");
    }
    let same_id = Signer::ed25519("key-1").access_token(&claims());
    assert_eq!(world.check(Kind::Access, &same_id), Err(Refusal::Signature));
}

#[test]
fn headers_that_change_the_rules_are_refused() {
    let world = World::ed25519();
    // jsonwebtoken accepts the unknown critical header and ignores the addresses.
    for (name, value) in [
        ("crit", r#"["x"]"#),
        ("crit", "[]"),
        ("b64", "false"),
        ("jku", r#""https://evil.example""#),
        ("x5u", r#""https://evil.example""#),
        ("jwk", r#"{"kty":"OKP","crv":"Ed25519","x":"AAAA"}"#),
        ("zip", r#""DEF""#),
    ] {
        let header = format!(r#"{{"alg":"EdDSA","kid":"key-1","typ":"at+jwt","{name}":{value}}}"#);
        assert_eq!(
            world.headed(Kind::Access, &header),
            Err(Refusal::Header(name))
        );
    }
}

#[test]
fn the_type_is_the_expected_one() {
    let world = World::ed25519();
    let typed = |kind, typ: Value| {
        let header = json!({"alg": "EdDSA", "kid": "key-1", "typ": typ});
        world.headed(kind, &header.to_string())
    };
    for good in ["at+jwt", "AT+JWT", "application/at+jwt"] {
        assert!(typed(Kind::Access, json!(good)).is_ok(), "{good}");
    }
    // jsonwebtoken accepts every type.
    for bad in [
        json!("JWT"),
        json!("dpop+jwt"),
        json!("rh-grant+jwt"),
        json!(1),
        json!(null),
    ] {
        assert_eq!(
            typed(Kind::Access, bad.clone()),
            Err(Refusal::Type),
            "{bad}"
        );
    }
    let bare = json!({"alg": "EdDSA", "kid": "key-1"}).to_string();
    assert_eq!(world.headed(Kind::Access, &bare), Err(Refusal::Type));
    assert!(world.headed(Kind::Id, &bare).is_ok());
    assert!(typed(Kind::Id, json!("JWT")).is_ok());
    for bad in ["at+jwt", "logout+jwt", "rh-grant+jwt"] {
        assert_eq!(typed(Kind::Id, json!(bad)), Err(Refusal::Type), "{bad}");
    }
}

#[test]
fn an_issuer_that_cannot_type_its_access_tokens_can_be_allowed() {
    let mut world = World::ed25519();
    world.issuer.access_types.push("jwt".to_owned());
    let header = json!({"alg": "EdDSA", "kid": "key-1", "typ": "JWT"}).to_string();
    assert!(world.headed(Kind::Access, &header).is_ok());
}

#[test]
fn a_name_stands_once() {
    let world = World::ed25519();
    let twice = r#"{"alg":"EdDSA","alg":"EdDSA","kid":"key-1","typ":"at+jwt"}"#;
    assert_eq!(world.headed(Kind::Access, twice), Err(Refusal::Malformed));
    let header = r#"{"alg":"EdDSA","kid":"key-1","typ":"at+jwt"}"#;
    let good = claims().to_string();
    assert!(
        world
            .check(Kind::Access, &world.signer.sign_text(header, &good))
            .is_ok()
    );
    for member in [
        r#""sub":"admin""#,
        r#""groups":["admins"]"#,
        r#""tid":"fabrikam""#,
    ] {
        let payload = good.replacen('{', &format!("{{{member},"), 1);
        let token = world.signer.sign_text(header, &payload);
        assert_eq!(
            world.check(Kind::Access, &token),
            Err(Refusal::Malformed),
            "{member}"
        );
    }
}
