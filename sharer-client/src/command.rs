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
        /// The text that the person saw.
        shown: Option<String>,
        /// `window` if a person pressed it there.
        ui: Option<Ui>,
    },
    /// Decline what is asked.
    Decline {},
    /// Tell administrators that something is wrong with this helper.
    Report { text: Option<String> },
    /// Take the level down, without asking anybody.
    Lower { level: String },
    /// Pause picture and input, or go on.
    Pause { on: bool },
    /// Write a line of chat.
    Chat { text: String },
    /// Say the hashes of the screen and of what the helper was sent.
    Hash {},
    /// Say the figures.
    Stats {},
    /// Leave the session.
    Leave {},
}
