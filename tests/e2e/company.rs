//! Several helpers in one session: asked in, let in one by one, taking turns at the mouse, taking over (SPEC 6.9).

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::stage::{Browser, Pair, Program, Screen, Stage, Visitor};

/// PRODUCT 3.10: a colleague is found, asked in, let in by a consent of his own, and sees the same pixels. One of them has the mouse.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_colleague_is_asked_in_and_takes_the_mouse() {
    let stage = Stage::start().await;
    let (mut pair, mut jonas) = asked_in(&stage, "control", false).await;
    let card = pair.sharer.expect("card").await;
    assert_eq!(
        [&card["pair"], &card["name"], &card["invited_by"]],
        [&json!(1), &json!("Jonas Brandt"), &json!("Amina Haddad")]
    );
    assert_eq!(card["hand_over"], false);
    assert_eq!(jonas.expect("card").await["name"], "田中 さくら");
    nothing_seen(&mut jonas).await;

    grant(&mut jonas, &mut pair.sharer, "view").await;
    same_pixels(&mut pair, &mut jonas).await;
    let present = |levels: [&str; 2], you: usize| {
        let names = ["Amina Haddad", "Jonas Brandt"];
        let one = |at: usize| json!({"pair": at, "name": names[at], "level": levels[at], "you": at == you});
        json!([one(0), one(1)])
    };
    let before = ["control", "view"];
    helpers(&mut pair.helper, &present(before, 0)).await;
    helpers(&mut jonas, &present(before, 1)).await;

    // The mouse changes hands: Amina's goes down before Jonas's comes up.
    grant(&mut jonas, &mut pair.sharer, "control").await;
    assert_eq!(pair.helper.expect("granted").await["level"], "view");
    let after = ["view", "control"];
    helpers(&mut pair.helper, &present(after, 0)).await;
    helpers(&mut jonas, &present(after, 1)).await;
    pair.helper.tell("type", json!({"text": "no"})).await;
    assert_eq!(pair.helper.expect("fault").await["code"], "RH-1203");
    jonas.tell("type", json!({"text": "yes"})).await;
    injected(&mut pair.sharer, 1, 6).await;
    same_pixels(&mut pair, &mut jonas).await;

    pair.helper
        .tell("chat", json!({"text": "look at the tray"}))
        .await;
    for (hears, from) in [(&mut pair.sharer, json!(0)), (&mut jonas, json!(0))] {
        let line = hears.expect("chat").await;
        assert_eq!(
            (&line["text"], &line["pair"]),
            (&json!("look at the tray"), &from)
        );
    }
    pair.sharer
        .tell("chat", json!({"text": "it is full"}))
        .await;
    for hears in [&mut pair.helper, &mut jonas] {
        let line = hears.expect("chat").await;
        assert_eq!(
            (&line["text"], &line["pair"]),
            (&json!("it is full"), &Value::Null)
        );
    }

    // The one who came goes; the session is as it was.
    jonas.tell("leave", json!({})).await;
    let gone = pair.sharer.expect("departed").await;
    assert_eq!(
        (&gone["pair"], &gone["code"]),
        (&json!(1), &json!("RH-1501"))
    );
    assert!(jonas.wait().await);
    pair.settle().await;
    pair.grant("control").await;
    pair.helper.tell("type", json!({"text": "on"})).await;
    injected(&mut pair.sharer, 0, 4).await;
}

/// PRODUCT 3.15: a session is handed over, the sharer consents, and the records name both.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_handed_over() {
    let stage = Stage::start().await;
    let (mut pair, mut jonas) = asked_in(&stage, "control", true).await;
    assert_eq!(pair.sharer.expect("card").await["hand_over"], true);
    jonas.expect("card").await;
    grant(&mut jonas, &mut pair.sharer, "view").await;
    assert_eq!(pair.helper.expect("ended").await["code"], "RH-1509");
    assert!(pair.helper.wait().await, "that is no failure");
    let gone = pair.sharer.expect("departed").await;
    assert_eq!(
        (&gone["pair"], &gone["code"]),
        (&json!(0), &json!("RH-1509"))
    );

    grant(&mut jonas, &mut pair.sharer, "control").await;
    jonas.tell("type", json!({"text": "yes"})).await;
    injected(&mut pair.sharer, 1, 6).await;
    jonas.tell("leave", json!({})).await;
    assert_eq!(pair.sharer.expect("ended").await["code"], "RH-1501");
    let mut told = records(&stage).await;
    told.sort_by_key(|record| record["pair"].as_u64());
    let part = |record: &Value| {
        let member = |path: &str| {
            record
                .pointer(path)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        (member("/helper/name"), member("/end_reason"))
    };
    let parts: Vec<_> = told.iter().map(part).collect();
    let expected = [
        ("Amina Haddad", "handed_over"),
        ("Jonas Brandt", "helper_left"),
    ];
    let expected = expected.map(|(name, reason)| (Some(name.to_owned()), Some(reason.to_owned())));
    assert_eq!(parts, expected, "{told:?}");
    assert_eq!(told[0]["session"], told[1]["session"]);
}

