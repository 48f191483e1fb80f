//! The provider over a real connection, well-behaved and not.

use std::time::UNIX_EPOCH;

use serde_json::{Value, json};

use identity::testing::{Signer, key_set};

use super::fake_provider::{FakeProvider, Reply};
use super::*;

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_764_000_000 + seconds)
}

fn config(fake: &FakeProvider) -> Config {
    let clients = Clients {
        browser: "handrail-console".to_owned(),
        native: vec!["handrail-helper".to_owned()],
    };
    let tenants = Tenancy::Named(vec![TenantId("contoso".to_owned())]);
    Config {
        ca: Some(fake.ca.clone()),
        ..Config::new(&fake.issuer, tenants, clients)
    }
}

/// For an answer that never comes: the test is over when the patience is.
fn impatient(fake: &FakeProvider) -> Config {
    Config {
        patience: Duration::from_millis(300),
        ..config(fake)
    }
}

fn published(keys: &[&Signer]) -> Vec<u8> {
    let keys: Vec<Value> = keys.iter().map(|key| key.published()).collect();
    key_set(&keys)
}

fn token(fake: &FakeProvider, signer: &Signer, now: u64) -> String {
    signer.access_token(&json!({
        "iss": fake.issuer, "aud": AUDIENCE, "sub": "amina", "tid": "contoso",
        "name": "Amina Haddad", "groups": ["helpdesk"],
        "title": "Service desk engineer", "company": "x".repeat(201), "picture": "https://pictures.example/1",
        "client_id": "handrail-console",
        "iat": 1_764_000_000 + now, "exp": 1_764_000_600 + now,
    }))
}

async fn start(signer: &Signer) -> (FakeProvider, Provider) {
    let fake = FakeProvider::start(published(&[signer])).await;
    let provider = Provider::discover(config(&fake), at(0)).await.unwrap();
    (fake, provider)
}

#[tokio::test]
async fn a_person_signs_in() {
    let key = Signer::p256("one");
    let (fake, provider) = start(&key).await;
    let person = provider
        .person(&token(&fake, &key, 0), at(1))
        .await
        .unwrap();
    let expected = Person {
        id: PersonId("amina".to_owned()),
        name: "Amina Haddad".to_owned(),
        issuer: fake.issuer.clone(),
        tenant: TenantId("contoso".to_owned()),
        details: Details {
            title: Some("Service desk engineer".to_owned()),
            company: Some("x".repeat(128)),
            picture: None,
            program: Some(Program::Browser),
        },
        portrait: Some("https://pictures.example/1".to_owned()),
        groups: vec!["helpdesk".to_owned()],
        authentication: token::Authentication::default(),
        until: at(600),
    };
    assert_eq!(person, expected);
    assert_eq!(fake.asked("/jwks"), 1);
    let portrait = provider.portrait("https://pictures.example/1").await;
    assert_eq!(portrait, None, "only the issuer itself is asked");
}

#[tokio::test]
async fn a_person_without_a_name_is_called_by_the_subject() {
    let key = Signer::p256("one");
    let (fake, provider) = start(&key).await;
    let claims = json!({
        "iss": fake.issuer, "aud": AUDIENCE, "sub": "u-17", "tid": "contoso",
        "iat": 1_764_000_000, "exp": 1_764_000_600,
    });
    let person = provider
        .person(&key.access_token(&claims), at(1))
        .await
        .unwrap();
    assert_eq!((person.name.as_str(), person.groups.len()), ("u-17", 0));
}

#[tokio::test]
async fn a_bad_token_is_refused_with_a_code_and_asks_the_provider_nothing() {
    let (fake, provider) = start(&Signer::p256("one")).await;
    for raw in ["", "x", "a.b.c", &"a".repeat(100_000)] {
        let refused = provider.person(raw, at(1)).await.unwrap_err();
        assert!(matches!(refused, SignInRefused::Token(_)), "{refused}");
        assert_eq!(refused.fault(), Fault::SignInRefused);
    }
    assert_eq!(fake.asked("/jwks"), 1);
}

