//! The helper's window: the whole path of the helper, read and pressed as a screen reader does, with keys and mouse of a display.

use std::time::Duration;

use serde_json::json;
use tests::stage::{Desktop, Program, Stage, Windows};
use tokio::time::Instant;

/// PRODUCT 3.1, 3.6, 3.9, 4.2, 4.4, 4.12: from the code to the end; what is typed arrives, and the picture is that of the screen, pixel
/// for pixel; a pause leaves nothing of it in sight.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_helper_helps_from_the_window() {
    let scene = Scene::start().await;
    let Scene {
        stage,
        there,
        here,
        mut helper,
        mut sharer,
    } = scene;
    let _hidden = there.hide_pointer().await;
    // The machine of the stage is not enrolled: the window says so until that was read.
    helper.press("I have read this").await;
    helper.press("Ask to view").await;
    allow(&mut sharer, "view").await;
    helper.sees("Screen of 田中 さくら").await;
    helper.press("1:1").await;
    frozen(&here, &there, &mut sharer).await;

    // In view nothing that is typed gets anywhere.
    enter(&here, "touch no").await;
    helper.press("Control").await;
    allow(&mut sharer, "control").await;
    helper.sees(HELD).await;
    enter(&here, "echo 'Handrail: {a|b} ~1' > written").await;
    assert_eq!(written(&stage, "written").await, "Handrail: {a|b} ~1\n");
    assert!(!stage.path("no").exists(), "the keys of view went nowhere");
    frozen(&here, &there, &mut sharer).await;

    sharer.tell("pause", json!({"on": true})).await;
    helper.sees(PAUSED).await;
    until("the picture goes", async || !here.shows(&there).await).await;
    sharer.tell("pause", json!({"on": false})).await;
    frozen(&here, &there, &mut sharer).await;

    helper.press("Leave").await;
    assert_eq!(sharer.expect("ended").await["code"], "RH-1501");
    helper.sees("You ended the session").await;
    helper.press("Close").await;
    assert!(helper.wait().await);
}

/// PRODUCT 4.4, 4.5, 4.6, 10.4: chat by its chord, the laser, the mouse and its wheel, and the whole screen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chat_laser_mouse_and_full_screen_work() {
    let scene = Scene::start().await;
    let Scene {
        stage,
        there,
        here,
        mut helper,
        mut sharer,
    } = scene;
    helper.press("Ask for full control").await;
    allow(&mut sharer, "control").await;
    helper.sees(HELD).await;

    here.tool("xdotool", &["key", "ctrl+alt+c"]).await;
    helper.sees("Your line").await;
    here.tool("xdotool", &["type", "good morning"]).await;
    here.tool("xdotool", &["key", "Return"]).await;
    assert_eq!(sharer.expect("chat").await["text"], "good morning");
    sharer.tell("chat", json!({"text": "صباح النور"})).await;
    helper.sees("田中 さくら: صباح النور").await;
    here.tool("xdotool", &["key", "ctrl+alt+c"]).await;

    // The way back into the picture is a click, which goes to the other computer like all that follow.
    here.tool("xdotool", &["mousemove", "640", "400", "click", "1"])
        .await;
    helper.sees(HELD).await;
    enter(
        &here,
        r"stty raw -echo; printf '\033[?1000h\033[?1006h'; echo > ready; cat > mouse",
    )
    .await;
    written(&stage, "ready").await;
    here.tool("xdotool", &["click", "3", "click", "4", "click", "5"])
        .await;
    let told = || std::fs::read_to_string(stage.path("mouse")).unwrap_or_default();
    // As a terminal tells buttons: 2 is the right one, 64 and 65 are the wheel.
    let buttons = ["\u{1b}[<2;", "\u{1b}[<64;", "\u{1b}[<65;"];
    until("buttons and wheel arrive", async || {
        buttons.iter().all(|button| told().contains(button))
    })
    .await;
    let place = there.tool("xdotool", &["getmouselocation"]).await;
    let across = place
        .strip_prefix("x:")
        .and_then(|rest| rest.split(' ').next());
    let across: i32 = across.and_then(|x| x.parse().ok()).expect("a place");
    assert!((498..=502).contains(&across), "the middle: {place}");

    here.tool("xdotool", &["key", "ctrl+alt+l"]).await;
    here.tool("xdotool", &["mousemove", "640", "420"]).await;
    let shown = sharer.expect("pointer").await;
    let laser = (&shown["on"], &shown["color"]);
    assert_eq!(laser, (&json!(true), &json!("#d13438")), "{shown}");
    here.tool("xdotool", &["key", "ctrl+alt+l"]).await;
    let gone = sharer.expect("pointer").await;
    assert_eq!(gone["on"], false, "{gone}");

    here.tool("xdotool", &["key", "ctrl+alt+f"]).await;
    until("the window fills the screen", async || {
        geometry(&here)
            .await
            .ends_with("Position: 0,0 (screen: 0)\n  Geometry: 1280x720")
    })
    .await;
    here.tool("xdotool", &["key", "ctrl+alt+f"]).await;
    until("the window is itself again", async || {
        !geometry(&here).await.contains("Position: 0,0 ")
    })
    .await;
}

