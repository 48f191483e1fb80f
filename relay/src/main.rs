//! `handrail-relay`: reads the command line and runs the relay until it is told to stop.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use clap::{Parser, Subcommand};
use relay::assemble::Relay;
use relay::command::Host;
use relay::config::{Config, Overrides};
use relay::keys::Replace;
use relay::{doctor, init, keys};
use relay_store::TokenKind;
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
    /// Sets a relay up: configuration, keys, bundle. Asks on a terminal for what no flag says; overwrites nothing.
    Init(Box<init::Options>),
    /// Runs the relay.
    Serve(Serve),
    /// Makes the keys that are missing, and signs the bundle of each organisation whose bundle does not fit the configuration.
    Keys(KeysOptions),
    /// People of an organisation: the first administrator, who may sign in, who holds a role.
    User(Of<User>),
    /// Rules of conditional access and of compliance, for when one of them shuts every administrator out.
    Rule(Of<Rule>),
    /// Tokens with which programs come.
    Token(Of<Token>),
    /// Says what is wrong with this relay and what to do about it: certificate, name, port, database, clock, sign-in service.
    Doctor {
        /// The configuration file.
        #[arg(
            long,
            env = "HANDRAIL_CONFIG",
            default_value = "/etc/handrail/relay.toml"
        )]
        config: PathBuf,
        /// For programs.
        #[arg(long)]
        json: bool,
    },
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
struct Of<T: Subcommand> {
    /// The configuration file.
    #[arg(
        long,
        global = true,
        env = "HANDRAIL_CONFIG",
        default_value = "/etc/handrail/relay.toml"
    )]
    config: PathBuf,
    /// The organisation, if several are configured.
    #[arg(long, global = true)]
    tenant: Option<String>,
    #[command(subcommand)]
    what: T,
}

#[derive(Subcommand)]
enum User {
    /// Prints a link that makes whoever opens it and signs in an administrator; it works once and for 15 minutes.
    InviteAdmin,
    /// Prints everybody who is known: id, name, state, source.
    List,
    /// Ends the person's sessions; nobody signs in with this id.
    Disable {
        /// The id of the person.
        person: String,
    },
    /// The person may sign in again.
    Enable {
        /// The id of the person.
        person: String,
    },
    /// Gives a role to a person.
    Grant {
        /// The id of the person.
        person: String,
        /// The id of the role, such as `helpdesk-operator`.
        role: String,
    },
}

#[derive(Subcommand)]
enum Rule {
    /// Prints every rule: id, kind, name.
    List,
    /// Takes a rule away. The log of changes names the host.
    Remove {
        /// The id of the rule.
        id: String,
    },
}

#[derive(Subcommand)]
enum Token {
    /// Makes a token and prints its secret, which is shown this once.
    Create {
        /// `api` or `scim`.
        #[arg(long)]
        kind: TokenKind,
        /// What people call it.
        #[arg(long)]
        name: String,
        /// What an API token allows, such as `directory,devices`.
        #[arg(long, value_delimiter = ',')]
        permissions: Vec<String>,
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
    /// Makes another key for an organisation whose key is lost. Every program that knows the organisation stops until it is enrolled anew.
    #[arg(long)]
    new_organisation_keys: bool,
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
        Command::Init(options) => set_up(*options).await,
        Command::Doctor { config, json } => look(&config, json).await,
        Command::Rule(of) => rule(of).await,
        Command::Serve(options) => serve(options).await,
        Command::Keys(options) => make_keys(&options),
        Command::User(of) => user(of).await,
        Command::Token(of) => token(of).await,
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

/// 32 bytes of the system's randomness.
fn draw() -> Option<[u8; 32]> {
    let mut seed = [0; 32];
    SystemRandom::new().fill(&mut seed).map(|()| seed).ok()
}

#[expect(clippy::print_stdout, reason = "the answer of a command")]
async fn set_up(options: init::Options) -> Result<(), String> {
    let options = if std::io::stdin().is_terminal() {
        init::ask(options, question)
    } else {
        options
    };
    let done = init::init(&options, draw, SystemTime::now()).map_err(|error| error.to_string())?;
    println!("{done}");
    let report = doctor::examine(&done.config, SystemTime::now()).await;
    println!("{report}");
    println!("{}", done.next());
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the answer of a command")]
async fn look(config: &Path, json: bool) -> Result<(), String> {
    let report = doctor::examine(config, SystemTime::now()).await;
    if json {
        println!("{}", report.json().map_err(|error| error.to_string())?);
    } else {
        print!("{report}");
    }
    let failed = report.state() == doctor::State::Fail;
    (!failed)
        .then_some(())
        .ok_or_else(|| "something does not work: see the lines with FAIL".to_owned())
}

#[expect(clippy::print_stdout, reason = "the answer of a command")]
async fn rule(of: Of<Rule>) -> Result<(), String> {
    let (_, host) = host(&of).await?;
    let done = match of.what {
        Rule::List => host.rules().await,
        Rule::Remove { id } => host.remove_rule(&id).await,
    };
    println!("{}", done.map_err(|error| error.to_string())?);
    Ok(())
}

/// Puts a question to the person at the terminal.
#[expect(clippy::print_stdout, reason = "a question to a person")]
fn question(text: &str) -> Option<String> {
    println!("{text}:");
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line).ok()?;
    (read > 0).then_some(line)
}

async fn host<T: Subcommand>(of: &Of<T>) -> Result<(Config, Host), String> {
    let config = Config::read(&of.config, Overrides::default());
    let config = config.map_err(|error| error.to_string())?;
    let host = Host::open(&config, of.tenant.as_deref()).await;
    let host = host.map_err(|error| error.to_string())?;
    Ok((config, host))
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the answer of a command, and what a person should see beside it"
)]
async fn user(of: Of<User>) -> Result<(), String> {
    let (config, host) = host(&of).await?;
    let invites = matches!(of.what, User::InviteAdmin);
    let done = match of.what {
        User::InviteAdmin => host.invite().await,
        User::List => host.people().await,
        User::Disable { person } => host.set_active(&person, false).await,
        User::Enable { person } => host.set_active(&person, true).await,
        User::Grant { person, role } => host.grant(&person, &role).await,
    };
    println!("{}", done.map_err(|error| error.to_string())?);
    let warning = host
        .warning(&config)
        .await
        .map_err(|error| error.to_string())?;
    if let Some(warning) = warning.filter(|_| !invites) {
        eprintln!("{warning}");
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the answer of a command")]
async fn token(of: Of<Token>) -> Result<(), String> {
    let (_, host) = host(&of).await?;
    let Token::Create {
        kind,
        name,
        permissions,
    } = of.what;
    let secret = host.token(kind, &name, &permissions).await;
    println!("{}", secret.map_err(|error| error.to_string())?);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the answer of a command")]
fn make_keys(options: &KeysOptions) -> Result<(), String> {
    let config =
        Config::read(&options.config, Overrides::default()).map_err(|error| error.to_string())?;
    let made = keys::make(
        &config,
        &options.organisation_keys,
        Replace {
            grant_key: options.rotate,
            organisation_keys: options.new_organisation_keys,
        },
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
