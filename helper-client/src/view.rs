//! What the helper sees: the decoded picture, and how long it took to come.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::time::Duration;

use image::{ImageBuffer, ImageFormat, Rgba};
use picture::{CursorShape, Decoder, Error, Limits, Picture, Rect, Region, TILE};

use seal::Event;

use crate::picture_file::{Painted, PictureFile, Seen};
use crate::quality::Quality;
use crate::video::{self, Decoded, Video};

/// The helper's picture.
pub(crate) struct View {
    decoder: Decoder,
    video: Video,
    /// The newest picture of the video, where a browser shares.
    film: Option<Picture>,
    pub(crate) quality: Quality,
    /// Input events whose effect has not been seen: number and time.
    pending: VecDeque<(u32, Duration)>,
    next_input: u32,
    updates: u64,
    bytes: u64,
    /// A slice of the update under way gave the picture another size.
    resized: bool,
    /// Where a window reads the picture.
    file: Option<PictureFile>,
    /// What the update under way touches, for that window.
    touched: Vec<Rect>,
    /// Ids of cursor shapes that the update under way brought.
    shapes: Vec<u8>,
}

/// An update is on the screen.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) update: u32,
    /// The picture has this size for the first time.
    pub(crate) resized: Option<(u16, u16)>,
    /// Cursor shapes that are new, by their number in cursor places.
    pub(crate) shapes: Vec<(u32, CursorShape)>,
}

impl View {
    /// With a file a window reads the picture there, and what it says it shows counts as seen.
    pub(crate) fn new(file: Option<PictureFile>) -> Self {
        Self {
            decoder: Decoder::new(Limits::default()),
            video: Video::default(),
            film: None,
            quality: Quality::default(),
            pending: VecDeque::new(),
            next_input: 1,
            updates: 0,
            bytes: 0,
            resized: false,
            file,
            touched: vec![],
            shapes: vec![],
        }
    }

    /// Numbers some events and remembers when those happened that a picture may answer. Gives the first number.
    pub(crate) fn number(&mut self, events: &[Event], now: Duration) -> u32 {
        let first = self.next_input;
        self.next_input = first.wrapping_add(u32::try_from(events.len()).unwrap_or(u32::MAX));
        if self.pending.len() < PENDING && events.iter().any(is_press) {
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
        self.shapes.extend(applied.shapes);
        if self.file.is_some() {
            self.touched.extend(applied.touched);
        }
        if !applied.last {
            return Ok(None);
        }
        let resized = std::mem::take(&mut self.resized);
        let picture = self.decoder.picture().filter(|_| resized);
        let resized = picture.map(|picture| (picture.width(), picture.height()));
        self.updates += 1;
        self.quality.painted(now);
        let seen = Seen {
            update: applied.update,
            input: applied.input,
        };
        match &mut self.file {
            Some(file) => file.add(std::mem::take(&mut self.touched), seen),
            None => self.note_seen(seen.input, now),
        }
        Ok(Some(Shown {
            update: applied.update,
            resized,
            shapes: self.new_shapes(),
        }))
    }

    /// Takes a part of a video.
    pub(crate) fn take_part(&mut self, part: &[u8]) -> Result<(), video::Error> {
        self.bytes += u64::try_from(part.len()).unwrap_or_default();
        self.video.push(part)
    }

    /// The next picture of the video. Cancel-safe.
    pub(crate) async fn decoded(&mut self) -> Result<Decoded, video::Error> {
        self.video.decoded().await
    }

    /// Shows a picture of the video. It answers no input, because a browser takes none.
    pub(crate) fn show_video(&mut self, decoded: Decoded, now: Duration) -> Shown {
        let Decoded { frame, picture } = decoded;
        let size = (picture.width(), picture.height());
        let before = self.film.take();
        let stays = before
            .as_ref()
            .is_some_and(|before| (before.width(), before.height()) == size);
        if let Some(file) = &mut self.file {
            let touched = before
                .as_ref()
                .filter(|_| stays)
                .map(|before| changed(before, &picture));
            let seen = Seen {
                update: frame,
                input: 0,
            };
            file.add(touched.unwrap_or_default(), seen);
        }
        if let Some(before) = before {
            self.video.recycle(before);
        }
        self.film = Some(picture);
        self.updates += 1;
        self.quality.painted(now);
        Shown {
            update: frame,
            resized: (!stays).then_some(size),
            shapes: vec![],
        }
    }

    /// Whether a window shows the picture, and says so itself.
    pub(crate) fn has_window(&self) -> bool {
        self.file.is_some()
    }

    /// Writes what the window lacks, if it waits for something.
    pub(crate) fn paint(&mut self, afresh: bool) -> io::Result<Option<Painted>> {
        let Some(file) = &mut self.file else {
            return Ok(None);
        };
        let Some(exact) = self.film.as_ref().or_else(|| self.decoder.picture()) else {
            return Ok(None);
        };
        if afresh {
            file.resize(exact)?;
        }
        if self.film.is_some() || self.decoder.stills().is_empty() {
            return file.write(exact);
        }
        match self.decoder.composed() {
            Some(composed) => file.write(&composed),
            None => Ok(None),
        }
    }

    /// The window shows this update. False if it was told of another one.
    pub(crate) fn shown(&mut self, update: u32, now: Duration) -> bool {
        let seen = self.file.as_mut().and_then(|file| file.shown(update));
        if let Some(seen) = seen {
            self.note_seen(seen.input, now);
        }
        seen.is_some()
    }

    /// Cursor places name a shape by its id plus one; 0 is the invisible pointer.
    fn new_shapes(&mut self) -> Vec<(u32, CursorShape)> {
        let known = self.decoder.shapes();
        let ids = std::mem::take(&mut self.shapes).into_iter();
        ids.filter_map(|id| Some((u32::from(id) + 1, known.get(&id)?.clone())))
            .collect()
    }

    /// The exact picture, without anything lossy over it. A video has none.
    pub(crate) fn picture(&self) -> Option<&Picture> {
        self.decoder.picture()
    }

    /// Updates and bytes of picture so far.
    pub(crate) fn counts(&self) -> (u64, u64) {
        (self.updates, self.bytes)
    }

    /// Writes what the helper sees as PNG.
    pub(crate) fn save(&self, path: &Path) -> Result<(), String> {
        let film = self.film.as_ref().map(Cow::Borrowed);
        let picture = film.or_else(|| self.decoder.composed().map(Cow::Owned));
        let picture = picture.ok_or("there is no picture yet")?;
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

/// Where two pictures of one size differ, in tiles: most of a screen stands still, in a video as well.
fn changed(before: &Picture, after: &Picture) -> Vec<Rect> {
    let mut region = Region::new(after.width(), after.height());
    for y in (0..after.height()).step_by(TILE.into()) {
        for x in (0..after.width()).step_by(TILE.into()) {
            let tile = Rect::new(x, y, TILE, TILE);
            if before.rows(tile).ne(after.rows(tile)) {
                region.add(tile);
            }
        }
    }
    region.rects()
}

/// Letting go and moving mostly change nothing on a screen: the next picture is not their answer.
fn is_press(event: &Event) -> bool {
    match event {
        Event::Key { down, .. } | Event::Button { down, .. } => *down,
        Event::Text(_) | Event::Wheel { .. } => true,
        Event::Move { .. } | Event::ReleaseAll => false,
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
        let (mut view, mut slices, mut told) = (View::new(None), 0, vec![]);
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
