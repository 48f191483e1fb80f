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
    /// A helper asks for a level.
    Asked {
        /// Which helper.
        pair: u8,
        /// SPEC 6.
        level: String,
        /// Seconds until the question is taken back.
        within: u32,
    },
    /// The question is gone.
    Withdrawn {
        /// Whose.
        pair: u8,
    },
    /// A level stands.
    Granted {
        /// For which helper.
        pair: u8,
        /// SPEC 6.
        level: String,
    },
    /// A helper asked a colleague to come.
    Invited {
        /// Which helper.
        pair: u8,
        /// The colleague.
        name: String,
        /// Whether the session is handed over.
        hand_over: bool,
    },
    /// A helper is gone, others are there.
    Departed {
        /// Which one.
        pair: u8,
    },
    /// A line of a helper.
    Chat {
        /// Whose.
        pair: u8,
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
    /// A helper points at something.
    Pointer(Spot),
    /// This part of the desktop is shown to a helper.
    Sharing {
        /// Which helper.
        pair: u8,
        /// Which part.
        #[serde(flatten)]
        area: Area,
    },
    /// The connection to the relay was lost, and another one is made.
    Reconnecting {},
    /// There is another one.
    Reconnected {},
    /// The connection of a helper was lost, and is waited for.
    Away {
        /// Of which one.
        pair: u8,
    },
    /// It is back.
    Back {
        /// Of which one.
        pair: u8,
    },
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

/// Where a helper points, in pixels of what that one is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Spot {
    /// Which helper.
    pub pair: u8,
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

impl Area {
    /// The smallest part of the desktop that holds both.
    pub fn with(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let right = self.right().max(other.right());
        let bottom = self.bottom().max(other.bottom());
        Self {
            x,
            y,
            width: right.abs_diff(x),
            height: bottom.abs_diff(y),
        }
    }

    fn right(self) -> i32 {
        self.x.saturating_add_unsigned(self.width)
    }

    fn bottom(self) -> i32 {
        self.y.saturating_add_unsigned(self.height)
    }
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
        /// To which helper.
        pair: u8,
        /// The text that the person saw.
        shown: String,
        /// Who allows: a person at a window.
        ui: &'static str,
    },
    /// Tell administrators that something is wrong with this helper.
    Report {
        /// Which one.
        pair: u8,
    },
    /// Decline what is asked.
    Decline {
        /// By which helper.
        pair: u8,
    },
    /// End the part of one helper.
    Dismiss {
        /// Which one.
        pair: u8,
    },
    /// Take the level down.
    Lower {
        /// Of which helper.
        pair: u8,
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
                pair: 1,
                shown,
                ui: "window"
            }),
            r#"{"command":"allow","pair":1,"shown":"Amina Diallo asks for full control.","ui":"window"}"#
        );
        assert_eq!(
            write(Command::Pause { on: true }),
            r#"{"command":"pause","on":true}"#
        );
        assert_eq!(
            write(Command::Lower {
                pair: 0,
                level: "view"
            }),
            r#"{"command":"lower","pair":0,"level":"view"}"#
        );
    }
}
