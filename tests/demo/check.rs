//! The main job, end to end, without a person: a helper at a real browser, a sharer in front of the real windows.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::json;
use tests::stage::Browser;

use crate::act::Act;

/// Sees, is refused keys, gets control, types, reads back, chats, is paused, leaves; an auditor reads the record. Panics with the
/// reason if anything is not so.
pub(crate) async fn run() {
    let started = Instant::now();
    let mut act = Act::start("sakura").await;
    let mut helper = act.browser().await;
    helper.open(&format!("{}/h", act.stage.relay.url)).await;
    helper.sign_in("amina").await;
    let code = helper.code().await;
    act.picture(&mut helper, "1-code").await;
    act.type_code(&code).await;
    view(&mut act, &mut helper).await;
    control(&mut act, &mut helper).await;
    let figures = talk(&mut act, &mut helper).await;
    leave(&mut act, &mut helper).await;
    audit(&act).await;
    assert_eq!(helper.complaints().await, [""; 0], "the browser complained");
    assert!(act.sharer.wait().await, "the windows ended well");
    assert!(act.stage.relay.terminate().await, "the relay ended well");
    fs::copy(&act.stage.relay.log, act.file("relay.log")).expect("target/demo can be written");
    println!(
        "demo: signed in, paired, seen, controlled, chatted, paused, left and audited in {:.1} s; {figures}; pictures of every step are in target/demo",
        started.elapsed().as_secs_f32(),
    );
}

/// The helper asks to see the screen; the sharer reads who it is, and allows it.
async fn view(act: &mut Act, helper: &mut Browser) {
    helper.wait("button", "Ask the other person").await;
    act.picture(helper, "2-paired").await;
    helper.click("button", "Ask the other person").await;
    act.sharer.sees("Amina Haddad").await;
    act.sharer.sees("Service desk engineer").await;
    act.sharer.sees("Time left: 4:58. Esc declines.").await;
    act.picture(helper, "3-question").await;
    act.sharer.press("Allow").await;
    act.sharer.sees("Amina Haddad sees your screen").await;
    helper.wait("application", "view only").await;
    same_picture(act, helper).await;
    act.picture(helper, "4-view").await;
    // Keys of a helper who may only look go nowhere.
    helper.tell("focus", json!({"role": "application"})).await;
    helper.tell("type", json!({"text": "touch no\n"})).await;
}

/// The helper gets control and types into the terminal; the machine has what was typed.
async fn control(act: &mut Act, helper: &mut Browser) {
    helper.click("button", "Control").await;
    act.sharer.sees("Time left: 0:58. Esc declines.").await;
    act.sharer.press("Allow").await;
    let pill = "Amina Haddad sees your screen and uses your mouse and keyboard";
    act.sharer.sees(pill).await;
    helper
        .wait("application", "Keyboard and mouse work there")
        .await;
    // The helper points at the terminal and presses: it is in front then.
    let at = helper.tell("box", json!({"role": "application"})).await["box"].clone();
    let place = |origin: &str, side: &str, part: f64| {
        at[origin].as_f64().expect("a place") + at[side].as_f64().expect("a size") * part
    };
    let (x, y) = (place("x", "width", 0.4), place("y", "height", 0.7));
    helper.tell("press_at", json!({"x": x, "y": y})).await;
    let text = "Handrail was here: äöü €, {a|b} ~1";
    let command = format!("clear; echo '{text}' | tee written\n");
    helper.tell("type", json!({"text": command})).await;
    let written = act.stage.path("written");
    let deadline = Instant::now() + PATIENCE;
    while fs::read_to_string(&written).unwrap_or_default() != format!("{text}\n") {
        assert!(
            Instant::now() < deadline,
            "the typed text did not reach the remote machine"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(!act.stage.path("no").exists(), "keys of view went nowhere");
    act.picture(helper, "5-control").await;
}

/// Both write a line, the sharer pauses and goes on. Gives the figures that the helper reads.
async fn talk(act: &mut Act, helper: &mut Browser) -> String {
    helper.press("Control+Alt+Shift").await;
    helper.click("button", "Chat").await;
    let line = "مرحبا – is it fixed?";
    helper
        .tell("fill", json!({"label": "Message", "value": line}))
        .await;
    helper.press("Enter").await;
    act.sharer.press("Chat, 1 new").await;
    act.sharer.sees(&format!("Amina Haddad: {line}")).await;
    act.picture(helper, "6-chat").await;
    act.sharer.press("Pause").await;
    act.sharer.sees("Paused: Amina Haddad sees nothing").await;
    helper.tell("wait", json!({"text": "paused"})).await;
    act.picture(helper, "7-paused").await;
    act.sharer.press("Continue sharing").await;
    helper
        .tell("click", json!({"role": "button", "name": "Quality"}))
        .await;
    // They are counted once a second.
    helper
        .tell("wait", json!({"selector": "dd:has-text(' ms') >> nth=2"}))
        .await;
    let figures = helper.evaluate(FIGURES).await;
    helper.press("Escape").await;
    figures.as_str().unwrap_or_default().to_owned()
}

/// The helper leaves and says what came of it; the sharer is told.
async fn leave(act: &mut Act, helper: &mut Browser) {
    helper.click("button", "Leave").await;
    act.sharer.sees("The session is over").await;
    helper
        .tell("wait", json!({"text": "The session has ended"}))
        .await;
    helper.click("radio", "Solved").await;
    helper
        .tell(
            "fill",
            json!({"label": "Notes", "value": "Cable was loose"}),
        )
        .await;
    helper.click("button", "Save").await;
    helper.tell("wait", json!({"text": "Saved"})).await;
    act.picture(helper, "8-end").await;
    act.sharer.press("Close").await;
}

/// The auditor reads what was kept.
async fn audit(act: &Act) {
    let mut auditor = act.browser().await;
    auditor
        .open(&format!("{}/sessions", act.stage.relay.url))
        .await;
    auditor.sign_in("dmitri").await;
    auditor.tell("wait", json!({"text": "田中 さくら"})).await;
    auditor.shot(&act.file("9-records.png")).await;
    assert_eq!(
        auditor.complaints().await,
        [""; 0],
        "the browser complained"
    );
}

/// The page shows what is on the screen, but for the pointer and the pill's running time: they agree before the next second begins.
async fn same_picture(act: &Act, helper: &mut Browser) {
    let _hidden = act.desktop.hide_pointer().await;
    let deadline = Instant::now() + PATIENCE;
    loop {
        let screen = act.desktop.hash().await;
        if helper.hash().await == screen && act.desktop.hash().await == screen {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "the helper's picture is not the screen"
        );
    }
}

const PATIENCE: Duration = Duration::from_secs(20);
/// The names and figures of the open panel.
const FIGURES: &str = "[...document.querySelectorAll('dl dt')].map((dt) => `${dt.textContent} ${dt.nextElementSibling.textContent}`).join(', ')";
