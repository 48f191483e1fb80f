//! The thread through the whole system, without a desktop: sign-in, code, handshake, levels, picture, chat, end.

use serde_json::json;
use tests::stage::Stage;

/// PRODUCT 3.1, 3.6, 3.11, 4.4: two headless ends pair by a code and talk.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_ends_pair_by_a_code_and_talk() {
    let stage = Stage::start().await;
    let mut pair = stage
        .pair(stage.helper("amina"), stage.sharer("sakura"))
        .await;
    pair.grant("view").await;
    let picture = pair.helper.expect("picture").await;
    assert_eq!(
        (&picture["width"], &picture["height"]),
        (&json!(1920), &json!(1080))
    );
    let before = pair.settle().await;

    pair.helper.tell("type", json!({"text": "x"})).await;
    assert_eq!(pair.helper.expect("fault").await["code"], "RH-1203");
    pair.grant("control").await;
    pair.helper.tell("type", json!({"text": "x"})).await;
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
    let after = loop {
        assert!(
            tokio::time::Instant::now() < deadline,
            "the key does not change the picture"
        );
        let after = pair.settle().await;
        if after != before {
            break after;
        }
    };
    assert_ne!(before, after, "the key changed the picture");

    pair.helper
        .tell("chat", json!({"text": "مرحبا، hello, こんにちは"}))
        .await;
    assert_eq!(
        pair.sharer.expect("chat").await["text"],
        "مرحبا، hello, こんにちは"
    );
    pair.sharer.tell("chat", json!({"text": "danke"})).await;
    assert_eq!(pair.helper.expect("chat").await["text"], "danke");

    pair.helper.tell("leave", json!({})).await;
    let ended = pair.sharer.expect("ended").await;
    assert_eq!(ended["code"], "RH-1501");
    assert!(pair.helper.wait().await && pair.sharer.wait().await);
}
