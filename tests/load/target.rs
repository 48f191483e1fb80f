//! Connections of the load generator. They come from many addresses of 127.0.0.0/8, because one address may type only thirty
//! codes a minute; in all else they are what [`carrier::dial`] makes.

use std::net::{Ipv4Addr, SocketAddr};

use bytes::Bytes;
use carrier::{Carrier, ClientTls, Congestion, Kind, Link, Lost, client_tls, dial_quic, tune};
use futures_util::{SinkExt, StreamExt, future};
use rustls_pki_types::ServerName;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role as Side, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use wire::{Frame, FromRelay, LineKey, MAX_FRAME, Protocols, Role, ToRelay};

use super::sip::{Sip, Sipped};
use crate::stage::RelayProcess;

/// Where and how to connect.
#[derive(Clone)]
pub struct Target {
    /// The port of the relay on this machine.
    pub port: u16,
    /// Whom it trusts.
    pub tls: ClientTls,
}

/// A connection that the relay admitted.
pub struct Admitted {
    /// The line, on its first carrier.
    pub link: Link,
    /// The key of the line.
    pub key: LineKey,
    /// Turns its reader slow.
    pub sip: Sip,
}

impl Target {
    /// That of a relay that runs on this machine.
    ///
    /// # Panics
    /// Its authority cannot be read.
    pub fn of(relay: &RelayProcess) -> Self {
        let port = relay.url.rsplit(':').next();
        let port = port.and_then(|port| port.parse().ok());
        Self {
            port: port.expect("an address has a port"),
            tls: client_tls(Some(&relay.ca)).expect("the authority can be read"),
        }
    }

    /// A connection that the relay admitted, for the bearer of this access token. What it can hold unread is little.
    ///
    /// # Panics
    /// The relay does not admit it.
    pub async fn admit(&self, access: &str, role: Role, source: Ipv4Addr) -> Admitted {
        let ticket = self.ticket(access, source).await;
        let sip = Sip::default();
        let stream = self.secure(source, sip.clone()).await;
        let address = format!("wss://localhost:{}/api/v1/connect", self.port);
        let (socket, _) =
            tokio_tungstenite::client_async_with_config(address, stream, Some(config()))
                .await
                .expect("the relay upgrades");
        let mut link = Link::start(over(socket), QUEUE);
        let hello = ToRelay::Hello {
            protocol: Protocols::OURS,
            role,
            client: "handrail-bench".to_owned(),
            ticket,
            device: None,
        };
        tell(&link, &hello);
        let key = hear(&mut link, |message| match message {
            FromRelay::Welcome { line, .. } => Some(line),
            _ => None,
        })
        .await;
        Admitted { link, key, sip }
    }

    /// The same line, from now on by QUIC.
    ///
    /// # Panics
    /// The relay does not go on with it.
    pub async fn by_quic(&self, link: Link, line: LineKey) -> Link {
        let Link { sender, frames } = link;
        let relay = format!("https://localhost:{}", self.port);
        let dialled = dial_quic(&relay, &self.tls, Congestion::Rate).await;
        let mut carrier = dialled.expect("the relay answers by UDP");
        let heard = sender.taken();
        let resume = Frame::message(&ToRelay::Resume { line, heard }).expect("it is short");
        carrier.say_first(resume).await.expect("the relay is there");
        let answer = carrier.first_message().await.expect("the relay answers");
        let Ok(FromRelay::Resumed { heard }) = FromRelay::parse(&answer) else {
            panic!("the relay says {answer:?}")
        };
        frames.leave();
        let resumed = sender.resume(carrier, None, heard);
        let frames = resumed.expect("it heard what was sent");
        Link { sender, frames }
    }

    /// A WebSocket over TLS without any HTTP, to a server that expects just that.
    pub async fn plain(&self) -> Carrier {
        let stream = self.secure(Ipv4Addr::LOCALHOST, Sip::default()).await;
        over(WebSocketStream::from_raw_socket(stream, Side::Client, Some(config())).await)
    }

    async fn ticket(&self, access: &str, source: Ipv4Addr) -> String {
        let mut stream = self.secure(source, Sip::default()).await;
        let request = format!(
            "POST /api/v1/tickets HTTP/1.1\r\nhost: localhost:{}\r\nauthorization: Bearer {access}\r\n\
             content-length: 0\r\nconnection: close\r\n\r\n",
            self.port
        );
        stream
            .write_all(request.as_bytes())
            .await
            .expect("the relay reads");
        let mut answer = String::new();
        stream
            .read_to_string(&mut answer)
            .await
            .expect("the relay answers");
        let (_, body) = answer.split_once("\r\n\r\n").expect("an HTTP answer");
        let body: Value = serde_json::from_str(body).expect("a JSON answer");
        let ticket = body["ticket"].as_str();
        ticket
            .unwrap_or_else(|| panic!("no ticket: {answer}"))
            .to_owned()
    }

    async fn secure(&self, source: Ipv4Addr, sip: Sip) -> TlsStream<Sipped<TcpStream>> {
        let socket = TcpSocket::new_v4().expect("the system gives sockets");
        socket
            .bind((source, 0).into())
            .expect("all of 127.0.0.0/8 is this machine");
        let address: SocketAddr = (Ipv4Addr::LOCALHOST, self.port).into();
        let stream = socket.connect(address).await.expect("the server listens");
        tune(&stream);
        let name = ServerName::try_from("localhost").expect("a name");
        let stream = Sipped::new(stream, sip);
        let connecting = TlsConnector::from(self.tls.clone()).connect(name, stream);
        connecting.await.expect("the certificate is known")
    }
}

/// Sends a message to the relay.
pub(super) fn tell(link: &Link, message: &ToRelay) {
    let frame = Frame::message(message).expect("the message is short");
    link.sender.send(frame).expect("the queue has room");
}

/// Waits for a message of the relay; others are passed over.
pub(super) async fn hear<T>(link: &mut Link, wanted: impl Fn(FromRelay) -> Option<T>) -> T {
    loop {
        let Frame::Message(text) = link.frames.next().await.expect("the relay is there") else {
            continue;
        };
        let message = FromRelay::parse(&text).expect("the relay speaks the protocol");
        if let FromRelay::Refused { .. } | FromRelay::Ended { .. } | FromRelay::Faulted { .. } =
            message
        {
            panic!("the relay says {message:?}");
        }
        if let Some(found) = wanted(message) {
            return found;
        }
    }
}

fn over(socket: WebSocketStream<TlsStream<Sipped<TcpStream>>>) -> Carrier {
    let (sink, stream) = socket.split();
    let incoming = stream.filter_map(|message| {
        future::ready(match message {
            Ok(Message::Binary(frame)) => Some(Ok(frame)),
            Ok(_) => None,
            Err(error) => Some(Err(lost(error))),
        })
    });
    let outgoing = sink
        .sink_map_err(lost)
        .with(|frame: Bytes| future::ok::<_, Lost>(Message::Binary(frame)));
    Carrier {
        kind: Kind::WebSocket,
        incoming: Box::pin(incoming),
        outgoing: Box::pin(outgoing),
    }
}

fn lost(error: Error) -> Lost {
    Lost::Broken(error.to_string())
}

fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(20 * 1024)
        .write_buffer_size(0)
        .max_write_buffer_size(1024 * 1024)
        .max_message_size(Some(MAX_FRAME))
        .max_frame_size(Some(MAX_FRAME))
}

/// Bytes that may wait to be sent, as in the clients.
pub const QUEUE: usize = 4 * 1024 * 1024;
