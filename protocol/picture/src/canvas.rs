//! What a helper holds, and how operations change it (SPEC 7.2). The decoder owns one; the encoder
//! owns the mirror of it and runs the same code, so the two can never drift apart.

use std::collections::BTreeMap;

use crate::limits::{DRAWING_CAP, OPERATION_CAP, SHAPE_CAP, STILL_CAP};
use crate::operation::Operation;
use crate::{CursorShape, Error, Picture, Rect, Still};

/// The exact picture, what lies over it, and the known cursor shapes.
pub(crate) struct Canvas {
    pub(crate) picture: Picture,
    pub(crate) stills: BTreeMap<u8, Still>,
    pub(crate) shapes: BTreeMap<u8, CursorShape>,
}

/// What the operations of a slice changed.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Places whose look may have changed.
    pub(crate) touched: Vec<Rect>,
    /// Ids of the shapes that are new.
    pub(crate) shapes: Vec<u8>,
}

impl Canvas {
    pub(crate) fn new(picture: Picture) -> Self {
        Self {
            picture,
            stills: BTreeMap::new(),
            shapes: BTreeMap::new(),
        }
    }

    /// Applies operations one after the other. An error leaves what came before it in place; the
    /// canvas is then of no use until the next context.
    pub(crate) fn apply(&mut self, plain: &[u8], update: u32) -> Result<Changes, Error> {
        let mut changes = Changes::default();
        let mut budget = Budget::of(&self.picture);
        let mut rest = plain;
        while !rest.is_empty() {
            let operation = Operation::read(&mut rest)?;
            budget.spend(&operation)?;
            self.draw(operation, update, &mut changes)?;
        }
        Ok(changes)
    }

    fn draw(
        &mut self,
        operation: Operation<'_>,
        update: u32,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        match operation {
            Operation::Pixels { to, rgb } => {
                self.picture.put_rgb(self.inside(to)?, rgb);
                changes.touched.push(to);
            }
            Operation::Move { to, from } => {
                self.inside(Rect::new(from.x, from.y, to.w, to.h))?;
                self.picture.shift(self.inside(to)?, from);
                changes.touched.push(to);
            }
            Operation::Fill { to, rgb } => {
                self.picture.fill(self.inside(to)?, rgb);
                changes.touched.push(to);
            }
            Operation::Shape {
                id,
                width,
                height,
                hot: [hot_x, hot_y],
                rgba,
            } => {
                let shape = CursorShape {
                    width,
                    height,
                    hot_x,
                    hot_y,
                    rgba: rgba.to_vec(),
                };
                self.shapes.insert(below(id, SHAPE_CAP)?, shape.check()?);
                changes.shapes.push(id);
            }
            Operation::Still { id, to, image } => {
                let still = Still::new(self.inside(to)?, update, image)?;
                let others = self.stills.iter().filter(|(other, _)| **other != id);
                if others
                    .map(|(_, other)| other.rect())
                    .any(|other| other.intersect(to).is_some())
                {
                    return Err(Error::Still(id));
                }
                let before = self.stills.insert(below(id, STILL_CAP)?, still);
                changes
                    .touched
                    .extend(before.map(|before| before.rect()).filter(|old| *old != to));
                changes.touched.push(to);
            }
            Operation::StillEnd { id } => {
                let still = self.stills.remove(&id).ok_or(Error::Still(id))?;
                changes.touched.push(still.rect());
            }
        }
        Ok(())
    }

    fn inside(&self, rect: Rect) -> Result<Rect, Error> {
        let inside = !rect.is_empty() && self.picture.rect().covers(rect);
        if inside {
            Ok(rect)
        } else {
            Err(Error::Outside(rect))
        }
    }
}

/// What one slice may still draw: a small slice must not cost seconds of work (SPEC 7.3).
struct Budget {
    operations: usize,
    pixels: u64,
    moves: bool,
}

impl Budget {
    fn of(picture: &Picture) -> Self {
        let pixels = u64::from(picture.rect().area()) * DRAWING_CAP;
        Self {
            operations: OPERATION_CAP,
            pixels,
            moves: true,
        }
    }

    fn spend(&mut self, operation: &Operation<'_>) -> Result<(), Error> {
        let area = match operation {
            Operation::Pixels { to, .. }
            | Operation::Move { to, .. }
            | Operation::Fill { to, .. }
            | Operation::Still { to, .. } => to.area(),
            Operation::Shape { .. } | Operation::StillEnd { .. } => 0,
        };
        let is_move = matches!(operation, Operation::Move { .. });
        if is_move && !self.moves {
            return Err(Error::LateMove);
        }
        self.moves = is_move;
        self.operations = self
            .operations
            .checked_sub(1)
            .ok_or(Error::TooMuchDrawing)?;
        self.pixels = self
            .pixels
            .checked_sub(area.into())
            .ok_or(Error::TooMuchDrawing)?;
        Ok(())
    }
}

