//! A cursor shape: what the sharer's pointer looks like (SPEC 7.6).

use std::collections::{BTreeMap, VecDeque};

use crate::Error;
use crate::limits::SHAPE_CAP;

/// The picture of a pointer. Positions travel apart, as datagrams that name the shape by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CursorShape {
    /// Width in pixels, 1 to 255.
    pub width: u8,
    /// Height in pixels, 1 to 255.
    pub height: u8,
    /// Column of the pixel that points.
    pub hot_x: u8,
    /// Row of the pixel that points.
    pub hot_y: u8,
    /// RGBA with straight alpha (not multiplied in), row by row.
    pub rgba: Vec<u8>,
}

impl CursorShape {
    /// Makes a shape of pixels whose colours were multiplied by alpha, as XFixes and macOS have
    /// them.
    ///
    /// # Errors
    /// [`Error::Shape`] as for [`Self::check`].
    pub fn from_premultiplied(
        [width, height]: [u8; 2],
        [hot_x, hot_y]: [u8; 2],
        mut rgba: Vec<u8>,
    ) -> Result<Self, Error> {
        for [red, green, blue, alpha] in rgba.as_chunks_mut::<4>().0 {
            for colour in [red, green, blue] {
                let whole = u16::from(*colour) * 255 / u16::from(*alpha).max(1);
                *colour = u8::try_from(whole).unwrap_or(u8::MAX);
            }
        }
        Self {
            width,
            height,
            hot_x,
            hot_y,
            rgba,
        }
        .check()
    }

    /// Returns the shape if it can be sent.
    ///
    /// # Errors
    /// [`Error::Shape`] if a side is 0, the hotspot is outside or the bytes do not fit the size.
    pub fn check(self) -> Result<Self, Error> {
        let bytes = usize::from(self.width) * usize::from(self.height) * 4;
        let inside = self.hot_x < self.width && self.hot_y < self.height;
        if inside && self.rgba.len() == bytes {
            Ok(self)
        } else {
            Err(Error::Shape)
        }
    }
}

/// The shapes on their way to the helper, and the ids that they go by.
#[derive(Default)]
pub(crate) struct Outbox {
    queued: VecDeque<(u8, CursorShape)>,
    current: Option<(u8, CursorShape)>,
    /// Ids, the one used last at the end.
    recent: Vec<u8>,
}

impl Outbox {
    /// Finds the id of a shape, and queues it unless the helper has it. `known` is what the helper
    /// has after everything that was encoded.
    pub(crate) fn push(&mut self, shape: CursorShape, known: &BTreeMap<u8, CursorShape>) -> u8 {
        let waits = |id: &u8| self.queued.iter().any(|(queued, _)| queued == id);
        let queued = self
            .queued
            .iter()
            .find(|(_, other)| *other == shape)
            .map(|(id, _)| *id);
        let held = || {
            known
                .iter()
                .find(|(id, other)| **other == shape && !waits(id))
        };
        let found = queued.or_else(|| held().map(|(id, _)| *id));
        let unused = || (0..SHAPE_CAP).find(|id| !known.contains_key(id) && !waits(id));
        let oldest = || self.recent.first().copied().unwrap_or(0);
        let id = found.or_else(unused).unwrap_or_else(oldest);
        if found.is_none() {
            self.queued.retain(|(queued, _)| *queued != id);
            self.queued.push_back((id, shape.clone()));
        }
        self.recent.retain(|used| *used != id);
        self.recent.push(id);
        self.current = Some((id, shape));
        id
    }

    /// The helper forgot everything: the shape that is shown now goes again, under the same id,
    /// behind those that wait.
    pub(crate) fn restart(&mut self) {
        if let Some((id, shape)) = &self.current {
            self.queued.retain(|(queued, _)| queued != id);
            self.queued.push_back((*id, shape.clone()));
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.queued.is_empty()
    }

    pub(crate) fn first(&self) -> Option<&(u8, CursorShape)> {
        self.queued.front()
    }

    pub(crate) fn pop(&mut self) {
        self.queued.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(colour: u8) -> CursorShape {
        CursorShape {
            width: 1,
            height: 1,
            hot_x: 0,
            hot_y: 0,
            rgba: vec![colour; 4],
        }
    }

    #[test]
    fn a_shape_goes_once_and_the_least_used_id_is_given_again() {
        let (mut outbox, mut known) = (Outbox::default(), BTreeMap::new());
        for colour in 0..SHAPE_CAP {
            assert_eq!(outbox.push(dot(colour), &known), colour);
            assert_eq!(outbox.push(dot(colour), &known), colour, "it waits already");
        }
        while let Some((id, shape)) = outbox.first().cloned() {
            known.insert(id, shape);
            outbox.pop();
        }
        assert_eq!(outbox.push(dot(0), &known), 0);
        assert!(outbox.is_empty(), "the helper has it");
        assert_eq!(outbox.push(dot(200), &known), 1, "0 was used after 1");
        assert_eq!(
            outbox.push(dot(1), &known),
            2,
            "id 1 is about to be another shape"
        );
    }

    #[test]
    fn a_restart_sends_the_shape_that_is_shown() {
        let (mut outbox, none) = (Outbox::default(), BTreeMap::new());
        outbox.push(dot(1), &none);
        outbox.push(dot(2), &none);
        for left in [&[(0, dot(1)), (1, dot(2))][..], &[(1, dot(2))]] {
            outbox.restart();
            assert_eq!(outbox.queued, left);
            while !outbox.is_empty() {
                outbox.pop();
            }
        }
    }

    #[test]
    fn alpha_is_taken_out_of_the_colours() {
        let pixels = vec![128, 64, 0, 128, 0, 0, 0, 0];
        let shape = CursorShape::from_premultiplied([2, 1], [1, 0], pixels).unwrap();
        assert_eq!(shape.rgba, [255, 127, 0, 128, 0, 0, 0, 0]);
    }

    #[test]
    fn the_hotspot_is_a_pixel_of_the_shape() {
        let shape = |hot, bytes| CursorShape::from_premultiplied([2, 1], hot, vec![0; bytes]);
        assert!(shape([1, 0], 8).is_ok());
        assert_eq!(shape([2, 0], 8), Err(Error::Shape));
        assert_eq!(shape([0, 1], 8), Err(Error::Shape));
        assert_eq!(shape([0, 0], 4), Err(Error::Shape));
        let none = CursorShape::from_premultiplied([0, 0], [0, 0], Vec::new());
        assert_eq!(none, Err(Error::Shape));
    }
}
