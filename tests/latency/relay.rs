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
use tests::stage::{Program, RelayProcess, Setting, free_port};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use wire::Role;

use crate::Effort;
use crate::crowd::{self, Crowd, PAIRS_A_PERSON};
use crate::dial::{QUEUE, Target};
use crate::figure::Group;
use crate::load::{Lines, Load};
use crate::pair::Ends;
use crate::process::resident_kb;
use crate::rounds::{Rounds, judge_cost, judge_latency, measured};

pub(crate) async fn run(effort: Effort) -> Group {
    let mut group = Group::new("relay");
    let [few, many] = effort.pick([10, 40], [50, 200]);
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let mut hall = Hall::open(folder.path(), many).await;
    let mut raw = serde_json::Map::new();

    hall.grow(1).await;
    let direct = Direct::open(folder.path()).await;
    let rounds = hall.rounds(LOAD_A, Some(&direct), effort).await;
    judge_latency(&mut group, &rounds);
    raw.insert("a".to_owned(), rounds.json());
    let mut memory = vec![];
    for sessions in [few, many] {
        hall.grow(sessions).await;
        let rounds = hall.rounds(LOAD_C, None, effort).await;
        judge_cost(&mut group, sessions, &rounds, sessions == many);
        memory.push((
            sessions,
            resident_kb(hall.relay.id()),
            resident_kb(hall.splice.id()),
        ));
        raw.insert(format!("c{sessions}"), rounds.json());
    }
    let [(few, relay, splice), (many, relay_after, splice_after)] = memory[..] else {
        unreachable!("two sizes")
    };
    let more = (many - few) as f64;
    group.judge(
        "memory a live session, WSS",
        (relay_after - relay) / more,
        "kB",
        64.0,
    );
    group.note(
        "memory a live session, TCP splice",
        (splice_after - splice) / more,
        "kB",
    );
    group.remark(format!(
        "load a is 1 session of 60 pictures of 30 kB a second, load c is {few} and {many} of 10 of 20 kB; memory is the growth \
         of the resident set from {few} to {many} sessions, by a session"
    ));
    group.remark("added p50 is over a direct line of the same kind (TCP, or WebSocket over TLS) in the same rounds");
    group.remark("QUIC is not measured: there is no such carrier yet");
    group.raw = Value::Object(raw);
    group
}

/// Two processes between which the turns change, and lines through both.
struct Hall {
    relay: RelayProcess,
    splice: Program,
    splice_port: u16,
    /// Where the splice connects to.
    exit: TcpListener,
    crowd: Crowd,
    target: Target,
    through_relay: Lines,
    through_splice: Lines,
}

impl Hall {
    async fn open(folder: &Path, sessions: usize) -> Self {
        let people = sessions.div_ceil(PAIRS_A_PERSON);
        let provider = crowd::provider(folder, people).await;
        let relay = RelayProcess::start(folder, &provider, &Setting::default(), free_port()).await;
        let crowd = Crowd::sign_in(&provider, people).await;
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
        let relay_port = relay
            .url
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok());
        let target = Target {
            port: relay_port.expect("an address has a port"),
            tls: client_tls(Some(&relay.ca)).expect("the authority can be read"),
        };
        Self {
            relay,
            splice,
            splice_port: port
                .and_then(|port| u16::try_from(port).ok())
                .expect("a port"),
            exit,
            crowd,
            target,
            through_relay: Lines::new(),
            through_splice: Lines::new(),
        }
    }

    /// Adds lines until there are so many of each kind.
    async fn grow(&mut self, sessions: usize) {
        for place in self.through_relay.count()..sessions {
            let person = &self.crowd.sharers[place / PAIRS_A_PERSON];
            let source = Ipv4Addr::new(
                127,
                0,
                1,
                u8::try_from(place / 10 + 1).expect("few sources"),
            );
            let helper = &self.crowd.helper;
            let helper = self
                .target
                .admit(helper.access.expose(), Role::Helper, source)
                .await;
            let sharer = self
                .target
                .admit(person.access.expose(), Role::Sharer, source)
                .await;
            self.through_relay
                .add_ends(Ends::meet(helper, sharer).await);
            let (from, to) = connect(self.splice_port, &self.exit).await;
            self.through_splice.add_tcp(from, to);
        }
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
                .push(measured(self.relay.id(), &self.through_relay, load, time).await);
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
        wss.add_ends(Ends {
            helper: Link::start(helper, QUEUE),
            sharer: Link::start(sharer, QUEUE),
        });
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
const LOAD_C: Load = Load {
    bytes: 20_000,
    a_second: 10,
};
