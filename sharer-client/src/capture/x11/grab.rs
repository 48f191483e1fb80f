//! Pixels from the root window into a picture.

use picture::{Picture, Rect};
use x11rb::connection::Connection as _;
use x11rb::errors::ReplyError;
use x11rb::protocol::ErrorKind;
use x11rb::protocol::shm::ConnectionExt as _;
use x11rb::protocol::xproto::{ConnectionExt as _, ImageFormat, Window};
use x11rb::rust_connection::RustConnection;

use super::format::Format;
use super::segment::Segment;
use crate::capture::CaptureError;

/// Grabs rectangles of one window.
pub(super) struct Grabber {
    window: Window,
    format: Format,
    /// `None` where the server has no shared memory with us.
    segment: Option<Segment>,
    piece: Vec<u8>,
    scratch: Vec<u8>,
}

/// Why a grab failed.
#[derive(Debug)]
pub(super) enum GrabError {
    /// The screen is not as large as it was: measure it again.
    Outdated,
    /// There will be no more pictures.
    Failed(CaptureError),
}

impl Grabber {
    /// A grabber for a window of this size.
    pub(super) fn new(
        connection: &RustConnection,
        window: Window,
        format: Format,
        size: (u16, u16),
    ) -> Self {
        let mut grabber = Self {
            window,
            format,
            segment: None,
            piece: Vec::new(),
            scratch: Vec::new(),
        };
        grabber.fit(connection, size);
        grabber
    }

    /// Whether pictures come through shared memory.
    pub(super) fn shares_memory(&self) -> bool {
        self.segment.is_some()
    }

    /// Makes room for a screen of this size.
    pub(super) fn fit(&mut self, connection: &RustConnection, (width, height): (u16, u16)) {
        if let Some(old) = self.segment.take() {
            old.detach(connection);
        }
        let length = self.format.stride(width) * usize::from(height);
        self.segment = Segment::attach(connection, length)
            .inspect_err(|error| tracing::debug!(%error, "pictures come over the socket"))
            .ok();
    }

    /// Grabs rectangles. In the picture they lie `up` rows higher than on the screen.
    pub(super) fn grab(
        &mut self,
        connection: &RustConnection,
        rects: &[Rect],
        into: &mut Picture,
        up: u16,
    ) -> Result<(), GrabError> {
        match self.segment.take() {
            Some(segment) => {
                let done = self.through_memory(connection, &segment, rects, into, up);
                self.segment = Some(segment);
                done
            }
            None => self.over_the_socket(connection, rects, into, up),
        }
    }

    /// Asks for as many rectangles as fit the segment at once, and waits once for all of them.
    fn through_memory(
        &mut self,
        connection: &RustConnection,
        segment: &Segment,
        rects: &[Rect],
        into: &mut Picture,
        up: u16,
    ) -> Result<(), GrabError> {
        let mut rest = rects;
        while !rest.is_empty() {
            let (count, places) = self.place(rest, segment.length);
            let (now, later) = rest.split_at_checked(count.max(1)).unwrap_or((rest, &[]));
            rest = later;
            let mut asked = Vec::with_capacity(now.len());
            for (rect, offset) in now.iter().zip(&places) {
                let (x, y) = corner(*rect);
                let offset = u32::try_from(*offset).map_err(GrabError::unfit)?;
                let format = u8::from(ImageFormat::Z_PIXMAP);
                let (window, id) = (self.window, segment.id);
                let cookie =
                    connection.shm_get_image(window, x, y, rect.w, rect.h, !0, format, id, offset);
                asked.push(cookie.map_err(GrabError::lost)?);
            }
            for cookie in asked {
                cookie.reply().map_err(GrabError::of)?;
            }
            for (rect, offset) in now.iter().zip(&places) {
                self.copy(segment, *rect, *offset, into, up)?;
            }
        }
        Ok(())
    }

    /// How many of the rectangles fit, and where each goes. One always fits: no rectangle is
    /// larger than the screen.
    fn place(&self, rects: &[Rect], length: usize) -> (usize, Vec<usize>) {
        let (mut places, mut end) = (Vec::new(), 0);
        for rect in rects {
            let size = self.format.stride(rect.w) * usize::from(rect.h);
            if end + size > length && !places.is_empty() {
                break;
            }
            places.push(end);
            end += size.next_multiple_of(4);
        }
        (places.len(), places)
    }

    fn copy(
        &mut self,
        segment: &Segment,
        rect: Rect,
        offset: usize,
        into: &mut Picture,
        up: u16,
    ) -> Result<(), GrabError> {
        let stride = self.format.stride(rect.w);
        let mut offset = offset;
        for strip in strips(rect, stride) {
            self.piece.resize(stride * usize::from(strip.h), 0);
            segment
                .read(offset, &mut self.piece)
                .map_err(GrabError::lost)?;
            offset += self.piece.len();
            self.format
                .put(into, raised(strip, up), &self.piece, &mut self.scratch);
        }
        Ok(())
    }

