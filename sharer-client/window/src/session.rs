//! What the person is shown and what the child is told: a pure machine of events, deeds and `now`.

mod hear;

use std::time::Duration;

use client_window::thread::Thread;
use client_window::trouble::LEFT;
pub use client_window::trouble::{CHILD_STOPPED, Trouble};
use wire::{Code, Fault};

use crate::event::{Area, Command, Spot};
use crate::helpers::{Helper, Helpers};
use crate::presence::Verdict;
use crate::questions::Questions;
pub use crate::questions::{Hint, Question};

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

/// What happened among the helpers, in a short line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A helper asked a colleague to come.
    Invited {
        /// The helper.
        by: String,
        /// The colleague.
        name: String,
        /// Whether the session is handed over.
        hand_over: bool,
    },
    /// This helper is gone.
    Departed(String),
}

/// Whose connection was lost.
#[derive(Clone, Copy, Debug)]
pub enum Away<'a> {
    /// This program's.
    Here,
    /// That of this helper.
    Helper(&'a Helper),
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
    /// Who helps.
    pub helpers: Helpers,
    questions: Questions,
    note: Option<(Note, Duration)>,
    highest: Option<Level>,
    began: Option<Duration>,
    paused: bool,
    reconnecting: bool,
    trouble: Option<Trouble>,
    leaving: Option<Duration>,
    ended: Option<(Trouble, Duration)>,
    /// The lines of the people in the session.
    pub thread: Thread,
}

impl Session {
    /// Which screen the main window shows.
    pub fn screen(&self) -> Screen {
        if self.ended.is_some() {
            Screen::Summary
        } else if self.question().is_some() {
            Screen::Question
        } else if self.helpers.level().is_some() {
            Screen::Live
        } else if self.helpers.count() > 0 {
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

    /// The child is gone.
    pub fn child_ended(&mut self, now: Duration) {
        let reason = if self.leaving.is_some() {
            LEFT
        } else {
            CHILD_STOPPED
        };
        // A fault from before the connection says why; one from the middle of a session does not.
        let told = self.trouble.take().filter(|_| self.helpers.count() == 0);
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
        let asking = self.question().map(|question| question.pair);
        let first = || self.helpers.all().next().map(|helper| helper.card.pair);
        let pair = asking.or_else(first)?;
        self.leave(now).map(|_| Command::Report { pair })
    }

    /// The person, or something else, pressed Allow below this text.
    pub fn allow(&mut self, verdict: Verdict, shown: &str, now: Duration) -> Option<Command> {
        let helper = self.asking();
        let control_from = helper.map_or(Duration::ZERO, |helper| helper.control_from);
        let question = self.questions.allow(verdict, control_from, now)?;
        Some(Command::Allow {
            pair: question.pair,
            shown: shown.to_owned(),
            ui: "window",
        })
    }

    /// The person pressed Decline, or closed the question.
    pub fn decline(&mut self, now: Duration) -> Option<Command> {
        let question = self.questions.take(now)?;
        Some(Command::Decline {
            pair: question.pair,
        })
    }

    /// The person wants this helper to go. The last one goes with the session.
    pub fn dismiss(&self, pair: u8) -> Option<Command> {
        self.helpers.get(pair)?;
        (self.helpers.count() > 1).then_some(Command::Dismiss { pair })
    }

    /// The person pauses, or goes on.
    pub fn pause(&self) -> Option<Command> {
        self.helpers.level()?;
        Some(Command::Pause { on: !self.paused })
    }

    /// The person takes control back.
    pub fn lower(&self) -> Option<Command> {
        let pair = self.helpers.controller()?.card.pair;
        let level = "view";
        Some(Command::Lower { pair, level })
    }

    /// The person writes a line.
    pub fn write(&mut self, text: &str) -> Option<Command> {
        self.helpers.all().next()?;
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
        self.note
            .take_if(|(_, since)| now.saturating_sub(*since) > TOLD);
        if self.helpers.level().is_some() {
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
        let live = self.helpers.level().is_some() || self.leaving.is_some();
        self.question().is_some() || (live && self.ended.is_none())
    }

    /// The sign-in that waits for the person.
    pub fn sign_in(&self) -> Option<&SignIn> {
        self.sign_in.as_ref()
    }

    /// Whom the person is asked about: the one whose question is shown, else the one who came first.
    pub fn helper(&self) -> Option<&Helper> {
        self.asking().or_else(|| self.helpers.all().next())
    }

    /// What is asked.
    pub fn question(&self) -> Option<&Question> {
        self.questions.shown()
    }

    /// Who asks it.
    fn asking(&self) -> Option<&Helper> {
        self.helpers.get(self.question()?.pair)
    }

    /// Who loses mouse and keyboard when what is asked is allowed, and stays.
    pub fn displaced(&self) -> Option<&Helper> {
        let question = self.question()?;
        let controller = self.helpers.controller()?;
        let asking = &self.asking()?.card;
        let leaves = asking.hand_over && asking.invited_by.as_ref() == Some(&controller.card.name);
        let other = controller.card.pair != question.pair;
        (question.level == Level::Control && other && !leaves).then_some(controller)
    }

    /// Whose connection was lost and is waited for.
    pub fn away(&self) -> Option<Away<'_>> {
        if self.ended.is_some() {
            None
        } else if self.reconnecting {
            Some(Away::Here)
        } else {
            let mut helpers = self.helpers.all();
            helpers.find(|helper| helper.is_away).map(Away::Helper)
        }
    }

    /// What happened among the helpers lately.
    pub fn note(&self) -> Option<&Note> {
        self.note.as_ref().map(|(note, _)| note)
    }

    /// The level that stands in a session that is not over.
    pub fn live(&self) -> Option<Level> {
        self.helpers.level().filter(|_| self.ended.is_none())
    }

    /// The highest level that stood.
    pub fn highest(&self) -> Option<Level> {
        self.highest
    }

    /// Whether picture and input are paused.
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// The part of the desktop that is shown to anybody.
    pub fn area(&self) -> Option<Area> {
        self.helpers.area().filter(|_| self.live().is_some())
    }

    /// Where helpers point.
    pub fn spots(&self) -> Vec<Spot> {
        let live = self.live().is_some();
        self.helpers.spots().filter(|_| live).collect()
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
        let question = self.question();
        question.map_or(Duration::ZERO, |question| question.remaining(now))
    }

    fn end(&mut self, told: Trouble, now: Duration) {
        self.questions.clear();
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

/// So long a fault or a note stands on the pill.
const TOLD: Duration = Duration::from_secs(15);

/// So long the child may take to leave.
const PATIENCE: Duration = Duration::from_secs(3);

#[cfg(test)]
mod tests;
