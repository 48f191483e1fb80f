//! What only the two ends may read.
//!
//! A [`handshake`] makes an [`End`] on each side. The end seals messages into records that everybody on the way may carry and
//! nobody can read, and opens what the other end sealed. It is a pure machine: time and randomness are arguments.
//!
//! Follow a key press: [`Input::encode`] → [`End::send`] → `outbox` seals it → the relay forwards it → [`End::handle_record`]
//! opens it with a key that exists only behind a [`policy::InputPass`] → `inbox` puts it in order → [`Input::decode`].

mod chat;
mod control;
mod cursor;
mod end;
mod entropy;
pub mod handshake;
mod inbox;
mod input;
mod keys;
mod outbox;
mod padding;
mod per_channel;
mod places;
#[cfg(test)]
mod vectors;

pub use chat::{Line, MAX_LINE};
pub use control::{Control, MAX_OUTPUT_NAME, MAX_OUTPUTS, Monitor, Present, SecretText, Start};
pub use cursor::{CursorPlace, LaserPlace};
pub use end::{Dropped, End, Limits, NotNow, Output, SendError};
pub use entropy::Entropy;
pub use input::{Button, Event, Input, Locks};
pub use keys::Secret;
pub use places::{Places, Resume};
