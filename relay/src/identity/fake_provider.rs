//! An https server whose answers a test sets, good or bad.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// How one path is answered.
#[derive(Clone, Debug)]
pub(super) enum Reply {
    /// 200 with this body.
    Json(Vec<u8>),
    /// 200 with this body and `Cache-Control: max-age`.
    JsonFor(Vec<u8>, u32),
    /// A redirect to there.
    Redirect(String),
    /// 500.
    Broken,
    /// A body of chunks that never ends.
    Endless,
    /// The beginning of an answer, and then nothing.
    Stalls,
}

/// A provider on a free port of 127.0.0.1. It stops when it is dropped.
pub(super) struct FakeProvider {
    pub(super) issuer: String,
    pub(super) ca: PathBuf,
    shared: Arc<Shared>,
    _folder: TempDir,
    _server: JoinSet<()>,
}

#[derive(Default)]
struct Shared {
    replies: Mutex<BTreeMap<String, Reply>>,
    asked: Mutex<Vec<String>>,
}

const METADATA: &str = "/.well-known/openid-configuration";

impl FakeProvider {
    /// A well-behaved provider with these keys.
    pub(super) async fn start(keys: Vec<u8>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ca = folder.path().join("ca.pem");
        let acceptor = acceptor(&ca);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!(
            "https://127.0.0.1:{}",
            listener.local_addr().unwrap().port()
        );
        let shared = Arc::new(Shared::default());
        let mut server = JoinSet::new();
        server.spawn(serve(listener, acceptor, Arc::clone(&shared)));
        let provider = Self {
            issuer,
            ca,
            shared,
            _folder: folder,
            _server: server,
        };
        let metadata = json!({"issuer": provider.issuer, "jwks_uri": provider.url("/jwks")});
        provider.set(METADATA, Reply::Json(metadata.to_string().into_bytes()));
        provider.set("/jwks", Reply::Json(keys));
        provider
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }

    pub(super) fn set(&self, path: &str, reply: Reply) {
        self.shared
            .replies
            .lock()
            .unwrap()
            .insert(path.to_owned(), reply);
    }

    pub(super) fn set_metadata(&self, reply: Reply) {
        self.set(METADATA, reply);
    }

    /// How often this path was asked for.
    pub(super) fn asked(&self, path: &str) -> usize {
        self.shared
            .asked
            .lock()
            .unwrap()
            .iter()
            .filter(|asked| *asked == path)
            .count()
    }
}

/// TLS with a certificate for 127.0.0.1 by an authority of this test, whose certificate goes to `ca`.
fn acceptor(ca: &PathBuf) -> TlsAcceptor {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    std::fs::write(ca, authority.self_signed(&authority_key).unwrap().pem()).unwrap();
    let authority = Issuer::new(authority, authority_key);

    let key = KeyPair::generate().unwrap();
    let names = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    let certificate = names.signed_by(&key, &authority).unwrap().der().clone();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((socket, _)) = listener.accept().await {
        let (acceptor, shared) = (acceptor.clone(), Arc::clone(&shared));
        connections.spawn(async move {
            // Clients that give up in the middle are what the tests are about.
            let _ = answer(socket, acceptor, &shared).await;
        });
    }
}

async fn answer(socket: TcpStream, acceptor: TlsAcceptor, shared: &Shared) -> std::io::Result<()> {
    let mut stream = BufReader::new(acceptor.accept(socket).await?);
    let (mut request, mut line) = (String::new(), String::new());
    while stream.read_line(&mut line).await? > 2 {
        if request.is_empty() {
            request = line.clone();
        }
        line.clear();
    }
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    let reply = shared.replies.lock().unwrap().get(&path).cloned();
    shared.asked.lock().unwrap().push(path);
    let (head, body) = match &reply {
        Some(Reply::Json(body)) => ("200 OK".to_owned(), body.as_slice()),
        Some(Reply::JsonFor(body, age)) => (
            format!("200 OK\r\ncache-control: public, max-age={age}"),
            body.as_slice(),
        ),
        Some(Reply::Redirect(to)) => (format!("302 Found\r\nlocation: {to}"), &[][..]),
        Some(Reply::Broken) => ("500 Internal Server Error".to_owned(), &[][..]),
        Some(Reply::Endless | Reply::Stalls) => ("200 OK".to_owned(), &b"{\"keys\":"[..]),
        None => ("404 Not Found".to_owned(), &[][..]),
    };
    // Without a length, the body ends when the connection does.
    let answer = format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).await?;
    stream.write_all(body).await?;
    stream.flush().await?;
    match reply {
        Some(Reply::Endless) => loop {
            stream.write_all(&[b' '; 4096]).await?;
        },
        Some(Reply::Stalls) => std::future::pending().await,
        _ => stream.shutdown().await,
    }
}