/// The sharer says no to the one, and the other goes on; the person can also send one away.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sharer_decides_about_each() {
    let stage = Stage::start().await;
    let (mut pair, mut jonas) = asked_in(&stage, "view", false).await;
    pair.sharer.expect("card").await;
    jonas.expect("card").await;
    jonas.tell("ask", json!({"level": "view"})).await;
    pair.sharer.expect("asked").await;
    pair.sharer.tell("decline", json!({"pair": 1})).await;
    assert_eq!(jonas.expect("declined").await["code"], "RH-1401");
    nothing_seen(&mut jonas).await;
    pair.settle().await;
    pair.sharer.tell("dismiss", json!({"pair": 1})).await;
    assert_eq!(jonas.expect("ended").await["code"], "RH-1501");
    pair.settle().await;
}

/// The invited person says no, the inviter thinks better of it, and who may not help is never asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_that_nobody_follows_changes_nothing() {
    let stage = Stage::start().await;
    let mut jonas = stage.helper_with("jonas", &["--invited"]);
    jonas.expect("waiting").await;
    // Somebody who has signed in and helps nobody is not to be found.
    let mut grete = stage.helper_with("grete", &["--invited"]);
    grete.expect("waiting").await;
    let mut pair = stage
        .pair(stage.helper("amina"), stage.sharer("sakura"))
        .await;
    pair.grant("view").await;
    let none = pair
        .helper
        .ask("colleagues", json!({"search": "Grete"}), "colleagues");
    assert_eq!(none.await["people"], json!([]));
    pair.helper
        .tell("invite", invite("grete", "Grete Müller-Weiß", false))
        .await;
    assert_eq!(pair.helper.expect("fault").await["code"], "RH-1219");

    pair.helper
        .tell("invite", invite("jonas", "Jonas Brandt", false))
        .await;
    pair.helper.expect("invited").await;
    let asked = jonas.expect("invitation").await;
    jonas
        .tell("turn_down", json!({"session": asked["session"]}))
        .await;
    assert_eq!(pair.helper.expect("uninvited").await["code"], "RH-1401");

    pair.helper
        .tell("invite", invite("jonas", "Jonas Brandt", false))
        .await;
    jonas.expect("invitation").await;
    pair.helper
        .tell("uninvite", json!({"subject": "jonas"}))
        .await;
    jonas.expect("invitation_gone").await;
    let accept = json!({"session": asked["session"]});
    jonas.ask("accept", accept, "unknown_command").await;
    pair.settle().await;
}

/// Amina has a level with Sakura, Jonas was found and asked in, and accepted.
async fn asked_in(stage: &Stage, level: &str, hand_over: bool) -> (Pair, Program) {
    let mut jonas = stage.helper_with("jonas", &["--invited"]);
    jonas.expect("waiting").await;
    let mut pair = stage
        .pair(stage.helper("amina"), stage.sharer("sakura"))
        .await;
    pair.grant(level).await;
    let found = pair
        .helper
        .ask("colleagues", json!({"search": "jon"}), "colleagues");
    let found = found.await;
    assert_eq!(found["people"][0]["subject"], "jonas", "{found}");
    pair.helper
        .tell("invite", invite("jonas", "Jonas Brandt", hand_over))
        .await;
    assert_eq!(pair.helper.expect("invited").await["within"], 300);
    assert_eq!(pair.sharer.expect("invited").await["name"], "Jonas Brandt");
    let asked = jonas.expect("invitation").await;
    assert_eq!(
        [&asked["by"]["name"], &asked["sharer"]["name"]],
        ["Amina Haddad", "田中 さくら"]
    );
    jonas
        .tell("accept", json!({"session": asked["session"]}))
        .await;
    assert_eq!(pair.helper.expect("uninvited").await["code"], Value::Null);
    (pair, jonas)
}

fn invite(subject: &str, name: &str, hand_over: bool) -> Value {
    json!({"subject": subject, "name": name, "hand_over": hand_over})
}

/// A helper asks and the sharer allows.
async fn grant(helper: &mut Program, sharer: &mut Program, level: &str) {
    helper.tell("ask", json!({"level": level})).await;
    let asked = sharer.expect("asked").await;
    assert_eq!(
        (&asked["pair"], &asked["level"]),
        (&json!(1), &json!(level))
    );
    sharer.tell("allow", json!({"pair": 1})).await;
    assert_eq!(helper.expect("granted").await["level"], level);
}

