//! The reverse proxies of `docs/reverse-proxy.md`, as the page has them, in front of a relay.

use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use carrier::client_tls;
use reqwest::Client;
use serde_json::{Value, json};
use tests::demo::Authority;
use tests::stage::{Setting, Stage, free_port};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// A proxy of the page. It is killed when this is dropped.
struct Proxy {
    url: String,
    _process: Child,
}

/// PRODUCT 7.3: nginx: pages, a session by WebSocket through a proxy that opens the TLS, and whose address the relay sees.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_works_behind_nginx() {
    works_behind("nginx").await;
}

/// PRODUCT 7.3: `HAProxy`: the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_works_behind_haproxy() {
    works_behind("haproxy").await;
}

async fn works_behind(program: &str) {
    let stage = Stage::with(&trusting(&["127.0.0.1/32"])).await;
    let proxy = Proxy::start(program, &stage).await;
    let page = page(&stage, &proxy.url).await;
    assert!(page.contains("<title>"), "{page}");
    // What a client writes itself is not believed, whoever brings it.
    assert_eq!(seen(&stage, &proxy.url).await, "127.0.0.2");
    assert_eq!(seen(&stage, &stage.relay.url).await, "127.0.0.2");
    let sharer = stage.sharer_at(&proxy.url, "sakura", &["--source", "synthetic"]);
    let mut pair = stage
        .pair(stage.helper_at(&proxy.url, "amina", &[]), sharer)
        .await;
    pair.grant("control").await;
    pair.helper.tell("type", json!({"text": "hello"})).await;
    pair.settle().await;
    for end in [&mut pair.helper, &mut pair.sharer] {
        let stats = end.ask("stats", json!({}), "stats").await;
        assert_eq!(stats["carrier"], "wss");
    }
    let distrusting = Stage::with(&trusting(&["192.0.2.0/24"])).await;
    let proxy = Proxy::start(program, &distrusting).await;
    assert_eq!(seen(&distrusting, &proxy.url).await, "127.0.0.1");
}

impl Proxy {
    /// The proxy as the page configures it, on a free port, in front of this relay.
    async fn start(program: &str, stage: &Stage) -> Self {
        let folder = stage.path(program);
        let own = Authority::make(&folder.join("tls")).expect("certificates can be made");
        let read = |path: &Path| fs::read_to_string(path).expect("a file");
        let both = folder.join("both.pem");
        write(&both, &(read(&own.certificate) + &read(&own.key)));
        let relays = folder.join("relay-ca.pem");
        write(&relays, &read(&stage.relay.ca));
        write(&stage.relay.ca, &(read(&stage.relay.ca) + &read(&own.ca)));
        let port = free_port();
        let relay = stage.relay.url.replace("https://localhost", "127.0.0.1");
        let path = |path: &PathBuf| path.display().to_string();
        let text = snippet(program)
            .replace("listen 443 ", &format!("listen 127.0.0.1:{port} "))
            .replace("bind :443 ", &format!("bind 127.0.0.1:{port} "))
            .replace("127.0.0.1:8443", &relay)
            .replace("/etc/nginx/help.example.pem", &path(&own.certificate))
            .replace("/etc/nginx/help.example.key", &path(&own.key))
            .replace("/etc/haproxy/help.example.pem", &path(&both))
            .replace("/etc/nginx/relay-ca.pem", &path(&relays))
            .replace("/etc/haproxy/relay-ca.pem", &path(&relays))
            .replace("help.example", "localhost");
        let process = match program {
            "nginx" => nginx(&folder, &text),
            other => haproxy(other, &folder, &text),
        };
        answers(port).await;
        Self {
            url: format!("https://localhost:{port}"),
            _process: process,
        }
    }
}

/// One process: whoever kills it leaves no worker behind.
fn nginx(folder: &Path, text: &str) -> Child {
    let at = folder.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {at}/{kind};\n"))
        .concat();
    let whole = format!(
        "daemon off;\nmaster_process off;\npid {at}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{text}}}\n"
    );
    let file = folder.join("nginx.conf");
    write(&file, &whole);
    let mut command = Command::new("/usr/sbin/nginx");
    command.arg("-c").arg(file).arg("-e").arg("stderr");
    spawn(command)
}

fn haproxy(program: &str, folder: &Path, text: &str) -> Child {
    let file = folder.join("haproxy.cfg");
    write(&file, text);
    let mut command = Command::new(format!("/usr/sbin/{program}"));
    command.arg("-db").arg("-f").arg(file);
    spawn(command)
}

fn spawn(mut command: Command) -> Child {
    command
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("the proxy is installed: run `make deps`")
}

/// Waits until somebody listens there.
async fn answers(port: u16) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        assert!(Instant::now() < deadline, "the proxy does not listen");
    }
}

/// The block of this kind on the page.
fn snippet(kind: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reverse-proxy.md");
    let page = fs::read_to_string(page).expect("the page");
    let (_, after) = page.split_once(&format!("```{kind}\n")).expect("a block");
    after.split("```").next().expect("its text").to_owned()
}

fn trusting(networks: &[&str]) -> Setting {
    Setting {
        extra: format!("trusted_proxies = {networks:?}"),
        ..Setting::default()
    }
}

/// The page that a browser is shown first.
async fn page(stage: &Stage, url: &str) -> String {
    let request = visitor(stage).get(url).header("accept", "text/html");
    let answer = request.send().await.expect("an answer");
    assert!(answer.status().is_success(), "{}", answer.status());
    answer.text().await.expect("a page")
}

/// Who the relay takes a visitor from 127.0.0.2 for, who says to be somebody else.
async fn seen(stage: &Stage, url: &str) -> String {
    let request = visitor(stage)
        .get(format!("{url}/api/v1/connection"))
        .header("x-forwarded-for", "198.51.100.7");
    let answer = request.send().await.expect("an answer");
    let text = answer.text().await.expect("a text");
    let told: Value = serde_json::from_str(&text).expect("JSON");
    told["source"].as_str().expect("an address").to_owned()
}

fn visitor(stage: &Stage) -> Client {
    let tls = client_tls(Some(&stage.relay.ca)).expect("the authorities");
    Client::builder()
        .tls_backend_preconfigured((*tls).clone())
        .local_address(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)))
        .build()
        .expect("a client")
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("the folder can be written");
}
