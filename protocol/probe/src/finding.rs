//! One line of the answer.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

/// How it stands with one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum State {
    /// As it should be.
    Ok,
    /// It works, or may work; somebody should look.
    Warn,
    /// It does not work.
    Fail,
}

/// How it stands with one thing, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How it stands.
    pub state: State,
    /// With what.
    pub about: &'static str,
    /// How long the step took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milliseconds: Option<u64>,
    /// What was found.
    pub found: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

/// Everything that was found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// In the order in which things are needed.
    pub findings: Vec<Finding>,
}

impl Finding {
    /// It is as it should be.
    pub fn ok(about: &'static str, found: impl fmt::Display) -> Self {
        Self {
            state: State::Ok,
            about,
            milliseconds: None,
            found: found.to_string(),
            remedy: None,
        }
    }

    /// It works, or may work.
    pub fn warn(about: &'static str, found: impl fmt::Display, remedy: impl Into<String>) -> Self {
        Self {
            state: State::Warn,
            remedy: Some(remedy.into()),
            ..Self::ok(about, found)
        }
    }

    /// It does not work.
    pub fn fail(about: &'static str, found: impl fmt::Display, remedy: impl Into<String>) -> Self {
        Self {
            state: State::Fail,
            ..Self::warn(about, found, remedy)
        }
    }

    /// The same, of a step that took this long.
    #[must_use]
    pub fn took(self, time: Duration) -> Self {
        Self {
            milliseconds: Some(u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
            ..self
        }
    }
}

impl Report {
    /// The worst of it.
    pub fn state(&self) -> State {
        let states = self.findings.iter().map(|finding| finding.state);
        states.max().unwrap_or(State::Ok)
    }

    /// The same for programs.
    ///
    /// # Errors
    /// Never: texts and lists can be written as JSON.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.state {
            State::Ok => "OK  ",
            State::Warn => "WARN",
            State::Fail => "FAIL",
        };
        write!(f, "{word}  {}", self.about)?;
        if let Some(milliseconds) = self.milliseconds {
            write!(f, " ({milliseconds} ms)")?;
        }
        writeln!(f, ": {}", self.found)?;
        match &self.remedy {
            Some(remedy) => writeln!(f, "      -> {remedy}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.findings.iter().try_for_each(|finding| finding.fmt(f))
    }
}
