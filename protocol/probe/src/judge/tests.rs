use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::*;
use crate::{Believed, Carried, Certificate, NoQuic, NoTls, NoUpgrade, Ours, Shown};

const NOW: i64 = 1_800_000_000;
const DAY: i64 = 86_400;

fn question(wish: Wish, place: Place) -> Question {
    Question {
        host: "help.example".to_owned(),
        port: 443,
        wish,
        place,
        authority: Some("/etc/own-ca.pem".into()),
        now: NOW,
    }
}

fn seen(all: Vec<Seen>) -> Vec<Observation> {
    let took = Duration::from_millis(7);
    all.into_iter()
        .map(|seen| Observation { seen, took })
        .collect()
}

fn certificate() -> Certificate {
    Certificate {
        subject: "help.example".to_owned(),
        issuer: "Inspection CA (Lindenhof)".to_owned(),
        names: vec!["help.example".to_owned()],
        fits: true,
        begins: NOW - DAY,
        ends: NOW + 90 * DAY,
        is_self_signed: false,
        fingerprint: "aa".to_owned(),
    }
}

fn shown(certificate: Certificate, believed: Believed) -> Seen {
    Seen::Tls(Ok(Shown {
        certificate,
        believed,
    }))
}

fn told(certificate: &str, quic: bool) -> Seen {
    Seen::Relay(Ok(Told {
        issuer: "https://login.example".to_owned(),
        protocol: Protocols::OURS,
        connection: Some(Ours {
            source: Ipv4Addr::new(192, 0, 2, 7).into(),
            certificate: certificate.to_owned(),
            quic,
        }),
    }))
}

fn connected(result: Result<(), NoConnection>) -> Seen {
    let address = SocketAddr::from(([203, 0, 113, 5], 443));
    Seen::Connections(vec![Connection { address, result }])
}

fn carried() -> Carried {
    Carried {
        round_trip: Duration::from_micros(12_300),
    }
}

fn named() -> Seen {
    Seen::Names(Ok(vec![Ipv4Addr::new(203, 0, 113, 5).into()]))
}

/// Everything up to what carries, as it should be.
fn reached(quic: bool) -> Vec<Seen> {
    vec![
        named(),
        connected(Ok(())),
        shown(certificate(), Believed::System),
        told("aa", quic),
    ]
}

fn with(mut all: Vec<Seen>, more: impl IntoIterator<Item = Seen>) -> Vec<Observation> {
    all.extend(more);
    seen(all)
}

/// The last finding of a client that sees this.
fn last(wish: Wish, all: &[Observation]) -> Finding {
    let found = judge(&question(wish, Place::Client), all);
    found.last().unwrap().clone()
}

#[test]
fn where_everything_works_nothing_has_to_be_done() {
    let signed_in = Seen::SignIn("https://login.example".to_owned(), Ok(()));
    let carriers = [
        Seen::WebSocket(Ok(carried())),
        Seen::Quic(Ok(carried())),
        signed_in,
    ];
    let all = with(reached(true), carriers);
    let asked = question(Wish::Best, Place::Client);
    let found = judge(&asked, &all);
    assert!(
        found
            .iter()
            .all(|one| one.state == State::Ok && one.remedy.is_none()),
        "{found:?}"
    );
    assert!(found.iter().all(|one| one.milliseconds == Some(7)));
    let verdict = verdict(&asked, &all);
    assert_eq!(verdict.state, State::Ok);
    assert!(verdict.found.contains("by QUIC"), "{}", verdict.found);
}

/// What was printed stays true: a step that ends later changes no line before it.
#[test]
fn more_observations_change_nothing_that_was_found() {
    let all = with(
        reached(true),
        [
            Seen::WebSocket(Err(NoUpgrade::Status(426))),
            Seen::Quic(Err(NoQuic::Silent)),
            Seen::SignIn("https://login.example".to_owned(), Err("late".to_owned())),
        ],
    );
    for wish in [Wish::Best, Wish::Quic, Wish::WebSocket] {
        let asked = question(wish, Place::Client);
        let whole = judge(&asked, &all);
        for length in 0..all.len() {
            let part = judge(&asked, &all[..length]);
            assert_eq!(part, whole[..part.len()]);
        }
    }
}

