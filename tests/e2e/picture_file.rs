//! SPEC 15.4: the picture as a window in another process gets it.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::stage::Stage;

/// What is told as painted is in the file; nothing is written before the window has shown the last; in the end both are the picture.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_gets_every_picture_and_only_when_it_asks() {
    let stage = Stage::start().await;
    let path = stage.path("picture");
    let file = path.display().to_string();
    let helper = stage.helper_with("jonas", &["--picture", &file]);
    let mut pair = stage.pair(helper, stage.sharer("yusuf")).await;
    pair.grant("control").await;
    let first = pair.helper.expect("painted").await;
    assert_eq!(first["rects"], json!([[0, 0, 1920, 1080]]));
    let shape = pair
        .helper
        .ask("shown", json!({"update": 999}), "unknown_command");
    assert!(
        shape.await["text"]
            .as_str()
            .is_some_and(|text| text.contains("999"))
    );

    let before = std::fs::read(&path).expect("the file is there");
    pair.helper.tell("type", json!({"text": "abc"})).await;
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
    let hash = loop {
        let hash = pair.settle().await;
        if hash != name(&before) {
            break hash;
        }
        assert!(
            tokio::time::Instant::now() < deadline,
            "the keys do not change the picture"
        );
    };
    let read = std::fs::read(&path).expect("the file is there");
    assert_eq!(read, before, "the window reads");
    let stats = pair.helper.ask("stats", json!({}), "stats").await;
    assert_eq!(stats["samples"], 0, "nothing was seen yet: {stats}");

    pair.helper
        .tell("shown", json!({"update": first["update"]}))
        .await;
    let next = pair.helper.expect("painted").await;
    let now = std::fs::read(&path).expect("the file is there");
    assert_eq!(name(&now), hash);
    let small = |rect: &Value| rect[3].as_u64() < Some(200);
    assert!(
        next["rects"]
            .as_array()
            .is_some_and(|rects| !rects.is_empty() && rects.iter().all(small)),
        "{next}"
    );
    pair.helper
        .tell("shown", json!({"update": next["update"]}))
        .await;
    let stats = pair.helper.ask("stats", json!({}), "stats").await;
    assert!(stats["samples"].as_u64() > Some(0), "{stats}");
}

/// A file that cannot be written is told before anybody signs in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_cannot_be_is_told_at_once() {
    let stage = Stage::start().await;
    let nowhere = stage.path("no-folder/picture").display().to_string();
    let mut helper = stage.helper_with("jonas", &["--picture", &nowhere]);
    let fault = helper.expect("fault").await;
    assert_eq!(fault["code"], "RH-1605");
    assert!(
        fault["details"]
            .as_str()
            .is_some_and(|text| text.contains("No such file")),
        "{fault}"
    );
    assert!(!helper.wait().await, "it ends as failed");
}

/// SPEC 6.4: the helper that asks for less sends no input from that moment, whatever the relay says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_for_less_ends_input_at_once() {
    let stage = Stage::start().await;
    let mut pair = stage
        .pair(stage.helper("amina"), stage.sharer("grete"))
        .await;
    pair.grant("control").await;
    pair.helper.tell("ask", json!({"level": "view"})).await;
    pair.helper.tell("type", json!({"text": "x"})).await;
    assert_eq!(pair.helper.expect("fault").await["code"], "RH-1203");
    assert_eq!(pair.helper.expect("granted").await["level"], "view");
    let stats = pair.sharer.ask("stats", json!({}), "stats").await;
    assert_eq!(
        (&stats["injected"], &stats["refused"]),
        (&json!(0), &json!(0))
    );
}

/// The name of a picture of 1920 x 1080 (SPEC 7).
fn name(rgba: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(1920_u16.to_le_bytes());
    hash.update(1080_u16.to_le_bytes());
    hash.update(rgba);
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
