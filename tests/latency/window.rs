//! The native helper's window: from a key press on its display to the frame that shows the effect.

use std::time::Duration;

use serde_json::json;
use tests::stage::{Desktop, Stage, Windows};
use tokio::time::sleep;

use crate::Effort;
use crate::figure::Group;

pub(crate) async fn run(effort: Effort) -> Group {
    let mut group = Group::new("window");
    let keys = effort.pick(60, 240);
    let stage = Stage::start().await;
    let mut there = Desktop::start(1920, 1080).await;
    there.run_terminal(&std::env::temp_dir()).await;
    let mut here = Desktop::start(1920, 1080).await;
    here.run_window_manager().await;
    let mut sharer = stage.sharer_of("sakura", &there.display);
    let mut helper = Windows::helper(&stage, &here, "amina", &[]).await;
    let code = helper.reads("Code: ").await;
    sharer.expect("signed_in").await;
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    sharer.tell("join", json!({"code": digits})).await;
    helper.press("Ask for full control").await;
    sharer.expect("asked").await;
    sharer.tell("allow", json!({})).await;
    sharer.expect("granted").await;
    helper.sees("Screen of 田中 さくら").await;
    here.tool("xdotool", &["type", "cat >/dev/null"]).await;
    here.tool("xdotool", &["key", "Return"]).await;
    for (place, letter) in ('a'..='z').cycle().take(keys).enumerate() {
        let pause = 40 + u64::try_from(place * 7 % 23).expect("a short time");
        sleep(Duration::from_millis(pause)).await;
        here.tool("xdotool", &["key", &letter.to_string()]).await;
        if place % LINE == LINE - 1 {
            here.tool("xdotool", &["key", "Return"]).await;
        }
    }
    sleep(Duration::from_millis(1500)).await;
    helper.press("Quality").await;
    let told = helper.reads("Key to picture").await;
    let figures: Vec<f64> = told
        .split(|letter: char| !letter.is_ascii_digit() && letter != '.')
        .filter_map(|part| part.parse().ok())
        .filter(|figure| ![50.0, 95.0].contains(figure))
        .collect();
    let [p50, p95] = figures[..] else {
        panic!("two figures in `{told}`")
    };
    group.judge(
        "key to presented picture, xterm, native window, p50",
        p50,
        "ms",
        8.0,
    );
    group.judge(
        "key to presented picture, xterm, native window, p95",
        p95,
        "ms",
        20.0,
    );
    group.remark(format!(
        "both ends on Xvfb, 1920x1080, the picture fitted to a window of the usual size; presented = the frame was drawn; {keys} keys"
    ));
    group.raw = json!({"p50": p50, "p95": p95});
    group
}

const LINE: usize = 60;
