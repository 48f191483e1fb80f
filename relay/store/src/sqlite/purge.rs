//! What is deleted when its time is over.

use sqlx::SqliteConnection;

use super::{Sqlite, audit};
use crate::devices::SEEN_RETENTION;
use crate::error::Error;
use crate::records::{PENDING_LIMIT, Purged, horizon};
use crate::time::Time;
use crate::tokens::SECRET_RETENTION;

/// Rows deleted in one transaction, so that a purge never keeps the writer from live sessions for long.
const BATCH: i64 = 500;

/// Deletes all of it, and empties the files of it.
pub(super) async fn all(store: &Sqlite, now: Time) -> Result<Purged, Error> {
    let records = old_records(store, now).await?;
    while loose_consents(store, now).await? > 0 {}
    while old_changes(store, now).await? > 0 {}
    let (seen, secrets) = (now.before(SEEN_RETENTION), now.before(SECRET_RETENTION));
    for (statement, horizon) in [
        (
            "DELETE FROM device WHERE state = 'seen' AND last_seen <= $1",
            seen,
        ),
        (
            "DELETE FROM token WHERE expires <= $1 OR revoked <= $1",
            secrets,
        ),
        ("DELETE FROM invitation WHERE expires <= $1", secrets),
    ] {
        sqlx::query(statement)
            .bind(horizon.0)
            .execute(&store.writer)
            .await?;
    }
    // The old pages still stand in the write-ahead log until it is emptied.
    let (busy, _, _): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
        .fetch_one(&store.writer)
        .await?;
    Ok(Purged {
        records,
        complete: busy == 0,
    })
}

async fn old_records(store: &Sqlite, now: Time) -> Result<u64, Error> {
    let mut records = 0;
    loop {
        let batch = sqlx::query(
            "DELETE FROM records WHERE id IN (SELECT id FROM records WHERE ended <= $1 LIMIT $2)",
        )
        .bind(horizon(now).0)
        .bind(BATCH)
        .execute(&store.writer)
        .await?
        .rows_affected();
        records += batch;
        if batch == 0 {
            return Ok(records);
        }
    }
}

/// Consents go with the last record of their place. One that came just now may be there before its record is.
async fn loose_consents(store: &Sqlite, now: Time) -> Result<u64, Error> {
    let deleted = sqlx::query(
        "DELETE FROM consent WHERE id IN (SELECT c.id FROM consent c WHERE c.at <= $1 AND NOT EXISTS \
         (SELECT 1 FROM records r WHERE r.session = c.session AND r.pair = c.pair) LIMIT $2)",
    )
    .bind(now.before(PENDING_LIMIT).0)
    .bind(BATCH)
    .execute(&store.writer)
    .await?;
    Ok(deleted.rows_affected())
}

async fn old_changes(store: &Sqlite, now: Time) -> Result<u64, Error> {
    let mut connection = store.writer.acquire().await?;
    let connection: &mut SqliteConnection = &mut connection;
    audit::purge(connection, now, BATCH).await
}

#[cfg(test)]
mod tests {
    use policy::{DeviceId, Level, PairId, Permissions};
    use sqlx::AssertSqlSafe;

    use super::*;
    use crate::audit::Audit;
    use crate::conformance::{at, contoso, left, record, session};
    use crate::consents::{Consent, Consents};
    use crate::device::Seen;
    use crate::devices::Devices;
    use crate::invitations::Invitations;
    use crate::records::Records;
    use crate::secret::SecretHash;
    use crate::sqlite::fixture::{act, id, store};
    use crate::tokens::{NewToken, Tokens};
    use crate::words::TokenKind;
    use crate::{ChangeFilter, TOKEN_LIFE};

    const DAY: i64 = 24 * 60 * 60 * 1_000;

    async fn rows(store: &Sqlite) -> Vec<i64> {
        let mut counts = Vec::new();
        for table in ["consent", "device", "token", "invitation", "change"] {
            let count = AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
            let count = sqlx::query_scalar(count).fetch_one(&store.readers).await;
            counts.push(count.unwrap());
        }
        counts
    }

    async fn fill(store: &Sqlite) {
        let tenant = contoso();
        store.open(&record(1)).await.unwrap();
        let consent = Consent {
            session: session(1),
            pair: PairId::FIRST,
            generation: 1,
            level: Level::View,
            document: "{}".to_owned(),
            signature: "s".to_owned(),
            public_key: "k".to_owned(),
            at: at(0),
        };
        store.keep(&consent).await.unwrap();
        for number in [1, 2] {
            let device = Seen {
                id: DeviceId(id(number)),
                public_key: id(number).repeat(2),
                name: String::new(),
                platform: String::new(),
            };
            store.see(&tenant, &device, None, at(0)).await.unwrap();
        }
        let enrolled = DeviceId(id(1));
        store.enrol(&act(), &tenant, &enrolled).await.unwrap();
        for number in [1, 2] {
            let token = NewToken {
                id: id(number),
                name: format!("Feed {number}"),
                kind: TokenKind::Api,
                permissions: Permissions::RECORDS,
                expires: at(0).after(TOKEN_LIFE),
            };
            let hash = SecretHash([number; 32]);
            store.issue(&act(), &tenant, &token, hash).await.unwrap();
        }
        assert!(store.revoke(&act(), &tenant, &id(1)).await.unwrap());
        let hash = SecretHash([9; 32]);
        store.invite(&act(), &tenant, hash).await.unwrap();
    }

    /// PRODUCT 8.2, 8.3: each in its time, and what is in use stays.
    #[tokio::test]
    async fn each_goes_when_its_time_is_over() {
        const LIFE: i64 = 15 * 60 * 1_000;
        let (_folder, store) = store().await;
        fill(&store).await;
        for (now, left_over) in [
            (30 * DAY - 1, [1, 2, 2, 1, 5]),
            (30 * DAY, [1, 1, 1, 1, 5]),
            (30 * DAY + LIFE, [1, 1, 1, 0, 5]),
            (365 * DAY - 1, [1, 1, 1, 0, 5]),
            (365 * DAY, [1, 1, 1, 0, 0]),
            (395 * DAY, [1, 1, 0, 0, 0]),
        ] {
            store.purge(at(now)).await.unwrap();
            assert_eq!(rows(&store).await, left_over, "{now}");
        }
        let ended = store.end(session(1), PairId::FIRST, left(at(395 * DAY)));
        assert!(ended.await.unwrap());
        store.purge(at(425 * DAY - 1)).await.unwrap();
        assert_eq!(rows(&store).await[0], 1, "kept with its record");
        let purged = store.purge(at(425 * DAY)).await.unwrap();
        assert_eq!(purged.records, 1);
        assert_eq!(rows(&store).await[0], 0);
    }

    #[tokio::test]
    async fn a_change_of_this_year_survives_every_purge() {
        let (_folder, store) = store().await;
        fill(&store).await;
        store.purge(at(1)).await.unwrap();
        let filter = ChangeFilter::default();
        let page = store.changes(&contoso(), &filter, None, 9, at(1)).await;
        assert_eq!(page.unwrap().changes.len(), 5);
    }
}
