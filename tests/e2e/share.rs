//! A person shares from a browser (`/s`): a real Chromium with a window on a real X server, under the policy that the relay serves.

use std::time::Duration;

use serde_json::{Value, json};
use tests::stage::{Browser, Desktop, Screen, Stage};
use tokio::time::Instant;

/// Where the test paints on the screen that is shared: left top corner, and what colour.
pub(super) const PATCHES: [([i16; 2], [u8; 3]); 4] = [
    ([1000, 640], [220, 30, 30]),
    ([1100, 640], [30, 160, 60]),
    ([1000, 720], [30, 60, 220]),
    ([1100, 720], [240, 240, 240]),
];
pub(super) const SIDE: u16 = 64;

/// PRODUCT 3.2, 3.13, 10.1, 10.2, 10.6: a sharer without a program: a code in a browser, who asks, a pause with a stranger, the screen; the
/// helper in another browser sees it, points and writes, and can do no more than look.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_shares_and_a_browser_helps() {
    let stage = Stage::start().await;
    let mut desktop = Desktop::start(1280, 800).await;
    desktop.run_window_manager().await;
    let mut helper = Browser::start(&stage, Screen::default()).await;
    let mut sharer = sharing_browser(&stage, &desktop, "en-GB", false).await;
    let code = code_of(&stage, &mut helper).await;
    sharer.open(&format!("{}/s", stage.relay.url)).await;
    sharer.sign_in("sakura").await;
    sharer.wait("heading", "Share your screen").await;
    sharer.assert_accessible("the code").await;
    type_code(&mut sharer, "1234").await;
    sharer
        .tell("wait", json!({"text": "A code has 8 digits"}))
        .await;
    sharer.assert_accessible("a code that is none").await;
    type_code(&mut sharer, &spelled(&code)).await;
    sharer.wait("heading", "Amina Haddad").await;
    let card = sharer.read("[data-card=verified]").await;
    assert!(
        card.contains("klinikum-lindenhof.example") && card.contains("In a browser"),
        "{card}"
    );

    helper.wait("button", "Ask the other person").await;
    helper.click("button", "Ask the other person").await;
    sharer
        .wait("heading", "Amina Haddad asks to see your screen.")
        .await;
    sharer
        .tell(
            "wait",
            json!({"text": "This person never helped you in this browser before."}),
        )
        .await;
    let allow = json!({"selector": ".question button.primary"});
    let ready = sharer.tell("enabled", allow.clone()).await;
    assert_eq!(ready["enabled"], false, "there is time to read who asks");
    sharer.assert_accessible("a question").await;
    wait_enabled(&mut sharer, &allow).await;
    let _colours = paint(&desktop).await;
    sharer.click("button", "Allow").await;
    sharer.wait("heading", "Your screen is shared").await;
    sharer
        .tell("wait", json!({"text": "Sees your screen: Amina Haddad"}))
        .await;
    helper
        .wait("application", "Screen of 田中 さくら, view only.")
        .await;
    sees(&mut helper, true).await;
    sharer.assert_accessible("a screen that is shared").await;
    let control = json!({"role": "button", "name": "Control"});
    let control = helper.tell("enabled", control).await;
    assert_eq!(control["enabled"], false, "control cannot be asked for");
    point_and_write(&mut helper, &mut sharer).await;
    pause_and_stop(&mut helper, &mut sharer).await;
    assert_eq!(helper.complaints().await, [""; 0]);
    assert_eq!(sharer.complaints().await, [""; 0]);
}

