//! The one screen of this machine, for several helpers: taken once, and what changed is kept for each until it takes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use picture::{Picture, Point, Rect};
use policy::PairId;
use tokio::sync::Notify;

use super::{CaptureError, Changes, Monitor, ScreenSource, ShapeChange};

/// A screen source and who watches it.
pub(crate) struct Screen {
    source: Box<dyn ScreenSource>,
    monitors: Vec<Monitor>,
    /// What each watcher has not taken yet.
    waiting: BTreeMap<PairId, Changes>,
    /// How the cursor looks, and where it is: told to whoever comes later.
    shape: Option<ShapeChange>,
    pointer: Option<Point>,
}

impl Screen {
    /// A screen that nobody watches.
    pub(crate) fn new(source: Box<dyn ScreenSource>) -> Self {
        Self {
            source,
            monitors: vec![],
            waiting: BTreeMap::new(),
            shape: None,
            pointer: None,
        }
    }

    /// Somebody watches: everything is new to them.
    pub(crate) fn enter(&mut self, pair: PairId) -> Result<(), CaptureError> {
        if self.waiting.is_empty() {
            self.monitors = self.source.describe()?.monitors;
            self.source.watch(true)?;
        }
        let all = Changes {
            damage: vec![self.source.screen().rect()],
            resized: true,
            shape: self.shape.clone(),
            pointer: self.pointer,
        };
        self.waiting.insert(pair, all);
        Ok(())
    }

    /// Somebody watches no more.
    pub(crate) fn leave(&mut self, pair: PairId) {
        let watched = self.waiting.remove(&pair).is_some();
        if watched && self.waiting.is_empty() {
            // A display that is lost is told by the next one who looks at it.
            let _ = self.source.watch(false);
        }
    }

    /// Rung whenever [`Self::take`] has something new for somebody.
    pub(crate) fn changed(&self) -> Arc<Notify> {
        self.source.changed()
    }

    /// The monitors there are, the primary one first.
    pub(crate) fn monitors(&self) -> &[Monitor] {
        &self.monitors
    }

    /// The whole desktop as of the last [`Self::take`], whoever's it was.
    pub(crate) fn picture(&self) -> &Picture {
        self.source.screen()
    }

    /// Grabs what changed, keeps it for everybody, and gives this watcher all that it has not taken yet.
    pub(crate) fn take(&mut self, pair: PairId) -> Result<Changes, CaptureError> {
        let changes = self.source.take()?;
        if changes.resized {
            self.monitors = self.source.describe()?.monitors;
        }
        if let Some(shape) = &changes.shape {
            self.shape = Some(shape.clone());
        }
        self.pointer = changes.pointer.or(self.pointer);
        let whole = self.source.screen().rect();
        if !changes.is_empty() {
            for waiting in self.waiting.values_mut() {
                keep(waiting, &changes, whole);
            }
        }
        let taken = self.waiting.get_mut(&pair);
        Ok(taken.map(std::mem::take).unwrap_or_default())
    }
}

/// Adds what changed to what is kept. Rectangles that grow too many, or lie in a desktop of another size, become all of it.
fn keep(waiting: &mut Changes, changes: &Changes, whole: Rect) {
    waiting.resized |= changes.resized;
    if waiting.resized || waiting.damage.len() + changes.damage.len() > MOST {
        waiting.damage = vec![whole];
    } else {
        waiting.damage.extend(&changes.damage);
    }
    if changes.shape.is_some() {
        waiting.shape.clone_from(&changes.shape);
    }
    waiting.pointer = changes.pointer.or(waiting.pointer);
}

/// Rectangles that are kept for somebody who is slow.
const MOST: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::synthetic;
    use crate::inject::InputSink;

    fn pair(number: u8) -> PairId {
        PairId::new(number).unwrap()
    }

    /// What one takes is kept for the other; who comes later gets everything.
    #[test]
    fn everybody_gets_every_change_once() {
        let (source, mut sink) = synthetic::pair(64, 48).unwrap();
        let mut screen = Screen::new(Box::new(source));
        screen.enter(pair(0)).unwrap();
        let first = screen.take(pair(0)).unwrap();
        assert!(first.resized, "everything is new");
        assert!(screen.take(pair(0)).unwrap().is_empty());
        screen.enter(pair(1)).unwrap();
        let entered = screen.take(pair(1)).unwrap();
        assert!(entered.resized);
        assert_eq!(entered.damage, [screen.picture().rect()]);
        assert_eq!(entered.pointer, first.pointer);
        sink.apply(&seal::Event::Move { x: 9, y: 7 }).unwrap();
        let moved = Some(Point { x: 9, y: 7 });
        assert_eq!(screen.take(pair(1)).unwrap().pointer, moved);
        assert_eq!(screen.take(pair(0)).unwrap().pointer, moved);
        assert!(screen.take(pair(0)).unwrap().is_empty());
    }

    #[test]
    fn what_waits_for_somebody_slow_is_bounded() {
        let whole = Rect {
            x: 0,
            y: 0,
            w: 64,
            h: 48,
        };
        let dot = Rect {
            x: 1,
            y: 1,
            w: 1,
            h: 1,
        };
        let mut waiting = Changes::default();
        let changes = Changes {
            damage: vec![dot; 400],
            ..Changes::default()
        };
        keep(&mut waiting, &changes, whole);
        keep(&mut waiting, &changes, whole);
        assert_eq!(waiting.damage.len(), 800);
        keep(&mut waiting, &changes, whole);
        assert_eq!(waiting.damage, [whole]);
        let resized = Changes {
            damage: vec![dot],
            resized: true,
            ..Changes::default()
        };
        keep(&mut waiting, &resized, dot);
        assert_eq!(waiting.damage, [dot], "nothing of the old size is left");
    }
}
