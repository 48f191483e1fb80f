//! What was allowed and is not any more: input stops, and both are told why (PRODUCT 1.10, DESIGN 7).

use reqwest::Method;
use serde_json::{Value, json};
use tests::stage::{Pair, Program, Stage, Visitor};

/// The role is taken away: an assignment that the console made is deleted there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_is_taken_away_ends_control() {
    let stage = Stage::start().await;
    let admin = Visitor::sign_in(&stage, "ingrid").await;
    let (mut pair, assignment) = helped_by_assignment(&stage, &admin).await;
    let path = format!("/api/v1/assignments/{assignment}");
    admin.send(Method::DELETE, &path, &Value::Null).await;
    over(&mut pair, "RH-1202").await;
}

/// PRODUCT 1.10: a directory says that the helper is not there any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_helper_whom_the_directory_deactivates_is_out() {
    let stage = Stage::start().await;
    let directory = Visitor::program(&stage, "scim").await;
    let mut pair = controlled(&stage, stage.helper("amina")).await;
    let known = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "amina",
        "externalId": "amina", "displayName": "Amina Haddad", "active": true,
    });
    let kept = directory.send(Method::POST, "/scim/v2/Users", &known).await;
    let path = format!("/scim/v2/Users/{}", kept["id"].as_str().expect("an id"));
    let patch = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "active", "value": false}],
    });
    directory.send(Method::PATCH, &path, &patch).await;
    over(&mut pair, "RH-1507").await;
}

/// PRODUCT 1.1: remote help is turned off for everybody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organisation_that_is_turned_off_ends_its_sessions() {
    let stage = Stage::start().await;
    let admin = Visitor::sign_in(&stage, "ingrid").await;
    let mut pair = controlled(&stage, stage.helper("amina")).await;
    let mut settings = admin.json("/api/v1/settings").await;
    settings["enabled"] = json!(false);
    admin.send(Method::PUT, "/api/v1/settings", &settings).await;
    over(&mut pair, "RH-1201").await;
}

/// An administrator ends the session in the console.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_an_administrator_ends_is_over() {
    let stage = Stage::start().await;
    let admin = Visitor::sign_in(&stage, "ingrid").await;
    let mut pair = controlled(&stage, stage.helper("amina")).await;
    let live = admin.json("/api/v1/sessions").await;
    let session = live["sessions"][0]["session"].as_str().expect("a session");
    let path = format!("/api/v1/sessions/{session}/end");
    admin.send(Method::POST, &path, &json!({})).await;
    over(&mut pair, "RH-1508").await;
}

async fn controlled(stage: &Stage, helper: Program) -> Pair {
    let mut pair = stage.pair(helper, stage.sharer("sakura")).await;
    pair.grant("control").await;
    pair.helper.tell("type", json!({"text": "before"})).await;
    while pair.sharer.ask("stats", json!({}), "stats").await["injected"].as_u64() < Some(12) {}
    pair
}

/// Tomasz, who may do nothing by the configuration file, helps by an assignment of the console.
async fn helped_by_assignment(stage: &Stage, admin: &Visitor) -> (Pair, String) {
    let _known = Visitor::sign_in(stage, "tomasz").await;
    let said = json!({
        "name": "Tomasz helps", "role": "helpdesk-operator", "people": ["tomasz"],
        "scope": {"all_users": true},
    });
    let made = admin.send(Method::POST, "/api/v1/assignments", &said).await;
    let id = made["id"].as_str().expect("an id").to_owned();
    (controlled(stage, stage.helper("tomasz")).await, id)
}

/// Both are told why, and nothing that was typed afterwards was injected.
async fn over(pair: &mut Pair, code: &str) {
    assert_eq!(pair.sharer.expect("ended").await["code"], code);
    assert_eq!(pair.helper.expect("ended").await["code"], code);
    assert!(
        !pair.helper.wait().await,
        "the helper's program says that it was ended"
    );
}
