//! A stage instead of a desktop: the same input always makes the same pixels.
//!
//! What is typed into the [`Sink`](crate::inject::synthetic::Sink) of a [`pair`] appears on its
//! [`Source`] at once, so tests and latency figures need no display.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use picture::{CursorShape, Picture, Point, Rect};
use tokio::sync::Notify;

use super::{CaptureError, Changes, Description, Monitor, ScreenSource, ShapeChange};
use crate::inject::synthetic::Sink;

/// What the stage does with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    /// `typing`: draws a block the size of a letter behind the last one.
    Typing,
    /// `scrolling`: moves everything up by a line and writes a new one at the bottom.
    Scrolling,
    /// `switching`: shows the other of two full screens.
    Switching,
}

impl Scene {
    /// The scene of this name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "typing" => Some(Self::Typing),
            "scrolling" => Some(Self::Scrolling),
            "switching" => Some(Self::Switching),
            _ => None,
        }
    }
}

/// A stage for typing, and the hands that play on it.
///
/// # Errors
/// [`CaptureError::Unfit`] if no picture can have this size.
pub fn pair(width: u16, height: u16) -> Result<(Source, Sink), CaptureError> {
    scene(Scene::Typing, width, height)
}

/// A stage for a scene, and the hands that play on it.
///
/// # Errors
/// [`CaptureError::Unfit`] if no picture can have this size.
pub fn scene(scene: Scene, width: u16, height: u16) -> Result<(Source, Sink), CaptureError> {
    let screen = Picture::new(width, height).map_err(CaptureError::unfit)?;
    let stage = Stage {
        scene,
        typed: 0,
        changes: Changes {
            damage: vec![screen.rect()],
            shape: Some(ShapeChange::Shape(arrow())),
            pointer: Some(Point { x: 0, y: 0 }),
            resized: false,
        },
        screen: screen.clone(),
    };
    let shared = Arc::new(Shared {
        stage: Mutex::new(stage),
        changed: Arc::default(),
    });
    shared.changed.notify_one();
    let source = Source {
        screen,
        shared: Arc::clone(&shared),
    };
    Ok((source, Sink::new(shared)))
}

/// The picture of a stage.
pub struct Source {
    screen: Picture,
    shared: Arc<Shared>,
}

impl ScreenSource for Source {
    fn changed(&self) -> Arc<Notify> {
        Arc::clone(&self.shared.changed)
    }

    fn take(&mut self) -> Result<Changes, CaptureError> {
        let mut stage = self.shared.lock();
        let changes = std::mem::take(&mut stage.changes);
        for rect in &changes.damage {
            self.screen.copy(*rect, &stage.screen);
        }
        Ok(changes)
    }

    fn screen(&self) -> &Picture {
        &self.screen
    }

    fn watch(&mut self, _watched: bool) -> Result<(), CaptureError> {
        Ok(())
    }

    fn describe(&mut self) -> Result<Description, CaptureError> {
        let rect = self.screen.rect();
        Ok(Description {
            name: "synthetic".to_owned(),
            width: rect.w,
            height: rect.h,
            scale: 1.0,
            monitors: vec![Monitor {
                name: "stage".to_owned(),
                rect,
                primary: true,
            }],
        })
    }
}

/// The stage between a source and a sink.
pub(crate) struct Shared {
    stage: Mutex<Stage>,
    changed: Arc<Notify>,
}

impl Shared {
    /// Plays a typed character.
    pub(crate) fn play(&self, typed: char) {
        self.lock().play(typed);
        self.changed.notify_one();
    }

    /// Moves the pointer.
    pub(crate) fn point(&self, to: Point) {
        self.lock().changes.pointer = Some(to);
        self.changed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Stage {
    scene: Scene,
    screen: Picture,
    typed: u32,
    changes: Changes,
}

impl Stage {
    fn play(&mut self, typed: char) {
        let all = self.screen.rect();
        let damage = match self.scene {
            Scene::Typing => self.type_block(typed),
            Scene::Scrolling => {
                let line = LETTER.1.min(all.h);
                let kept = Rect::new(0, 0, all.w, all.h - line);
                self.screen.shift(kept, Point { x: 0, y: line });
                let top = all.h - line;
                self.screen.fill(Rect::new(0, top, all.w, line), PAPER);
                let length = u16::try_from(self.typed % u32::from(all.w)).unwrap_or(0) + 1;
                let text = Rect::new(0, top + line / 4, length, line / 2);
                self.screen.fill(text, colour(typed));
                all
            }
            Scene::Switching => {
                let page = if self.typed.is_multiple_of(2) {
                    PAPER
                } else {
                    INK
                };
                self.screen.fill(all, page);
                let column = Rect::new(all.w / 4, 0, all.w / 2, all.h);
                self.screen.fill(column, colour('s'));
                all
            }
        };
        self.typed = self.typed.wrapping_add(1);
        self.changes.damage.push(damage);
        if self.changes.damage.len() > MOST_RECTS {
            self.changes.damage = vec![all];
        }
    }

    fn type_block(&mut self, typed: char) -> Rect {
        let columns = u32::from((self.screen.width() / LETTER.0).max(1));
        let rows = u32::from((self.screen.height() / LETTER.1).max(1));
        let place = |at: u32, size: u16| u16::try_from(at).unwrap_or(0) * size;
        let x = place(self.typed % columns, LETTER.0);
        let y = place(self.typed / columns % rows, LETTER.1);
        let block = Rect::new(x, y, LETTER.0, LETTER.1);
        self.screen.fill(block, colour(typed));
        self.screen.rect().intersect(block).unwrap_or(block)
    }
}

/// A colour that tells characters apart; never black.
fn colour(of: char) -> [u8; 3] {
    let [_, high, middle, low] = u32::from(of).wrapping_mul(0x9e_3779).to_be_bytes();
    [high | 1, middle, low]
}

fn arrow() -> CursorShape {
    CursorShape {
        width: 8,
        height: 8,
        hot_x: 0,
        hot_y: 0,
        rgba: [255, 255, 255, 255].repeat(64),
    }
}

/// Width and height of a letter.
const LETTER: (u16, u16) = (8, 16);
const PAPER: [u8; 3] = [250, 250, 245];
const INK: [u8; 3] = [30, 30, 46];
/// Damage is one rectangle from here on.
const MOST_RECTS: usize = 128;
