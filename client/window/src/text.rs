//! Small decisions about text: names that cannot reorder a card, initials, direction, times.

use std::time::Duration;

use wire::Code;

/// A name from elsewhere, as one plain line: without control characters and marks that reorder the text around them.
pub fn plain(text: &str) -> String {
    let kept = text
        .chars()
        .map(|letter| if letter.is_whitespace() { ' ' } else { letter });
    let kept = kept.filter(|letter| !letter.is_control() && !reorders(*letter));
    kept.take(LONGEST).collect::<String>().trim().to_owned()
}

/// The first letters of the first and the last word.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next();
    let last = words.next_back();
    let letters = [first, last].into_iter().flatten();
    letters
        .filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()))
        .flat_map(char::to_uppercase)
        .collect()
}

/// Whether the first strong letter is written from right to left (Unicode Bidirectional Algorithm, P2 and P3).
pub fn is_rtl(text: &str) -> bool {
    text.chars()
        .find(|letter| letter.is_alphabetic())
        .is_some_and(|letter| {
            matches!(letter,
                '\u{0590}'..='\u{08ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
                | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
        })
}

/// `3:07`, from an hour on `1:03:07`.
pub fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// What was typed, with every decimal digit as ASCII, so that it stands from left to right in every script.
pub fn ascii_digits(typed: &str) -> String {
    typed
        .chars()
        .map(|letter| digit(letter).unwrap_or(letter))
        .collect()
}

/// `wire` knows the digits of all scripts; it reads codes only.
fn digit(letter: char) -> Option<char> {
    let code = Code::parse(&format!("{letter}0000000")).ok()?;
    code.password().first().copied().map(char::from)
}

fn reorders(letter: char) -> bool {
    matches!(letter, '\u{061c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Letters of a name that are shown.
const LONGEST: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_reorder_the_card() {
        assert_eq!(plain("Yuki\u{202e}kuY\n Tanaka\u{7}"), "YukikuY  Tanaka");
        assert_eq!(plain("محمد العلي"), "محمد العلي");
        assert_eq!(plain(&"a".repeat(500)).len(), 120);
    }

    #[test]
    fn initials_are_of_first_and_last_name() {
        assert_eq!(initials("Yuki van der Tanaka"), "YT");
        assert_eq!(initials("ada"), "A");
        assert_eq!(initials("محمد العلي"), "ما");
        assert_eq!(initials(" (?) "), "");
    }

    #[test]
    fn the_first_strong_letter_gives_the_direction() {
        assert!(is_rtl("12: مرحبا hello"));
        assert!(is_rtl("שלום"));
        assert!(!is_rtl("hello مرحبا"));
        assert!(!is_rtl("123 屏幕"));
    }

    #[test]
    fn times_are_short() {
        assert_eq!(clock(Duration::from_secs(187)), "3:07");
        assert_eq!(clock(Duration::from_secs(3787)), "1:03:07");
    }

    #[test]
    fn digits_of_every_script_become_ascii_and_the_rest_stays() {
        assert_eq!(ascii_digits("٠٤٧-१२x４5"), "047-12x45");
    }
}
