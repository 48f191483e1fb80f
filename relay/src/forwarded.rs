//! Who a request is from, when a reverse proxy brings it.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use policy::Network;

/// The address that counts for rules and the log: that of the other end, unless it is a proxy that the configuration trusts. Then it is the
/// last one in `X-Forwarded-For` that is no such proxy: the proxy itself wrote it. What stands before it anybody may have written.
pub(crate) fn source(peer: SocketAddr, headers: &HeaderMap, trusted: &[Network]) -> SocketAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|one| one.contains(address));
    if !is_trusted(peer.ip()) {
        return peer;
    }
    let lines = headers.get_all(FORWARDED_FOR).iter();
    let hops: Vec<&str> = lines
        .flat_map(|line| line.to_str().unwrap_or_default().split(','))
        .collect();
    let mut last = peer.ip();
    for hop in hops.iter().rev() {
        let Some(address) = address(hop.trim()) else {
            break;
        };
        last = address;
        if !is_trusted(address) {
            break;
        }
    }
    SocketAddr::new(last, 0)
}

/// Some proxies write the port, too.
fn address(hop: &str) -> Option<IpAddr> {
    let with_port = || hop.parse::<SocketAddr>().map(|one| one.ip());
    hop.parse().or_else(|_| with_port()).ok()
}

/// RFC 7239's `Forwarded` is not read: a proxy that writes one of the two passes the other on as the client sent it.
const FORWARDED_FOR: &str = "x-forwarded-for";

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, lines: &[&str]) -> String {
        let trusted: Vec<Network> = ["10.0.0.0/24", "2001:db8::5"]
            .iter()
            .map(|one| one.parse().unwrap())
            .collect();
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        let peer = SocketAddr::new(peer.parse().unwrap(), 5000);
        source(peer, &headers, &trusted).ip().to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        for (peer, lines, wanted) in [
            ("203.0.113.9", &["192.0.2.7"][..], "203.0.113.9"),
            ("10.0.0.1", &["192.0.2.7"], "192.0.2.7"),
            ("2001:db8::5", &["2001:db8::77"], "2001:db8::77"),
            ("::ffff:10.0.0.1", &["192.0.2.7"], "192.0.2.7"),
            ("10.0.0.1", &["192.0.2.7:4711"], "192.0.2.7"),
            ("10.0.0.1", &["[2001:db8::77]:4711"], "2001:db8::77"),
            ("10.0.0.1", &[], "10.0.0.1"),
        ] {
            assert_eq!(from(peer, lines), wanted, "{peer} {lines:?}");
        }
    }

    /// What a client writes itself stands before what the proxy wrote.
    #[test]
    fn what_the_client_wrote_is_not_believed() {
        for (lines, wanted) in [
            (&["198.51.100.1, 192.0.2.7"][..], "192.0.2.7"),
            (&["198.51.100.1", "192.0.2.7"], "192.0.2.7"),
            (&["198.51.100.1, 192.0.2.7, 10.0.0.2"], "192.0.2.7"),
            (&["192.0.2.7, nonsense"], "10.0.0.1"),
            (&["192.0.2.7, nonsense, 10.0.0.2"], "10.0.0.2"),
            (&[""], "10.0.0.1"),
        ] {
            assert_eq!(from("10.0.0.1", lines), wanted, "{lines:?}");
        }
    }
}
