//! The trait that every backend of session records fulfils.

use std::pin::Pin;
use std::time::Duration;

use policy::{Level, PairId, PersonId, SessionId, TenantId};

use crate::error::Error;
use crate::page::{Cursor, Filter, Page};
use crate::record::{End, Live, NewRecord, Record};
use crate::time::Time;
use crate::words::{Compliance, Outcome};

/// A record is visible for this long after its end, and deleted afterwards (PRODUCT 8.2).
pub const RETENTION: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A restarted relay waits this long for the two ends of an open record.
pub const PENDING_LIMIT: Duration = Duration::from_secs(60);

/// A day in milliseconds.
pub(crate) const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The future of one call, so that backends stand behind `dyn Records`.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// What a helper says came of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The helper's organisation.
    pub tenant: TenantId,
    /// The session.
    pub session: SessionId,
    /// The helper's place in it.
    pub pair: PairId,
    /// Who says so.
    pub helper: PersonId,
    /// What came of it.
    pub outcome: Outcome,
    /// In the helper's words.
    pub notes: String,
}

/// The sessions that started on one day, without persons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// Days since 1970-01-01.
    pub day: i64,
    /// How many started.
    pub sessions: u64,
    /// How many of them had a level with input.
    pub control: u64,
    /// Their time together, in seconds.
    pub seconds: u64,
}

/// What a purge did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purged {
    /// How many records were deleted.
    pub records: u64,
    /// Whether nothing of them is left in any file. If not, somebody is reading: purge again soon.
    pub complete: bool,
}

/// Session records. A call that returned `Ok` is durable; one that failed left nothing behind.
///
/// A pair is addressed by session and place. A place has at most one *open* record; those that
/// change a record speak of the open one and answer `false` (or `None`) if there is none.
pub trait Records: Send + Sync {
    /// Keeps a new record; it is on disk before this returns.
    ///
    /// # Errors
    /// [`Error::AlreadyOpen`] if the place has an open record.
    fn open<'a>(&'a self, record: &'a NewRecord) -> Answer<'a, ()>;

    /// Notes that the pair has this level from now on.
    fn note_level(
        &self,
        session: SessionId,
        pair: PairId,
        level: Level,
        now: Time,
    ) -> Answer<'_, bool>;

    /// Notes what is known about the sharer's device now, and whether the helper acknowledged the warning about it (PRODUCT 6.1).
    fn note_compliance(
        &self,
        session: SessionId,
        pair: PairId,
        state: Compliance,
        acknowledged: bool,
        now: Time,
    ) -> Answer<'_, bool>;

    /// Writes the signs of life of all live pairs in one transaction. Those without an open record are skipped.
    fn touch<'a>(&'a self, live: &'a [Live]) -> Answer<'a, ()>;

    /// Ends the pair's record. The first end wins: later ones answer `false` and change nothing.
    fn end(&self, session: SessionId, pair: PairId, end: End) -> Answer<'_, bool>;

    /// Writes what came of a session, also after its end; a later text replaces an earlier one. Answers `false` unless this
    /// person was the helper of a record that may be shown.
    fn note_outcome<'a>(&'a self, note: &'a Note, now: Time) -> Answer<'a, bool>;

    /// For the start of a relay: every open record becomes pending from now on, until something is written
    /// to it. Answers how many.
    fn suspend(&self, now: Time) -> Answer<'_, u64>;

    /// The two ends of a pending record are back: it is live again. Answers the record to go on with,
    /// also if it was not pending.
    fn resume(&self, session: SessionId, pair: PairId, now: Time) -> Answer<'_, Option<Record>>;

    /// Ends every record that has been pending for [`PENDING_LIMIT`] as `relay_lost`, at its last sign of
    /// life. Answers how many.
    fn close_pending(&self, now: Time) -> Answer<'_, u64>;

    /// The latest record of this place, unless it belongs to another tenant or is too old to be shown.
    fn find<'a>(
        &'a self,
        tenant: &'a TenantId,
        session: SessionId,
        pair: PairId,
        now: Time,
    ) -> Answer<'a, Option<Record>>;

    /// At most `size` records (and at most [`Page::LIMIT`]) in the filter's order, beginning behind `after`.
    fn page<'a>(
        &'a self,
        filter: &'a Filter,
        after: Option<Cursor>,
        size: usize,
        now: Time,
    ) -> Answer<'a, Page>;

    /// Counts what may be shown by the day (UTC) of its start, oldest first. Days without a session are left out.
    fn days<'a>(&'a self, tenant: &'a TenantId, now: Time) -> Answer<'a, Vec<Day>>;

    /// Deletes every record that ended [`RETENTION`] ago or earlier, so that no file holds it any more.
    fn purge(&self, now: Time) -> Answer<'_, Purged>;
}

/// Records that ended at this time or earlier are not shown any more.
pub(crate) fn horizon(now: Time) -> Time {
    now.before(RETENTION)
}
