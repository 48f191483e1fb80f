//! Command-line options that both clients have.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Options of every native client.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// The relay, for example https://help.example.
    #[arg(long, env = "HANDRAIL_RELAY")]
    pub relay: String,
    /// PEM file of the authority behind the certificates of relay and sign-in service, if the system does not know it.
    #[arg(long, env = "HANDRAIL_CA")]
    pub ca: Option<PathBuf>,
    /// The fingerprint of your organisation's key, from the enrolment link: 64 hex digits. Without it you are asked once whether the
    /// sign-in service is your organisation's.
    #[arg(long, env = "HANDRAIL_ORGANISATION")]
    pub organisation: Option<String>,
    /// The folder where this program keeps what it knows of the organisation; by default in the user's state folder.
    #[arg(long, env = "HANDRAIL_STATE")]
    pub state: Option<PathBuf>,
    /// The command that opens the sign-in page; the address is its last argument. `none` only prints the address.
    #[arg(long, env = "HANDRAIL_BROWSER")]
    pub browser: Option<String>,
    /// What carries the session: `auto` takes QUIC where UDP gets through, else WebSocket.
    #[arg(long, env = "HANDRAIL_CARRIER", value_enum, default_value_t)]
    pub carrier: Carrier,
    /// How much of the line QUIC takes: `rate` lets single losses pass, `cubic` yields to each.
    #[arg(long, env = "HANDRAIL_CONGESTION", value_enum, default_value_t)]
    pub congestion: Congestion,
    /// How people and scripts talk to this program. By default with windows where there is a display.
    #[arg(long, value_enum)]
    pub ui: Option<Ui>,
    /// The local event log; by default in the user's state folder.
    #[arg(long, env = "HANDRAIL_EVENT_LOG")]
    pub event_log: Option<PathBuf>,
}

/// What carries the session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Carrier {
    /// The better one that gets through.
    #[default]
    Auto,
    /// QUIC, by UDP, or nothing.
    Quic,
    /// WebSocket, by TCP, or nothing.
    Websocket,
}

impl From<Carrier> for carrier::Wish {
    fn from(carrier: Carrier) -> Self {
        match carrier {
            Carrier::Auto => Self::Best,
            Carrier::Quic => Self::Quic,
            Carrier::Websocket => Self::WebSocket,
        }
    }
}

/// The congestion controller of QUIC, for what this program sends. What the relay sends is set there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Congestion {
    /// The window follows the measured delivery rate.
    #[default]
    Rate,
    /// CUBIC, as most of the internet.
    Cubic,
}

impl From<Congestion> for carrier::Congestion {
    fn from(congestion: Congestion) -> Self {
        match congestion {
            Congestion::Rate => Self::Rate,
            Congestion::Cubic => Self::Cubic,
        }
    }
}

/// How people and scripts talk to the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Ui {
    /// JSON lines on standard input and output (SPEC 15).
    Stdio,
    /// Windows.
    Window,
}
