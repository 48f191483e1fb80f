//! The native helper.
//!
//! [`pipeline`] is the file to open first: it names the stages that a record passes on its way to the screen, and those that a
//! key passes on its way out. [`Session`] is the conversation around it: code or invitation, handshake, card, levels,
//! colleagues, chat, the end.

mod batch;
mod command;
mod invitations;
mod keyboard;
mod picture_file;
pub mod pipeline;
mod quality;
mod session;
mod shaking;
mod video;
mod view;

pub use session::{Session, Task};
