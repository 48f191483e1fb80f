//! How the file is opened: settings of its connections, and who may read it.

use std::path::PathBuf;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};

use crate::error::Error;

/// Where the file is and how it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The database file; its folder must exist.
    pub path: PathBuf,
    /// How long a call waits for another process that holds the lock.
    pub busy_timeout: Duration,
    /// How many reads happen at once.
    pub readers: u32,
}

impl Options {
    /// The file at this place with the settings of a production relay.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            busy_timeout: Duration::from_secs(5),
            readers: 4,
        }
    }

    fn connection(&self) -> SqliteConnectOptions {
        SqliteConnectOptions::new()
            .filename(&self.path)
            .busy_timeout(self.busy_timeout)
    }

    /// Waiting for a connection of the pool ends a little later than waiting for the lock, which has the better message.
    fn pool(&self, connections: u32) -> SqlitePoolOptions {
        let wait = self
            .busy_timeout
            .saturating_mul(2)
            .max(Duration::from_secs(1));
        SqlitePoolOptions::new()
            .max_connections(connections)
            .min_connections(connections)
            .acquire_timeout(wait)
            .idle_timeout(None)
            .max_lifetime(None)
    }
}

/// The one connection that writes.
pub(super) async fn writer(options: &Options) -> Result<SqlitePool, Error> {
    create_private(options)?;
    let connection = options
        .connection()
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "ON");
    Ok(options.pool(1).connect_with(connection).await?)
}

/// The connections that read.
pub(super) async fn readers(options: &Options) -> Result<SqlitePool, Error> {
    let connection = options.connection().read_only(true);
    Ok(options
        .pool(options.readers.max(1))
        .connect_with(connection)
        .await?)
}

/// How far the schema of a file is, and how far this version knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schema {
    /// The newest migration that was done.
    pub applied: i64,
    /// The newest that this version knows.
    pub known: i64,
}

/// Reads it without a change.
pub(super) async fn schema(options: &Options, known: i64) -> Result<Schema, Error> {
    let mut connection = options.connection().read_only(true).connect().await?;
    let applied: Option<i64> = sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations")
        .fetch_one(&mut connection)
        .await?;
    connection.close().await?;
    let applied = applied.unwrap_or(0);
    Ok(Schema { applied, known })
}

/// SQLite gives its side files the mode of the main one, so only its owner reads any of them.
fn create_private(options: &Options) -> Result<(), Error> {
    let mut file = std::fs::OpenOptions::new();
    file.read(true).write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    match file.open(&options.path) {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::Unavailable(format!(
            "cannot open {}: {error}",
            options.path.display()
        ))),
    }
}
