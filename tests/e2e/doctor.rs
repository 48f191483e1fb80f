//! What `doctor` says of a connection: the clients' of the way to a relay, the relay's of its own.

mod impostor;

use std::process::Output;
use std::sync::Arc;

use serde_json::Value;
use tests::demo::Authority;
use tests::netem::{OFFICE, Path, Protocol};
use tests::stage::{Setting, Stage, binary, free_port};
use tokio::process::Command;

use impostor::{Impostor, made};

/// What was found, and whether the program says that a session would work.
struct Told {
    works: bool,
    findings: Vec<Value>,
}

impl Told {
    fn of(output: &Output) -> Self {
        let text = String::from_utf8_lossy(&output.stdout);
        let report: Value = serde_json::from_str(&text).unwrap_or_else(|_| {
            let why = String::from_utf8_lossy(&output.stderr);
            panic!("no JSON: {text} {why}")
        });
        let findings = report["findings"].as_array().expect("a list").clone();
        for one in &findings {
            let is_ok = one["state"] == "OK";
            assert_eq!(one["remedy"].is_null(), is_ok, "{one}");
        }
        Self {
            works: output.status.success(),
            findings,
        }
    }

    /// State and text of what was found about this.
    fn about(&self, about: &str) -> (&str, &str) {
        let found = self.findings.iter().find(|one| one["about"] == about);
        let found = found.unwrap_or_else(|| panic!("nothing about {about}: {:#?}", self.findings));
        let text = |name: &str| found[name].as_str().expect("a text");
        (text("state"), text("found"))
    }

    fn holds(&self, about: &str, state: &str, text: &str) {
        let (found, told) = self.about(about);
        assert_eq!(found, state, "{about}: {told}");
        assert!(told.contains(text), "{about}: {told}");
    }

    /// The first that fails.
    fn fails(&self) -> &str {
        assert!(!self.works, "{:#?}", self.findings);
        let failed = self.findings.iter().find(|one| one["state"] == "FAIL");
        failed
            .and_then(|one| one["about"].as_str())
            .expect("one fails")
    }
}

/// PRODUCT 7.1, 7.3: every step is told with its time, and nobody has to do anything.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_finds_that_a_session_would_work() {
    let stage = Stage::start().await;
    let ca = stage.relay.ca.display().to_string();
    let arguments = ["--relay", &stage.relay.url, "--ca", &ca];
    let told = Told::of(&doctor("handrail-sharer", &[&arguments[..], &["--json"]].concat()).await);
    assert!(told.works, "{:#?}", told.findings);
    told.holds("name", "OK", "localhost is");
    told.holds("certificate shown", "OK", "from Handrail demo authority");
    told.holds("certificate shown", "OK", "trusted by");
    told.holds("relay", "OK", "a Handrail relay answers, protocol");
    told.holds("way to the relay", "OK", "nobody on the way");
    told.holds("WebSocket", "OK", "there and back");
    told.holds("UDP", "OK", "QUIC works");
    told.holds("sign-in service", "OK", "has keys");
    told.holds("session", "OK", "by QUIC");
    let read = doctor("handrail-helper", &arguments).await;
    let text = String::from_utf8_lossy(&read.stdout);
    assert!(read.status.success(), "{text}");
    assert!(text.starts_with("OK    name ("), "{text}");
    assert!(
        text.ends_with("OK    session: one would work from here, by QUIC\n"),
        "{text}"
    );
}

/// PRODUCT 7.3: blocked UDP is told, and is no reason to do without a session.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocked_udp_is_told_and_no_failure() {
    let Some(network) = Path::start(&OFFICE, 1) else {
        return;
    };
    let network = Arc::new(network);
    let setting = Setting {
        network: Some(network.clone()),
        ..Setting::default()
    };
    let stage = Stage::with(&setting).await;
    let ca = stage.relay.ca.display().to_string();
    network.cut(Protocol::Udp);
    let look = async |carrier: &str| {
        let command = network.client.command(binary("handrail-sharer"));
        let output = Command::from(command)
            .args(["doctor", "--json", "--relay", &stage.relay.url, "--ca", &ca])
            .args(["--carrier", carrier])
            .output();
        Told::of(&output.await.expect("the sharer can be started"))
    };
    let told = look("auto").await;
    told.holds("UDP", "WARN", "UDP blocked");
    told.holds("UDP", "WARN", "sessions use WebSocket, which works");
    assert!(told.works, "{:#?}", told.findings);
    told.holds("session", "OK", "by WebSocket");
    let told = look("quic").await;
    assert_eq!(told.fails(), "UDP");
    told.holds("UDP", "FAIL", "UDP blocked");
}

/// PRODUCT 7.3: a proxy that inspects TLS is named, and works if it is trusted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_inspects_tls_is_named() {
    let stage = Stage::start().await;
    let proxy = Impostor::between(&stage.relay).await;
    let both = stage.relay.ca.with_file_name("with-proxy.pem");
    let pem = |path| std::fs::read_to_string(path).expect("a certificate");
    std::fs::write(&both, pem(&stage.relay.ca) + &proxy.authority).expect("a file");
    let told = look(&proxy.url, &both.display().to_string()).await;
    assert!(told.works, "{:#?}", told.findings);
    told.holds("way to the relay", "WARN", "is from Lindenhof Inspection");
    told.holds("UDP", "WARN", "sessions use WebSocket, which works");
    told.holds("session", "OK", "by WebSocket");
    let told = look(&proxy.url, &stage.relay.ca.display().to_string()).await;
    assert_eq!(told.fails(), "certificate shown");
    told.holds("certificate shown", "FAIL", "from Lindenhof Inspection");
}

