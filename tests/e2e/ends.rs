//! How sessions end: left, crashed, drained; and what stands in the record afterwards.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use policy::{Level, TenantId};
use relay_store::{EndReason, Filter, Options, Record, Records, Sqlite, Time};
use serde_json::json;
use tests::stage::{Pair, REASON, Setting, Stage};

/// PRODUCT 3.8, 8.1: a graceful end is known within 1 s, and the record is complete.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_somebody_leaves_has_a_complete_record() {
    let stage = Stage::start().await;
    let mut pair = stage
        .pair(stage.helper("amina"), stage.sharer("grete"))
        .await;
    pair.grant("view").await;
    pair.grant("control").await;
    pair.settle().await;
    pair.helper.tell("type", json!({"text": "abc"})).await;
    pair.helper.tell("chat", json!({"text": "done"})).await;
    pair.sharer.expect("chat").await;
    let left = Instant::now();
    pair.sharer.tell("leave", json!({})).await;
    assert_eq!(pair.helper.expect("ended").await["code"], "RH-1501");
    assert!(
        left.elapsed() < Duration::from_secs(1),
        "told after {:?}",
        left.elapsed()
    );
    let record = ended_records(&stage, 1).await.remove(0);
    let end = record.ended.expect("it ended");
    assert_eq!(end.reason, EndReason::SharerLeft);
    assert_eq!(record.start.helper.name, "Amina Haddad");
    assert_eq!(
        record.start.sharer.as_ref().map(|s| s.name.as_str()),
        Some("Grete Müller-Weiß")
    );
    assert_eq!(record.start.reason.as_deref(), Some(REASON));
    assert_eq!(record.start.incident.as_deref(), Some("INC0012345"));
    assert_eq!(
        (record.level, record.highest),
        (Some(Level::Control), Some(Level::Control))
    );
    let used: Vec<&str> = record
        .usage
        .features
        .iter()
        .map(|feature| feature.word())
        .collect();
    assert_eq!(used, ["view", "control", "chat"]);
    assert!(record.usage.quality.bytes_to_helper > 1000);
    assert!(record.usage.quality.bytes_to_sharer > 100);
    assert!(record.usage.helper_carrier.is_some() && record.usage.sharer_carrier.is_some());
    assert!(end.at >= record.start.started);
}

/// How far a session is when somebody crashes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Point {
    Paired,
    Asked,
    Viewing,
    Controlled,
    Typing,
    Chatting,
    Lowered,
}

const POINTS: [Point; 7] = [
    Point::Paired,
    Point::Asked,
    Point::Viewing,
    Point::Controlled,
    Point::Typing,
    Point::Chatting,
    Point::Lowered,
];

/// PRODUCT 3.8: `kill -9` of either end at seven points each: the other end knows within 10 s that it is away, and soon that it is lost; the
/// record is complete.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_of_either_end_is_told_and_recorded() {
    let stage = Stage::with(&impatient()).await;
    let sharers = ["yusuf", "sakura", "grete", "tomasz"];
    let mut expected = vec![];
    // A crash shows at once at the end of a TCP connection, and by QUIC only by silence: two of those are enough.
    let by_socket = POINTS.into_iter().map(|point| (point, "websocket"));
    let crashes = by_socket.chain([(Point::Typing, "quic")]);
    for (number, (point, carrier)) in crashes.enumerate() {
        for victim in ["helper", "sharer"] {
            let sharer = sharers[(number * 2 + usize::from(victim == "helper")) % sharers.len()];
            let helper = ["--reason", REASON, "--carrier", carrier];
            let source = ["--source", "synthetic", "--carrier", carrier];
            let mut pair = stage
                .pair(
                    stage.helper_with("jonas", &helper),
                    stage.sharer_with(sharer, &source),
                )
                .await;
            go_to(&mut pair, point).await;
            let killed = Instant::now();
            let (dead, other) = if victim == "helper" {
                (&mut pair.helper, &mut pair.sharer)
            } else {
                (&mut pair.sharer, &mut pair.helper)
            };
            dead.kill().await;
            other.expect("away").await;
            assert!(
                killed.elapsed() < Duration::from_secs(10),
                "{victim} at {point:?}"
            );
            let told = other.expect("ended").await;
            assert_eq!(told["code"], "RH-1502", "{victim} at {point:?}");
            expected.push(if victim == "helper" {
                EndReason::HelperLost
            } else {
                EndReason::SharerLost
            });
            if expected.len() % 4 == 0 {
                // A person may try five codes a minute; four sharers take turns.
                ended_records(&stage, expected.len()).await;
            }
        }
    }
    let mut records = ended_records(&stage, expected.len()).await;
    records.sort_by_key(|record| record.start.started);
    let reasons: Vec<EndReason> = records
        .iter()
        .filter_map(|record| Some(record.ended?.reason))
        .collect();
    assert_eq!(reasons, expected);
    assert!(records.iter().all(|record| record.start.sharer.is_some()));
}

