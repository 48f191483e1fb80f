//! What the child says and what it is told (SPEC 15.1 and 15.2).

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
    /// What is wrong with the sharer's device.
    Warning(Warning),
    /// What the organisation's rules allow now.
    Rules {
        /// SPEC 6.
        levels: Vec<String>,
    },
    /// The browser did not start.
    BrowserFailed {},
    /// The relay admitted the person.
    SignedIn {},
    /// A code was made.
    Code {
        /// Digits, as they are read out.
        code: String,
        /// Seconds.
        expires_in: u32,
    },
    /// Somebody typed its first digits: the security check begins.
    Claimed {},
    /// That attempt ended.
    Unclaimed {
        /// Attempts until the code is used up.
        attempts_left: u32,
    },
    /// The security check failed.
    CheckFailed {
        /// `RH-` and a number.
        code: String,
        /// What a person should read.
        text: String,
        /// Attempts until the code is used up.
        attempts_left: Option<u32>,
    },
    /// Who the other one is.
    Card(Box<Card>),
    /// The level was not given.
    Declined {
        /// `RH-` and a number.
        code: String,
        /// What a person should read.
        text: String,
    },
    /// A level stands.
    Granted {
        /// SPEC 6.
        level: String,
    },
    /// A line of the sharer or of another helper.
    Chat {
        /// The helper who wrote it; `None` if the sharer did.
        pair: Option<u8>,
        /// What was written.
        text: String,
    },
    /// Our oldest line that waits was sent.
    ChatSent {},
    /// Our newest line is too long.
    ChatRefused {},
    /// Colleagues who could come in.
    Colleagues {
        /// By name.
        people: Vec<Colleague>,
    },
    /// An invitation of this helper is open.
    Invited {
        /// Who is invited.
        subject: String,
        /// Who, for people.
        name: String,
        /// Whether the session is handed over.
        hand_over: bool,
        /// Seconds until it is gone.
        within: u32,
    },
    /// That is over.
    Uninvited {
        /// Who was invited.
        subject: String,
        /// `RH-` and a number; `None` if the colleague comes.
        code: Option<String>,
        /// What a person should read.
        text: Option<String>,
    },
    /// Nobody asks for company yet.
    Waiting {},
    /// A colleague asks for company.
    Invitation(Box<Invitation>),
    /// That is over.
    InvitationGone {
        /// The session.
        session: String,
    },
    /// Who helps in this session.
    Helpers {
        /// All of them.
        helpers: Vec<Present>,
    },
    /// The connection to the relay was lost, and another one is made.
    Reconnecting {},
    /// There is another one.
    Reconnected {},
    /// The connection of the sharer was lost, and is waited for.
    Away {},
    /// It is back.
    Back {},
    /// Picture and input are paused, or go on.
    Paused {
        /// Whether they are paused.
        on: bool,
    },
    /// The picture has this size.
    Picture {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// These parts of the file are new.
    Painted {
        /// Is answered by `shown`.
        update: u32,
        /// Left, top, width, height.
        rects: Vec<[u32; 4]>,
    },
    /// The sharer's pointer is here.
    Cursor(Spot),
    /// How a pointer looks.
    CursorShape(Shape),
    /// The monitors of the sharer.
    Outputs {
        /// All of them.
        outputs: Vec<Output>,
        /// The one that is shown; `None` if all are.
        shown: Option<u32>,
    },
    /// Input was thrown away at the sharer: it came too late, and every key is up.
    InputDiscarded {},
    /// Input was given up here.
    InputNotSent {},
    /// Something did not work.
    Fault {
        /// `RH-` and a number.
        code: String,
        /// What a person should read.
        text: String,
    },
    /// The figures.
    Stats(Box<Stats>),
    /// The session is over.
    Ended {
        /// `None` if the person here left.
        code: Option<String>,
        /// What a person should read.
        text: String,
    },
    /// An event that the window does not show.
    #[serde(other)]
    Other,
}

/// Somebody of the service desk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Colleague {
    /// Names the person to the relay.
    pub subject: String,
    /// Names the person to people.
    pub name: String,
    /// What the person does.
    pub title: Option<String>,
}

/// A colleague asks for company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Invitation {
    /// Names it to the child.
    pub session: String,
    /// Who asks.
    pub by: Colleague,
    /// Who is helped.
    pub sharer: Colleague,
    /// Whether the session is handed over.
    pub hand_over: bool,
    /// Why there is a session.
    pub reason: Option<String>,
    /// The number of the incident.
    pub incident: Option<String>,
    /// Seconds until it is gone.
    pub within: u32,
}

/// A helper who is in the session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Present {
    /// Number of the pair.
    pub pair: u8,
    /// As the sharer's client verified it.
    pub name: String,
    /// SPEC 6; `None` before the first.
    pub level: Option<String>,
    /// Whether it is the person here.
    pub you: bool,
}

/// A place of the sharer's pointer, in pixels of the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Spot {
    /// 0 is invisible.
    pub shape: u32,
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
}

/// A picture of a pointer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Shape {
    /// Its number in [`Spot`].
    pub shape: u32,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The pixel that points, from the left.
    pub hot_x: i32,
    /// And from the top.
    pub hot_y: i32,
    /// Base64, straight alpha.
    pub rgba: String,
}

/// A monitor of the sharer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Output {
    /// Names it to the child.
    pub id: u32,
    /// Names it to people.
    pub name: String,
}

