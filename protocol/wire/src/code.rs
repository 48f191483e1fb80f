//! The 8-digit code: 3 routing digits that the relay knows and 5 secret digits that it never sees (SPEC 6.2).

use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use zeroize::Zeroize;

/// All 8 digits: the password of the handshake. Never printed by `Debug`, wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    digits: [u8; 8],
}

/// The first 3 digits: all that any client ever tells anyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Routing(u16);

/// The last 5 digits, drawn by the helper's client.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 5]);

/// Why a text is not a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotACode {
    /// It holds something other than digits, spaces and dashes.
    #[error("a code has only digits; {0:?} is none")]
    Stray(char),
    /// It has another number of digits.
    #[error("a code has 8 digits, this has {0}")]
    Length(usize),
}

/// A text that is not 3 ASCII digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the routing part of a code is 3 digits")]
pub struct NotARouting;

impl Code {
    /// Puts the two parts together.
    pub fn new(routing: Routing, secret: &Secret) -> Self {
        let mut digits = [0; 8];
        let parts = routing.digits().into_iter().chain(secret.0);
        for (digit, part) in digits.iter_mut().zip(parts) {
            *digit = part;
        }
        Self { digits }
    }

    /// Reads what a person typed: any Unicode decimal digit, with spaces and dashes anywhere (PRODUCT 3.1).
    pub fn parse(typed: &str) -> Result<Self, NotACode> {
        let mut digits = [0; 8];
        let mut found = 0;
        for letter in typed.chars() {
            match decimal(letter) {
                Some(value) => {
                    if let Some(digit) = digits.get_mut(found) {
                        *digit = b'0' + value;
                    }
                    found += 1;
                }
                None if letter.is_whitespace() || DASHES.contains(&letter) => {}
                None => return Err(NotACode::Stray(letter)),
            }
        }
        if found == digits.len() {
            Ok(Self { digits })
        } else {
            Err(NotACode::Length(found))
        }
    }

    /// The part that finds the helper.
    pub fn routing(&self) -> Routing {
        let [a, b, c, ..] = self.digits.map(|digit| u16::from(digit - b'0'));
        Routing(a * 100 + b * 10 + c)
    }

    /// The 8 ASCII digits: the password of the handshake.
    pub fn password(&self) -> &[u8] {
        &self.digits
    }

    /// For the helper's screen: `047 18362`.
    pub fn spoken(&self) -> String {
        let digits = self.digits.map(char::from);
        let (routing, secret) = digits.split_at(3);
        routing.iter().chain(&[' ']).chain(secret).collect()
    }
}

impl Routing {
    /// How many there are.
    pub const COUNT: u16 = 1000;

    /// The routing part with this number, `None` from 1000 on.
    pub fn new(number: u16) -> Option<Self> {
        (number < Self::COUNT).then_some(Self(number))
    }

    /// Its number, below 1000.
    pub fn number(self) -> u16 {
        self.0
    }

    fn digits(self) -> [u8; 3] {
        let digit = |value: u16| b'0' + u8::try_from(value % 10).unwrap_or(0);
        [digit(self.0 / 100), digit(self.0 / 10), digit(self.0)]
    }
}

impl Secret {
    /// Draws 5 digits, all 100 000 equally likely. `random` gives 32 fresh random bits a call.
    pub fn draw(mut random: impl FnMut() -> u32) -> Self {
        const SECRETS: u32 = 100_000;
        const FAIR: u32 = u32::MAX - u32::MAX % SECRETS;
        let mut number = random();
        while number >= FAIR {
            number = random();
        }
        let mut rest = number % SECRETS;
        let mut digits = [0; 5];
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
        }
        Self(digits)
    }
}

impl fmt::Display for Routing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}", self.0)
    }
}

impl FromStr for Routing {
    type Err = NotARouting;

