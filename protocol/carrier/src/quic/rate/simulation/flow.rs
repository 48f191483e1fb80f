//! One QUIC connection, both ends of it, without sockets: one sends by a controller, the other reads.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use bytes::BytesMut;
use quinn_proto::crypto::rustls::{QuicClientConfig, QuicServerConfig};
use quinn_proto::{
    ClientConfig, Connection, ConnectionHandle, DatagramEvent, Dir, Endpoint, EndpointConfig,
    Event, ServerConfig, StreamEvent, StreamId,
};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::RootCertStore;
use rustls::crypto::ring;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::Congestion;

/// What a sender has to send.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Work {
    /// As much as it may: a file.
    Bulk,
    /// This many bytes, this often: a shared screen.
    Paced { bytes: usize, every: Duration },
}

/// A sender and its reader.
pub(crate) struct Flow {
    sender: End,
    reader: End,
    work: Work,
    stream: Option<StreamId>,
    /// Bytes that the application could not write yet.
    pub(crate) owed: usize,
    next_tick: Option<Instant>,
    /// Bytes that the reader has read.
    pub(crate) delivered: u64,
    /// The most bytes that might be under way at any moment so far.
    pub(crate) widest: u64,
}

struct End {
    endpoint: Endpoint,
    connection: Option<(ConnectionHandle, Connection)>,
}

impl Flow {
    pub(crate) fn start(congestion: Congestion, work: Work, now: Instant) -> Self {
        let transport = Arc::new(super::super::super::transport(congestion));
        let mut server = ServerConfig::with_crypto(KEYS.server.clone());
        server.transport_config(transport.clone());
        let mut client = ClientConfig::new(KEYS.client.clone());
        client.transport_config(transport);
        let config = Arc::new(EndpointConfig::default());
        let mut sender = Endpoint::new(config.clone(), None, true, Some([1; 32]));
        let reader = Endpoint::new(config, Some(Arc::new(server)), true, Some([2; 32]));
        let connecting = sender.connect(now, client, ADDRESS, "localhost");
        Self {
            sender: End {
                endpoint: sender,
                connection: Some(connecting.expect("the address is good")),
            },
            reader: End {
                endpoint: reader,
                connection: None,
            },
            work,
            stream: None,
            owed: 0,
            next_tick: None,
            delivered: 0,
            widest: 0,
        }
    }

    /// Bytes that may be under way now.
    pub(crate) fn window(&self) -> u64 {
        let connection = self.sender.connection.as_ref().expect("it connected");
        connection.1.congestion_state().window()
    }

    /// The smoothed round trip.
    pub(crate) fn round_trip(&self) -> Duration {
        let connection = self.sender.connection.as_ref().expect("it connected");
        connection.1.rtt()
    }

    pub(crate) fn next_timer(&mut self) -> Option<Instant> {
        let timers = [self.sender.timer(), self.reader.timer(), self.next_tick];
        timers.into_iter().flatten().min()
    }

    /// Timers fire, and the application writes.
    pub(crate) fn tick(&mut self, now: Instant) {
        for end in [&mut self.sender, &mut self.reader] {
            if end.timer().is_some_and(|at| at <= now)
                && let Some((_, connection)) = &mut end.connection
            {
                connection.handle_timeout(now);
            }
        }
        if let Work::Paced { bytes, every } = self.work
            && self.next_tick.is_some_and(|at| at <= now)
        {
            self.owed += bytes;
            self.next_tick = Some(now + every);
        }
    }

    /// A datagram arrives; `forth` is the way to the reader.
    pub(crate) fn receive(&mut self, forth: bool, bytes: &[u8], now: Instant) {
        let end = if forth {
            &mut self.reader
        } else {
            &mut self.sender
        };
        end.receive(bytes, now);
    }

    /// What both ends send now.
    pub(crate) fn transmit(&mut self, now: Instant) -> Vec<(bool, Vec<u8>)> {
        self.write(now);
        self.read();
        self.widest = self.widest.max(self.window());
        let forth = self.sender.transmit(now).into_iter();
        let forth: Vec<_> = forth.map(|bytes| (true, bytes)).collect();
        let back = self.reader.transmit(now).into_iter();
        forth
            .into_iter()
            .chain(back.map(|bytes| (false, bytes)))
            .collect()
    }

    fn write(&mut self, now: Instant) {
        self.sender.settle(|_, _| {});
        let Some((_, connection)) = &mut self.sender.connection else {
            return;
        };
        if connection.is_handshaking() {
            return;
        }
        if self.stream.is_none() {
            self.stream = connection.streams().open(Dir::Uni);
            self.next_tick = matches!(self.work, Work::Paced { .. }).then_some(now);
        }
        let Some(stream) = self.stream else {
            return;
        };
        let bulk = matches!(self.work, Work::Bulk);
        loop {
            let wanted = if bulk {
                CHUNK.len()
            } else {
                self.owed.min(CHUNK.len())
            };
            if wanted == 0 {
                return;
            }
            let Ok(written) = connection.send_stream(stream).write(&CHUNK[..wanted]) else {
                return;
            };
            self.owed = self.owed.saturating_sub(written);
        }
    }

