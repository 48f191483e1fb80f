//! A client at the door: a native one, or a page.

use std::net::SocketAddr;

use quinn::Connection;
use quinn::crypto::rustls::HandshakeData;
use thiserror::Error;
use tokio::time::timeout;
use tracing::debug;
use web_transport_quinn::http::StatusCode;
use web_transport_quinn::{Request, ServerError, Session, SessionError};

use super::{HTTP3, PATIENCE, over};
use crate::{Carrier, Kind};

/// A client at the door.
pub struct Knock(pub(super) quinn::Incoming);

/// What a page asks for.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The path that it connects to.
    pub path: &'a str,
    /// Host and port that it connects to.
    pub host: &'a str,
    /// Where it was loaded from, as the browser says; none from a program that is no browser.
    pub origin: Option<&'a [u8]>,
}

/// Why a client did not come in.
#[derive(Debug, Error)]
enum Away {
    #[error("{0}")]
    Quic(#[from] quinn::ConnectionError),
    #[error("{0}")]
    Request(#[from] ServerError),
    #[error("{0}")]
    Session(#[from] SessionError),
    #[error("a page that is not admitted")]
    NotAdmitted,
}

impl Knock {
    /// Where it comes from.
    pub fn source(&self) -> SocketAddr {
        self.0.remote_address()
    }

    /// Finishes the handshake. A page comes in if `admits` it. `None` if the client gives up, speaks something else, or may not.
    pub async fn open(self, admits: impl Fn(Page<'_>) -> bool) -> Option<Carrier> {
        match timeout(PATIENCE, self.opened(admits)).await {
            Ok(Ok(carrier)) => Some(carrier),
            Ok(Err(error)) => {
                debug!(%error, "a QUIC client went away while it connected");
                None
            }
            Err(_) => None,
        }
    }

    async fn opened(self, admits: impl Fn(Page<'_>) -> bool) -> Result<Carrier, Away> {
        let connection = self.0.await?;
        let (kind, session) = if speaks_http3(&connection) {
            (Kind::WebTransport, page(connection, admits).await?)
        } else {
            (Kind::Quic, Session::raw(connection))
        };
        let first = session.accept_bi().await?;
        Ok(over(kind, session, first))
    }
}

/// The session of a page (WebTransport over HTTP/3), if it may have one.
async fn page(connection: Connection, admits: impl Fn(Page<'_>) -> bool) -> Result<Session, Away> {
    let request = Request::accept(connection).await?;
    let page = Page {
        path: request.url.path(),
        host: request.url.authority(),
        origin: request
            .headers
            .get("origin")
            .map(|origin| origin.as_bytes()),
    };
    if admits(page) {
        return Ok(request.ok().await?);
    }
    request.reject(StatusCode::FORBIDDEN).await?;
    Err(Away::NotAdmitted)
}

/// Which of our protocols was agreed on in the handshake.
fn speaks_http3(connection: &Connection) -> bool {
    let agreed = connection.handshake_data();
    let agreed = agreed.and_then(|data| data.downcast::<HandshakeData>().ok());
    agreed.is_some_and(|data| data.protocol.as_deref() == Some(HTTP3))
}
