//! Who may do what: levels, permissions, decisions, consent, grants.
//!
//! This crate depends on nothing, so that a reviewer can read all of it alone.

mod id;
mod level;

pub use id::{DeviceId, NotASessionId, PairId, PersonId, SessionId, TenantId};
pub use level::{Level, NoSuchLevel};
