//! Messages between a client and the relay: JSON, one a frame (SPEC 6).

mod from_relay;
mod parts;
mod to_relay;

use serde::{Deserialize, Serialize};

pub use from_relay::FromRelay;
pub use parts::{
    Colleague, Details, Device, Invitation, Peer, Program, Quality, Signed, Ui, Warning,
};
pub use to_relay::ToRelay;

/// Most bytes of the name and version of a client (SPEC 16).
pub const MAX_CLIENT: usize = 200;
/// Most bytes of the reason of a session (SPEC 16).
pub const MAX_REASON: usize = 500;
/// Most bytes of the number of an incident (SPEC 16).
pub const MAX_INCIDENT: usize = 100;
/// Most bytes of a sharer's challenge (SPEC 6.4).
pub const MAX_NONCE: usize = 64;
/// Most bytes of an issuer or subject in a consent, and of a signature there (SPEC 16).
pub const MAX_SUBJECT: usize = 255;
/// Most bytes of the name of a device and of its system (SPEC 16).
pub const MAX_DEVICE_NAME: usize = 64;
/// Most bytes of a signed grant (SPEC 16).
pub const MAX_GRANT: usize = 1024;
/// Most bytes of a title or a company on a card (SPEC 16).
pub const MAX_DETAIL: usize = 200;
/// Most bytes of the name of a rule (SPEC 16).
pub const MAX_RULE: usize = 200;
/// Most bytes of the `data:` URL of a profile picture (SPEC 16).
pub const MAX_PORTRAIT: usize = 11000;

/// Most bytes of what colleagues are looked for by (SPEC 16).
pub const MAX_SEARCH: usize = 100;
/// Most colleagues in an answer (SPEC 16).
pub const MAX_COLLEAGUES: usize = 12;

/// What a client is in its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Gives help.
    Helper,
    /// Shares the screen.
    Sharer,
}

/// What the sharer said to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Yes.
    Allow,
    /// No.
    Decline,
}

/// As much of the name of a rule as a message holds: an administrator may call one what fits.
fn rule_name(name: String) -> String {
    cut(&name, MAX_RULE).to_owned()
}

/// As many bytes of a text as a message holds; no letter is cut.
pub fn cut(text: &str, most: usize) -> &str {
    text.split_at(text.floor_char_boundary(most)).0
}