/// Each fault of a certificate is told apart, and so is what is no relay at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_answers_instead_of_the_relay_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let trusting = |proxy: &Impostor| {
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, &proxy.authority).expect("a file");
        path.display().to_string()
    };
    for (name, until, wanted) in [
        ("localhost", 2025, "expired:"),
        ("other.example", 2100, "for another name:"),
    ] {
        let impostor = Impostor::answering(made(name, until), &[]).await;
        let told = look(&impostor.url, &trusting(&impostor)).await;
        assert_eq!(told.fails(), "certificate shown");
        told.holds("certificate shown", "FAIL", wanted);
    }
    let sign_in = ("/api/v1/sign-in", "200 OK", SIGN_IN);
    for (answers, failed, wanted) in [
        (vec![], "relay", "status 404"),
        (
            vec![("/api/v1/sign-in", "502 Bad Gateway", "")],
            "relay",
            "does not reach the relay",
        ),
        (
            vec![("/api/v1/sign-in", "200 OK", "<html>Welcome</html>")],
            "relay",
            "no Handrail relay",
        ),
        (
            vec![sign_in, ("/api/v1/connect", "426 Upgrade Required", "")],
            "WebSocket",
            "takes the upgrade",
        ),
        (vec![sign_in], "WebSocket", "nobody answers"),
    ] {
        let impostor = Impostor::answering(made("localhost", 2100), &answers).await;
        let told = look(&impostor.url, &trusting(&impostor)).await;
        assert!(!told.works, "{wanted}: {:#?}", told.findings);
        let (_, found) = told.about(failed);
        assert!(found.contains(wanted), "{found}");
    }
}

/// What answers without TLS, and what does not answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_without_tls_and_one_without_anybody_are_told_apart() {
    let stage = Stage::start().await;
    let ca = stage.relay.ca.display().to_string();
    let metrics = format!("https://{}", stage.relay.metrics);
    let told = look(&metrics, &ca).await;
    told.holds("certificate shown", "FAIL", "does not speak TLS");
    let nobody = format!("https://127.0.0.1:{}", free_port());
    let told = look(&nobody, &ca).await;
    assert_eq!(told.fails(), "connection");
    told.holds("connection", "FAIL", "refuses them");
    let told = look("http://localhost", &ca).await;
    assert_eq!(told.fails(), "settings");
    let told = look(&nobody, "no-such-file.pem").await;
    assert_eq!(told.fails(), "settings");
    told.holds("settings", "FAIL", "no-such-file.pem");
}

/// PRODUCT 11.1: the relay goes the way of its clients, and says what is wrong with its port before it gives up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_relay_looks_at_its_own_address() {
    let stage = Stage::start().await;
    let config = stage.relay.log.with_file_name("relay.toml");
    let config = config.display().to_string();
    let run = async |arguments: &[&str]| {
        let command = Command::new(binary("handrail-relay"))
            .args(arguments)
            .output();
        command.await.expect("the relay's program can be started")
    };
    let told = Told::of(&run(&["doctor", "--json", "--config", &config]).await);
    told.holds("certificate shown", "OK", "it is the relay's own");
    told.holds("way to the relay", "OK", "nobody on the way");
    told.holds("WebSocket", "OK", "there and back");
    told.holds("UDP", "OK", "QUIC works");
    let again = run(&["serve", "--config", &config, "--metrics", "127.0.0.1:0"]).await;
    let why = String::from_utf8_lossy(&again.stderr);
    assert!(!again.status.success());
    assert!(why.contains("cannot be listened on"), "{why}");
    assert!(why.contains("another program has it"), "{why}");
}

/// A relay that may not listen below 1024 says which right it lacks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_without_the_right_to_its_port_says_so() {
    let first = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    if first.is_ok_and(|first| first.trim() == "0") {
        eprintln!("SKIPPED: here everybody may listen on every port");
        return;
    }
    let stage = Stage::start().await;
    let config = stage.relay.log.with_file_name("relay.toml");
    let mut command = if rustix::process::geteuid().is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--bounding-set", "-net_bind_service", "--"]);
        command.arg(binary("handrail-relay"));
        command
    } else {
        Command::new(binary("handrail-relay"))
    };
    let refused = command
        .args(["serve", "--listen", "127.0.0.1:443", "--metrics"])
        .arg("127.0.0.1:0")
        .arg("--config")
        .arg(config)
        .output();
    let refused = refused.await.expect("the relay's program can be started");
    let why = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success());
    assert!(why.contains("CAP_NET_BIND_SERVICE"), "{why}");
}

/// A certificate that has ended is told of by a relay that starts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_with_an_old_certificate_says_so() {
    let stage = Stage::start().await;
    let folder = stage.relay.log.parent().expect("a file is in a folder");
    let old = made("localhost", 2025);
    let files = Authority::make(&folder.join("tls")).expect("certificates can be made");
    std::fs::write(&files.certificate, &old.certificate).expect("a file");
    std::fs::write(&files.key, &old.key).expect("a file");
    let mut relay = stage.relay.again().await;
    relay.wait_for("it expired").await;
}

async fn look(relay: &str, ca: &str) -> Told {
    let arguments = ["--json", "--relay", relay, "--ca", ca];
    Told::of(&doctor("handrail-sharer", &arguments).await)
}

async fn doctor(program: &str, arguments: &[&str]) -> Output {
    let command = Command::new(binary(program))
        .arg("doctor")
        .args(arguments)
        .output();
    command.await.expect("the program can be started")
}

const SIGN_IN: &str = r#"{"issuer":"https://127.0.0.1:9","protocol":{"min":1,"max":1}}"#;
