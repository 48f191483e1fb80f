//! The machine: how much it lets a process do.

use std::fs;

use super::Finding;
use crate::config::{Config, Congestion};

pub(super) fn examine() -> Vec<Finding> {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    let read = |path: &str| fs::read_to_string(path).ok();
    vec![
        judge_files(limit.current),
        judge_buffer(read("/proc/sys/net/core/rmem_max").as_deref()),
        judge_tcp(carrier::tcp_congestion().ok().as_deref()),
    ]
}

/// QUIC, and what controls how much it sends.
pub(super) fn quic(config: &Config) -> Finding {
    const ABOUT: &str = "QUIC";
    match (config.quic, config.congestion) {
        (false, _) => Finding::ok(ABOUT, "off; all clients come by WebSocket"),
        (true, Congestion::Rate) => Finding::ok(ABOUT, "on, congestion control `rate`"),
        (true, Congestion::Cubic) => Finding::ok(
            ABOUT,
            "on, congestion control `cubic`; on lossy lines pictures come later than with `rate`",
        ),
    }
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
        // The socket of QUIC has the default size: nobody should be sent to change this.
        Some(bytes) => Finding::ok(
            ABOUT,
            format!(
                "{bytes} bytes; the relay asks for no more than the default, so it does not matter"
            ),
        ),
        None => Finding::ok(ABOUT, "not told by this system; it does not matter"),
    }
}

/// What a socket of TCP got that asked for BBR.
fn judge_tcp(active: Option<&str>) -> Finding {
    const ABOUT: &str = "tcp_bbr";
    if active == Some("bbr") {
        return Finding::ok(ABOUT, "there, and used for WebSocket");
    }
    let active = active.unwrap_or("another controller");
    Finding::warn(
        ABOUT,
        format!(
            "not there, WebSocket has `{active}`; on lossy lines pictures come later without it"
        ),
        "`modprobe tcp_bbr`, and `echo tcp_bbr > /etc/modules-load.d/handrail.conf` for the next start; a program without privileges \
         also wants it in `net.ipv4.tcp_allowed_congestion_control`",
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
        assert_eq!(judge_tcp(Some("bbr")).state, State::Ok);
        let cubic = judge_tcp(Some("cubic"));
        assert_eq!(cubic.state, State::Warn);
        assert!(cubic.found.contains("`cubic`"), "{}", cubic.found);
        assert_eq!(judge_tcp(None).state, State::Warn);
    }
}
