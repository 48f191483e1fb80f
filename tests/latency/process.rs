//! What a process has used: processor time and memory, as the kernel counts them.

use std::fs;
use std::path::Path;

/// Processor seconds of all threads of a process so far, in user and kernel.
///
/// From `schedstat`, which counts nanoseconds; `stat` counts hundredths of a second, too coarse for a key press.
pub(crate) fn cpu_seconds(id: u32) -> f64 {
    let tasks = fs::read_dir(format!("/proc/{id}/task")).expect("the process runs");
    let nanos: u64 = tasks
        .flatten()
        .filter_map(|task| on_cpu(&task.path().join("schedstat")))
        .sum();
    nanos as f64 / 1e9
}

/// Resident memory of a process in kB.
pub(crate) fn resident_kb(id: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).expect("the process runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let value = line.and_then(|line| line.split_whitespace().nth(1));
    value
        .and_then(|value| value.parse().ok())
        .expect("the kernel tells the resident memory")
}

fn on_cpu(schedstat: &Path) -> Option<u64> {
    let text = fs::read_to_string(schedstat).ok()?;
    text.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_costs_processor_time() {
        let id = std::process::id();
        let before = cpu_seconds(id);
        let mut sum = 0_u64;
        while cpu_seconds(id) - before < 0.02 {
            sum = (0..100_000_u64).fold(sum, |sum, n| sum.wrapping_mul(31).wrapping_add(n));
        }
        assert!(std::hint::black_box(sum) != 1 && resident_kb(id) > 100.0);
    }
}
