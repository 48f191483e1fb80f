//! What pictures cost: bytes and processor time by scene, beside VP9 of a recording of the same scene.

use std::time::Duration;

use serde_json::{Value, json};
use tests::stage::{Pair, Stage};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use crate::Effort;
use crate::codec::{Recording, Video};
use crate::figure::{Group, median};
use crate::process::cpu_seconds;
use crate::scenery::{self, REST, Scene, Scenery};

pub(crate) async fn run(effort: Effort) -> Group {
    let mut group = Group::new("scenes");
    let stage = Stage::start().await;
    let mut scenery = Scenery::build(&stage.path("furniture")).await;
    let sharer = stage.sharer_of("sakura", &scenery.desktop.display);
    let mut pair = stage.pair(stage.helper("amina"), sharer).await;
    pair.grant("control").await;
    pair.helper.expect("quiet").await;
    let codec = scenery::is_there("ffmpeg");
    if !codec {
        group.remark("ffmpeg is missing: nothing stands beside the figures");
    }
    let mut raw = serde_json::Map::new();
    for scene in Scene::ALL {
        if !scenery.prepare(scene).await {
            group.remark(format!("{}: skipped, ffplay is missing", scene.name()));
            continue;
        }
        sleep(REST).await;
        let cost = play(&mut scenery, scene, &mut pair, effort, stage.relay.id()).await;
        let video = if codec && scene != Scene::Idle {
            record(&mut scenery, scene, &mut pair, effort, &stage).await
        } else {
            None
        };
        scenery.clear(scene).await;
        judge(&mut group, scene, &cost);
        beside(&mut group, scene, video.as_ref());
        raw.insert(
            scene.name().to_owned(),
            json!({"cost": cost.json(), "vp9": video}),
        );
    }
    let idle = idle_seconds(effort);
    group.remark(format!("idle is {idle} s here, not 60; steps are 67 ms apart (typing 90, switch 500), VP9 is at 15 frames a second"));
    group.remark("VP9: libvpx through ffmpeg, cpu-used 8, 4 Mbit/s, 1 thread, decoding and conversion taken off; not pixel exact");
    group.raw = Value::Object(raw);
    group
}

/// What a scene cost.
struct Cost {
    seconds: f64,
    steps: usize,
    updates: f64,
    bytes: f64,
    /// Bytes of each step, or of each update where steps do not settle.
    each: Vec<f64>,
    sharer: f64,
    relay: f64,
    helper: f64,
}

impl Cost {
    fn json(&self) -> Value {
        json!({
            "seconds": self.seconds, "steps": self.steps, "updates": self.updates, "bytes": self.bytes,
            "bytes_each": self.each, "sharer_cpu_s": self.sharer, "relay_cpu_s": self.relay, "helper_cpu_s": self.helper,
        })
    }
}

/// Picture bytes and updates that the helper has counted.
async fn counts(pair: &mut Pair) -> (f64, f64) {
    let stats = pair.helper.ask("stats", json!({}), "stats").await;
    let of = |name: &str| stats[name].as_f64().expect("a count");
    (of("picture_bytes"), of("updates"))
}

