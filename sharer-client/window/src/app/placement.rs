//! Where the windows are, which of them are shown, and how high.

use std::rc::Weak;
use std::time::Duration;

use client_window::window_id;
use slint::{ComponentHandle as _, PhysicalPosition, TimerMode};

use super::{App, with};
use crate::desktop::Desktop;
use crate::session::Screen;

impl App {
    pub(super) fn place_windows(&mut self) {
        let main = self.session.screen() != Screen::Live;
        if main != self.main_shown {
            self.main_shown = main;
            self.main.set_above(false);
            self.misplaced = main;
            let _refused = if main {
                self.main.show()
            } else {
                self.main.hide()
            };
            self.settle();
        }
        let pill = self.session.live().is_some();
        if pill != self.pill_shown {
            self.pill_shown = pill;
            if pill {
                self.put_pill();
                let _refused = self.pill.show();
            } else {
                self.pill.set_above(false);
                let _refused = self.pill.hide();
                let _refused = self.chat.hide();
            }
            self.settle();
        }
        if pill {
            let window = self.pill.window();
            grow(window, self.pill.get_wanted_height(), true);
        }
        let question = self.session.question().is_some();
        if question {
            // All of a question is in sight.
            let window = self.main.window();
            let wanted = self.main.get_wanted_height();
            grow(window, wanted.min(self.tallest()), false);
        }
        if question && !self.main.get_above() {
            self.settle();
        }
        if !question {
            if self.main.get_above() {
                self.put_pill();
            }
            self.main.set_above(false);
        }
    }

    /// The bar covers nothing of a question: they stand at two edges of the screen.
    fn part(&self) {
        let whole = self.desktop.as_ref().map(Desktop::area);
        let Some(Ok(area)) = whole else { return };
        let size = self.main.window().size();
        let place = |at: u32| i32::try_from(at).unwrap_or(0);
        let y = place(area.height.saturating_sub(size.height) / 2);
        let x = place(area.width.saturating_sub(size.width));
        self.main.window().set_position(PhysicalPosition::new(x, y));
        let corner = PhysicalPosition::new(0, EDGE);
        self.pill.window().set_position(corner);
    }

    /// As high as a window may be with its title bar, in logical pixels.
    fn tallest(&self) -> f32 {
        let whole = self.desktop.as_ref().map(Desktop::area);
        let Some(Ok(area)) = whole else {
            return f32::MAX;
        };
        let scale = self.main.window().scale_factor();
        let size = slint::PhysicalSize::new(area.width, area.height).to_logical(scale);
        size.height - TITLE_BAR
    }

    /// A window that was shown before is placed anywhere by some window managers.
    fn center_main(&self) {
        let size = self.main.window().size();
        let whole = self.desktop.as_ref().map(Desktop::area);
        if let Some(Ok(area)) = whole
            && size.width > 0
        {
            let x = area.width.saturating_sub(size.width) / 2;
            let y = area.height.saturating_sub(size.height) / 2;
            let place = |at: u32| i32::try_from(at).unwrap_or(0);
            let at = PhysicalPosition::new(place(x), place(y));
            self.main.window().set_position(at);
        }
    }

    /// At the top of what is shared, in its middle.
    fn put_pill(&self) {
        let area = self.area();
        let width = self.pill.window().size().width;
        let middle = area.width.saturating_sub(width) / 2;
        let x = area.x.saturating_add_unsigned(middle);
        let y = area.y.saturating_add(EDGE);
        self.pill.window().set_position(PhysicalPosition::new(x, y));
    }

    /// Window managers take hints only from windows that they have shown.
    fn settle(&self) {
        let app = Weak::clone(&self.itself);
        let every = Duration::from_millis(40);
        self.settling.start(TimerMode::Repeated, every, move || {
            with(&app, Self::try_to_settle);
        });
    }

    fn try_to_settle(&mut self) {
        let Some(desktop) = &self.desktop else {
            self.settling.stop();
            return;
        };
        let shown = |window: &slint::Window| window_id(window).filter(|id| desktop.is_shown(*id));
        let pill = shown(self.pill.window());
        let main = shown(self.main.window());
        if let Some(id) = pill.filter(|_| self.pill_shown && !self.pill.get_above()) {
            self.put_pill();
            self.pill.set_above(true);
            // Without a window manager nothing is above anything.
            let _ignored = desktop.float(id);
        }
        let question = self.session.question().is_some();
        if main.is_some() && self.misplaced {
            self.misplaced = false;
            self.center_main();
        }
        if main.is_some() && question && !self.main.get_above() {
            self.main.set_above(true);
            self.part();
        }
        let settled = (pill.is_some() || !self.pill_shown) && (main.is_some() || !self.main_shown);
        if settled {
            self.settling.stop();
        }
    }
}

/// Makes a window as high as what it says; where `exactly`, lower, too. The toolkit leaves it the height that it was shown with.
fn grow(window: &slint::Window, height: f32, exactly: bool) {
    let size = window.size().to_logical(window.scale_factor());
    let lacks = height - size.height;
    if size.width > 0.0 && (lacks > 1.0 || (exactly && lacks < -1.0)) {
        window.set_size(slint::LogicalSize::new(size.width, height));
    }
}

/// Pixels between the bar and the upper edge of what is shared.
const EDGE: i32 = 12;
/// Logical pixels that window managers need above a window.
const TITLE_BAR: f32 = 32.0;
