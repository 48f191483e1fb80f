//! The console in a real browser, against a real relay, provider and desktop, under the policy that the relay serves.

use std::time::Duration;

use serde_json::json;
use tests::stage::{Browser, Desktop, Program, Screen, Setting, Stage};
use tokio::time::Instant;

/// PRODUCT 3.13, 3.6, 3.9, 4.2, 4.4, 4.12, 10.2: `/h` shows a code after the sign-in; view, control, chat, figures, the end; the picture
/// is that of the screen, pixel for pixel; and the browser had nothing to complain about.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_helper_helps_from_a_browser() {
    let stage = Stage::start().await;
    let mut desktop = Desktop::start(1280, 720).await;
    desktop.run_terminal(&stage.path("")).await;
    let _hidden = desktop.hide_pointer().await;
    let mut browser = Browser::start(&stage, Screen::default()).await;
    let mut sharer = stage.sharer_of("sakura", &desktop.display);
    browser.open(&format!("{}/h", stage.relay.url)).await;
    browser.sign_in("amina").await;
    let code = browser.code().await;
    browser.assert_accessible("the code").await;
    sharer.expect("signed_in").await;
    sharer.tell("join", json!({"code": code})).await;
    let card = sharer.expect("card").await;
    assert_eq!(
        (&card["name"], &card["program"]),
        (&json!("Amina Haddad"), &json!("browser"))
    );

    browser.wait("button", "Ask the other person").await;
    browser.assert_accessible("the start of a session").await;
    browser.click("button", "Ask the other person").await;
    allow(&mut sharer, "view").await;
    browser
        .wait("application", "Screen of 田中 さくら, view only.")
        .await;
    frozen(&mut browser, &desktop, &mut sharer).await;
    browser.assert_accessible("the session").await;

    // In view nothing that is typed gets anywhere.
    browser.tell("focus", json!({"role": "application"})).await;
    browser.tell("type", json!({"text": "touch no\n"})).await;
    browser.click("button", "Control").await;
    allow(&mut sharer, "control").await;
    browser
        .wait("application", "Keyboard and mouse work there")
        .await;
    browser.tell("focus", json!({"role": "application"})).await;
    let text = "Handrail: äöü €, {a|b} ~1";
    browser
        .tell(
            "type",
            json!({"text": format!("echo '{text}' > written\n")}),
        )
        .await;
    assert_eq!(written(&stage, "written").await, format!("{text}\n"));
    assert!(!stage.path("no").exists(), "the keys of view went nowhere");
    frozen(&mut browser, &desktop, &mut sharer).await;

    browser.press("Control+Alt+Shift").await;
    let focused = browser.tell("focused", json!({})).await["focused"].clone();
    assert!(
        focused.as_str().is_some_and(|at| at.starts_with("button")),
        "{focused}"
    );
    browser.click("button", "Chat").await;
    browser
        .tell(
            "fill",
            json!({"label": "Message", "value": "مرحبا <b>x</b>"}),
        )
        .await;
    browser.press("Enter").await;
    assert_eq!(sharer.expect("chat").await["text"], "مرحبا <b>x</b>");
    sharer.tell("chat", json!({"text": "شكرا"})).await;
    browser.tell("wait", json!({"text": "شكرا"})).await;
    sharer.tell("pause", json!({"on": true})).await;
    browser.tell("wait", json!({"text": "paused"})).await;
    browser.assert_accessible("chat and pause").await;
    sharer.tell("pause", json!({"on": false})).await;
    let stats = sharer.ask("stats", json!({}), "stats").await;
    assert_eq!(
        (&stats["held"], &stats["refused"]),
        (&json!(0), &json!(0)),
        "{stats}"
    );

    browser.click("button", "Leave").await;
    assert_eq!(sharer.expect("ended").await["code"], "RH-1501");
    browser
        .tell("wait", json!({"text": "The session has ended"}))
        .await;
    browser
        .tell(
            "fill",
            json!({"label": "Notes", "value": "The cable was loose"}),
        )
        .await;
    browser.click("radio", "Solved").await;
    browser.click("button", "Save").await;
    browser.tell("wait", json!({"text": "Saved"})).await;
    browser.assert_accessible("the end").await;
    assert_eq!(browser.complaints().await, [""; 0]);
}

