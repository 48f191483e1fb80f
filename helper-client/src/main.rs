//! `handrail-helper`: signs the helper in and runs one session.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser};
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
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Arguments {
        options,
        reason,
        incident,
        picture,
    } = Arguments::parse();
    if options.ui == Some(Ui::Window) {
        let text = "the helper has no windows: use `--ui stdio`";
        Arguments::command()
            .error(ErrorKind::InvalidValue, text)
            .exit();
    }
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
