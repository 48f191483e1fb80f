//! What carries a session, and why the other does not.

use carrier::Wish;

use super::{Place, Question, Settled};
use crate::{Carried, Finding, NoQuic, NoUpgrade};

pub(super) fn websocket(question: &Question, found: &Result<Carried, NoUpgrade>) -> Finding {
    const ABOUT: &str = "WebSocket";
    let (found, remedy) = match found {
        Ok(carried) => {
            let there = carried.round_trip.as_secs_f64() * 1000.0;
            return Finding::ok(ABOUT, format!("works, {there:.1} ms there and back"));
        }
        Err(why) => no_upgrade(why),
    };
    if question.wish == Wish::WebSocket {
        return Finding::fail(ABOUT, found, remedy);
    }
    let found = format!("{found}; a session would need QUIC");
    Finding::warn(ABOUT, found, remedy)
}

fn no_upgrade(why: &NoUpgrade) -> (String, &'static str) {
    match why {
        NoUpgrade::Status(426 | 400 | 200) => (
            "a proxy on the way takes the upgrade to WebSocket out of the request".to_owned(),
            "have it let `Connection: Upgrade` and `Upgrade: websocket` through for this name; for nginx, docs/reverse-proxy.md says how",
        ),
        NoUpgrade::Status(404) => (
            "nobody answers at the address of the WebSocket (status 404)".to_owned(),
            "a reverse proxy has to forward every path of the name to the relay, /api/v1/connect with them",
        ),
        NoUpgrade::Status(403) => (
            "a proxy on the way forbids WebSocket (status 403)".to_owned(),
            "have it allow WebSocket for this name",
        ),
        NoUpgrade::Status(status) => (
            format!("the upgrade to WebSocket is answered with status {status}"),
            "look into the log of the proxy that stands in front of the relay",
        ),
        NoUpgrade::OtherProgram => (
            "a WebSocket opens, and no relay speaks on it".to_owned(),
            "a proxy on the way answers by itself: have it forward WebSocket for this name",
        ),
        NoUpgrade::Broken(why) => (
            format!("the WebSocket does not carry: {why}"),
            "a proxy on the way does not forward WebSocket: have it do so for this name",
        ),
    }
}

pub(super) fn quic(
    question: &Question,
    found: &Result<Carried, NoQuic>,
    settled: &Settled,
) -> Finding {
    const ABOUT: &str = "UDP";
    let port = question.port;
    let (found, remedy) = match found {
        Ok(carried) => {
            let there = carried.round_trip.as_secs_f64() * 1000.0;
            return Finding::ok(ABOUT, format!("QUIC works, {there:.1} ms there and back"));
        }
        Err(_) if is_off(settled) => (
            "the relay takes no clients by QUIC".to_owned(),
            "turn it on at the relay: `quic = true`".to_owned(),
        ),
        Err(NoQuic::Silent) => (
            "UDP blocked: nothing answers".to_owned(),
            format!(
                "let UDP {port} through to {}, past every proxy",
                question.host
            ),
        ),
        Err(NoQuic::NotBelieved(issuer)) => (
            format!("QUIC shows a certificate from {issuer} that nobody here trusts"),
            format!(
                "if {issuer} is your organisation's own authority, name its certificate with `--ca FILE`: by UDP the relay's own is shown, behind a reverse proxy, too"
            ),
        ),
        Err(NoQuic::Refused(why)) => (
            format!("QUIC does not work: {why}"),
            format!("let UDP {port} go straight to the relay, past every proxy"),
        ),
    };
    if question.wish != Wish::Quic && settled.websocket == Some(true) {
        let found = format!("{found}; sessions use WebSocket, which works");
        let remedy = format!("for a smoother picture on bad lines, {remedy}");
        return Finding::warn(ABOUT, found, remedy);
    }
    if question.place == Place::Relay && settled.websocket.is_none() {
        return Finding::warn(ABOUT, found, remedy);
    }
    let remedy = match question.wish {
        Wish::Quic => format!("{remedy}; or allow WebSocket: `--carrier auto`"),
        Wish::Best | Wish::WebSocket => remedy,
    };
    let found = format!("{found}, and nothing else carries a session");
    Finding::fail(ABOUT, found, remedy)
}

fn is_off(settled: &Settled) -> bool {
    let ours = settled
        .told
        .as_ref()
        .and_then(|told| told.connection.as_ref());
    ours.is_some_and(|ours| !ours.quic)
}
