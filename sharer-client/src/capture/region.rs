//! The part of the desktop that is shown: all of it, or one monitor.

use std::sync::Arc;

use picture::{Picture, Point, Rect};
use tokio::sync::Notify;

use super::{CaptureError, Changes, Monitor, ScreenSource};

/// A screen source behind a window of its own size. What lies outside is grabbed and goes no further.
pub(crate) struct Region {
    source: Box<dyn ScreenSource>,
    monitors: Vec<Monitor>,
    /// The chosen monitor with the pixels of it; `None` shows all.
    chosen: Option<(Monitor, Picture)>,
    /// What is shown has another size or place than the last changes said.
    moved: bool,
}

impl Region {
    /// Everything is shown at first.
    pub(crate) fn new(mut source: Box<dyn ScreenSource>) -> Result<Self, CaptureError> {
        let monitors = source.describe()?.monitors;
        Ok(Self {
            source,
            monitors,
            chosen: None,
            moved: false,
        })
    }

    /// Rung whenever [`Self::take`] has something new.
    pub(crate) fn changed(&self) -> Arc<Notify> {
        self.source.changed()
    }

    /// Says whether anybody watches.
    pub(crate) fn watch(&mut self, watched: bool) -> Result<(), CaptureError> {
        self.source.watch(watched)
    }

    /// The monitors there are, the primary one first.
    pub(crate) fn monitors(&self) -> &[Monitor] {
        &self.monitors
    }

    /// Place of the shown monitor among [`Self::monitors`]; `None` is all of them.
    pub(crate) fn shown(&self) -> Option<usize> {
        let (chosen, _) = self.chosen.as_ref()?;
        self.monitors.iter().position(|monitor| monitor == chosen)
    }

    /// What is shown, in pixels of the desktop.
    pub(crate) fn rect(&self) -> Rect {
        self.chosen
            .as_ref()
            .map_or_else(|| self.source.screen().rect(), |(monitor, _)| monitor.rect)
    }

    /// The pixels of what is shown, as of the last [`Self::take`].
    pub(crate) fn screen(&self) -> &Picture {
        self.chosen
            .as_ref()
            .map_or_else(|| self.source.screen(), |(_, picture)| picture)
    }

    /// Shows the monitor at this place of the list, or everything. False if there is no such monitor.
    pub(crate) fn choose(&mut self, place: Option<usize>) -> bool {
        let chosen = match place.map(|place| self.monitors.get(place)) {
            None => None,
            Some(None) => return false,
            Some(Some(monitor)) => match self.crop(monitor) {
                Some(picture) => Some((monitor.clone(), picture)),
                None => return false,
            },
        };
        self.chosen = chosen;
        self.moved = true;
        true
    }

    /// As [`ScreenSource::take`], in places of what is shown.
    pub(crate) fn take(&mut self) -> Result<Changes, CaptureError> {
        let mut changes = self.source.take()?;
        if changes.resized {
            self.measure()?;
        }
        self.copy(&changes.damage);
        let shown = self.rect();
        changes.pointer = changes.pointer.map(|point| within(point, shown));
        if std::mem::take(&mut self.moved) {
            changes.resized = true;
            changes.damage = vec![self.screen().rect()];
        } else if self.chosen.is_some() {
            changes.damage = shift(&changes.damage, shown);
        }
        Ok(changes)
    }

    /// The desktop has another size: its monitors are counted anew. A chosen one that is gone gives way to everything.
    fn measure(&mut self) -> Result<(), CaptureError> {
        self.monitors = self.source.describe()?.monitors;
        let Some((before, _)) = self.chosen.take() else {
            return Ok(());
        };
        let place = self
            .monitors
            .iter()
            .position(|monitor| monitor.name == before.name);
        if place.is_none() || !self.choose(place) {
            self.choose(None);
        }
        Ok(())
    }

    fn crop(&self, monitor: &Monitor) -> Option<Picture> {
        let mut picture = Picture::new(monitor.rect.w, monitor.rect.h).ok()?;
        if !self.source.screen().rect().covers(monitor.rect) {
            return None;
        }
        picture.draw_part(Point { x: 0, y: 0 }, self.source.screen(), monitor.rect);
        Some(picture)
    }

    fn copy(&mut self, damage: &[Rect]) {
        let Some((monitor, picture)) = &mut self.chosen else {
            return;
        };
        for part in damage
            .iter()
            .filter_map(|rect| rect.intersect(monitor.rect))
        {
            let at = Point {
                x: part.x - monitor.rect.x,
                y: part.y - monitor.rect.y,
            };
            picture.draw_part(at, self.source.screen(), part);
        }
    }
}

/// Damage in places of what is shown.
fn shift(damage: &[Rect], shown: Rect) -> Vec<Rect> {
    let parts = damage.iter().filter_map(|rect| rect.intersect(shown));
    parts
        .map(|part| Rect {
            x: part.x - shown.x,
            y: part.y - shown.y,
            ..part
        })
        .collect()
}

