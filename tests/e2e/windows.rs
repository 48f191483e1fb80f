//! The sharer's windows: the whole path of the helped person, read and pressed as a screen reader does, and by keyboard alone.

use serde_json::json;
use tests::stage::{Desktop, Program, Stage, Windows};

/// PRODUCT 1.7, 3.6, 3.8, 3.9, 4.4, 4.13, 5.4, 10.4, 10.6: from the code to the end, with the accessibility bus.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_is_helped_and_stays_in_charge() {
    let stage = Stage::start().await;
    let mut desktop = Desktop::start(1280, 720).await;
    desktop.run_terminal(&stage.path("")).await;
    let mut helper = stage.helper("amina");
    let mut sharer = Windows::sharer(&stage, &desktop, "sakura", &[]).await;
    join(&mut helper, &mut sharer, &desktop).await;
    assert_eq!(helper.expect("card").await["title"], "Pharmacist");

    helper.tell("ask", json!({"level": "view"})).await;
    sharer.sees("Amina Haddad").await;
    sharer.sees("Service desk engineer").await;
    sharer.press("Allow").await;
    sharer
        .sees("Read this first, then press Allow again.")
        .await;
    // Two seconds have been read.
    sharer.sees("Time left: 4:58. Esc declines.").await;
    sharer.press("Allow").await;
    assert_eq!(helper.expect("granted").await["level"], "view");
    sharer.sees("Amina Haddad sees your screen").await;
    helper.expect("picture").await;

    sharer.press("Pause").await;
    assert_eq!(helper.expect("paused").await["on"], true);
    sharer.sees("Paused: Amina Haddad sees nothing").await;
    sharer.press("Continue sharing").await;
    assert_eq!(helper.expect("paused").await["on"], false);

    helper
        .tell("chat", json!({"text": "<b>صباح الخير</b>"}))
        .await;
    sharer.press("Chat, 1 new").await;
    sharer.sees("Amina Haddad: <b>صباح الخير</b>").await;
    sharer.sees("Your line").await;
    desktop
        .tool(
            "xdotool",
            &[
                "search",
                "--sync",
                "--onlyvisible",
                "--name",
                "Handrail: chat",
                "windowfocus",
                "--sync",
            ],
        )
        .await;
    desktop.tool("xdotool", &["type", "good morning"]).await;
    desktop.tool("xdotool", &["key", "Return"]).await;
    assert_eq!(helper.expect("chat").await["text"], "good morning");

    helper.tell("ask", json!({"level": "control"})).await;
    sharer.sees("Time left: 0:58. Esc declines.").await;
    sharer.press("Allow").await;
    assert_eq!(helper.expect("granted").await["level"], "control");
    sharer
        .sees("Amina Haddad sees your screen and uses your mouse and keyboard")
        .await;
    sharer.press("Take control back").await;
    assert_eq!(helper.expect("granted").await["level"], "view");
    sharer.press("End session").await;
    assert_eq!(helper.expect("ended").await["code"], "RH-1501");
    sharer.sees("You ended the session").await;
    sharer.press("Close").await;
    assert!(sharer.wait().await);
}

