//! What the session is, written into the properties of the windows.

use client_window::portrait;
use client_window::rows::keep;
use client_window::text::{clock, initials, is_rtl, plain};
use slint::{ComponentHandle as _, Image, Model as _, ModelRc, SharedString, VecModel};
use wire::Code;

use crate::app::App;
use crate::event::Card;
use crate::helpers::Helper;
use crate::session::{self, Screen};
use crate::windows::{self, Hint, Level, Line, Person, Stands, Trouble, Words};

/// The picture of a card, decoded once.
#[derive(Default)]
pub(crate) struct Portrait {
    address: Option<String>,
    image: Option<Image>,
}

impl Portrait {
    fn of(&mut self, card: &Card) -> Option<Image> {
        if self.address != card.directory.picture {
            self.address.clone_from(&card.directory.picture);
            // Who has no picture that can be shown has initials.
            self.image = card
                .directory
                .picture
                .as_deref()
                .and_then(|address| portrait::decode(address).ok());
        }
        self.image.clone()
    }
}

impl App {
    /// The colour of what stands, as the pill has it: 0xrrggbb.
    pub(crate) fn colour(&self) -> u32 {
        match self.session.live() {
            _ if self.session.is_paused() => 0x4a_52_60,
            Some(session::Level::Control) => 0xa8_32_08,
            _ => 0x0b_6b_4b,
        }
    }

    pub(crate) fn render(&mut self) {
        let person = self.person();
        self.render_main(person.clone());
        self.render_pill(&person);
        self.render_chat();
        if let Some(tray) = &self.tray {
            let live = self.session.live();
            tray.set_live(live.is_some());
            tray.set_paused(self.session.is_paused());
            tray.set_level(live.map_or(Level::View, level));
        }
    }

    fn render_main(&self, person: Person) {
        use crate::windows::Screen as Shown;
        let (session, main, now) = (&self.session, &self.main, self.now());
        let screen = match session.screen() {
            Screen::Connecting => Some(Shown::Connecting),
            Screen::Confirm => Some(Shown::Confirm),
            Screen::SignIn => Some(Shown::SignIn),
            Screen::Code => Some(Shown::Code),
            Screen::Checking => Some(Shown::Checking),
            Screen::Waiting => Some(Shown::Waiting),
            Screen::Question => Some(Shown::Question),
            Screen::Summary => Some(Shown::Summary),
            Screen::Live => None,
        };
        main.set_person(person);
        main.set_trouble(self.trouble());
        main.set_complete(Code::parse(&main.get_code()).is_ok());
        main.set_host(session.confirm().map(plain).unwrap_or_default().into());
        let helper = session.helper();
        main.set_first_contact(helper.is_some_and(|helper| helper.card.first_contact));
        let new = helper.filter(|helper| helper.level.is_none());
        let by = new.and_then(|helper| helper.card.invited_by.as_deref());
        main.set_by(by.map(plain).unwrap_or_default().into());
        main.set_hand_over(new.is_some_and(|helper| helper.card.hand_over));
        main.set_controller(name(session.displaced()));
        if let Some(session::Hint::FirstContact(seconds)) =
            session.question().map(|asked| asked.hint)
        {
            main.set_waits(seconds.try_into().unwrap_or(i32::MAX));
        }
        if let Some(sign_in) = session.sign_in() {
            main.set_address(sign_in.address.as_str().into());
            main.set_browser_failed(sign_in.browser_failed);
        }
        let asked = session.question();
        let highest = session.highest();
        let shown = asked.map(|question| question.level).or(highest);
        main.set_level(shown.map_or(Level::View, level));
        main.set_hint(asked.map_or(Hint::None, |question| hint(question.hint)));
        main.set_remaining(clock(session.remaining(now)).into());
        main.set_shared(highest.is_some());
        main.set_lasted(clock(session.lasted(now)).into());
        if let Some(screen) = screen {
            main.set_screen(screen);
        }
    }

