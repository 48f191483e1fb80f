//! The machine: how much it lets a process do.

use std::fs;

use super::Finding;

pub(super) fn examine() -> Vec<Finding> {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    let read = |path: &str| fs::read_to_string(path).ok();
    vec![
        judge_files(limit.current),
        judge_buffer(read("/proc/sys/net/core/rmem_max").as_deref()),
        judge_congestion(read("/proc/sys/net/ipv4/tcp_available_congestion_control").as_deref()),
    ]
}

fn judge_files(limit: Option<u64>) -> Finding {
    const ABOUT: &str = "open files";
    match limit {
        Some(limit) if limit < FILES => Finding::warn(
            ABOUT,
            format!("at most {limit} in a process started here; each client needs one"),
            format!("`LimitNOFILE={FILES}` in the service's unit, or `ulimit -n {FILES}`"),
        ),
        Some(limit) => Finding::ok(ABOUT, format!("at most {limit} in a process started here")),
        None => Finding::ok(ABOUT, "no limit"),
    }
}

fn judge_buffer(text: Option<&str>) -> Finding {
    const ABOUT: &str = "net.core.rmem_max";
    let bytes: Option<u64> = text.and_then(|text| text.trim().parse().ok());
    match bytes {
        // A carrier over UDP would want more, and there is none yet: nobody should be sent to change it.
        Some(bytes) => Finding::ok(
            ABOUT,
            format!("{bytes} bytes; this version has no carrier over UDP, so it does not matter"),
        ),
        None => Finding::ok(ABOUT, "not told by this system; it does not matter yet"),
    }
}

fn judge_congestion(text: Option<&str>) -> Finding {
    const ABOUT: &str = "tcp_bbr";
    let mut words = text.unwrap_or_default().split_whitespace();
    if words.any(|word| word == "bbr") {
        return Finding::ok(ABOUT, "there");
    }
    Finding::warn(
        ABOUT,
        "not there; on lossy lines pictures come later without it",
        "`modprobe tcp_bbr`, and `echo tcp_bbr > /etc/modules-load.d/handrail.conf` for the next start",
    )
}

/// Clients that the relay takes, and some for itself.
const FILES: u64 = 12_000;

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn limits_are_judged() {
        assert_eq!(judge_files(Some(1024)).state, State::Warn);
        assert_eq!(judge_files(Some(65_536)).state, State::Ok);
        assert_eq!(judge_files(None).state, State::Ok);
        assert_eq!(judge_buffer(Some("212992\n")).state, State::Ok);
        assert_eq!(judge_congestion(Some("reno cubic bbr\n")).state, State::Ok);
        assert_eq!(judge_congestion(Some("reno cubic\n")).state, State::Warn);
        assert_eq!(judge_congestion(None).state, State::Warn);
    }
}