#[tokio::test]
async fn a_new_key_is_accepted_at_once_and_a_withdrawn_one_no_more() {
    let (old, new) = (Signer::p256("old"), Signer::ed25519("new"));
    let (fake, provider) = start(&old).await;
    fake.set("/jwks", Reply::Json(published(&[&old, &new])));
    assert!(provider.person(&token(&fake, &new, 0), at(1)).await.is_ok());
    assert!(provider.person(&token(&fake, &old, 0), at(1)).await.is_ok());

    fake.set("/jwks", Reply::Json(published(&[&new])));
    let now = 3_601;
    let refused = provider
        .person(&token(&fake, &old, now), at(now))
        .await
        .unwrap_err();
    assert!(matches!(refused, SignInRefused::Token(Refusal::UnknownKey)));
    assert!(
        provider
            .person(&token(&fake, &new, now), at(now))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn many_unknown_keys_at_once_cause_one_fetch() {
    let key = Signer::p256("one");
    let (fake, provider) = start(&key).await;
    let strangers = (0..50).map(|number| {
        let stranger = Signer::ed25519(&format!("stranger-{number}"));
        token(&fake, &stranger, 0)
    });
    let strangers: Vec<_> = strangers.collect();
    let answers = strangers.iter().map(|token| provider.person(token, at(1)));
    for refused in futures_util::future::join_all(answers).await {
        assert!(matches!(
            refused,
            Err(SignInRefused::Token(Refusal::UnknownKey))
        ));
    }
    assert_eq!(fake.asked("/jwks"), 2);
    assert!(provider.person(&token(&fake, &key, 0), at(1)).await.is_ok());
}

#[tokio::test]
async fn a_fetch_that_is_given_up_counts() {
    let key = Signer::p256("one");
    let (fake, provider) = start(&key).await;
    fake.set("/jwks", Reply::Stalls);
    let (a, b) = (Signer::p256("a"), Signer::p256("b"));
    let (first, second) = (token(&fake, &a, 0), token(&fake, &b, 0));
    let mut given_up = Box::pin(provider.person(&first, at(1)));
    while fake.asked("/jwks") < 2 {
        assert!(futures_util::poll!(&mut given_up).is_pending());
        tokio::task::yield_now().await;
    }
    drop(given_up);
    assert!(provider.person(&second, at(2)).await.is_err());
    assert_eq!(fake.asked("/jwks"), 2);
}

#[tokio::test]
async fn sign_in_goes_on_for_a_day_without_the_provider() {
    let key = Signer::p256("one");
    let (fake, provider) = start(&key).await;
    for reply in [
        Reply::Broken,
        Reply::Json(b"{}".to_vec()),
        Reply::Json(key_set(&[])),
    ] {
        fake.set("/jwks", reply);
        let now = 7_200;
        assert!(
            provider
                .person(&token(&fake, &key, now), at(now))
                .await
                .is_ok()
        );
    }
    let day = 86_400;
    let refused = provider
        .person(&token(&fake, &key, day), at(day))
        .await
        .unwrap_err();
    assert!(matches!(refused, SignInRefused::ProviderUnreachable(_)));
    assert_eq!(refused.fault(), Fault::ProviderUnreachable);

    fake.set("/jwks", Reply::Json(published(&[&key])));
    let later = day + 30;
    assert!(
        provider
            .person(&token(&fake, &key, later), at(later))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn an_unknown_key_while_the_provider_is_away_is_not_the_tokens_fault() {
    let (fake, provider) = start(&Signer::p256("one")).await;
    fake.set("/jwks", Reply::Broken);
    let token = token(&fake, &Signer::p256("two"), 0);
    let refused = provider.person(&token, at(1)).await.unwrap_err();
    assert!(
        matches!(refused, SignInRefused::ProviderUnreachable(_)),
        "{refused}"
    );
}

#[tokio::test]
async fn keys_stay_as_long_as_the_provider_says() {
    let key = Signer::p256("one");
    let fake = FakeProvider::start(vec![]).await;
    fake.set("/jwks", Reply::JsonFor(published(&[&key]), 600));
    let provider = Provider::discover(config(&fake), at(0)).await.unwrap();
    provider
        .person(&token(&fake, &key, 0), at(599))
        .await
        .unwrap();
    assert_eq!(fake.asked("/jwks"), 1);
    provider
        .person(&token(&fake, &key, 0), at(600))
        .await
        .unwrap();
    assert_eq!(fake.asked("/jwks"), 2);
}

#[tokio::test]
async fn a_provider_that_misbehaves_is_not_used() {
    let key = Signer::p256("one");
    let fake = FakeProvider::start(published(&[&key])).await;
    fake.set("/elsewhere", Reply::Json(published(&[&key])));
    let oct = json!({"kty": "oct", "kid": "one", "k": "c2VjcmV0"});
    let faults = [
        (
            Reply::Redirect(fake.url("/elsewhere")),
            "answered with status 302",
        ),
        (
            Reply::Redirect("http://169.254.169.254/latest".to_owned()),
            "answered with status 302",
        ),
        (Reply::Broken, "answered with status 500"),
        (Reply::Endless, "larger than 262144 bytes"),
        (Reply::Stalls, "timed out"),
        (
            Reply::Json(vec![b' '; 10 << 20]),
            "larger than 262144 bytes",
        ),
        (Reply::Json(key_set(&[oct])), "no key that may verify"),
        (Reply::Json(b"<html>".to_vec()), "not a JSON web key set"),
    ];
    for (fault, reason) in faults {
        fake.set("/jwks", fault.clone());
        let stalls = matches!(fault, Reply::Stalls);
        let config = if stalls {
            impatient(&fake)
        } else {
            config(&fake)
        };
        let error = Provider::discover(config, at(0))
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(reason), "{error}");
    }
    assert_eq!(fake.asked("/elsewhere"), 0);
}

#[tokio::test]
async fn metadata_that_points_elsewhere_is_not_used() {
    let fake = FakeProvider::start(published(&[&Signer::p256("one")])).await;
    let plain = json!({"issuer": fake.issuer, "jwks_uri": "http://127.0.0.1/jwks"});
    let other = json!({"issuer": "https://evil.example", "jwks_uri": fake.url("/jwks")});
    for (metadata, reason) in [(plain, "not an https address"), (other, "evil.example")] {
        fake.set_metadata(Reply::Json(metadata.to_string().into_bytes()));
        let error = Provider::discover(config(&fake), at(0))
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(reason), "{error}");
    }
    fake.set_metadata(Reply::Redirect(fake.url("/jwks")));
    assert!(Provider::discover(config(&fake), at(0)).await.is_err());
    assert_eq!(fake.asked("/jwks"), 0);
}

#[tokio::test]
async fn plain_http_and_unknown_authorities_are_refused() {
    let fake = FakeProvider::start(published(&[&Signer::p256("one")])).await;
    let mut plain = config(&fake);
    plain.issuer.url = plain.issuer.url.replace("https:", "http:");
    let error = Provider::discover(plain, at(0)).await.unwrap_err();
    assert!(
        matches!(error, Unreachable::Fetch(FetchError::NotHttps(_))),
        "{error}"
    );

    let stranger = FakeProvider::start(vec![]).await;
    let wrong = Config {
        ca: Some(stranger.ca.clone()),
        ..config(&fake)
    };
    let error = Provider::discover(wrong, at(0))
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("certificate"), "{error}");

    for (name, content) in [
        ("missing.pem", None),
        ("empty.pem", Some("not a certificate")),
    ] {
        let path = fake.ca.with_file_name(name);
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        let error = Provider::discover(
            Config {
                ca: Some(path),
                ..config(&fake)
            },
            at(0),
        )
        .await;
        let error = error.unwrap_err();
        assert!(
            matches!(error, Unreachable::Fetch(FetchError::Authorities { .. })),
            "{error}"
        );
    }
}
