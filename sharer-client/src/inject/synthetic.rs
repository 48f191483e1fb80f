//! Hands on a stage.

use std::sync::Arc;

use picture::Point;
use seal::{Button, Event};

use super::ledger::Ledger;
use super::{InjectError, InputSink, usage};
use crate::capture::synthetic::Shared;

/// Plays on the stage of its [`Source`](crate::capture::synthetic::Source).
pub struct Sink {
    stage: Arc<Shared>,
    ledger: Ledger<u16>,
}

impl Sink {
    pub(crate) fn new(stage: Arc<Shared>) -> Self {
        Self {
            stage,
            ledger: Ledger::default(),
        }
    }

    fn key(&mut self, usage: u16, text: Option<&str>) {
        if self.ledger.holds(usage) || usage::keycode(usage).is_none() {
            return;
        }
        self.ledger.press(usage, usage);
        for typed in text.unwrap_or_default().chars() {
            self.stage.play(typed);
        }
    }

    fn button(&mut self, button: Button, down: bool) {
        if down {
            self.ledger.press_button(button);
        } else {
            self.ledger.release_button(button);
        }
    }
}

impl InputSink for Sink {
    fn apply(&mut self, event: &Event) -> Result<(), InjectError> {
        match event {
            Event::Key {
                usage,
                down: true,
                text,
                ..
            } => self.key(*usage, text.as_deref()),
            Event::Key { usage, .. } => {
                self.ledger.release(*usage);
            }
            Event::Move { x, y } => self.stage.point(Point { x: *x, y: *y }),
            Event::Button { button, down } => self.button(*button, *down),
            Event::Wheel { .. } => {}
            Event::Text(text) => text.chars().for_each(|typed| self.stage.play(typed)),
            Event::ReleaseAll => return self.release_all(),
        }
        Ok(())
    }

    fn release_all(&mut self) -> Result<(), InjectError> {
        self.ledger.clear();
        Ok(())
    }

    fn held(&self) -> usize {
        self.ledger.len()
    }
}

#[cfg(test)]
mod tests {
    use picture::Picture;
    use seal::Locks;

    use super::*;
    use crate::capture::synthetic::{Scene, scene};
    use crate::capture::{Changes, ScreenSource};

    fn key(usage: u16, down: bool) -> Event {
        let text = down.then(|| "a".to_owned());
        let locks = Locks::default();
        Event::Key {
            usage,
            down,
            locks,
            text,
        }
    }

    /// Plays a key five times; returns the screens after each.
    fn play(name: &str) -> Vec<Picture> {
        let (mut source, mut sink) = scene(Scene::named(name).unwrap(), 320, 200).unwrap();
        assert_eq!(source.take().unwrap().damage, [source.screen().rect()]);
        let mut screens = Vec::new();
        for _ in 0..5 {
            let before = source.screen().clone();
            sink.apply(&key(4, true)).unwrap();
            sink.apply(&key(4, true)).unwrap();
            sink.apply(&key(4, false)).unwrap();
            let changes = source.take().unwrap();
            assert_eq!(changes.damage.len(), 1, "{name}: the repeat is not played");
            assert_ne!(*source.screen(), before, "{name}: a key can be seen");
            screens.push(source.screen().clone());
        }
        assert_eq!(source.take().unwrap(), Changes::default());
        screens
    }

    #[test]
    fn the_same_input_makes_the_same_pixels() {
        for name in ["typing", "scrolling", "switching"] {
            assert_eq!(play(name), play(name), "{name}");
        }
        assert_eq!(Scene::named("flying"), None);
    }

    #[test]
    fn keys_and_buttons_are_held_until_they_are_released() {
        let (_source, mut sink) = scene(Scene::Typing, 320, 200).unwrap();
        sink.apply(&key(4, true)).unwrap();
        sink.apply(&key(0xffff, true)).unwrap();
        let (button, down) = (Button::Left, true);
        sink.apply(&Event::Button { button, down }).unwrap();
        assert_eq!(sink.held(), 2);
        sink.apply(&Event::ReleaseAll).unwrap();
        assert_eq!(sink.held(), 0);
    }
}
