//! What the figures were measured on.

use std::fs;
use std::thread::available_parallelism;

use serde_json::{Value, json};

/// Processor, system, load and build.
pub(crate) fn describe() -> Value {
    let cores = available_parallelism().map_or(1, usize::from);
    json!({
        "cpu": after_colon("/proc/cpuinfo", "model name"),
        "cores": cores,
        "memory": after_colon("/proc/meminfo", "MemTotal"),
        "kernel": first_line("/proc/sys/kernel/osrelease"),
        "load": load(),
        "profile": profile(),
    })
}

/// The same in one line.
pub(crate) fn line(machine: &Value) -> String {
    let text = |name: &str| machine[name].as_str().unwrap_or("?").to_owned();
    format!(
        "{}, {} cores, Linux {}, load {} at the start, profile {}",
        text("cpu"),
        machine["cores"],
        text("kernel"),
        text("load"),
        text("profile"),
    )
}

fn load() -> String {
    let line = first_line("/proc/loadavg");
    line.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// The folder that the program stands in, which cargo names after the profile.
fn profile() -> String {
    let program = std::env::current_exe().unwrap_or_default();
    let folder = program.parent().and_then(|folder| folder.file_name());
    folder.map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn first_line(path: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().next().unwrap_or_default().to_owned()
}

fn after_colon(path: &str, field: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(field));
    let value = line.and_then(|line| line.split_once(':'));
    value.map_or_else(String::new, |(_, value)| value.trim().to_owned())
}
