//! The part of the desktop that is shown: all of it, or one monitor.

use picture::{Picture, Point, Rect};
use policy::PairId;

use super::screen::Screen;
use super::{CaptureError, Changes, Monitor};

/// What one helper is shown of the screen, with its own size. What lies outside is grabbed and goes no further.
#[derive(Default)]
pub(crate) struct Region {
    /// The chosen monitor; `None` shows all.
    chosen: Option<Monitor>,
    /// Pixels of its own: those of the chosen monitor, or all if others watch too.
    own: Option<Picture>,
    /// Others watch too, or did: pixels of its own stand still while an update is under way, whatever the others take.
    detached: bool,
    /// What is shown has another size or place than the last changes said.
    moved: bool,
}

impl Region {
    /// Place of the shown monitor among those of the screen; `None` is all of them.
    pub(crate) fn shown(&self, screen: &Screen) -> Option<usize> {
        let chosen = self.chosen.as_ref()?;
        let mut monitors = screen.monitors().iter();
        monitors.position(|monitor| monitor == chosen)
    }

    /// What is shown, in pixels of the desktop.
    pub(crate) fn rect(&self, screen: &Screen) -> Rect {
        let chosen = self.chosen.as_ref().map(|monitor| monitor.rect);
        chosen.unwrap_or_else(|| screen.picture().rect())
    }

    /// The pixels of what is shown, as of the last [`Self::take`].
    pub(crate) fn picture<'a>(&'a self, screen: &'a Screen) -> &'a Picture {
        self.own.as_ref().unwrap_or_else(|| screen.picture())
    }

    /// Others watch too: from here on the pixels are its own.
    pub(crate) fn detach(&mut self, screen: &Screen) -> Result<(), CaptureError> {
        self.detached = true;
        if self.own.is_none() {
            self.own = Some(crop(screen, self.rect(screen))?);
        }
        Ok(())
    }

    /// Shows the monitor at this place of the list, or everything. False if there is no such monitor.
    pub(crate) fn choose(&mut self, place: Option<usize>, screen: &Screen) -> bool {
        let chosen = match place.map(|place| screen.monitors().get(place)) {
            None => None,
            Some(None) => return false,
            Some(Some(monitor)) => Some(monitor.clone()),
        };
        let rect = chosen.as_ref().map(|monitor| monitor.rect);
        let own = match rect {
            None if !self.detached => None,
            part => match crop(screen, part.unwrap_or_else(|| screen.picture().rect())) {
                Ok(picture) => Some(picture),
                Err(_) => return false,
            },
        };
        (self.chosen, self.own, self.moved) = (chosen, own, true);
        true
    }

    /// As [`Screen::take`], in places of what is shown.
    pub(crate) fn take(
        &mut self,
        pair: PairId,
        screen: &mut Screen,
    ) -> Result<Changes, CaptureError> {
        let mut changes = screen.take(pair)?;
        if changes.resized {
            self.measure(screen)?;
        }
        self.copy(&changes.damage, screen);
        let shown = self.rect(screen);
        changes.pointer = changes.pointer.map(|point| within(point, shown));
        if std::mem::take(&mut self.moved) {
            changes.resized = true;
            changes.damage = vec![self.picture(screen).rect()];
        } else if self.chosen.is_some() {
            changes.damage = shift(&changes.damage, shown);
        }
        Ok(changes)
    }

    /// The desktop has another size. A chosen monitor that is gone gives way to everything.
    fn measure(&mut self, screen: &Screen) -> Result<(), CaptureError> {
        let Some(before) = self.chosen.take() else {
            if self.own.take().is_some() {
                self.detach(screen)?;
            }
            return Ok(());
        };
        let mut monitors = screen.monitors().iter();
        let place = monitors.position(|monitor| monitor.name == before.name);
        if place.is_none() || !self.choose(place, screen) {
            self.choose(None, screen);
        }
        Ok(())
    }

    fn copy(&mut self, damage: &[Rect], screen: &Screen) {
        let shown = self.rect(screen);
        let Some(picture) = &mut self.own else {
            return;
        };
        for part in damage.iter().filter_map(|rect| rect.intersect(shown)) {
            let at = Point {
                x: part.x - shown.x,
                y: part.y - shown.y,
            };
            picture.draw_part(at, screen.picture(), part);
        }
    }
}

