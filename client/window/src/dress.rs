//! Language, direction and colours.

use std::ffi::OsStr;

use slint::language::ColorScheme;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the desktop.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// What `--theme` knows.
    pub const KNOWN: &str = "auto, light, dark";

    /// Reads one of [`Self::KNOWN`].
    pub fn read(word: &OsStr) -> Option<Self> {
        match word.to_str()? {
            "auto" => Some(Self::Auto),
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }

    /// The colours to set; `None` leaves them to the toolkit, which asks the desktop.
    pub fn scheme(self) -> Option<ColorScheme> {
        let gtk = std::env::var("GTK_THEME").is_ok_and(|theme| theme.contains("dark"));
        match self {
            Self::Dark => Some(ColorScheme::Dark),
            Self::Light => Some(ColorScheme::Light),
            Self::Auto if gtk => Some(ColorScheme::Dark),
            Self::Auto => None,
        }
    }
}

/// The language that was asked for, or else that of the environment, of those that there are words for.
pub fn spoken(asked: Option<&str>) -> &'static str {
    let variables = ["LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"];
    let found = variables.map(|name| std::env::var(name).unwrap_or_default());
    let found = found
        .iter()
        .map(String::as_str)
        .filter(|name| !name.is_empty());
    language(asked.into_iter().chain(found))
}

/// The first language of these that there are words for, English if there is none.
pub fn language<'a>(wanted: impl IntoIterator<Item = &'a str>) -> &'static str {
    let mut wanted = wanted.into_iter().flat_map(|list| list.split(':'));
    let found = wanted.find_map(|name| {
        let name = name.split(['_', '-', '.', '@']).next().unwrap_or(name);
        LANGUAGES
            .iter()
            .find(|known| known.eq_ignore_ascii_case(name))
    });
    found.copied().unwrap_or("en")
}

/// Whether a language is written from right to left.
pub fn is_rtl(language: &str) -> bool {
    language == "ar"
}

/// Languages with a complete catalogue in every `lang/`, and the language of the sources.
pub const LANGUAGES: [&str; 3] = ["en", "de", "ar"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_with_words_is_taken() {
        assert_eq!(language(["fr:de_AT.UTF-8", "ar"]), "de");
        assert_eq!(language(["ar_EG"]), "ar");
        assert_eq!(language(["C.UTF-8"]), "en");
    }
}
