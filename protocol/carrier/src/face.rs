//! The one face that every carrier has.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use wire::Frame;

use crate::Lost;

/// Where frames come from, one at a time.
pub type Incoming = Pin<Box<dyn Stream<Item = Result<Bytes, Lost>> + Send>>;
/// Where frames go. Flushing it hands everything to the system.
pub type Outgoing = Pin<Box<dyn Sink<Bytes, Error = Lost> + Send>>;

/// A way for frames, whole and in order.
pub struct Carrier {
    /// For the quality display and the record.
    pub kind: Kind,
    /// From the other program.
    pub incoming: Incoming,
    /// To the other program.
    pub outgoing: Outgoing,
}

impl Carrier {
    /// The message with which the other side begins: `hello` or `resume`, `resumed` or `refused`. Pings before it are not answered.
    ///
    /// # Errors
    /// The carrier is lost, or the other side begins with something else.
    pub async fn first_message(&mut self) -> Result<Bytes, Lost> {
        loop {
            let bytes = self.incoming.next().await.ok_or(Lost::Closed)??;
            match Frame::decode(bytes)? {
                Frame::Message(text) => return Ok(text),
                Frame::Ping(_) => {}
                Frame::Sealed(_) | Frame::Credit(_) | Frame::Pong(_) | Frame::Heard(_) => {
                    return Err(Lost::Broken("no message begins it".to_owned()));
                }
            }
        }
    }

    /// Sends one message before the carrier runs.
    ///
    /// # Errors
    /// The carrier is lost.
    pub async fn say_first(&mut self, message: Frame) -> Result<(), Lost> {
        self.outgoing.send(message.encode()).await
    }
}

/// What carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// WebSocket over TLS over TCP.
    WebSocket,
    /// QUIC, `rh/1`, over UDP.
    Quic,
    /// The same from a page: WebTransport over HTTP/3 over QUIC.
    WebTransport,
}

impl Kind {
    /// Whether it comes by UDP.
    pub fn is_by_udp(self) -> bool {
        match self {
            Self::WebSocket => false,
            Self::Quic | Self::WebTransport => true,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WebSocket => f.write_str("wss"),
            Self::Quic => f.write_str("quic"),
            Self::WebTransport => f.write_str("webtransport"),
        }
    }
}
