//! How a session record is told.

use policy::Level;
use relay_store::{Carrier, EndReason, Outcome, Person, Record, Time};
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::ToSchema;

/// The record of one helper's part in one session.
#[derive(Serialize, ToSchema)]
#[schema(as = Record)]
pub(super) struct Told {
    /// 32 hex digits.
    pub(super) session: String,
    pub(super) pair: u8,
    pub(super) helper: Named,
    /// Nobody on a device without user affinity.
    #[schema(required)]
    pub(super) sharer: Option<Named>,
    #[schema(required)]
    pub(super) device: Option<String>,
    /// RFC 3339.
    pub(super) started: String,
    #[schema(required)]
    pub(super) ended: Option<String>,
    pub(super) seconds: i64,
    #[schema(required)]
    pub(super) level: Option<&'static str>,
    #[schema(required)]
    pub(super) highest: Option<&'static str>,
    #[schema(required)]
    pub(super) helper_carrier: Option<&'static str>,
    #[schema(required)]
    pub(super) sharer_carrier: Option<&'static str>,
    #[schema(required)]
    pub(super) end_reason: Option<&'static str>,
    #[schema(required)]
    pub(super) reason: Option<String>,
    #[schema(required)]
    pub(super) incident: Option<String>,
    #[schema(required)]
    pub(super) outcome: Option<&'static str>,
    #[schema(required)]
    pub(super) notes: Option<String>,
    pub(super) quality: Figures,
}

/// A person of a record.
#[derive(Serialize, ToSchema)]
pub(super) struct Named {
    pub(super) subject: String,
    pub(super) name: String,
}

/// How well it went.
#[derive(Serialize, ToSchema)]
pub(super) struct Figures {
    #[schema(required)]
    pub(super) p50_ms: Option<u32>,
    #[schema(required)]
    pub(super) p95_ms: Option<u32>,
    #[schema(required)]
    pub(super) fps: Option<u32>,
    pub(super) stalls: u32,
    pub(super) bytes_to_helper: u64,
    pub(super) bytes_to_sharer: u64,
}

impl From<Record> for Told {
    fn from(record: Record) -> Self {
        let (start, usage) = (record.start, record.usage);
        let until = record.ended.map_or(record.last_seen, |ended| ended.at);
        let (outcome, notes) = record.outcome.unzip();
        let quality = usage.quality;
        Self {
            session: start.session.to_string(),
            pair: start.pair.number(),
            helper: start.helper.into(),
            sharer: start.sharer.map(Named::from),
            device: start.device.map(|device| device.0),
            started: rfc3339(start.started),
            ended: record.ended.map(|ended| rfc3339(ended.at)),
            seconds: (until.0 - start.started.0) / 1000,
            level: record.level.map(Level::word),
            highest: record.highest.map(Level::word),
            helper_carrier: usage.helper_carrier.map(Carrier::word),
            sharer_carrier: usage.sharer_carrier.map(Carrier::word),
            end_reason: record.ended.map(|ended| EndReason::word(ended.reason)),
            reason: start.reason,
            incident: start.incident,
            outcome: outcome.map(Outcome::word),
            notes,
            quality: Figures {
                p50_ms: quality.p50_ms,
                p95_ms: quality.p95_ms,
                fps: quality.fps,
                stalls: quality.stalls,
                bytes_to_helper: quality.bytes_to_helper,
                bytes_to_sharer: quality.bytes_to_sharer,
            },
        }
    }
}

impl From<Person> for Named {
    fn from(person: Person) -> Self {
        Self {
            subject: person.id.0,
            name: person.name,
        }
    }
}

/// A time of the store in words, UTC.
pub(super) fn rfc3339(at: Time) -> String {
    let nanoseconds = i128::from(at.0) * 1_000_000;
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds)
        .ok()
        .and_then(|at| at.format(&Rfc3339).ok())
        .unwrap_or_default()
}

/// The time that these words name.
pub(super) fn parse_time(text: &str) -> Option<Time> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000)
        .ok()
        .map(Time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_back() {
        let text = rfc3339(Time(1_764_000_000_250));
        assert_eq!(text, "2025-11-24T16:00:00.25Z");
        assert_eq!(parse_time(&text), Some(Time(1_764_000_000_250)));
        assert_eq!(
            parse_time("2025-11-24T17:00:00+01:00"),
            Some(Time(1_764_000_000_000))
        );
        assert_eq!(parse_time("yesterday"), None);
        assert_eq!(rfc3339(Time(i64::MAX)), "");
    }
}
