//! `handrail-helper`: signs the helper in and runs one session.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use client::doctor::Doctor;
use client::{Options, Ui, become_window, open_log, ui_by_default};
use helper_client::{Session, Task};

/// Helps a person on their own screen, end to end encrypted.
#[derive(Parser)]
#[command(version, after_help = DOCTOR)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    /// Why you help; stands in the session's record.
    #[arg(long, value_parser = at_most::<{ wire::MAX_REASON }>)]
    reason: Option<String>,
    /// The number of the incident; stands in the session's record.
    #[arg(long, value_parser = at_most::<{ wire::MAX_INCIDENT }>)]
    incident: Option<String>,
    /// Wait until a colleague asks you into a session, instead of making a code.
    #[arg(long, conflicts_with_all = ["reason", "incident"])]
    invited: bool,
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
    if let Some(doctor) = Doctor::asked(PROGRAM) {
        return doctor.run();
    }
    let arguments = Arguments::parse();
    match arguments.ui() {
        Ui::Window => become_window(WINDOW),
        Ui::Stdio => help(arguments),
    }
}

impl Arguments {
    /// A window where there is a display to show it on. Who names a file for the picture is a window.
    fn ui(&self) -> Ui {
        let by_default = || match self.picture {
            Some(_) => Ui::Stdio,
            None => ui_by_default(None),
        };
        self.options.ui.unwrap_or_else(by_default)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn help(arguments: Arguments) -> ExitCode {
    let Arguments {
        options,
        reason,
        incident,
        invited,
        picture,
        ..
    } = arguments;
    open_log();
    let task = Task {
        reason,
        incident,
        invited,
        picture,
    };
    Box::pin(Session::run(options, task)).await.into()
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
/// Its name.
const PROGRAM: &str = "handrail-helper";
const DOCTOR: &str =
    "`handrail-helper doctor` says which step of a connection fails and what to do about it.";