    fn over_the_socket(
        &mut self,
        connection: &RustConnection,
        rects: &[Rect],
        into: &mut Picture,
        up: u16,
    ) -> Result<(), GrabError> {
        let all: Vec<Rect> = rects
            .iter()
            .flat_map(|rect| strips(*rect, self.format.stride(rect.w)))
            .collect();
        for strips in all.chunks(AT_ONCE) {
            let mut asked = Vec::with_capacity(strips.len());
            for strip in strips {
                let (x, y) = corner(*strip);
                let (format, window) = (ImageFormat::Z_PIXMAP, self.window);
                let cookie = connection.get_image(format, window, x, y, strip.w, strip.h, !0);
                asked.push(cookie.map_err(GrabError::lost)?);
            }
            connection.flush().map_err(GrabError::lost)?;
            for (strip, cookie) in strips.iter().zip(asked) {
                let rows = cookie.reply().map_err(GrabError::of)?.data;
                self.format
                    .put(into, raised(*strip, up), &rows, &mut self.scratch);
            }
        }
        Ok(())
    }
}

impl GrabError {
    /// X11 answers a rectangle that is not all inside the window with `Match`.
    fn of(error: ReplyError) -> Self {
        match error {
            ReplyError::X11Error(error) if error.error_kind == ErrorKind::Match => Self::Outdated,
            other @ (ReplyError::X11Error(_) | ReplyError::ConnectionError(_)) => Self::lost(other),
        }
    }

    fn lost(error: impl std::fmt::Display) -> Self {
        Self::Failed(CaptureError::lost(error))
    }

    fn unfit(error: impl std::fmt::Display) -> Self {
        Self::Failed(CaptureError::unfit(error))
    }
}

/// What to grab for a damaged region: its rectangles, or one around all of them when that is not
/// much more or they are too many.
pub(super) fn plan(damaged: &[Rect]) -> Vec<Rect> {
    let Some(around) = damaged.iter().copied().reduce(Rect::union) else {
        return Vec::new();
    };
    let area: u64 = damaged.iter().map(|rect| u64::from(rect.area())).sum();
    if damaged.len() > MOST_RECTS || area * 10 > u64::from(around.area()) * 6 {
        vec![around]
    } else {
        damaged.to_vec()
    }
}

fn strips(rect: Rect, stride: usize) -> impl Iterator<Item = Rect> {
    let rows = u16::try_from((STRIP / stride.max(1)).max(1)).unwrap_or(u16::MAX);
    (0..rect.h)
        .step_by(rows.into())
        .map(move |top| Rect::new(rect.x, rect.y + top, rect.w, rows.min(rect.h - top)))
}

fn corner(rect: Rect) -> (i16, i16) {
    let signed = |value: u16| i16::try_from(value).unwrap_or(i16::MAX);
    (signed(rect.x), signed(rect.y))
}

fn raised(rect: Rect, up: u16) -> Rect {
    Rect::new(rect.x, rect.y.saturating_sub(up), rect.w, rect.h)
}

/// Bytes that are asked for, or copied, in one piece: they stay in the cache of one core, and on a
/// slow line other requests pass between them.
const STRIP: usize = 256 << 10;
/// Strips that are under way at once.
const AT_ONCE: usize = 4;
/// More rectangles than this cost more requests than one large grab costs pixels.
const MOST_RECTS: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scattered_damage_is_grabbed_piece_by_piece() {
        let far = [Rect::new(0, 0, 10, 10), Rect::new(500, 500, 10, 10)];
        assert_eq!(plan(&far), far);
        let near = [Rect::new(0, 0, 10, 10), Rect::new(12, 0, 10, 10)];
        assert_eq!(plan(&near), [Rect::new(0, 0, 22, 10)]);
        let many: Vec<Rect> = (0..200).map(|n| Rect::new(n * 50, n * 50, 1, 1)).collect();
        assert_eq!(plan(&many).len(), 1);
        assert_eq!(plan(&[]), []);
    }

    #[test]
    fn strips_cover_the_rectangle_and_are_bounded() {
        let rect = Rect::new(3, 5, 1920, 1080);
        let strips: Vec<Rect> = strips(rect, 1920 * 4).collect();
        assert!(
            strips
                .iter()
                .all(|strip| usize::from(strip.h) * 1920 * 4 <= STRIP)
        );
        assert_eq!(
            strips.iter().map(|strip| strip.area()).sum::<u32>(),
            rect.area()
        );
        assert_eq!(strips.iter().copied().reduce(Rect::union), Some(rect));
    }
}
