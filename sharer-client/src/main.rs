//! `handrail-sharer`: signs the sharer in and shares this screen in one session.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

use clap::{Parser, ValueEnum};
use client::{Options, Outcome, Ui};
use sharer_client::{Desktop, Session};
use tracing_subscriber::EnvFilter;

/// Shares this screen with a helper, end to end encrypted.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    /// What is shared.
    #[arg(long, value_enum, default_value = "x11")]
    source: Source,
    /// The X display to share instead of DISPLAY.
    #[arg(long)]
    display: Option<String>,
    /// The language of the windows: en, de or ar; by default that of the environment.
    #[arg(long)]
    lang: Option<String>,
    /// Colours of the windows.
    #[arg(long, env = "HANDRAIL_THEME", value_parser = ["auto", "light", "dark"])]
    theme: Option<String>,
    /// What has to be shown for Allow to count in the windows: a press on a `physical` mouse or keyboard (the default); `assisted` also
    /// trusts the accessibility bus, for Braille displays, switches and voice; `any` is for displays without physical input devices.
    #[arg(long, env = "HANDRAIL_PRESENCE", value_parser = ["physical", "assisted", "any"])]
    presence: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Source {
    /// The desktop of an X server.
    X11,
    /// A drawn test picture that answers to keys; nothing of this machine is shown.
    Synthetic,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.ui() {
        Ui::Window => become_window(),
        Ui::Stdio => share(arguments),
    }
}

impl Arguments {
    /// Windows where there is a display to show them on.
    fn ui(&self) -> Ui {
        let variable = std::env::var_os("DISPLAY").is_some_and(|name| !name.is_empty());
        let shown = variable || self.display.is_some();
        let by_default = if shown { Ui::Window } else { Ui::Stdio };
        self.options.ui.unwrap_or(by_default)
    }
}

/// The windows are a program of their own, which starts this one again as its child. Comes back only if they cannot be started.
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
        "handrail-sharer: the windows cannot be started: {error}; `--ui stdio` works without them"
    );
    ExitCode::FAILURE
}

#[tokio::main(flavor = "current_thread")]
async fn share(arguments: Arguments) -> ExitCode {
    let Arguments {
        options,
        source,
        display,
        ..
    } = arguments;
    let filter = EnvFilter::try_from_env("HANDRAIL_LOG").unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let desktop = match source {
        Source::X11 => Desktop::X11 { display },
        Source::Synthetic => Desktop::Synthetic,
    };
    match Box::pin(Session::run(options, desktop)).await {
        Outcome::Ended => ExitCode::SUCCESS,
        Outcome::Failed => ExitCode::FAILURE,
    }
}

/// Beside this program.
const WINDOW: &str = "handrail-sharer-window";
