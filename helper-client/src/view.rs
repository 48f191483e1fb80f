//! What the helper sees: the decoded picture, and how long it took to come.

use std::collections::VecDeque;
use std::path::Path;
use std::time::Duration;

use image::{ImageBuffer, ImageFormat, Rgba};
use picture::{Decoder, Error, Limits, Picture};

use crate::quality::Quality;

/// The helper's picture.
pub(crate) struct View {
    decoder: Decoder,
    pub(crate) quality: Quality,
    /// Input events whose effect has not been seen: number and time.
    pending: VecDeque<(u32, Duration)>,
    next_input: u32,
    updates: u64,
    bytes: u64,
    /// A slice of the update under way gave the picture another size.
    resized: bool,
}

/// An update is on the screen.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) update: u32,
    /// The picture has this size for the first time.
    pub(crate) resized: Option<(u16, u16)>,
}

impl View {
    pub(crate) fn new() -> Self {
        Self {
            decoder: Decoder::new(Limits::default()),
            quality: Quality::default(),
            pending: VecDeque::new(),
            next_input: 1,
            updates: 0,
            bytes: 0,
            resized: false,
        }
    }

    /// Numbers some events and remembers when they happened. Gives the first number.
    pub(crate) fn number(&mut self, events: usize, now: Duration) -> u32 {
        let first = self.next_input;
        self.next_input = first.wrapping_add(u32::try_from(events).unwrap_or(u32::MAX));
        if self.pending.len() < PENDING {
            self.pending
                .push_back((self.next_input.wrapping_sub(1), now));
        }
        first
    }

    /// Decodes one slice. An update is shown with its last slice.
    pub(crate) fn decode(&mut self, slice: &[u8], now: Duration) -> Result<Option<Shown>, Error> {
        let applied = self.decoder.push_slice(slice)?;
        self.bytes += u64::try_from(slice.len()).unwrap_or_default();
        self.resized |= applied.resized;
        if !applied.last {
            return Ok(None);
        }
        let resized = std::mem::take(&mut self.resized);
        let picture = self.decoder.picture().filter(|_| resized);
        let resized = picture.map(|picture| (picture.width(), picture.height()));
        self.updates += 1;
        self.quality.painted(now);
        self.note_seen(applied.input, now);
        Ok(Some(Shown {
            update: applied.update,
            resized,
        }))
    }

    /// A decoder that failed cannot go on: the next picture starts afresh.
    pub(crate) fn restart(&mut self) {
        self.decoder = Decoder::new(Limits::default());
    }

    /// The exact picture, without anything lossy over it.
    pub(crate) fn picture(&self) -> Option<&Picture> {
        self.decoder.picture()
    }

    /// Updates and bytes of picture so far.
    pub(crate) fn counts(&self) -> (u64, u64) {
        (self.updates, self.bytes)
    }

    /// Writes what the helper sees as PNG.
    pub(crate) fn save(&self, path: &Path) -> Result<(), String> {
        let picture = self.decoder.composed().ok_or("there is no picture yet")?;
        let (width, height) = (u32::from(picture.width()), u32::from(picture.height()));
        let pixels: ImageBuffer<Rgba<u8>, _> =
            ImageBuffer::from_raw(width, height, picture.rgba().to_vec())
                .ok_or("the picture has no size")?;
        pixels
            .save_with_format(path, ImageFormat::Png)
            .map_err(|error| error.to_string())
    }

    /// The picture shows what happened up to this input.
    fn note_seen(&mut self, input: u64, now: Duration) {
        let Ok(input) = u32::try_from(input) else {
            return;
        };
        while let Some((number, at)) = self.pending.front().copied() {
            let seen = input.wrapping_sub(number) < u32::MAX / 2;
            if !seen {
                return;
            }
            self.pending.pop_front();
            self.quality.latency(now.saturating_sub(at));
        }
    }
}

/// Inputs whose effect may be outstanding; more are not measured.
const PENDING: usize = 1024;

#[cfg(test)]
mod tests {
    use picture::Encoder;

    use super::*;

    #[test]
    fn a_picture_of_many_slices_is_told_with_its_size_once() {
        let mut state = 1_u32;
        let pixels = (0..1920 * 1080 * 4).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        });
        let screen = Picture::from_rgba(1920, 1080, pixels.collect()).unwrap();
        let mut encoder = Encoder::new(Limits::default());
        assert!(encoder.begin(&screen, 0, Duration::ZERO));
        let (mut view, mut slices, mut told) = (View::new(), 0, vec![]);
        while let Some(slice) = encoder.next_slice(&screen).unwrap() {
            slices += 1;
            let shown = view.decode(&slice.bytes, Duration::ZERO).unwrap();
            told.extend(shown.and_then(|shown| shown.resized));
            if slice.last {
                break;
            }
        }
        assert!(slices > 1, "the picture has more than one slice");
        assert_eq!(told, [(1920, 1080)]);
    }
}
