//! Tokens of programs, from the first press to the last request.

use reqwest::StatusCode;
use serde_json::json;
use tests::stage::{Browser, Stage, Visitor};

use super::{confirm, fill, go, ingrid, see};

/// PRODUCT 9: a token is made, its secret is shown once and opens what was ticked; revoked, it opens nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_made_shown_once_and_revoked() {
    let stage = Stage::start().await;
    let mut browser = ingrid(&stage).await;
    go(&mut browser, "Tokens").await;
    browser.click("button", "New token").await;
    fill(&mut browser, "textbox", "Name", "Inventory").await;
    browser.click("checkbox", "See devices").await;
    browser.assert_accessible("a new token").await;
    browser.click("button", "Make the token").await;
    see(&mut browser, "Its secret is shown this once.").await;
    let secret = browser.read("[role=alertdialog] code").await;
    browser.assert_accessible("the secret of a token").await;
    confirm(&mut browser, "I have copied it").await;
    browser.wait("button", "Revoke Inventory").await;
    assert_forgotten(&mut browser, &secret).await;

    let program = Visitor::with_token(&stage, &secret);
    assert_eq!(program.status(DEVICES).await, StatusCode::OK);
    assert_eq!(program.status("/api/v1/roles").await, StatusCode::FORBIDDEN);
    browser.tell("reload", json!({})).await;
    browser.click("button", "Revoke Inventory").await;
    browser.assert_accessible("to revoke a token").await;
    assert_forgotten(&mut browser, &secret).await;
    confirm(&mut browser, "Revoke").await;
    see(&mut browser, "The token “Inventory” is revoked.").await;
    assert_eq!(program.status(DEVICES).await, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.complaints().await, [""; 0]);
}

/// Fails if the page or what the browser keeps for it has the secret.
async fn assert_forgotten(browser: &mut Browser, secret: &str) {
    assert!(secret.len() > 20, "a secret was shown");
    let kept = "document.documentElement.outerHTML + JSON.stringify([sessionStorage, localStorage, history.state])";
    let kept = browser.evaluate(kept).await;
    let kept = kept.as_str().expect("a text");
    assert!(kept.contains("Inventory") && !kept.contains(secret));
}

const DEVICES: &str = "/api/v1/devices";
