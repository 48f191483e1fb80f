//! Texts on their way into the database: bounded, and without characters that make them look like others.

use crate::refused::Refused;

/// Lists within one rule are no longer than this.
pub(crate) const LIST_LIMIT: usize = 200;
/// An id is no longer than this; `sub` has 255 (OpenID Connect Core 2).
pub(crate) const ID_LIMIT: usize = 255;

/// The text as it is kept; it may be empty.
pub(crate) fn optional(field: &'static str, text: &str, limit: usize) -> Result<String, Refused> {
    let spaced = text.chars().map(|one| match one {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
        other => other,
    });
    let cleaned: String = spaced.filter(|one| !is_hidden(*one)).collect();
    let cleaned = cleaned.trim();
    if cleaned.chars().count() > limit {
        return Err(Refused::TooLong { field, limit });
    }
    Ok(cleaned.to_owned())
}

/// The text as it is kept; it has to say something.
pub(crate) fn required(field: &'static str, text: &str, limit: usize) -> Result<String, Refused> {
    let cleaned = optional(field, text, limit)?;
    if cleaned.is_empty() {
        return Err(Refused::Empty { field, limit });
    }
    Ok(cleaned)
}

/// An id is kept as it is or not at all: two that differ never become one.
pub(crate) fn id(field: &'static str, text: &str) -> Result<(), Refused> {
    if required(field, text, ID_LIMIT)? != text {
        return Err(Refused::Value { field });
    }
    Ok(())
}

/// Lower-case hex digits, this many.
pub(crate) fn hex(field: &'static str, text: &str, digits: usize) -> Result<(), Refused> {
    let is_hex = |one: u8| matches!(one, b'0'..=b'9' | b'a'..=b'f');
    if text.len() != digits || !text.bytes().all(is_hex) {
        return Err(Refused::Value { field });
    }
    Ok(())
}

/// A list of ids within one rule.
pub(crate) fn ids<'a>(
    field: &'static str,
    ids: impl ExactSizeIterator<Item = &'a String>,
) -> Result<(), Refused> {
    few(field, ids.len(), LIST_LIMIT)?;
    ids.into_iter().try_for_each(|one| id(field, one))
}

/// Refuses a list that is too long.
pub(crate) fn few(what: &'static str, count: usize, limit: usize) -> Result<(), Refused> {
    if count > limit {
        return Err(Refused::TooMany { what, limit });
    }
    Ok(())
}

/// What texts are compared by where letter case does not count.
pub(crate) fn key(text: &str) -> String {
    text.to_lowercase()
}

/// Control characters, the mark of byte order, and those that turn the direction of what stands around them (UAX 9).
fn is_hidden(one: char) -> bool {
    one.is_control()
        || matches!(
            one,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        )
        || matches!(one, '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_not_kept() {
        let kept = required("name", "  a\u{202e}b\u{0}\nc\u{2066} ", 64);
        assert_eq!(kept.as_deref(), Ok("ab c"));
        assert_eq!(required("name", "يوسف", 4).as_deref(), Ok("يوسف"));
        let kept = required("name", "\u{feff}a\u{61c}b\u{2028}c\u{2029}d\u{feff}", 64);
        assert_eq!(kept.as_deref(), Ok("ab c d"));
        let limit = 4;
        let field = "name";
        assert_eq!(
            required(field, "\u{200f} ", limit),
            Err(Refused::Empty { field, limit })
        );
        assert_eq!(
            required(field, "abcde", limit),
            Err(Refused::TooLong { field, limit })
        );
    }

    #[test]
    fn an_id_is_kept_as_it_is_or_refused() {
        assert_eq!(id("id", "00u-1|x@example.com"), Ok(()));
        for other in [" a", "a\u{61c}", "a\u{2028}b", "a\u{2029}b", "\u{feff}a"] {
            assert_eq!(id("id", other), Err(Refused::Value { field: "id" }));
        }
        assert_eq!(hex("id", "0aF", 3), Err(Refused::Value { field: "id" }));
        assert_eq!(hex("id", "0af", 3), Ok(()));
    }
}
