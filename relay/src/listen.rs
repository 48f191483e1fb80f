//! The listeners: TCP for TLS and HTTP/1.1 or HTTP/2, UDP of the same number for QUIC.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use carrier::{Page, QuicServer};
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use policy::Network;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::version::{TLS12, TLS13};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tower_service::Service;
use tracing::{debug, warn};

use crate::api::CONNECT;
use crate::certificate::{BadTls, Certificate};
use crate::origins::Origins;
use crate::reception::Reception;
use crate::{config, connection, forwarded};

/// Handshakes with this certificate. TLS 1.3 only, unless the setting allows 1.2 (PRODUCT 7.2).
pub(crate) fn acceptor(
    tls: &config::Tls,
    certificate: Arc<Certificate>,
) -> Result<TlsAcceptor, BadTls> {
    let versions: &[_] = if tls.allow_tls12 {
        &[&TLS13, &TLS12]
    } else {
        &[&TLS13]
    };
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)?
        .with_no_client_auth()
        .with_cert_resolver(certificate);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// What to do if an address cannot be listened on that this setting names.
pub(crate) fn advice(address: SocketAddr, setting: &str, kind: io::ErrorKind) -> String {
    let port = address.port();
    if kind == io::ErrorKind::AddrInUse {
        format!(
            "another program has it: `ss -lnptu 'sport = :{port}'` names it; end it, or choose another `{setting}`"
        )
    } else if kind == io::ErrorKind::PermissionDenied {
        format!(
            "ports below 1024 need a right: give the relay's service `AmbientCapabilities=CAP_NET_BIND_SERVICE`, or choose another `{setting}`, such as port 8443"
        )
    } else {
        format!("`{setting}` names an address of this host, or 0.0.0.0 for all of them")
    }
}

/// Who listens, and whom it believes.
#[derive(Clone)]
pub(crate) struct Door {
    tls: TlsAcceptor,
    router: Router,
    /// Proxies that say who a request is from.
    proxies: Arc<[Network]>,
}

impl Door {
    pub(crate) fn new(tls: TlsAcceptor, router: Router, proxies: Vec<Network>) -> Self {
        Self {
            tls,
            router,
            proxies: proxies.into(),
        }
    }
}

/// Accepts until it is dropped. An error of one connection never ends the loop.
pub(crate) async fn accept(listener: TcpListener, door: Door) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        // The semaphore is never closed.
        let Ok(place) = places.clone().acquire_owned().await else {
            return;
        };
        let (stream, source) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        carrier::tune(&stream);
        let door = door.clone();
        tokio::spawn(async move {
            if let Err(error) = serve(stream, source, door).await {
                debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
}

/// Accepts QUIC clients and pages that come by WebTransport until it is dropped.
pub(crate) async fn accept_quic(server: QuicServer, reception: Reception, origins: Origins) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    while let Some(knock) = server.next().await {
        let Ok(place) = places.clone().try_acquire_owned() else {
            // The client goes on with what it has: WebSocket.
            continue;
        };
        let (source, reception, origins) = (knock.source(), reception.clone(), origins.clone());
        tokio::spawn(async move {
            if let Some(carrier) = knock.open(|page| may_enter(page, &origins)).await {
                connection::serve(carrier, source.ip(), reception).await;
            }
            drop(place);
        });
    }
}

/// Whether a page may connect: it asks for what a WebSocket is asked for, and is one of ours.
fn may_enter(page: Page<'_>, origins: &Origins) -> bool {
    page.path == CONNECT && origins.admit(page.origin, Some(page.host.as_bytes()))
}

async fn serve(stream: TcpStream, peer: SocketAddr, door: Door) -> io::Result<()> {
    let stream = timeout(HANDSHAKE, door.tls.accept(stream)).await??;
    let service = service_fn(move |mut request: Request<Incoming>| {
        let source = forwarded::source(peer, request.headers(), &door.proxies);
        request.extensions_mut().insert(source);
        // A router is always ready.
        door.router
            .clone()
            .call(Request::map(request, axum::body::Body::new))
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_buf_size(16 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(64);
    builder
        .serve_connection_with_upgrades(TokioIo::new(stream), service)
        .await
        .map_err(io::Error::other)
}

/// Connections at once.
const CONNECTIONS: usize = 10_000;
const HANDSHAKE: Duration = Duration::from_secs(10);
const HEADERS: Duration = Duration::from_secs(5);
/// After the system refuses a connection, usually for want of file descriptors.
const BREATH: Duration = Duration::from_millis(100);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_its_own_advice() {
        let address = SocketAddr::from(([0, 0, 0, 0], 443));
        for (kind, wanted) in [
            (io::ErrorKind::AddrInUse, "'sport = :443'"),
            (io::ErrorKind::PermissionDenied, "CAP_NET_BIND_SERVICE"),
            (io::ErrorKind::AddrNotAvailable, "an address of this host"),
        ] {
            let told = advice(address, "listen", kind);
            assert!(told.contains(wanted) && told.contains("`listen`"), "{told}");
        }
    }
}
