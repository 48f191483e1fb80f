//! What was seen, in the words of people: pure, so that every case is tested without a network.

mod carriers;
mod certificate;

use std::net::IpAddr;
use std::path::PathBuf;

use carrier::Wish;
use wire::Protocols;

use crate::{Connection, Finding, NoConnection, NoRelay, Observation, Seen, State, Told};

/// Who asks, and for what.
#[derive(Clone, Debug)]
pub struct Question {
    /// The relay's host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The carriers that are wanted.
    pub wish: Wish,
    /// From where.
    pub place: Place,
    /// The file of further authorities that was named.
    pub authority: Option<PathBuf>,
    /// Seconds of Unix.
    pub now: i64,
}

/// From where somebody looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// From a client.
    Client,
    /// From the relay's own host, by its public address: some networks do not let it.
    Relay,
}

/// What the findings before have settled.
#[derive(Default)]
struct Settled {
    /// What the relay says of itself.
    told: Option<Told>,
    /// The certificate that is shown over TCP: fingerprint and issuer.
    shown: Option<(String, String)>,
    /// WebSocket was tried, and works or not.
    websocket: Option<bool>,
}

/// What these observations mean, in their order. More observations never change what was found from those before.
pub fn judge(question: &Question, seen: &[Observation]) -> Vec<Finding> {
    let mut settled = Settled::default();
    let mut all = vec![];
    for Observation { seen, took } in seen {
        let found = one(question, seen, &mut settled);
        all.extend(found.into_iter().map(|finding| finding.took(*took)));
    }
    all
}

/// Whether a session would work, when every step is over.
pub fn verdict(question: &Question, seen: &[Observation]) -> Finding {
    const ABOUT: &str = "session";
    let findings = judge(question, seen);
    let failed = findings.iter().find(|one| one.state == State::Fail);
    if let Some(failed) = failed {
        let found = format!("none would work from here: see `{}`", failed.about);
        return Finding::fail(ABOUT, found, "do what stands at the first line with FAIL");
    }
    let carries = |by: fn(&Seen) -> bool| seen.iter().any(|one| by(&one.seen));
    if carries(|seen| matches!(seen, Seen::Quic(Ok(_)))) {
        Finding::ok(ABOUT, "one would work from here, by QUIC")
    } else if carries(|seen| matches!(seen, Seen::WebSocket(Ok(_)))) {
        Finding::ok(ABOUT, "one would work from here, by WebSocket")
    } else {
        let remedy = "do what stands at the lines before";
        Finding::fail(ABOUT, "nothing would carry one from here", remedy)
    }
}

fn one(question: &Question, seen: &Seen, settled: &mut Settled) -> Vec<Finding> {
    match seen {
        Seen::Names(found) => vec![names(question, found)],
        Seen::Connections(found) => vec![connections(question, found)],
        Seen::Tls(found) => {
            if let Ok(shown) = found {
                let certificate = &shown.certificate;
                settled.shown = Some((certificate.fingerprint.clone(), certificate.issuer.clone()));
            }
            certificate::judge(question, found)
        }
        Seen::Relay(found) => {
            settled.told = found.as_ref().ok().cloned();
            let mut all = vec![relay(found)];
            all.extend(certificate::judge_way(question, settled));
            all
        }
        Seen::WebSocket(found) => {
            settled.websocket = Some(found.is_ok());
            vec![carriers::websocket(question, found)]
        }
        Seen::Quic(found) => vec![carriers::quic(question, found, settled)],
        Seen::SignIn(issuer, found) => vec![sign_in(issuer, found)],
    }
}

fn names(question: &Question, found: &Result<Vec<IpAddr>, String>) -> Finding {
    const ABOUT: &str = "name";
    let host = &question.host;
    let why = match found {
        Ok(found) if !found.is_empty() => {
            let told: Vec<String> = found.iter().map(ToString::to_string).collect();
            return Finding::ok(ABOUT, format!("{host} is {}", told.join(", ")));
        }
        Ok(_) => "it has no address",
        Err(why) => why,
    };
    let remedy = match question.place {
        Place::Client => format!(
            "look whether {host} is written as your organisation told you, and whether this computer is on the network; else ask whoever runs the network for its names (DNS)"
        ),
        Place::Relay => format!(
            "make an A or AAAA record for {host} that names this host, or correct `address`"
        ),
    };
    Finding::fail(ABOUT, format!("{host} is not found: {why}"), remedy)
}

