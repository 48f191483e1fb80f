//! What another role would have done.

use reqwest::Method;
use serde_json::{Value, json};
use tests::stage::{Browser, Stage, Visitor};

use super::{ingrid, see};

/// Before a role is changed, the sessions are shown that would have gone otherwise.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_that_would_change_is_shown() {
    let stage = Stage::start().await;
    let role = ward_helper(&stage).await;
    let mut pair = stage
        .pair(stage.helper("priya"), stage.sharer("sakura"))
        .await;
    pair.grant("control").await;
    pair.sharer.tell("leave", json!({})).await;
    pair.helper.expect("ended").await;

    let mut browser = ingrid(&stage).await;
    let editor = format!("{}/admin/roles/{role}", stage.relay.url);
    browser.open(&editor).await;
    browser.click("checkbox", "Take full control").await;
    browser.click("checkbox", "View screen").await;
    look(&mut browser).await;
    see(&mut browser, "1 session was looked at.").await;
    see(&mut browser, "1 of those shown would have been refused.").await;
    assert_eq!(
        cells(&mut browser).await[1..],
        ["It would be refused", "Full control", "View screen"]
    );
    browser.assert_accessible("what if").await;

    // The answer was about other permissions than those that are ticked now. No session can have this one yet.
    browser.click("checkbox", "Elevation").await;
    let gone = json!({"selector": "[role=status] tbody", "state": "hidden"});
    browser.tell("wait", gone).await;
    look(&mut browser).await;
    see(&mut browser, "Nothing would have been otherwise.").await;
    assert_eq!(browser.complaints().await, [""; 0]);
}

/// A role with control for those who may only view otherwise. Gives its id.
async fn ward_helper(stage: &Stage) -> String {
    let admin = Visitor::sign_in(stage, "ingrid").await;
    let role =
        json!({"name": "Ward helper", "description": "", "permissions": ["control", "offer"]});
    let role = admin.send(Method::POST, "/api/v1/roles", &role).await;
    let scope = json!({"all_users": true});
    let assignment = json!({
        "name": "Wards", "role": role["id"], "groups": ["viewers"], "people": [], "scope": scope,
    });
    admin
        .send(Method::POST, "/api/v1/assignments", &assignment)
        .await;
    role["id"].as_str().expect("an id").to_owned()
}

async fn look(browser: &mut Browser) {
    browser.click("button", "Look at the last 30 days").await;
}

/// What stands in the only row.
async fn cells(browser: &mut Browser) -> Vec<String> {
    let script = "[...document.querySelectorAll('[role=status] tbody tr > *')].map((cell) => cell.textContent)";
    let Value::Array(cells) = browser.evaluate(script).await else {
        panic!("a list of cells");
    };
    let text = |cell: Value| cell.as_str().map(str::to_owned);
    cells.into_iter().filter_map(text).collect()
}
