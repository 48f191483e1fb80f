//! Signing in, from the native client through the real provider's pages to the relay.

use std::path::Path;
use std::time::{Duration, SystemTime};

use ::identity::token::{Kind, Refusal, Tenancy};
use client::sign_in::{Config, Pending, SignIn, SignInError, Tokens, open_browser};
use policy::TenantId;
use relay::identity::{self, SignInRefused};
use tests::demo::Provider;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const NONCE: &str = "commitment-to-the-keys-of-this-client";

fn config(provider: &Provider) -> Config {
    Config {
        issuer: provider.issuer.clone(),
        client_id: "handrail-helper".to_owned(),
        ca: Some(provider.ca.clone()),
        timeout: Duration::from_secs(60),
        step_up: None,
        scope: "openid profile".to_owned(),
    }
}

async fn begin(provider: &Provider) -> Pending {
    SignIn::begin(config(provider), NONCE).await.unwrap()
}

async fn sign_in(provider: &Provider, person: &str) -> Tokens {
    let pending = begin(provider).await;
    open_browser(&pending.url, Some(&provider.browser(person))).unwrap();
    pending.finish().await.unwrap()
}

async fn relay(provider: &Provider, tenants: &[&str]) -> identity::Provider {
    let tenants = tenants
        .iter()
        .map(|tenant| TenantId((*tenant).to_owned()))
        .collect();
    let tenants = Tenancy::Named(tenants);
    let clients = identity::Clients {
        browser: "handrail-console".to_owned(),
        native: vec!["handrail-helper".to_owned(), "handrail-sharer".to_owned()],
    };
    let config = identity::Config {
        ca: Some(provider.ca.clone()),
        ..identity::Config::new(&provider.issuer, tenants, clients)
    };
    identity::Provider::discover(config, SystemTime::now())
        .await
        .unwrap()
}

#[tokio::test]
async fn the_relay_knows_who_signed_in() {
    let provider = Provider::start().await.unwrap();
    let relay = relay(&provider, &["lindenhof", "porto-azzurro"]).await;
    let people = [
        ("amina", "Amina Haddad", "lindenhof", vec!["helpdesk"]),
        (
            "yusuf",
            "يوسف الخطيب",
            "lindenhof",
            vec!["staff", "cardiology"],
        ),
        ("tomasz", "Tomasz Wiśniewski", "lindenhof", vec![]),
        (
            "chiara",
            "Chiara Ferrante",
            "porto-azzurro",
            vec!["helpdesk"],
        ),
    ];
    for (id, name, tenant, groups) in people {
        let tokens = sign_in(&provider, id).await;
        let now = SystemTime::now();
        let person = relay.person(tokens.access.expose(), now).await.unwrap();
        assert_eq!((person.id.0.as_str(), person.name.as_str()), (id, name));
        assert_eq!(
            (person.tenant.0.as_str(), person.groups),
            (tenant, groups.into_iter().map(str::to_owned).collect())
        );
        let until = tokens.expires.duration_since(now).unwrap();
        assert!(until > Duration::from_secs(500) && until <= Duration::from_secs(600));
    }
}

#[tokio::test]
async fn the_two_tokens_are_not_interchangeable() {
    let provider = Provider::start().await.unwrap();
    let relay = relay(&provider, &["lindenhof"]).await;
    let tokens = sign_in(&provider, "amina").await;
    let now = SystemTime::now();
    let (access, id_token) = (tokens.access.expose(), tokens.id_token.expose());
    let claims = relay.verify(Kind::Id, id_token, now).await.unwrap();
    assert_eq!(
        (claims.person.0.as_str(), claims.nonce.as_deref()),
        ("amina", Some(NONCE))
    );
    assert_eq!(claims.audience, "handrail-helper");
    let refused = relay.person(id_token, now).await.unwrap_err();
    assert!(
        matches!(refused, SignInRefused::Token(Refusal::Type)),
        "{refused}"
    );
    let refused = relay.verify(Kind::Id, access, now).await.unwrap_err();
    assert!(
        matches!(refused, SignInRefused::Token(Refusal::Type)),
        "{refused}"
    );
    let printed = format!("{tokens:?}");
    assert!(!printed.contains(access) && !printed.contains(id_token));
}

#[tokio::test]
async fn somebody_of_another_organisation_is_not_let_in() {
    let provider = Provider::start().await.unwrap();
    let relay = relay(&provider, &["lindenhof"]).await;
    let tokens = sign_in(&provider, "chiara").await;
    let refused = relay
        .person(tokens.access.expose(), SystemTime::now())
        .await
        .unwrap_err();
    assert!(
        matches!(refused, SignInRefused::Token(Refusal::Tenant)),
        "{refused}"
    );
}

#[tokio::test]
async fn a_person_can_say_no() {
    let provider = Provider::start().await.unwrap();
    let pending = begin(&provider).await;
    open_browser(
        &pending.url,
        Some(&format!("{} --deny", provider.browser("grete"))),
    )
    .unwrap();
    assert!(matches!(pending.finish().await, Err(SignInError::Declined)));
}

