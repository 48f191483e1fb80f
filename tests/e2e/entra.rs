//! A provider that differs from others as Entra ID does (docs/entra-id.md): the whole way, from both kinds of program.

use serde_json::json;
use tests::stage::{Browser, Screen, Setting, Stage};

async fn like_entra() -> Stage {
    Stage::with(&Setting {
        like_entra: true,
        ..Setting::default()
    })
    .await
}

/// PRODUCT 1.5, 1.7: programs ask for the relay's own scope; the card has the name, which the token says, and below the line nothing
/// that nobody knows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_sign_in_for_the_relays_own_scope() {
    let stage = like_entra().await;
    let (mut helper, mut sharer) = (stage.helper("amina"), stage.sharer("sakura"));
    let url = helper.expect("sign_in").await["url"].to_string();
    assert!(url.contains("help&") && !url.contains("resource"), "{url}");
    let code = helper.expect("code").await["code"].clone();
    sharer.expect("signed_in").await;
    sharer.tell("join", json!({"code": code})).await;
    let card = sharer.expect("card").await;
    assert_eq!(card["name"], "Amina Haddad");
    assert!(card.get("title").is_none(), "{card}");
    assert_eq!(
        card["directory"].as_object().map(serde_json::Map::len),
        Some(1),
        "{card}"
    );
}

/// PRODUCT 1.5: the console, which names no resource there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_console_signs_in_for_the_relays_own_scope() {
    let stage = like_entra().await;
    let mut browser = Browser::start(&stage, Screen::default()).await;
    browser.open(&format!("{}/h", stage.relay.url)).await;
    browser.sign_in("amina").await;
    let code = browser.code().await;
    let mut sharer = stage.sharer("sakura");
    sharer.expect("signed_in").await;
    sharer.tell("join", json!({"code": code})).await;
    assert_eq!(sharer.expect("card").await["program"], "browser");
    assert_eq!(browser.complaints().await, [""; 0]);
}
