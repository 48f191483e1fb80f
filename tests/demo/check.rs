//! The main job, end to end, without a person.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::act::Act;

/// Views, is refused input, gets control, types, reads back, chats, leaves. Panics with the reason if anything is not so.
pub(crate) async fn run() {
    let started = Instant::now();
    let mut act = Act::start().await;
    let paired = started.elapsed();
    act.pair.grant("view").await;
    let first = act.pair.helper.expect("picture").await["after_ms"].clone();
    act.pair.settle().await;
    act.pair.helper.tell("type", json!({"text": "no"})).await;
    let refused = act.pair.helper.expect("fault").await;
    assert_eq!(
        refused["code"], "RH-1203",
        "input is refused while only viewing"
    );
    act.pair.grant("control").await;

    let text = "Handrail was here: äöü €, {a|b} ~1";
    let written = act.stage.path("written");
    let command = format!("clear; echo '{text}' | tee written\n");
    act.pair.helper.tell("type", json!({"text": command})).await;
    let deadline = Instant::now() + Duration::from_secs(20);
    while fs::read_to_string(&written).unwrap_or_default() != format!("{text}\n") {
        assert!(
            Instant::now() < deadline,
            "the typed text did not reach the remote machine"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let hash = exact(&mut act).await;

    act.pair
        .helper
        .tell("chat", json!({"text": "مرحبا – is it fixed?"}))
        .await;
    assert_eq!(
        act.pair.sharer.expect("chat").await["text"],
        "مرحبا – is it fixed?"
    );
    let picture = act.file("helper.png");
    let saved = act
        .pair
        .helper
        .ask("save", json!({"path": picture}), "saved")
        .await;
    assert_eq!(saved["error"], Value::Null, "the picture can be saved");
    let stats = act.pair.helper.ask("stats", json!({}), "stats").await;
    act.pair.helper.tell("leave", json!({})).await;
    assert_eq!(act.pair.sharer.expect("ended").await["code"], "RH-1501");
    assert!(
        act.pair.helper.wait().await && act.pair.sharer.wait().await,
        "both ended well"
    );
    assert!(act.stage.relay.terminate().await, "the relay ended well");
    fs::copy(&act.stage.relay.log, act.file("relay.log")).expect("target/demo can be written");

    let summary = json!({
        "paired_after_ms": paired.as_millis(), "first_picture_ms": first, "picture": hash,
        "typed": text, "helper": stats, "took_ms": started.elapsed().as_millis(),
    });
    let pretty = serde_json::to_string_pretty(&summary).expect("a summary is JSON");
    fs::write(act.file("summary.json"), pretty).expect("target/demo can be written");
    println!(
        "demo: first picture {} ms, key to photon p50 {} ms p95 {} ms, {} updates, {} bytes of picture, pixel exact; target/demo/helper.png",
        tenths(&first),
        tenths(&stats["input_to_photon_p50_ms"]),
        tenths(&stats["input_to_photon_p95_ms"]),
        stats["updates"],
        stats["picture_bytes"],
    );
}

/// The helper's picture equals what the X server shows, pixel for pixel.
async fn exact(act: &mut Act) -> String {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let hash = act.pair.settle().await;
        if act.desktop.hash().await == hash {
            return hash;
        }
        assert!(
            Instant::now() < deadline,
            "the helper's picture is not the screen"
        );
    }
}

fn tenths(figure: &Value) -> String {
    figure
        .as_f64()
        .map_or_else(|| "?".to_owned(), |figure| format!("{figure:.1}"))
}
