//! A machine that shares its screen, and what is known about it (PRODUCT 6).

use std::time::Duration;

use policy::{Compliance, DeviceId, GroupId, Machine, PersonId};

use crate::time::Time;
use crate::words::DeviceState;

/// A report counts for this long (PRODUCT 11.5).
pub const REPORT_AGE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The hash of its public key.
    pub id: DeviceId,
    /// Its own public key, 64 lower-case hex digits.
    pub public_key: String,
    /// What it calls itself, or called itself when it was enrolled.
    pub name: String,
    /// Its operating system.
    pub platform: String,
    /// Who signed in on it last, before it was enrolled if it is.
    pub user: Option<PersonId>,
    /// How far it has come.
    pub state: DeviceState,
    /// When it was enrolled last.
    pub enrolled_at: Option<Time>,
    /// Who enrolled it.
    pub enrolled_by: Option<String>,
    /// When it last connected.
    pub last_seen: Time,
    /// The last report on it.
    pub reported: Option<Report>,
    /// The groups of devices that it is in.
    pub groups: Vec<GroupId>,
}

/// What was reported about a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// [`Compliance::Compliant`] or [`Compliance::NotCompliant`].
    pub compliance: Compliance,
    /// What it breaks.
    pub reasons: Vec<Reason>,
    /// When that was said.
    pub at: Time,
}

/// A rule that a device breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// For programs.
    pub code: String,
    /// For people.
    pub text: String,
}

/// What a connection says about the machine that it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The hash of its public key; whoever calls has checked that.
    pub id: DeviceId,
    /// Its own public key, 64 lower-case hex digits.
    pub public_key: String,
    /// What it calls itself.
    pub name: String,
    /// Its operating system.
    pub platform: String,
}

impl Device {
    /// What is known about it now: not more than a report that is not too old (PRODUCT 6.1).
    pub fn compliance(&self, now: Time) -> Compliance {
        match &self.reported {
            Some(report) if self.state == DeviceState::Enrolled => {
                if report.at < now.before(REPORT_AGE) {
                    Compliance::Stale
                } else {
                    report.compliance
                }
            }
            _ => Compliance::NotEnrolled,
        }
    }

    /// The machine as policy sees it (PRODUCT 2.6).
    pub fn machine(&self, now: Time) -> Machine {
        match self.state {
            DeviceState::Enrolled => Machine::Enrolled {
                groups: self.groups.clone(),
                compliance: self.compliance(now),
            },
            DeviceState::Seen | DeviceState::Retired => Machine::Unenrolled,
        }
    }
}
