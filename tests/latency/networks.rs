//! Sessions over emulated networks: what each carrier and congestion controller makes of a line.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::{Value, json};
use tests::netem::{BAD, HOME, MOBILE, OFFICE, Path, Profile, WIFI};
use tests::stage::{Desktop, Pair, Setting, Stage};
use tokio::time::sleep;

use crate::Effort;
use crate::figure::Group;

/// A carrier, and what controls it at both ends.
struct Way {
    name: &'static str,
    carrier: &'static str,
    congestion: &'static str,
}

/// What one session showed.
#[derive(Serialize)]
struct Session {
    network: &'static str,
    way: &'static str,
    first_picture_ms: f64,
    echo_p50_ms: f64,
    echo_p95_ms: f64,
    samples: u64,
    stalls: u64,
    /// To the helper, headers included, while keys were typed.
    bytes_a_second: f64,
    lost: u64,
    dropped: u64,
    /// How late the emulator was at worst.
    emulator_late_ms: f64,
}

pub(crate) async fn run(effort: Effort) -> Group {
    let mut group = Group::new("networks");
    let mut desktop = Desktop::start(1920, 1080).await;
    desktop.run_terminal(&std::env::temp_dir()).await;
    let typing = effort.pick(Duration::from_secs(6), Duration::from_secs(25));
    let mut sessions = vec![];
    println!(
        "  network  carrier      first picture   echo p50   echo p95   stalls   kB/s   lost   dropped"
    );
    for profile in [OFFICE, HOME, WIFI, MOBILE, BAD] {
        for way in &WAYS {
            let Some(session) = Box::pin(session(&profile, way, &desktop, typing)).await else {
                group.remark("skipped: this system has no emulated network");
                return group;
            };
            println!("  {}", row(&session));
            note(&mut group, &session);
            sessions.push(session);
        }
    }
    group.remark(format!(
        "the helper is at the far end, the sharer beside the relay; keys every 40 to 62 ms for {} s in a terminal that fills \
         with random text twice a second, echo = key to painted picture; a stall is an effect that came after more than 500 ms",
        typing.as_secs()
    ));
    group.raw = json!(sessions);
    group
}

fn note(group: &mut Group, session: &Session) {
    let name = |what: &str| format!("{}, {}: {what}", session.network, session.way);
    group.note(&name("first picture"), session.first_picture_ms, "ms");
    group.note(&name("echo p50"), session.echo_p50_ms, "ms");
    match (session.network, session.way) {
        ("mobile", "QUIC rate") => group.judge(&name("echo p95"), session.echo_p95_ms, "ms", 500.0),
        ("bad", "QUIC rate") => group.judge(&name("echo p95"), session.echo_p95_ms, "ms", 1100.0),
        _ => group.note(&name("echo p95"), session.echo_p95_ms, "ms"),
    }
    group.note(&name("stalls"), session.stalls as f64, "");
    group.note(&name("bytes"), session.bytes_a_second / 1000.0, "kB/s");
}

fn row(session: &Session) -> String {
    format!(
        "{:<8} {:<12} {:>10.0} ms {:>7.0} ms {:>7.0} ms {:>8} {:>6.1} {:>6} {:>9}",
        session.network,
        session.way,
        session.first_picture_ms,
        session.echo_p50_ms,
        session.echo_p95_ms,
        session.stalls,
        session.bytes_a_second / 1000.0,
        session.lost,
        session.dropped,
    )
}

/// One session of its own relay: a picture, then somebody types. None where there is no emulated network.
async fn session(
    profile: &Profile,
    way: &Way,
    desktop: &Desktop,
    typing: Duration,
) -> Option<Session> {
    let network = Arc::new(Path::start(profile, 1)?);
    let setting = Setting {
        extra: format!("congestion = \"{}\"", way.congestion),
        network: Some(network.clone()),
        ..Setting::default()
    };
    let stage = Stage::with(&setting).await;
    let common = ["--carrier", way.carrier, "--congestion", way.congestion];
    let shares = ["--source", "x11", "--display", &desktop.display];
    let sharer = stage.near(
        "handrail-sharer",
        "sakura",
        &[&shares[..], &common].concat(),
    );
    let helper = stage.far("handrail-helper", "amina", &common);
    let mut pair = stage.pair(helper, sharer).await;
    pair.grant("control").await;
    let picture = pair.helper.expect("picture").await;
    // What the session before left in the line of the shell, because it came late, goes.
    desktop.tool("xdotool", &["key", "ctrl+c"]).await;
    type_text(&mut pair, SCENE).await;
    let before = network.counters();
    let begun = Instant::now();
    let mut letters = ('a'..='z').cycle();
    for place in 0.. {
        if begun.elapsed() > typing {
            break;
        }
        let end = if place % LINE == LINE - 1 {
            Some('\n')
        } else {
            letters.next()
        };
        type_text(&mut pair, &end.map(String::from).unwrap_or_default()).await;
        sleep(Duration::from_millis(40 + place * 7 % 23)).await;
    }
    let bytes = network.counters().down.bytes - before.down.bytes;
    let bytes_a_second = bytes as f64 / begun.elapsed().as_secs_f64();
    // The next session finds a shell.
    desktop.tool("xdotool", &["key", "ctrl+c"]).await;
    pair.settle().await;
    let stats = pair.helper.ask("stats", json!({}), "stats").await;
    let counters = network.counters();
    pair.helper.tell("leave", json!({})).await;
    pair.sharer.expect("ended").await;
    let both = [counters.down, counters.up];
    Some(Session {
        network: profile.name,
        way: way.name,
        first_picture_ms: number(&picture, "after_ms"),
        echo_p50_ms: number(&stats, "input_to_photon_p50_ms"),
        echo_p95_ms: number(&stats, "input_to_photon_p95_ms"),
        samples: stats["samples"].as_u64().unwrap_or_default(),
        stalls: stats["stalls"].as_u64().unwrap_or_default(),
        bytes_a_second,
        lost: both.iter().map(|one| one.lost).sum(),
        dropped: both.iter().map(|one| one.dropped).sum(),
        emulator_late_ms: both
            .iter()
            .map(|one| one.latest.as_secs_f64() * 1000.0)
            .fold(0.0, f64::max),
    })
}

async fn type_text(pair: &mut Pair, text: &str) {
    pair.helper.tell("type", json!({"text": text})).await;
}

fn number(event: &Value, name: &str) -> f64 {
    event[name].as_f64().expect("a figure")
}

const WAYS: [Way; 3] = [
    Way {
        name: "QUIC rate",
        carrier: "quic",
        congestion: "rate",
    },
    Way {
        name: "QUIC cubic",
        carrier: "quic",
        congestion: "cubic",
    },
    Way {
        name: "WSS",
        carrier: "websocket",
        congestion: "rate",
    },
];

/// A screenful of text that no picture format makes small, twice a second; the terminal itself echoes what is typed.
const SCENE: &str = "while sleep 0.5; do head -c 2200 /dev/urandom | base64 -w 99; done\n";
/// Letters before a new line, well inside of the terminal's width.
const LINE: u64 = 60;