/// PRODUCT 10.4: a helper without a mouse: a code by keys alone, a level, control, the way out of the other screen, the toolbar, the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keyboard_is_enough_for_the_helper() {
    let stage = Stage::start().await;
    let mut browser = Browser::start(&stage, Screen::default()).await;
    browser.open(&stage.relay.url).await;
    browser.sign_in("amina").await;
    browser.wait("button", "Create a code").await;
    reach(&mut browser, "button Create a code").await;
    browser.press("Enter").await;
    let code = browser.code().await;
    let mut sharer = stage.sharer("sakura");
    sharer.expect("signed_in").await;
    sharer.tell("join", json!({"code": code})).await;
    browser.wait("button", "Ask the other person").await;
    // From view, which is chosen, to control.
    reach(&mut browser, "radio").await;
    browser.press("ArrowDown").await;
    reach(&mut browser, "button Ask the other person").await;
    browser.press("Enter").await;
    allow(&mut sharer, "control").await;
    browser
        .wait("application", "Keyboard and mouse work there")
        .await;
    reach(&mut browser, "application").await;
    browser.press("x").await;
    // Tab belongs to the other screen now; the chord leads out.
    browser.press("Tab").await;
    browser.press("Control+Alt+Shift").await;
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let stats = sharer.ask("stats", json!({}), "stats").await;
        if stats["injected"].as_u64() > Some(3) && stats["held"] == 0 {
            break;
        }
        assert!(
            Instant::now() < deadline,
            "keys come and are let go: {stats}"
        );
    }
    // The chord leads to the toolbar; inside it arrows go on.
    reach_by(&mut browser, "ArrowRight", "button Laser").await;
    browser.press("Control+Alt+V").await;
    assert_eq!(sharer.expect("granted").await["level"], "view");
    reach_by(&mut browser, "ArrowRight", "button Leave").await;
    browser.press("Enter").await;
    assert_eq!(sharer.expect("ended").await["code"], "RH-1501");
    browser
        .tell("wait", json!({"text": "The session has ended"}))
        .await;
    assert_eq!(browser.complaints().await, [""; 0]);
}

/// PRODUCT 3.10, 4.8: two sessions of one helper, side by side; each goes on while the other is looked at.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_helper_holds_two_sessions() {
    let stage = Stage::start().await;
    let mut browser = Browser::start(&stage, Screen::default()).await;
    browser.open(&format!("{}/h", stage.relay.url)).await;
    browser.sign_in("jonas").await;
    let mut first = paired(&stage, &mut browser, "sakura").await;
    browser.click("link", "Give help").await;
    browser.click("button", "Create a code").await;
    let mut second = paired(&stage, &mut browser, "grete").await;
    second.tell("chat", json!({"text": "second"})).await;
    first.tell("chat", json!({"text": "first"})).await;
    for (person, line, other) in [
        ("田中 さくら", "first", "second"),
        ("Grete Müller-Weiß", "second", "first"),
    ] {
        browser.click("link", person).await;
        browser
            .wait("application", &format!("Screen of {person}, view only."))
            .await;
        browser.click("button", "Chat, 1 new").await;
        browser
            .tell("wait", json!({"role": "log", "name": "Lines"}))
            .await;
        let lines = browser.read("[role=log]").await;
        assert!(lines.contains(line) && !lines.contains(other), "{lines}");
    }
    browser.click("button", "Leave").await;
    assert_eq!(second.expect("ended").await["code"], "RH-1501");
    first.tell("leave", json!({})).await;
    browser.click("link", "田中 さくら").await;
    browser
        .tell(
            "wait",
            json!({"text": "The other person ended the session"}),
        )
        .await;
    assert_eq!(browser.complaints().await, [""; 0]);
}

