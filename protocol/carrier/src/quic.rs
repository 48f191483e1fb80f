//! QUIC, `rh/1`: streams for what must not wait for something else, datagrams for what is only worth being new (SPEC 2.2).

mod congestion;
mod incoming;
mod knock;
mod outgoing;
mod rate;

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::select_ok;
use quinn::crypto::rustls::{QuicClientConfig, QuicServerConfig};
use quinn::{
    ClientConfig, Endpoint, EndpointConfig, ServerConfig, TokioRuntime, TransportConfig, VarInt,
};
use web_transport_quinn::{RecvStream, SendStream, Session};

use crate::websocket::host_and_port;
use crate::{Carrier, ClientTls, DialError, Kind};

pub use congestion::Congestion;
pub use knock::{Knock, Page};

/// A UDP port where QUIC clients are accepted.
pub struct QuicServer(Endpoint);

impl QuicServer {
    /// Listens on this socket, with the certificate and key of `tls`, and sends by this controller.
    ///
    /// # Errors
    /// The socket cannot be used, or the configuration allows no TLS 1.3.
    pub fn listen(
        socket: UdpSocket,
        tls: &rustls::ServerConfig,
        congestion: Congestion,
    ) -> io::Result<Self> {
        let mut tls = tls.clone();
        tls.alpn_protocols = vec![ALPN.to_vec(), HTTP3.to_vec()];
        let crypto = QuicServerConfig::try_from(tls).map_err(io::Error::other)?;
        let mut config = ServerConfig::with_crypto(Arc::new(crypto));
        config.transport_config(Arc::new(transport(congestion)));
        config.migration(true);
        let endpoint = Endpoint::new(
            EndpointConfig::default(),
            Some(config),
            socket,
            Arc::new(TokioRuntime),
        )?;
        Ok(Self(endpoint))
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }

    /// The next client that asks for a connection; `None` once the port is closed. A client whose address was not seen to answer is
    /// asked for that first while many handshakes are under way: then a flood from made-up addresses costs no memory.
    pub async fn next(&self) -> Option<Knock> {
        loop {
            let incoming = self.0.accept().await?;
            let doubtful = !incoming.remote_address_validated();
            if doubtful && incoming.may_retry() && self.0.open_connections() > TRUSTING {
                // Of one that cannot be asked again there is nothing to keep.
                let _ = incoming.retry();
                continue;
            }
            return Some(Knock(incoming));
        }
    }

    /// Takes no clients any more, and ends those that are there.
    pub fn close(&self) {
        self.0.close(VarInt::from_u32(ENDED), b"");
    }
}

/// Connects to `https://host[:port]` by UDP, and sends by this controller.
///
/// # Errors
/// The address is none, nothing answers by UDP, or what answers is not trusted.
pub async fn dial_quic(
    relay: &str,
    tls: &ClientTls,
    congestion: Congestion,
) -> Result<Carrier, DialError> {
    let (host, port) = host_and_port(relay)?;
    let address = format!("{host}:{port}");
    tokio::time::timeout(PATIENCE, connect(host, port, tls, congestion))
        .await
        .unwrap_or(Err(DialError::Timeout(address)))
}

/// Asks all addresses of the host at once: a name often has one of each family, and only one of them is reached.
async fn connect(
    host: &str,
    port: u16,
    tls: &ClientTls,
    congestion: Congestion,
) -> Result<Carrier, DialError> {
    let failed = |error: io::Error| DialError::Connect {
        address: format!("{host}:{port}"),
        error,
    };
    let config = client_config(tls, congestion)?;
    let found = tokio::net::lookup_host((host, port))
        .await
        .map_err(failed)?;
    let dials: Vec<_> = found
        .take(ADDRESSES)
        .map(|address| Box::pin(connect_to(address, host, config.clone())))
        .collect();
    if dials.is_empty() {
        let nobody = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        return Err(failed(nobody));
    }
    let (carrier, _) = select_ok(dials).await?;
    Ok(carrier)
}

async fn connect_to(
    address: SocketAddr,
    host: &str,
    config: ClientConfig,
) -> Result<Carrier, DialError> {
    let refused = |error: &dyn std::fmt::Display| DialError::Refused(error.to_string());
    let any = if address.is_ipv6() {
        SocketAddr::from(([0; 16], 0))
    } else {
        SocketAddr::from(([0; 4], 0))
    };
    let endpoint = Endpoint::client(any).map_err(|error| refused(&error))?;
    let connecting = endpoint.connect_with(config, address, host);
    let connecting = connecting.map_err(|error| refused(&error))?;
    let connection = connecting.await.map_err(|error| refused(&error))?;
    let session = Session::raw(connection);
    let opened = session.open_bi().await.map_err(|error| refused(&error))?;
    Ok(over(Kind::Quic, session, opened))
}

fn client_config(tls: &ClientTls, congestion: Congestion) -> Result<ClientConfig, DialError> {
    let mut tls = (**tls).clone();
    tls.alpn_protocols = vec![ALPN.to_vec()];
    let crypto =
        QuicClientConfig::try_from(tls).map_err(|error| DialError::Tls(io::Error::other(error)))?;
    let mut config = ClientConfig::new(Arc::new(crypto));
    config.transport_config(Arc::new(transport(congestion)));
    Ok(config)
}

/// QUIC itself is a session without a frame around it: streams, datagrams and codes are the same in both.
fn over(kind: Kind, session: Session, (send, receive): (SendStream, RecvStream)) -> Carrier {
    Carrier {
        kind,
        incoming: incoming::start(session.clone(), receive),
        outgoing: outgoing::start(session, send),
    }
}

/// The same at both ends. Credit bounds what lies in a stream; the windows here only have to let that through.
fn transport(congestion: Congestion) -> TransportConfig {
    let mut transport = TransportConfig::default();
    transport
        .max_concurrent_bidi_streams(VarInt::from_u32(BIDIRECTIONAL))
        .max_concurrent_uni_streams(VarInt::from_u32(STREAMS))
        .stream_receive_window(VarInt::from_u32(STREAM_WINDOW))
        .receive_window(VarInt::from_u32(WINDOW))
        .send_window(WINDOW.into())
        .datagram_receive_buffer_size(Some(DATAGRAMS))
        .datagram_send_buffer_size(DATAGRAMS);
    transport.congestion_controller_factory(congestion.factory());
    // The link pings and notices silence by itself; this is for a peer that vanished below it.
    transport.max_idle_timeout(Some(VarInt::from_u32(IDLE_MS).into()));
    transport
}

/// The code of a close that ends the line (SPEC 2.2).
const ENDED: u32 = 0;
/// The code of a close that ends the carrier alone.
const LEFT: u32 = 1;
/// The protocol of SPEC 2 in the handshake of TLS.
const ALPN: &[u8] = b"rh/1";
/// HTTP/3, which WebTransport is a part of (RFC 9114, section 3.1).
const HTTP3: &[u8] = b"h3";
/// Addresses of a host that are asked.
const ADDRESSES: usize = 4;
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections up to which a client is believed its address.
const TRUSTING: usize = 256;
/// A stream is kept for each channel of each pair that a session ever has: 16 pairs of fewer than 16 channels (SPEC 16).
/// Three more are those of HTTP/3 itself.
const STREAMS: u32 = 256 + 3;
/// The first stream, and before it the request of a page.
const BIDIRECTIONAL: u32 = 2;
const STREAM_WINDOW: u32 = 1024 * 1024;
const WINDOW: u32 = 4 * 1024 * 1024;
const DATAGRAMS: usize = 64 * 1024;
const IDLE_MS: u32 = 12_000;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod web_tests;