async fn play(
    scenery: &mut Scenery,
    scene: Scene,
    pair: &mut Pair,
    effort: Effort,
    relay: u32,
) -> Cost {
    let processes = [pair.sharer.id(), relay, pair.helper.id()];
    let (bytes_before, updates_before) = counts(pair).await;
    let cpu_before = processes.map(cpu_seconds);
    let started = Instant::now();
    let mut each = vec![];
    let steps = steps(scene, effort);
    if scene == Scene::Idle {
        sleep(Duration::from_secs(idle_seconds(effort))).await;
    } else {
        let mut ticks = interval(scene.period());
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut last = (bytes_before, updates_before);
        for number in 0..steps {
            ticks.tick().await;
            scenery.step(scene, number, pair).await;
            if scene.settles() {
                pair.helper.expect("quiet").await;
            }
            let now = counts(pair).await;
            let updates = if scene.settles() { 1.0 } else { now.1 - last.1 };
            if now.1 > last.1 {
                each.push((now.0 - last.0) / updates);
            }
            last = now;
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    let after = processes.map(cpu_seconds);
    let (bytes, updates) = counts(pair).await;
    let [sharer, relay, helper] = [0, 1, 2].map(|place| after[place] - cpu_before[place]);
    Cost {
        seconds,
        steps,
        updates: updates - updates_before,
        bytes: bytes - bytes_before,
        each,
        sharer,
        relay,
        helper,
    }
}

/// Plays the scene once more while ffmpeg records it, and encodes the recording.
async fn record(
    scenery: &mut Scenery,
    scene: Scene,
    pair: &mut Pair,
    effort: Effort,
    stage: &Stage,
) -> Option<Video> {
    let file = stage.path("recording.mkv");
    let seconds = effort.pick(3, 6);
    let mut recording = Recording::start(&scenery.desktop.display, &file, seconds);
    let mut ticks = interval(scene.period());
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let first = steps(scene, effort);
    for number in first.. {
        ticks.tick().await;
        if recording.ended() {
            break;
        }
        scenery.step(scene, number, pair).await;
    }
    let video = recording.encode(&stage.path("recording.ivf")).await;
    let _ = std::fs::remove_file(file);
    sleep(REST).await;
    video
}

fn judge(group: &mut Group, scene: Scene, cost: &Cost) {
    let name = scene.name();
    let each = median(&cost.each) / 1000.0;
    match scene {
        Scene::Typing => group.judge("typing: per keystroke, p50", each, "KB", 0.3),
        Scene::Terminal => {
            group.judge("terminal scroll: per step of 2 lines, p50", each, "KB", 4.0)
        }
        Scene::Page => group.judge("page scroll: per step of 3 lines, p50", each, "KB", 7.5),
        Scene::Switch | Scene::Drag => group.note(&format!("{name}: per step, p50"), each, "KB"),
        Scene::Video => group.note("small video: per update, p50", each, "KB"),
        Scene::Idle => {
            group.judge("idle: picture bytes", cost.bytes, "B", 0.0);
            let share = 100.0 * cost.sharer / cost.seconds;
            group.judge("idle: sharer, of a core", share, "%", 1.0);
            return;
        }
    }
    let updates = cost.updates.max(1.0);
    group.note(
        &format!("{name}: an update, mean"),
        cost.bytes / 1000.0 / updates,
        "KB",
    );
    group.note(
        &format!("{name}: updates a second"),
        cost.updates / cost.seconds,
        "/s",
    );
    for (end, cpu) in [
        ("sharer", cost.sharer),
        ("relay", cost.relay),
        ("helper", cost.helper),
    ] {
        group.note(
            &format!("{name}: {end} CPU an update"),
            1000.0 * cpu / updates,
            "ms",
        );
    }
}

fn beside(group: &mut Group, scene: Scene, video: Option<&Video>) {
    let Some(video) = video else { return };
    let name = scene.name();
    let (middle, mean) = video.kilobytes();
    group.note(&format!("{name}: VP9, a frame, p50"), middle, "KB");
    group.note(&format!("{name}: VP9, a frame, mean"), mean, "KB");
    group.note(&format!("{name}: VP9 CPU a frame"), video.cpu_ms, "ms");
}

fn steps(scene: Scene, effort: Effort) -> usize {
    match scene {
        Scene::Switch => effort.pick(8, 20),
        Scene::Idle => 0,
        Scene::Typing | Scene::Terminal | Scene::Page | Scene::Drag | Scene::Video => {
            effort.pick(40, 150)
        }
    }
}

fn idle_seconds(effort: Effort) -> u64 {
    effort.pick(5, 20)
}
