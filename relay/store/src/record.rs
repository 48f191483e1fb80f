//! The record of one helper's part in one session (PRODUCT 8.1).

use policy::{DeviceId, Level, PairId, PersonId, SessionId, TenantId};

use crate::records::horizon;
use crate::time::Time;
use crate::words::{Carrier, Compliance, EndReason, Features, Outcome};

/// A person as a record names them: the subject that the provider vouches for, and the name of that day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// The display name at the time of the session.
    pub name: String,
}

/// What is known when a pair is admitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecord {
    /// The session.
    pub session: SessionId,
    /// The helper's place in it.
    pub pair: PairId,
    /// The organisation of both.
    pub tenant: TenantId,
    /// Who helps.
    pub helper: Person,
    /// Who shares; `None` on a device without user affinity, shown as `--`.
    pub sharer: Option<Person>,
    /// The sharer's machine, if it is known.
    pub device: Option<DeviceId>,
    /// When the pair was admitted.
    pub started: Time,
    /// The device's compliance state, and whether the helper acknowledged a warning about it; in a record, those noted last.
    pub compliance: Option<(Compliance, bool)>,
    /// Why the session was started, in the helper's words.
    pub reason: Option<String>,
    /// The incident it belongs to.
    pub incident: Option<String>,
}

/// How well it went. All figures count from the start of the session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// Median input-to-picture time in milliseconds, if any was measured.
    pub p50_ms: Option<u32>,
    /// 95th percentile of the same.
    pub p95_ms: Option<u32>,
    /// Pictures per second while something moved, rounded.
    pub fps: Option<u32>,
    /// How often the picture stood still although it should not have.
    pub stalls: u32,
    /// Bytes forwarded to the helper.
    pub bytes_to_helper: u64,
    /// Bytes forwarded to the sharer.
    pub bytes_to_sharer: u64,
}

/// What a session was used for and over which carriers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// What was used; added to what is on record.
    pub features: Features,
    /// The helper's carrier; `None` leaves the one on record.
    pub helper_carrier: Option<Carrier>,
    /// The sharer's carrier; `None` leaves the one on record.
    pub sharer_carrier: Option<Carrier>,
    /// Replaces the figures on record.
    pub quality: Quality,
}

/// A sign of life of an admitted pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Live {
    /// The session.
    pub session: SessionId,
    /// The helper's place in it.
    pub pair: PairId,
    /// When it was alive.
    pub last_seen: Time,
    /// What happened so far.
    pub usage: Usage,
}

/// How a pair ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// When.
    pub at: Time,
    /// Why.
    pub reason: EndReason,
    /// The last figures, if the relay still has them.
    pub usage: Option<Usage>,
}

/// The end on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When; never before the start.
    pub at: Time,
    /// Why.
    pub reason: EndReason,
}

/// One record as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its number in the store; later records have higher ones.
    pub(crate) row: i64,
    /// What was known at the start.
    pub start: NewRecord,
    /// The last sign of life.
    pub last_seen: Time,
    /// The end; `None` while the session goes on.
    pub ended: Option<Ended>,
    /// The level now, or at the end; `None` before the first consent.
    pub level: Option<Level>,
    /// The highest level it ever had.
    pub highest: Option<Level>,
    /// What it was used for.
    pub usage: Usage,
    /// What came of it, once its helper said so.
    pub outcome: Option<(Outcome, String)>,
}

impl Record {
    /// The record of a pair that was just admitted.
    pub(crate) fn new(row: i64, start: NewRecord) -> Self {
        let last_seen = start.started;
        Self {
            row,
            start,
            last_seen,
            ended: None,
            level: None,
            highest: None,
            usage: Usage::default(),
            outcome: None,
        }
    }

    /// Whether the record may still be shown.
    pub(crate) fn is_visible(&self, now: Time) -> bool {
        self.ended.is_none_or(|ended| ended.at > horizon(now))
    }

    /// The pair was alive then.
    pub(crate) fn touch(&mut self, now: Time, usage: Option<Usage>) {
        self.last_seen = self.last_seen.max(now);
        if let Some(usage) = usage {
            self.usage = self.usage.followed_by(usage);
        }
    }

    /// The pair has this level from now on.
    pub(crate) fn note_level(&mut self, level: Level, now: Time) {
        self.level = Some(level);
        self.highest = self.highest.max(Some(level));
        self.touch(now, None);
    }

    /// The device is in this state from now on.
    pub(crate) fn note_compliance(&mut self, state: Compliance, acknowledged: bool, now: Time) {
        self.start.compliance = Some((state, acknowledged));
        self.touch(now, None);
    }

    /// The pair has ended. A clock that was set back does not put the end before the start.
    pub(crate) fn end(&mut self, end: End) {
        let at = end.at.max(self.start.started);
        self.ended = Some(Ended {
            at,
            reason: end.reason,
        });
        self.touch(at, end.usage);
    }
}

impl Usage {
    /// What is on record after `later` was reported.
    fn followed_by(self, later: Self) -> Self {
        Self {
            features: self.features.union(later.features),
            helper_carrier: later.helper_carrier.or(self.helper_carrier),
            sharer_carrier: later.sharer_carrier.or(self.sharer_carrier),
            quality: later.quality,
        }
    }
}
