//! Networks that people have.

use std::time::Duration;

use super::Impairment;

/// What a path does in both directions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Profile {
    /// For tables.
    pub name: &'static str,
    /// From the relay to the client.
    pub down: Impairment,
    /// From the client to the relay.
    pub up: Impairment,
}

impl Profile {
    const fn of(name: &'static str, both: Impairment) -> Self {
        Self {
            name,
            down: both,
            up: both,
        }
    }
}

const fn line(delay_ms: u64, megabits: u64, queue_kib: u64) -> Impairment {
    Impairment {
        delay: Duration::from_millis(delay_ms),
        rate: megabits * 1_000_000,
        queue: queue_kib * 1024,
        ..Impairment::NONE
    }
}

/// 1 ms one way, 1 Gbit/s.
pub const LAN: Profile = Profile::of("lan", line(1, 1000, 1024));

/// 20 ms one way, 50 Mbit/s.
pub const OFFICE: Profile = Profile::of("office", line(20, 50, 256));

/// ADSL: 30 ms one way, 5 Mbit/s down and 1 up.
pub const HOME: Profile = Profile {
    name: "home",
    down: line(30, 5, 100),
    up: line(30, 1, 100),
};

/// 10 ± 10 ms one way, 1 % loss, 100 Mbit/s.
pub const WIFI: Profile = Profile::of(
    "wifi",
    Impairment {
        jitter: Duration::from_millis(10),
        loss: 0.01,
        ..line(10, 100, 256)
    },
);

/// 60 ± 20 ms one way, 2 % loss in bursts of three, 10 Mbit/s.
pub const MOBILE: Profile = Profile::of(
    "mobile",
    Impairment {
        jitter: Duration::from_millis(20),
        loss: 0.02,
        burst: 3.0,
        ..line(60, 10, 256)
    },
);

/// 150 ms one way, 3 % loss, 2 Mbit/s.
pub const BAD: Profile = Profile::of(
    "bad",
    Impairment {
        loss: 0.03,
        ..line(150, 2, 100)
    },
);
