//! What the person is shown and what the child is told: a pure machine of events, deeds and `now`.

use std::time::Duration;

use client_window::thread::Thread;
use client_window::trouble::LEFT;
pub use client_window::trouble::{CHILD_STOPPED, Trouble};
use wire::{Code, Fault};

use crate::event::{Area, Card, Command, Event, Spot};
use crate::presence::Verdict;

/// Which screen the main window shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// The relay has not admitted the person yet, and no sign-in waits.
    Connecting,
    /// The person says whether the sign-in service is that of the organisation.
    Confirm,
    /// The person signs in in the browser.
    SignIn,
    /// The person types the code.
    Code,
    /// The security check runs.
    Checking,
    /// The helper chooses a level.
    Waiting,
    /// The helper asks for a level.
    Question,
    /// A level stands: the pill is shown, no main window.
    Live,
    /// It is over.
    Summary,
}

/// A level that the windows have words for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The screen is seen.
    View,
    /// Mouse and keyboard are used, too.
    Control,
}

/// Why Allow did not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// It did, or was not pressed.
    None,
    /// The question had just come.
    TooEarly,
    /// No person pressed it.
    NotAPerson,
    /// Nothing tells whether a person pressed it.
    CannotTell,
    /// The helper never helped here: control waits so many seconds more.
    FirstContact(u64),
}

/// What the helper asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// For this level.
    pub level: Level,
    /// Why Allow did not count.
    pub hint: Hint,
    since: Duration,
    until: Duration,
}

/// A sign-in that waits for the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The address of the page.
    pub address: String,
    /// Whether the browser did not start.
    pub browser_failed: bool,
}

/// One session, from the start of the child to its end.
#[derive(Debug, Default)]
pub struct Session {
    signed_in: bool,
    /// The host that the person has to judge.
    confirm: Option<String>,
    sign_in: Option<SignIn>,
    /// A code was handed to the relay, which has not answered yet.
    typed: bool,
    joined: bool,
    card: Option<Card>,
    /// When control may be allowed.
    control_from: Duration,
    question: Option<Question>,
    level: Option<Level>,
    highest: Option<Level>,
    began: Option<Duration>,
    paused: bool,
    area: Option<Area>,
    spot: Option<Spot>,
    trouble: Option<Trouble>,
    leaving: Option<Duration>,
    ended: Option<(Trouble, Duration)>,
    /// The lines of the two people.
    pub thread: Thread,
}

impl Session {
    /// Which screen the main window shows.
    pub fn screen(&self) -> Screen {
        if self.ended.is_some() {
            Screen::Summary
        } else if self.question.is_some() {
            Screen::Question
        } else if self.level.is_some() {
            Screen::Live
        } else if self.card.is_some() {
            Screen::Waiting
        } else if self.sign_in.is_some() {
            Screen::SignIn
        } else if self.joined || self.typed {
            Screen::Checking
        } else if self.confirm.is_some() {
            Screen::Confirm
        } else if self.signed_in {
            Screen::Code
        } else {
            Screen::Connecting
        }
    }

    /// Takes an event of the child. Gives what it is told for it.
    pub fn hear(&mut self, event: Event, now: Duration) -> Option<Command> {
        match event {
            Event::SignIn { url, code } => {
                // A code that was typed is used once the person has signed in anew (SPEC 6.8).
                self.trouble = code.map(|code| Trouble::read(&code, String::new(), now));
                self.sign_in = Some(SignIn {
                    address: url,
                    browser_failed: false,
                });
            }
            Event::ConfirmIssuer { host } => self.confirm = Some(host),
            Event::BrowserFailed {} => {
                if let Some(sign_in) = &mut self.sign_in {
                    sign_in.browser_failed = true;
                }
            }
            Event::SignedIn {} => {
                self.signed_in = true;
                self.sign_in = None;
                self.trouble = None;
            }
            Event::Joined {} => {
                self.joined = true;
                self.trouble = None;
            }
            Event::CheckFailed { code, text } | Event::Fault { code, text } => {
                self.fail(Trouble::read(&code, text, now));
            }
            Event::Card(card) => {
                self.control_from = now + Duration::from_secs(card.pause);
                self.card = Some(*card);
                self.trouble = None;
            }
            Event::Asked { level, within } => return self.asked(&level, within, now),
            Event::Withdrawn {} => self.question = None,
            Event::Granted { level } => self.granted(&level, now),
            Event::Chat { text } => self.thread.hear(text),
            Event::ChatSent {} => self.thread.sent(),
            Event::ChatRefused {} => self.thread.refused(),
            Event::Paused { on } => self.paused = on,
            Event::Pointer(spot) => self.spot = spot.on.then_some(spot),
            Event::Sharing(area) => self.area = Some(area),
            Event::Ended { code, text } => {
                let told = code.map_or_else(
                    || Trouble::of(LEFT, now),
                    |code| Trouble::read(&code, text, now),
                );
                self.end(told, now);
            }
            Event::Other => {}
        }
        None
    }