    fn render_pill(&self, person: &Person) {
        let (session, pill) = (&self.session, &self.pill);
        pill.set_name(person.name.clone());
        let helpers = session.helpers.all().map(helper).collect();
        keep(&pill.get_helpers(), helpers, |all| pill.set_helpers(all));
        pill.set_controller(name(session.helpers.controller()));
        pill.set_note(self.note());
        pill.set_level(session.live().map_or(Level::View, level));
        pill.set_paused(session.is_paused());
        pill.set_running(clock(session.lasted(self.now())).into());
        pill.set_unread(session.thread.unread().try_into().unwrap_or(i32::MAX));
        pill.set_trouble(self.trouble());
    }

    fn render_chat(&self) {
        let (thread, chat) = (&self.session.thread, &self.chat);
        let names = session_names(&self.session);
        keep(&chat.get_names(), names, |all| chat.set_names(all));
        chat.set_too_long(thread.is_too_long());
        let lines: Vec<Line> = thread
            .lines()
            .map(|line| Line {
                text: line.text.as_str().into(),
                author: plain(&line.author).into(),
                mine: line.mine,
                waiting: line.waiting,
                rtl: is_rtl(&line.text),
            })
            .collect();
        let model = chat.get_lines();
        if !model.iter().eq(lines.iter().cloned()) {
            chat.set_lines(ModelRc::new(VecModel::from(lines)));
            chat.invoke_show_last();
        }
    }

    /// Whose connection is waited for, or what happened among the helpers, in words.
    fn note(&self) -> SharedString {
        let words = self.main.global::<Words<'_>>();
        if let Some(away) = self.session.away() {
            return match away {
                session::Away::Here => words.invoke_reconnecting(),
                session::Away::Helper(helper) => words.invoke_away(name(Some(helper))),
            };
        }
        match self.session.note() {
            None => SharedString::default(),
            Some(session::Note::Departed(name)) => words.invoke_departed(plain(name).into()),
            Some(session::Note::Invited {
                by,
                name,
                hand_over,
            }) => words.invoke_invited(plain(by).into(), plain(name).into(), *hand_over),
        }
    }

    fn trouble(&self) -> Trouble {
        let trouble = self.session.trouble();
        Trouble {
            told: trouble.is_some(),
            code: trouble.map_or(0, |trouble| trouble.number),
            other: trouble
                .map_or_else(SharedString::default, |trouble| plain(&trouble.text).into()),
        }
    }

    fn person(&mut self) -> Person {
        let Some(Helper { card, .. }) = self.session.helper() else {
            return Person::default();
        };
        let name = plain(&card.name);
        let picture = self.portrait.of(card);
        let optional = |text: &Option<String>| plain(text.as_deref().unwrap_or_default()).into();
        Person {
            initials: initials(&name).into(),
            name: name.into(),
            title: optional(&card.title),
            company: optional(&card.company),
            domain: plain(&card.domain).into(),
            subject: plain(&card.subject).into(),
            in_browser: card.program.as_deref() == Some("browser"),
            directory: plain(&card.directory.relay).into(),
            told_title: optional(&card.directory.title),
            told_company: optional(&card.directory.company),
            pictured: picture.is_some(),
            picture: picture.unwrap_or_default(),
        }
    }
}

/// Everybody who helps.
fn session_names(session: &session::Session) -> Vec<SharedString> {
    session
        .helpers
        .all()
        .map(|helper| name(Some(helper)))
        .collect()
}

fn name(helper: Option<&Helper>) -> SharedString {
    helper
        .map(|helper| plain(&helper.card.name))
        .unwrap_or_default()
        .into()
}

fn helper(helper: &Helper) -> windows::Helper {
    windows::Helper {
        pair: helper.card.pair.into(),
        name: name(Some(helper)),
        stands: match helper.level {
            None => Stands::Nothing,
            Some(session::Level::View) => Stands::View,
            Some(session::Level::Control) => Stands::Control,
        },
    }
}

fn level(level: session::Level) -> Level {
    match level {
        session::Level::View => Level::View,
        session::Level::Control => Level::Control,
    }
}

fn hint(hint: session::Hint) -> Hint {
    match hint {
        session::Hint::None => Hint::None,
        session::Hint::TooEarly => Hint::TooEarly,
        session::Hint::NotAPerson => Hint::NotAPerson,
        session::Hint::CannotTell => Hint::NoDevices,
        session::Hint::FirstContact(_) => Hint::FirstContact,
    }
}
