//! Something that did not work, or the reason of an end, as the windows tell it.

use std::time::Duration;

/// Something that did not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The number of the fault; 0 when the person left, -1 when the child stopped by itself.
    pub number: i32,
    /// What the child says about it, for numbers that have no words here.
    pub text: String,
    /// When it came.
    pub since: Duration,
}

impl Trouble {
    /// Reads the number of `RH-1501`.
    pub fn read(code: &str, text: String, now: Duration) -> Self {
        let number = code
            .strip_prefix("RH-")
            .and_then(|number| number.parse().ok());
        Self {
            number: number.unwrap_or(UNKNOWN),
            text,
            since: now,
        }
    }

    /// One of our own numbers.
    pub fn of(number: i32, now: Duration) -> Self {
        Self {
            number,
            text: String::new(),
            since: now,
        }
    }
}

/// The person here left.
pub const LEFT: i32 = 0;

/// The child stopped by itself.
pub const CHILD_STOPPED: i32 = -1;

/// A fault without a number: its own text is shown.
const UNKNOWN: i32 = -2;
