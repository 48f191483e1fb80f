//! The picture as it is shown: a grid of tiles, of which an update makes only those anew that it touches.

use std::ops::Range;

/// A rectangle in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
    /// To the right.
    pub width: u32,
    /// Down.
    pub height: u32,
}

/// The pixels of the picture.
#[derive(Debug, Default)]
pub struct Canvas {
    width: u32,
    height: u32,
    rgba: Vec<u8>,
}

/// A picture of one size that is shown at another one: what each pixel that is shown is made of.
#[derive(Debug, Default)]
pub struct Scale {
    columns: Vec<Share>,
    rows: Vec<Share>,
    from: (u32, u32),
}

/// Pixels of the picture that one that is shown covers, with the weight of the first and the last in 256ths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Share {
    first: u32,
    last: u32,
    head: u32,
    tail: u32,
}

impl Canvas {
    /// A black picture.
    pub fn new(width: u32, height: u32) -> Self {
        let bytes = u64::from(width) * u64::from(height) * 4;
        Self {
            width,
            height,
            rgba: vec![0; usize::try_from(bytes).unwrap_or(0)],
        }
    }

    /// Its size.
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// The bytes of a part, row after row, to be written; empty where the part is not inside.
    pub fn rows_mut(&mut self, part: Area) -> impl Iterator<Item = &mut [u8]> {
        let inside = part.x.saturating_add(part.width) <= self.width
            && part.y.saturating_add(part.height) <= self.height;
        let rows = if inside { part.height } else { 0 };
        let stride = bytes(self.width).max(1);
        let (left, width) = (bytes(part.x), bytes(part.width));
        self.rgba
            .chunks_exact_mut(stride)
            .skip(count(part.y))
            .take(count(rows))
            .filter_map(move |row| row.get_mut(left..left + width))
    }

    fn row(&self, y: u32) -> &[u8] {
        let stride = bytes(self.width);
        let start = count(y) * stride;
        self.rgba.get(start..start + stride).unwrap_or_default()
    }
}

impl Scale {
    /// A picture of `from` shown at `to`.
    pub fn new(from: (u32, u32), to: (u32, u32)) -> Self {
        Self {
            columns: shares(from.0, to.0),
            rows: shares(from.1, to.1),
            from,
        }
    }

    /// The size at which it is shown.
    pub fn size(&self) -> (u32, u32) {
        let size = |shares: &[Share]| u32::try_from(shares.len()).unwrap_or(0);
        (size(&self.columns), size(&self.rows))
    }

    /// All tiles, row after row.
    pub fn tiles(&self) -> Vec<Area> {
        let (width, height) = self.size();
        let rows = (0..height).step_by(count(TILE.1));
        rows.flat_map(|y| {
            let columns = (0..width).step_by(count(TILE.0));
            columns.map(move |x| Area {
                x,
                y,
                width: TILE.0.min(width - x),
                height: TILE.1.min(height - y),
            })
        })
        .collect()
    }

    /// The numbers of the tiles that show something of this part of the picture.
    pub fn touched(&self, part: Area) -> Vec<usize> {
        let across = touched(&self.columns, part.x..part.x.saturating_add(part.width));
        let down = touched(&self.rows, part.y..part.y.saturating_add(part.height));
        let a_row = self.columns.len().div_ceil(count(TILE.0));
        let across = across.start / count(TILE.0)..across.end.div_ceil(count(TILE.0));
        let down = down.start / count(TILE.1)..down.end.div_ceil(count(TILE.1));
        down.flat_map(|row| across.clone().map(move |column| row * a_row + column))
            .collect()
    }

    /// The pixels of a tile, three bytes each.
    pub fn draw(&self, canvas: &Canvas, tile: Area, out: &mut [u8]) {
        if canvas.size() != self.from {
            return;
        }
        let columns = self.columns.get(range(tile.x, tile.width));
        let rows = self.rows.get(range(tile.y, tile.height));
        let (Some(columns), Some(rows)) = (columns, rows) else {
            return;
        };
        let exact = self.size() == self.from;
        for (share, out) in rows.iter().zip(out.chunks_exact_mut(count(tile.width) * 3)) {
            if exact {
                let row = canvas.row(share.first).get(bytes(tile.x)..);
                copy(row.unwrap_or_default(), out);
            } else {
                mix(canvas, *share, columns, out);
            }
        }
    }
}

/// Which pixels of `from` each of `to` pixels covers.
fn shares(from: u32, to: u32) -> Vec<Share> {
    // In 256ths of a pixel of the picture.
    let edge = |place: u32| u64::from(place) * u64::from(from) * 256 / u64::from(to.max(1));
    (0..to)
        .map(|place| {
            let (start, end) = (edge(place), edge(place + 1).max(edge(place) + 1));
            let pixel = |at: u64| u32::try_from(at / 256).unwrap_or(0);
            let weight = |weight: u64| u32::try_from(weight).unwrap_or(256);
            let (first, last) = (pixel(start), pixel(end - 1));
            let head = if first == last {
                end - start
            } else {
                256 - start % 256
            };
            Share {
                first,
                last,
                head: weight(head),
                tail: weight((end - 1) % 256 + 1),
            }
        })
        .collect()
}

/// The places that cover something of these pixels.
fn touched(shares: &[Share], pixels: Range<u32>) -> Range<usize> {
    let start = shares.partition_point(|share| share.last < pixels.start);
    let end = shares.partition_point(|share| share.first < pixels.end);
    start..end.max(start)
}

fn copy(from: &[u8], to: &mut [u8]) {
    let (from, _) = from.as_chunks::<4>();
    let (to, _) = to.as_chunks_mut::<3>();
    for ([red, green, blue, _], to) in from.iter().zip(to) {
        *to = [*red, *green, *blue];
    }
}

