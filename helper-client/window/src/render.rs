//! What the session is, written into the properties of the window.

mod company;
mod stand;

use client_window::portrait;
use client_window::text::{clock, initials, is_rtl, plain};
use slint::{Color, Image, Model as _, ModelRc, SharedString, VecModel};

pub(crate) use stand::Stand;

use crate::app::App;
use crate::event::{Card, Stats};
use crate::session::{self, Screen};
use crate::windows::{
    self, Away, Figures, Instead, Level, Line, Monitor, Person, Refusal, Trouble, Warned,
};

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
    pub(crate) fn render(&mut self) {
        let person = self.person();
        self.main.set_person(person);
        self.render_way_in();
        self.render_viewer();
        self.render_chat();
        self.render_company();
        // Last: a screen finds everything as it is.
        self.main.set_screen(screen(self.session.screen()));
    }

    fn render_way_in(&self) {
        let (session, main, now) = (&self.session, &self.main, self.now());
        main.set_host(session.confirm().map(plain).unwrap_or_default().into());
        let warning = session.warning();
        main.set_warned(warning.map_or(
            Warned::Nothing,
            |warning| match warning.state.as_deref() {
                Some("not_compliant") => Warned::NotCompliant,
                Some("stale") => Warned::Stale,
                _ => Warned::NotEnrolled,
            },
        ));
        let rule = warning.and_then(|warning| warning.rule.as_deref());
        main.set_warned_by(rule.map(plain).unwrap_or_default().into());
        if let Some((address, failed)) = session.sign_in() {
            main.set_address(address.into());
            main.set_browser_failed(failed);
        }
        if let Some(code) = session.code() {
            main.set_code(code.digits.as_str().into());
            main.set_spoken(one_by_one(&code.digits).into());
            let left = code.attempts_left.map_or(-1, |left| number(left.into()));
            main.set_attempts_left(left);
        }
        main.set_remaining(clock(session.remaining(now)).into());
        main.set_view_refusal(refusal(session.refusal(session::Level::View)));
        main.set_control_refusal(refusal(session.refusal(session::Level::Control)));
        main.set_saw(session.saw());
        main.set_lasted(clock(session.lasted(now)).into());
        let trouble = session.trouble();
        main.set_trouble(Trouble {
            told: trouble.is_some(),
            code: trouble.map_or(0, |trouble| trouble.number),
            other: trouble
                .map_or_else(SharedString::default, |trouble| plain(&trouble.text).into()),
        });
    }

    fn render_viewer(&self) {
        let (session, main) = (&self.session, &self.main);
        let level = session.level().unwrap_or(session::Level::View);
        main.set_level(match level {
            session::Level::View => Level::View,
            session::Level::Control => Level::Control,
        });
        main.set_asked(session.asked().is_some());
        main.set_controls(session.controls());
        main.set_held(self.held);
        main.set_paused(session.is_paused());
        main.set_away(match session.away() {
            None => Away::Nobody,
            Some(session::Away::Here) => Away::Here,
            Some(session::Away::Sharer) => Away::Sharer,
        });
        main.set_laser(self.hands.laser);
        main.set_laser_color(laser(self.hands.colour));
        main.set_full(self.full);
        main.set_chatting(self.chatting);
        main.set_unread(number(session.thread.unread().into()));
        let (outputs, shown) = session.outputs();
        let monitors: Vec<Monitor> = outputs
            .iter()
            .map(|output| Monitor {
                id: number(output.id.into()),
                name: plain(&output.name).into(),
            })
            .collect();
        if !main.get_monitors().iter().eq(monitors.iter().cloned()) {
            main.set_monitors(ModelRc::new(VecModel::from(monitors)));
        }
        main.set_monitor(shown.map_or(0, |id| number(id.into())));
        main.set_figures(session.stats().map(figures).unwrap_or_default());
    }

    fn render_chat(&self) {
        let (thread, main) = (&self.session.thread, &self.main);
        main.set_too_long(thread.is_too_long());
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
        if !main.get_lines().iter().eq(lines.iter().cloned()) {
            main.set_lines(ModelRc::new(VecModel::from(lines)));
            main.set_to_last_line(main.get_to_last_line().wrapping_add(1));
        }
    }

    fn person(&mut self) -> Person {
        let Some(card) = self.session.card() else {
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

fn screen(screen: Screen) -> windows::Screen {
    match screen {
        Screen::Connecting => windows::Screen::Connecting,
        Screen::Confirm => windows::Screen::Confirm,
        Screen::SignIn => windows::Screen::SignIn,
        Screen::Invited => windows::Screen::Invited,
        Screen::Code => windows::Screen::Code,
        Screen::Checking => windows::Screen::Checking,
        Screen::Choice => windows::Screen::Choice,
        Screen::Waiting => windows::Screen::Waiting,
        Screen::Viewer => windows::Screen::Viewer,
        Screen::End => windows::Screen::End,
    }
}

fn refusal(refusal: Option<session::Refusal>) -> Refusal {
    match refusal {
        None => Refusal::None,
        Some(session::Refusal::NotYet) => Refusal::NotYet,
        Some(session::Refusal::Browser) => Refusal::Browser,
        Some(session::Refusal::NotPermitted) => Refusal::NotPermitted,
    }
}

fn figures(stats: &Stats) -> Figures {
    let milliseconds = |figure: Option<f64>| figure.map(|figure| format!("{figure:.1} ms"));
    let pair =
        milliseconds(stats.input_to_photon_p50_ms).zip(milliseconds(stats.input_to_photon_p95_ms));
    let shown = |text: Option<String>| text.unwrap_or_default().into();
    Figures {
        carrier: shown(stats.carrier.as_deref().map(plain)),
        instead: instead(stats.reason.as_deref()),
        round_trip: shown(milliseconds(stats.round_trip_ms)),
        updates: shown(stats.fps.map(|fps| format!("{fps:.1}"))),
        photon: shown(pair.map(|(half, most)| format!("{half} / {most}"))),
        stalls: shown(stats.stalls.map(|stalls| stalls.to_string())),
    }
}

/// Why the session is not carried by the better carrier.
fn instead(reason: Option<&str>) -> Instead {
    match reason {
        Some("blocked") => Instead::Blocked,
        Some("refused") => Instead::Refused,
        Some("forced") => Instead::Forced,
        Some("stopped") => Instead::Stopped,
        Some(_) | None => Instead::None,
    }
}

/// The digits with spaces between them, so that a screen reader says digits and no number.
fn one_by_one(code: &str) -> String {
    let digits: Vec<String> = code
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(String::from)
        .collect();
    digits.join(" ")
}

fn laser(place: usize) -> Color {
    let colours = [0xd1_34_38, 0xff_b9_00, 0x10_7c_10, 0x00_78_d4];
    Color::from_argb_encoded(0xff00_0000 | colours.get(place).copied().unwrap_or_default())
}

fn number(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
