//! `handrail-sharer`: signs the sharer in and shares this screen in one session.

use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use client::doctor::Doctor;
use client::{Options, Ui, become_window, open_log, ui_by_default};
use sharer_client::{Desktop, Session};

/// Shares this screen with a helper, end to end encrypted.
#[derive(Parser)]
#[command(version, after_help = DOCTOR)]
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
    if let Some(doctor) = Doctor::asked(PROGRAM) {
        return doctor.run();
    }
    let arguments = Arguments::parse();
    match arguments.ui() {
        Ui::Window => become_window(WINDOW),
        Ui::Stdio => share(arguments),
    }
}

impl Arguments {
    /// Windows where there is a display to show them on.
    fn ui(&self) -> Ui {
        let by_default = || ui_by_default(self.display.as_deref());
        self.options.ui.unwrap_or_else(by_default)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn share(arguments: Arguments) -> ExitCode {
    let Arguments {
        options,
        source,
        display,
        ..
    } = arguments;
    open_log();
    let desktop = match source {
        Source::X11 => Desktop::X11 { display },
        Source::Synthetic => Desktop::Synthetic,
    };
    Box::pin(Session::run(options, desktop)).await.into()
}

/// Beside this program.
const WINDOW: &str = "handrail-sharer-window";
/// Its name.
const PROGRAM: &str = "handrail-sharer";
const DOCTOR: &str =
    "`handrail-sharer doctor` says which step of a connection fails and what to do about it.";