    /// The child is gone.
    pub fn child_ended(&mut self, now: Duration) {
        let reason = if self.leaving.is_some() {
            LEFT
        } else {
            CHILD_STOPPED
        };
        // A fault from before the connection says why; one from the middle of a session does not.
        let told = self.trouble.take().filter(|_| self.card.is_none());
        let told = told.unwrap_or_else(|| Trouble::of(reason, now));
        self.end(told, now);
    }

    /// The person typed in the field: what was wrong before is not any more.
    pub fn edited(&mut self) {
        self.trouble = None;
    }

    /// The person wants to use what was typed.
    pub fn join(&mut self, typed: &str, now: Duration) -> Option<Command> {
        if Code::parse(typed).is_err() {
            let fault = Fault::CodeMalformed;
            self.trouble = Some(Trouble {
                number: fault.number().into(),
                text: fault.text().to_owned(),
                since: now,
            });
            return None;
        }
        self.trouble = None;
        self.typed = true;
        Some(Command::Join {
            code: typed.to_owned(),
        })
    }

    /// The person says whether the host signs the organisation in.
    pub fn trust(&mut self, yes: bool) -> Option<Command> {
        self.confirm.take().map(|_| Command::Trust { yes })
    }

    /// The host that the person has to judge.
    pub fn confirm(&self) -> Option<&str> {
        self.confirm.as_deref()
    }

    /// The person says that something is wrong with the helper.
    pub fn report(&mut self, now: Duration) -> Option<Command> {
        self.card.as_ref()?;
        self.leave(now).map(|_| Command::Report)
    }

    /// The person, or something else, pressed Allow below this text.
    pub fn allow(&mut self, verdict: Verdict, shown: &str, now: Duration) -> Option<Command> {
        let control_from = self.control_from;
        let question = self.question.as_mut()?;
        let waits = question.level == Level::Control && now < control_from;
        question.hint = if now.saturating_sub(question.since) < GUARD {
            Hint::TooEarly
        } else {
            match verdict {
                Verdict::Person if waits => {
                    Hint::FirstContact(control_from.saturating_sub(now).as_secs() + 1)
                }
                Verdict::Person => Hint::None,
                Verdict::Nobody => Hint::NotAPerson,
                Verdict::CannotTell => Hint::CannotTell,
            }
        };
        if question.hint != Hint::None {
            return None;
        }
        self.question = None;
        Some(Command::Allow {
            shown: shown.to_owned(),
            ui: "window",
        })
    }

    /// The person pressed Decline, or closed the question.
    pub fn decline(&mut self) -> Option<Command> {
        self.question.take().map(|_| Command::Decline)
    }

    /// The person pauses, or goes on.
    pub fn pause(&self) -> Option<Command> {
        self.level?;
        Some(Command::Pause { on: !self.paused })
    }

    /// The person takes control back.
    pub fn lower(&self) -> Option<Command> {
        (self.level == Some(Level::Control)).then_some(Command::Lower { level: "view" })
    }

    /// The person writes a line.
    pub fn write(&mut self, text: &str) -> Option<Command> {
        self.card.as_ref()?;
        let text = self.thread.write(text)?;
        Some(Command::Chat { text })
    }

