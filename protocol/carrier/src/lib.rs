//! How records travel.
//!
//! A [`Carrier`] moves frames between two programs; which kind it is matters to nobody above this crate. There are two kinds:
//! WebSocket over TLS, and QUIC. [`race`] dials both and takes the better one. A [`Link`] is a line that runs on one carrier after the other: it writes a bounded priority
//! [`Queue`], answers pings, keeps what has to arrive until it has, and notices within ten seconds that a carrier is lost.

mod error;
mod face;
mod link;
mod queue;
mod quic;
mod race;
mod tcp;
mod tls;
mod websocket;

pub use error::{DialError, Lost};
pub use face::{Carrier, Incoming, Kind, Outgoing};
pub use link::{Frames, KEEPALIVE, Link, PATIENCE, Sender};
pub use queue::{Full, Queue};
pub use quic::{Congestion, Knock, Page, QuicServer, dial_quic};
pub use race::{HEAD_START, How, Reached, Wish, race};
pub use tcp::{tcp_congestion, tune};
pub use tls::{ClientTls, NoCertificates, client_tls};
pub use websocket::{accept, accept_key, dial};