/// PRODUCT 10.4, 4.13, 10.6: the same by keyboard alone: Decline has the focus, Escape declines, two chords pause and stop.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keyboard_is_enough() {
    let stage = Stage::start().await;
    let mut desktop = Desktop::start(1280, 720).await;
    desktop.run_terminal(&stage.path("")).await;
    let mut helper = stage.helper("jonas");
    let mut sharer = Windows::sharer(&stage, &desktop, "yusuf", &["--lang", "ar"]).await;
    join_in(&mut helper, &mut sharer, &desktop, "الرمز، 8 أرقام").await;
    helper.expect("card").await;
    let key = |key: &'static str| {
        let desktop = &desktop;
        async move { desktop.tool("xdotool", &["key", key]).await }
    };

    helper.tell("ask", json!({"level": "control"})).await;
    sharer.sees("رفض").await;
    focus(&desktop).await;
    key("Escape").await;
    assert_eq!(helper.expect("declined").await["code"], "RH-1401");
    helper.tell("ask", json!({"level": "control"})).await;
    sharer.sees("سماح").await;
    focus(&desktop).await;
    // Enter does what has the focus, and that is Decline.
    key("Return").await;
    assert_eq!(helper.expect("declined").await["code"], "RH-1401");

    helper.tell("ask", json!({"level": "view"})).await;
    sharer.sees("الوقت المتبقي: 4:58. مفتاح Esc للرفض.").await;
    focus(&desktop).await;
    key("Tab").await;
    key("space").await;
    assert_eq!(helper.expect("granted").await["level"], "view");
    // The chords are there with the bar that tells of them.
    sharer.sees("Jonas Brandt يرى شاشتك").await;
    key("ctrl+alt+p").await;
    assert_eq!(helper.expect("paused").await["on"], true);
    key("Pause").await;
    assert_eq!(helper.expect("paused").await["on"], false);
    key("ctrl+alt+x").await;
    assert_eq!(helper.expect("ended").await["code"], "RH-1501");
}

/// PRODUCT 3.10, 10.6: in one glance who is in and who has the mouse; each is asked for by name, and can be sent away alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_helpers_are_told_apart() {
    let stage = Stage::start().await;
    let mut desktop = Desktop::start(1280, 720).await;
    desktop.run_terminal(&stage.path("")).await;
    let mut jonas = stage.helper_with("jonas", &["--invited"]);
    jonas.expect("waiting").await;
    let mut amina = stage.helper("amina");
    let mut sharer = Windows::sharer(&stage, &desktop, "sakura", &[]).await;
    join(&mut amina, &mut sharer, &desktop).await;
    amina.expect("card").await;
    amina.tell("ask", json!({"level": "control"})).await;
    sharer.sees("Time left: 4:58. Esc declines.").await;
    sharer.press("Allow").await;
    assert_eq!(amina.expect("granted").await["level"], "control");

    let invite = json!({"subject": "jonas", "name": "Jonas Brandt", "hand_over": false});
    amina.tell("invite", invite).await;
    sharer
        .sees("Amina Haddad has asked Jonas Brandt to join.")
        .await;
    let asked = jonas.expect("invitation").await;
    jonas
        .tell("accept", json!({"session": asked["session"]}))
        .await;
    jonas.expect("card").await;
    jonas.tell("ask", json!({"level": "control"})).await;
    sharer
        .sees("Amina Haddad will then only see your screen.")
        .await;
    sharer.sees("Time left: 4:58. Esc declines.").await;
    sharer.press("Allow").await;
    assert_eq!(jonas.expect("granted").await["level"], "control");
    assert_eq!(amina.expect("granted").await["level"], "view");
    sharer
        .sees("2 helpers are here. Jonas Brandt controls mouse and keyboard.")
        .await;

    sharer.press("Remove Amina Haddad").await;
    assert_eq!(amina.expect("ended").await["code"], "RH-1501");
    sharer
        .sees("Jonas Brandt sees your screen and uses your mouse and keyboard")
        .await;
    sharer.press("End session").await;
    assert_eq!(jonas.expect("ended").await["code"], "RH-1501");
}

async fn join(helper: &mut Program, sharer: &mut Windows, desktop: &Desktop) {
    join_in(helper, sharer, desktop, "Code, 8 digits").await;
}

/// Types the helper's code into the field of this name, as it was read out.
async fn join_in(helper: &mut Program, sharer: &mut Windows, desktop: &Desktop, field: &str) {
    let code = helper.expect("code").await;
    let code = code["code"].as_str().expect("a code").to_owned();
    sharer.sees(field).await;
    focus(desktop).await;
    desktop.tool("xdotool", &["type", &code]).await;
    desktop.tool("xdotool", &["key", "Return"]).await;
}

/// Gives the keyboard to the sharer's only window, as a click on its title does.
async fn focus(desktop: &Desktop) {
    let search = [
        "search",
        "--sync",
        "--onlyvisible",
        "--name",
        "^Handrail",
        "windowfocus",
        "--sync",
    ];
    desktop.tool("xdotool", &search).await;
}
