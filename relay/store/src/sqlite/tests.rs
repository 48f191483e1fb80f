//! What only a file on a disk can do: be locked, full, damaged, read by others.

use std::fs;
use std::path::Path;
use std::task::{Context, Waker};
use std::time::Duration;

use policy::PairId;
use sqlx::{Connection, Row as _, SqliteConnection};
use tempfile::TempDir;

use super::*;
use crate::conformance::{at, contoso, left, record, session};
use crate::record::Usage;

const DAY: i64 = 24 * 60 * 60 * 1_000;

fn options(folder: &TempDir) -> Options {
    let path = folder.path().join("relay.db");
    Options {
        busy_timeout: Duration::from_millis(20),
        ..Options::new(path)
    }
}

async fn another_process(options: &Options) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}", options.path.display()))
        .await
        .unwrap()
}

async fn count(store: &Sqlite) -> usize {
    store
        .page(&Filter::tenant(contoso()), None, Page::LIMIT, at(0))
        .await
        .unwrap()
        .records
        .len()
}

#[tokio::test]
async fn a_record_that_was_confirmed_is_there_after_the_process_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&options(&folder)).await.unwrap();
    store.open(&record(1)).await.unwrap();
    // A copy of the files is what a crash at this moment would leave.
    let copy = tempfile::tempdir().unwrap();
    for file in ["relay.db", "relay.db-wal"] {
        fs::copy(folder.path().join(file), copy.path().join(file)).unwrap();
    }
    let after = Sqlite::open(&options(&copy)).await.unwrap();
    let found = after
        .find(&contoso(), session(1), PairId::FIRST, at(0))
        .await
        .unwrap();
    assert_eq!(found.unwrap().start, record(1));
}

#[tokio::test]
async fn the_writer_syncs_every_commit_and_overwrites_what_it_deletes() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&options(&folder)).await.unwrap();
    let pragma =
        async |name: &'static str| sqlx::query(name).fetch_one(&store.writer).await.unwrap();
    assert_eq!(pragma("PRAGMA synchronous").await.get::<i64, _>(0), 2);
    assert_eq!(pragma("PRAGMA secure_delete").await.get::<i64, _>(0), 1);
    assert_eq!(
        pragma("PRAGMA journal_mode").await.get::<String, _>(0),
        "wal"
    );
}

#[tokio::test]
async fn a_locked_database_is_busy_loses_nothing_and_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(&folder);
    let store = Sqlite::open(&options).await.unwrap();
    store.open(&record(1)).await.unwrap();

    let mut other = another_process(&options).await;
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut other)
        .await
        .unwrap();
    assert!(matches!(store.open(&record(2)).await, Err(Error::Busy)));
    let live = Live {
        session: session(1),
        pair: PairId::FIRST,
        last_seen: at(9),
        usage: Usage::default(),
    };
    assert!(matches!(store.touch(&[live]).await, Err(Error::Busy)));
    assert!(matches!(
        store.end(session(1), PairId::FIRST, left(at(9))).await,
        Err(Error::Busy)
    ));
    assert_eq!(
        count(&store).await,
        1,
        "reading goes on while another process writes"
    );
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();

    let found = store
        .find(&contoso(), session(1), PairId::FIRST, at(9))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (found.last_seen, found.ended),
        (at(0), None),
        "what failed left nothing behind"
    );
    store.open(&record(2)).await.unwrap();
    assert!(
        store
            .end(session(1), PairId::FIRST, left(at(9)))
            .await
            .unwrap()
    );
    assert_eq!(count(&store).await, 2);
}

#[tokio::test]
async fn a_full_disk_is_told_loses_nothing_and_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(&folder);
    let store = Sqlite::open(&options).await.unwrap();
    let pages = sqlx::query_scalar::<_, i64>("PRAGMA page_count")
        .fetch_one(&store.writer)
        .await;
    limit_pages(&store, pages.unwrap() + 2).await;

    let mut confirmed = 0;
    let failure = loop {
        match store.open(&record(confirmed)).await {
            Ok(()) => confirmed += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(failure, Error::Full), "{failure:?}");
    assert!(confirmed > 0);
    assert_eq!(count(&store).await, usize::from(confirmed));
    // What needs no further page still works: a session can end on a full disk.
    assert!(
        store
            .end(session(0), PairId::FIRST, left(at(1)))
            .await
            .unwrap()
    );

    limit_pages(&store, 1_000_000).await;
    store.open(&record(confirmed)).await.unwrap();
    store.close().await;
    let again = Sqlite::open(&options).await.unwrap();
    assert_eq!(count(&again).await, usize::from(confirmed) + 1);
}

async fn limit_pages(store: &Sqlite, pages: i64) {
    let pragma = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
    sqlx::query(pragma).fetch_one(&store.writer).await.unwrap();
}

