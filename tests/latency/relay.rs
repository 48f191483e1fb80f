//! What the relay costs beside a raw TCP splice, in turns in one run.

use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use carrier::{Link, client_tls};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::Value;
use tests::demo::Authority;
use tests::load::{Crowd, Ends, Lines, Load, PAIRS_A_PERSON, QUEUE, Target};
use tests::stage::{Program, Setting, Stage};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use wire::Role;

use crate::Effort;
use crate::figure::Group;
use crate::process::resident_kb;
use crate::rounds::{Rounds, judge_cost, judge_latency, measured};

pub(crate) async fn run(effort: Effort) -> Group {
    let mut group = Group::new("relay");
    let mut raw = serde_json::Map::new();
    for by in [By::Wss, By::Quic] {
        costs(&mut group, &mut raw, by, effort).await;
    }
    group.remark("load a is 1 session of 60 pictures of 30 kB a second, load c is several of 10 of 20 kB; memory is the growth of the resident set by a session");
    group.remark("added p50 is over a direct line of the same kind (TCP, or WebSocket over TLS) in the same rounds");
    group.raw = Value::Object(raw);
    group
}

/// What sessions cost that come this way.
async fn costs(
    group: &mut Group,
    raw: &mut serde_json::Map<String, Value>,
    by: By,
    effort: Effort,
) {
    let [few, many] = effort.pick([10, 40], [50, 200]);
    let mut hall = Hall::open(many).await;
    hall.grow(1, by).await;
    if by == By::Wss {
        let direct = Direct::open(&hall.stage.path("")).await;
        let rounds = hall.rounds(LOAD_A, Some(&direct), effort).await;
        judge_latency(group, &rounds);
        raw.insert("a".to_owned(), rounds.json());
    }
    let (name, goals) = by.goals();
    let mut memory = vec![];
    for sessions in [few, many] {
        hall.grow(sessions, by).await;
        let rounds = hall.rounds(LOAD_C, None, effort).await;
        let goal = (sessions == many).then_some(goals.cost);
        judge_cost(group, name, sessions, &rounds, goal);
        memory.push((
            resident_kb(hall.stage.relay.id()),
            resident_kb(hall.splice.id()),
        ));
        raw.insert(format!("c{sessions} {name}"), rounds.json());
    }
    let [(relay, splice), (relay_after, splice_after)] = memory[..] else {
        unreachable!("two sizes")
    };
    let more = (many - few) as f64;
    let figure = format!("memory a live session, {name}");
    let grown = (relay_after - relay) / more;
    group.judge(&figure, grown, "kB", goals.memory);
    let figure = format!("memory a live session, TCP splice beside {name}");
    group.note(&figure, (splice_after - splice) / more, "kB");
}

/// What both ends of a session come by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Wss,
    Quic,
}

struct Goals {
    /// Relay CPU a byte, in that of a TCP splice.
    cost: f64,
    /// kB a session.
    memory: f64,
}

impl By {
    /// Its name, and what DESIGN 7 wants of it.
    fn goals(self) -> (&'static str, Goals) {
        let goals = |cost, memory| Goals { cost, memory };
        match self {
            Self::Wss => ("WSS", goals(2.0, 64.0)),
            Self::Quic => ("QUIC", goals(4.0, 100.0)),
        }
    }
}

/// A stage with a crowd that comes in one after the other.
pub(crate) struct Hall {
    /// They end before the relay does.
    pub(crate) through_relay: Lines,
    pub(crate) stage: Stage,
    crowd: Crowd,
    target: Target,
    splice: Program,
    splice_port: u16,
    /// Where the splice connects to.
    exit: TcpListener,
    through_splice: Lines,
}

impl Hall {
    /// With people for so many sessions.
    pub(crate) async fn open(sessions: usize) -> Self {
        let people = sessions.div_ceil(PAIRS_A_PERSON);
        let setting = Setting {
            crowd: people,
            ..Setting::default()
        };
        let stage = Stage::with(&setting).await;
        let crowd = Crowd::sign_in(&stage.provider, people).await;
        let exit = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("the system has a free port");
        let address = exit
            .local_addr()
            .expect("a listener has an address")
            .to_string();
        let mut command =
            tokio::process::Command::new(std::env::current_exe().expect("a program has a path"));
        command.args(["splice", &address]);
        let mut splice = Program::spawn("splice", command);
        let port = splice.expect("listening").await["port"].as_u64();
        Self {
            target: Target::of(&stage.relay),
            stage,
            splice,
            splice_port: port
                .and_then(|port| u16::try_from(port).ok())
                .expect("a port"),
            exit,
            crowd,
            through_relay: Lines::new(),
            through_splice: Lines::new(),
        }
    }

