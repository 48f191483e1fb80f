//! What the person is shown and what the child is told: a pure machine of events, deeds and `now`.

mod hear;

use std::time::Duration;

use client_window::thread::Thread;
use client_window::trouble::LEFT;
pub use client_window::trouble::{CHILD_STOPPED, Trouble};

use crate::company::Company;
use crate::event::{Card, Command, Output, Stats, Warning};
use crate::invitations::Invitations;

/// What the window shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// The relay has not answered yet.
    Connecting,
    /// The person says whether the sign-in service is that of the organisation.
    Confirm,
    /// The person signs in in the browser.
    SignIn,
    /// The person waits for a colleague's invitation, or reads one.
    Invited,
    /// The person reads the code out.
    Code,
    /// The security check runs.
    Checking,
    /// The person chooses a level.
    Choice,
    /// The sharer was asked.
    Waiting,
    /// The other screen.
    Viewer,
    /// It is over.
    End,
}

/// A level that the window can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The screen is seen.
    View,
    /// Mouse and keyboard are used, too.
    Control,
}

/// A code that can be read out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Digits in groups.
    pub digits: String,
    /// Attempts that are left, once one failed.
    pub attempts_left: Option<u32>,
    until: Duration,
}

impl Code {
    fn new(digits: String, seconds: u32, now: Duration) -> Self {
        Self {
            digits,
            attempts_left: None,
            until: now + Duration::from_secs(seconds.into()),
        }
    }
}

/// Whose connection was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Away {
    /// This program's.
    Here,
    /// The sharer's.
    Sharer,
}

/// One session, from the start of the child to its end.
#[derive(Debug, Default)]
pub struct Session {
    signed_in: bool,
    /// The host that the person has to judge.
    confirm: Option<String>,
    /// What is wrong with the sharer's device, and whether it was acknowledged.
    warning: Option<(Warning, bool)>,
    /// The address, and whether the browser did not start.
    sign_in: Option<(String, bool)>,
    code: Option<Code>,
    claimed: bool,
    card: Option<Card>,
    asked: Option<(Level, Duration)>,
    level: Option<Level>,
    began: Option<Duration>,
    paused: bool,
    reconnecting: bool,
    sharer_away: bool,
    outputs: Vec<Output>,
    output: Option<u32>,
    stats: Option<Stats>,
    trouble: Option<Trouble>,
    leaving: Option<Duration>,
    ended: Option<(Trouble, Duration)>,
    told_stats: Option<Duration>,
    /// Who else helps.
    pub company: Company,
    /// What colleagues ask.
    pub invitations: Invitations,
    /// The lines of the people in the session.
    pub thread: Thread,
}

impl Session {
    /// Whose connection was lost and is waited for.
    pub fn away(&self) -> Option<Away> {
        if self.reconnecting {
            Some(Away::Here)
        } else {
            self.sharer_away.then_some(Away::Sharer)
        }
    }

