//! The command line: a few options are ours, everything else is the child's.

use std::ffi::OsString;
use std::path::PathBuf;

use client_window::dress::Theme;
use client_window::options::{Missing, take};
use thiserror::Error;

/// What the command line says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// The language of the window; by default that of the environment.
    pub lang: Option<String>,
    /// Light or dark; by default as the desktop.
    pub theme: Theme,
    /// The program that talks, if it is not the one beside this.
    pub child: Option<PathBuf>,
    /// Whether the first session is that of a colleague, and no code is made.
    pub invited: bool,
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
    /// The theme is none.
    #[error("--theme does not know {0:?}; it knows {known}", known = Theme::KNOWN)]
    Theme(OsString),
}

impl Arguments {
    /// Reads a command line without the program's name. `variable` reads the environment.
    pub fn read(
        given: impl IntoIterator<Item = OsString>,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, Error> {
        let text = |name| variable(name).filter(|value| !value.is_empty());
        let taken = take(given, &OWN, &[])?;
        let mut read = Self {
            child: text("HANDRAIL_HELPER").map(PathBuf::from),
            help: taken.help,
            invited: taken.rest.iter().any(|argument| argument == INVITED),
            rest: taken.rest,
            ..Self::default()
        };
        read.rest.retain(|argument| argument != INVITED);
        if let Some(value) = text("HANDRAIL_THEME") {
            read.theme = theme(value)?;
        }
        for (option, value) in taken.own {
            match option {
                "--lang" => read.lang = value.into_string().ok(),
                "--theme" => read.theme = theme(value)?,
                "--child" => read.child = Some(value.into()),
                // The child is driven by us, whatever was asked for.
                _ => {}
            }
        }
        Ok(read)
    }

    /// What the child is started with: to wait for an invitation, or to make a code. A reason and an incident are those of a code.
    pub fn of_child(&self, invited: bool) -> Result<Vec<OsString>, Missing> {
        if !invited {
            return Ok(self.rest.clone());
        }
        let mut rest = take(self.rest.iter().cloned(), &OF_A_CODE, &[])?.rest;
        rest.push(INVITED.into());
        Ok(rest)
    }
}

fn theme(value: OsString) -> Result<Theme, Error> {
    Theme::read(&value).ok_or(Error::Theme(value))
}

/// What `--help` says.
pub const HELP: &str = "\
The window of handrail-helper. Options that are not listed go to `handrail-helper --ui stdio`, which this starts.

  --lang <LANG>       en, de or ar; by default LANGUAGE, LC_ALL, LC_MESSAGES or LANG
  --theme <THEME>     auto, light or dark                          [env: HANDRAIL_THEME]
  -h, --help          this text
";

/// Waits for a colleague's invitation.
const INVITED: &str = "--invited";

const OF_A_CODE: [&str; 2] = ["--reason", "--incident"];

const OWN: [&str; 4] = ["--lang", "--theme", "--child", "--ui"];

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
            "--reason",
            "x",
            "--ui",
            "window",
        ];
        let read = read(&given).unwrap();
        assert_eq!(read.rest, ["--relay", "https://r", "--reason", "x"]);
        assert_eq!(
            (read.lang.as_deref(), read.theme),
            (Some("de"), Theme::Dark)
        );
    }

    #[test]
    fn a_session_of_a_colleague_has_its_reason_already() {
        let read = read(&["--invited", "--reason", "x", "--relay", "r"]).unwrap();
        assert!(read.invited);
        let code = read.of_child(false).unwrap();
        assert_eq!(code, ["--reason", "x", "--relay", "r"]);
        let invited = read.of_child(true).unwrap();
        assert_eq!(invited, ["--relay", "r", "--invited"]);
    }

    #[test]
    fn bad_options_are_errors() {
        assert!(matches!(read(&["--lang"]), Err(Error::Missing(_))));
        assert!(matches!(read(&["--theme", "red"]), Err(Error::Theme(_))));
    }
}