#[tokio::test]
async fn a_sign_in_with_a_weaker_challenge_is_refused_by_the_provider() {
    let provider = Provider::start().await.unwrap();
    let pending = begin(&provider).await;
    let weaker = pending
        .url
        .replace("code_challenge_method=S256", "code_challenge_method=plain");
    assert_ne!(weaker, pending.url);
    open_browser(&weaker, Some(&provider.browser("amina"))).unwrap();
    let refused = pending.finish().await;
    assert!(
        matches!(refused, Err(SignInError::Refused(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn tokens_of_another_sign_in_are_refused() {
    let provider = Provider::start().await.unwrap();
    let pending = begin(&provider).await;
    let other = pending
        .url
        .replace(NONCE, "commitment-to-the-keys-of-somebody-else");
    assert_ne!(other, pending.url);
    open_browser(&other, Some(&provider.browser("amina"))).unwrap();
    let refused = pending.finish().await;
    assert!(
        matches!(refused, Err(SignInError::WrongToken(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn nobody_waits_for_ever() {
    let provider = Provider::start().await.unwrap();
    let config = Config {
        timeout: Duration::from_millis(50),
        ..config(&provider)
    };
    let pending = SignIn::begin(config, NONCE).await.unwrap();
    let _idle = TcpStream::connect(("127.0.0.1", port(&pending)))
        .await
        .unwrap();
    let error = pending.finish().await.unwrap_err();
    assert!(matches!(error, SignInError::TimedOut(_)), "{error}");
}

#[tokio::test]
async fn what_does_not_belong_to_the_sign_in_is_told_and_shown() {
    let provider = Provider::start().await.unwrap();
    let issuer = &provider.issuer;
    let cases = [
        ("code=x&state=wrong", "another sign-in"),
        ("code=x", "another sign-in"),
        ("code=x&state=STATE&state=STATE", "another sign-in"),
        ("code=x&state=STATE", "the answer is from nobody"),
        (
            "code=x&state=STATE&iss=https://evil.example/%3Cb%3E",
            "https://evil.example/<b>",
        ),
        ("state=STATE&iss=ISSUER", "it sent no code"),
        (
            "error=server_error&error_description=%1b%5b31mlow+on+%3Ci%3E&state=STATE&iss=ISSUER",
            "server_error [31mlow on <i>",
        ),
        ("error=access_denied&state=STATE&iss=ISSUER", "declined"),
        ("code=made-up&state=STATE&iss=ISSUER", "invalid_grant"),
    ];
    for (query, reason) in cases {
        let pending = begin(&provider).await;
        let query = query.replace("STATE", &parameter(&pending.url, "state"));
        let target = format!("/callback?{}", query.replace("ISSUER", issuer));
        let port = port(&pending);
        let (finished, page) = tokio::join!(pending.finish(), get(port, &target));
        let error = finished.unwrap_err().to_string();
        assert!(error.contains(reason), "{query}: {error}");
        assert!(page.contains("close this tab"), "{page}");
        assert!(!page.contains("<b>") && !page.contains("<i>"), "{page}");
    }
}

#[tokio::test]
async fn an_icon_that_the_browser_asks_for_ends_nothing() {
    let provider = Provider::start().await.unwrap();
    let pending = begin(&provider).await;
    let port = port(&pending);
    let state = parameter(&pending.url, "state");
    let end = format!(
        "/callback?error=access_denied&state={state}&iss={}",
        provider.issuer
    );
    let browser = async {
        assert!(get(port, "/favicon.ico").await.starts_with("HTTP/1.1 404 "));
        let huge = format!("/callback?{}", "x".repeat(20_000));
        assert!(get(port, &huge).await.starts_with("HTTP/1.1 431 "));
        get(port, &end).await
    };
    let (finished, page) = tokio::join!(pending.finish(), browser);
    assert!(matches!(finished, Err(SignInError::Declined)));
    assert!(page.starts_with("HTTP/1.1 400 "), "{page}");
}

#[tokio::test]
async fn a_provider_that_is_not_there_or_not_trusted_is_named() {
    let provider = Provider::start().await.unwrap();
    let untrusted = Config {
        ca: None,
        ..config(&provider)
    };
    let error = SignIn::begin(untrusted, NONCE).await.unwrap_err();
    assert!(matches!(error, SignInError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains(&provider.issuer), "{error}");

    let closed = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let away = Config {
        issuer: format!("https://{closed}"),
        ..config(&provider)
    };
    let error = SignIn::begin(away, NONCE).await.unwrap_err();
    assert!(matches!(error, SignInError::Unreachable { .. }), "{error}");

    let plain = Config {
        issuer: provider.issuer.replace("https", "http"),
        ..config(&provider)
    };
    assert!(SignIn::begin(plain, NONCE).await.is_err());
    let other = Config {
        issuer: format!("{}/", provider.issuer),
        ..config(&provider)
    };
    let error = SignIn::begin(other, NONCE).await.unwrap_err();
    assert!(matches!(error, SignInError::Unusable { .. }), "{error}");
    let no_file = Config {
        ca: Some(Path::new("missing.pem").to_owned()),
        ..config(&provider)
    };
    let error = SignIn::begin(no_file, NONCE).await.unwrap_err();
    assert!(error.to_string().contains("missing.pem"), "{error}");
}

fn port(pending: &Pending) -> u16 {
    let redirect = parameter(&pending.url, "redirect_uri");
    let (_, rest) = redirect.split_once("127.0.0.1%3A").unwrap();
    rest.split('%').next().unwrap().parse().unwrap()
}

/// A parameter of an address, as it is written there.
fn parameter(url: &str, name: &str) -> String {
    let (_, query) = url.split_once('?').unwrap();
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(found, _)| *found == name)
        .unwrap()
        .1
        .to_owned()
}

async fn get(port: u16, target: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!("GET {target} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A server that refuses to read all of a request resets the connection behind its answer.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}
