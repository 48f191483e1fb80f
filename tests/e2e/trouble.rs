//! What goes wrong around a session: no display, a display that dies, a provider that is away, a store that cannot write.

use std::time::Duration;

use relay_store::{Options, Sqlite};
use serde_json::json;
use tests::stage::{Desktop, Program, Setting, Stage};
use tokio::process::Command;

/// Without a display the sharer says so before anybody signs in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_without_a_display_says_so() {
    let arguments = ["--relay", "https://localhost:1", "--display", ":59535"];
    let mut sharer = Program::start("sharer", "handrail-sharer", &arguments);
    assert_eq!(sharer.expect("fault").await["code"], "RH-1601");
    assert!(!sharer.wait().await);
}

/// The X server dies in mid-session: both people are told within seconds, the session ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_display_that_dies_ends_the_session() {
    let stage = Stage::start().await;
    let mut desktop = Desktop::start(800, 600).await;
    let sharer = stage.sharer_of("sakura", &desktop.display);
    let mut pair = stage.pair(stage.helper("amina"), sharer).await;
    pair.grant("view").await;
    pair.helper.expect("picture").await;
    desktop.kill().await;
    assert_eq!(pair.sharer.expect("fault").await["code"], "RH-1602");
    assert_eq!(pair.helper.expect("ended").await["code"], "RH-1501");
    assert!(!pair.sharer.wait().await);
}

/// A relay that is not there, and one whose certificate nobody vouches for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_cannot_be_reached_is_told() {
    let stage = Stage::start().await;
    let nobody = format!("https://localhost:{}", tests::stage::free_port());
    let ca = stage.relay.ca.display().to_string();
    let mut helper = Program::start(
        "helper",
        "handrail-helper",
        &["--relay", &nobody, "--ca", &ca],
    );
    assert_eq!(helper.expect("fault").await["code"], "RH-1506");
    let mut helper = Program::start("helper", "handrail-helper", &["--relay", &stage.relay.url]);
    let fault = helper.expect("fault").await;
    assert_eq!(fault["code"], "RH-1506");
    assert!(
        fault["details"]
            .as_str()
            .expect("details")
            .to_lowercase()
            .contains("certificate")
    );
}

/// The provider is away: the relay serves, and people are told that they cannot sign in now.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_is_away_is_told() {
    let mut stage = Stage::start().await;
    let arguments = stage.options("handrail-helper", "amina");
    stage.provider.stop().await;
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut helper = Program::start("helper", "handrail-helper", &arguments);
    assert_eq!(helper.expect("fault").await["code"], "RH-1701");
}

/// Another process holds the database: no session starts and both are told; when it lets go, sessions start again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_store_refuses_new_sessions_and_recovers() {
    let stage = Stage::start().await;
    let database = stage.relay.database.display().to_string();
    let hold = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); \
                c.execute('BEGIN EXCLUSIVE'); print('{\"event\": \"held\"}', flush=True); sys.stdin.read()";
    let mut command = Command::new("python3");
    command.args(["-c", hold, &database]);
    let mut helper = stage.helper("amina");
    let code = helper.expect("code").await["code"].clone();
    let mut sharer = stage.sharer("sakura");
    sharer.expect("signed_in").await;
    let mut holder = Program::spawn("holder", command);
    holder.expect("held").await;
    sharer.tell("join", json!({"code": code})).await;
    assert_eq!(helper.expect("ended").await["code"], "RH-1801");
    assert_eq!(sharer.expect("ended").await["code"], "RH-1801");
    assert!(holder.wait().await);
    stage
        .pair(stage.helper("amina"), stage.sharer("grete"))
        .await;
}

/// The disk is full: no session starts, the people and the log say why, and what was confirmed is still there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_new_sessions_and_keeps_the_old_records() {
    let stage = Stage::with(&Setting::default()).await;
    let mut pair = stage
        .pair(stage.helper("amina"), stage.sharer("yusuf"))
        .await;
    pair.helper.tell("leave", json!({})).await;
    pair.sharer.expect("ended").await;
    drop(pair);
    // The limit of a file's size is what a full disk looks like to a process.
    let id = stage.relay.id().to_string();
    let limit = Command::new("prlimit")
        .args(["--pid", &id, "--fsize=1:unlimited"])
        .status()
        .await;
    assert!(limit.is_ok_and(|status| status.success()));
    let mut helper = stage.helper("amina");
    let code = helper.expect("code").await["code"].clone();
    let mut sharer = stage.sharer("sakura");
    sharer.expect("signed_in").await;
    sharer.tell("join", json!({"code": code})).await;
    let told = helper.expect_within("ended", Duration::from_secs(30)).await["code"].clone();
    assert!(told == "RH-1801" || told == "RH-1802", "{told}");
    assert_eq!(sharer.expect("ended").await["code"], told);
    let lift = Command::new("prlimit")
        .args(["--pid", &id, "--fsize=unlimited:unlimited"])
        .status()
        .await;
    assert!(lift.is_ok_and(|status| status.success()));
    stage
        .pair(stage.helper("jonas"), stage.sharer("grete"))
        .await;
    let store = Sqlite::open(&Options::new(&stage.relay.database))
        .await
        .expect("it is whole");
    store.close().await;
}

/// Typed text arrives only through the relay: with the relay stopped, the same step leaves nothing on the remote machine.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_typed_while_the_relay_is_stopped() {
    let setting = Setting {
        extra: "keep = 2".to_owned(),
        ..Setting::default()
    };
    let mut stage = Stage::with(&setting).await;
    let mut desktop = Desktop::start(1024, 700).await;
    desktop.run_terminal(&stage.path("")).await;
    let sharer = stage.sharer_of("sakura", &desktop.display);
    let mut pair = stage.pair(stage.helper("amina"), sharer).await;
    pair.grant("control").await;
    pair.settle().await;
    let before = desktop.hash().await;
    stage.relay.kill().await;
    pair.helper
        .tell("type", json!({"text": "touch written\n"}))
        .await;
    assert_eq!(pair.helper.expect("ended").await["code"], "RH-1503");
    assert_eq!(pair.sharer.expect("ended").await["code"], "RH-1503");
    assert!(!pair.sharer.wait().await);
    assert_eq!(desktop.hash().await, before);
    assert!(!stage.path("written").exists());
}
