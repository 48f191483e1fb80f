//! A real desktop, seen and controlled: Xvfb, a window manager, a terminal.

use std::time::Duration;

use serde_json::json;
use tests::stage::{Desktop, Pair, Stage};

/// PRODUCT 4.1, 4.2, 3.11: viewed, refused input in view, typed into the terminal with control, read back from the machine.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_terminal_is_seen_and_typed_into() {
    let stage = Stage::start().await;
    let mut desktop = Desktop::start(1280, 720).await;
    desktop.run_terminal(&stage.path("")).await;
    let sharer = stage.sharer_of("sakura", &desktop.display);
    let mut pair = stage.pair(stage.helper("amina"), sharer).await;
    pair.grant("view").await;
    assert_eq!(pair.helper.expect("picture").await["width"], 1280);
    assert_eq!(settled(&mut pair, &desktop).await, desktop.hash().await);

    pair.helper
        .tell("type", json!({"text": "echo no > written\n"}))
        .await;
    assert_eq!(pair.helper.expect("fault").await["code"], "RH-1203");

    pair.grant("control").await;
    pair.helper
        .tell(
            "type",
            json!({"text": "echo 'Grüße, {a|b} ~1' > written\n"}),
        )
        .await;
    let written = stage.path("written");
    let text = until(|| {
        std::fs::read_to_string(&written)
            .ok()
            .filter(|text| !text.is_empty())
    })
    .await;
    assert_eq!(text, "Grüße, {a|b} ~1\n");
    assert_eq!(settled(&mut pair, &desktop).await, desktop.hash().await);
    let stats = pair.sharer.ask("stats", json!({}), "stats").await;
    assert_eq!(stats["held"], 0, "no key is left pressed: {stats}");

    pair.sharer.tell("lower", json!({"level": "view"})).await;
    assert_eq!(pair.helper.expect("granted").await["level"], "view");
    let before = pair.sharer.ask("stats", json!({}), "stats").await["injected"].clone();
    pair.helper.tell("type", json!({"text": "x"})).await;
    pair.helper.expect("fault").await;
    assert_eq!(
        pair.sharer.ask("stats", json!({}), "stats").await["injected"],
        before
    );
}

/// The picture is exact after every scene (DESIGN 5): scroll, a second window, a drag, a switch, a resize.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_helpers_picture_is_exact_after_every_scene() {
    let stage = Stage::start().await;
    let mut desktop = Desktop::start(1920, 1080).await;
    desktop.run_terminal(&stage.path("")).await;
    let sharer = stage.sharer_of("yusuf", &desktop.display);
    let mut pair = stage.pair(stage.helper("jonas"), sharer).await;
    pair.grant("control").await;
    pair.helper.expect("picture").await;
    for scene in [
        "seq 1 400; clear; seq 300 430",
        "ls -la /usr/bin | head -60",
        "for i in 1 2 3 4 5 6 7 8; do cat /etc/passwd; done",
    ] {
        let done = stage.path("done");
        pair.helper
            .tell("type", json!({"text": format!("{scene}; touch done\n")}))
            .await;
        until(|| done.exists().then_some(())).await;
        std::fs::remove_file(&done).expect("the scene made it");
        assert_eq!(
            settled(&mut pair, &desktop).await,
            desktop.hash().await,
            "{scene}"
        );
    }
    desktop.run("xmessage", &["-geometry", "+900+500", "a second window"]);
    desktop
        .tool(
            "xdotool",
            &["search", "--sync", "--onlyvisible", "--class", "xmessage"],
        )
        .await;
    assert_eq!(
        settled(&mut pair, &desktop).await,
        desktop.hash().await,
        "second window"
    );
    for x in [850, 700, 400, 120] {
        let place = x.to_string();
        let search = ["search", "--class", "xmessage", "windowmove", &place, "300"];
        desktop.tool("xdotool", &search).await;
    }
    assert_eq!(
        settled(&mut pair, &desktop).await,
        desktop.hash().await,
        "drag"
    );
    desktop
        .tool("xdotool", &["search", "--name", "terminal", "windowraise"])
        .await;
    assert_eq!(
        settled(&mut pair, &desktop).await,
        desktop.hash().await,
        "window switch"
    );
    let film = desktop.film(60).await;
    assert_eq!(
        settled(&mut pair, &desktop).await,
        desktop.hash().await,
        "video, at rest"
    );
    drop(film);
    assert_eq!(
        settled(&mut pair, &desktop).await,
        desktop.hash().await,
        "video, gone"
    );
    let stats = pair.helper.ask("stats", json!({}), "stats").await;
    assert_eq!(stats["dropped"], 0, "{stats}");
}

/// PRODUCT 4.13: pause hides picture and input without ending.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_stops_picture_and_input_until_it_ends() {
    let stage = Stage::start().await;
    let mut pair = stage
        .pair(stage.helper("amina"), stage.sharer("sakura"))
        .await;
    pair.grant("control").await;
    let before = pair.settle().await;
    pair.sharer.tell("pause", json!({"on": true})).await;
    assert_eq!(pair.helper.expect("paused").await["on"], true);
    pair.helper.tell("type", json!({"text": "y"})).await;
    pair.helper
        .tell("chat", json!({"text": "after the key"}))
        .await;
    pair.sharer.expect("chat").await;
    let stats = pair.sharer.ask("stats", json!({}), "stats").await;
    assert_eq!(
        (&stats["injected"], &stats["refused"]),
        (&json!(0), &json!(2))
    );
    let still = pair.helper.ask("hash", json!({}), "hash").await;
    assert_eq!(still["picture"], before.as_str());
    pair.sharer.tell("pause", json!({"on": false})).await;
    assert_eq!(pair.helper.expect("paused").await["on"], false);
    pair.helper.tell("type", json!({"text": "y"})).await;
    changed(&mut pair, &before).await;
}

/// The screen stands still, the sharer says so, and the helper has it: the hash that sharer and helper agree on.
async fn settled(pair: &mut Pair, desktop: &Desktop) -> String {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    loop {
        assert!(
            tokio::time::Instant::now() < deadline,
            "the screen does not come to rest"
        );
        let frozen = desktop.hash().await;
        let hash = pair.settle().await;
        if hash == frozen && desktop.hash().await == frozen {
            return hash;
        }
    }
}

/// Waits until the picture is another one, at rest.
async fn changed(pair: &mut Pair, before: &str) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    while pair.settle().await == before {
        assert!(
            tokio::time::Instant::now() < deadline,
            "the picture does not change"
        );
    }
}

/// Waits until something is there.
async fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(
            tokio::time::Instant::now() < deadline,
            "it did not come in time"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
