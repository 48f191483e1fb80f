//! Why there is no carrier, or no longer.

use std::io;

use thiserror::Error;
use wire::Malformed;

/// A carrier could not be made.
#[derive(Debug, Error)]
pub enum DialError {
    /// The address is not `https://host[:port]`.
    #[error("`{0}` is not an address of a relay (https://host)")]
    Address(String),
    /// The host's name could not be looked up, or nothing answers there.
    #[error("no connection to {address}: {error}")]
    Connect {
        /// Host and port.
        address: String,
        /// What the system says.
        error: io::Error,
    },
    /// The host answers, but not with a certificate that is trusted.
    #[error("the relay's certificate is not accepted: {0}")]
    Tls(io::Error),
    /// The host answers, but is no relay.
    #[error("the relay did not accept the connection: {0}")]
    Refused(String),
    /// Nothing happened for ten seconds.
    #[error("no answer from {0} in time")]
    Timeout(String),
}

/// A carrier ended.
#[derive(Debug, Error)]
pub enum Lost {
    /// The other side closed it in an orderly way.
    #[error("closed by the other side")]
    Closed,
    /// It broke.
    #[error("broken: {0}")]
    Broken(String),
    /// Nothing was heard for [`crate::PATIENCE`].
    #[error("nothing was heard for too long")]
    Silent,
    /// The other side sent something that is no frame.
    #[error("the other side breaks the protocol: {0}")]
    Malformed(#[from] Malformed),
    /// More waits to be sent than the queue takes.
    #[error("the other side does not take what is sent")]
    Full,
}

impl Lost {
    /// Whether the line is over with the carrier (SPEC 2.4): the other program ended, or must be ended.
    pub fn ends_line(&self) -> bool {
        match self {
            Self::Closed | Self::Malformed(_) | Self::Full => true,
            Self::Broken(_) | Self::Silent => false,
        }
    }
}
