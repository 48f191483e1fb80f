//! The relay's door: who gets in, and what strangers hear.

use carrier::{Congestion, Link, client_tls, dial, dial_quic};
use relay::assemble::{PUBLIC, ROUTES};
use reqwest::{Method, StatusCode};
use serde_json::json;
use tests::stage::{Stage, http};
use wire::{Fault, Frame, FromRelay, Protocols, Role, ToRelay};

/// Every endpoint that is not on the public list refuses strangers; nothing else answers at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_reach_only_the_public_routes() {
    let stage = Stage::start().await;
    let http = http(&stage);
    let url = |path: &str| format!("{}{path}", stage.relay.url);
    for (method, path) in ROUTES {
        let method: Method = method.parse().expect("a method");
        let answer = http
            .request(method.clone(), url(path))
            .send()
            .await
            .expect("an answer");
        let public = PUBLIC
            .iter()
            .any(|(verb, public, _)| (verb, public) == (&method.as_str(), path));
        let refused = answer.status() == StatusCode::UNAUTHORIZED;
        assert_eq!(refused, !public, "{method} {path}: {}", answer.status());
        for bearer in ["", "x", "Basic eDp5", "eyJhbGciOiJub25lIn0.e30."] {
            let request = http
                .request(method.clone(), url(path))
                .header("authorization", bearer);
            let status = request.send().await.expect("an answer").status();
            assert!(
                public || status == StatusCode::UNAUTHORIZED,
                "{path} with {bearer:?}: {status}"
            );
        }
        // Places of a path are not part of its spelling.
        let path = path
            .replace("{session}", &"0f".repeat(16))
            .replace("{pair}", "0")
            .replace("{id}", &"0f".repeat(16));
        let upper = path.to_uppercase();
        for other in [
            format!("{path}/"),
            format!("/{path}"),
            format!("{path}/x"),
            upper,
        ] {
            let status = http
                .get(url(&other))
                .send()
                .await
                .expect("an answer")
                .status();
            // A list and one of its items are two routes; the second may not take the method.
            let refused = [StatusCode::UNAUTHORIZED, StatusCode::METHOD_NOT_ALLOWED];
            let is_a_route = ROUTES.iter().any(|(_, route)| spells(route, &other));
            assert!(
                status == StatusCode::NOT_FOUND || is_a_route && refused.contains(&status),
                "{other}: {status}"
            );
        }
    }
    for path in [
        "/metrics",
        "/api",
        "/api/v1",
        "/api/v1/nothing",
        "/.git/config",
    ] {
        let status = http
            .get(url(path))
            .send()
            .await
            .expect("an answer")
            .status();
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
    let metrics = format!("http://{}/metrics", stage.relay.metrics);
    let text = http
        .get(metrics)
        .send()
        .await
        .expect("an answer")
        .text()
        .await
        .expect("text");
    assert!(text.contains("handrail_sessions 0"), "{text}");
    let ready = http.get(url("/readyz")).send().await.expect("an answer");
    assert_eq!(ready.status(), StatusCode::OK);
}

/// A page of another site cannot connect, whatever it knows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_another_site_cannot_connect() {
    let stage = Stage::start().await;
    let request = http(&stage)
        .get(format!("{}/api/v1/connect", stage.relay.url))
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("origin", "https://evil.example");
    assert_eq!(
        request.send().await.expect("an answer").status(),
        StatusCode::FORBIDDEN
    );
}

/// A program of another protocol version, a ticket that is none, and bytes that are no hello: each is told with its code.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_hello_is_refused_with_its_reason() {
    let stage = Stage::start().await;
    let hello = |protocol| ToRelay::Hello {
        protocol,
        role: Role::Helper,
        client: "other".to_owned(),
        ticket: "none".to_owned(),
        device: None,
    };
    let other = Protocols { min: 9, max: 12 };
    for (message, fault) in [
        (
            Frame::message(&hello(other)).expect("short"),
            Fault::Version,
        ),
        (
            Frame::message(&hello(Protocols::OURS)).expect("short"),
            Fault::Ticket,
        ),
        (
            Frame::message(&ToRelay::Leave {}).expect("short"),
            Fault::Protocol,
        ),
        (Frame::Message("{".into()), Fault::Protocol),
    ] {
        let tls = client_tls(Some(&stage.relay.ca)).expect("the authority is readable");
        let carrier = dial(&stage.relay.url, "/api/v1/connect", &tls)
            .await
            .expect("it answers");
        let Link { sender, mut frames } = Link::start(carrier, 1 << 20);
        sender.send(message).expect("there is room");
        let Ok(Frame::Message(text)) = frames.next().await else {
            panic!("no answer")
        };
        let answer = FromRelay::parse(&text).expect("a message");
        assert!(
            matches!(&answer, FromRelay::Refused { fault: told, .. } if *told == fault),
            "{answer:?} instead of {fault}"
        );
        assert!(frames.next().await.is_err(), "the connection ends");
    }
}

/// A certificate is renewed while the relay runs: new handshakes have it by TCP and UDP, who is in a session notices nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renewed_certificate_is_used_without_a_restart() {
    let mut stage = Stage::start().await;
    let mut pair = stage
        .pair(stage.helper("amina"), stage.sharer("sakura"))
        .await;
    pair.grant("control").await;
    let old = client_tls(Some(&stage.relay.ca)).expect("the authority is readable");
    let other = stage.relay.renew_certificate().await;
    let new = client_tls(Some(&other)).expect("the authority is readable");
    let (relay, path) = (&stage.relay.url, "/api/v1/connect");
    assert!(dial(relay, path, &new).await.is_ok(), "by TCP");
    assert!(
        dial_quic(relay, &new, Congestion::Rate).await.is_ok(),
        "by UDP"
    );
    assert!(
        dial(relay, path, &old).await.is_err(),
        "the old one is gone"
    );
    pair.helper.tell("type", json!({"text": "hello"})).await;
    pair.settle().await;
}

/// Whether a path is one that this route takes.
fn spells(route: &str, path: &str) -> bool {
    let (route, path) = (route.split('/'), path.split('/'));
    route.clone().count() == path.clone().count()
        && route
            .zip(path)
            .all(|(place, part)| place == part || (place.starts_with('{') && !part.is_empty()))
}
