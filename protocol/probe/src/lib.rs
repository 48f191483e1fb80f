//! Whether a relay can be reached from here, which step fails if not, and what to do about it.
//!
//! A [`Probe`] goes the way that a client goes, step by step, and writes down what it saw: [`Observation`]s. What they mean is said by
//! [`judge`], which knows no network: observations to [`Finding`]s. The `doctor` of the clients and that of the relay are made of it.

mod certificate;
mod finding;
mod http;
mod judge;
mod names;
mod question;
mod quic;
mod seen;
mod steps;
mod tls;
mod websocket;
mod witness;

pub use certificate::{Certificate, fingerprint};
pub use finding::{Finding, Report, State};
pub use judge::{Place, Question, judge, verdict};
pub use seen::{
    Believed, Carried, Connection, NoConnection, NoQuic, NoRelay, NoTls, NoUpgrade, Observation,
    Ours, Seen, Shown, Told,
};
pub use steps::{CannotProbe, Probe, Trust};
