//! Commands of `--ui stdio` (SPEC 15.2).

use std::path::PathBuf;

use serde::Deserialize;

/// What a script, or a person's window, wants the helper to do.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Command {
    /// Ask the sharer for a level.
    Ask { level: String },
    /// The warning about the sharer's device was read.
    Acknowledge {},
    /// Type on a US keyboard: each letter as a key with its text.
    Type { text: String },
    /// Press or release one key: a USB HID usage of page 7, and what it wrote.
    Key {
        usage: u16,
        down: bool,
        text: Option<String>,
    },
    /// Text without keys.
    Text { text: String },
    /// Put the pointer here.
    Pointer { x: u16, y: u16 },
    /// Press or release a button: left, middle, right, back, forward.
    Button { button: String, down: bool },
    /// Turn the wheel, in 120ths of a notch.
    Wheel { dx: i16, dy: i16 },
    /// Release everything.
    ReleaseAll {},
    /// Point at something, in pixels of the picture, with a colour such as `#ff0000`.
    Laser {
        on: bool,
        x: u16,
        y: u16,
        color: String,
    },
    /// The window shows this update.
    Shown { update: u32 },
    /// Show this monitor only, or all of them.
    Output { output: Option<u32> },
    /// Write a line of chat.
    Chat { text: String },
    /// Look for colleagues who could come in.
    Colleagues { search: String },
    /// Ask a colleague in, or to take the session over.
    Invite {
        subject: String,
        name: String,
        hand_over: bool,
    },
    /// Take that back.
    Uninvite { subject: String },
    /// Come into the session of an invitation.
    Accept { session: String },
    /// Do not come.
    TurnDown { session: String },
    /// Say the hash of the picture.
    Hash {},
    /// Save the picture as PNG.
    Save { path: PathBuf },
    /// Say the figures.
    Stats {},
    /// Leave the session.
    Leave {},
}
