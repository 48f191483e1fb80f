//! What the child says, and what it means for the session.

use std::time::Duration;

use client_window::trouble::{LEFT, Trouble};

use super::{Code, INPUT_LOST, Level, Session};
use crate::event::{Event, Warning};

impl Session {
    /// Takes an event of the child. What concerns the picture is not its matter.
    pub fn hear(&mut self, event: Event, now: Duration) {
        match event {
            Event::Warning(warning) => self.warn(warning),
            Event::Rules { levels } => {
                if let Some(card) = &mut self.card {
                    card.levels = levels;
                }
            }
            event @ (Event::ConfirmIssuer { .. }
            | Event::SignIn { .. }
            | Event::BrowserFailed {}
            | Event::SignedIn {}) => {
                self.hear_of_sign_in(event, now);
            }
            event @ (Event::Code { .. }
            | Event::Claimed {}
            | Event::Unclaimed { .. }
            | Event::CheckFailed { .. }) => self.hear_of_check(event, now),
            Event::Card(card) => {
                self.card = Some(*card);
                self.trouble = None;
            }
            Event::Declined { code, text, .. } => {
                self.asked = None;
                self.trouble = Some(Trouble::read(&code, text, now));
            }
            Event::Granted { level } => self.granted(&level, now),
            Event::Chat { pair, text } => self.hear_line(pair, text),
            Event::ChatSent {} => self.thread.sent(),
            Event::ChatRefused {} => self.thread.refused(),
            Event::Reconnecting {} => self.reconnecting = true,
            Event::Reconnected {} => self.reconnecting = false,
            Event::Away {} => self.sharer_away = true,
            Event::Back {} => self.sharer_away = false,
            Event::Paused { on } => self.paused = on,
            Event::Outputs { outputs, shown } => {
                self.outputs = outputs;
                self.output = shown;
            }
            Event::InputDiscarded {} | Event::InputNotSent {} => {
                self.trouble = Some(Trouble::of(INPUT_LOST, now));
            }
            Event::Fault { code, text } => {
                self.invitations.refused();
                self.trouble = Some(Trouble::read(&code, text, now));
            }
            event @ (Event::Colleagues { .. }
            | Event::Invited { .. }
            | Event::Uninvited { .. }
            | Event::Helpers { .. }) => self.hear_of_company(event, now),
            event @ (Event::Waiting {} | Event::Invitation(_) | Event::InvitationGone { .. }) => {
                self.hear_of_invitations(event, now)
            }
            Event::Stats(stats) => self.stats = Some(*stats),
            Event::Ended { code, text } => self.hear_of_end(code, text, now),
            Event::Picture { .. }
            | Event::Painted { .. }
            | Event::Cursor(_)
            | Event::CursorShape(_)
            | Event::Other => {}
        }
    }

    fn warn(&mut self, warning: Warning) {
        self.warning = warning.state.is_some().then_some((warning, false));
    }

    fn hear_of_sign_in(&mut self, event: Event, now: Duration) {
        if let Event::ConfirmIssuer { host } = event {
            self.confirm = Some(host);
        } else if let Event::SignIn { url, code } = event {
            self.signed_in = false;
            self.trouble = code.map(|code| Trouble::read(&code, String::new(), now));
            self.sign_in = Some((url, false));
        } else if event == (Event::SignedIn {}) {
            self.signed_in = true;
            self.trouble = None;
        } else if let Some((_, failed)) = &mut self.sign_in {
            *failed = true;
        }
    }

    fn hear_of_check(&mut self, event: Event, now: Duration) {
        if let Event::Code { code, expires_in } = event {
            self.code = Some(Code::new(code, expires_in, now));
        } else if let Event::Unclaimed { attempts_left } = event {
            self.unclaim(Some(attempts_left));
        } else if let Event::CheckFailed {
            code,
            text,
            attempts_left,
        } = event
        {
            self.unclaim(attempts_left);
            self.trouble = Some(Trouble::read(&code, text, now));
        } else {
            self.claimed = true;
            self.trouble = None;
        }
    }

    fn hear_line(&mut self, pair: Option<u8>, text: String) {
        let author = pair.and_then(|pair| self.company.name(pair));
        self.thread
            .hear(author.unwrap_or_default().to_owned(), text);
    }

    fn hear_of_end(&mut self, code: Option<String>, text: String, now: Duration) {
        let left = || Trouble::of(LEFT, now);
        let told = code.map_or_else(left, |code| Trouble::read(&code, text, now));
        self.end(told, now);
    }

    fn hear_of_company(&mut self, event: Event, now: Duration) {
        if let Event::Colleagues { people } = event {
            self.company.find(people);
        } else if let Event::Helpers { helpers } = event {
            self.company.hear(helpers);
        } else if let Event::Invited {
            subject,
            name,
            hand_over,
            within,
        } = event
        {
            let until = now + Duration::from_secs(within.into());
            self.company.open((subject, name), hand_over, until);
        } else if let Event::Uninvited {
            subject,
            code,
            text,
        } = event
        {
            let text = text.unwrap_or_default();
            let why = code.map(|code| Trouble::read(&code, text, now));
            self.company.close(&subject, why);
        }
    }

    fn hear_of_invitations(&mut self, event: Event, now: Duration) {
        if let Event::Invitation(invitation) = event {
            self.invitations.add(*invitation, now);
            self.trouble = None;
        } else if let Event::InvitationGone { session } = event {
            self.invitations.gone(&session);
        } else {
            self.invitations.wait();
        }
    }

    fn granted(&mut self, level: &str, now: Duration) {
        // What has no word here is more than view; keys are sent only where the child takes them.
        self.level = Some(if level == "view" {
            Level::View
        } else {
            Level::Control
        });
        self.began.get_or_insert(now);
        self.asked = None;
        self.trouble = None;
    }

    fn unclaim(&mut self, attempts_left: Option<u32>) {
        self.claimed = false;
        if let Some(code) = &mut self.code {
            code.attempts_left = attempts_left.or(code.attempts_left);
        }
    }
}
