//! Text in a made-up alphabet with soft edges, as dense as a terminal or a page.

use super::Dice;
use crate::{Picture, Rect};

/// Width and height of a letter, in pixels.
pub const GLYPH: (u16, u16) = (8, 16);

/// The colours of a text.
#[derive(Clone, Copy, Debug)]
pub struct Ink {
    /// Letters.
    pub ink: [u8; 3],
    /// Ground.
    pub paper: [u8; 3],
}

/// Writes a line of made-up words, at most `letters` long; the seed decides the words.
pub fn line(picture: &mut Picture, (x, y): (u16, u16), letters: u16, seed: u64, ink: Ink) {
    let (width, height) = GLYPH;
    picture.fill(Rect::new(x, y, letters * width, height), ink.paper);
    let mut dice = Dice(seed);
    let mut column = 0;
    while column < letters {
        let word = 2 + dice.below(9);
        for _ in 0..word.min(letters - column) {
            glyph(picture, (x + column * width, y), dice.below(60), ink);
            column += 1;
        }
        column += 1;
    }
}

/// Fills a rectangle with lines of text, two in nine of them empty.
pub fn page(picture: &mut Picture, rect: Rect, seed: u64, ink: Ink) {
    picture.fill(rect, ink.paper);
    let mut dice = Dice(seed);
    for row in 0..rect.h / (GLYPH.1 + 2) {
        let letters = (rect.w / GLYPH.0).saturating_sub(4);
        let length = letters / 2 + dice.below(letters / 2);
        if dice.below(9) > 1 {
            line(
                picture,
                (rect.x + 16, rect.y + row * (GLYPH.1 + 2)),
                length,
                dice.roll(),
                ink,
            );
        }
    }
}

/// Draws one letter: three strokes, darker inside than at the edge.
pub(super) fn glyph(picture: &mut Picture, (x, y): (u16, u16), letter: u16, ink: Ink) {
    let mut dice = Dice(u64::from(letter) + 1000);
    let (width, height) = GLYPH;
    for _ in 0..3 {
        let (from, length) = (dice.below(8) + 3, dice.below(5) + 4);
        if dice.below(2) == 0 {
            let column = 1 + dice.below(width - 3);
            let stroke = Rect::new(x + column, y + from, 1, length.min(height - 2 - from));
            picture.fill(
                Rect {
                    x: stroke.x + 1,
                    ..stroke
                },
                blend(ink, 40 + dice.below(60)),
            );
            picture.fill(stroke, blend(ink, 180 + dice.below(70)));
        } else {
            let stroke = Rect::new(x + 1, y + from, length.min(width - 2), 1);
            picture.fill(
                Rect {
                    y: stroke.y + 1,
                    ..stroke
                },
                blend(ink, 40 + dice.below(60)),
            );
            picture.fill(stroke, blend(ink, 180 + dice.below(70)));
        }
    }
}

/// Ink over paper, 0 to 255.
fn blend(Ink { ink, paper }: Ink, cover: u16) -> [u8; 3] {
    let cover = cover.min(255);
    std::array::from_fn(|place| {
        let pick = |colour: [u8; 3]| u16::from(colour.get(place).copied().unwrap_or(0));
        let mixed = (pick(ink) * cover + pick(paper) * (255 - cover)) / 255;
        u8::try_from(mixed).unwrap_or(u8::MAX)
    })
}
