//! From the sharer's consent to the first full picture at the helper.

use std::time::Instant;

use serde_json::json;
use tests::stage::{Desktop, Stage};

use crate::Effort;
use crate::figure::{Group, median, percentile};
use crate::scenery;

pub(crate) async fn run(effort: Effort) -> Group {
    let mut group = Group::new("first_picture");
    let sessions = effort.pick(5, 20);
    let stage = Stage::start().await;
    let mut desktop = Desktop::start(1920, 1080).await;
    scenery::furnish(&mut desktop, &stage.path("furniture")).await;
    let mut openings = vec![];
    for (_, sharer) in (0..sessions).zip(SHARERS.iter().cycle()) {
        openings.push(open(&stage, sharer, &desktop.display).await);
    }
    let of = |field: fn(&Opening) -> f64| openings.iter().map(field).collect::<Vec<f64>>();
    let (driver, helper, bytes) = (
        of(|opening| opening.since_consent_ms),
        of(|opening| opening.since_grant_ms),
        of(|opening| opening.kilobytes),
    );
    group.judge(
        "consent to first full picture, p95",
        percentile(&driver, 95),
        "ms",
        400.0,
    );
    group.note("consent to first full picture, p50", median(&driver), "ms");
    group.note(
        "grant at the helper to first full picture, p95",
        percentile(&helper, 95),
        "ms",
    );
    group.judge(
        "first picture, 1080p desktop, p50",
        median(&bytes),
        "KB",
        150.0,
    );
    group.remark(format!(
        "{sessions} sessions; consent = the driver's `allow` is written to the sharer"
    ));
    group.raw = json!({"since_consent_ms": driver, "since_grant_ms": helper, "kilobytes": bytes});
    group
}

struct Opening {
    since_consent_ms: f64,
    since_grant_ms: f64,
    kilobytes: f64,
}

async fn open(stage: &Stage, sharer: &str, display: &str) -> Opening {
    let sharer = stage.sharer_of(sharer, display);
    let mut pair = stage.pair(stage.helper("amina"), sharer).await;
    pair.helper.tell("ask", json!({"level": "view"})).await;
    pair.sharer.expect("asked").await;
    let consent = Instant::now();
    pair.sharer.tell("allow", json!({})).await;
    let picture = pair.helper.expect("picture").await;
    let since_consent_ms = consent.elapsed().as_secs_f64() * 1000.0;
    let stats = pair.helper.ask("stats", json!({}), "stats").await;
    pair.helper.tell("leave", json!({})).await;
    pair.sharer.expect("ended").await;
    Opening {
        since_consent_ms,
        since_grant_ms: picture["after_ms"]
            .as_f64()
            .expect("the time since the grant"),
        kilobytes: stats["picture_bytes"].as_f64().expect("bytes") / 1000.0,
    }
}

/// One person may try only five codes a minute.
const SHARERS: [&str; 6] = ["sakura", "grete", "yusuf", "tomasz", "ingrid", "dmitri"];
