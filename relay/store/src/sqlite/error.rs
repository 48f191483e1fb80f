//! What SQLite's result codes mean for the caller.

use sqlx::migrate::MigrateError;

use crate::error::Error;

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let text = error.to_string();
        if let Some(database) = error.as_database_error() {
            let code = database.code().and_then(|code| code.parse().ok());
            return by_code(code.unwrap_or_default(), text);
        }
        if matches!(error, sqlx::Error::PoolTimedOut) {
            return Self::Busy;
        }
        if matches!(
            error,
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::ColumnNotFound(_)
        ) {
            return Self::Corrupt(text);
        }
        Self::Unavailable(text)
    }
}

/// See <https://sqlite.org/rescode.html>; the low byte of an extended code is its primary code.
fn by_code(code: u32, text: String) -> Error {
    const BUSY: u32 = 5;
    const LOCKED: u32 = 6;
    const CORRUPT: u32 = 11;
    const FULL: u32 = 13;
    const NOT_A_DATABASE: u32 = 26;
    match code & 0xff {
        BUSY | LOCKED => Error::Busy,
        FULL => Error::Full,
        CORRUPT | NOT_A_DATABASE => Error::Corrupt(text),
        _ => Error::Unavailable(text),
    }
}

/// Why the schema could not be brought up to date.
pub(super) fn migration(error: MigrateError) -> Error {
    let text = error.to_string();
    if let MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) = error {
        return error.into();
    }
    Error::Schema(text)
}