fn connections(question: &Question, found: &[Connection]) -> Finding {
    const ABOUT: &str = "connection";
    let told: Vec<String> = found.iter().map(connection).collect();
    let told = told.join("; ");
    let open = found.iter().filter(|one| one.result.is_ok()).count();
    let port = question.port;
    if open == found.len() {
        return Finding::ok(ABOUT, told);
    }
    if open > 0 {
        let remedy = format!(
            "an address that does not answer costs time at each connection: take it out of the records of {}, or let TCP {port} through to it",
            question.host
        );
        return Finding::warn(ABOUT, told, remedy);
    }
    match question.place {
        Place::Client => Finding::fail(
            ABOUT,
            told,
            format!(
                "let TCP {port} out to {} at the firewall of this network: Handrail connects directly, it uses no HTTP proxy; if other people cannot connect either, the relay does not run",
                question.host
            ),
        ),
        Place::Relay => Finding::warn(
            ABOUT,
            told,
            format!(
                "let TCP {port} in at the firewall and at what forwards ports; some networks do not let a host reach itself by its outer address: then try from elsewhere"
            ),
        ),
    }
}

fn connection(one: &Connection) -> String {
    let address = one.address;
    match &one.result {
        Ok(()) => format!("{address} takes connections"),
        Err(NoConnection::Refused) => format!("{address} refuses them"),
        Err(NoConnection::Silent) => format!("{address} does not answer"),
        Err(NoConnection::Other(why)) => format!("{address} cannot be reached: {why}"),
    }
}

fn relay(found: &Result<Told, NoRelay>) -> Finding {
    const ABOUT: &str = "relay";
    let told = match found {
        Ok(told) => told,
        Err(why) => return no_relay(why),
    };
    let Protocols { min, max } = told.protocol;
    let range = if min == max {
        min.to_string()
    } else {
        format!("{min} to {max}")
    };
    let source = told.connection.as_ref().map(|ours| ours.source);
    let source = source.map_or_else(String::new, |source| {
        format!("; it sees this computer as {source}")
    });
    if Protocols::OURS.common(told.protocol).is_some() {
        let found = format!("a Handrail relay answers, protocol {range}{source}");
        return Finding::ok(ABOUT, found);
    }
    Finding::fail(
        ABOUT,
        format!(
            "a Handrail relay answers with protocol {range}; this program speaks {}",
            Protocols::OURS.max
        ),
        "install the version of the program that your organisation's relay goes with",
    )
}

fn no_relay(why: &NoRelay) -> Finding {
    const ABOUT: &str = "relay";
    let portal = "open the address in a browser: a network that wants you to sign in or to accept terms shows its page there";
    match why {
        NoRelay::Status(status @ 502..=504) => Finding::fail(
            ABOUT,
            format!(
                "a server in front of the relay answers with status {status}: it does not reach the relay"
            ),
            "start the relay, or correct the address to which its reverse proxy forwards",
        ),
        NoRelay::Status(407) => Finding::fail(
            ABOUT,
            "a proxy wants a sign-in of its own (status 407)",
            "Handrail connects directly: have whoever runs the network let this address through without it",
        ),
        NoRelay::Status(status) => Finding::fail(
            ABOUT,
            format!("something answers with status {status}; no relay does"),
            "look at the address; a reverse proxy has to forward every path of the name to the relay",
        ),
        NoRelay::Elsewhere(to) => Finding::fail(
            ABOUT,
            format!("what answers sends on to `{to}`; no relay does"),
            portal,
        ),
        NoRelay::OtherProgram => {
            Finding::fail(ABOUT, "something answers that is no Handrail relay", portal)
        }
        NoRelay::Broken(why) => Finding::fail(
            ABOUT,
            format!("there is no answer over HTTPS: {why}"),
            "try again; if it stays so, something on the way lets connections begin and then holds them up",
        ),
    }
}

fn sign_in(issuer: &str, found: &Result<(), String>) -> Finding {
    const ABOUT: &str = "sign-in service";
    match found {
        Ok(()) => Finding::ok(ABOUT, format!("{issuer} answers, and has keys")),
        Err(why) => Finding::fail(
            ABOUT,
            why,
            format!(
                "open {issuer} in a browser; if that works, this program does not trust its certificate (`--ca`), or may not go out to it"
            ),
        ),
    }
}

#[cfg(test)]
mod tests;
