//! Sessions over networks that are long, narrow, lossy or blocked: see `tests/netem`. Where there is no emulated network, the tests say so
//! and end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::netem::{BAD, MOBILE, OFFICE, Path, Profile, Protocol};
use tests::stage::{Pair, Program, Setting, Stage};

/// A mobile network: 60 ± 20 ms one way, 2 % loss in bursts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_helper_on_a_mobile_network_helps_by_quic() {
    far_helper(&MOBILE, "quic", "quic").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_helper_on_a_mobile_network_helps_by_websocket() {
    far_helper(&MOBILE, "websocket", "wss").await;
}

/// A bad one: 150 ms one way, 3 % loss, 2 Mbit/s.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_helper_on_a_bad_network_helps_by_quic() {
    far_helper(&BAD, "quic", "quic").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_helper_on_a_bad_network_helps_by_websocket() {
    far_helper(&BAD, "websocket", "wss").await;
}

/// The line of the one who is helped is the bad one: the picture goes up it, with the client's own congestion control.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sharer_on_a_mobile_network_is_helped() {
    for congestion in ["rate", "cubic"] {
        let Some((stage, network)) = stage(&MOBILE).await else {
            return;
        };
        let more = ["--source", "synthetic", "--carrier", "quic"];
        let more = [&more[..], &["--congestion", congestion]].concat();
        let sharer = stage.far("handrail-sharer", "sakura", &more);
        let mut pair = stage
            .pair(stage.near("handrail-helper", "amina", &[]), sharer)
            .await;
        helped(&mut pair).await;
        assert_eq!(carrier(&mut pair.sharer).await.0, "quic");
        assert!(network.counters().up.lost > 0, "{:?}", network.counters());
    }
}

/// PRODUCT 7.3: where UDP is blocked the session goes by WebSocket, and the person is told why.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_udp_is_blocked_the_session_goes_by_websocket() {
    let Some((stage, network)) = stage(&OFFICE).await else {
        return;
    };
    network.cut(Protocol::Udp);
    let mut pair = pair(&stage, &[]).await;
    helped(&mut pair).await;
    let (carrier, instead) = carrier(&mut pair.helper).await;
    assert_eq!(carrier, "wss");
    assert_eq!(instead, "nothing answered by UDP in time");
    assert!(network.counters().up.blocked > 0);
}

/// Two seconds without any network end no session.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_outlives_two_seconds_without_network() {
    for carrier in ["quic", "websocket"] {
        let Some((stage, network)) = stage(&OFFICE).await else {
            return;
        };
        let mut pair = pair(&stage, &["--carrier", carrier]).await;
        helped(&mut pair).await;
        network.outage(Duration::from_secs(2));
        pair.helper.tell("type", json!({"text": "lost?"})).await;
        while network.is_dark() {
            pair.helper.ask("stats", json!({}), "stats").await;
        }
        assert!(network.counters().up.lost > 0);
        // What was typed meanwhile is two seconds old: it arrives whole, or is thrown away whole. Chat arrives.
        pair.helper.tell("chat", json!({"text": "there?"})).await;
        assert_eq!(pair.sharer.expect("chat").await["text"], "there?");
        pair.settle().await;
        let before = injected(&mut pair.sharer).await;
        pair.helper.tell("type", json!({"text": "back"})).await;
        arrives(&mut pair.sharer, before + 8).await;
        pair.settle().await;
    }
}

/// One session of a helper at the far end of such a network.
async fn far_helper(profile: &Profile, asked: &str, told: &str) {
    let Some((stage, network)) = stage(profile).await else {
        return;
    };
    let mut pair = pair(&stage, &["--carrier", asked]).await;
    helped(&mut pair).await;
    assert_eq!(carrier(&mut pair.helper).await.0, told);
    let counters = network.counters();
    assert!(counters.down.lost > 0, "{counters:?}");
    pair.helper.tell("leave", json!({})).await;
    assert_eq!(pair.sharer.expect("ended").await["code"], "RH-1501");
}

/// A relay at the near end of such a network; none where there cannot be one.
async fn stage(profile: &Profile) -> Option<(Stage, Arc<Path>)> {
    let network = Arc::new(Path::start(profile, 1)?);
    let setting = Setting {
        network: Some(network.clone()),
        ..Setting::default()
    };
    Some((Stage::with(&setting).await, network))
}

/// A helper at the far end, with these arguments, and a sharer beside the relay.
async fn pair(stage: &Stage, more: &[&str]) -> Pair {
    let helper = stage.far("handrail-helper", "amina", more);
    let sharer = stage.near("handrail-sharer", "sakura", &["--source", "synthetic"]);
    stage.pair(helper, sharer).await
}

/// Control was allowed, a line was typed, the helper sees its effect, and both have the same picture.
async fn helped(pair: &mut Pair) {
    pair.grant("control").await;
    pair.helper.tell("type", json!({"text": "hello"})).await;
    arrives(&mut pair.sharer, 10).await;
    let deadline = Instant::now() + PATIENCE;
    loop {
        let seen = pair.helper.ask("stats", json!({}), "stats").await;
        if seen["samples"].as_u64() > Some(0) {
            break;
        }
        assert!(Instant::now() < deadline, "no effect was seen: {seen}");
    }
    pair.settle().await;
}

/// Waits until so many events were played at the sharer.
async fn arrives(sharer: &mut Program, events: u64) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let played = injected(sharer).await;
        if played >= events {
            return;
        }
        assert!(Instant::now() < deadline, "{played} of {events} events");
    }
}

/// Events that the sharer's client has played.
async fn injected(sharer: &mut Program) -> u64 {
    let stats = sharer.ask("stats", json!({}), "stats").await;
    stats["injected"].as_u64().expect("a number")
}

/// What carries, and why nothing better does.
async fn carrier(program: &mut Program) -> (String, Value) {
    let stats = program.ask("stats", json!({}), "stats").await;
    let carrier = stats["carrier"].as_str().map(str::to_owned);
    (carrier.expect("a carrier"), stats["instead"].clone())
}

/// How long something may take on a bad line.
const PATIENCE: Duration = Duration::from_secs(20);
