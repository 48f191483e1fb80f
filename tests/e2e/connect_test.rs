//! The page that tests a connection before anybody signs in (`/connect-test`), in a real Chromium under the policy that the relay serves.

use serde_json::json;
use tests::stage::{Browser, Screen, Setting, Stage, http};

/// PRODUCT 7.3, 10.2: every step is told by itself, a report can be copied, the keyboard is enough.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_tests_the_connection_of_a_stranger() {
    let stage = Stage::start().await;
    let mut browser = Browser::start(&stage, Screen::default()).await;
    browser.open(&page(&stage)).await;
    browser.wait("heading", "Test of the connection").await;
    over(&mut browser).await;
    assert_eq!(states(&mut browser).await, GOOD);
    let told = browser.read("[data-step=https]").await;
    assert!(told.contains("h2, 127.0.0.1"), "{told}");
    browser
        .tell("wait", json!({"text": "Everything works."}))
        .await;
    browser
        .assert_accessible("the test of the connection")
        .await;
    let copy = json!({"role": "button", "name": "Copy the report"});
    browser.tell("focus", copy).await;
    browser.press("Enter").await;
    browser.tell("wait", json!({"text": "Copied."})).await;
    browser.press("Tab").await;
    browser.press("Enter").await;
    over(&mut browser).await;
    assert_eq!(states(&mut browser).await, GOOD);
    assert_eq!(browser.complaints().await, [""; 0]);
}

/// PRODUCT 10.3, 10.4: in Arabic, dark, in a small window.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_is_there_in_arabic_and_dark() {
    let stage = Stage::start().await;
    let screen = Screen {
        locale: "ar",
        dark: true,
        size: (400, 720),
        ..Screen::default()
    };
    let mut browser = Browser::start(&stage, screen).await;
    browser.open(&page(&stage)).await;
    over(&mut browser).await;
    let root = "document.documentElement.dir + ' ' + document.documentElement.lang";
    assert_eq!(browser.evaluate(root).await, "rtl ar");
    let wide = "document.documentElement.scrollWidth > innerWidth";
    assert_eq!(browser.evaluate(wide).await, false);
    browser.assert_accessible("the test in Arabic").await;
    assert_eq!(browser.complaints().await, [""; 0]);
}

/// What a browser lacks is told with what to do; so is a WebSocket that is not let through.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_says_what_is_missing() {
    let stage = Stage::start().await;
    let screen = Screen {
        without: "VideoDecoder,VideoEncoder,WebTransport",
        ..Screen::default()
    };
    let mut browser = Browser::start(&stage, screen).await;
    browser.open(&page(&stage)).await;
    over(&mut browser).await;
    let states = states(&mut browser).await;
    for told in ["transport noTransport", "see seesNone", "share noEncoder"] {
        assert!(states.contains(told), "{states}");
    }
    let todo = browser.read("[data-step=see] .remedy").await;
    assert!(todo.contains("current version of Chromium"), "{todo}");
    browser.assert_accessible("what is missing").await;
    assert_eq!(browser.complaints().await, [""; 0]);
}

/// Without UDP the page says that sessions go by WebSocket, and that is no failure.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_says_that_nothing_answers_by_udp() {
    let setting = Setting {
        extra: "quic = false".to_owned(),
        ..Setting::default()
    };
    let stage = Stage::with(&setting).await;
    let mut browser = Browser::start(&stage, Screen::default()).await;
    browser.open(&page(&stage)).await;
    over(&mut browser).await;
    let told = browser.read("[data-step=transport]").await;
    assert!(told.contains("sessions go by WebSocket"), "{told}");
    browser.assert_accessible("no UDP").await;
}

/// The page and what it asks need no sign-in and hold no secret; they are kept by nobody on the way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_is_told_of_the_own_connection_alone() {
    let stage = Stage::start().await;
    let asked = http(&stage).get(page(&stage)).header("accept", "text/html");
    let answer = asked.send().await.expect("an answer");
    let headers = answer.headers().clone();
    let policy = headers["content-security-policy"].to_str().expect("a text");
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    let address = format!("{}/api/v1/connection", stage.relay.url);
    let answer = http(&stage).get(address).send().await.expect("an answer");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let told: serde_json::Value = answer.json().await.expect("JSON");
    let members: Vec<&String> = told.as_object().expect("members").keys().collect();
    assert_eq!(members, ["certificate", "http", "now", "quic", "source"]);
    assert_eq!(told["source"], "127.0.0.1");
}

fn page(stage: &Stage) -> String {
    format!("{}/connect-test", stage.relay.url)
}

/// Waits until every step is over.
async fn over(browser: &mut Browser) {
    let last = json!({"selector": "[data-step=signIn][data-code]"});
    browser.tell("wait", last).await;
}

/// What every step found.
async fn states(browser: &mut Browser) -> String {
    let script = "[...document.querySelectorAll('.step')].map(({ dataset }) => `${dataset.step} ${dataset.code}`).join(', ')";
    let told = browser.evaluate(script).await;
    told.as_str().expect("a text").to_owned()
}

const GOOD: &str = "secure secure, https https, socket socket, transport transport, see seesAll, share shares, clock clock, signIn signIn";
