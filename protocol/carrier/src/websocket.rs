//! WebSocket over TLS: one frame is one binary message (SPEC 2.1).

use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt, future};
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use wire::MAX_FRAME;

use crate::{Carrier, ClientTls, DialError, Kind, Lost, tune};

/// Connects to `https://host[:port]` and asks for the WebSocket at `path`.
pub async fn dial(relay: &str, path: &str, tls: &ClientTls) -> Result<Carrier, DialError> {
    let (host, port) = host_and_port(relay)?;
    let address = format!("{host}:{port}");
    let connect = connect(host, port, path, tls);
    tokio::time::timeout(PATIENCE, connect)
        .await
        .unwrap_or(Err(DialError::Timeout(address)))
}

/// The value of `Sec-WebSocket-Accept` that answers a client's `Sec-WebSocket-Key` (RFC 6455, section 4.2.2).
pub fn accept_key(key: &[u8]) -> String {
    derive_accept_key(key)
}

/// The carrier over a stream whose HTTP upgrade was answered by a server.
pub async fn accept<S>(stream: S) -> Carrier
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    over(WebSocketStream::from_raw_socket(stream, Role::Server, Some(config())).await)
}

async fn connect(host: &str, port: u16, path: &str, tls: &ClientTls) -> Result<Carrier, DialError> {
    let address = format!("{host}:{port}");
    let stream = TcpStream::connect((host, port))
        .await
        .map_err(|error| DialError::Connect {
            address: address.clone(),
            error,
        })?;
    tune(&stream);
    let name =
        ServerName::try_from(host.to_owned()).map_err(|_| DialError::Address(host.to_owned()))?;
    let stream = TlsConnector::from(tls.clone())
        .connect(name, stream)
        .await
        .map_err(DialError::Tls)?;
    let request = format!("wss://{address}{path}")
        .into_client_request()
        .map_err(|_| DialError::Address(address))?;
    let (socket, _) = tokio_tungstenite::client_async_with_config(request, stream, Some(config()))
        .await
        .map_err(|error| DialError::Refused(error.to_string()))?;
    Ok(over(socket))
}

fn over<S>(socket: WebSocketStream<S>) -> Carrier
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (sink, stream) = socket.split();
    let incoming = stream.filter_map(|message| future::ready(frame(message)));
    let outgoing = sink
        .sink_map_err(lost)
        .with(|frame: Bytes| future::ok::<_, Lost>(Message::Binary(frame)));
    Carrier {
        kind: Kind::WebSocket,
        incoming: Box::pin(incoming),
        outgoing: Box::pin(outgoing),
    }
}

/// What a message means; WebSocket's own pings are answered below us.
fn frame(message: Result<Message, Error>) -> Option<Result<Bytes, Lost>> {
    match message {
        Ok(Message::Binary(frame)) => Some(Ok(frame)),
        Ok(Message::Text(_)) => Some(Err(Lost::Broken("a text message".to_owned()))),
        Ok(Message::Close(Some(why))) if u16::from(why.code) == LEFT => {
            Some(Err(Lost::Broken("the other side left it".to_owned())))
        }
        Ok(Message::Close(_)) => Some(Err(Lost::Closed)),
        Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => None,
        Err(error) => Some(Err(lost(error))),
    }
}

fn lost(error: Error) -> Lost {
    if matches!(error, Error::ConnectionClosed | Error::AlreadyClosed) {
        Lost::Closed
    } else {
        Lost::Broken(error.to_string())
    }
}

/// The library's defaults are far too large for untrusted peers and for a relay's memory.
fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BUFFER)
        .max_message_size(Some(MAX_FRAME))
        .max_frame_size(Some(MAX_FRAME))
}

/// Splits `https://host[:port]`.
pub(crate) fn host_and_port(relay: &str) -> Result<(&str, u16), DialError> {
    let wrong = || DialError::Address(relay.to_owned());
    let rest = relay.strip_prefix("https://").ok_or_else(wrong)?;
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    if authority.is_empty() || authority.contains(['/', '?', '#', '@']) {
        return Err(wrong());
    }
    match authority.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && !host.ends_with(':') => {
            Ok((host, port.parse().map_err(|_| wrong())?))
        }
        Some(_) => Err(wrong()),
        None => Ok((authority, 443)),
    }
}

/// The code of a close that ends the carrier alone.
const LEFT: u16 = 4000;
const PATIENCE: Duration = Duration::from_secs(10);
const READ_BUFFER: usize = 20 * 1024;
const WRITE_BUFFER: usize = 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_perhaps_a_port() {
        assert_eq!(
            host_and_port("https://relay.example").unwrap(),
            ("relay.example", 443)
        );
        assert_eq!(
            host_and_port("https://127.0.0.1:8443/").unwrap(),
            ("127.0.0.1", 8443)
        );
        for wrong in [
            "http://relay.example",
            "relay.example",
            "https://",
            "https://a/b",
            "https://a:b",
            "https://u@a",
        ] {
            assert!(host_and_port(wrong).is_err(), "{wrong}");
        }
    }
}
