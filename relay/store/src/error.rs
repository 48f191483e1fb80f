//! What can go wrong when a record is kept or read.

use policy::{PairId, SessionId};

use crate::refused::Refused;

/// Why the store could not do what was asked. Nothing of a failed call was kept; everything that an
/// earlier call confirmed still is.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody else held the database for longer than the busy timeout. The same call may be made again.
    #[error("the database is locked by another process; nothing was written, try again")]
    Busy,
    /// No space is left for the database.
    #[error("the disk of the database is full; nothing was written, free space and try again")]
    Full,
    /// The database cannot be opened, read or written at all.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// The database was written by something else, or damaged.
    #[error("the database is damaged: {0}")]
    Corrupt(String),
    /// The schema is not one that this version knows.
    #[error("the database schema does not fit this version: {0}")]
    Schema(String),
    /// This place in the session has an open record already.
    #[error("session {session} has an open record for helper place {}", pair.number())]
    AlreadyOpen {
        /// The session.
        session: SessionId,
        /// The helper's place in it.
        pair: PairId,
    },
    /// The database is well; the change may not be made.
    #[error(transparent)]
    Refused(#[from] Refused),
}
