//! A command line of which a window takes some options and its child gets the others.

use std::ffi::OsString;

use thiserror::Error;

/// What was given, taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Options of the window and their values, in the order in which they were given.
    pub own: Vec<(&'static str, OsString)>,
    /// Whether the help is wanted.
    pub help: bool,
    /// Everything else, for the child.
    pub rest: Vec<OsString>,
}

/// An option stands at the end, alone.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{0} needs a value")]
pub struct Missing(pub &'static str);

/// Takes these options out, written `--option value` or `--option=value`. Options of `also` go to the child as well.
pub fn take(
    given: impl IntoIterator<Item = OsString>,
    own: &[&'static str],
    also: &[&'static str],
) -> Result<Taken, Missing> {
    let mut taken = Taken::default();
    let mut given = given.into_iter();
    while let Some(argument) = given.next() {
        let (option, joined) = match argument.to_str().and_then(|text| text.split_once('=')) {
            Some((option, value)) => (option.to_owned(), Some(OsString::from(value))),
            None => (argument.to_string_lossy().into_owned(), None),
        };
        let known = own.iter().chain(also).find(|known| **known == option);
        let Some(option) = known.copied() else {
            taken.help |= option == "--help" || option == "-h";
            taken.rest.push(argument);
            continue;
        };
        let value = joined.or_else(|| given.next()).ok_or(Missing(option))?;
        if also.contains(&option) {
            taken.rest.extend([option.into(), value.clone()]);
        }
        taken.own.push((option, value));
    }
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_taken_in_both_forms_and_the_rest_is_left() {
        let given = ["--lang=de", "--ca", "x", "--relay", "r", "-h"].map(OsString::from);
        let taken = take(given, &["--lang"], &["--relay"]).unwrap();
        assert_eq!(
            taken.own,
            [("--lang", "de".into()), ("--relay", "r".into())]
        );
        assert_eq!(taken.rest, ["--ca", "x", "--relay", "r", "-h"]);
        assert!(taken.help);
        let alone = [OsString::from("--lang")];
        assert_eq!(take(alone, &["--lang"], &[]), Err(Missing("--lang")));
    }
}