/// Figures of the session. What does not exist yet is `None`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Stats {
    /// How records travel.
    pub carrier: Option<String>,
    /// Why it is not the better one, in a word.
    pub reason: Option<String>,
    /// To the relay and back.
    pub round_trip_ms: Option<f64>,
    /// From a key to its picture, in the middle.
    pub input_to_photon_p50_ms: Option<f64>,
    /// And 19 of 20.
    pub input_to_photon_p95_ms: Option<f64>,
    /// Updates a second.
    pub fps: Option<f64>,
    /// How often the picture stood still though it should not have.
    pub stalls: Option<u64>,
    /// Bytes of picture so far.
    pub picture_bytes: Option<u64>,
}

/// What is wrong with the sharer's device, and what it does (SPEC 15.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Warning {
    /// `not_compliant`, `stale` or `not_enrolled`; `None` if nothing is wrong any more.
    pub state: Option<String>,
    /// What an administrator calls the rule that says so.
    #[serde(default)]
    pub rule: Option<String>,
}

/// A command for the child.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Ask for a level.
    Ask {
        /// SPEC 6.
        level: &'static str,
    },
    /// A key goes down or up.
    Key {
        /// USB HID, page 7.
        usage: u16,
        /// Whether it goes down.
        down: bool,
        /// What it wrote.
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// The pointer is here, in pixels of the picture.
    Pointer {
        /// From the left.
        x: u16,
        /// From the top.
        y: u16,
    },
    /// A button goes down or up.
    Button {
        /// Its word.
        button: &'static str,
        /// Whether it goes down.
        down: bool,
    },
    /// The wheel turns, in 120ths of a notch.
    Wheel {
        /// To the right.
        dx: i16,
        /// Down.
        dy: i16,
    },
    /// Every key and button is up.
    ReleaseAll,
    /// Point at something, or stop.
    Laser {
        /// Whether to point.
        on: bool,
        /// From the left.
        x: u16,
        /// From the top.
        y: u16,
        /// `#rrggbb`.
        color: &'static str,
    },
    /// This update is on the screen.
    Shown {
        /// Its number.
        update: u32,
    },
    /// Show this monitor, or all.
    Output {
        /// Its id.
        output: Option<u32>,
    },
    /// Write a line.
    Chat {
        /// What is written.
        text: String,
    },
    /// Say the figures.
    Stats,
    /// Look for colleagues.
    Colleagues {
        /// Part of a name.
        search: String,
    },
    /// Ask a colleague in.
    Invite {
        /// Who.
        subject: String,
        /// Who, for people.
        name: String,
        /// Whether the colleague takes the session over.
        hand_over: bool,
    },
    /// Take that back.
    Uninvite {
        /// Who.
        subject: String,
    },
    /// Come into a colleague's session.
    Accept {
        /// As the invitation names it.
        session: String,
    },
    /// Do not come.
    TurnDown {
        /// As the invitation names it.
        session: String,
    },
    /// The warning was read.
    Acknowledge,
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
    fn events_of_the_specification_are_read() {
        let read = |line: &str| serde_json::from_str::<Event>(line).unwrap();
        assert_eq!(read(r#"{"event":"hash","picture":null}"#), Event::Other);
        assert_eq!(
            read(r#"{"event":"painted","update":12,"rects":[[0,0,1920,1080]]}"#),
            Event::Painted {
                update: 12,
                rects: vec![[0, 0, 1920, 1080]]
            }
        );
        let stats = r#"{"event":"stats","carrier":"wss","round_trip_ms":null,"fps":30.0,"samples":4,"stalls":0}"#;
        let Event::Stats(stats) = read(stats) else {
            panic!("figures")
        };
        assert_eq!((stats.fps, stats.round_trip_ms), (Some(30.0), None));
        let helpers = r#"{"event":"helpers","helpers":[{"pair":0,"name":"Amina Diallo","level":null,"you":true}]}"#;
        assert!(
            matches!(read(helpers), Event::Helpers { helpers } if helpers[0].you && helpers[0].level.is_none())
        );
        let here = r#"{"event":"uninvited","subject":"b1","code":null,"text":null}"#;
        assert!(matches!(read(here), Event::Uninvited { code: None, .. }));
        let outputs = r#"{"event":"outputs","outputs":[{"id":1,"name":"HDMI-1","x":0,"y":0,"width":1,"height":1,"primary":true}],"shown":null}"#;
        assert!(matches!(read(outputs), Event::Outputs { outputs, .. } if outputs.len() == 1));
    }

    /// The forms of SPEC 15.2.
    #[test]
    fn commands_have_the_form_of_the_specification() {
        let write = |command| serde_json::to_string(&command).unwrap();
        assert_eq!(write(Command::ReleaseAll), r#"{"command":"release_all"}"#);
        let (usage, down, text) = (4, true, None);
        assert_eq!(
            write(Command::Key { usage, down, text }),
            r#"{"command":"key","usage":4,"down":true}"#
        );
        assert_eq!(
            write(Command::Output { output: None }),
            r#"{"command":"output","output":null}"#
        );
        let invite = Command::Invite {
            subject: "b1".to_owned(),
            name: "Ben Okafor".to_owned(),
            hand_over: false,
        };
        assert_eq!(
            write(invite),
            r#"{"command":"invite","subject":"b1","name":"Ben Okafor","hand_over":false}"#
        );
        let session = "0f1e".to_owned();
        assert_eq!(
            write(Command::TurnDown { session }),
            r#"{"command":"turn_down","session":"0f1e"}"#
        );
    }
}