    /// What the window shows.
    pub fn screen(&self) -> Screen {
        if self.ended.is_some() {
            Screen::End
        } else if self.level.is_some() {
            Screen::Viewer
        } else if self.asked.is_some() {
            Screen::Waiting
        } else if self.card.is_some() {
            Screen::Choice
        } else if self.claimed {
            Screen::Checking
        } else if self.code.is_some() {
            Screen::Code
        } else if self.confirm.is_some() {
            Screen::Confirm
        } else if self.sign_in.is_some() && !self.signed_in {
            Screen::SignIn
        } else if self.invitations.is_joining() {
            Screen::Checking
        } else if self.invitations.waits() {
            Screen::Invited
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
        let told = self.trouble.take().filter(|_| self.card.is_none());
        self.end(told.unwrap_or_else(|| Trouble::of(reason, now)), now);
    }

    /// The person asks for a level. A question that stands is not asked again.
    pub fn ask(&mut self, level: Level, now: Duration) -> Option<Command> {
        self.refusal(level).map_or(Some(()), |_| None)?;
        if self.ended.is_some() || self.asked.is_some() || self.level == Some(level) {
            return None;
        }
        // Less is given without a question.
        if self.level < Some(level) {
            let time = self.level.map_or(FIRST_ANSWER, |_| NEXT_ANSWER);
            self.asked = Some((level, now + time));
        }
        self.trouble = None;
        let level = level.word();
        Some(Command::Ask { level })
    }

    /// Why a level cannot be asked for, if it cannot.
    pub fn refusal(&self, level: Level) -> Option<Refusal> {
        let Some(card) = &self.card else {
            return Some(Refusal::NotYet);
        };
        if card.levels.iter().any(|known| known == level.word()) {
            None
        } else if card.program.as_deref() == Some("browser") && level > Level::View {
            Some(Refusal::Browser)
        } else {
            Some(Refusal::NotPermitted)
        }
    }

    /// The person says whether the host signs the organisation in.
    pub fn trust(&mut self, yes: bool) -> Option<Command> {
        self.confirm.take().map(|_| Command::Trust { yes })
    }

    /// The host that the person has to judge.
    pub fn confirm(&self) -> Option<&str> {
        self.confirm.as_deref()
    }

    /// What is wrong with the sharer's device, until the person has read it.
    pub fn warning(&self) -> Option<&Warning> {
        let (warning, read) = self.warning.as_ref()?;
        (!read).then_some(warning)
    }

    /// The person has read the warning.
    pub fn acknowledge(&mut self) -> Option<Command> {
        let (_, read) = self.warning.as_mut()?;
        *read = true;
        Some(Command::Acknowledge)
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

    /// Time went by. Gives what the child is asked.
    pub fn tick(&mut self, now: Duration) -> Option<Command> {
        self.asked.take_if(|(_, until)| now > *until + GRACE);
        self.company.tick(now);
        if self.screen() != Screen::Viewer {
            return None;
        }
        self.trouble
            .take_if(|trouble| now.saturating_sub(trouble.since) > TOLD);
        let due = self
            .told_stats
            .is_none_or(|told| now.saturating_sub(told) >= EVERY);
        if due {
            self.told_stats = Some(now);
        }
        due.then_some(Command::Stats)
    }

    /// Whether the child was told to leave and did not: then it has to be killed.
    pub fn hangs(&self, now: Duration) -> bool {
        let late = |since: Duration| now.saturating_sub(since) > PATIENCE;
        self.ended.is_none() && self.leaving.is_some_and(late)
    }

    /// The sign-in that waits: its address, and whether the browser did not start.
    pub fn sign_in(&self) -> Option<(&str, bool)> {
        let (address, failed) = self.sign_in.as_ref()?;
        Some((address, *failed))
    }

    /// The code to read out.
    pub fn code(&self) -> Option<&Code> {
        self.code.as_ref()
    }

    /// Who the other one is.
    pub fn card(&self) -> Option<&Card> {
        self.card.as_ref()
    }

    /// The level that was asked for and not answered.
    pub fn asked(&self) -> Option<Level> {
        self.asked.map(|(level, _)| level)
    }

    /// The level that stands in a session that is not over.
    pub fn level(&self) -> Option<Level> {
        self.level.filter(|_| self.ended.is_none())
    }

    /// Whether keys and mouse may go to the other computer now.
    pub fn controls(&self) -> bool {
        self.level() == Some(Level::Control) && !self.paused
    }

    /// Whether the sharer paused.
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// The monitors, and the one that is shown.
    pub fn outputs(&self) -> (&[Output], Option<u32>) {
        (&self.outputs, self.output)
    }

    /// The last figures.
    pub fn stats(&self) -> Option<&Stats> {
        self.stats.as_ref()
    }

    /// What did not work, or why it is over.
    pub fn trouble(&self) -> Option<&Trouble> {
        let ended = self.ended.as_ref().map(|(trouble, _)| trouble);
        ended.or(self.trouble.as_ref())
    }

    /// How long something was seen.
    pub fn lasted(&self, now: Duration) -> Duration {
        let until = self.ended.as_ref().map_or(now, |(_, at)| *at);
        self.began
            .map_or(Duration::ZERO, |began| until.saturating_sub(began))
    }

    /// Whether something was seen.
    pub fn saw(&self) -> bool {
        self.began.is_some()
    }

    /// How long the code lives, or the question stands.
    pub fn remaining(&self, now: Duration) -> Duration {
        let asked = self.asked.map(|(_, until)| until);
        let until = asked.or_else(|| self.code.as_ref().map(|code| code.until));
        until.unwrap_or_default().saturating_sub(now)
    }

    fn end(&mut self, told: Trouble, now: Duration) {
        self.asked = None;
        self.paused = false;
        self.ended.get_or_insert((told, now));
    }
}

impl Level {
    /// Its word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Control => "control",
        }
    }
}

/// Why a level cannot be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody is there yet.
    NotYet,
    /// A browser can only show.
    Browser,
    /// The organisation does not permit it.
    NotPermitted,
}

/// Our own number: input was thrown away because it came too late.
pub const INPUT_LOST: i32 = -3;

/// So long the sharer may think about the first question, and about a higher level (PRODUCT 3.7 and 3.9).
const FIRST_ANSWER: Duration = Duration::from_secs(300);
const NEXT_ANSWER: Duration = Duration::from_secs(60);

/// The word that nobody answered comes from the relay; without it the question is given up a little later.
const GRACE: Duration = Duration::from_secs(5);

/// So often the figures are asked for.
const EVERY: Duration = Duration::from_secs(1);

/// So long a fault stands in the viewer.
const TOLD: Duration = Duration::from_secs(15);

/// So long the child may take to leave.
const PATIENCE: Duration = Duration::from_secs(3);

#[cfg(test)]
mod tests;
