//! Turns of the relay and of the yardstick, and what their ratio says.

use std::time::Duration;

use serde_json::{Value, json};
use tests::load::{Lines, Load, Run};

use crate::figure::{Group, median};

use crate::process::cpu_seconds;

/// Each turn of each kind; those of one place belong together.
#[derive(Default)]
pub(crate) struct Rounds {
    pub(crate) splice: Vec<(f64, Run)>,
    pub(crate) relay: Vec<(f64, Run)>,
    pub(crate) direct_tcp: Vec<Run>,
    pub(crate) direct_wss: Vec<Run>,
}

impl Rounds {
    pub(crate) fn json(&self) -> Value {
        json!({
            "splice": self.splice, "relay": self.relay,
            "direct_tcp": self.direct_tcp, "direct_wss": self.direct_wss,
        })
    }
}

/// Processor seconds of the process, by GB, and what the run showed.
pub(crate) async fn measured(
    process: u32,
    lines: &Lines,
    load: Load,
    time: Duration,
) -> (f64, Run) {
    let (run, cpu) = lines.run(load, time, || cpu_seconds(process)).await;
    (cpu / run.bytes * 1e9, run)
}

/// What a byte costs; judged if there is a goal.
pub(crate) fn judge_cost(
    group: &mut Group,
    carrier: &str,
    sessions: usize,
    rounds: &Rounds,
    goal: Option<f64>,
) {
    let of = |rounds: &[(f64, Run)]| rounds.iter().map(|(cost, _)| *cost).collect::<Vec<f64>>();
    let (relay, splice) = (of(&rounds.relay), of(&rounds.splice));
    let ratios: Vec<f64> = relay
        .iter()
        .zip(&splice)
        .map(|(relay, splice)| relay / splice)
        .collect();
    let name = format!("CPU a byte, {sessions} sessions, {carrier} relay / TCP splice");
    if let Some(goal) = goal {
        group.judge(&name, median(&ratios), "x", goal);
    } else {
        group.note(&name, median(&ratios), "x");
    }
    group.note(
        &format!("relay CPU, {sessions} sessions, {carrier}"),
        median(&relay),
        "s/GB",
    );
    group.note(
        &format!("splice CPU, {sessions} sessions, beside {carrier}"),
        median(&splice),
        "s/GB",
    );
    for (name, rounds) in [("relay", &rounds.relay), ("splice", &rounds.splice)] {
        let p50: Vec<f64> = rounds.iter().map(|(_, run)| run.p50_us).collect();
        group.note(
            &format!("p50 through the {name}, {sessions} sessions, {carrier}"),
            median(&p50),
            "us",
        );
    }
    let held: u64 = rounds.relay.iter().map(|(_, run)| run.held).sum();
    if held > 0 {
        group.remark(format!(
            "{sessions} sessions, {carrier}: {held} pictures waited for credit and were not sent"
        ));
    }
}

pub(crate) fn judge_latency(group: &mut Group, rounds: &Rounds) {
    let through = |rounds: &[(f64, Run)]| {
        median(
            &rounds
                .iter()
                .map(|(_, run)| run.p50_us)
                .collect::<Vec<f64>>(),
        )
    };
    let direct =
        |rounds: &[Run]| median(&rounds.iter().map(|run| run.p50_us).collect::<Vec<f64>>());
    let relay = through(&rounds.relay) - direct(&rounds.direct_wss);
    let splice = through(&rounds.splice) - direct(&rounds.direct_tcp);
    group.judge(
        "added p50, 1 session, WSS relay / TCP splice",
        relay / splice,
        "x",
        2.5,
    );
    group.note("added p50, 1 session, WSS relay", relay, "us");
    group.note("added p50, 1 session, TCP splice", splice, "us");
    group.note("p50 direct, WSS", direct(&rounds.direct_wss), "us");
    group.note("p50 direct, TCP", direct(&rounds.direct_tcp), "us");
    judge_cost(group, "WSS", 1, rounds, None);
}
