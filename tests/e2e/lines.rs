//! Carriers that are lost in the middle of a session: it goes on upon another one, and nobody is asked again (PRODUCT 7.4).

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::stage::{Browser, Cable, Desktop, Pair, Screen, Setting, Stage};

use crate::console::{allow, frozen};

/// What is typed across the cut, a key at a time.
const TYPED: &str = "the quick brown fox jumps over the lazy dog 0123456789";

/// Input is kept for two seconds; the last of it that was acknowledged may be a little older than the cut.
const INPUT_LIFE: Duration = Duration::from_millis(1900);

/// UDP is cut in the middle of a sentence: the session goes on by WebSocket, every key arrives once and in its place, the picture is whole,
/// and nobody consents again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_outlives_the_cut_of_udp_with_every_key() {
    let stage = Stage::start().await;
    let cable = Cable::to(&stage.relay.url).await;
    let folder = tempfile::tempdir().expect("a folder");
    let desktop = Desktop::start(1280, 720).await;
    let mut desktop = desktop;
    desktop.run_terminal(folder.path()).await;
    let sharer = stage.sharer_of("sakura", &desktop.display);
    let mut pair = stage
        .pair(stage.helper_at(&cable.url, "amina", &[]), sharer)
        .await;
    pair.grant("control").await;
    pair.settle().await;
    assert_eq!(carrier(&mut pair).await, "quic");
    pair.helper
        .tell("type", json!({"text": "cat > typed\n"}))
        .await;
    let (before, after) = TYPED.split_at(TYPED.len() / 2);
    type_slowly(&mut pair, before).await;
    cable.cut_udp();
    let cut = Instant::now();
    type_slowly(&mut pair, after).await;
    pair.helper.expect("reconnected").await;
    pair.helper.expect("back").await;
    pair.sharer.expect("back").await;
    let outage = cut.elapsed();
    pair.helper.tell("type", json!({"text": "\n"})).await;
    let found = line_of(&folder.path().join("typed")).await;
    pair.settle().await;
    println!("UDP was cut: all was well again after {:?}", cut.elapsed());
    if outage < INPUT_LIFE {
        assert_eq!(found, TYPED);
        assert!(pair.helper.all("input_discarded").is_empty());
    } else {
        // A machine that stands still for so long loses what is too old, as a whole (SPEC 10.2).
        println!("the machine was busy: another carrier stood after {outage:?}");
        assert!(TYPED.starts_with(&found), "{found:?}");
    }
    let stats = pair.helper.ask("stats", json!({}), "stats").await;
    assert_eq!(stats["carrier"], "wss");
    assert_eq!(stats["instead"], "UDP stopped answering");
    assert_eq!(pair.sharer.all("asked").len(), 1, "nobody was asked again");
}

/// The same of the sharer's connection, and of one by WebSocket that breaks: the helper hears of it, and waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_outlives_a_broken_socket_of_either_end() {
    let stage = Stage::start().await;
    let cable = Cable::to(&stage.relay.url).await;
    let by_socket = ["--carrier", "websocket"];
    let helper = stage.helper_at(&cable.url, "amina", &by_socket);
    let shared = ["--source", "synthetic", "--carrier", "websocket"];
    let sharer = stage.sharer_at(&cable.url, "sakura", &shared);
    let mut pair = stage.pair(helper, sharer).await;
    pair.grant("control").await;
    pair.settle().await;
    for round in 1..=3 {
        cable.break_tcp();
        pair.helper.expect("reconnected").await;
        pair.sharer.expect("reconnected").await;
        for _ in 0..2 {
            pair.helper.expect("back").await;
            pair.sharer.expect("back").await;
        }
        let text = format!("line {round}");
        pair.helper.tell("chat", json!({"text": text})).await;
        assert_eq!(pair.sharer.expect("chat").await["text"], text);
        let before = pair.settle().await;
        pair.helper.tell("type", json!({"text": "x"})).await;
        changed(&mut pair, &before).await;
    }
}

/// Nothing passes for longer than input is kept: what was typed meanwhile is thrown away as a whole, both are told, and the session goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn input_of_a_long_outage_is_thrown_away_as_a_whole() {
    let stage = Stage::start().await;
    let cable = Cable::to(&stage.relay.url).await;
    let helper = stage.helper_at(&cable.url, "amina", &[]);
    let mut pair = stage.pair(helper, stage.sharer("sakura")).await;
    pair.grant("control").await;
    pair.settle().await;
    let injected = injected(&mut pair).await;
    cable.cut();
    pair.helper.tell("type", json!({"text": "lost"})).await;
    pair.sharer
        .expect_within("away", Duration::from_secs(15))
        .await;
    cable.mend();
    pair.helper.expect("back").await;
    let events = &pair.helper.expect("input_not_sent").await["events"];
    assert!(events.as_u64() > Some(0), "{events}");
    let before = pair.settle().await;
    assert_eq!(self::injected(&mut pair).await, injected);
    pair.helper.tell("type", json!({"text": "x"})).await;
    changed(&mut pair, &before).await;
    assert_eq!(self::injected(&mut pair).await, injected + 2, "down and up");
}

