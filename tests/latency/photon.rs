//! From a key press at the helper to the changed pixels at the helper, through a real relay.

use std::time::Duration;

use serde_json::{Value, json};
use tests::stage::{Desktop, Pair, Stage};
use tokio::time::sleep;

use crate::Effort;
use crate::figure::Group;

pub(crate) async fn run(effort: Effort) -> Group {
    let mut group = Group::new("input_to_photon");
    let keys = effort.pick(60, 240);
    let stage = Stage::start().await;
    let mut desktop = Desktop::start(1920, 1080).await;
    desktop.run_terminal(&std::env::temp_dir()).await;
    let sharer = stage.sharer_of("sakura", &desktop.display);
    let mut pair = stage.pair(stage.helper("amina"), sharer).await;
    pair.grant("control").await;
    // What is typed is a letter on the screen and nothing else.
    for letter in "cat >/dev/null\n".chars() {
        sleep(pause(0)).await;
        press(&mut pair, letter).await;
    }
    let xterm = measure(pair, keys, true).await;
    group.judge(
        "key to photon, xterm, native WSS, p50",
        number(&xterm, "p50"),
        "ms",
        8.0,
    );
    group.judge(
        "key to photon, xterm, native WSS, p95",
        number(&xterm, "p95"),
        "ms",
        20.0,
    );

    let sharer = stage.sharer("grete");
    let mut pair = stage.pair(stage.helper("jonas"), sharer).await;
    pair.grant("control").await;
    let drawn = measure(pair, keys, false).await;
    group.note(
        "key to photon, drawn source, native WSS, p50",
        number(&drawn, "p50"),
        "ms",
    );
    group.note(
        "key to photon, drawn source, native WSS, p95",
        number(&drawn, "p95"),
        "ms",
    );
    group.remark(format!(
        "\"painted\" is: decoded and ready to be presented; the headless helper has no window; {keys} keys each, 40 to 62 ms after the effect of the last"
    ));
    group.raw = json!({"xterm": xterm, "drawn": drawn});
    group
}

/// Types letters one at a time, each after the effect of the last was seen. The first few, and the first picture, do not count
/// for more than their share: the helper's own statistics are read.
async fn measure(mut pair: Pair, keys: usize, lines: bool) -> Value {
    let letters = ('a'..='z').cycle();
    for (place, letter) in letters.take(keys).enumerate() {
        sleep(pause(place)).await;
        press(&mut pair, letter).await;
        if lines && place % LINE == LINE - 1 {
            sleep(pause(place)).await;
            press(&mut pair, '\n').await;
        }
    }
    let stats = pair.helper.ask("stats", json!({}), "stats").await;
    let sharer = pair.sharer.ask("stats", json!({}), "stats").await;
    pair.helper.tell("leave", json!({})).await;
    pair.sharer.expect("ended").await;
    json!({
        "p50": stats["input_to_photon_p50_ms"], "p95": stats["input_to_photon_p95_ms"],
        "samples": stats["samples"], "helper": stats, "sharer": sharer,
    })
}

/// Between two keys, as a fast typist makes it and at no fixed phase: a key that follows an update at once would wait for the
/// sharer's frame of 16 ms, which no person's does.
fn pause(place: usize) -> Duration {
    Duration::from_millis(u64::try_from(40 + place * 7 % 23).expect("a short time"))
}

/// One key, and the sharer's word that everything after it was sent and shown.
async fn press(pair: &mut Pair, letter: char) {
    // What was said before is read away, so that the next word belongs to this key.
    pair.helper.ask("stats", json!({}), "stats").await;
    pair.helper
        .tell("type", json!({"text": letter.to_string()}))
        .await;
    pair.helper.expect("quiet").await;
}

fn number(stats: &Value, name: &str) -> f64 {
    stats[name].as_f64().expect("a figure")
}

/// Letters before a new line, well inside of the terminal's width.
const LINE: usize = 60;