/// PRODUCT 10.3, 10.4: the same page in Arabic and dark, by the keyboard alone; a known helper needs no pause but the guard.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keyboard_is_enough_to_share_in_arabic() {
    let stage = Stage::start().await;
    let mut desktop = Desktop::start(1280, 800).await;
    desktop.run_window_manager().await;
    let mut helper = Browser::start(&stage, Screen::default()).await;
    let mut sharer = sharing_browser(&stage, &desktop, "ar", true).await;
    let code = code_of(&stage, &mut helper).await;
    sharer.open(&format!("{}/s", stage.relay.url)).await;
    sharer.sign_in("yusuf").await;
    let root = "document.documentElement.dir + ' ' + document.documentElement.lang";
    sharer.tell("wait", json!({"selector": "#code"})).await;
    assert_eq!(sharer.evaluate(root).await, "rtl ar");
    sharer.assert_accessible("the code in Arabic").await;
    reach(&mut sharer, "text").await;
    // Arabic digits are digits.
    let eastern: String = code
        .chars()
        .map(|digit| char::from_u32(u32::from(digit) - 0x30 + 0x660).unwrap())
        .collect();
    sharer
        .tell("fill", json!({"selector": "#code", "value": eastern}))
        .await;
    sharer.press("Enter").await;
    helper.wait("button", "Ask the other person").await;
    helper.click("button", "Ask the other person").await;
    let allow = json!({"selector": ".question button.primary"});
    sharer.tell("wait", allow.clone()).await;
    sharer.assert_accessible("a question in Arabic").await;
    wait_enabled(&mut sharer, &allow).await;
    reach(&mut sharer, "button السماح").await;
    sharer.press("Enter").await;
    sharer
        .tell("wait", json!({"selector": ".banner.shown"}))
        .await;
    helper.wait("application", "view only.").await;
    sharer.assert_accessible("a shared screen in Arabic").await;
    reach(&mut sharer, "button إنهاء").await;
    sharer.press("Enter").await;
    helper
        .tell(
            "wait",
            json!({"text": "The other person ended the session"}),
        )
        .await;
    assert_eq!(sharer.complaints().await, [""; 0]);
}

/// A browser that cannot share says what it lacks, before anybody signs in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_that_cannot_share_says_what_it_lacks() {
    let stage = Stage::start().await;
    let screen = Screen {
        without: "VideoEncoder",
        ..Screen::default()
    };
    let mut browser = Browser::start(&stage, screen).await;
    browser.open(&format!("{}/s", stage.relay.url)).await;
    browser
        .wait("heading", "This browser cannot share your screen")
        .await;
    browser
        .tell("wait", json!({"text": "WebCodecs (VideoEncoder)"}))
        .await;
    browser.assert_accessible("what a browser lacks").await;
}

pub(super) async fn sharing_browser(
    stage: &Stage,
    desktop: &Desktop,
    locale: &str,
    dark: bool,
) -> Browser {
    let screen = Screen {
        locale,
        dark,
        size: (960, 600),
        display: Some(&desktop.display),
        ..Screen::default()
    };
    Browser::start(stage, screen).await
}

async fn code_of(stage: &Stage, helper: &mut Browser) -> String {
    helper.open(&format!("{}/h", stage.relay.url)).await;
    helper.sign_in("amina").await;
    helper.code().await
}

pub(super) async fn type_code(sharer: &mut Browser, code: &str) {
    sharer
        .tell("fill", json!({"selector": "#code", "value": code}))
        .await;
    sharer.click("button", "Go on").await;
}

/// As people write a code: with a space and a dash.
fn spelled(code: &str) -> String {
    let (routing, secret) = code.split_at(3);
    let (one, other) = secret.split_at(2);
    format!("{routing} {one}-{other}")
}

pub(super) async fn wait_enabled(browser: &mut Browser, what: &Value) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while browser.tell("enabled", what.clone()).await["enabled"] != true {
        assert!(Instant::now() < deadline, "{what} stays off");
    }
}

pub(super) async fn paint(desktop: &Desktop) -> impl Sized + use<> {
    let patches = PATCHES.map(|(corner, colour)| (corner, [SIDE, SIDE], colour));
    desktop.paint(&patches).await
}