/// PRODUCT 3.8: whoever does not come back is lost, after the time that the relay is set to wait.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_come_back_is_lost() {
    let setting = Setting {
        extra: "keep = 2".to_owned(),
        ..Setting::default()
    };
    let stage = Stage::with(&setting).await;
    let cable = Cable::to(&stage.relay.url).await;
    let by_socket = ["--carrier", "websocket"];
    let helper = stage.helper_at(&cable.url, "amina", &by_socket);
    let mut pair = stage.pair(helper, stage.sharer("sakura")).await;
    pair.grant("view").await;
    pair.settle().await;
    cable.cut();
    cable.break_tcp();
    assert_eq!(pair.sharer.expect("away").await["within"], 2);
    assert_eq!(pair.sharer.expect("ended").await["code"], "RH-1502");
    assert_eq!(pair.helper.expect("ended").await["code"], "RH-1503");
}

/// A helper in a browser: UDP is cut, the socket that took its place breaks, then nothing passes for a while. The page says so, and the
/// session goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_in_a_browser_outlives_its_carriers() {
    let cable = Cable::loose().await;
    let setting = Setting {
        extra: format!("origins = [\"{}\"]", cable.url),
        console: Some(cable.url.clone()),
        ..Setting::default()
    };
    let stage = Stage::with(&setting).await;
    cable.lead_to(&stage.relay.url);
    let mut desktop = Desktop::start(1280, 720).await;
    desktop.run_terminal(&stage.path("")).await;
    let _hidden = desktop.hide_pointer().await;
    let mut browser = Browser::start(&stage, Screen::default()).await;
    let mut sharer = stage.sharer_of("sakura", &desktop.display);
    browser.open(&format!("{}/h", cable.url)).await;
    browser.sign_in("amina").await;
    let code = browser.code().await;
    sharer.expect("signed_in").await;
    sharer.tell("join", json!({"code": code})).await;
    browser.click("button", "Ask the other person").await;
    allow(&mut sharer, "view").await;
    browser.click("button", "Control").await;
    allow(&mut sharer, "control").await;
    browser
        .wait("application", "Keyboard and mouse work there")
        .await;
    cable.cut_udp();
    sharer.expect("back").await;
    writes(&mut browser, &stage, "udp").await;
    cable.break_tcp();
    sharer.expect("back").await;
    writes(&mut browser, &stage, "broken").await;
    cable.cut();
    browser.wait("region", "State of the session").await;
    lost(&mut browser).await;
    cable.mend();
    sharer.expect("back").await;
    writes(&mut browser, &stage, "silent").await;
    frozen(&mut browser, &desktop, &mut sharer).await;
    assert_eq!(sharer.all("asked").len(), 2, "nobody was asked again");
}

/// Waits until the page says that the connection was lost.
async fn lost(browser: &mut Browser) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !browser
        .read("main")
        .await
        .contains("Your connection was lost")
    {
        assert!(Instant::now() < deadline, "the page says nothing");
    }
}

/// What is typed in the browser arrives on the machine.
async fn writes(browser: &mut Browser, stage: &Stage, word: &str) {
    browser.tell("focus", json!({"role": "application"})).await;
    let line = format!("echo {word} > {word}\n");
    browser.tell("type", json!({"text": line})).await;
    wait_for_text(&stage.path(word), &format!("{word}\n")).await;
}

/// Keys of a person: each is an event of its own, some milliseconds after the one before.
async fn type_slowly(pair: &mut Pair, text: &str) {
    for letter in text.chars() {
        pair.helper
            .tell("type", json!({"text": letter.to_string()}))
            .await;
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

/// The first line of a file, once it is whole.
async fn line_of(file: &Path) -> String {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let found = std::fs::read_to_string(file).unwrap_or_default();
        if let Some((line, _)) = found.split_once('\n') {
            return line.to_owned();
        }
        assert!(Instant::now() < deadline, "{found:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn wait_for_text(file: &Path, text: &str) {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let found = std::fs::read_to_string(file).unwrap_or_default();
        if found == text {
            return;
        }
        assert!(Instant::now() < deadline, "{found:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until the picture is another one.
async fn changed(pair: &mut Pair, before: &str) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while pair.settle().await == before {
        assert!(
            Instant::now() < deadline,
            "the key does not change the picture"
        );
    }
}

async fn injected(pair: &mut Pair) -> u64 {
    let stats = pair.sharer.ask("stats", json!({}), "stats").await;
    stats["injected"].as_u64().expect("a number")
}

async fn carrier(pair: &mut Pair) -> Value {
    let stats = pair.helper.ask("stats", json!({}), "stats").await;
    stats["carrier"].clone()
}