async fn nothing_seen(helper: &mut Program) {
    let seen = helper.ask("hash", json!({}), "hash").await;
    assert_eq!(seen["picture"], Value::Null, "nobody consented");
}

/// Both helpers have the pixels of the screen.
async fn same_pixels(pair: &mut Pair, other: &mut Program) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let first = pair.settle().await;
        let second = other.ask("hash", json!({}), "hash").await;
        if second["picture"] == first {
            return;
        }
        assert!(Instant::now() < deadline, "{first} and {second}");
    }
}

/// Waits until the last thing that a helper was told of the others is this.
async fn helpers(program: &mut Program, expected: &Value) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        // What was told before the answer is read with it.
        program.ask("hash", json!({}), "hash").await;
        let told = program.all("helpers");
        if told.last().is_some_and(|told| told["helpers"] == *expected) {
            return;
        }
        assert!(Instant::now() < deadline, "{told:?} and not {expected}");
    }
}

/// Waits until so many events of a helper were injected.
async fn injected(sharer: &mut Program, pair: u8, events: u64) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let stats = sharer.ask("stats", json!({"pair": pair}), "stats").await;
        if stats["injected"].as_u64() >= Some(events) {
            return;
        }
        assert!(Instant::now() < deadline, "{stats}");
    }
}

async fn records(stage: &Stage) -> Vec<Value> {
    let auditor = Visitor::sign_in(stage, "dmitri").await;
    let deadline = Instant::now() + PATIENCE;
    loop {
        let told = auditor.json("/api/v1/records").await;
        let records = told["records"].as_array().expect("a list").clone();
        let ended = |record: &&Value| record["end_reason"].is_string();
        if records.iter().filter(ended).count() == 2 {
            return records;
        }
        assert!(Instant::now() < deadline, "{told}");
    }
}

const PATIENCE: Duration = Duration::from_secs(20);

/// PRODUCT 3.10, 3.15, 10.4: the same in two browsers: a colleague is found by name, the invitation comes up beside the code, the session is
/// handed over, and both pages say what has become of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_handed_over_in_the_console() {
    let stage = Stage::start().await;
    let mut amina = Browser::start(&stage, Screen::default()).await;
    amina.open(&format!("{}/h", stage.relay.url)).await;
    amina.sign_in("amina").await;
    let code = amina.code().await;
    let mut jonas = Browser::start(&stage, Screen::default()).await;
    jonas.open(&stage.relay.url).await;
    jonas.sign_in("jonas").await;
    jonas.wait("button", "Create a code").await;
    let mut sharer = stage.sharer("sakura");
    sharer.expect("signed_in").await;
    sharer.tell("join", json!({"code": code})).await;
    sharer.expect("card").await;
    amina.wait("button", "Ask the other person").await;
    amina.click("button", "Ask the other person").await;
    sharer.expect("asked").await;
    sharer.tell("allow", json!({})).await;
    amina
        .wait("application", "Screen of 田中 さくら, view only.")
        .await;

    amina.click("button", "Helpers").await;
    amina.assert_accessible("who is in the session").await;
    amina.click("button", "Hand over").await;
    let search = json!({"label": "Name of the colleague", "value": "jon"});
    amina.tell("fill", search).await;
    amina.click("radio", "Jonas Brandt").await;
    amina.assert_accessible("the choice of a colleague").await;
    amina
        .tell("wait", json!({"text": "Your part ends as soon as"}))
        .await;
    amina.click("button", "Hand over").await;
    assert_eq!(sharer.expect("invited").await["hand_over"], true);

    jonas
        .wait("button", "Join the session with 田中 さくら")
        .await;
    jonas.assert_accessible("an invitation").await;
    jonas
        .click("button", "Join the session with 田中 さくら")
        .await;
    let card = sharer.expect("card").await;
    assert_eq!(
        [&card["name"], &card["invited_by"], &card["program"]],
        ["Jonas Brandt", "Amina Haddad", "browser"]
    );
    jonas.wait("button", "Ask the other person").await;
    jonas.click("button", "Ask the other person").await;
    sharer.expect("asked").await;
    sharer.tell("allow", json!({"pair": 1})).await;
    jonas
        .wait("application", "Screen of 田中 さくら, view only.")
        .await;
    let over = json!({"text": "Your colleague goes on with it"});
    amina.tell("wait", over).await;
    amina.assert_accessible("the end of a hand-over").await;
    for browser in [&mut amina, &mut jonas] {
        assert_eq!(browser.complaints().await, [""; 0]);
    }
}