    /// Reads the 3 ASCII digits of a relay message.
    fn from_str(text: &str) -> Result<Self, NotARouting> {
        let digits: [u8; 3] = text.as_bytes().try_into().map_err(|_| NotARouting)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(NotARouting);
        }
        text.parse().map(Self).map_err(|_| NotARouting)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({} *****)", self.routing())
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        self.digits.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(*****)")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// The value of a Unicode decimal digit (general category Nd).
fn decimal(letter: char) -> Option<u8> {
    let point = u32::from(letter);
    let place = ZEROS.partition_point(|zero| *zero <= point);
    let zero = place.checked_sub(1).and_then(|place| ZEROS.get(place))?;
    u8::try_from(point - zero).ok().filter(|value| *value < 10)
}

/// Hyphens and dashes that people and word processors put between digits (general category Pd, and the minus sign).
const DASHES: [char; 14] = [
    '-', '\u{58a}', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}',
    '\u{2212}', '\u{2e3a}', '\u{30a0}', '\u{fe58}', '\u{fe63}', '\u{ff0d}',
];

/// The code points of every decimal digit zero in Unicode 16; nine digits follow each.
const ZEROS: [u32; 76] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66,
    0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0,
    0x11650, 0x116c0, 0x116d0, 0x116da, 0x11730, 0x118e0, 0x11950, 0x11bf0, 0x11c50, 0x11d50,
    0x11da0, 0x11f50, 0x16130, 0x16a60, 0x16ac0, 0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce, 0x1d7d8,
    0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950, 0x1fbf0,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// PRODUCT 3.1: spaces and dashes are ignored, any Unicode decimal digit is taken.
    #[test]
    fn people_type_codes_in_many_ways() {
        let code = Code::parse("04718362").unwrap();
        for typed in [
            "047 18362",
            " 047-183-62 ",
            "0 4 7–1 8 3 6 2",
            "٠٤٧ ١٨٣٦٢",
            "０４７１８３６２",
            "०४७१८३६२",
        ] {
            assert_eq!(Code::parse(typed).unwrap(), code, "{typed}");
        }
        assert_eq!(code.spoken(), "047 18362");
        assert_eq!(code.routing().to_string(), "047");
        assert_eq!(code.password(), b"04718362");
    }

    /// PRODUCT 3.1: anything else is a clear error.
    #[test]
    fn what_is_no_code_says_why() {
        assert_eq!(Code::parse(""), Err(NotACode::Length(0)));
        assert_eq!(Code::parse("0471836"), Err(NotACode::Length(7)));
        assert_eq!(Code::parse("047183621"), Err(NotACode::Length(9)));
        assert_eq!(Code::parse("-1"), Err(NotACode::Length(1)));
        assert_eq!(Code::parse("0471836o"), Err(NotACode::Stray('o')));
        assert_eq!(Code::parse("047Ⅷ8362"), Err(NotACode::Stray('Ⅷ')));
        assert_eq!(
            Code::parse(&"1".repeat(1 << 20)),
            Err(NotACode::Length(1 << 20))
        );
        assert_eq!("47".parse::<Routing>(), Err(NotARouting));
        assert_eq!("+47".parse::<Routing>(), Err(NotARouting));
        assert_eq!("0471".parse::<Routing>(), Err(NotARouting));
    }

    /// PRODUCT 8.6: a code is never logged.
    #[test]
    fn debug_shows_no_secret_digit() {
        let code = Code::parse("04718362").unwrap();
        assert_eq!(format!("{code:?}"), "Code(047 *****)");
    }

    /// Chi-square over 10^6 draws and the last digits of the secret; 0.001 of fair generators would fail.
    #[test]
    fn secrets_are_drawn_evenly() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            u32::try_from(state >> 32).unwrap()
        };
        let mut seen = [[0u32; 10]; 5];
        for _ in 0..1_000_000 {
            for (place, digit) in Secret::draw(&mut next).0.iter().enumerate() {
                seen[place][usize::from(digit - b'0')] += 1;
            }
        }
        for counts in seen {
            let chi: f64 = counts
                .iter()
                .map(|n| (f64::from(*n) - 1e5).powi(2) / 1e5)
                .sum();
            assert!(chi < 27.88, "chi-square {chi} with 9 degrees of freedom");
        }
    }

    #[test]
    fn a_draw_outside_the_fair_range_is_drawn_again() {
        let mut draws = [u32::MAX, 12_345].into_iter();
        assert_eq!(&Secret::draw(|| draws.next().unwrap()).0, b"12345");
    }
}
