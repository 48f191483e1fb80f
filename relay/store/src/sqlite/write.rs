//! The writing transactions. Each takes the write lock at its start, so that it fails as a whole or not at all.

use policy::{PairId, SessionId};
use sqlx::{Connection, Sqlite as Dialect, SqliteConnection, Transaction};

use super::row::{self, Row};
use crate::error::Error;
use crate::record::{End, Live, NewRecord, Record};
use crate::records::{Note, PENDING_LIMIT, horizon};
use crate::time::Time;
use crate::words::EndReason;

/// Adds the record, unless the place is taken.
pub(super) async fn open(
    connection: &mut SqliteConnection,
    record: &NewRecord,
) -> Result<(), Error> {
    let &NewRecord { session, pair, .. } = record;
    let mut transaction = begin(connection).await?;
    if find_open(&mut transaction, session, pair).await?.is_some() {
        return Err(Error::AlreadyOpen { session, pair });
    }
    row::insert(&mut transaction, record).await?;
    Ok(transaction.commit().await?)
}

/// Applies a change to the open record of this place and answers it as it is now.
pub(super) async fn change(
    connection: &mut SqliteConnection,
    session: SessionId,
    pair: PairId,
    change: impl FnOnce(&mut Record) + Send,
) -> Result<Option<Record>, Error> {
    let mut transaction = begin(connection).await?;
    let changed = change_open(&mut transaction, session, pair, change).await?;
    transaction.commit().await?;
    Ok(changed)
}

/// Writes all signs of life at once.
pub(super) async fn touch(connection: &mut SqliteConnection, live: &[Live]) -> Result<(), Error> {
    let mut transaction = begin(connection).await?;
    for one in live {
        let touch = |record: &mut Record| record.touch(one.last_seen, Some(one.usage));
        change_open(&mut transaction, one.session, one.pair, touch).await?;
    }
    Ok(transaction.commit().await?)
}

/// Writes what came of a session to the latest record of the place, if it is this helper's and may be shown.
pub(super) async fn note_outcome(
    connection: &mut SqliteConnection,
    note: &Note,
    now: Time,
) -> Result<bool, Error> {
    let written = sqlx::query(
        "UPDATE records SET outcome = $1, notes = $2 WHERE tenant = $5 AND helper = $6 \
         AND (ended IS NULL OR ended > $7) \
         AND id = (SELECT max(id) FROM records WHERE session = $3 AND pair = $4)",
    )
    .bind(note.outcome.word())
    .bind(&note.notes)
    .bind(note.session.to_string())
    .bind(i64::from(note.pair.number()))
    .bind(&note.tenant.0)
    .bind(&note.helper.0)
    .bind(horizon(now).0)
    .execute(connection)
    .await?;
    Ok(written.rows_affected() > 0)
}

/// Ends what nobody came back to.
pub(super) async fn close_pending(
    connection: &mut SqliteConnection,
    now: Time,
) -> Result<u64, Error> {
    let mut transaction = begin(connection).await?;
    let overdue: Vec<Row> =
        sqlx::query_as("SELECT * FROM records WHERE ended IS NULL AND pending_since <= $1")
            .bind(now.before(PENDING_LIMIT).0)
            .fetch_all(&mut *transaction)
            .await?;
    let count = u64::try_from(overdue.len()).unwrap_or(u64::MAX);
    for row in overdue {
        let mut record = Record::try_from(row)?;
        record.end(End {
            at: record.last_seen,
            reason: EndReason::RelayLost,
            usage: None,
        });
        row::update(&mut transaction, &record).await?;
    }
    transaction.commit().await?;
    Ok(count)
}

async fn begin(connection: &mut SqliteConnection) -> Result<Transaction<'_, Dialect>, Error> {
    Ok(connection.begin_with("BEGIN IMMEDIATE").await?)
}

async fn find_open(
    connection: &mut SqliteConnection,
    session: SessionId,
    pair: PairId,
) -> Result<Option<Record>, Error> {
    let row: Option<Row> =
        sqlx::query_as("SELECT * FROM records WHERE session = $1 AND pair = $2 AND ended IS NULL")
            .bind(session.to_string())
            .bind(i64::from(pair.number()))
            .fetch_optional(connection)
            .await?;
    row.map(Record::try_from).transpose()
}

async fn change_open(
    connection: &mut SqliteConnection,
    session: SessionId,
    pair: PairId,
    change: impl FnOnce(&mut Record) + Send,
) -> Result<Option<Record>, Error> {
    let Some(mut record) = find_open(connection, session, pair).await? else {
        return Ok(None);
    };
    change(&mut record);
    row::update(connection, &record).await?;
    Ok(Some(record))
}
