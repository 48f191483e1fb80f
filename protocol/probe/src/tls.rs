//! TLS over TCP, as clients speak it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::{AlertDescription, ClientConfig, Error};
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::NoTls;
use crate::steps::PATIENCE;

/// Connects and finishes the handshake.
pub(crate) async fn open(
    address: SocketAddr,
    name: ServerName<'static>,
    config: Arc<ClientConfig>,
) -> Result<TlsStream<TcpStream>, NoTls> {
    let opened = async {
        let stream = TcpStream::connect(address).await?;
        TlsConnector::from(config).connect(name, stream).await
    };
    match timeout(PATIENCE, opened).await {
        Ok(opened) => opened.map_err(|error| why(&error)),
        Err(_) => Err(NoTls::Broken("nothing came back in time".to_owned())),
    }
}

fn why(error: &io::Error) -> NoTls {
    let inner = error.get_ref();
    let inner = inner.and_then(|inner| inner.downcast_ref::<Error>());
    if matches!(inner, Some(Error::InvalidMessage(_))) {
        return NoTls::OtherProtocol;
    }
    let old = [
        AlertDescription::ProtocolVersion,
        AlertDescription::HandshakeFailure,
    ];
    match inner {
        Some(Error::AlertReceived(alert)) if old.contains(alert) => NoTls::OldVersion,
        Some(Error::PeerIncompatible(_)) => NoTls::OldVersion,
        Some(_) | None => NoTls::Broken(error.to_string()),
    }
}