    /// Adds lines until there are so many of each kind.
    async fn grow(&mut self, sessions: usize, by: By) {
        for _ in self.through_relay.count()..sessions {
            self.add(by).await;
            let (from, to) = connect(self.splice_port, &self.exit).await;
            self.through_splice.add_tcp(from, to);
        }
    }

    /// Adds a session whose ends come this way.
    pub(crate) async fn add(&mut self, by: By) {
        let place = self.through_relay.count();
        let person = &self.crowd.sharers[place / PAIRS_A_PERSON];
        let last = u8::try_from(place / 10 + 1).expect("few sources");
        let source = Ipv4Addr::new(127, 0, 1, last);
        let helper = self.crowd.helper.access.expose();
        let helper = self.target.admit(helper, Role::Helper, source).await;
        let sharer = person.access.expose();
        let sharer = self.target.admit(sharer, Role::Sharer, source).await;
        let ends = Ends::meet(helper.link, sharer.link).await;
        let ends = match by {
            By::Wss => ends,
            By::Quic => ends.by_quic(&self.target, [helper.key, sharer.key]).await,
        };
        self.through_relay.add_ends(ends);
    }

    async fn rounds(&self, load: Load, direct: Option<&Direct>, effort: Effort) -> Rounds {
        let mut rounds = Rounds::default();
        let time = Duration::from_secs(effort.pick(2, 4));
        for _ in 0..effort.pick(2, 5) {
            rounds
                .splice
                .push(measured(self.splice.id(), &self.through_splice, load, time).await);
            rounds
                .relay
                .push(measured(self.stage.relay.id(), &self.through_relay, load, time).await);
            if let Some(direct) = direct {
                rounds
                    .direct_tcp
                    .push(direct.tcp.run(load, time, || 0.0).await.0);
                rounds
                    .direct_wss
                    .push(direct.wss.run(load, time, || 0.0).await.0);
            }
        }
        rounds
    }
}

/// Lines with nothing in between.
struct Direct {
    tcp: Lines,
    wss: Lines,
}

impl Direct {
    async fn open(folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("the system has a free port");
        let port = listener
            .local_addr()
            .expect("a listener has an address")
            .port();
        let (mut tcp, mut wss) = (Lines::new(), Lines::new());
        let (from, to) = connect(port, &listener).await;
        tcp.add_tcp(from, to);
        let files = Authority::make(&folder.join("direct")).expect("certificates can be made");
        let target = Target {
            port,
            tls: client_tls(Some(&files.ca)).expect("the authority can be read"),
        };
        let acceptor = acceptor(&files);
        let accept = async {
            let (stream, _) = listener.accept().await.expect("somebody connects");
            carrier::tune(&stream);
            let stream = acceptor.accept(stream).await.expect("TLS works");
            carrier::accept(stream).await
        };
        let (sharer, helper) = tokio::join!(target.plain(), accept);
        let [helper, sharer] = [helper, sharer].map(|carrier| Link::start(carrier, QUEUE));
        wss.add_ends(Ends::direct(helper, sharer));
        Self { tcp, wss }
    }
}

fn acceptor(files: &Authority) -> TlsAcceptor {
    let certificates: Vec<_> = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect)
        .expect("the certificate was written");
    let key = PrivateKeyDer::from_pem_file(&files.key).expect("the key was written");
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring knows them")
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .expect("they belong together");
    TlsAcceptor::from(Arc::new(config))
}

async fn connect(port: u16, exit: &TcpListener) -> (TcpStream, TcpStream) {
    let (from, to) = tokio::join!(TcpStream::connect(("127.0.0.1", port)), exit.accept());
    let (from, to) = (from.expect("it listens"), to.expect("it connects").0);
    for stream in [&from, &to] {
        stream
            .set_nodelay(true)
            .expect("a TCP socket can send at once");
    }
    (from, to)
}

const LOAD_A: Load = Load {
    bytes: 30_000,
    a_second: 60,
};
pub(crate) const LOAD_C: Load = Load {
    bytes: 20_000,
    a_second: 10,
};
