//! Durable session records, and all that administrators set up: traits per noun and the SQLite backend.
//!
//! [`Records`] has two backends, [`Memory`] and [`Sqlite`], and one conformance suite runs on both. Everything else is kept by
//! [`Sqlite`] alone: [`Memory`] stands in for records only, because a SQLite file in a temporary folder is cheap enough for the
//! rest. What an administrator changes takes an [`Act`] and enters the log of changes in the same transaction; a change that is
//! [`Refused`] leaves nothing there. No function reads a clock: `now` is always an argument.

mod assignments;
mod audit;
#[cfg(test)]
mod conformance;
mod consents;
mod device;
mod devices;
mod directory;
mod error;
mod invitations;
mod memory;
mod order;
mod page;
mod place;
mod record;
mod records;
mod refused;
mod roles;
mod rules;
mod secret;
mod sqlite;
mod tenants;
mod text;
mod time;
mod tokens;
mod words;

pub use assignments::{ASSIGNMENT_LIMIT, Assignments};
pub use audit::{AUDIT_RETENTION, Act, Actor, Audit, Change, ChangeFilter, ChangePage, Object};
pub use consents::{CONSENT_LIMIT, Consent, Consents};
pub use device::{Device, REPORT_AGE, Reason, Report, Seen};
pub use devices::{DeviceFilter, Devices, SEEN_LIMIT, SEEN_RETENTION};
pub use directory::{Directory, Entry, Group, MEMBER_LIMIT, Members};
pub use error::Error;
pub use invitations::{INVITATION_LIFE, Invitations};
pub use memory::Memory;
pub use order::{By, Order};
pub use page::{Cursor, Filter, NotACursor, Page};
pub use place::{Listed, Place};
pub use record::{End, Ended, Live, NewRecord, Person, Quality, Record, Usage};
pub use records::{Answer, Day, Note, PENDING_LIMIT, Purged, RETENTION, Records};
pub use refused::Refused;
pub use roles::{ROLE_LIMIT, Roles};
pub use rules::{RULE_LIMIT, Rules};
pub use secret::SecretHash;
pub use sqlite::{Options, Schema, Sqlite};
pub use tenants::Tenants;
pub use time::Time;
pub use tokens::{NewToken, SECRET_RETENTION, TOKEN_LIFE, TOKEN_LIMIT, Token, Tokens};
pub use words::{
    Carrier, Compliance, DeviceState, EndReason, Feature, Features, GroupKind, NoSuchWord, Outcome,
    Source, TokenKind,
};
