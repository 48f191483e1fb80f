//! A hostile web origin: whoever serves the helper's page. It takes over that helper in that session, and nothing beyond.

use serde_json::json;
use tests::stage::{Browser, Desktop, Screen};

use super::{Siege, injected, stats};

/// Attack 46, in the words of SECURITY.md: it can view and control inside a session that the sharer consented to, as that helper;
/// before the consent to a level it gets nothing of it; elevation and unattended control are refused by the sharer's program,
/// and no person is asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hostile_web_origin_views_and_controls_within_the_consent_and_gets_no_more() {
    let mut siege = Siege::of_a_console("origin").await;
    let mut browser = Browser::start(&siege.stage, Screen::default()).await;
    browser.open(&format!("{}/h", siege.url)).await;
    browser.sign_in("amina").await;
    let code = browser.code().await;
    let mut desktop = Desktop::start(800, 600).await;
    desktop.run_terminal(&siege.stage.path("")).await;
    let display = ["--source", "x11", "--display", &desktop.display];
    let mut sharer = siege.client("handrail-sharer", "sakura", &display);
    sharer.expect("signed_in").await;
    sharer.tell("join", json!({"code": code})).await;
    let card = sharer.expect("card").await;
    assert_eq!(card["program"], "browser", "the card says so: {card}");

    browser.wait("button", "Ask the other person").await;
    browser.click("button", "Ask the other person").await;
    assert_eq!(sharer.expect("asked").await["level"], "view");
    sharer.tell("allow", json!({})).await;
    // What it can do: it has the picture.
    while siege.relay.expect("stolen").await["colours"].as_u64() < Some(10) {}
    assert_eq!(stats(&mut sharer).await["injected"], 0, "view is view");

    browser.click("button", "Control").await;
    assert_eq!(sharer.expect("asked").await["level"], "control");
    sharer.tell("allow", json!({})).await;
    assert_eq!(sharer.expect("granted").await["level"], "control");
    // It types, and nobody at the helper's keyboard did.
    assert_eq!(injected(&mut sharer, 1).await, 1);
    // What it cannot do: both levels are refused, and nobody is asked.
    for level in ["elevation", "unattended"] {
        let declined = siege.relay.expect("declined").await;
        assert_eq!(declined["level"], level);
    }
    sharer.tell("leave", json!({})).await;
    loop {
        let told = sharer.next().await;
        assert_ne!(told["event"], "asked", "{told}");
        if told["event"] == "ended" {
            return;
        }
    }
}
