//! Mouse and laser, and the menu of keys.

use super::App;
use crate::event::Command;
use crate::keys::chord;
use crate::windows::{self, Button};

/// What the mouse does over the picture.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hands {
    /// Whether it points with the laser.
    pub(crate) laser: bool,
    /// The laser's colour, by its place in [`COLOURS`].
    pub(crate) colour: usize,
    /// Whether the sharer sees the laser.
    seen: bool,
    /// What is left of a turn of the wheel, in 120ths of a notch.
    turned: (f32, f32),
}

impl App {
    /// A move or a button over the picture, in physical pixels of what is shown.
    pub(crate) fn hand(&mut self, hand: windows::Hand, button: Button, x: i32, y: i32) {
        use windows::Hand;
        if hand == Hand::Left {
            return self.hide_laser();
        }
        let (x, y) = self.stand.geometry().pixel(x, y);
        if self.hands.laser {
            if self.session.level().is_some() {
                self.hands.seen = true;
                let color = COLOURS.get(self.hands.colour).copied().unwrap_or("#d13438");
                let on = true;
                self.tell(Some(Command::Laser { on, x, y, color }));
            }
        } else if self.session.controls() {
            self.tell(Some(Command::Pointer { x, y }));
            if hand != Hand::Moved {
                let button = word(button);
                let down = hand == Hand::Pressed;
                self.tell(Some(Command::Button { button, down }));
            }
        }
    }

    /// The wheel, in logical pixels of the toolkit: 60 are a notch.
    pub(crate) fn wheel(&mut self, dx: f32, dy: f32) {
        if !self.session.controls() {
            return;
        }
        let (left, up) = self.hands.turned;
        let (right, down) = (left - dx * 2.0, up - dy * 2.0);
        let (dx, dy) = (whole(right), whole(down));
        self.hands.turned = (right - f32::from(dx), down - f32::from(dy));
        if (dx, dy) != (0, 0) {
            self.tell(Some(Command::Wheel { dx, dy }));
        }
    }

    pub(crate) fn toggle_laser(&mut self) {
        self.hands.laser = !self.hands.laser;
        self.hide_laser();
    }

    pub(crate) fn colour(&mut self, place: i32) {
        self.hands.colour = usize::try_from(place).unwrap_or(0);
        self.hands.laser = true;
    }

    /// A row of the menu of keys.
    pub(crate) fn send_keys(&mut self, place: i32) {
        let keys = usize::try_from(place)
            .ok()
            .and_then(|place| MENU.get(place));
        if !self.session.controls() {
            return;
        }
        for command in chord(keys.copied().unwrap_or_default()) {
            self.tell(Some(command));
        }
    }

    fn hide_laser(&mut self) {
        if std::mem::take(&mut self.hands.seen) {
            let (on, x, y, color) = (false, 0, 0, "#000000");
            self.tell(Some(Command::Laser { on, x, y, color }));
        }
    }
}

fn word(button: Button) -> &'static str {
    match button {
        Button::Left => "left",
        Button::Middle => "middle",
        Button::Right => "right",
        Button::Back => "back",
        Button::Forward => "forward",
    }
}

/// The part before the point. A turn that does not fit is none that a hand makes.
#[expect(clippy::as_conversions, reason = "it is inside of the bounds")]
fn whole(turn: f32) -> i16 {
    turn.clamp(-32_000.0, 32_000.0) as i16
}

/// Red, yellow, green, blue.
pub(crate) const COLOURS: [&str; 4] = ["#d13438", "#ffb900", "#107c10", "#0078d4"];

/// As the menu has them: Ctrl+Alt+Del, Windows, Alt+Tab, Alt+F4, Ctrl+Shift+Esc, Print.
const MENU: [&[u16]; 6] = [
    &[0xe0, 0xe2, 0x4c],
    &[0xe3],
    &[0xe2, 0x2b],
    &[0xe2, 0x3d],
    &[0xe0, 0xe1, 0x29],
    &[0x46],
];
