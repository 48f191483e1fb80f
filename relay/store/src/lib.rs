//! Durable session records: traits per noun and the SQLite backend.
//!
//! [`Records`] is the trait, [`Memory`] and [`Sqlite`] are the backends, and one conformance suite runs
//! on both. No function reads a clock: `now` is always an argument.

#[cfg(test)]
mod conformance;
mod error;
mod memory;
mod order;
mod page;
mod record;
mod records;
mod sqlite;
mod time;
mod words;

pub use error::Error;
pub use memory::Memory;
pub use order::{By, Order};
pub use page::{Cursor, Filter, NotACursor, Page};
pub use record::{End, Ended, Live, NewRecord, Person, Quality, Record, Usage};
pub use records::{Answer, Day, Note, PENDING_LIMIT, Purged, RETENTION, Records};
pub use sqlite::{Options, Sqlite};
pub use time::Time;
pub use words::{Carrier, Compliance, EndReason, Feature, Features, NoSuchWord, Outcome};