/// A helper's window and a sharer of another desktop, who are paired.
struct Scene {
    stage: Stage,
    /// The sharer's desktop, with a terminal.
    there: Desktop,
    /// The helper's desktop.
    here: Desktop,
    helper: Windows,
    sharer: Program,
}

impl Scene {
    async fn start() -> Self {
        let stage = Stage::start().await;
        let mut there = Desktop::start(1000, 520).await;
        there.run_terminal(&stage.path("")).await;
        let mut here = Desktop::start(1280, 720).await;
        here.run_window_manager().await;
        let mut sharer = stage.sharer_of("sakura", &there.display);
        let mut helper = Windows::helper(&stage, &here, "amina", &[]).await;
        let code = helper.reads("Code: ").await.replace(' ', "");
        sharer.expect("signed_in").await;
        sharer.tell("join", json!({"code": code})).await;
        let card = sharer.expect("card").await;
        assert_eq!(
            (&card["name"], &card["program"]),
            (&json!("Amina Haddad"), &json!("native"))
        );
        Self {
            stage,
            there,
            here,
            helper,
            sharer,
        }
    }
}

async fn allow(sharer: &mut Program, level: &str) {
    assert_eq!(sharer.expect("asked").await["level"], level);
    sharer.tell("allow", json!({})).await;
    assert_eq!(sharer.expect("granted").await["level"], level);
}

/// Types a line on this display.
async fn enter(desktop: &Desktop, line: &str) {
    desktop.tool("xdotool", &["type", line]).await;
    desktop.tool("xdotool", &["key", "Return"]).await;
}

/// The helper's display shows what the sharer's does, when nothing moves any more.
async fn frozen(here: &Desktop, there: &Desktop, sharer: &mut Program) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let rests = sharer.ask("hash", json!({}), "hash").await["quiet"] == true;
        if rests && here.shows(there).await {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "the window does not show the screen"
        );
    }
}

/// Place and size of the helper's window.
async fn geometry(here: &Desktop) -> String {
    let search = [
        "search",
        "--onlyvisible",
        "--name",
        "^Handrail",
        "getwindowgeometry",
    ];
    here.tool("xdotool", &search).await
}

async fn written(stage: &Stage, name: &str) -> String {
    let read = || std::fs::read_to_string(stage.path(name)).unwrap_or_default();
    until("the typed text arrives", async || read().ends_with('\n')).await;
    read()
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds().await {
        assert!(Instant::now() < deadline, "{what}: not in {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

const HELD: &str = "The keyboard belongs to the other computer. Ctrl+Alt+Shift brings it back.";
const PAUSED: &str =
    "Paused by the other person: you see nothing, and nothing that you do arrives.";
const PATIENCE: Duration = Duration::from_secs(20);
