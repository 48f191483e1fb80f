//! The console's figures: from a key press in Chromium to the frame that shows its effect, and from consent to the first picture.

use std::time::{Duration, Instant};

use serde_json::json;
use tests::stage::{Browser, Desktop, Program, Screen, Stage};
use tokio::time::sleep;

use crate::Effort;
use crate::figure::{Group, median, percentile};

pub(crate) async fn run(effort: Effort) -> Group {
    let mut group = Group::new("browser");
    let (keys, sessions) = (effort.pick(60, 240), effort.pick(3, 10));
    let stage = Stage::start().await;
    let mut desktop = Desktop::start(1920, 1080).await;
    desktop.run_terminal(&std::env::temp_dir()).await;
    let screen = Screen {
        size: (1920, 1080),
        ..Screen::default()
    };
    let mut browser = Browser::start(&stage, screen).await;
    browser.open(&format!("{}/h", stage.relay.url)).await;
    browser.sign_in("amina").await;
    let mut openings = vec![];
    for (number, person) in (0..sessions).zip(SHARERS.iter().cycle()) {
        let (opened, mut sharer) = open(&stage, &mut browser, person, &desktop.display).await;
        openings.push(opened);
        if number + 1 == sessions {
            let (p50, p95) = measure(&mut browser, &mut sharer, keys).await;
            group.judge(
                "key to painted pixel, xterm, Chromium, p50",
                p50,
                "ms",
                20.0,
            );
            group.judge(
                "key to painted pixel, xterm, Chromium, p95",
                p95,
                "ms",
                45.0,
            );
            group.raw = json!({"p50": p50, "p95": p95, "openings_ms": openings});
        }
        sharer.tell("leave", json!({})).await;
        sharer.expect("ended").await;
        browser.open(&format!("{}/h", stage.relay.url)).await;
    }
    group.judge(
        "consent to first full picture, Chromium, p95",
        percentile(&openings, 95),
        "ms",
        400.0,
    );
    group.note(
        "consent to first full picture, Chromium, p50",
        median(&openings),
        "ms",
    );
    group.remark(format!(
        "headless Chromium without a GPU, 1920x1080; painted = the animation frame after the blit, as the page itself reads it to whole milliseconds; {keys} keys, {sessions} sessions"
    ));
    group
}

/// Pairs and allows to view, then control. Gives the milliseconds from the consent to the first picture.
async fn open(stage: &Stage, browser: &mut Browser, person: &str, display: &str) -> (f64, Program) {
    let code = browser.code().await;
    let mut sharer = stage.sharer_of(person, display);
    sharer.expect("signed_in").await;
    sharer.tell("join", json!({"code": code})).await;
    browser.click("button", "Ask the other person").await;
    sharer.expect("asked").await;
    browser.begin("evaluate", json!({"script": SHOWN})).await;
    let consent = Instant::now();
    sharer.tell("allow", json!({})).await;
    browser.finish("evaluate").await;
    (consent.elapsed().as_secs_f64() * 1000.0, sharer)
}

/// Types letters one at a time, each when the effect of the last was sent. Gives median and 95th percentile as the page reads them.
async fn measure(browser: &mut Browser, sharer: &mut Program, keys: usize) -> (f64, f64) {
    browser.click("button", "Control").await;
    sharer.expect("asked").await;
    sharer.tell("allow", json!({})).await;
    browser
        .wait("application", "Keyboard and mouse work there")
        .await;
    browser.tell("focus", json!({"role": "application"})).await;
    browser
        .tell("type", json!({"text": "cat >/dev/null\n"}))
        .await;
    for (place, letter) in ('a'..='z').cycle().take(keys).enumerate() {
        sleep(Duration::from_millis(
            60 + u64::try_from(place * 7 % 23).expect("a short time"),
        ))
        .await;
        browser.press(&letter.to_string()).await;
        if place % LINE == LINE - 1 {
            browser.press("Enter").await;
        }
    }
    sleep(Duration::from_millis(1500)).await;
    browser.press("Control+Alt+Shift").await;
    browser
        .tell("click", json!({"role": "button", "name": "Quality"}))
        .await;
    let figures = browser.evaluate(FIGURES).await;
    let figure = |place: usize| figures[place].as_f64().expect("a figure");
    (figure(0), figure(1))
}

/// Waits until the canvas shows a picture, looking at every frame.
const SHOWN: &str = "new Promise((done) => { const look = () => { const canvas = document.querySelector('canvas'); \
    canvas && canvas.style.visibility === 'visible' ? done(true) : requestAnimationFrame(look); }; look(); })";

/// The two figures of the open panel, as numbers.
const FIGURES: &str = "[...document.querySelectorAll('dd')].map((at) => at.textContent).filter((text) => text.endsWith(' ms')).slice(-2).map((text) => Number.parseFloat(text))";

const SHARERS: [&str; 6] = ["sakura", "grete", "yusuf", "tomasz", "ingrid", "dmitri"];
const LINE: usize = 60;
