//! The operations inside a slice (SPEC 7.2), as bytes.

use crate::{Error, Picture, Point, Rect};

/// One operation, as it stands in the unpacked bytes of a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation<'a> {
    /// Exact pixels: three bytes each, red first, row by row.
    Pixels { to: Rect, rgb: &'a [u8] },
    /// Pixels that are already there, somewhere else.
    Move { to: Rect, from: Point },
    /// One colour.
    Fill { to: Rect, rgb: [u8; 3] },
    /// A cursor shape; RGBA with straight alpha.
    Shape {
        id: u8,
        width: u8,
        height: u8,
        hot: [u8; 2],
        rgba: &'a [u8],
    },
    /// A lossy image that lies over the picture.
    Still { id: u8, to: Rect, image: &'a [u8] },
    /// The end of a still: the picture below it shows again.
    StillEnd { id: u8 },
}

impl<'a> Operation<'a> {
    /// Takes the next operation off the bytes. What it says is not yet checked against a picture.
    pub(crate) fn read(rest: &mut &'a [u8]) -> Result<Self, Error> {
        let [kind] = take(rest)?;
        Ok(match kind {
            PIXELS => {
                let to = rect(rest)?;
                let length = usize::from(to.w) * usize::from(to.h) * 3;
                Self::Pixels {
                    to,
                    rgb: bytes(rest, length)?,
                }
            }
            MOVE => Self::Move {
                to: rect(rest)?,
                from: point(rest)?,
            },
            FILL => Self::Fill {
                to: rect(rest)?,
                rgb: take(rest)?,
            },
            SHAPE => {
                let [id, width, height, x, y] = take(rest)?;
                let length = usize::from(width) * usize::from(height) * 4;
                Self::Shape {
                    id,
                    width,
                    height,
                    hot: [x, y],
                    rgba: bytes(rest, length)?,
                }
            }
            STILL => {
                let [id] = take(rest)?;
                let to = rect(rest)?;
                let length = u32::from_le_bytes(take(rest)?);
                let length = usize::try_from(length).map_err(|_| Error::OperationTruncated)?;
                Self::Still {
                    id,
                    to,
                    image: bytes(rest, length)?,
                }
            }
            STILL_END => {
                let [id] = take(rest)?;
                Self::StillEnd { id }
            }
            unknown => return Err(Error::Operation(unknown)),
        })
    }

    /// Appends the operation.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match *self {
            Self::Pixels { to, rgb } => {
                put_rect(out, PIXELS, to);
                out.extend_from_slice(rgb);
            }
            Self::Move { to, from } => {
                put_rect(out, MOVE, to);
                out.extend(from.x.to_le_bytes());
                out.extend(from.y.to_le_bytes());
            }
            Self::Fill { to, rgb } => {
                put_rect(out, FILL, to);
                out.extend(rgb);
            }
            Self::Shape {
                id,
                width,
                height,
                hot: [x, y],
                rgba,
            } => {
                out.extend([SHAPE, id, width, height, x, y]);
                out.extend_from_slice(rgba);
            }
            Self::Still { id, to, image } => {
                out.extend([STILL, id]);
                put_corners(out, to);
                let length = u32::try_from(image.len()).unwrap_or(u32::MAX);
                out.extend(length.to_le_bytes());
                out.extend_from_slice(image);
            }
            Self::StillEnd { id } => out.extend([STILL_END, id]),
        }
    }

    /// Appends the pixels of a rectangle that lies inside the picture.
    pub(crate) fn write_pixels(out: &mut Vec<u8>, to: Rect, picture: &Picture) {
        put_rect(out, PIXELS, to);
        for row in picture.rows(to) {
            let start = out.len();
            out.resize(start + row.len() / 4 * 3, 0);
            let (packed, _) = out
                .get_mut(start..)
                .unwrap_or_default()
                .as_chunks_mut::<3>();
            for (rgb, &[red, green, blue, _]) in packed.iter_mut().zip(row.as_chunks::<4>().0) {
                *rgb = [red, green, blue];
            }
        }
    }

    /// How many bytes [`Self::write_pixels`] appends for one row of this width, and in front of
    /// the first.
    pub(crate) const fn pixels_len(width: u16) -> (usize, usize) {
        #[expect(clippy::as_conversions, reason = "widening, in a const function")]
        (width as usize * 3, RECT_LEN)
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], Error> {
    let (head, tail) = rest.split_first_chunk().ok_or(Error::OperationTruncated)?;
    *rest = tail;
    Ok(*head)
}

fn bytes<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], Error> {
    let (head, tail) = rest
        .split_at_checked(length)
        .ok_or(Error::OperationTruncated)?;
    *rest = tail;
    Ok(head)
}

fn point(rest: &mut &[u8]) -> Result<Point, Error> {
    Ok(Point {
        x: u16::from_le_bytes(take(rest)?),
        y: u16::from_le_bytes(take(rest)?),
    })
}

fn rect(rest: &mut &[u8]) -> Result<Rect, Error> {
    let (Point { x, y }, size) = (point(rest)?, point(rest)?);
    Ok(Rect::new(x, y, size.x, size.y))
}

fn put_rect(out: &mut Vec<u8>, kind: u8, to: Rect) {
    out.push(kind);
    put_corners(out, to);
}

fn put_corners(out: &mut Vec<u8>, Rect { x, y, w, h }: Rect) {
    for side in [x, y, w, h] {
        out.extend(side.to_le_bytes());
    }
}

const PIXELS: u8 = 1;
const MOVE: u8 = 2;
const FILL: u8 = 3;
const SHAPE: u8 = 4;
const STILL: u8 = 5;
const STILL_END: u8 = 6;
/// Bytes of a kind and a rectangle.
const RECT_LEN: usize = 9;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_reads_back_and_none_when_cut() {
        let to = Rect::new(1, 2, 2, 1);
        let all = [
            Operation::Pixels {
                to,
                rgb: &[1, 2, 3, 4, 5, 6],
            },
            Operation::Move {
                to,
                from: Point { x: 9, y: 8 },
            },
            Operation::Fill { to, rgb: [7, 8, 9] },
            Operation::Shape {
                id: 3,
                width: 1,
                height: 2,
                hot: [0, 1],
                rgba: &[5; 8],
            },
            Operation::Still {
                id: 4,
                to,
                image: &[1, 2, 3],
            },
            Operation::StillEnd { id: 4 },
        ];
        for operation in all {
            let mut bytes = Vec::new();
            operation.write(&mut bytes);
            assert_eq!(Operation::read(&mut &bytes[..]), Ok(operation));
            for short in 0..bytes.len() {
                let cut = Operation::read(&mut &bytes[..short]);
                assert_eq!(cut, Err(Error::OperationTruncated));
            }
        }
        assert_eq!(Operation::read(&mut &[7][..]), Err(Error::Operation(7)));
    }

    #[test]
    fn pixels_are_packed_from_a_picture() {
        let mut picture = Picture::new(3, 2).unwrap();
        picture.fill(Rect::new(1, 1, 1, 1), [1, 2, 3]);
        let to = Rect::new(1, 0, 1, 2);
        let mut bytes = Vec::new();
        Operation::write_pixels(&mut bytes, to, &picture);
        let expected = Operation::Pixels {
            to,
            rgb: &[0, 0, 0, 1, 2, 3],
        };
        assert_eq!(Operation::read(&mut &bytes[..]), Ok(expected));
        let (row, head) = Operation::pixels_len(1);
        assert_eq!(bytes.len(), head + 2 * row);
    }
}
