//! Rules of conditional access.

use reqwest::Method;
use serde_json::json;
use tests::stage::{Stage, Visitor};

use super::{fill, go, ingrid, see};

/// PRODUCT 1.8, 8.3: a rule is changed; it holds as it was typed, and the audit log says who changed what.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_is_changed_and_the_audit_log_says_so() {
    let stage = Stage::start().await;
    let admin = Visitor::sign_in(&stage, "ingrid").await;
    let rule = json!({
        "name": "Two factors", "moments": ["create"], "methods": ["mfa"], "groups": ["helpdesk"],
    });
    admin.send(Method::POST, RULES, &rule).await;
    let mut browser = ingrid(&stage).await;
    go(&mut browser, "Conditional access").await;
    see(&mut browser, "The sign-in was by mfa.").await;
    browser.click("link", "Two factors").await;
    fill(&mut browser, "textbox", "Ways of signing in", "phr").await;
    fill(&mut browser, "textbox", "Oldest sign-in, in minutes", "30").await;
    browser.click("button", "Save").await;
    see(&mut browser, "It holds from now on.").await;
    see(&mut browser, "The sign-in was by phr.").await;
    let now = &admin.json(RULES).await["rules"][0];
    assert_eq!(now["methods"], json!(["phr"]));
    assert_eq!(now["max_age"], 1800);
    for untouched in ["name", "moments", "groups"] {
        assert_eq!(now[untouched], rule[untouched], "{untouched}");
    }

    go(&mut browser, "Audit log").await;
    let row = "tr:has-text(\"Conditional access: changed\")";
    let row = browser.read(row).await;
    for told in ["Ingrid", "Two factors", "without mfa", "with phr", "1800"] {
        assert!(row.contains(told), "{told}: {row}");
    }
    assert_eq!(browser.complaints().await, [""; 0]);
}

const RULES: &str = "/api/v1/access-rules";
