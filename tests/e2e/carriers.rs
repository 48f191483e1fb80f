//! What carries a session: QUIC where UDP gets through, WebSocket where it does not, and what people are told of it.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::stage::{Browser, Pair, Program, Screen, Setting, Stage, Visitor};

use crate::console::paired;

/// PRODUCT 7.1, 4.12: both ends come by QUIC, see the same pixels, type, and the record says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn native_clients_come_by_quic() {
    let stage = Stage::start().await;
    let mut pair = stage
        .pair(stage.helper("amina"), stage.sharer("sakura"))
        .await;
    helped(&mut pair).await;
    for program in [&mut pair.helper, &mut pair.sharer] {
        assert_eq!(carrier(program).await, ("quic".to_owned(), Value::Null));
    }
    let auditor = Visitor::sign_in(&stage, "dmitri").await;
    pair.helper.tell("leave", json!({})).await;
    assert_eq!(pair.sharer.expect("ended").await["code"], "RH-1501");
    let record = ended(&auditor).await;
    assert_eq!(
        [&record["helper_carrier"], &record["sharer_carrier"]],
        ["quic", "quic"]
    );
}

/// PRODUCT 7.3: without QUIC at the relay the session goes by WebSocket, and both say why; one that insists on QUIC says that it cannot.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_udp_the_session_goes_by_websocket() {
    let setting = Setting {
        extra: "quic = false".to_owned(),
        ..Setting::default()
    };
    let stage = Stage::with(&setting).await;
    let mut pair = stage
        .pair(stage.helper("amina"), stage.sharer("sakura"))
        .await;
    helped(&mut pair).await;
    for program in [&mut pair.helper, &mut pair.sharer] {
        let (carrier, instead) = carrier(program).await;
        assert_eq!(carrier, "wss");
        assert!(
            instead.as_str().is_some_and(|why| !why.is_empty()),
            "{instead}"
        );
    }
    let mut stubborn = stage.helper_with("jonas", &["--carrier", "quic"]);
    assert_eq!(stubborn.expect("fault").await["code"], "RH-1506");
    assert!(!stubborn.wait().await);
}

/// PRODUCT 7.1, 4.12: a page comes by WebTransport, on the port of QUIC, and says so; the record, too. Its end is an orderly one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_comes_by_webtransport() {
    let stage = Stage::start().await;
    let mut browser = Browser::start(&stage, Screen::default()).await;
    browser.open(&format!("{}/h", stage.relay.url)).await;
    browser.sign_in("amina").await;
    let mut sharer = paired(&stage, &mut browser, "sakura").await;
    browser.click("button", "Quality").await;
    browser.tell("wait", json!({"text": "WebTransport"})).await;
    browser.press("Escape").await;
    browser.click("button", "Leave").await;
    assert_eq!(sharer.expect("ended").await["code"], "RH-1501");
    let record = ended(&Visitor::sign_in(&stage, "dmitri").await).await;
    assert_eq!(
        [&record["helper_carrier"], &record["sharer_carrier"]],
        ["webtransport", "quic"]
    );
    assert_eq!(browser.complaints().await, [""; 0]);
}

/// PRODUCT 7.3: without UDP a page goes by WebSocket, and says why.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_udp_a_page_goes_by_websocket() {
    let setting = Setting {
        extra: "quic = false".to_owned(),
        ..Setting::default()
    };
    let stage = Stage::with(&setting).await;
    let mut browser = Browser::start(&stage, Screen::default()).await;
    browser.open(&format!("{}/h", stage.relay.url)).await;
    browser.sign_in("amina").await;
    let _sharer = paired(&stage, &mut browser, "sakura").await;
    browser.click("button", "Quality").await;
    browser.tell("wait", json!({"text": "WebSocket"})).await;
    browser.assert_accessible("why it is WebSocket").await;
}

/// Every pair of carriers works: the relay forwards from one kind to the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn carriers_are_mixed() {
    let stage = Stage::start().await;
    for (helper, sharer) in [("quic", "websocket"), ("websocket", "quic")] {
        let told = |carrier: &'static str| if carrier == "quic" { "quic" } else { "wss" };
        let by = stage.helper_with("amina", &["--carrier", helper]);
        let to = stage.sharer_with("sakura", &["--source", "synthetic", "--carrier", sharer]);
        let mut pair = stage.pair(by, to).await;
        helped(&mut pair).await;
        assert_eq!(carrier(&mut pair.helper).await.0, told(helper));
        assert_eq!(carrier(&mut pair.sharer).await.0, told(sharer));
        pair.helper.tell("leave", json!({})).await;
        pair.sharer.expect("ended").await;
    }
}

/// PRODUCT 7.1: one TCP and one UDP port, of the same number, beside the metrics on the loopback.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_relay_has_one_port_of_each_kind() {
    let stage = Stage::start().await;
    let port = stage.relay.url.rsplit_once(':').expect("a port").1;
    let port: u16 = port.parse().expect("a number");
    let own = sockets(stage.relay.id());
    let listening = |table: &str, state: &str| -> BTreeSet<u16> {
        let text = std::fs::read_to_string(table).expect("the table of sockets");
        let rows = text
            .lines()
            .skip(1)
            .map(|line| line.split_whitespace().collect::<Vec<_>>());
        rows.filter(|row| row[3] == state && own.contains(row[9]))
            .filter_map(|row| u16::from_str_radix(row[1].rsplit_once(':')?.1, 16).ok())
            .collect()
    };
    let tcp = listening("/proc/net/tcp", "0A");
    assert!(tcp.contains(&port), "{tcp:?}");
    assert_eq!(tcp.len(), 2, "the port and the metrics: {tcp:?}");
    assert_eq!(listening("/proc/net/udp", "07"), BTreeSet::from([port]));
}

/// The record of the only session, once it is closed.
async fn ended(auditor: &Visitor) -> Value {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let list = auditor.json("/api/v1/records").await;
        let record = list["records"][0].clone();
        if record["end_reason"].is_string() {
            return record;
        }
        assert!(Instant::now() < deadline, "{list}");
    }
}

/// The numbers of the sockets that a process has.
fn sockets(process: u32) -> BTreeSet<String> {
    let folder = std::fs::read_dir(format!("/proc/{process}/fd")).expect("the process runs");
    let links = folder.filter_map(|one| std::fs::read_link(one.ok()?.path()).ok());
    let names = links.map(|link| link.display().to_string());
    names
        .filter_map(|name| Some(name.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
        .collect()
}

/// Control was allowed, a line was typed, and both have the same picture.
async fn helped(pair: &mut Pair) {
    pair.grant("control").await;
    pair.helper.tell("type", json!({"text": "hello"})).await;
    pair.settle().await;
    let stats = pair.sharer.ask("stats", json!({}), "stats").await;
    assert!(stats["injected"].as_u64() >= Some(10), "{stats}");
}

/// What carries, and why nothing better does.
async fn carrier(program: &mut Program) -> (String, Value) {
    let stats = program.ask("stats", json!({}), "stats").await;
    let carrier = stats["carrier"].as_str().map(str::to_owned);
    (carrier.expect("a carrier"), stats["instead"].clone())
}
