//! How a client's program begins and ends: as its window, or as itself.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

use tracing_subscriber::EnvFilter;

use crate::options::Ui;
use crate::talk::Outcome;

/// How a program talks to people that was not told: by its window where there is a display to show it on.
pub fn ui_by_default(display: Option<&str>) -> Ui {
    let variable = std::env::var_os("DISPLAY").is_some_and(|name| !name.is_empty());
    if variable || display.is_some() {
        Ui::Window
    } else {
        Ui::Stdio
    }
}

/// Becomes the window, a program of its own beside this one, which starts this one again as its child. Comes back only if it
/// cannot be started; why was said.
#[expect(clippy::print_stderr, reason = "no log is open yet")]
pub fn become_window(window: &str) -> ExitCode {
    let program = std::env::current_exe().map(|path| path.with_file_name(window));
    let error = match program {
        Ok(program) if !program.exists() => format!("{} is missing", program.display()),
        Ok(program) => Command::new(program)
            .args(std::env::args_os().skip(1))
            .exec()
            .to_string(),
        Err(error) => error.to_string(),
    };
    eprintln!(
        "{window} cannot be started: {error}. Install it again, or use `--ui stdio`, which works without it."
    );
    ExitCode::FAILURE
}

/// Log lines go to standard error; `HANDRAIL_LOG` says which.
pub fn open_log() {
    let filter = EnvFilter::try_from_env("HANDRAIL_LOG").unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Ended => Self::SUCCESS,
            Outcome::Failed => Self::FAILURE,
        }
    }
}
