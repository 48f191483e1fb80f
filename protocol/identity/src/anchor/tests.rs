use serde_json::{Value, json};

use super::*;
use crate::binding::Binding;
use crate::bundle::tests::bundle;
use crate::signing::SigningKey;
use crate::testing::{Signer, encode, key_set};

const NOW: u64 = 1_764_000_000;

struct World {
    provider: Signer,
    keys: KeySet,
    anchor: Anchor,
    binding: Binding,
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

impl World {
    fn new() -> Self {
        token::install();
        let provider = Signer::p256("key-1");
        let keys = KeySet::read(&key_set(&[provider.published()])).unwrap();
        let binding = Binding {
            x25519: [4; 32],
            signing: SigningKey::new([5; 32]).unwrap(),
            rand: [6; 32],
        };
        let anchor = Anchor::new(&bundle());
        Self {
            provider,
            keys,
            anchor,
            binding,
        }
    }

    fn claims(&self, audience: &str) -> Value {
        json!({
            "iss": "https://id.example/contoso", "aud": audience, "sub": "amina", "tid": "contoso", "name": "Amina Haddad",
            "title": "Service desk engineer", "nonce": self.binding.nonce(), "iat": NOW, "exp": NOW + 3600,
            "roles": ["handrail.elevation"],
        })
    }

    fn credential(&self, role: Role, claims: &Value) -> Credential {
        let header =
            json!({"alg": self.provider.algorithm(), "kid": self.provider.id, "typ": "JWT"});
        Credential {
            role,
            client: "test 1".to_owned(),
            id_token: self
                .provider
                .sign_text(&header.to_string(), &claims.to_string()),
            ed25519: self.binding.signing.public(),
            rand: encode(self.binding.rand),
        }
    }

    fn judge(&self, credential: &Credential, ours: Role, now: u64) -> Result<Identity, NotThem> {
        let x25519 = self.binding.x25519;
        self.anchor
            .verify(&credential.encode(), &x25519, ours, &self.keys, at(now))
    }