/// Presses Tab until this has the focus.
async fn reach(browser: &mut Browser, name: &str) {
    reach_by(browser, "Tab", name).await;
}

async fn reach_by(browser: &mut Browser, key: &str, name: &str) {
    for _ in 0..60 {
        let focused = browser.tell("focused", json!({})).await["focused"].clone();
        if focused.as_str().is_some_and(|at| at.starts_with(name)) {
            return;
        }
        browser.press(key).await;
    }
    panic!("{key} does not lead to {name}");
}

/// PRODUCT 10.3, 10.4: every page of helper and auditor, in English and in Arabic from right to left, light and dark, without a finding of
/// axe or a complaint of the browser.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_accessible() {
    let stage = Stage::start().await;
    for (locale, dark, direction) in [("en-GB", true, "ltr en"), ("ar", false, "rtl ar")] {
        let screen = Screen {
            locale,
            dark,
            ..Screen::default()
        };
        let mut browser = Browser::start(&stage, screen).await;
        let url = stage.relay.url.clone();
        browser.open(&format!("{url}/help/RH-1102")).await;
        browser
            .tell("wait", json!({"role": "heading", "name": "RH-1102"}))
            .await;
        browser
            .assert_accessible("a fault's page, for strangers")
            .await;
        browser.open(&format!("{url}/monitor")).await;
        browser.sign_in("dmitri").await;
        for path in ["/monitor", "/sessions", "/", "/help", "/nothing-here"] {
            browser.open(&format!("{url}{path}")).await;
            browser.tell("wait", json!({"selector": "main h1"})).await;
            let root = "document.documentElement.dir + ' ' + document.documentElement.lang";
            assert_eq!(browser.evaluate(root).await, direction, "{path}");
            browser
                .assert_accessible(&format!("{path} in {locale}"))
                .await;
        }
        assert_eq!(browser.complaints().await, [""; 0]);
    }
}

/// PRODUCT 10.3, 10.4: a session in Arabic: the code reads from left to right, all else from right to left; axe finds nothing on the way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_in_arabic_is_accessible() {
    let stage = Stage::start().await;
    let screen = Screen {
        locale: "ar",
        ..Screen::default()
    };
    let mut browser = Browser::start(&stage, screen).await;
    browser.open(&format!("{}/h", stage.relay.url)).await;
    browser.sign_in("amina").await;
    let code = browser.code().await;
    let digits = "getComputedStyle(document.querySelector('[data-code]')).direction";
    assert_eq!(browser.evaluate(digits).await, "ltr");
    browser.assert_accessible("the code").await;
    let mut sharer = stage.sharer("yusuf");
    sharer.expect("signed_in").await;
    sharer.tell("join", json!({"code": code})).await;
    browser.wait("button", "اسأل الشخص الآخر").await;
    browser.assert_accessible("the start").await;
    browser.click("button", "اسأل الشخص الآخر").await;
    allow(&mut sharer, "view").await;
    browser.tell("wait", json!({"role": "application"})).await;
    sharer.tell("chat", json!({"text": "hello"})).await;
    browser.click("button", "الدردشة").await;
    browser.tell("wait", json!({"text": "hello"})).await;
    browser.assert_accessible("session and chat").await;
    sharer.tell("leave", json!({})).await;
    browser.tell("wait", json!({"role": "radio"})).await;
    browser.assert_accessible("the end").await;
    assert_eq!(browser.complaints().await, [""; 0]);
}

/// A browser that cannot hold a session says what it lacks, instead of failing in the middle of one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_that_is_too_old_is_told_what_it_lacks() {
    let stage = Stage::start().await;
    let screen = Screen {
        without: "OffscreenCanvas,WebAssembly,X25519",
        ..Screen::default()
    };
    let mut browser = Browser::start(&stage, screen).await;
    browser.open(&format!("{}/h", stage.relay.url)).await;
    browser
        .wait("heading", "This browser cannot give help")
        .await;
    for lack in ["OffscreenCanvas", "WebAssembly", "X25519 in WebCrypto"] {
        browser.tell("wait", json!({"text": lack})).await;
    }
    browser.assert_accessible("what a browser lacks").await;
}

