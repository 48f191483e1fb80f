//! `handrail-sharer`: signs the sharer in and shares this screen in one session.

use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use client::Options;
use sharer_client::{Desktop, Outcome, Session};
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
}

#[derive(Clone, Copy, ValueEnum)]
enum Source {
    /// The desktop of an X server.
    X11,
    /// A drawn test picture that answers to keys; nothing of this machine is shown.
    Synthetic,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Arguments {
        options,
        source,
        display,
    } = Arguments::parse();
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