    fn helper(&self, differ: impl FnOnce(&mut Value)) -> Result<Identity, NotThem> {
        let mut claims = self.claims("handrail-helper");
        differ(&mut claims);
        self.judge(&self.credential(Role::Helper, &claims), Role::Sharer, NOW)
    }
}

#[test]
fn a_peer_is_who_the_provider_says_and_nobody_else() {
    let world = World::new();
    let identity = world.helper(|_| {}).unwrap();
    assert_eq!(
        (identity.name.as_str(), identity.person.0.as_str()),
        ("Amina Haddad", "amina")
    );
    assert_eq!(identity.title.as_deref(), Some("Service desk engineer"));
    assert_eq!(identity.program, Program::Native);
    assert_eq!(identity.x25519, [4; 32]);
    assert_eq!(identity.roles, ["handrail.elevation"]);
}

/// Attack 32: a token with the name only makes a card with the name only.
#[test]
fn a_token_with_the_name_only_says_nothing_else() {
    let identity = World::new().helper(|claims| {
        let claims = claims.as_object_mut().unwrap();
        claims.remove("title");
        claims.remove("roles");
    });
    let identity = identity.unwrap();
    assert_eq!((identity.title, identity.company), (None, None));
    assert!(identity.roles.is_empty());
}

/// Attack 28: the right person with a nonce for another key, without a nonce, or older than 12 hours.
#[test]
fn a_token_that_is_not_bound_to_these_keys_is_nobody() {
    let world = World::new();
    assert_eq!(
        world.helper(|claims| claims["nonce"] = json!("other")),
        Err(NotThem::Unbound)
    );
    let refreshed = world.helper(|claims| {
        claims.as_object_mut().unwrap().remove("nonce");
    });
    assert_eq!(refreshed, Err(NotThem::Unbound));
    let credential = world.credential(Role::Helper, &world.claims("handrail-helper"));
    let life = BINDING_LIFE.as_secs();
    assert!(
        world
            .judge(&credential, Role::Sharer, NOW + life - 1)
            .is_ok()
    );
    assert_eq!(
        world.judge(&credential, Role::Sharer, NOW + life),
        Err(NotThem::Old)
    );
}

/// Each of the three parts of the commitment: a swapped key is found whichever it is.
#[test]
fn swapped_keys_are_found() {
    let world = World::new();
    let good = world.credential(Role::Helper, &world.claims("handrail-helper"));
    let other = SigningKey::new([9; 32]).unwrap().public();
    let swapped = Credential {
        ed25519: other,
        ..good.clone()
    };
    assert_eq!(
        world.judge(&swapped, Role::Sharer, NOW),
        Err(NotThem::Unbound)
    );
    let swapped = Credential {
        rand: encode([9; 32]),
        ..good.clone()
    };
    assert_eq!(
        world.judge(&swapped, Role::Sharer, NOW),
        Err(NotThem::Unbound)
    );
    let judged = world
        .anchor
        .verify(&good.encode(), &[9; 32], Role::Sharer, &world.keys, at(NOW));
    assert_eq!(judged, Err(NotThem::Unbound));
}

#[test]
fn other_issuers_tenants_and_programs_are_refused() {
    let world = World::new();
    let refused =
        |name: &'static str, value: Value| world.helper(|claims| claims[name] = value).unwrap_err();
    assert_eq!(
        refused("iss", json!("https://evil.example")),
        NotThem::Token(Refusal::Issuer)
    );
    assert_eq!(
        refused("tid", json!("fabrikam")),
        NotThem::Token(Refusal::Tenant)
    );
    assert_eq!(
        refused("aud", json!("urn:rh:relay")),
        NotThem::Token(Refusal::Audience)
    );
    assert_eq!(refused("aud", json!("handrail-sharer")), NotThem::Program);
    assert_eq!(
        refused("iat", json!(NOW + 300)),
        NotThem::Token(Refusal::NotYet)
    );
}

/// Attack 13: both sides claim the same role. Attack 33: the program is known by the audience, not by what the peer says.
#[test]
fn roles_and_programs_are_told_apart() {
    let world = World::new();
    let claims = world.claims("handrail-console");
    let browser = world.judge(&world.credential(Role::Helper, &claims), Role::Sharer, NOW);
    assert_eq!(browser.unwrap().program, Program::Browser);
    let same = world.judge(&world.credential(Role::Helper, &claims), Role::Helper, NOW);
    assert_eq!(same, Err(NotThem::NoCredential));
    let sharer = world.credential(Role::Sharer, &world.claims("handrail-sharer"));
    assert_eq!(
        world.judge(&sharer, Role::Helper, NOW).unwrap().program,
        Program::Native
    );
    let helper_as_sharer = world.credential(Role::Sharer, &world.claims("handrail-helper"));
    assert_eq!(
        world.judge(&helper_as_sharer, Role::Helper, NOW),
        Err(NotThem::Program)
    );
}

/// A realm of Keycloak names no organisation: the issuer alone stands for it.
#[test]
fn an_issuer_with_one_organisation_needs_no_tid() {
    let mut world = World::new();
    let whole = Bundle {
        tid: false,
        ..bundle()
    };
    world.anchor = Anchor::new(&whole);
    let identity = world.helper(|claims| {
        claims.as_object_mut().unwrap().remove("tid");
    });
    assert!(identity.is_ok());
}

#[test]
fn an_unknown_key_is_told_so_that_it_can_be_fetched() {
    let mut world = World::new();
    let credential = world.credential(Role::Helper, &world.claims("handrail-helper"));
    assert_eq!(
        needed_key(&credential.encode(), Role::Sharer).as_deref(),
        Some("key-1")
    );
    world.keys = KeySet::read(&key_set(&[Signer::p256("key-2").published()])).unwrap();
    assert_eq!(
        world.judge(&credential, Role::Sharer, NOW),
        Err(NotThem::Token(Refusal::UnknownKey))
    );
}

#[test]
fn bytes_that_are_no_credential_are_refused() {
    let world = World::new();
    let long = format!(
        r#"{{"role":"helper","client":"{}","id_token":"x","ed25519":"x","rand":"x"}}"#,
        "x".repeat(300)
    );
    for bytes in ["", "null", "{}", long.as_str()] {
        let judged = world.anchor.verify(
            bytes.as_bytes(),
            &[4; 32],
            Role::Sharer,
            &world.keys,
            at(NOW),
        );
        assert_eq!(judged, Err(NotThem::NoCredential), "{bytes}");
    }
}
