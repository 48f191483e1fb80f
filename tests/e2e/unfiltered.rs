//! A relay whose route filter is off, as a broken-into one would be: it stands before the real relay, passes everything on, and
//! hands the helper's input straight to the sharer.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use carrier::{accept, accept_key, client_tls, dial};
use futures_util::{SinkExt, StreamExt};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tests::demo::Authority;
use tests::stage::Stage;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::server::TlsStream;
use tokio_rustls::{TlsAcceptor, TlsConnector};
use wire::{Channel, Frame, ToRelay};

/// The listener. Its tasks end with the test's runtime.
pub(crate) struct Unfiltered {
    pub(crate) url: String,
}

/// Where the sharer's connection takes frames from.
type Sharer = Arc<Mutex<Option<mpsc::UnboundedSender<Bytes>>>>;

impl Unfiltered {
    /// Starts before this stage's relay. Clients trust it by the same authority file, to which its own is added.
    pub(crate) async fn start(stage: &Stage) -> Self {
        let files = Authority::make(&stage.path("unfiltered")).expect("certificates can be made");
        let both = [&stage.relay.ca, &files.ca]
            .map(|file| std::fs::read_to_string(file).expect("the authority was written"))
            .concat();
        std::fs::write(&stage.relay.ca, both).expect("the folder can be written");
        let certificate = CertificateDer::from_pem_file(&files.certificate).expect("a certificate");
        let key = PrivateKeyDer::from_pem_file(&files.key).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])
            .expect("ring has TLS 1.3")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .expect("they go together");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let (tls, behind, ca) = (
            TlsAcceptor::from(Arc::new(config)),
            stage.relay.url.clone(),
            stage.relay.ca.clone(),
        );
        let sharer = Sharer::default();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, behind, ca) = (tls.clone(), behind.clone(), ca.clone());
                let sharer = sharer.clone();
                tokio::spawn(async move {
                    let stream = tls.accept(stream).await.expect("the client trusts us");
                    serve(stream, &behind, &ca, sharer).await;
                });
            }
        });
        Self {
            url: format!("https://localhost:{port}"),
        }
    }
}

async fn serve(
    mut stream: TlsStream<TcpStream>,
    behind: &str,
    ca: &std::path::Path,
    sharer: Sharer,
) {
    let tls = client_tls(Some(ca)).expect("the authority is readable");
    let mut head = vec![];
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("a whole head"));
    }
    let text = String::from_utf8_lossy(&head).to_lowercase();
    if !text.contains("upgrade: websocket") {
        let address = behind.trim_start_matches("https://");
        let onward = TcpStream::connect(address)
            .await
            .expect("the relay answers");
        let name = ServerName::try_from("localhost").expect("a name");
        let mut onward = TlsConnector::from(tls)
            .connect(name, onward)
            .await
            .expect("TLS");
        onward.write_all(&head).await.expect("the relay reads");
        // Either side may close first.
        let _ = copy_bidirectional(&mut stream, &mut onward).await;
        return;
    }
    let original = String::from_utf8_lossy(&head);
    let key = original
        .lines()
        .find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("sec-websocket-key")
                .then(|| value.trim().to_owned())
        })
        .expect("a key");
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: {}\r\n\r\n",
        accept_key(key.as_bytes())
    );
    stream
        .write_all(answer.as_bytes())
        .await
        .expect("the client reads");
    let client = accept(stream).await;
    let relay = dial(behind, "/api/v1/connect", &tls)
        .await
        .expect("the relay answers");
    join(client, relay, sharer).await;
}

async fn join(client: carrier::Carrier, relay: carrier::Carrier, sharer: Sharer) {
    let (mut from_client, mut to_client) = (client.incoming, client.outgoing);
    let (mut from_relay, mut to_relay) = (relay.incoming, relay.outgoing);
    let (sender, mut injected) = mpsc::unbounded_channel();
    loop {
        tokio::select! {
            Some(Ok(bytes)) = from_client.next() => {
                let frame = Frame::decode(bytes.clone()).expect("clients send frames");
                if let Frame::Message(text) = &frame
                    && let Ok(ToRelay::Hello { role: wire::Role::Sharer, .. }) = ToRelay::parse(text)
                {
                    *sharer.lock().expect("no panic") = Some(sender.clone());
                }
                let input = matches!(&frame, Frame::Sealed(e) if e.header().channel == Channel::Input);
                if input {
                    let sharer = sharer.lock().expect("no panic").clone().expect("a sharer");
                    sharer.send(bytes).expect("the sharer is there");
                } else if to_relay.send(bytes).await.is_err() {
                    return;
                }
            }
            Some(Ok(bytes)) = from_relay.next() => {
                if to_client.send(bytes).await.is_err() { return }
            }
            Some(bytes) = injected.recv() => {
                if to_client.send(bytes).await.is_err() { return }
            }
            else => return,
        }
    }
}
