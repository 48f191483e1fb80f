//! Commands of the helper's window or script, done.

use client::stdio::{emit, emit_fault};
use policy::Level;
use seal::{Button, Control, Event, LaserPlace, Locks};
use serde_json::json;
use wire::{Channel, Fault, ToRelay};

use super::Session;
use crate::command::Command;
use crate::{batch, keyboard, pipeline};

impl Session {
    pub(super) fn obey(&mut self, command: Command) {
        match command {
            Command::Ask { level } => match level.parse::<Level>() {
                Ok(level) => self.ask(level),
                Err(_) => emit(
                    "unknown_command",
                    json!({"text": format!("no level {level}")}),
                ),
            },
            Command::Acknowledge {} => self.acknowledge(),
            Command::Type { text } => self.act(keyboard::strokes(&text)),
            Command::Key { usage, down, text } => {
                self.act(vec![Event::Key {
                    usage,
                    down,
                    locks: Locks::default(),
                    text,
                }]);
            }
            Command::Text { text } => self.act(batch::texts(&text)),
            Command::Pointer { x, y } => self.act(vec![Event::Move { x, y }]),
            Command::Button { button, down } => match button_of(&button) {
                Some(button) => self.act(vec![Event::Button { button, down }]),
                None => emit(
                    "unknown_command",
                    json!({"text": format!("no button {button}")}),
                ),
            },
            Command::Wheel { dx, dy } => self.act(vec![Event::Wheel { dx, dy }]),
            Command::ReleaseAll {} => self.act(vec![Event::ReleaseAll]),
            Command::Laser { on, x, y, color } => match colour(&color) {
                Some(colour) => self.laser(LaserPlace { on, x, y, colour }),
                None => emit(
                    "unknown_command",
                    json!({"text": format!("no colour {color}")}),
                ),
            },
            Command::Shown { update } => self.shown(update),
            Command::Output { output } => self.control(&Control::ShowOutput { output }),
            Command::Chat { text } => self.talk.chat(self.sealed.as_mut(), text),
            Command::Colleagues { search } => self.search(search),
            Command::Invite {
                subject,
                name,
                hand_over,
            } => self.invite(subject, name, hand_over),
            Command::Uninvite { subject } => self.uninvite(subject),
            Command::Accept { session } => self.accept(&session),
            Command::TurnDown { session } => self.turn_down(&session),
            Command::Hash {} => self.hash(),
            Command::Save { path } => {
                let error = self.view.save(&path).err();
                emit("saved", json!({"path": path, "error": error}));
            }
            Command::Stats {} => self.stats(),
            Command::Leave {} => self.leave(),
        }
    }

    /// Sends input, a message of at most 64 events at a time. Without a level that includes it there is nothing to send it with.
    fn act(&mut self, events: Vec<Event>) {
        if !self.level.is_some_and(Level::includes_input) {
            return emit_fault(Fault::MayNotLevel, Some("ask for control first"));
        }
        let now = self.talk.clock.now();
        let Some(sealed) = &mut self.sealed else {
            return;
        };
        self.view.quality.expects(now);
        for batch in batch::batches(events) {
            if let Err(error) = pipeline::act(sealed, &mut self.view, batch, now) {
                return emit_fault(Fault::NotNow, Some(&error.to_string()));
            }
        }
    }

    /// Asks for a level. For a lower one the relay closes the channels at once (SPEC 6.4): nothing is sent on them any more.
    fn ask(&mut self, level: Level) {
        self.step_down(level);
        self.talk.tell(&ToRelay::Ask { level });
    }

    /// The window shows this update: the next may be written.
    fn shown(&mut self, update: u32) {
        let now = self.talk.clock.now();
        if !self.view.shown(update, now) {
            return emit(
                "unknown_command",
                json!({"text": format!("update {update} was not told")}),
            );
        }
        if let Some(sealed) = &mut self.sealed {
            pipeline::tell_painted(sealed, update, now);
        }
        self.paint(false);
    }

    /// Points at something. A place that is not sent is healed by the next.
    fn laser(&mut self, place: LaserPlace) {
        let now = self.talk.clock.now();
        if let Some(sealed) = &mut self.sealed {
            let _ = sealed.send(Channel::Pointer, &place.encode(), now);
        }
    }

    fn control(&mut self, control: &Control) {
        let now = self.talk.clock.now();
        match &mut self.sealed {
            Some(sealed) if self.level.is_some() => sealed.control(control, now),
            _ => emit_fault(Fault::NotNow, None),
        }
    }

    fn hash(&self) {
        let picture = self.view.picture();
        let hash = picture.map(|picture| policy::HandshakeHash(picture.hash()).to_string());
        emit(
            "hash",
            json!({"picture": hash, "updates": self.view.counts().0}),
        );
    }

    fn stats(&self) {
        let quality = self.view.quality.figures();
        let (updates, bytes) = self.view.counts();
        let instead = self.talk.instead();
        let trip = self
            .talk
            .sender()
            .round_trip()
            .map(|trip| trip.as_secs_f64() * 1000.0);
        emit(
            "stats",
            json!({
                "carrier": self.talk.sender().kind().to_string(), "instead": instead.map(|instead| &instead.text),
                "reason": instead.map(|instead| instead.reason.word()),
                "round_trip_ms": trip,
                "input_to_photon_p50_ms": quality.p50_ms, "input_to_photon_p95_ms": quality.p95_ms,
                "samples": self.view.quality.samples(), "fps": quality.fps,
                "stalls": quality.stalls, "updates": updates, "picture_bytes": bytes,
                "dropped": self.sealed.as_ref().map(client::Sealed::dropped),
            }),
        );
    }
}

/// `#rrggbb`.
fn colour(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, colour @ ..] = number.to_be_bytes();
    Some(colour)
}

fn button_of(word: &str) -> Option<Button> {
    match word {
        "left" => Some(Button::Left),
        "middle" => Some(Button::Middle),
        "right" => Some(Button::Right),
        "back" => Some(Button::Back),
        "forward" => Some(Button::Forward),
        _ => None,
    }
}
