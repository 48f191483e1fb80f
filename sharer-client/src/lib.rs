//! The native sharer.
//!
//! [`pipeline`] is the file to open first: it names the stages that a changed pixel passes on its way out, and those that a key
//! passes on its way in. [`Session`] is the conversation around it: code, handshake, card, consent, chat, the end.
//!
//! One task does everything, in small steps: a frame, a command, a slice of at most 128 KiB of picture. So no lock stands between
//! the gate and the injector, and nothing can happen between a *No* and the moment when input stops.

mod broadcast;
/// Where the shared picture comes from.
pub mod capture;
mod command;
mod hands;
/// The helpers' hands on this machine.
pub mod inject;
mod invitations;
mod pace;
pub mod pipeline;
mod session;
mod shaking;

pub use session::{Desktop, Session};
