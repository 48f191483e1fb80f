//! What stands where a relay should be, or between it and a client.

use std::sync::Arc;

use carrier::client_tls;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tests::stage::RelayProcess;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::server::TlsStream;
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// Listens with a certificate of its own, until it is dropped.
pub(super) struct Impostor {
    /// Its address.
    pub(super) url: String,
    /// The authority that it made its certificate by, in PEM.
    pub(super) authority: String,
    _tasks: JoinSet<()>,
}

/// A certificate with its key and the authority above it, all in PEM.
pub(super) struct Made {
    pub(super) certificate: String,
    pub(super) key: String,
    authority: String,
}

/// A certificate for this name until this year, by an authority of a network.
pub(super) fn made(name: &str, until: i32) -> Made {
    let (key, above) = (pair(), pair());
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let called = &mut authority.distinguished_name;
    called.push(DnType::CommonName, "Lindenhof Inspection");
    let top = authority.self_signed(&above).expect("a certificate").pem();
    let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    let made = params.signed_by(&key, &Issuer::new(authority, above));
    Made {
        certificate: made.expect("a certificate").pem(),
        key: key.serialize_pem(),
        authority: top,
    }
}

fn pair() -> KeyPair {
    KeyPair::generate().expect("a key")
}

impl Impostor {
    /// A proxy that opens the TLS of a client and makes its own to the relay.
    pub(super) async fn between(relay: &RelayProcess) -> Self {
        let tls = client_tls(Some(&relay.ca)).expect("the relay's authority");
        let port = relay.url.rsplit_once(':').expect("a port").1;
        let port: u16 = port.parse().expect("a number");
        Self::listen(made("localhost", 2100), move |mut client| {
            let tls = TlsConnector::from(tls.clone());
            async move {
                let stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
                let name = ServerName::try_from("localhost").ok()?;
                let mut relay = tls.connect(name, stream).await.ok()?;
                // Either may go when it likes.
                copy_bidirectional(&mut client, &mut relay)
                    .await
                    .ok()
                    .map(drop)
            }
        })
        .await
    }

    /// A web server that answers like this at these paths, and with 404 at all others.
    pub(super) async fn answering(made: Made, answers: &[(&str, &str, &str)]) -> Self {
        let answers: Arc<[(String, String)]> = answers
            .iter()
            .map(|(path, status, body)| {
                let length = body.len();
                let text = format!(
                    "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
                );
                ((*path).to_owned(), text)
            })
            .collect();
        Self::listen(made, move |client| {
            let answers = answers.clone();
            async move {
                let mut client = BufReader::new(client);
                let mut first = String::new();
                client.read_line(&mut first).await.ok()?;
                let mut line = String::new();
                while client.read_line(&mut line).await.ok()? > 2 {
                    line.clear();
                }
                let path = first.split(' ').nth(1)?;
                let found = answers.iter().find(|(at, _)| at == path);
                let answer = found.map_or(MISSING, |(_, answer)| answer);
                client.write_all(answer.as_bytes()).await.ok()?;
                client.shutdown().await.ok()
            }
        })
        .await
    }

    async fn listen<F>(
        made: Made,
        serve: impl Fn(TlsStream<TcpStream>) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = Option<()>> + Send + 'static,
    {
        let chain = CertificateDer::from_pem_slice(made.certificate.as_bytes());
        let key = PrivateKeyDer::from_pem_slice(made.key.as_bytes()).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring speaks them")
            .with_no_client_auth()
            .with_single_cert(vec![chain.expect("a certificate")], key)
            .expect("they go together");
        let tls = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let accepting = tls.accept(stream);
                // One that does not trust it goes away.
                if let Ok(stream) = accepting.await {
                    connections.spawn(serve(stream));
                }
            }
        });
        Self {
            url: format!("https://localhost:{port}"),
            authority: made.authority,
            _tasks: tasks,
        }
    }
}

const MISSING: &str = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
