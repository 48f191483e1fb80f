//! What the child says, and what it means for the session.

use std::time::Duration;

use client_window::trouble::{LEFT, Trouble};

use super::{Level, Note, Session, SignIn};
use crate::event::{Command, Event};

impl Session {
    /// Takes an event of the child. Gives what it is told for it.
    pub fn hear(&mut self, event: Event, now: Duration) -> Option<Command> {
        match event {
            Event::SignIn { url, code } => self.signs_in(url, code, now),
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
                self.helpers.add(*card, now);
                self.trouble = None;
            }
            Event::Asked {
                pair,
                level,
                within,
            } => return self.asked(pair, &level, within, now),
            Event::Withdrawn { pair } => self.questions.withdraw(pair, now),
            Event::Granted { pair, level } => self.granted(pair, &level, now),
            Event::Invited {
                pair,
                name,
                hand_over,
            } => self.invited(pair, name, hand_over, now),
            Event::Departed { pair } => self.departed(pair, now),
            Event::Chat { pair, text } => self.thread.hear(self.name(pair), text),
            Event::ChatSent {} => self.thread.sent(),
            Event::ChatRefused {} => self.thread.refused(),
            Event::Reconnecting {} => self.reconnecting = true,
            Event::Reconnected {} => self.reconnecting = false,
            Event::Away { pair } => self.helpers.set_away(pair, true),
            Event::Back { pair } => self.helpers.set_away(pair, false),
            Event::Paused { on } => self.paused = on,
            Event::Pointer(spot) => self.helpers.point(spot),
            Event::Sharing { pair, area } => self.helpers.show(pair, area),
            Event::Ended { code, text } => {
                let left = || Trouble::of(LEFT, now);
                let told = code.map_or_else(left, |code| Trouble::read(&code, text, now));
                self.end(told, now);
            }
            Event::Other => {}
        }
        None
    }

    fn signs_in(&mut self, address: String, code: Option<String>, now: Duration) {
        // A code that was typed is used once the person has signed in anew (SPEC 6.8).
        self.trouble = code.map(|code| Trouble::read(&code, String::new(), now));
        self.sign_in = Some(SignIn {
            address,
            browser_failed: false,
        });
    }

    fn asked(&mut self, pair: u8, level: &str, within: u32, now: Duration) -> Option<Command> {
        let known = self.helpers.get(pair).is_some();
        let Some(level) = Level::read(level).filter(|_| known) else {
            // Nobody can agree to what the window cannot say, or for whom it cannot show.
            return Some(Command::Decline { pair });
        };
        let within = Duration::from_secs(within.into());
        self.questions.ask(pair, level, within, now);
        None
    }

    fn granted(&mut self, pair: u8, level: &str, now: Duration) {
        // A level without a name here is shown as the most that there are words for.
        let level = Level::read(level).unwrap_or(Level::Control);
        self.helpers.grant(pair, level);
        self.highest = self.highest.max(Some(level));
        self.began.get_or_insert(now);
        self.questions.withdraw(pair, now);
        self.trouble = None;
    }

    fn invited(&mut self, pair: u8, name: String, hand_over: bool, now: Duration) {
        let by = self.name(pair);
        let note = Note::Invited {
            by,
            name,
            hand_over,
        };
        self.note = Some((note, now));
    }

    fn departed(&mut self, pair: u8, now: Duration) {
        self.questions.withdraw(pair, now);
        if let Some(helper) = self.helpers.remove(pair) {
            self.note = Some((Note::Departed(helper.card.name), now));
        }
    }

    fn fail(&mut self, trouble: Trouble) {
        if self.helpers.count() == 0 {
            self.joined = false;
            self.typed = false;
        }
        self.trouble = Some(trouble);
    }

    fn name(&self, pair: u8) -> String {
        let helper = self.helpers.get(pair);
        helper.map_or_else(String::new, |helper| helper.card.name.clone())
    }
}
