//! `handrail-helper`: signs the helper in and runs one session.

use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use clap::Parser;
use client::{Options, Outcome, Ui};
use helper_client::{Session, Task};
use tracing_subscriber::EnvFilter;

/// Helps a person on their own screen, end to end encrypted.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    /// Why you help; stands in the session's record.
    #[arg(long, value_parser = at_most::<{ wire::MAX_REASON }>)]
    reason: Option<String>,
    /// The number of the incident; stands in the session's record.
    #[arg(long, value_parser = at_most::<{ wire::MAX_INCIDENT }>)]
    incident: Option<String>,
    /// A file for the picture, for a window that reads it (SPEC 15.4); it is made for its owner alone.
    #[arg(long, hide = true)]
    picture: Option<PathBuf>,
    /// The language of the window: en, de or ar; by default that of the environment.
    #[arg(long)]
    lang: Option<String>,
    /// Colours of the window.
    #[arg(long, env = "HANDRAIL_THEME", value_parser = ["auto", "light", "dark"])]
    theme: Option<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.ui() {
        Ui::Window => become_window(),
        Ui::Stdio => help(arguments),
    }
}

impl Arguments {
    /// A window where there is a display to show it on. Who names a file for the picture is a window.
    fn ui(&self) -> Ui {
        let display = std::env::var_os("DISPLAY").is_some_and(|name| !name.is_empty());
        let by_default = if display && self.picture.is_none() {
            Ui::Window
        } else {
            Ui::Stdio
        };
        self.options.ui.unwrap_or(by_default)
    }
}

/// The window is a program of its own, which starts this one again as its child. Comes back only if it cannot be started.
#[expect(clippy::print_stderr, reason = "no log is open yet")]
fn become_window() -> ExitCode {
    let window = std::env::current_exe().map(|path| path.with_file_name(WINDOW));
    let error = match window {
        Ok(window) if !window.exists() => format!("{} is missing", window.display()),
        Ok(window) => Command::new(window)
            .args(std::env::args_os().skip(1))
            .exec()
            .to_string(),
        Err(error) => error.to_string(),
    };
    eprintln!(
        "handrail-helper: the window cannot be started: {error}; `--ui stdio` works without it"
    );
    ExitCode::FAILURE
}

#[tokio::main(flavor = "current_thread")]
async fn help(arguments: Arguments) -> ExitCode {
    let Arguments {
        options,
        reason,
        incident,
        picture,
        ..
    } = arguments;
    let filter = EnvFilter::try_from_env("HANDRAIL_LOG").unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let task = Task {
        reason,
        incident,
        picture,
    };
    match Box::pin(Session::run(options, task)).await {
        Outcome::Ended => ExitCode::SUCCESS,
        Outcome::Failed => ExitCode::FAILURE,
    }
}

/// A text that the record takes.
fn at_most<const BYTES: usize>(text: &str) -> Result<String, String> {
    if text.len() > BYTES {
        return Err(format!(
            "{} bytes are more than the {BYTES} that a record takes",
            text.len()
        ));
    }
    Ok(text.to_owned())
}

/// Beside this program.
const WINDOW: &str = "handrail-helper-window";
