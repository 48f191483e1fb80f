//! The clock of the clients: it counts suspend, so that a laptop that slept does not wake with a live grant.

use std::time::Duration;

use rustix::time::{ClockId, Timespec, clock_gettime};

/// Time since this program started, by CLOCK_BOOTTIME.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    started: Duration,
}

impl Clock {
    /// Starts at zero.
    pub fn start() -> Self {
        Self {
            started: since_boot(),
        }
    }

    /// Time since the start, suspend included.
    pub fn now(self) -> Duration {
        since_boot().saturating_sub(self.started)
    }
}

fn since_boot() -> Duration {
    let Timespec { tv_sec, tv_nsec } = clock_gettime(ClockId::Boottime);
    let nanos = u32::try_from(tv_nsec).unwrap_or_default();
    Duration::new(u64::try_from(tv_sec).unwrap_or_default(), nanos)
}
