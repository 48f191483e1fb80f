//! The clocks of the shell; everything below is told the time.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use relay_store::Time;

/// Time since this relay started, for deadlines.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    started: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self {
            started: Instant::now(),
        }
    }

    /// Time since the start.
    pub(crate) fn now(self) -> Duration {
        self.started.elapsed()
    }
}

/// The time of day, for records.
pub(crate) fn time_of_day() -> Time {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Time(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
