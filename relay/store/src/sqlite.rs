//! Records in one SQLite file: one writer connection, readers in short transactions.

mod assignments;
mod audit;
mod consents;
mod devices;
mod directory;
mod document;
mod error;
mod file;
#[cfg(test)]
mod fixture;
mod invitations;
mod kept;
mod purge;
mod roles;
mod row;
mod rules;
mod tenants;
mod tokens;
mod transact;
mod write;

use std::path::Path;

use policy::{Level, PairId, SessionId, TenantId};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqlitePool;
use sqlx::{QueryBuilder, Sqlite as Dialect};

use crate::error::Error;
use crate::order::{By, Order};
use crate::page::{Cursor, Filter, Page};
use crate::record::{End, Live, NewRecord, Record};
use crate::records::{Answer, DAY_MS, Day, Note, Purged, Records, horizon};
use crate::time::Time;
use crate::words::Compliance;

pub use file::{Options, Schema};
use row::Row;

/// Session records in an SQLite file.
#[derive(Debug)]
pub struct Sqlite {
    /// INVARIANT: has one connection, so that writes queue here and not at SQLite's lock.
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Sqlite {
    /// Opens the file, makes it if it is not there, and brings its schema up to date.
    ///
    /// # Errors
    /// [`Error::Unavailable`], [`Error::Corrupt`], [`Error::Schema`] (a newer version wrote it), [`Error::Busy`].
    pub async fn open(options: &Options) -> Result<Self, Error> {
        let writer = file::writer(options).await?;
        sqlx::migrate!()
            .run(&writer)
            .await
            .map_err(error::migration)?;
        let readers = file::readers(options).await?;
        Ok(Self { writer, readers })
    }

    /// How far the schema of this file is, without a change of it.
    ///
    /// # Errors
    /// As [`Self::open`]; a file that is no store has no schema.
    pub async fn schema(path: &Path) -> Result<Schema, Error> {
        let known = sqlx::migrate!().iter().map(|one| one.version).max();
        file::schema(&Options::new(path), known.unwrap_or(0)).await
    }

    /// Writes what is under way and closes the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Applies a change to the open record of this place and answers it as it is now.
    async fn change(
        &self,
        session: SessionId,
        pair: PairId,
        change: impl FnOnce(&mut Record) + Send,
    ) -> Result<Option<Record>, Error> {
        let mut connection = self.writer.acquire().await?;
        let changed = write::change(&mut connection, session, pair, change).await;
        settle(connection, changed).await
    }

    async fn select(
        &self,
        filter: &Filter,
        after: Option<Cursor>,
        size: usize,
        now: Time,
    ) -> Result<Page, Error> {
        let size = Page::size(size);
        let mut query = selection(filter, after, now);
        let (by, ascending) = (filter.order.by, filter.order.ascending);
        query.push(match (by, ascending) {
            (By::Started, true) => " ORDER BY started, id LIMIT ".to_owned(),
            (By::Started, false) => " ORDER BY started DESC, id DESC LIMIT ".to_owned(),
            (_, true) => format!(" ORDER BY {}, started DESC, id DESC LIMIT ", by.sql()),
            (_, false) => format!(" ORDER BY {} DESC, started DESC, id DESC LIMIT ", by.sql()),
        });
        query.push_bind(i64::try_from(size + 1).unwrap_or(i64::MAX));
        let rows: Vec<Row> = query.build_query_as().fetch_all(&self.readers).await?;
        let records: Result<Vec<_>, _> = rows.into_iter().map(Record::try_from).collect();
        Ok(Page::cut(records?, size, filter.order))
    }

    async fn count_days(&self, tenant: &TenantId, now: Time) -> Result<Vec<Day>, Error> {
        let rows: Vec<(i64, i64, i64, i64)> = sqlx::query_as(
            "SELECT started / $3, COUNT(*), \
             SUM(COALESCE(highest_level, 'view') <> 'view'), \
             SUM(MAX(COALESCE(ended, last_seen) - started, 0) / 1000) \
             FROM records WHERE tenant = $1 AND (ended IS NULL OR ended > $2) \
             GROUP BY started / $3 ORDER BY started / $3",
        )
        .bind(&tenant.0)
        .bind(horizon(now).0)
        .bind(DAY_MS)
        .fetch_all(&self.readers)
        .await?;
        let count = |count: i64| u64::try_from(count).unwrap_or(0);
        let days = rows
            .into_iter()
            .map(|(day, sessions, control, seconds)| Day {
                day,
                sessions: count(sessions),
                control: count(control),
                seconds: count(seconds),
            });
        Ok(days.collect())
    }
}

impl Records for Sqlite {
    fn open<'a>(&'a self, record: &'a NewRecord) -> Answer<'a, ()> {
        Box::pin(async move {
            let mut connection = self.writer.acquire().await?;
            let opened = write::open(&mut connection, record).await;
            settle(connection, opened).await
        })
    }

    fn note_level(
        &self,
        session: SessionId,
        pair: PairId,
        level: Level,
        now: Time,
    ) -> Answer<'_, bool> {
        Box::pin(async move {
            let changed = self
                .change(session, pair, |record| record.note_level(level, now))
                .await?;
            Ok(changed.is_some())
        })
    }