/// A row that is shown, each pixel the mean of what it covers.
fn mix(canvas: &Canvas, rows: Share, columns: &[Share], out: &mut [u8]) {
    let (out, _) = out.as_chunks_mut::<3>();
    for (column, out) in columns.iter().zip(out) {
        let mut sums = [0_u64; 3];
        let mut whole = 0_u64;
        for y in rows.first..=rows.last {
            let down = rows.weight(y);
            let row = canvas.row(y).get(bytes(column.first)..);
            let (pixels, _) = row.unwrap_or_default().as_chunks::<4>();
            for ([red, green, blue, _], x) in pixels.iter().zip(column.first..=column.last) {
                let weight = u64::from(column.weight(x) * down);
                whole += weight;
                for (sum, colour) in sums.iter_mut().zip([red, green, blue]) {
                    *sum += u64::from(*colour) * weight;
                }
            }
        }
        *out = sums.map(|sum| u8::try_from(sum / whole.max(1)).unwrap_or(u8::MAX));
    }
}

impl Share {
    fn weight(self, at: u32) -> u32 {
        if at == self.first {
            self.head
        } else if at == self.last {
            self.tail
        } else {
            256
        }
    }
}

fn range(start: u32, length: u32) -> Range<usize> {
    count(start)..count(start) + count(length)
}

fn bytes(pixels: u32) -> usize {
    count(pixels) * 4
}

fn count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(0)
}

/// Small enough that a letter redraws little, large enough that a screen has few.
const TILE: (u32, u32) = (256, 128);

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pixel has a colour of its own.
    fn canvas(width: u32, height: u32) -> Canvas {
        let mut canvas = Canvas::new(width, height);
        let mut number = 0_u32;
        for row in canvas.rows_mut(area(0, 0, width, height)) {
            for pixel in row.chunks_exact_mut(4) {
                number += 7919;
                pixel[..3].copy_from_slice(&number.to_le_bytes()[..3]);
            }
        }
        canvas
    }

    fn area(x: u32, y: u32, width: u32, height: u32) -> Area {
        Area {
            x,
            y,
            width,
            height,
        }
    }

    fn whole(scale: &Scale, canvas: &Canvas) -> Vec<u8> {
        let (width, height) = scale.size();
        let mut shown = vec![0; count(width) * count(height) * 3];
        for tile in scale.tiles() {
            let mut pixels = vec![0; count(tile.width) * count(tile.height) * 3];
            scale.draw(canvas, tile, &mut pixels);
            for (row, pixels) in pixels.chunks(count(tile.width) * 3).enumerate() {
                let start = ((count(tile.y) + row) * count(width) + count(tile.x)) * 3;
                shown[start..start + pixels.len()].copy_from_slice(pixels);
            }
        }
        shown
    }

    #[test]
    fn pixel_for_pixel_the_tiles_are_the_picture() {
        let canvas = canvas(600, 300);
        let scale = Scale::new((600, 300), (600, 300));
        let expected: Vec<u8> = canvas
            .rgba
            .chunks(4)
            .flat_map(|p| [p[0], p[1], p[2]])
            .collect();
        assert!(whole(&scale, &canvas) == expected);
        assert_eq!(scale.tiles().len(), 9);
        assert_eq!(scale.tiles()[8], area(512, 256, 88, 44));
    }

    #[test]
    fn a_pixel_that_is_shown_is_the_mean_of_what_it_covers() {
        let mut canvas = Canvas::new(4, 2);
        for row in canvas.rows_mut(area(0, 0, 2, 2)) {
            row.fill(200);
        }
        let half = Scale::new((4, 2), (2, 1));
        assert_eq!(whole(&half, &canvas), [200, 200, 200, 0, 0, 0]);
        let third = Scale::new((4, 2), (3, 2));
        assert_eq!(whole(&third, &canvas)[3..6], [100, 100, 100]);
        let twice = Scale::new((4, 2), (8, 4));
        let shown = whole(&twice, &canvas);
        assert_eq!((shown[9], shown[12]), (200, 0), "edges stay sharp");
    }

    /// A rectangle that changes changes no tile beside those that it touches.
    #[test]
    fn only_touched_tiles_change() {
        let part = area(255, 120, 3, 20);
        for to in [(700, 400), (431, 200), (1000, 555)] {
            let scale = Scale::new((700, 400), to);
            let mut canvas = canvas(700, 400);
            let draw = |canvas: &Canvas| -> Vec<Vec<u8>> {
                let tile = |tile: Area| {
                    let mut pixels = vec![0; count(tile.width) * count(tile.height) * 3];
                    scale.draw(canvas, tile, &mut pixels);
                    pixels
                };
                scale.tiles().into_iter().map(tile).collect()
            };
            let before = draw(&canvas);
            for row in canvas.rows_mut(part) {
                row.iter_mut().for_each(|byte| *byte = !*byte);
            }
            let after = draw(&canvas);
            let changed: Vec<_> = (0..before.len())
                .filter(|place| before[*place] != after[*place])
                .collect();
            assert!(!changed.is_empty());
            assert_eq!(scale.touched(part), changed, "{to:?}");
        }
    }

    #[test]
    fn what_is_outside_is_not_written() {
        let mut canvas = Canvas::new(4, 4);
        for part in [area(3, 0, 2, 1), area(0, u32::MAX, 1, 1), area(0, 0, 1, 5)] {
            assert_eq!(canvas.rows_mut(part).count(), 0, "{part:?}");
        }
        let scale = Scale::new((4, 4), (0, 0));
        assert!(scale.tiles().is_empty());
        assert!(Scale::default().touched(area(0, 0, 9, 9)).is_empty());
    }
}
