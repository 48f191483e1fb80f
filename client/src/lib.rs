//! What both native clients share.
//!
//! [`sign_in`] makes tokens of a person, [`reach`] makes a connection to the relay of tokens, [`Sealed`] drives one end of a
//! sealed session over it, [`Talk`] is the part of a conversation that does not depend on the role, and [`stdio`] and [`EventLog`] tell people and scripts what happens. This crate knows nothing of
//! pictures, screens or input devices.

mod anew;
mod clock;
mod contacts;
mod device;
/// Which step of a connection fails, and what to do about it.
pub mod doctor;
mod entropy;
mod event_log;
mod instead;
mod issuer_keys;
mod judge;
mod line;
mod me;
mod options;
mod pin;
mod place;
mod program;
pub mod reach;
mod refused;
mod sealed;
/// Signing a person in at the organisation's OpenID provider.
pub mod sign_in;
pub mod stdio;
mod talk;

pub use anew::Anew;
pub use clock::Clock;
pub use contacts::{Contacts, FIRST_CONTACT};
pub use entropy::System;
pub use event_log::EventLog;
pub use instead::{Instead, Reason};
pub use judge::{Judge, Verdict};
pub use line::{Heard, Line};
pub use me::{Keys, Me};
pub use options::{Carrier, Congestion, Options, Ui};
pub use program::{become_window, open_log, ui_by_default};
pub use refused::Refused;
pub use sealed::{News, Sealed};
pub use talk::{Outcome, Talk, failed};