    /// The person ends it.
    pub fn leave(&mut self, now: Duration) -> Option<Command> {
        if self.leaving.is_some() || self.ended.is_some() {
            return None;
        }
        self.leaving = Some(now);
        Some(Command::Leave)
    }

    /// Time went by. Gives whether the child was told to leave and did not: then it has to be killed.
    pub fn tick(&mut self, now: Duration) -> bool {
        if self.level.is_some() {
            self.trouble
                .take_if(|trouble| now.saturating_sub(trouble.since) > TOLD);
        }
        self.ended.is_none()
            && self
                .leaving
                .is_some_and(|since| now.saturating_sub(since) > PATIENCE)
    }

    /// Whether something on the screen changes by itself.
    pub fn runs(&self) -> bool {
        self.question.is_some() || (self.level.is_some() && self.ended.is_none()) || {
            self.leaving.is_some() && self.ended.is_none()
        }
    }

    /// The sign-in that waits for the person.
    pub fn sign_in(&self) -> Option<&SignIn> {
        self.sign_in.as_ref()
    }

    /// Who the other one is.
    pub fn card(&self) -> Option<&Card> {
        self.card.as_ref()
    }

    /// What is asked.
    pub fn question(&self) -> Option<&Question> {
        self.question.as_ref()
    }

    /// The level that stands in a session that is not over.
    pub fn live(&self) -> Option<Level> {
        self.level.filter(|_| self.ended.is_none())
    }

    /// The highest level that stood.
    pub fn highest(&self) -> Option<Level> {
        self.highest
    }

    /// Whether picture and input are paused.
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// The part of the desktop that is shared.
    pub fn area(&self) -> Option<Area> {
        self.area.filter(|_| self.live().is_some())
    }

    /// Where the helper points.
    pub fn spot(&self) -> Option<&Spot> {
        self.spot.as_ref().filter(|_| self.live().is_some())
    }

    /// What did not work, or why it is over.
    pub fn trouble(&self) -> Option<&Trouble> {
        let ended = self.ended.as_ref().map(|(trouble, _)| trouble);
        ended.or(self.trouble.as_ref())
    }

    /// How long something was shared.
    pub fn lasted(&self, now: Duration) -> Duration {
        let until = self.ended.as_ref().map_or(now, |(_, at)| *at);
        self.began
            .map_or(Duration::ZERO, |began| until.saturating_sub(began))
    }

    /// How long the question stands.
    pub fn remaining(&self, now: Duration) -> Duration {
        self.question.map_or(Duration::ZERO, |question| {
            question.until.saturating_sub(now)
        })
    }

    fn asked(&mut self, level: &str, within: u32, now: Duration) -> Option<Command> {
        let Some(level) = Level::read(level) else {
            // Nobody can agree to what the window cannot say.
            return Some(Command::Decline);
        };
        self.question = Some(Question {
            level,
            hint: Hint::None,
            since: now,
            until: now + Duration::from_secs(within.into()),
        });
        None
    }

    fn granted(&mut self, level: &str, now: Duration) {
        // A level without a name here is shown as the most that there are words for.
        let level = Level::read(level).unwrap_or(Level::Control);
        self.level = Some(level);
        self.highest = self.highest.max(Some(level));
        self.began.get_or_insert(now);
        self.question = None;
        self.trouble = None;
    }

    fn fail(&mut self, trouble: Trouble) {
        if self.card.is_none() {
            self.joined = false;
            self.typed = false;
        }
        self.trouble = Some(trouble);
    }

    fn end(&mut self, told: Trouble, now: Duration) {
        self.question = None;
        self.paused = false;
        self.ended.get_or_insert((told, now));
    }
}

impl Level {
    fn read(word: &str) -> Option<Self> {
        match word {
            "view" => Some(Self::View),
            "control" => Some(Self::Control),
            _ => None,
        }
    }
}

/// So long nobody can have read the question: a press was meant for something else.
const GUARD: Duration = Duration::from_secs(1);

/// So long a fault stands on the pill.
const TOLD: Duration = Duration::from_secs(15);

/// So long the child may take to leave.
const PATIENCE: Duration = Duration::from_secs(3);

#[cfg(test)]
mod tests;
