//! Credentials that are good, and such that break one rule each.

use serde_json::{Value, json};
use wire::Role;

use super::{NOW, Recorded, hex, text_of};
use crate::testing::{Signer, encode};
use crate::{Binding, Credential, SigningKey};

pub(super) const ENTRA: &str = "https://login.microsoftonline.com/7a0c/v2.0";
const HEADER: &str = r#"{"alg":"EdDSA","kid":"key-eddsa","typ":"JWT"}"#;

pub(super) fn provider() -> SigningKey {
    SigningKey::new([21; 32]).unwrap()
}

pub(super) fn binding() -> Binding {
    Binding {
        x25519: [4; 32],
        signing: SigningKey::new([5; 32]).unwrap(),
        rand: [6; 32],
    }
}

/// What the issuer says of a sharer with the native program.
pub(super) fn claims(binding: &Binding) -> Value {
    json!({
        "iss": "https://id.example/contoso", "aud": "handrail-sharer", "sub": "yuki", "tid": "contoso", "name": "Yuki Tanaka",
        "title": "Pharmacist", "company": "Contoso", "nonce": binding.nonce(), "iat": NOW, "exp": NOW + 3600,
        "roles": ["handrail.elevation"],
    })
}

/// One credential and the circumstances in which it is judged.
struct Case {
    name: String,
    bundle: &'static str,
    ours: Role,
    now: u64,
    peer_key: [u8; 32],
    credential: String,
}

impl Case {
    /// A sharer's, with this token.
    fn of_token(name: &str, token: String) -> Self {
        Self::with(name, credential(Role::Sharer, token))
    }

    fn with(name: &str, credential: Credential) -> Self {
        Self {
            name: name.to_owned(),
            bundle: "named",
            ours: Role::Helper,
            now: NOW,
            peer_key: binding().x25519,
            credential: text_of(&credential),
        }
    }

    /// Claims that differ in something, well signed.
    fn of(name: &str, differ: impl FnOnce(&mut Value)) -> Self {
        let mut claims = claims(&binding());
        differ(&mut claims);
        Self::of_token(name, signed(HEADER, &claims.to_string()))
    }

    fn json(self) -> Value {
        json!({
            "name": self.name, "bundle": self.bundle, "ours": self.ours, "now": self.now,
            "peer_key": hex(&self.peer_key), "credential": self.credential,
        })
    }
}

fn credential(role: Role, id_token: String) -> Credential {
    Credential {
        role,
        client: "test 1".to_owned(),
        id_token,
        ed25519: binding().signing.public(),
        rand: encode(binding().rand),
    }
}

/// A token of exactly these texts.
fn signed(header: &str, payload: &str) -> String {
    let message = format!("{}.{}", encode(header), encode(payload));
    let signature = provider().sign(message.as_bytes());
    format!("{message}.{signature}")
}

fn without(name: &'static str) -> impl FnOnce(&mut Value) {
    move |claims| {
        claims.as_object_mut().unwrap().remove(name);
    }
}

