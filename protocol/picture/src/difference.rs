//! Where two pictures of the same size differ, and what a part of one looks like.

use crate::{Picture, Rect};

/// The smallest part of a rectangle outside of which both are the same, or `None` if they are the
/// same in all of it.
pub(crate) fn bounds(a: &Picture, b: &Picture, rect: Rect) -> Option<Rect> {
    let (mut top, mut end) = (None, 0);
    let (mut left, mut right) = (usize::from(rect.w), usize::from(rect.w));
    for (line, (one, other)) in (0_u16..).zip(a.rows(rect).zip(b.rows(rect))) {
        if one == other {
            continue;
        }
        top.get_or_insert(line);
        end = line + 1;
        let ((one, _), (other, _)) = (one.as_chunks::<4>(), other.as_chunks::<4>());
        let differ = |(p, q): (&[u8; 4], &[u8; 4])| p != q;
        left = one
            .iter()
            .zip(other)
            .take(left)
            .position(differ)
            .unwrap_or(left);
        // Counted from the right edge.
        let ends = one.iter().rev().zip(other.iter().rev());
        right = ends.take(right).position(differ).unwrap_or(right);
    }
    let top = top?;
    let left = u16::try_from(left).ok()?;
    let right = rect.w - u16::try_from(right).ok()?;
    Some(Rect::new(
        rect.x + left,
        rect.y + top,
        right - left,
        end - top,
    ))
}

/// The colour of a rectangle that has only one.
pub(crate) fn colour(picture: &Picture, rect: Rect) -> Option<[u8; 3]> {
    let first = picture.rows(rect).next()?.first_chunk::<4>()?;
    let even = |row: &[u8]| row.as_chunks::<4>().0.iter().all(|pixel| pixel == first);
    let &[red, green, blue, _] = first;
    picture.rows(rect).all(even).then_some([red, green, blue])
}

/// How many of a rectangle's pixels look exactly like their left neighbour, in per cent.
///
/// Text and controls stand on flat ground, photographs and films have hardly any.
pub(crate) fn flatness(picture: &Picture, rect: Rect) -> u32 {
    let mut flat = 0_u32;
    for row in picture.rows(rect) {
        let (pixels, _) = row.as_chunks::<4>();
        let pairs = pixels.iter().zip(pixels.iter().skip(1));
        flat += pairs
            .map(|(left, right)| u32::from(left == right))
            .sum::<u32>();
    }
    flat * 100 / rect.area().max(1)
}

/// A number that tells contents of a rectangle apart. It is quick and not safe against somebody
/// who wants two contents to collide: whoever acts on it checks the pixels, or can be wrong.
pub(crate) fn fingerprint(picture: &Picture, rect: Rect) -> u64 {
    picture.rows(rect).fold(0, |sum, row| mix(sum, digest(row)))
}

/// The [`fingerprint`] of one row.
pub(crate) fn digest(row: &[u8]) -> u64 {
    // Four independent lanes: the multiplications of a row overlap.
    let mut lanes = [1_u64, 2, 3, 4];
    let (blocks, rest) = row.as_chunks::<32>();
    for block in blocks {
        for (lane, word) in lanes.iter_mut().zip(block.as_chunks::<8>().0) {
            *lane = mix(*lane, u64::from_le_bytes(*word));
        }
    }
    let tail = rest
        .as_chunks::<4>()
        .0
        .iter()
        .fold(0, |sum, &pixel| mix(sum, u32::from_le_bytes(pixel).into()));
    lanes.into_iter().fold(tail, mix)
}

fn mix(sum: u64, word: u64) -> u64 {
    (sum.rotate_left(23) ^ word).wrapping_mul(ODD)
}

/// 2^64 divided by the golden ratio.
const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bounds_are_tight(
            rect in (0_u16..20, 0_u16..20, 1_u16..20, 1_u16..20),
            dots in prop::collection::vec((0_u16..40, 0_u16..40), 0..4),
        ) {
            let rect = Rect::new(rect.0, rect.1, rect.2, rect.3);
            let a = Picture::new(40, 40).unwrap();
            let mut b = a.clone();
            let mut expected: Option<Rect> = None;
            for (x, y) in dots {
                let dot = Rect::new(x, y, 1, 1);
                b.fill(dot, [1, 2, 3]);
                if rect.covers(dot) {
                    expected = Some(expected.map_or(dot, |found| found.union(dot)));
                }
            }
            prop_assert_eq!(bounds(&a, &b, rect), expected);
            if rect.covers(expected.unwrap_or(rect)) && expected.is_some() {
                prop_assert_ne!(fingerprint(&a, rect), fingerprint(&b, rect));
            }
        }
    }

    #[test]
    fn one_colour_is_seen_and_two_are_not() {
        let mut picture = Picture::new(9, 9).unwrap();
        let rect = Rect::new(2, 2, 5, 5);
        picture.fill(rect, [1, 2, 3]);
        assert_eq!(colour(&picture, rect), Some([1, 2, 3]));
        assert_eq!(
            flatness(&picture, rect),
            80,
            "the first column has no left neighbour"
        );
        picture.fill(Rect::new(6, 6, 1, 1), [1, 2, 4]);
        assert_eq!(colour(&picture, rect), None);
    }

    #[test]
    fn order_matters_to_a_fingerprint() {
        let rows: [&[u8]; 4] = [&[1; 64], &[2; 64], &[1; 60], &[]];
        for (at, one) in rows.iter().enumerate() {
            for other in &rows[at + 1..] {
                assert_ne!(digest(one), digest(other));
            }
        }
        let mut swapped = [1_u8; 64];
        swapped[..32].fill(2);
        let mut other = [2_u8; 64];
        other[..32].fill(1);
        assert_ne!(digest(&swapped), digest(&other));
    }
}
