//! Records in memory: for tests, and for a demo that keeps nothing.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use policy::{Level, PairId, SessionId, TenantId};

use crate::error::Error;
use crate::page::{Cursor, Filter, Page};
use crate::record::{End, Live, NewRecord, Record};
use crate::records::{Answer, DAY_MS, Day, Note, PENDING_LIMIT, Purged, Records};
use crate::time::Time;
use crate::words::{Compliance, EndReason};

/// Session records that are gone with the process.
#[derive(Debug, Default)]
pub struct Memory {
    rows: Mutex<Rows>,
}

#[derive(Debug, Default)]
struct Rows {
    rows: Vec<Row>,
    last: i64,
}

#[derive(Debug)]
struct Row {
    record: Record,
    pending_since: Option<Time>,
}

impl Memory {
    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The call has happened already; only its result is waited for.
fn done<'a, T: Send + 'a>(result: Result<T, Error>) -> Answer<'a, T> {
    Box::pin(std::future::ready(result))
}

impl Records for Memory {
    fn open<'a>(&'a self, record: &'a NewRecord) -> Answer<'a, ()> {
        done(self.rows().open(record))
    }

    fn note_level(
        &self,
        session: SessionId,
        pair: PairId,
        level: Level,
        now: Time,
    ) -> Answer<'_, bool> {
        let mut rows = self.rows();
        let record = rows.open_record(session, pair);
        done(Ok(record
            .map(|record| record.note_level(level, now))
            .is_some()))
    }

    fn note_compliance(
        &self,
        session: SessionId,
        pair: PairId,
        state: Compliance,
        acknowledged: bool,
        now: Time,
    ) -> Answer<'_, bool> {
        let mut rows = self.rows();
        let record = rows.open_record(session, pair);
        let noted = record.map(|record| record.note_compliance(state, acknowledged, now));
        done(Ok(noted.is_some()))
    }

    fn touch<'a>(&'a self, live: &'a [Live]) -> Answer<'a, ()> {
        let mut rows = self.rows();
        for one in live {
            if let Some(record) = rows.open_record(one.session, one.pair) {
                record.touch(one.last_seen, Some(one.usage));
            }
        }
        done(Ok(()))
    }

    fn end(&self, session: SessionId, pair: PairId, end: End) -> Answer<'_, bool> {
        let mut rows = self.rows();
        let record = rows.open_record(session, pair);
        done(Ok(record.map(|record| record.end(end)).is_some()))
    }

    fn note_outcome<'a>(&'a self, note: &'a Note, now: Time) -> Answer<'a, bool> {
        let mut rows = self.rows();
        let place = rows.rows.iter_mut().rev();
        let place = place
            .map(|row| &mut row.record)
            .find(|record| (record.start.session, record.start.pair) == (note.session, note.pair));
        let own = place.filter(|record| {
            record.start.tenant == note.tenant
                && record.start.helper.id == note.helper
                && record.is_visible(now)
        });
        done(Ok(own
            .map(|record| record.outcome = Some((note.outcome, note.notes.clone())))
            .is_some()))
    }

    fn suspend(&self, now: Time) -> Answer<'_, u64> {
        let mut count = 0;
        for row in self
            .rows()
            .rows
            .iter_mut()
            .filter(|row| row.record.ended.is_none())
        {
            row.pending_since = Some(now);
            count += 1;
        }
        done(Ok(count))
    }

    fn resume(&self, session: SessionId, pair: PairId, now: Time) -> Answer<'_, Option<Record>> {
        let mut rows = self.rows();
        let record = rows.open_record(session, pair);
        done(Ok(record.map(|record| {
            record.touch(now, None);
            record.clone()
        })))
    }

    fn close_pending(&self, now: Time) -> Answer<'_, u64> {
        let limit = now.before(PENDING_LIMIT);
        let mut count = 0;
        for row in &mut self.rows().rows {
            if row.record.ended.is_none() && row.pending_since.is_some_and(|since| since <= limit) {
                let at = row.record.last_seen;
                row.record.end(End {
                    at,
                    reason: EndReason::RelayLost,
                    usage: None,
                });
                count += 1;
            }
        }
        done(Ok(count))
    }

    fn find<'a>(
        &'a self,
        tenant: &'a TenantId,
        session: SessionId,
        pair: PairId,
        now: Time,
    ) -> Answer<'a, Option<Record>> {
        let rows = self.rows();
        let place = rows.rows.iter().rev().find(|row| row.is_at(session, pair));
        let visible =
            place.filter(|row| row.record.start.tenant == *tenant && row.record.is_visible(now));
        done(Ok(visible.map(|row| row.record.clone())))
    }

    fn page<'a>(
        &'a self,
        filter: &'a Filter,
        after: Option<Cursor>,
        size: usize,
        now: Time,
    ) -> Answer<'a, Page> {
        let size = Page::size(size);
        let rows = self.rows();
        let mut records: Vec<_> = rows
            .rows
            .iter()
            .filter(|row| row.record.is_visible(now) && filter.admits(&row.record))
            .filter(|row| {
                let after = after.as_ref();
                after.is_none_or(|after| filter.is_after(&row.record, after))
            })
            .map(|row| row.record.clone())
            .collect();
        records.sort_by(|one, other| filter.compare(one, other));
        records.truncate(size + 1);
        done(Ok(Page::cut(records, size, filter.order)))
    }

    fn days<'a>(&'a self, tenant: &'a TenantId, now: Time) -> Answer<'a, Vec<Day>> {
        let mut days = BTreeMap::<i64, Day>::new();
        let rows = self.rows();
        let visible = rows.rows.iter().map(|row| &row.record);
        for record in
            visible.filter(|record| record.start.tenant == *tenant && record.is_visible(now))
        {
            let started = record.start.started.0;
            let number = started.div_euclid(DAY_MS);
            let day = days.entry(number).or_default();
            let until = record.ended.map_or(record.last_seen, |ended| ended.at).0;
            let milliseconds = u64::try_from(until - started).unwrap_or(0);
            *day = Day {
                day: number,
                sessions: day.sessions + 1,
                control: day.control + u64::from(record.highest.is_some_and(Level::includes_input)),
                seconds: day.seconds + milliseconds / 1000,
            };
        }
        done(Ok(days.into_values().collect()))
    }

    fn purge(&self, now: Time) -> Answer<'_, Purged> {
        let mut rows = self.rows();
        let before = rows.rows.len();
        rows.rows.retain(|row| row.record.is_visible(now));
        let records = u64::try_from(before - rows.rows.len()).unwrap_or(u64::MAX);
        done(Ok(Purged {
            records,
            complete: true,
        }))
    }
}

impl Rows {
    fn open(&mut self, start: &NewRecord) -> Result<(), Error> {
        let &NewRecord { session, pair, .. } = start;
        if self
            .rows
            .iter()
            .any(|row| row.is_at(session, pair) && row.record.ended.is_none())
        {
            return Err(Error::AlreadyOpen { session, pair });
        }
        self.last += 1;
        self.rows.push(Row {
            record: Record::new(self.last, start.clone()),
            pending_since: None,
        });
        Ok(())
    }

    /// The open record of this place, about to change: whatever changes a record shows that it is not pending.
    fn open_record(&mut self, session: SessionId, pair: PairId) -> Option<&mut Record> {
        let mut rows = self.rows.iter_mut();
        let row = rows.find(|row| row.is_at(session, pair) && row.record.ended.is_none())?;
        row.pending_since = None;
        Some(&mut row.record)
    }
}

impl Row {
    fn is_at(&self, session: SessionId, pair: PairId) -> bool {
        self.record.start.session == session && self.record.start.pair == pair
    }
}