/// PRODUCT 8.1: `kill -9` of the relay with sessions at seven points: both ends know within 10 s, and the restarted relay
/// closes every record as `relay_lost`; nothing that was confirmed is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_of_the_relay_is_told_and_recorded_when_it_is_back() {
    let mut stage = Stage::with(&impatient()).await;
    let sharers = ["yusuf", "sakura", "grete"];
    let mut pairs = vec![];
    for (number, point) in POINTS.into_iter().enumerate() {
        let sharer = sharers[number % sharers.len()];
        let mut pair = stage
            .pair(stage.helper("amina"), stage.sharer(sharer))
            .await;
        go_to(&mut pair, point).await;
        pairs.push(pair);
    }
    let killed = Instant::now();
    stage.relay.kill().await;
    for pair in &mut pairs {
        for program in [&mut pair.helper, &mut pair.sharer] {
            program.expect("reconnecting").await;
        }
    }
    assert!(killed.elapsed() < Duration::from_secs(10));
    for pair in &mut pairs {
        for program in [&mut pair.helper, &mut pair.sharer] {
            assert_eq!(program.expect("ended").await["code"], "RH-1503");
        }
    }
    stage.relay = stage.relay.again().await;
    let records = ended_records(&stage, pairs.len()).await;
    for record in &records {
        assert_eq!(
            record.ended.map(|end| end.reason),
            Some(EndReason::RelayLost)
        );
        assert!(record.start.sharer.is_some());
    }
    let controlled = records
        .iter()
        .filter(|r| r.highest == Some(Level::Control))
        .count();
    let viewed = records
        .iter()
        .filter(|r| r.highest == Some(Level::View))
        .count();
    assert_eq!(
        (controlled, viewed),
        (4, 1),
        "confirmed levels survive the crash"
    );
}

/// SIGTERM drains: everybody is told why, the records say so, the process ends well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_is_stopped_tells_everybody_and_ends_every_record() {
    let mut stage = Stage::start().await;
    let mut pair = stage
        .pair(stage.helper("amina"), stage.sharer("sakura"))
        .await;
    pair.grant("view").await;
    let mut waiting = stage.helper("jonas");
    waiting.expect("code").await;
    assert!(stage.relay.terminate().await);
    for program in [&mut pair.helper, &mut pair.sharer, &mut waiting] {
        assert_eq!(program.expect("ended").await["code"], "RH-1505");
    }
    let record = ended_records(&stage, 1).await.remove(0);
    assert_eq!(record.ended.map(|end| end.reason), Some(EndReason::Drained));
}

/// PRODUCT 8.5, 8.6: both clients keep an event log, and no log holds a code, a token, chat or keys.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logs_tell_the_session_and_no_secret() {
    let stage = Stage::start().await;
    let mut helper = stage.helper("amina");
    let code = helper.expect("code").await["code"]
        .as_str()
        .expect("a code")
        .to_owned();
    let mut sharer = stage.sharer("sakura");
    sharer.expect("signed_in").await;
    sharer.tell("join", json!({"code": code})).await;
    sharer.expect("card").await;
    let mut pair = Pair { helper, sharer };
    pair.grant("control").await;
    pair.helper
        .tell("chat", json!({"text": "marmalade-sandwich"}))
        .await;
    pair.sharer.expect("chat").await;
    pair.helper.tell("type", json!({"text": "marmalade"})).await;
    pair.helper.tell("leave", json!({})).await;
    pair.sharer.expect("ended").await;
    let logs =
        ["handrail-helper.jsonl", "handrail-sharer.jsonl"].map(|name| read(&stage.path(name)));
    for log in &logs {
        for event in ["session_started", "granted", "session_ended"] {
            assert!(log.contains(event), "{event} is missing in {log}");
        }
    }
    let relay = read(&stage.relay.log);
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    for log in logs.iter().chain([&relay]) {
        for secret in ["marmalade", &digits, &code, "eyJ"] {
            assert!(!log.contains(secret), "{secret} stands in {log}");
        }
    }
}

/// A relay that waits only for a second for somebody who lost the connection.
fn impatient() -> Setting {
    Setting {
        extra: "keep = 1".to_owned(),
        ..Setting::default()
    }
}

async fn go_to(pair: &mut Pair, point: Point) {
    if point == Point::Paired {
        return;
    }
    if point == Point::Asked {
        pair.helper.tell("ask", json!({"level": "view"})).await;
        pair.sharer.expect("asked").await;
        return;
    }
    pair.grant("view").await;
    pair.helper.expect("picture").await;
    if point == Point::Viewing {
        return;
    }
    pair.grant("control").await;
    if point == Point::Typing {
        pair.helper
            .tell(
                "type",
                json!({"text": "abcdefghijklmnopqrstuvwxyz".repeat(20)}),
            )
            .await;
    }
    if point == Point::Chatting {
        pair.helper
            .tell("chat", json!({"text": "are you there?"}))
            .await;
        pair.sharer.expect("chat").await;
    }
    if point == Point::Lowered {
        pair.sharer.tell("lower", json!({"level": "view"})).await;
        assert_eq!(pair.helper.expect("granted").await["level"], "view");
    }
}

/// Waits until so many records have ended, and gives them.
async fn ended_records(stage: &Stage, count: usize) -> Vec<Record> {
    let store = Sqlite::open(&Options::new(&stage.relay.database))
        .await
        .expect("the store opens");
    let filter = Filter::tenant(TenantId("lindenhof".into()));
    let deadline = Instant::now() + Duration::from_secs(90);
    loop {
        let page = store
            .page(&filter, None, 100, now())
            .await
            .expect("records can be read");
        let ended = page
            .records
            .iter()
            .filter(|record| record.ended.is_some())
            .count();
        if ended >= count && ended == page.records.len() {
            store.close().await;
            return page.records;
        }
        assert!(
            Instant::now() < deadline,
            "only {ended} of {count} records ended"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn now() -> Time {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("it is after 1970");
    Time(i64::try_from(since.as_millis()).expect("not that late"))
}

fn read(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
