//! One monitor of several, and back.

use serde_json::{Value, json};
use tests::stage::{Desktop, Stage};

/// PRODUCT 4.5, 4.6: the helper chooses a monitor: the picture is that part of the screen, and the pointer counts from its corner.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_monitor_is_chosen_and_pointed_into() {
    let stage = Stage::start().await;
    let mut desktop = Desktop::start(1280, 720).await;
    desktop.run_terminal(&stage.path("")).await;
    for (name, place) in [
        ("LEFT", "800/200x720/180+0+0"),
        ("RIGHT", "480/120x720/180+800+0"),
    ] {
        desktop
            .tool("xrandr", &["--setmonitor", name, place, "none"])
            .await;
    }
    let sharer = stage.sharer_of("sakura", &desktop.display);
    let mut pair = stage.pair(stage.helper("amina"), sharer).await;
    pair.grant("control").await;
    let outputs = pair.helper.expect("outputs").await;
    let named = |name: &str| -> Value {
        let list = outputs["outputs"].as_array().expect("a list");
        let found = list.iter().find(|output| output["name"] == name);
        found
            .unwrap_or_else(|| panic!("no {name} in {outputs}"))
            .clone()
    };
    assert_eq!(outputs["shown"], Value::Null);
    let right = named("RIGHT");
    assert_eq!((&right["x"], &right["width"]), (&json!(800), &json!(480)));

    pair.helper
        .tell("output", json!({"output": right["id"]}))
        .await;
    let told = pair.helper.expect("outputs").await;
    assert_eq!(told["shown"], right["id"]);
    let sharing =
        json!({"event": "sharing", "pair": 0, "x": 800, "y": 0, "width": 480, "height": 720});
    pair.sharer.expect("sharing").await;
    assert_eq!(pair.sharer.expect("sharing").await, sharing);
    // The whole screen may have come before.
    let size = loop {
        let size = pair.helper.expect("picture").await;
        if size["width"] != 1280 {
            break size;
        }
    };
    assert_eq!(
        (&size["width"], &size["height"]),
        (&json!(480), &json!(720))
    );
    pair.settle().await;

    pair.helper.tell("pointer", json!({"x": 10, "y": 20})).await;
    let place = loop {
        let place = desktop.tool("xdotool", &["getmouselocation"]).await;
        if place.starts_with("x:810 y:20 ")
            || pair.sharer.ask("stats", json!({}), "stats").await["injected"] == 1
        {
            break desktop.tool("xdotool", &["getmouselocation"]).await;
        }
    };
    assert!(place.starts_with("x:810 y:20 "), "{place}");

    pair.helper.tell("output", json!({"output": 99})).await;
    assert_eq!(
        pair.helper.expect("outputs").await["shown"],
        right["id"],
        "no such monitor"
    );
    pair.helper.tell("output", json!({"output": null})).await;
    assert_eq!(pair.helper.expect("outputs").await["shown"], Value::Null);
    assert_eq!(pair.settle().await, desktop.hash().await);
    pair.helper
        .tell(
            "laser",
            json!({"on": true, "x": 3, "y": 4, "color": "#d13438"}),
        )
        .await;
    let pointer = pair.sharer.expect("pointer").await;
    assert_eq!(
        pointer,
        json!({"event": "pointer", "pair": 0, "on": true, "x": 3, "y": 4, "color": "#d13438"})
    );
}
