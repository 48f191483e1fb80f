//! The congestion controller of QUIC.

use serde::Deserialize;

/// `rate` or `cubic`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Congestion {
    /// The window follows the measured delivery rate: single losses of a radio link do not shrink it.
    #[default]
    Rate,
    /// CUBIC (RFC 9438), as most of the internet.
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