/// A sign-in that is refused, one that another window began, and one of an account that may do nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_ins_that_go_wrong_say_what_to_do() {
    let stage = Stage::start().await;
    let mut browser = Browser::start(&stage, Screen::default()).await;
    browser.open(&stage.relay.url).await;
    let person = json!({"selector": "button[name=person][value=tomasz]"});
    browser.tell("click", person).await;
    browser
        .tell("click", json!({"selector": "button[value=deny]"}))
        .await;
    browser
        .wait("heading", "You did not allow the sign-in")
        .await;
    browser
        .open(&format!("{}/signed-in?code=x&state=y", stage.relay.url))
        .await;
    browser
        .wait("heading", "This sign-in does not belong to this window")
        .await;
    browser.assert_accessible("a foreign sign-in").await;
    browser.click("button", "Sign in again").await;
    // The provider remembers who it is.
    browser
        .tell("click", json!({"selector": "button[value=allow]"}))
        .await;
    browser.wait("heading", "Give help").await;
    browser.open(&format!("{}/h", stage.relay.url)).await;
    browser
        .tell("wait", json!({"text": "You may not offer remote help"}))
        .await;
}

/// A page that is reloaded, and a relay that is gone: the sharer is told, and the page says plainly what happened.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_breaks_says_so_on_both_sides() {
    let setting = Setting {
        extra: "keep = 2".to_owned(),
        ..Setting::default()
    };
    let mut stage = Stage::with(&setting).await;
    let mut browser = Browser::start(&stage, Screen::default()).await;
    browser.open(&format!("{}/h", stage.relay.url)).await;
    browser.sign_in("jonas").await;
    let mut sharer = paired(&stage, &mut browser, "yusuf").await;
    browser.evaluate("window.onbeforeunload = null").await;
    browser.open(&format!("{}/help", stage.relay.url)).await;
    assert_eq!(sharer.expect("ended").await["code"], "RH-1502");

    browser.open(&format!("{}/h", stage.relay.url)).await;
    let mut sharer = paired(&stage, &mut browser, "grete").await;
    stage.relay.kill().await;
    assert_eq!(sharer.expect("ended").await["code"], "RH-1503");
    browser
        .tell(
            "wait",
            json!({"text": "The connection to the relay was lost"}),
        )
        .await;
}

/// Signs a sharer in, types the page's code and allows to view.
pub(crate) async fn paired(stage: &Stage, browser: &mut Browser, person: &str) -> Program {
    let code = browser.code().await;
    let mut sharer = stage.sharer(person);
    sharer.expect("signed_in").await;
    sharer.tell("join", json!({"code": code})).await;
    browser.click("button", "Ask the other person").await;
    allow(&mut sharer, "view").await;
    browser.wait("application", "Screen of").await;
    sharer
}

pub(crate) async fn allow(sharer: &mut Program, level: &str) {
    assert_eq!(sharer.expect("asked").await["level"], level);
    sharer.tell("allow", json!({})).await;
    assert_eq!(sharer.expect("granted").await["level"], level);
}

/// The canvas, read back once, is what the X server shows, when nothing moves any more.
pub(crate) async fn frozen(browser: &mut Browser, desktop: &Desktop, sharer: &mut Program) {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let rests = sharer.ask("hash", json!({}), "hash").await["quiet"] == true;
        let screen = desktop.hash().await;
        if rests && browser.hash().await == screen && desktop.hash().await == screen {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "the page does not show the screen"
        );
    }
}

async fn written(stage: &Stage, name: &str) -> String {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let text = std::fs::read_to_string(stage.path(name)).unwrap_or_default();
        if text.ends_with('\n') {
            return text;
        }
        assert!(Instant::now() < deadline, "the typed text did not arrive");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