    fn read(&mut self) {
        let delivered = &mut self.delivered;
        self.reader.settle(|connection, id| {
            let mut stream = connection.recv_stream(id);
            let Ok(mut chunks) = stream.read(true) else {
                return;
            };
            while let Ok(Some(chunk)) = chunks.next(usize::MAX) {
                *delivered += u64::try_from(chunk.bytes.len()).expect("a chunk is short");
            }
            // Whether the window has to be told shows at the next transmission.
            let _ = chunks.finalize();
        });
    }
}

impl End {
    fn timer(&mut self) -> Option<Instant> {
        self.connection.as_mut()?.1.poll_timeout()
    }

    fn receive(&mut self, bytes: &[u8], now: Instant) {
        let mut answer = vec![];
        let data = BytesMut::from(bytes);
        let event = self
            .endpoint
            .handle(now, ADDRESS, None, None, data, &mut answer);
        match event {
            Some(DatagramEvent::ConnectionEvent(_, event)) => {
                if let Some((_, connection)) = &mut self.connection {
                    connection.handle_event(event);
                }
            }
            Some(DatagramEvent::NewConnection(incoming)) => {
                let accepted = self.endpoint.accept(incoming, now, &mut answer, None);
                self.connection = accepted.ok();
            }
            Some(DatagramEvent::Response(_)) | None => {}
        }
    }

    /// Exchanges events between connection and endpoint; `readable` is called for each stream that has something.
    fn settle(&mut self, mut readable: impl FnMut(&mut Connection, StreamId)) {
        let Some((handle, connection)) = &mut self.connection else {
            return;
        };
        while let Some(event) = connection.poll_endpoint_events() {
            if let Some(event) = self.endpoint.handle_event(*handle, event) {
                connection.handle_event(event);
            }
        }
        while let Some(event) = connection.poll() {
            match event {
                Event::Stream(StreamEvent::Opened { dir }) => {
                    while let Some(id) = connection.streams().accept(dir) {
                        readable(connection, id);
                    }
                }
                Event::Stream(StreamEvent::Readable { id }) => readable(connection, id),
                Event::ConnectionLost { reason } => panic!("the connection is lost: {reason}"),
                Event::Stream(_)
                | Event::HandshakeDataReady
                | Event::Connected
                | Event::DatagramReceived
                | Event::DatagramsUnblocked => {}
            }
        }
    }

    fn transmit(&mut self, now: Instant) -> Vec<Vec<u8>> {
        let mut datagrams = vec![];
        let Some((_, connection)) = &mut self.connection else {
            return datagrams;
        };
        let mut buffer = vec![];
        while let Some(sent) = connection.poll_transmit(now, SEGMENTS, &mut buffer) {
            let segment = sent.segment_size.unwrap_or(sent.size);
            let segments = buffer[..sent.size].chunks(segment);
            datagrams.extend(segments.map(<[u8]>::to_vec));
            buffer.clear();
        }
        datagrams
    }
}

struct Keys {
    server: Arc<QuicServerConfig>,
    client: Arc<QuicClientConfig>,
}

impl Keys {
    fn make() -> Self {
        let made = generate_simple_self_signed(["localhost".to_owned()]);
        let CertifiedKey { cert, signing_key } = made.expect("a certificate can be made");
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
        let certificate: CertificateDer<'static> = cert.der().clone();
        let provider = Arc::new(ring::default_provider());
        let tls13: &[_] = &[&rustls::version::TLS13];
        let server = rustls::ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(tls13)
            .and_then(|builder| {
                let builder = builder.with_no_client_auth();
                builder.with_single_cert(vec![certificate.clone()], key)
            });
        let mut roots = RootCertStore::empty();
        roots.add(certificate).expect("a certificate");
        let client = rustls::ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(tls13)
            .map(|builder| {
                let builder = builder.with_root_certificates(roots);
                builder.with_no_client_auth()
            });
        let server = QuicServerConfig::try_from(server.expect("TLS 1.3"));
        let client = QuicClientConfig::try_from(client.expect("TLS 1.3"));
        Self {
            server: Arc::new(server.expect("TLS 1.3 has a cipher for QUIC")),
            client: Arc::new(client.expect("TLS 1.3 has a cipher for QUIC")),
        }
    }
}

static KEYS: LazyLock<Keys> = LazyLock::new(Keys::make);
static CHUNK: [u8; 16 * 1024] = [7; 16 * 1024];
const ADDRESS: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 443);
/// As quinn's driver asks for at most.
const SEGMENTS: usize = 10;