/// PRODUCT 7.3: blocked UDP is worth a warning, and fails only who insists on it.
#[test]
fn blocked_udp_is_a_warning_where_websocket_works() {
    let blocked = with(
        reached(true),
        [
            Seen::WebSocket(Ok(carried())),
            Seen::Quic(Err(NoQuic::Silent)),
        ],
    );
    let found = last(Wish::Best, &blocked);
    assert_eq!(found.state, State::Warn);
    assert_eq!(
        found.found,
        "UDP blocked: nothing answers; sessions use WebSocket, which works"
    );
    let asked = question(Wish::Best, Place::Client);
    let told = verdict(&asked, &blocked);
    assert_eq!((told.state, told.remedy), (State::Ok, None));
    let insists = with(reached(true), [Seen::Quic(Err(NoQuic::Silent))]);
    let found = last(Wish::Quic, &insists);
    assert_eq!(found.state, State::Fail);
    assert!(found.remedy.unwrap().contains("--carrier auto"));
    let asked = question(Wish::Quic, Place::Client);
    assert_eq!(verdict(&asked, &insists).state, State::Fail);
    let unknown = Seen::Quic(Err(NoQuic::NotBelieved("Lindenhof CA".to_owned())));
    let proxied = with(reached(true), [Seen::WebSocket(Ok(carried())), unknown]);
    let found = last(Wish::Best, &proxied);
    assert_eq!(found.state, State::Warn);
    assert!(found.found.contains("from Lindenhof CA"), "{found:?}");
    assert!(found.remedy.unwrap().contains("`--ca FILE`"));
    let off = with(
        reached(false),
        [
            Seen::WebSocket(Ok(carried())),
            Seen::Quic(Err(NoQuic::Silent)),
        ],
    );
    let found = last(Wish::Best, &off);
    assert!(found.found.starts_with("the relay takes no"), "{found:?}");
}

/// PRODUCT 7.3: a proxy that inspects TLS is named, whether it is trusted or not.
#[test]
fn a_proxy_that_inspects_tls_is_named() {
    let trusted = vec![
        named(),
        connected(Ok(())),
        shown(certificate(), Believed::File),
        told("bb", true),
    ];
    let found = last(Wish::Best, &seen(trusted));
    assert_eq!(found.state, State::Warn);
    assert!(found.found.contains("from Inspection CA (Lindenhof)"));
    assert!(found.found.contains("This works"), "{}", found.found);
    let unknown = Believed::No("UnknownIssuer".to_owned());
    let found = last(Wish::Best, &seen(vec![shown(certificate(), unknown)]));
    assert_eq!(found.state, State::Fail);
    assert!(found.found.starts_with("nobody here trusts it"));
    assert!(found.found.contains("from Inspection CA (Lindenhof)"));
    assert!(found.remedy.unwrap().contains("`--ca FILE`"));
}

#[test]
fn each_fault_of_a_certificate_is_told_apart() {
    let no = || Believed::No("InvalidCertificate".to_owned());
    let good = certificate();
    let expired = Certificate {
        ends: NOW - DAY,
        ..good.clone()
    };
    let early = Certificate {
        begins: NOW + DAY,
        ..good.clone()
    };
    let other = Certificate {
        fits: false,
        ..good.clone()
    };
    let own = Certificate {
        is_self_signed: true,
        ..good.clone()
    };
    for (certificate, wanted, remedy) in [
        (expired, "expired:", "clock"),
        (early, "not good yet:", "behind"),
        (other, "for another name:", "as your organisation told you"),
        (
            own,
            "nobody here trusts it: the certificate of help.example is signed by itself",
            "--ca",
        ),
        (good.clone(), "nobody here trusts it:", "--ca"),
    ] {
        let found = last(Wish::Best, &seen(vec![shown(certificate, no())]));
        assert_eq!(found.state, State::Fail);
        assert!(found.found.starts_with(wanted), "{}", found.found);
        assert!(found.remedy.unwrap().contains(remedy));
    }
    let soon = Certificate {
        ends: NOW + 3 * DAY,
        ..good
    };
    let found = last(Wish::Best, &seen(vec![shown(soon, Believed::System)]));
    assert_eq!(found.state, State::Warn);
    assert!(found.found.contains("ends in 3 days"), "{}", found.found);
    for (why, wanted) in [
        (NoTls::OtherProtocol, "does not speak TLS"),
        (NoTls::OldVersion, "does not speak TLS 1.3"),
        (NoTls::Broken("reset".to_owned()), "before a certificate"),
    ] {
        let found = last(Wish::Best, &seen(vec![Seen::Tls(Err(why))]));
        assert_eq!(found.state, State::Fail);
        assert!(found.found.contains(wanted), "{}", found.found);
    }
}

