//! `handrail-relay`: reads the command line and runs the relay until it is told to stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use relay::assemble::Relay;
use relay::config::{Config, Overrides};
use tokio::signal::unix::{SignalKind, signal};
use tracing::error;
use tracing_subscriber::EnvFilter;

/// The relay of Handrail: pairs helpers with sharers and forwards what it cannot read.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the relay.
    Serve(Serve),
    /// Checks the configuration file and says what is wrong with it.
    Check {
        /// The configuration file.
        #[arg(
            long,
            env = "HANDRAIL_CONFIG",
            default_value = "/etc/handrail/relay.toml"
        )]
        config: PathBuf,
    },
}

#[derive(clap::Args)]
struct Serve {
    /// The configuration file.
    #[arg(
        long,
        env = "HANDRAIL_CONFIG",
        default_value = "/etc/handrail/relay.toml"
    )]
    config: PathBuf,
    /// Where clients connect, instead of the file's `listen`.
    #[arg(long, env = "HANDRAIL_LISTEN")]
    listen: Option<SocketAddr>,
    /// Where metrics are read, instead of the file's `metrics`; a loopback address.
    #[arg(long, env = "HANDRAIL_METRICS")]
    metrics: Option<SocketAddr>,
    /// The file of session records, instead of the file's `database`.
    #[arg(long, env = "HANDRAIL_DATABASE")]
    database: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_env("HANDRAIL_LOG").unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let result = match arguments.command {
        Command::Serve(options) => serve(options).await,
        Command::Check { config } => Config::read(&config, Overrides::default())
            .map(|_| ())
            .map_err(|e| e.to_string()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            error!(%reason, "handrail-relay cannot go on");
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: Serve) -> Result<(), String> {
    let Serve {
        config,
        listen,
        metrics,
        database,
    } = options;
    let config = Config::read(
        &config,
        Overrides {
            listen,
            metrics,
            database,
        },
    )
    .map_err(|error| error.to_string())?;
    // A file that may not grow is an error of that write, not the end of the relay.
    drop(signal(SignalKind::from_raw(SIGXFSZ)).map_err(|error| error.to_string())?);
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    let relay = Relay::start(config)
        .await
        .map_err(|error| error.to_string())?;
    tokio::select! {
        _ = terminate.recv() => {}
        result = tokio::signal::ctrl_c() => result.map_err(|error| error.to_string())?,
    }
    relay.drain().await;
    Ok(())
}

/// "File size limit exceeded", which ends a process that does not listen to it (signal(7)).
const SIGXFSZ: i32 = 25;
