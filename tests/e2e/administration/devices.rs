//! Devices.

use serde_json::json;
use tests::stage::{Stage, Visitor};

use super::{confirm, enrol, go, ingrid, make_group, put_into_group, see};

/// PRODUCT 2.6: a device is retired: it leaves its groups, and counts as not enrolled.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_is_retired() {
    let stage = Stage::start().await;
    let mut sharer = stage.sharer("sakura");
    sharer.expect("signed_in").await;
    let mut browser = ingrid(&stage).await;
    go(&mut browser, "Groups").await;
    make_group(&mut browser).await;
    enrol(&mut browser, "さくら").await;
    put_into_group(&mut browser).await;
    let admin = Visitor::sign_in(&stage, "ingrid").await;
    let before = &admin.json(DEVICES).await["devices"][0];
    assert_eq!(before["groups"].as_array().map(Vec::len), Some(1));

    browser.click("button", "Retire").await;
    browser.assert_accessible("to retire a device").await;
    // A no changes nothing.
    confirm(&mut browser, "Cancel").await;
    browser.click("button", "Retire").await;
    assert_eq!(admin.json(DEVICES).await["devices"][0]["state"], "enrolled");
    confirm(&mut browser, "Retire").await;
    see(&mut browser, "The device is retired.").await;
    browser.wait("button", "Enrol").await;
    let after = &admin.json(DEVICES).await["devices"][0];
    assert_eq!(
        (&after["state"], &after["groups"]),
        (&json!("retired"), &json!([]))
    );
    go(&mut browser, "Devices").await;
    let row = json!({"selector": "tr:has-text(\"さくら\"):has-text(\"Retired\")"});
    browser.tell("wait", row).await;
    assert_eq!(browser.complaints().await, [""; 0]);
}

const DEVICES: &str = "/api/v1/devices";
