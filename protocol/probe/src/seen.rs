//! What the steps saw, before anybody says what it means.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use serde::Deserialize;
use wire::Protocols;

use crate::Certificate;

/// What one step saw, and how long it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// What it saw.
    pub seen: Seen,
    /// How long it took.
    pub took: Duration,
}

/// What one step saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The addresses of the relay's name, or what the system says instead.
    Names(Result<Vec<IpAddr>, String>),
    /// Which of them take connections.
    Connections(Vec<Connection>),
    /// What is shown over TCP, whether it is believed or not.
    Tls(Result<Shown, NoTls>),
    /// What answers over HTTPS.
    Relay(Result<Told, NoRelay>),
    /// A WebSocket.
    WebSocket(Result<Carried, NoUpgrade>),
    /// QUIC.
    Quic(Result<Carried, NoQuic>),
    /// Whether the sign-in service of this name answers, and has keys.
    SignIn(String, Result<(), String>),
}

/// One address of the relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Which.
    pub address: SocketAddr,
    /// Whether it takes connections.
    pub result: Result<(), NoConnection>,
}

/// An address takes no connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoConnection {
    /// It says no at once.
    Refused,
    /// Nothing comes back.
    Silent,
    /// What the system says.
    Other(String),
}

/// A certificate, and who believes it here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The certificate.
    pub certificate: Certificate,
    /// Who believes it.
    pub believed: Believed,
}

/// Who believes a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Believed {
    /// The system's authorities.
    System,
    /// Those of the file that was named.
    File,
    /// It is the relay's own, byte by byte.
    Own,
    /// Nobody; what the verifier says.
    No(String),
}

/// No certificate was shown, or no common version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoTls {
    /// What answers speaks something else than TLS.
    OtherProtocol,
    /// It does not speak TLS 1.3.
    OldVersion,
    /// It ended before there was a certificate.
    Broken(String),
}

/// What a relay says of itself to everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Where its people sign in.
    pub issuer: String,
    /// The versions of the relay protocol that it speaks.
    pub protocol: Protocols,
    /// What it says about this connection; older ones say nothing.
    pub connection: Option<Ours>,
}

/// What a relay says about the connection on which it is asked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Ours {
    /// The address that it takes this program's requests to be from.
    pub source: IpAddr,
    /// The SHA-256 of its certificate, in hex.
    pub certificate: String,
    /// Whether it takes clients by QUIC.
    pub quic: bool,
}

/// No relay answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoRelay {
    /// Something answers with another status.
    Status(u16),
    /// It sends on to another address.
    Elsewhere(String),
    /// Something answers that is no relay.
    OtherProgram,
    /// There is no answer.
    Broken(String),
}

/// A carrier that works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// How long a word and its answer took.
    pub round_trip: Duration,
}

/// There is no WebSocket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoUpgrade {
    /// Another status than 101.
    Status(u16),
    /// It ended, or nothing came back.
    Broken(String),
    /// It stands, and carries no relay.
    OtherProgram,
}

/// There is no QUIC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoQuic {
    /// Nothing came back.
    Silent,
    /// Something was said.
    Refused(String),
    /// A certificate was shown that nobody here believes, from this issuer.
    NotBelieved(String),
}
