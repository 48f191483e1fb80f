//! A full relay for a minute: sessions of all carriers beside each other, four of them with real programs and a real picture.

use std::time::{Duration, Instant};

use serde_json::json;
use tests::stage::{Browser, Desktop, Pair, Program, Screen, Stage};
use tokio::time::sleep;

use crate::Effort;
use crate::figure::Group;
use crate::process::{cpu_seconds, resident_kb};
use crate::relay::{By, Hall, LOAD_C};

pub(crate) async fn run(effort: Effort) -> Group {
    let mut group = Group::new("mixed");
    let sessions = effort.pick(36, 196);
    let time = Duration::from_secs(effort.pick(10, 60));
    let mut hall = Hall::open(sessions).await;
    let empty = resident_kb(hall.stage.relay.id());
    for place in 0..sessions {
        hall.add(if place % 2 == 0 { By::Wss } else { By::Quic })
            .await;
    }
    let mut real = Real::open(&hall.stage).await;
    let relay = hall.stage.relay.id();
    let (load, all) = (LOAD_C, sessions + 4);
    let through = &hall.through_relay;
    let ((run, cpu), typed) = tokio::join!(
        through.run(load, time, || cpu_seconds(relay)),
        real.work(time)
    );
    let lost = real.lost().await;
    let due = (run.sent + run.held) as f64;
    group.judge("sessions with a real picture that were lost", lost, "", 0.0);
    let missing = due - run.bytes / load.bytes as f64;
    group.judge(
        "replayed pictures that did not arrive in time",
        missing.max(0.0) / due * 100.0,
        "%",
        1.0,
    );
    group.note(
        &format!("relay CPU, {all} sessions"),
        cpu / run.bytes * 1e9,
        "s/GB",
    );
    let cores = cpu / time.as_secs_f64();
    group.note(&format!("relay CPU, {all} sessions"), cores, "cores");
    let memory = (resident_kb(relay) - empty) / all as f64;
    group.note("memory a live session", memory, "kB");
    group.note("p50 through the relay", run.p50_us, "us");
    group.note("p95 through the relay", run.p95_us, "us");
    group.remark(format!(
        "{sessions} sessions of 10 pictures of 20 kB a second, half by WSS and half by QUIC at both ends, for {} s; beside them native pairs by \
         QUIC, by WSS and by both, and Chromium by WebTransport, in which {typed} letters were typed and every picture is whole at the end",
        time.as_secs()
    ));
    group
}

/// Four sessions of real programs.
struct Real {
    native: Vec<Pair>,
    browser: Browser,
    /// Of the browser's session.
    sharer: Program,
    desktop: Desktop,
}

impl Real {
    async fn open(stage: &Stage) -> Self {
        let mut native = vec![];
        for (helper, sharer, by, to) in PAIRS {
            let helper = stage.helper_with(helper, &["--carrier", by]);
            let synthetic = ["--source", "synthetic", "--carrier", to];
            let sharer = stage.sharer_with(sharer, &synthetic);
            let mut pair = stage.pair(helper, sharer).await;
            pair.grant("control").await;
            native.push(pair);
        }
        let mut browser = Browser::start(stage, Screen::default()).await;
        browser.open(&format!("{}/h", stage.relay.url)).await;
        browser.sign_in("amina").await;
        let code = browser.code().await;
        let mut desktop = Desktop::start(1280, 720).await;
        desktop.run_terminal(&stage.path("")).await;
        let mut sharer = stage.sharer_of("priya", &desktop.display);
        sharer.expect("signed_in").await;
        sharer.tell("join", json!({"code": code})).await;
        browser.click("button", "Ask the other person").await;
        sharer.expect("asked").await;
        sharer.tell("allow", json!({})).await;
        browser.wait("application", "Screen of").await;
        browser.click("button", "Control").await;
        sharer.expect("asked").await;
        sharer.tell("allow", json!({})).await;
        browser
            .wait("application", "Keyboard and mouse work there")
            .await;
        browser.tell("focus", json!({"role": "application"})).await;
        Self {
            native,
            browser,
            sharer,
            desktop,
        }
    }

    /// People type in all of them for this time. Gives how much.
    async fn work(&mut self, time: Duration) -> u64 {
        let end = Instant::now() + time;
        let mut typed = 0;
        while Instant::now() < end {
            for pair in &mut self.native {
                pair.helper.tell("type", json!({"text": "a"})).await;
            }
            self.browser.tell("type", json!({"text": "a"})).await;
            typed += 4;
            sleep(PAUSE).await;
        }
        typed
    }

    /// How many do not show the sharer's screen once it rests.
    async fn lost(&mut self) -> f64 {
        for pair in &mut self.native {
            pair.settle().await;
        }
        let _hidden = self.desktop.hide_pointer().await;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let rests = self.sharer.ask("hash", json!({}), "hash").await["quiet"] == true;
            if rests && self.browser.hash().await == self.desktop.hash().await {
                return 0.0;
            }
            if Instant::now() > deadline {
                return 1.0;
            }
        }
    }
}

/// Helper, sharer, and what each comes by.
const PAIRS: [(&str, &str, &str, &str); 3] = [
    ("jonas", "sakura", "quic", "quic"),
    ("jonas", "yusuf", "websocket", "websocket"),
    ("amina", "grete", "quic", "websocket"),
];
/// Between two letters.
const PAUSE: Duration = Duration::from_millis(250);
const PATIENCE: Duration = Duration::from_secs(30);