fn with(name: &'static str, value: Value) -> impl FnOnce(&mut Value) {
    move |claims| claims[name] = value
}

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn good(recorded: &Recorded) -> Value {
    let payload = claims(&binding()).to_string();
    let rsa = Signer::rsa("key-rs256");
    let rs256 = rsa.sign_text(r#"{"alg":"RS256","kid":"key-rs256"}"#, &payload);
    let mut cases = vec![
        Case::of("signed by EdDSA", |_| {}),
        Case::of_token("signed by ES256", recorded.token()),
        Case::of_token("signed by RS256, without a type", rs256),
        Case::of(
            "a sharer in a browser",
            with("aud", json!("handrail-console")),
        ),
        Case::of(
            "one audience in a list",
            with("aud", json!(["handrail-sharer"])),
        ),
        Case::of("several audiences and the party", |claims| {
            claims["aud"] = json!(["handrail-sharer", "other"]);
            claims["azp"] = json!("handrail-sharer");
        }),
        Case::of("no name", without("name")),
        Case::of(
            "a name that turns the line",
            with("name", json!("\u{202e}Yuki\u{7}  ")),
        ),
        Case::of(
            "a long company is left out",
            with("company", json!("é".repeat(128))),
        ),
        Case::of("a clock that is slow by 30 s", |claims| {
            claims["iat"] = json!(NOW + 30);
        }),
    ];
    let mut helper = claims(&binding());
    helper["aud"] = json!("handrail-helper");
    let helper = credential(Role::Helper, signed(HEADER, &helper.to_string()));
    cases.push(Case {
        ours: Role::Sharer,
        ..Case::with("a helper", helper)
    });
    cases.push(Case {
        now: NOW + 12 * 3600 - 1,
        ..Case::of("its end does not count before 12 hours are over", |_| {})
    });
    cases.push(Case {
        bundle: "whole",
        ..Case::of("an issuer of one tenant", without("tid"))
    });
    cases.push(Case {
        bundle: "entra",
        ..Case::of("Entra ID names people by `oid`", |claims| {
            claims["iss"] = json!(ENTRA);
            claims["tid"] = json!("7a0c");
            claims["oid"] = json!("0b1c");
        })
    });
    let keys = super::KeySet::read(recorded.keys().to_string().as_bytes()).unwrap();
    let told = cases.into_iter().map(|case| {
        let mut case = case.json();
        let identity =
            super::judge(&case, &keys).unwrap_or_else(|error| panic!("{}: {error}", case["name"]));
        case["meaning"] = super::meaning(&identity);
        case
    });
    told.collect()
}

pub(super) fn refused(recorded: &Recorded) -> Value {
    let mut cases = shapes();
    cases.extend(headers());
    cases.extend(said());
    cases.extend(bound());
    let keys = super::KeySet::read(recorded.keys().to_string().as_bytes()).unwrap();
    let told = cases.into_iter().map(|case| {
        let mut case = case.json();
        let refused = super::judge(&case, &keys);
        let refused = refused
            .err()
            .unwrap_or_else(|| panic!("{} is good", case["name"]));
        case["rule"] = json!(super::rule(&refused));
        case
    });
    told.collect()
}

/// The shape of the token, and its signature.
fn shapes() -> Vec<Case> {
    let payload = claims(&binding()).to_string();
    let good = signed(HEADER, &payload);
    let twice = payload.replacen('{', r#"{"sub":"somebody","#, 1);
    let escaped = payload.replacen('{', r#"{"s\u0075b":"somebody","#, 1);
    let (message, _) = good.rsplit_once('.').unwrap();
    vec![
        Case::of_token("two parts", message.to_owned()),
        Case::of_token("four parts", format!("{good}.")),
        Case::of_token("no text at all", String::new()),
        Case::of_token("padding", good.replacen('.', "=.", 1)),
        Case::of_token("a header that is no object", signed("[]", &payload)),
        Case::of_token("a payload that is no object", signed(HEADER, "[]")),
        Case::of_token("a claim stands twice", signed(HEADER, &twice)),
        Case::of_token(
            "a claim stands twice, once in other letters",
            signed(HEADER, &escaped),
        ),
        Case::of_token("one letter of its signature", super::flipped(&good)),
        Case::of_token("no signature", format!("{message}.")),
        Case::of_token(
            "too large",
            signed(
                HEADER,
                &payload.replacen('{', &format!("{{\"x\":\"{}\",", "x".repeat(6200)), 1),
            ),
        ),
    ]
}

fn headers() -> Vec<Case> {
    let payload = claims(&binding()).to_string();
    let of = |name: &str, header: &str| Case::of_token(name, signed(header, &payload));
    let mut cases: Vec<Case> = ["crit", "b64", "jku", "x5u", "jwk", "zip"]
        .into_iter()
        .map(|name| {
            let header = format!(r#"{{"alg":"EdDSA","kid":"key-eddsa","{name}":null}}"#);
            of(&format!("the header {name}"), &header)
        })
        .collect();
    cases.extend([
        of(
            "an access token",
            r#"{"alg":"EdDSA","kid":"key-eddsa","typ":"at+jwt"}"#,
        ),
        of(
            "a type that is no text",
            r#"{"alg":"EdDSA","kid":"key-eddsa","typ":1}"#,
        ),
        of(
            "a header stands twice",
            r#"{"alg":"EdDSA","kid":"x","kid":"key-eddsa"}"#,
        ),
        of("no key", r#"{"alg":"EdDSA"}"#),
        of("an unknown key", r#"{"alg":"EdDSA","kid":"key-none"}"#),
        of("a shared secret", r#"{"alg":"HS256","kid":"key-secret"}"#),
        of(
            "a key for sealing",
            r#"{"alg":"EdDSA","kid":"key-sealing"}"#,
        ),
        of(
            "a key of another algorithm",
            r#"{"alg":"EdDSA","kid":"key-other-algorithm"}"#,
        ),
        of("a weak key", r#"{"alg":"RS256","kid":"key-weak"}"#),
        of("no algorithm", r#"{"alg":"none","kid":"key-eddsa"}"#),
        of(
            "another algorithm than the key's",
            r#"{"alg":"ES256","kid":"key-eddsa"}"#,
        ),
        of(
            "the key of another algorithm",
            r#"{"alg":"EdDSA","kid":"key-es256"}"#,
        ),
        of(
            "signed by another key of the issuer",
            r#"{"alg":"RS256","kid":"key-rs256"}"#,
        ),
    ]);
    cases
}

/// The claims.
#[expect(clippy::too_many_lines, reason = "a table")]
fn said() -> Vec<Case> {
    let entra = |differ: fn(&mut Value)| {
        move |claims: &mut Value| {
            claims["iss"] = json!(ENTRA);
            claims["tid"] = json!("7a0c");
            claims["oid"] = json!("0b1c");
            differ(claims);
        }
    };
    vec![
        Case::of(
            "another issuer",
            with("iss", json!("https://id.example/contoso/")),
        ),
        Case::of("no issuer", without("iss")),
        Case::of("another audience", with("aud", json!("urn:rh:relay"))),
        Case::of("no audience", without("aud")),
        Case::of("an audience that is no text", with("aud", json!(1))),
        Case::of(
            "several audiences without the party",
            with("aud", json!(["handrail-sharer", "other"])),
        ),
        Case::of("another party", with("azp", json!("handrail-console"))),
        Case::of("a party that is no text", with("azp", json!(1))),
        Case::of("another tenant", with("tid", json!("fabrikam"))),
        Case::of("no tenant", without("tid")),
        Case::of("no person", without("sub")),
        Case::of("an empty person", with("sub", json!(""))),
        Case::of(
            "a person with a control character",
            with("sub", json!("yu\u{7f}ki")),
        ),
        Case::of("a long person", with("sub", json!("y".repeat(256)))),
        Case::of("a name that is no text", with("name", json!(1))),
        Case::of(
            "roles that are no list",
            with("roles", json!("handrail.elevation")),
        ),
        Case::of("groups that are no texts", with("groups", json!([1]))),
        Case::of("a class of sign-in that is no text", with("acr", json!(1))),
        Case::of(
            "means of sign-in that are no list",
            with("amr", json!("pwd")),
        ),
        Case::of("asked in the future", with("auth_time", json!(NOW + 31))),
        Case::of("a nonce that is no text", with("nonce", json!(1))),
        Case::of("no time", without("iat")),
        Case::of("a time with a fraction", with("iat", json!(1.5))),
        Case::of("a time as text", with("iat", json!("1764000000"))),
        Case::of("a negative time", with("iat", json!(-1))),
        Case::of("no end", without("exp")),
        Case::of("an end before its beginning", with("exp", json!(NOW - 1))),
        Case::of(
            "an end that no token reaches",
            with("exp", json!(253_402_300_800_u64)),
        ),
        Case::of(
            "valid for longer than a day",
            with("exp", json!(NOW + 24 * 3600 + 1)),
        ),
        Case::of("made in the future", |claims| {
            claims["iat"] = json!(NOW + 31);
        }),
        Case::of("valid in the future", with("nbf", json!(NOW + 31))),
        Case {
            bundle: "entra",
            ..Case::of(
                "Entra ID without `oid`",
                entra(|claims| without("oid")(claims)),
            )
        },
        Case {
            bundle: "entra",
            ..Case::of(
                "another tenant of Entra ID",
                entra(|claims| claims["tid"] = json!("8b1d")),
            )
        },
    ]
}

/// Role, program, keys and age.
#[expect(clippy::too_many_lines, reason = "a table")]
fn bound() -> Vec<Case> {
    let good = || {
        credential(
            Role::Sharer,
            signed(HEADER, &claims(&binding()).to_string()),
        )
    };
    let raw = |name: &str, credential: &str| Case {
        credential: credential.to_owned(),
        ..Case::with(name, good())
    };
    let other_key = SigningKey::new([8; 32]).unwrap().public();
    let text = text_of(&good());
    vec![
        raw("no credential", ""),
        raw("an empty object", "{}"),
        raw("a list", "[]"),
        raw("no token", &text.replacen("id_token", "token", 1)),
        raw(
            "a key with padding",
            &text.replacen(
                &format!("\"{}\"", good().ed25519),
                &format!("\"{}=\"", good().ed25519),
                1,
            ),
        ),
        Case::with("our own role", credential(Role::Helper, good().id_token)),
        Case::with(
            "a short random part",
            Credential {
                rand: encode([6; 31]),
                ..good()
            },
        ),
        Case::with(
            "a long name of the program",
            Credential {
                client: "c".repeat(201),
                ..good()
            },
        ),
        Case::of("a helper's program", with("aud", json!("handrail-helper"))),
        Case {
            peer_key: [9; 32],
            ..Case::with("another key in the handshake", good())
        },
        Case::with(
            "another key for consents",
            Credential {
                ed25519: other_key,
                ..good()
            },
        ),
        Case::with(
            "another random part",
            Credential {
                rand: encode([7; 32]),
                ..good()
            },
        ),
        Case::of("another nonce", with("nonce", json!("n"))),
        Case::of("no nonce", without("nonce")),
        Case {
            now: NOW + 12 * 3600,
            ..Case::with("12 hours old", good())
        },
    ]
}
