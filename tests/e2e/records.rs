//! The relay's API for its console: sign-in by cookie, records of a real session, who may read them.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::stage::{REASON, Stage, Visitor};

/// PRODUCT 8.1, 8.4, 3.14: what a session leaves behind, who may read it, what its helper adds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_read_by_those_who_may() {
    let stage = Stage::start().await;
    let mut pair = stage
        .pair(stage.helper("amina"), stage.sharer("sakura"))
        .await;
    pair.grant("control").await;
    let auditor = Visitor::sign_in(&stage, "dmitri").await;
    let monitor = auditor.json("/api/v1/monitor").await;
    assert_eq!(monitor["active"][0]["helper"]["name"], "Amina Haddad");
    assert_eq!(monitor["days"].as_array().map(Vec::len), Some(30));
    assert_eq!(monitor["days"][29]["sessions"], 1);
    pair.helper.tell("leave", json!({})).await;
    pair.sharer.expect("ended").await;
    // The record is closed when both have gone; the list says when.
    let list = ended(&auditor).await;
    let record = &list["records"][0];
    assert_eq!(record["sharer"]["name"], "田中 さくら");
    assert_eq!(
        (&record["highest"], &record["reason"]),
        (&json!("control"), &json!(REASON))
    );
    assert_eq!(record["end_reason"], "helper_left");
    assert_eq!(
        (&list["next"], record["helper_carrier"].as_str()),
        (&Value::Null, Some("quic"))
    );

    let amina = Visitor::sign_in(&stage, "amina").await;
    assert_eq!(amina.me["title"], "Service desk engineer");
    assert!(
        amina.me["picture"]
            .as_str()
            .is_some_and(|url| url.starts_with("data:image/png;base64,"))
    );
    assert_eq!(
        amina.me["may"],
        json!({"enabled": true, "offer": true, "all_records": false,
        "levels": ["view", "control", "elevation", "unattended"],
        "permissions": ["view", "control", "elevation", "unattended", "offer", "devices"]})
    );
    let place = format!(
        "/api/v1/records/{}/0/outcome",
        record["session"].as_str().expect("an id")
    );
    let said =
        json!({"outcome": "solved", "notes": "=HYPERLINK(\"x\"), \"driver\" reinstalled\nשלום"});
    assert_eq!(amina.put(&place, &said).await, StatusCode::NO_CONTENT);
    assert_eq!(auditor.put(&place, &said).await, StatusCode::NOT_FOUND);
    for wrong in [
        json!({"outcome": "fine", "notes": ""}),
        json!({"outcome": "solved"}),
        json!({"outcome": "solved", "notes": "n".repeat(4001)}),
    ] {
        assert_eq!(
            amina.put(&place, &wrong).await,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    let mine = amina.json("/api/v1/records").await;
    assert_eq!(mine["records"][0]["notes"], said["notes"]);
    let csv = auditor
        .get("/api/v1/records.csv?person=amina")
        .await
        .text()
        .await
        .expect("text");
    assert!(csv.starts_with("\u{feff}session,helper,"), "{csv}");
    assert!(
        csv.contains("solved,\"'=HYPERLINK(\"\"x\"\"), \"\"driver\"\" reinstalled\nשלום\""),
        "{csv}"
    );

    let jonas = Visitor::sign_in(&stage, "jonas").await;
    assert_eq!(jonas.json("/api/v1/records").await["records"], json!([]));
    assert_eq!(jonas.status("/api/v1/monitor").await, StatusCode::FORBIDDEN);
    let foreign = Visitor::sign_in(&stage, "chiara").await;
    assert_eq!(foreign.json("/api/v1/records").await["records"], json!([]));
    assert_eq!(foreign.put(&place, &said).await, StatusCode::NOT_FOUND);
    for query in [
        "from=yesterday",
        "level=all",
        "sort=colour",
        "after=x",
        "nonsense=1",
        "limit=-1",
    ] {
        let path = format!("/api/v1/records?{query}");
        assert_eq!(
            auditor.status(&path).await,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{query}"
        );
    }
}

/// A form of another site cannot sign anybody out or write for them, and signing out ends the cookie.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cookie_alone_changes_nothing_and_ends_with_the_sign_in() {
    let stage = Stage::start().await;
    let amina = Visitor::sign_in(&stage, "amina").await;
    for (method, path) in [
        (Method::DELETE, "/api/v1/sign-in"),
        (Method::POST, "/api/v1/tickets"),
    ] {
        let answer = amina.request(method, path).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(amina.json("/api/v1/me").await["subject"], "amina");
    let ticket = amina
        .request(Method::POST, "/api/v1/tickets")
        .header("x-handrail", "1");
    assert_eq!(
        ticket.send().await.expect("an answer").status(),
        StatusCode::CREATED
    );
    let out = amina
        .request(Method::DELETE, "/api/v1/sign-in")
        .header("x-handrail", "1");
    assert_eq!(
        out.send().await.expect("an answer").status(),
        StatusCode::NO_CONTENT
    );
    assert_eq!(amina.status("/api/v1/me").await, StatusCode::UNAUTHORIZED);
}

async fn ended(browser: &Visitor) -> Value {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    loop {
        let list = browser
            .json("/api/v1/records?open=false&sort=helper&ascending=true")
            .await;
        if list["records"]
            .as_array()
            .is_some_and(|records| !records.is_empty())
        {
            return list;
        }
        assert!(
            tokio::time::Instant::now() < deadline,
            "the record is not closed"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
