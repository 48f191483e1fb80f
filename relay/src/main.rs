//! `handrail-relay`: reads the command line and runs the relay until it is told to stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::SystemTime;

use clap::{Parser, Subcommand};
use relay::assemble::Relay;
use relay::config::{Config, Overrides};
use relay::keys;
use ring::rand::{SecureRandom, SystemRandom};
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
    /// Makes the keys that are missing, and signs the bundle of each organisation whose bundle does not fit the configuration.
    Keys(KeysOptions),
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
struct KeysOptions {
    /// The configuration file.
    #[arg(
        long,
        env = "HANDRAIL_CONFIG",
        default_value = "/etc/handrail/relay.toml"
    )]
    config: PathBuf,
    /// The folder of the organisations' keys. Keep it offline: who has it speaks for the organisation.
    #[arg(long, default_value = "organisation-keys")]
    organisation_keys: PathBuf,
    /// Replaces the key that signs grants. The old one stays in the bundles until this is run again.
    #[arg(long)]
    rotate: bool,
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
        Command::Keys(options) => make_keys(&options),
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

#[expect(clippy::print_stdout, reason = "the answer of a command")]
fn make_keys(options: &KeysOptions) -> Result<(), String> {
    let config =
        Config::read(&options.config, Overrides::default()).map_err(|error| error.to_string())?;
    let random = SystemRandom::new();
    let draw = || {
        let mut seed = [0; 32];
        random.fill(&mut seed).map(|()| seed).ok()
    };
    let made = keys::make(
        &config,
        &options.organisation_keys,
        options.rotate,
        draw,
        SystemTime::now(),
    );
    for one in made.map_err(|error| error.to_string())? {
        let state = if one.signed {
            "signed anew"
        } else {
            "unchanged"
        };
        println!("{}: bundle {state}", one.tenant);
        println!("  fingerprint for enrolment: {}", one.fingerprint);
        println!(
            "  key of the organisation, to be kept offline: {}",
            one.key.display()
        );
    }
    Ok(())
}

/// "File size limit exceeded", which ends a process that does not listen to it (signal(7)).
const SIGXFSZ: i32 = 25;
