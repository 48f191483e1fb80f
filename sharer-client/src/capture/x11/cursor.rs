//! The cursor: its shape when it changes, and where it points.

use picture::{CursorShape, Point};
use x11rb::protocol::xfixes::{ConnectionExt as _, GetCursorImageReply};
use x11rb::protocol::xproto::{ConnectionExt as _, Window};
use x11rb::rust_connection::RustConnection;

use crate::capture::{CaptureError, ShapeChange};

/// What was reported last.
#[derive(Default)]
pub(super) struct Cursor {
    serial: Option<u32>,
    shape: Option<ShapeChange>,
    point: Option<Point>,
}

impl Cursor {
    /// The shape, if it is another one.
    pub(super) fn take_shape(
        &mut self,
        connection: &RustConnection,
    ) -> Result<Option<ShapeChange>, CaptureError> {
        let asked = connection.xfixes_get_cursor_image();
        let image = asked.map_err(CaptureError::lost)?.reply();
        let image = image.map_err(CaptureError::lost)?;
        if self.serial.replace(image.cursor_serial) == Some(image.cursor_serial) {
            return Ok(None);
        }
        let shape = shape(&image);
        // Toolkits make the same cursor again for every window.
        let news = self.shape.as_ref() != Some(&shape);
        self.shape = Some(shape);
        Ok(self.shape.clone().filter(|_| news))
    }

    /// Where it points, if that is somewhere else.
    pub(super) fn take_point(
        &mut self,
        connection: &RustConnection,
        root: Window,
    ) -> Result<Option<Point>, CaptureError> {
        let asked = connection.query_pointer(root).map_err(CaptureError::lost)?;
        let pointer = asked.reply().map_err(CaptureError::lost)?;
        let side = |value: i16| u16::try_from(value).unwrap_or(0);
        let point = Point {
            x: side(pointer.root_x),
            y: side(pointer.root_y),
        };
        if !pointer.same_screen || self.point == Some(point) {
            return Ok(None);
        }
        self.point = Some(point);
        Ok(self.point)
    }
}

/// Makes a shape of an image; a larger one is cut to 255 x 255 around its hotspot.
fn shape(image: &GetCursorImageReply) -> ShapeChange {
    let (x, width) = window(image.width, image.xhot);
    let (y, height) = window(image.height, image.yhot);
    let lines = image
        .cursor_image
        .chunks_exact(usize::from(image.width).max(1));
    let rgba: Vec<u8> = lines
        .skip(y.into())
        .take(height.into())
        .flat_map(|line| line.iter().skip(x.into()).take(width.into()))
        .flat_map(|argb| {
            let [alpha, red, green, blue] = argb.to_be_bytes();
            [red, green, blue, alpha]
        })
        .collect();
    if rgba
        .as_chunks::<4>()
        .0
        .iter()
        .all(|[_, _, _, alpha]| *alpha == 0)
    {
        return ShapeChange::Hidden;
    }
    let hot = |at: u16, from: u16, side: u8| {
        let at = u8::try_from(at.saturating_sub(from)).unwrap_or(u8::MAX);
        at.min(side.saturating_sub(1))
    };
    let hotspot = [hot(image.xhot, x, width), hot(image.yhot, y, height)];
    CursorShape::from_premultiplied([width, height], hotspot, rgba)
        .map_or(ShapeChange::Hidden, ShapeChange::Shape)
}

/// The part of a side that is kept: where it starts and how long it is.
fn window(side: u16, hot: u16) -> (u16, u8) {
    let length = u8::try_from(side).unwrap_or(u8::MAX);
    let most = side - u16::from(length);
    (hot.saturating_sub(127).min(most), length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(width: u16, height: u16, hot: (u16, u16), pixel: u32) -> GetCursorImageReply {
        GetCursorImageReply {
            width,
            height,
            xhot: hot.0,
            yhot: hot.1,
            cursor_image: vec![pixel; usize::from(width) * usize::from(height)],
            ..GetCursorImageReply::default()
        }
    }

    #[test]
    fn what_cannot_be_seen_is_hidden() {
        assert_eq!(
            shape(&image(16, 16, (0, 0), 0x00ff_ffff)),
            ShapeChange::Hidden
        );
        assert_eq!(shape(&image(0, 0, (0, 0), 0)), ShapeChange::Hidden);
    }

    #[test]
    fn a_giant_is_cut_around_its_hotspot() {
        let ShapeChange::Shape(found) = shape(&image(600, 20, (400, 19), 0xff01_0203)) else {
            panic!("it can be seen");
        };
        assert_eq!((found.width, found.height), (255, 20));
        assert_eq!((found.hot_x, found.hot_y), (127, 19));
        assert_eq!(found.rgba.get(..4), Some(&[1, 2, 3, 255][..]));
    }
}