/// A proxy that takes the upgrade away is not one that forwards some paths only.
#[test]
fn a_stripped_upgrade_is_not_a_missing_page() {
    let upgrade = |status| Seen::WebSocket(Err(NoUpgrade::Status(status)));
    for (status, wanted) in [
        (426, "takes the upgrade to WebSocket out"),
        (404, "nobody answers at the address"),
        (403, "forbids WebSocket"),
        (502, "status 502"),
    ] {
        let all = with(reached(true), [upgrade(status)]);
        let found = last(Wish::WebSocket, &all);
        assert_eq!(found.state, State::Fail);
        assert!(found.found.contains(wanted), "{}", found.found);
        // Where QUIC may carry it is no failure yet.
        assert_eq!(last(Wish::Best, &all).state, State::Warn);
    }
    let asked = question(Wish::Best, Place::Client);
    let quic = with(reached(true), [upgrade(426), Seen::Quic(Ok(carried()))]);
    assert_eq!(verdict(&asked, &quic).state, State::Ok);
    let neither = [upgrade(426), Seen::Quic(Err(NoQuic::Silent))];
    let neither = with(reached(true), neither);
    assert_eq!(verdict(&asked, &neither).state, State::Fail);
}

#[test]
fn what_answers_instead_of_a_relay_is_told() {
    for (why, wanted) in [
        (NoRelay::Status(502), "does not reach the relay"),
        (NoRelay::Status(407), "a sign-in of its own"),
        (NoRelay::Status(404), "no relay does"),
        (
            NoRelay::Elsewhere("http://portal/".to_owned()),
            "http://portal/",
        ),
        (NoRelay::OtherProgram, "no Handrail relay"),
        (NoRelay::Broken("reset".to_owned()), "no answer over HTTPS"),
    ] {
        let found = last(Wish::Best, &seen(vec![Seen::Relay(Err(why))]));
        assert_eq!(found.state, State::Fail);
        assert!(found.found.contains(wanted), "{}", found.found);
    }
    let newer = Told {
        issuer: String::new(),
        protocol: Protocols { min: 900, max: 901 },
        connection: None,
    };
    let found = last(Wish::Best, &seen(vec![Seen::Relay(Ok(newer))]));
    assert_eq!(found.state, State::Fail);
    assert!(found.found.contains("900 to 901"), "{}", found.found);
}

/// A network that does not let a host reach itself says nothing about the relay.
#[test]
fn the_relay_does_not_fail_for_its_own_network() {
    let silent = seen(vec![
        named(),
        connected(Err(NoConnection::Silent)),
        Seen::Quic(Err(NoQuic::Silent)),
    ]);
    let states = |place| {
        let found = judge(&question(Wish::Best, place), &silent);
        found.iter().map(|one| one.state).collect::<Vec<_>>()
    };
    assert_eq!(states(Place::Relay), [State::Ok, State::Warn, State::Warn]);
    assert_eq!(states(Place::Client), [State::Ok, State::Fail, State::Fail]);
    let unnamed = seen(vec![Seen::Names(Err("no such host".to_owned()))]);
    let found = judge(&question(Wish::Best, Place::Relay), &unnamed);
    assert_eq!(found[0].state, State::Fail);
    assert!(found[0].remedy.as_ref().unwrap().contains("`address`"));
}

#[test]
fn one_dead_address_of_two_is_worth_a_warning() {
    let one = |last, result| Connection {
        address: SocketAddr::from(([203, 0, 113, last], 443)),
        result,
    };
    let both = vec![one(5, Ok(())), one(6, Err(NoConnection::Refused))];
    let found = last(Wish::Best, &seen(vec![Seen::Connections(both)]));
    assert_eq!(found.state, State::Warn);
    assert_eq!(
        found.found,
        "203.0.113.5:443 takes connections; 203.0.113.6:443 refuses them"
    );
}
