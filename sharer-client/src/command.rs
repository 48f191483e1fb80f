//! Commands of `--ui stdio` (SPEC 15.3).

use serde::Deserialize;
use wire::Ui;

/// What a script, or a person's window, wants the sharer to do.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Command {
    /// Use a code that the helper told.
    Join { code: String },
    /// Allow what is asked.
    Allow {
        /// Of which helper.
        pair: Option<u8>,
        /// The text that the person saw.
        shown: Option<String>,
        /// `window` if a person pressed it there.
        ui: Option<Ui>,
    },
    /// Decline what is asked.
    Decline {
        /// Of which helper.
        pair: Option<u8>,
    },
    /// Tell administrators that something is wrong with a helper.
    Report {
        /// Which.
        pair: Option<u8>,
        text: Option<String>,
    },
    /// Take the level of a helper down, without asking anybody.
    Lower {
        /// Which.
        pair: Option<u8>,
        level: String,
    },
    /// End the part of one helper.
    Dismiss {
        /// Which.
        pair: u8,
    },
    /// Pause picture and input, or go on.
    Pause { on: bool },
    /// Write a line of chat to every helper.
    Chat { text: String },
    /// Say the hashes of the screen and of what a helper was sent.
    Hash {
        /// Which.
        pair: Option<u8>,
    },
    /// Say the figures.
    Stats {
        /// Of which helper.
        pair: Option<u8>,
    },
    /// Leave the session.
    Leave {},
}
