//! The one face that every carrier has.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use futures_util::{Sink, Stream};

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

/// What carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// WebSocket over TLS over TCP.
    WebSocket,
    /// QUIC, `rh/1`, over UDP.
    Quic,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WebSocket => f.write_str("wss"),
            Self::Quic => f.write_str("quic"),
        }
    }
}
