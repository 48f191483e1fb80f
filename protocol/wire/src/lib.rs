//! What the relay may read: frames, the clear header of a sealed record, channels, credit, relay messages, codes.
//!
//! A carrier moves [`Frame`]s. One kind of frame is the sealed record ([`Envelope`]): the relay reads its clear
//! [`Header`] to find the [`Route`] of its pair and channel, and cannot read the rest. The other kinds are for the relay itself.
//!
//! Everything here is pure: bytes in, values out. The prose is `protocol/SPEC.md`; code cites its sections.

mod channel;
mod code;
mod credit;
mod envelope;
mod fault;
mod frame;
mod line;
mod message;
mod profile;
mod reader;
mod route;
mod step_up;
mod text;
mod varint;
#[cfg(test)]
mod vectors;

pub use channel::{Channel, Channels, Delivery};
pub use code::{Code, NotACode, NotARouting, Routing, Secret};
pub use credit::{Allowance, Cap, Overrun, Window};
pub use envelope::{Envelope, Header};
pub use fault::Fault;
pub use frame::{Credit, Frame};
pub use line::LineKey;
pub use message::{
    Answer, Colleague, Details, Device, FromRelay, Invitation, MAX_CLIENT, MAX_COLLEAGUES,
    MAX_DETAIL, MAX_DEVICE_NAME, MAX_GRANT, MAX_INCIDENT, MAX_NONCE, MAX_PORTRAIT, MAX_REASON,
    MAX_RULE, MAX_SEARCH, MAX_SUBJECT, Peer, Program, Quality, Role, Signed, ToRelay, Ui, Warning,
    cut,
};
pub use profile::{PROTOCOL, Protocols};
pub use reader::{Malformed, Reader};
pub use route::Route;
pub use step_up::{MAX_ACR, MAX_ACR_VALUES, StepUp};
pub use varint::put_varint;

/// Most bytes of padded plaintext in one sealed record (SPEC 3.2).
pub const MAX_PLAINTEXT: usize = 16 * 1024;
/// Bytes of the authentication tag (AES-256-GCM).
pub const TAG: usize = 16;
/// Most bytes of one frame of any kind (SPEC 2).
pub const MAX_FRAME: usize = 17 * 1024;
/// Most bytes of one relay message (SPEC 6).
pub const MAX_MESSAGE: usize = 16 * 1024;