/// The pixels of a part of the desktop.
fn crop(screen: &Screen, part: Rect) -> Result<Picture, CaptureError> {
    if !screen.picture().rect().covers(part) {
        return Err(CaptureError::unfit("a monitor lies outside the desktop"));
    }
    let mut picture = Picture::new(part.w, part.h).map_err(CaptureError::unfit)?;
    picture.draw_part(Point { x: 0, y: 0 }, screen.picture(), part);
    Ok(picture)
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

    use std::sync::Arc;

    use tokio::sync::Notify;

    use super::*;
    use crate::capture::{Description, ScreenSource};

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

    const PAIR: PairId = PairId::FIRST;

    /// Shows the second of two monitors, then lets the script run.
    fn second_of_two(steps: Vec<Step>) -> (Region, Screen) {
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
        let mut screen = Screen::new(Box::new(desk));
        screen.enter(PAIR).unwrap();
        let mut region = Region::default();
        assert_eq!(
            (region.shown(&screen), region.rect(&screen)),
            (None, Rect::new(0, 0, 7, 2))
        );
        assert!(region.choose(Some(1), &screen));
        let changes = region.take(PAIR, &mut screen).unwrap();
        assert!(changes.resized);
        assert_eq!(changes.damage, [Rect::new(0, 0, 3, 2)]);
        assert_eq!(
            (region.shown(&screen), region.rect(&screen)),
            (Some(1), Rect::new(4, 0, 3, 2))
        );
        (region, screen)
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
        let (mut region, mut screen) = second_of_two(vec![Step {
            screen,
            monitors: two(),
            changes,
        }]);
        let changes = region.take(PAIR, &mut screen).unwrap();
        assert_eq!(changes.damage, [Rect::new(0, 0, 1, 1)]);
        assert_eq!(changes.pointer, Some(Point { x: 0, y: 1 }), "at the edge");
        assert!(!changes.resized);
        assert_eq!(
            &region.picture(&screen).rgba()[..8],
            [9, 8, 7, 255, 0, 0, 0, 255]
        );
    }

    #[test]
    fn a_monitor_that_does_not_exist_changes_nothing() {
        let (mut region, mut screen) = second_of_two(vec![]);
        assert!(!region.choose(Some(2), &screen));
        assert_eq!(region.take(PAIR, &mut screen), Ok(Changes::default()));
        assert_eq!(region.shown(&screen), Some(1));
    }

    #[test]
    fn an_unplugged_monitor_gives_way_to_everything() {
        let only = vec![monitor("A", Rect::new(0, 0, 4, 2))];
        let (mut region, mut screen) = second_of_two(vec![resized(4, 2, only)]);
        assert!(region.take(PAIR, &mut screen).unwrap().resized);
        assert_eq!(
            (region.shown(&screen), region.picture(&screen).width()),
            (None, 4)
        );
    }

    #[test]
    fn a_monitor_that_moved_is_followed_by_its_name() {
        let moved = vec![
            monitor("B", Rect::new(0, 0, 5, 3)),
            monitor("A", Rect::new(5, 0, 3, 3)),
        ];
        let (mut region, mut screen) = second_of_two(vec![resized(8, 3, moved)]);
        assert_eq!(
            region.take(PAIR, &mut screen).unwrap().damage,
            [Rect::new(0, 0, 5, 3)]
        );
        assert_eq!(region.shown(&screen), Some(0));
    }

    /// Others take what changed in the middle of an update: what is being encoded stands still.
    #[test]
    fn detached_pixels_change_only_when_they_are_taken() {
        let mut changed = Picture::new(7, 2).unwrap();
        changed.fill(Rect::new(0, 0, 1, 1), [9, 8, 7]);
        let desk = Desk {
            screen: Picture::new(7, 2).unwrap(),
            monitors: two(),
            steps: VecDeque::from([Step {
                screen: changed,
                monitors: two(),
                changes: Changes {
                    damage: vec![Rect::new(0, 0, 1, 1)],
                    ..Changes::default()
                },
            }]),
        };
        let other = PairId::new(1).unwrap();
        let mut screen = Screen::new(Box::new(desk));
        screen.enter(PAIR).unwrap();
        screen.enter(other).unwrap();
        let (mut one, mut two) = (Region::default(), Region::default());
        one.detach(&screen).unwrap();
        two.detach(&screen).unwrap();
        two.take(other, &mut screen).unwrap();
        let first = |region: &Region, screen: &Screen| region.picture(screen).rgba()[0];
        assert_eq!((first(&one, &screen), first(&two, &screen)), (0, 9));
        one.take(PAIR, &mut screen).unwrap();
        assert_eq!(first(&one, &screen), 9);
    }
}
