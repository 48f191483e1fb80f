//! What the child says and what it is told (SPEC 15.1 and 15.3).

pub use client_window::card::Card;
use serde::{Deserialize, Serialize};

/// An event of the child. Events and members that are not known here are passed over.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The person has to sign in at this address.
    SignIn {
        /// The page of the sign-in.
        url: String,
        /// Why an earlier sign-in is not enough: `RH-` and a number.
        #[serde(default)]
        code: Option<String>,
    },
    /// The organisation is not known here yet: does this host sign it in?
    ConfirmIssuer {
        /// The host.
        host: String,
    },
    /// The browser did not start.
    BrowserFailed {},
    /// The relay admitted the person.
    SignedIn {},
    /// The code is claimed, the security check begins.
    Joined {},
    /// The security check failed.
    CheckFailed {
        /// `RH-` and a number.
        code: String,
        /// What a person should read.
        text: String,
    },
    /// Who the other one is.
    Card(Box<Card>),
    /// The helper asks for a level.
    Asked {
        /// SPEC 6.
        level: String,
        /// Seconds until the question is taken back.
        within: u32,
    },
    /// The question is gone.
    Withdrawn {},
    /// A level stands.
    Granted {
        /// SPEC 6.
        level: String,
    },
    /// A line of the helper.
    Chat {
        /// What was written.
        text: String,
    },
    /// Our oldest line that waits was sent.
    ChatSent {},
    /// Our newest line is too long.
    ChatRefused {},
    /// Picture and input are paused, or go on.
    Paused {
        /// Whether they are paused.
        on: bool,
    },
    /// The helper points at something.
    Pointer(Spot),
    /// This part of the desktop is shared.
    Sharing(Area),
    /// Something did not work.
    Fault {
        /// `RH-` and a number.
        code: String,
        /// What a person should read.
        text: String,
    },
    /// The session is over.
    Ended {
        /// `None` if the person here left.
        code: Option<String>,
        /// What a person should read.
        text: String,
    },
    /// An event that no window shows.
    #[serde(other)]
    Other,
}

/// Where the helper points, in pixels of what is shared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Spot {
    /// Whether it is shown.
    pub on: bool,
    /// From the left.
    #[serde(default)]
    pub x: i32,
    /// From the top.
    #[serde(default)]
    pub y: i32,
    /// `#rrggbb`.
    #[serde(default)]
    pub color: Option<String>,
}

/// A part of the desktop, in its pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Area {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
    /// To the right.
    pub width: u32,
    /// Down.
    pub height: u32,
}

/// A command for the child.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Use a code, as the person typed it.
    Join {
        /// What was typed.
        code: String,
    },
    /// Allow what is asked.
    Allow {
        /// The text that the person saw.
        shown: String,
        /// Who allows: a person at a window.
        ui: &'static str,
    },
    /// Tell administrators that something is wrong with this helper.
    Report,
    /// Decline what is asked.
    Decline,
    /// Take the level down.
    Lower {
        /// The level that shall stand.
        level: &'static str,
    },
    /// Pause, or go on.
    Pause {
        /// Whether to pause.
        on: bool,
    },
    /// Write a line.
    Chat {
        /// What is written.
        text: String,
    },
    /// The host that was asked about signs the organisation in, or does not.
    Trust {
        /// Whether it does.
        yes: bool,
    },
    /// End the session.
    Leave,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_events_and_members_are_passed_over() {
        let read = |line: &str| serde_json::from_str::<Event>(line).unwrap();
        assert_eq!(read(r#"{"event":"hash","quiet":true}"#), Event::Other);
        assert_eq!(
            read(r#"{"event":"signed_in","name":"Amina","new":[1]}"#),
            Event::SignedIn {}
        );
        assert!(serde_json::from_str::<Event>("{}").is_err());
    }

    #[test]
    fn the_card_lives_without_what_is_optional() {
        let line = r#"{"event":"card","name":"Yuki","subject":"y1","issuer":"i","domain":"i","directory":{"relay":"r"}}"#;
        let Event::Card(card) = serde_json::from_str(line).unwrap() else {
            panic!("a card")
        };
        assert_eq!((card.name.as_str(), card.title), ("Yuki", None));
    }

    /// The forms of SPEC 15.3.
    #[test]
    fn commands_have_the_form_of_the_specification() {
        let write = |command| serde_json::to_string(&command).unwrap();
        let shown = "Amina Diallo asks for full control.".to_owned();
        assert_eq!(
            write(Command::Allow {
                shown,
                ui: "window"
            }),
            r#"{"command":"allow","shown":"Amina Diallo asks for full control.","ui":"window"}"#
        );
        assert_eq!(
            write(Command::Pause { on: true }),
            r#"{"command":"pause","on":true}"#
        );
        assert_eq!(
            write(Command::Lower { level: "view" }),
            r#"{"command":"lower","level":"view"}"#
        );
    }
}