    fn note_compliance(
        &self,
        session: SessionId,
        pair: PairId,
        state: Compliance,
        acknowledged: bool,
        now: Time,
    ) -> Answer<'_, bool> {
        Box::pin(async move {
            let note = |record: &mut Record| record.note_compliance(state, acknowledged, now);
            Ok(self.change(session, pair, note).await?.is_some())
        })
    }

    fn touch<'a>(&'a self, live: &'a [Live]) -> Answer<'a, ()> {
        Box::pin(async move {
            let mut connection = self.writer.acquire().await?;
            let touched = write::touch(&mut connection, live).await;
            settle(connection, touched).await
        })
    }

    fn end(&self, session: SessionId, pair: PairId, end: End) -> Answer<'_, bool> {
        Box::pin(async move {
            let changed = self.change(session, pair, |record| record.end(end)).await?;
            Ok(changed.is_some())
        })
    }

    fn note_outcome<'a>(&'a self, note: &'a Note, now: Time) -> Answer<'a, bool> {
        Box::pin(async move {
            let mut connection = self.writer.acquire().await?;
            let noted = write::note_outcome(&mut connection, note, now).await;
            settle(connection, noted).await
        })
    }

    fn suspend(&self, now: Time) -> Answer<'_, u64> {
        Box::pin(async move {
            let suspended =
                sqlx::query("UPDATE records SET pending_since = $1 WHERE ended IS NULL")
                    .bind(now.0)
                    .execute(&self.writer)
                    .await?;
            Ok(suspended.rows_affected())
        })
    }

    fn resume(&self, session: SessionId, pair: PairId, now: Time) -> Answer<'_, Option<Record>> {
        Box::pin(self.change(session, pair, move |record| record.touch(now, None)))
    }

    fn close_pending(&self, now: Time) -> Answer<'_, u64> {
        Box::pin(async move {
            let mut connection = self.writer.acquire().await?;
            let closed = write::close_pending(&mut connection, now).await;
            settle(connection, closed).await
        })
    }

    fn find<'a>(
        &'a self,
        tenant: &'a TenantId,
        session: SessionId,
        pair: PairId,
        now: Time,
    ) -> Answer<'a, Option<Record>> {
        Box::pin(async move {
            let row: Option<Row> = sqlx::query_as(
                "SELECT * FROM records WHERE session = $1 AND pair = $2 ORDER BY id DESC LIMIT 1",
            )
            .bind(session.to_string())
            .bind(i64::from(pair.number()))
            .fetch_optional(&self.readers)
            .await?;
            let record = row.map(Record::try_from).transpose()?;
            Ok(record.filter(|record| record.start.tenant == *tenant && record.is_visible(now)))
        })
    }

    fn page<'a>(
        &'a self,
        filter: &'a Filter,
        after: Option<Cursor>,
        size: usize,
        now: Time,
    ) -> Answer<'a, Page> {
        Box::pin(self.select(filter, after, size, now))
    }

    fn days<'a>(&'a self, tenant: &'a TenantId, now: Time) -> Answer<'a, Vec<Day>> {
        Box::pin(self.count_days(tenant, now))
    }

    fn purge(&self, now: Time) -> Answer<'_, Purged> {
        Box::pin(purge::all(self, now))
    }
}

/// Keeps the writer's connection only if all is well with it. SQLite may roll back by itself when the
/// disk is full or fails; sqlx does not see that and would take the connection for one inside a
/// transaction ever after.
async fn settle<T>(
    connection: PoolConnection<Dialect>,
    result: Result<T, Error>,
) -> Result<T, Error> {
    if !matches!(
        result,
        Ok(_) | Err(Error::AlreadyOpen { .. } | Error::Refused(_))
    ) {
        // Whatever closing says, the pool opens another one.
        let _ = connection.close().await;
    }
    result
}

/// What stands behind this place in this order.
fn push_after(query: &mut QueryBuilder<Dialect>, order: Order, after: Cursor) {
    let (key, started) = match (order.by, order.ascending) {
        (By::Started, true) => (">", ">"),
        (_, true) => (">", "<"),
        (_, false) => ("<", "<"),
    };
    let column = order.by.sql();
    query.push(format!(" AND ({column} {key} "));
    query.push_bind(after.key.clone());
    query.push(format!(" OR ({column} = "));
    query.push_bind(after.key);
    query.push(format!(" AND (started, id) {started} ("));
    query.push_bind(after.started.0);
    query.push(", ").push_bind(after.row).push(")))");
}

/// Everything of a page but its order and size.
fn selection(filter: &Filter, after: Option<Cursor>, now: Time) -> QueryBuilder<Dialect> {
    let mut query = QueryBuilder::new("SELECT * FROM records WHERE (ended IS NULL OR ended > ");
    query
        .push_bind(horizon(now).0)
        .push(") AND tenant = ")
        .push_bind(filter.tenant.0.clone());
    if let Some(session) = filter.session {
        query.push(" AND session = ").push_bind(session.to_string());
    }
    if let Some(helper) = &filter.helper {
        query.push(" AND helper = ").push_bind(helper.0.clone());
    }
    if let Some(sharer) = &filter.sharer {
        query.push(" AND sharer = ").push_bind(sharer.0.clone());
    }
    if let Some(device) = &filter.device {
        query.push(" AND device = ").push_bind(device.0.clone());
    }
    if let Some(open) = filter.open {
        query.push(" AND (ended IS NULL) = ").push_bind(open);
    }
    if let Some(from) = filter.from {
        query.push(" AND started >= ").push_bind(from.0);
    }
    if let Some(until) = filter.until {
        query.push(" AND started < ").push_bind(until.0);
    }
    if let Some(person) = &filter.person {
        let person = person.to_ascii_lowercase();
        query.push(
            " AND instr(lower(helper_name || char(10) || helper || char(10) || \
             COALESCE(sharer_name, '') || char(10) || COALESCE(sharer, '')), ",
        );
        query.push_bind(person).push(") > 0");
    }
    if let Some(highest) = filter.highest {
        query
            .push(" AND highest_level = ")
            .push_bind(highest.word());
    }
    if let Some(after) = after {
        push_after(&mut query, filter.order, after);
    }
    query
}

#[cfg(test)]
mod tests;
