//! How much of the line a QUIC carrier takes: which congestion controller it has.

use std::fmt;
use std::sync::Arc;

use quinn::congestion::{ControllerFactory, CubicConfig};

use super::rate::RateConfig;

/// The congestion controller of QUIC. Each end chooses for what it sends; both have the same default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Congestion {
    /// Our own: the window follows the measured delivery rate, so that single losses of a radio link do not shrink it.
    #[default]
    Rate,
    /// CUBIC (RFC 9438), as most of the internet: every loss shrinks the window.
    Cubic,
}

impl Congestion {
    pub(super) fn factory(self) -> Arc<dyn ControllerFactory + Send + Sync> {
        match self {
            Self::Rate => Arc::new(RateConfig {
                initial_window: INITIAL_WINDOW,
            }),
            Self::Cubic => {
                let mut cubic = CubicConfig::default();
                cubic.initial_window(INITIAL_WINDOW);
                Arc::new(cubic)
            }
        }
    }
}

impl fmt::Display for Congestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rate => f.write_str("rate"),
            Self::Cubic => f.write_str("cubic"),
        }
    }
}

/// 32 packets of the least size. The first picture fits into it more often than into the 10 packets of RFC 9002, and no harm of it was
/// measured.
const INITIAL_WINDOW: u64 = 32 * 1200;