/// The pointer in places of what is shown. On another monitor it waits at the edge.
fn within(point: Point, shown: Rect) -> Point {
    Point {
        x: point.x.saturating_sub(shown.x).min(shown.w - 1),
        y: point.y.saturating_sub(shown.y).min(shown.h - 1),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::capture::Description;

    /// A desktop that changes by a script, a step for each time that it is asked.
    struct Desk {
        screen: Picture,
        monitors: Vec<Monitor>,
        steps: VecDeque<Step>,
    }

    struct Step {
        screen: Picture,
        monitors: Vec<Monitor>,
        changes: Changes,
    }

    impl ScreenSource for Desk {
        fn changed(&self) -> Arc<Notify> {
            Arc::default()
        }

        fn take(&mut self) -> Result<Changes, CaptureError> {
            let Some(step) = self.steps.pop_front() else {
                return Ok(Changes::default());
            };
            (self.screen, self.monitors) = (step.screen, step.monitors);
            Ok(step.changes)
        }

        fn screen(&self) -> &Picture {
            &self.screen
        }

        fn watch(&mut self, _: bool) -> Result<(), CaptureError> {
            Ok(())
        }

        fn describe(&mut self) -> Result<Description, CaptureError> {
            Ok(Description {
                name: ":9".into(),
                width: self.screen.width(),
                height: self.screen.height(),
                scale: 1.0,
                monitors: self.monitors.clone(),
            })
        }
    }

    fn monitor(name: &str, rect: Rect) -> Monitor {
        Monitor {
            name: name.into(),
            rect,
            primary: name == "A",
        }
    }

    fn two() -> Vec<Monitor> {
        vec![
            monitor("A", Rect::new(0, 0, 4, 2)),
            monitor("B", Rect::new(4, 0, 3, 2)),
        ]
    }

    /// Shows the second of two monitors, then lets the script run.
    fn second_of_two(steps: Vec<Step>) -> Region {
        let quiet = Step {
            screen: Picture::new(7, 2).unwrap(),
            monitors: two(),
            changes: Changes::default(),
        };
        let desk = Desk {
            screen: Picture::new(7, 2).unwrap(),
            monitors: two(),
            steps: std::iter::once(quiet).chain(steps).collect(),
        };
        let mut region = Region::new(Box::new(desk)).unwrap();
        assert_eq!(
            (region.shown(), region.rect()),
            (None, Rect::new(0, 0, 7, 2))
        );
        assert!(region.choose(Some(1)));
        let changes = region.take().unwrap();
        assert!(changes.resized);
        assert_eq!(changes.damage, [Rect::new(0, 0, 3, 2)]);
        assert_eq!(
            (region.shown(), region.rect()),
            (Some(1), Rect::new(4, 0, 3, 2))
        );
        region
    }

    fn resized(width: u16, height: u16, monitors: Vec<Monitor>) -> Step {
        Step {
            screen: Picture::new(width, height).unwrap(),
            monitors,
            changes: Changes {
                resized: true,
                damage: vec![Rect::new(0, 0, width, height)],
                ..Changes::default()
            },
        }
    }

    #[test]
    fn one_monitor_is_a_picture_of_its_own() {
        let mut screen = Picture::new(7, 2).unwrap();
        screen.fill(Rect::new(3, 0, 2, 1), [9, 8, 7]);
        let changes = Changes {
            damage: vec![Rect::new(3, 0, 2, 1), Rect::new(0, 1, 2, 1)],
            pointer: Some(Point { x: 1, y: 1 }),
            ..Changes::default()
        };
        let mut region = second_of_two(vec![Step {
            screen,
            monitors: two(),
            changes,
        }]);
        let changes = region.take().unwrap();
        assert_eq!(changes.damage, [Rect::new(0, 0, 1, 1)]);
        assert_eq!(changes.pointer, Some(Point { x: 0, y: 1 }), "at the edge");
        assert!(!changes.resized);
        assert_eq!(&region.screen().rgba()[..8], [9, 8, 7, 255, 0, 0, 0, 255]);
    }

    #[test]
    fn a_monitor_that_does_not_exist_changes_nothing() {
        let mut region = second_of_two(vec![]);
        assert!(!region.choose(Some(2)));
        assert_eq!(region.take(), Ok(Changes::default()));
        assert_eq!(region.shown(), Some(1));
    }

    #[test]
    fn an_unplugged_monitor_gives_way_to_everything() {
        let only = vec![monitor("A", Rect::new(0, 0, 4, 2))];
        let mut region = second_of_two(vec![resized(4, 2, only)]);
        assert!(region.take().unwrap().resized);
        assert_eq!((region.shown(), region.screen().width()), (None, 4));
    }

    #[test]
    fn a_monitor_that_moved_is_followed_by_its_name() {
        let moved = vec![
            monitor("B", Rect::new(0, 0, 5, 3)),
            monitor("A", Rect::new(5, 0, 3, 3)),
        ];
        let mut region = second_of_two(vec![resized(8, 3, moved)]);
        assert_eq!(region.take().unwrap().damage, [Rect::new(0, 0, 5, 3)]);
        assert_eq!(region.shown(), Some(0));
    }
}