fn below(id: u8, cap: u8) -> Result<u8, Error> {
    if id < cap { Ok(id) } else { Err(Error::Id(id)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Point, still};

    fn apply(canvas: &mut Canvas, operations: &[Operation<'_>]) -> Result<Changes, Error> {
        let mut plain = Vec::new();
        operations
            .iter()
            .for_each(|operation| operation.write(&mut plain));
        canvas.apply(&plain, 1)
    }

    fn canvas(width: u16, height: u16) -> Canvas {
        Canvas::new(Picture::new(width, height).unwrap())
    }

    #[test]
    fn places_outside_are_refused_and_change_nothing() {
        for to in [
            Rect::new(0, 0, 9, 1),
            Rect::new(8, 0, 1, 1),
            Rect::new(0, 0, 0, 1),
            Rect::new(65_535, 65_535, 2, 2),
        ] {
            let mut canvas = canvas(8, 8);
            let fill = Operation::Fill { to, rgb: [9; 3] };
            assert_eq!(apply(&mut canvas, &[fill]).unwrap_err(), Error::Outside(to));
            let away = Operation::Move {
                to: Rect::new(0, 0, 1, 1),
                from: Point { x: 8, y: 0 },
            };
            assert!(apply(&mut canvas, &[away]).is_err());
            assert_eq!(canvas.picture, Picture::new(8, 8).unwrap());
        }
    }

    #[test]
    fn a_move_behind_a_drawing_is_refused() {
        let to = Rect::new(0, 0, 1, 1);
        let shift = Operation::Move {
            to,
            from: Point { x: 1, y: 1 },
        };
        let fill = Operation::Fill { to, rgb: [9; 3] };
        assert!(apply(&mut canvas(8, 8), &[shift, shift, fill]).is_ok());
        assert_eq!(
            apply(&mut canvas(8, 8), &[fill, shift]).unwrap_err(),
            Error::LateMove
        );
        let end = [shift, fill, shift];
        assert_eq!(apply(&mut canvas(8, 8), &end).unwrap_err(), Error::LateMove);
    }

    #[test]
    fn drawing_is_bounded_by_area_and_by_count() {
        let all = Operation::Fill {
            to: Rect::new(0, 0, 8, 8),
            rgb: [9; 3],
        };
        assert!(apply(&mut canvas(8, 8), &[all; 4]).is_ok());
        assert_eq!(
            apply(&mut canvas(8, 8), &[all; 5]).unwrap_err(),
            Error::TooMuchDrawing
        );
        let dot = Operation::Fill {
            to: Rect::new(0, 0, 1, 1),
            rgb: [9; 3],
        };
        assert!(apply(&mut canvas(64, 64), &[dot; 1024]).is_ok());
        let over = apply(&mut canvas(64, 64), &[dot; 1025]);
        assert_eq!(over.unwrap_err(), Error::TooMuchDrawing);
    }

    #[test]
    fn stills_never_touch_the_exact_pixels_and_never_overlap() {
        let mut canvas = canvas(64, 64);
        canvas.picture.fill(Rect::new(0, 0, 64, 64), [200, 100, 50]);
        let before = canvas.picture.clone();
        let to = Rect::new(0, 0, 32, 32);
        let image = &still::encode(&before, to, 50).unwrap();
        let changes = apply(&mut canvas, &[Operation::Still { id: 0, to, image }]).unwrap();
        assert_eq!(changes.touched, [to]);
        assert_eq!(canvas.picture, before);
        let beside = Operation::Still {
            id: 1,
            to: Rect { x: 31, ..to },
            image,
        };
        assert_eq!(apply(&mut canvas, &[beside]).unwrap_err(), Error::Still(1));
        let moved = Operation::Still {
            id: 0,
            to: Rect { x: 31, ..to },
            image,
        };
        let changes = apply(&mut canvas, &[moved]).unwrap();
        assert_eq!(
            changes.touched,
            [to, Rect { x: 31, ..to }],
            "the old place shows again"
        );
        let end = Operation::StillEnd { id: 0 };
        assert_eq!(
            apply(&mut canvas, &[end]).unwrap().touched,
            [Rect { x: 31, ..to }]
        );
        assert_eq!(apply(&mut canvas, &[end]).unwrap_err(), Error::Still(0));
        let over = Operation::Still { id: 64, to, image };
        assert_eq!(apply(&mut canvas, &[over]).unwrap_err(), Error::Id(64));
    }

    #[test]
    fn shapes_are_kept_by_id() {
        let mut canvas = canvas(8, 8);
        let shape = |id, hot| Operation::Shape {
            id,
            width: 2,
            height: 1,
            hot,
            rgba: &[7; 8],
        };
        assert_eq!(
            apply(&mut canvas, &[shape(63, [1, 0])]).unwrap().shapes,
            [63]
        );
        assert_eq!(canvas.shapes.len(), 1);
        assert_eq!(
            apply(&mut canvas, &[shape(64, [0, 0])]).unwrap_err(),
            Error::Id(64)
        );
        assert_eq!(
            apply(&mut canvas, &[shape(0, [2, 0])]).unwrap_err(),
            Error::Shape
        );
    }
}