/// PRODUCT 8.2: after the purge the record is in no file of the database.
#[tokio::test]
async fn a_purged_record_stands_in_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&options(&folder)).await.unwrap();
    let mut marked = record(1);
    marked.reason = Some("marker-7f3a1c".to_owned());
    store.open(&marked).await.unwrap();
    store.open(&record(2)).await.unwrap();
    store
        .end(session(1), PairId::FIRST, left(at(0)))
        .await
        .unwrap();
    assert!(
        is_in_a_file(folder.path(), b"marker-7f3a1c"),
        "the search works"
    );

    let purged = store.purge(at(30 * DAY)).await.unwrap();
    assert_eq!(
        purged,
        Purged {
            records: 1,
            complete: true
        }
    );
    assert!(!is_in_a_file(folder.path(), b"marker-7f3a1c"));
    assert!(is_in_a_file(
        folder.path(),
        session(2).to_string().as_bytes()
    ));
}

fn is_in_a_file(folder: &Path, wanted: &[u8]) -> bool {
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| fs::read(entry.unwrap().path()).unwrap());
    files
        .into_iter()
        .any(|bytes| bytes.windows(wanted.len()).any(|window| window == wanted))
}

#[tokio::test]
async fn a_purge_says_when_a_reader_keeps_it_from_finishing() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(&folder);
    let store = Sqlite::open(&options).await.unwrap();
    store.open(&record(1)).await.unwrap();
    store
        .end(session(1), PairId::FIRST, left(at(0)))
        .await
        .unwrap();

    let mut reader = another_process(&options).await;
    sqlx::query("BEGIN").execute(&mut reader).await.unwrap();
    sqlx::query("SELECT * FROM records")
        .fetch_all(&mut reader)
        .await
        .unwrap();
    let purged = store.purge(at(30 * DAY)).await.unwrap();
    assert_eq!(
        purged,
        Purged {
            records: 1,
            complete: false
        }
    );
    sqlx::query("COMMIT").execute(&mut reader).await.unwrap();
    assert!(store.purge(at(30 * DAY)).await.unwrap().complete);
}

#[tokio::test]
async fn a_long_purge_goes_on_until_nothing_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&options(&folder)).await.unwrap();
    let mut transaction = store.writer.begin().await.unwrap();
    for number in 0..1_203_u16 {
        let [high, low] = number.to_be_bytes();
        let mut start = record(0);
        start.session.0 = [high, low, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        row::insert(&mut transaction, &start).await.unwrap();
    }
    sqlx::query("UPDATE records SET ended = started, end_reason = 'declined'")
        .execute(&mut *transaction)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(store.purge(at(31 * DAY)).await.unwrap().records, 1_203);
}

#[tokio::test]
async fn a_call_that_is_given_up_half_way_leaves_the_store_working() {
    let folder = tempfile::tempdir().unwrap();
    // What was given up may still be on its way to the disk when the next call begins.
    let patient = Options::new(folder.path().join("relay.db"));
    let store = Sqlite::open(&patient).await.unwrap();
    for polls in 0..60 {
        let record = record(polls);
        let mut call = store.open(&record);
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..polls {
            if call.as_mut().poll(&mut context).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    for number in 0..60 {
        let again = store.open(&record(number)).await;
        assert!(
            matches!(again, Ok(()) | Err(Error::AlreadyOpen { .. })),
            "{again:?}"
        );
    }
    assert_eq!(count(&store).await, 60);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_reads_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&options(&folder)).await.unwrap();
    store.open(&record(1)).await.unwrap();
    let files: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap())
        .collect();
    assert!(files.len() >= 2);
    for file in files {
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?} has mode {mode:o}", file.file_name());
    }
}

#[tokio::test]
async fn what_cannot_be_opened_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let missing = Options::new(folder.path().join("no/such/folder/relay.db"));
    let error = Sqlite::open(&missing).await.unwrap_err();
    assert!(
        matches!(&error, Error::Unavailable(text) if text.contains("relay.db")),
        "{error}"
    );

    let letter = Options::new(folder.path().join("letter.db"));
    fs::write(
        &letter.path,
        "Dear Amina, this is not a database.".repeat(100),
    )
    .unwrap();
    let error = Sqlite::open(&letter).await.unwrap_err();
    assert!(matches!(error, Error::Corrupt(_)), "{error:?}");
    assert!(
        fs::read_to_string(&letter.path)
            .unwrap()
            .starts_with("Dear Amina")
    );
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(&folder);
    let store = Sqlite::open(&options).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'from the future', TRUE, x'00', 0)",
    )
    .execute(&store.writer)
    .await
    .unwrap();
    store.close().await;
    assert!(matches!(
        Sqlite::open(&options).await,
        Err(Error::Schema(_))
    ));
}

#[tokio::test]
async fn a_damaged_row_is_an_error_and_not_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&options(&folder)).await.unwrap();
    store.open(&record(1)).await.unwrap();
    let damages = [
        "UPDATE records SET level = 'root'",
        "UPDATE records SET level = NULL, pair = 16",
        "UPDATE records SET pair = 0, features = -1",
        "UPDATE records SET features = 0, stalls = -1",
        "UPDATE records SET stalls = 0, session = 'x'",
    ];
    for damage in damages {
        sqlx::query(damage).execute(&store.writer).await.unwrap();
        let read = store
            .page(&Filter::tenant(contoso()), None, 10, at(0))
            .await;
        assert!(matches!(read, Err(Error::Corrupt(_))), "{damage}: {read:?}");
    }
}
