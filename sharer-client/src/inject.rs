//! The helper's hands on the sharer's machine.
//!
//! Only the gate calls a sink: whoever holds one may do what the person at the machine may.

use client_keys as usage;
use seal::Event;

mod ledger;
pub mod synthetic;
mod wheel;
pub mod x11;

/// Does what a helper's hands do.
pub trait InputSink: Send {
    /// Does one event. Releases of what is not held, repeats of what is, and keys that nobody has
    /// are ignored.
    ///
    /// # Errors
    /// [`InjectError::Lost`] when the display is gone.
    fn apply(&mut self, event: &Event) -> Result<(), InjectError>;

    /// Releases every key and button that is held; a drop does the same.
    ///
    /// # Errors
    /// [`InjectError::Lost`] when the display is gone. Nothing is held then either.
    fn release_all(&mut self) -> Result<(), InjectError>;

    /// How many keys and buttons are held.
    fn held(&self) -> usize;
}

/// Why input cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InjectError {
    /// There is no display, or it does not let us in.
    #[error("no display: {0}")]
    NoDisplay(String),
    /// The display does not take input from us.
    #[error("the display takes no input: {0}")]
    Unfit(String),
    /// The display went away.
    #[error("the display is gone: {0}")]
    Lost(String),
}
