//! The command line: a few options are ours, everything else is the child's.

use std::ffi::OsString;
use std::path::PathBuf;

use client_window::dress::Theme;
use client_window::options::{Missing, take};
use thiserror::Error;

use crate::presence::Rule;

/// What the command line says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// The language of the windows; by default that of the environment.
    pub lang: Option<String>,
    /// Light or dark; by default as the desktop.
    pub theme: Theme,
    /// What has to be shown for Allow to count.
    pub presence: Rule,
    /// The X display, if it is not that of the environment.
    pub display: Option<OsString>,
    /// The program that shares, if it is not the one beside this.
    pub child: Option<PathBuf>,
    /// Whether only the help is wanted.
    pub help: bool,
    /// What the child is started with.
    pub rest: Vec<OsString>,
}

/// What is wrong with a command line.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Error {
    /// An option stands at the end, alone.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// An option has a value that it does not know.
    #[error("{option} does not know {value:?}; it knows {known}")]
    Unknown {
        /// The option.
        option: &'static str,
        /// What was given.
        value: OsString,
        /// What could have been.
        known: &'static str,
    },
}

impl Arguments {
    /// Reads a command line without the program's name. `variable` reads the environment.
    pub fn read(
        given: impl IntoIterator<Item = OsString>,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, Error> {
        let mut read = Self::default();
        let text = |name| variable(name).filter(|value| !value.is_empty());
        if let Some(value) = text("HANDRAIL_THEME") {
            read.theme = theme(value)?;
        }
        if let Some(value) = text("HANDRAIL_PRESENCE") {
            read.presence = presence(value)?;
        }
        read.child = text("HANDRAIL_SHARER").map(PathBuf::from);
        let taken = take(given, &OWN, &ALSO_THE_CHILDS)?;
        read.help = taken.help;
        read.rest = taken.rest;
        for (option, value) in taken.own {
            match option {
                "--lang" => read.lang = value.into_string().ok(),
                "--theme" => read.theme = theme(value)?,
                "--presence" => read.presence = presence(value)?,
                "--child" => read.child = Some(value.into()),
                "--display" => read.display = Some(value),
                // The child is driven by us, whatever was asked for.
                _ => {}
            }
        }
        Ok(read)
    }
}

fn theme(value: OsString) -> Result<Theme, Error> {
    Theme::read(&value).ok_or(Error::Unknown {
        option: "--theme",
        value,
        known: Theme::KNOWN,
    })
}

fn presence(value: OsString) -> Result<Rule, Error> {
    match value.to_str() {
        Some("physical") => Ok(Rule::Physical),
        Some("assisted") => Ok(Rule::Assisted),
        Some("any") => Ok(Rule::Any),
        _ => Err(Error::Unknown {
            option: "--presence",
            value,
            known: "physical, assisted, any",
        }),
    }
}

/// What `--help` says.
pub const HELP: &str = "\
The windows of handrail-sharer. Options that are not listed go to `handrail-sharer --ui stdio`, which this starts.

  --lang <LANG>       en, de or ar; by default LANGUAGE, LC_ALL, LC_MESSAGES or LANG
  --theme <THEME>     auto, light or dark                          [env: HANDRAIL_THEME]
  --presence <RULE>   what has to be shown for Allow to count      [env: HANDRAIL_PRESENCE]
                      physical  a press on a physical mouse or keyboard, also just before a screen reader acts (default)
                      assisted  the same, but what comes through the accessibility bus counts: for Braille displays, switches, voice
                      any       nothing: for displays without physical input devices, such as virtual ones
  --display <NAME>    the X display instead of DISPLAY
  -h, --help          this text
";

const OWN: [&str; 5] = ["--lang", "--theme", "--presence", "--child", "--ui"];
const ALSO_THE_CHILDS: [&str; 1] = ["--display"];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(given: &[&str]) -> Result<Arguments, Error> {
        let environment = |name: &str| (name == "HANDRAIL_THEME").then(|| OsString::from("dark"));
        Arguments::read(given.iter().map(OsString::from), environment)
    }

    #[test]
    fn what_is_not_ours_goes_to_the_child() {
        let given = [
            "--relay",
            "https://r",
            "--lang=de",
            "--ca",
            "x.pem",
            "--ui",
            "window",
            "--display",
            ":7",
        ];
        let read = read(&given).unwrap();
        assert_eq!(
            read.rest,
            ["--relay", "https://r", "--ca", "x.pem", "--display", ":7"]
        );
        assert_eq!(read.lang.as_deref(), Some("de"));
        assert_eq!((read.theme, read.presence), (Theme::Dark, Rule::Physical));
    }

    #[test]
    fn bad_options_are_errors() {
        assert_eq!(read(&["--lang"]), Err(Error::Missing(Missing("--lang"))));
        assert!(matches!(
            read(&["--presence", "none"]),
            Err(Error::Unknown { .. })
        ));
        assert_eq!(
            read(&["--theme=light", "--presence=any"]).unwrap().presence,
            Rule::Any
        );
    }
}