/// The helper's canvas has the colours where the screen has them, or none of them: within what a video codec makes of a colour.
pub(super) async fn sees(helper: &mut Browser, there: bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let mut found = vec![];
        for ([x, y], colour) in PATCHES {
            let side = i32::from(SIDE) / 2;
            found.push((
                colour,
                pixel(helper, i32::from(x) + side, i32::from(y) + side).await,
            ));
        }
        let near = |(one, other): &([u8; 3], [u8; 3])| {
            one.iter()
                .zip(other)
                .all(|(one, other)| one.abs_diff(*other) < 24)
        };
        if found.iter().all(|pair| near(pair) == there) {
            return;
        }
        assert!(Instant::now() < deadline, "the page shows {found:?}");
    }
}

/// A pixel of the helper's canvas, at this place of a screen of 1280 x 800.
async fn pixel(helper: &mut Browser, x: i32, y: i32) -> [u8; 3] {
    let script = format!(
        "(() => {{ const canvas = document.querySelector('canvas'); const copy = new OffscreenCanvas(1, 1);
           const context = copy.getContext('2d'); const scale = canvas.width / 1280;
           context.drawImage(canvas, -{x} * scale, -{y} * scale); return [...context.getImageData(0, 0, 1, 1).data]; }})()"
    );
    let value = helper.evaluate(&script).await;
    let at = |place: usize| u8::try_from(value[place].as_u64().unwrap_or_default()).unwrap();
    [at(0), at(1), at(2)]
}

/// The laser is seen on the page of the sharer, and lines of chat go both ways.
async fn point_and_write(helper: &mut Browser, sharer: &mut Browser) {
    helper.click("button", "Laser").await;
    let area = helper.tell("box", json!({"role": "application"})).await["box"].clone();
    let middle = |start: &str, size: &str| {
        area[start].as_f64().unwrap() + area[size].as_f64().unwrap() / 2.0
    };
    let place = json!({"x": middle("x", "width"), "y": middle("y", "height")});
    helper.tell("mouse", place).await;
    sharer.tell("wait", json!({"selector": "[data-dot]"})).await;
    let dot = sharer.evaluate("(() => { const dot = document.querySelector('[data-dot]').style; return [dot.left, dot.top]; })()").await;
    for side in [&dot[0], &dot[1]] {
        let percent: f64 = side
            .as_str()
            .unwrap()
            .trim_end_matches('%')
            .parse()
            .unwrap();
        assert!((percent - 50.0).abs() < 5.0, "{dot}");
    }
    helper.click("button", "Chat").await;
    helper
        .tell(
            "fill",
            json!({"label": "Message", "value": "مرحبا <b>x</b>"}),
        )
        .await;
    helper.press("Enter").await;
    sharer.tell("wait", json!({"text": "مرحبا <b>x</b>"})).await;
    sharer
        .tell("fill", json!({"label": "Message", "value": "Danke"}))
        .await;
    sharer.click("button", "Send").await;
    helper.tell("wait", json!({"text": "Danke"})).await;
    sharer.assert_accessible("chat and laser").await;
}

async fn pause_and_stop(helper: &mut Browser, sharer: &mut Browser) {
    sharer.click("button", "Pause").await;
    helper.tell("wait", json!({"text": "paused"})).await;
    sharer
        .tell("wait", json!({"text": "Paused: nobody sees your screen."}))
        .await;
    sharer.assert_accessible("a pause").await;
    sharer.click("button", "Go on").await;
    sharer
        .tell("wait", json!({"selector": ".banner.shown"}))
        .await;
    sharer.click("button", "Stop").await;
    sharer.wait("heading", "The session has ended").await;
    sharer.assert_accessible("the end").await;
    helper
        .tell(
            "wait",
            json!({"text": "The other person ended the session"}),
        )
        .await;
}

/// Presses Tab until this has the focus.
async fn reach(browser: &mut Browser, name: &str) {
    for _ in 0..60 {
        let focused = browser.tell("focused", json!({})).await["focused"].clone();
        if focused.as_str().is_some_and(|at| at.starts_with(name)) {
            return;
        }
        browser.press("Tab").await;
    }
    panic!("Tab does not lead to {name}");
}
