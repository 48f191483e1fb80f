//! How records travel.
//!
//! A [`Carrier`] moves frames between two programs; which kind it is matters to nobody above this crate. Today there is one
//! kind: WebSocket over TLS. A [`Link`] runs a carrier: it writes a bounded priority [`Queue`], answers pings, and notices
//! within ten seconds that the other program is gone.

mod error;
mod face;
mod link;
mod queue;
mod tcp;
mod tls;
mod websocket;

pub use error::{DialError, Lost};
pub use face::{Carrier, Incoming, Kind, Outgoing};
pub use link::{Frames, KEEPALIVE, Link, PATIENCE, Sender};
pub use queue::{Full, Queue};
pub use tcp::tune;
pub use tls::{ClientTls, NoCertificates, client_tls};
pub use websocket::{accept, accept_key, dial};
