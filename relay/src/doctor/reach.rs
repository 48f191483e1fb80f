//! Whether the relay may listen.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, SystemTime};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::{Finding, way};
use crate::config::Config;
use crate::listen::advice;

/// What was found at the port.
enum Port {
    /// Nothing listens there.
    Free,
    /// This relay does, or one with the same configuration.
    Ours,
    /// Something else does.
    Taken,
    /// Nothing could listen there.
    Refused(io::Error),
}

pub(super) async fn examine(config: &Config, now: SystemTime) -> Vec<Finding> {
    let port = port(config).await;
    let runs = matches!(port, Port::Ours);
    let mut all = vec![judge_port(config.listen, &port)];
    if config.quic {
        let bound = UdpSocket::bind(config.listen).map(drop);
        all.push(judge_udp(config.listen, &bound, runs));
    }
    all.extend(way::examine(config, runs, now).await);
    all
}

async fn port(config: &Config) -> Port {
    match TcpListener::bind(config.listen).await {
        Ok(_) => Port::Free,
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            if is_ours(config.metrics).await.unwrap_or(false) {
                Port::Ours
            } else {
                Port::Taken
            }
        }
        Err(error) => Port::Refused(error),
    }
}

/// Whether the metrics of a relay are where the configuration says.
async fn is_ours(metrics: SocketAddr) -> io::Result<bool> {
    let asked = async {
        let mut stream = TcpStream::connect(metrics).await?;
        let request =
            format!("GET /metrics HTTP/1.1\r\nhost: {metrics}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = vec![];
        stream.take(ANSWER).read_to_end(&mut answer).await?;
        Ok(String::from_utf8_lossy(&answer).contains("handrail_"))
    };
    timeout(PATIENCE, asked).await?
}

fn judge_port(listen: SocketAddr, port: &Port) -> Finding {
    const ABOUT: &str = "port";
    match port {
        Port::Free => Finding::ok(ABOUT, format!("{listen} is free; the relay does not run")),
        Port::Ours => Finding::ok(ABOUT, format!("{listen} is the relay's, which runs")),
        Port::Taken => Finding::fail(
            ABOUT,
            format!("{listen} is taken by another program"),
            advice(listen, "listen", io::ErrorKind::AddrInUse),
        ),
        Port::Refused(error) if error.kind() == io::ErrorKind::PermissionDenied => Finding::warn(
            ABOUT,
            format!("{listen} cannot be listened on by this user"),
            format!(
                "run this as the relay's user; {}",
                advice(listen, "listen", error.kind())
            ),
        ),
        Port::Refused(error) => Finding::fail(
            ABOUT,
            format!("{listen} cannot be listened on: {error}"),
            advice(listen, "listen", error.kind()),
        ),
    }
}

/// The UDP port of the same number, for QUIC.
fn judge_udp(listen: SocketAddr, bound: &io::Result<()>, runs: bool) -> Finding {
    const ABOUT: &str = "UDP port";
    match bound {
        Ok(()) if runs => Finding::warn(
            ABOUT,
            format!("the relay runs, and nobody listens on UDP {listen}"),
            "it runs with another configuration: restart it; until then clients come by WebSocket",
        ),
        Ok(()) => Finding::ok(ABOUT, format!("UDP {listen} is free")),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse && runs => {
            Finding::ok(ABOUT, format!("UDP {listen} is the relay's"))
        }
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Finding::fail(
            ABOUT,
            format!("UDP {listen} is taken by another program"),
            format!(
                "`ss -lunp 'sport = :{}'` names it; end it, or set `quic = false`",
                listen.port()
            ),
        ),
        Err(error) => Finding::warn(
            ABOUT,
            format!("UDP {listen} cannot be listened on: {error}"),
            "as for the TCP port; or set `quic = false`, and clients come by WebSocket",
        ),
    }
}

const PATIENCE: Duration = Duration::from_secs(5);
/// So much of an answer is read.
const ANSWER: u64 = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn ports_are_judged() {
        let listen = SocketAddr::from(([0, 0, 0, 0], 443));
        let refused = |kind| Port::Refused(io::Error::from(kind));
        for (port, wanted) in [
            (Port::Free, State::Ok),
            (Port::Ours, State::Ok),
            (Port::Taken, State::Fail),
            (refused(io::ErrorKind::PermissionDenied), State::Warn),
            (refused(io::ErrorKind::AddrNotAvailable), State::Fail),
        ] {
            assert_eq!(judge_port(listen, &port).state, wanted);
        }
    }

    #[test]
    fn the_udp_port_is_judged_by_itself() {
        let listen = SocketAddr::from(([0, 0, 0, 0], 443));
        let taken = || Err(io::Error::from(io::ErrorKind::AddrInUse));
        let refused = || Err(io::Error::from(io::ErrorKind::PermissionDenied));
        for (bound, runs, wanted) in [
            (Ok(()), false, State::Ok),
            (Ok(()), true, State::Warn),
            (taken(), true, State::Ok),
            (taken(), false, State::Fail),
            (refused(), false, State::Warn),
        ] {
            assert_eq!(judge_udp(listen, &bound, runs).state, wanted);
        }
    }
}
