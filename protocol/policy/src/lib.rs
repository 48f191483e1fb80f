//! Who may do what. This crate depends on nothing, so that a reviewer can read all of it alone.
//!
//! Authority is a value that is handed on, never a boolean that is looked up again:
//!
//! 1. [`effective`] unites the [`Assignment`]s of a helper for one sharer into [`Permissions`].
//! 2. [`decide`] turns a [`Request`] into a [`Permit`], or into a [`Denial`] with the reason.
//! 3. [`consent`] turns a permit of that moment and the sharer's [`Reply`] into a [`Grant`].
//! 4. [`Gate::open`] on the sharer's machine turns the grant into an [`InputPass`], and [`Gate::admit`] judges every event.
//!
//! Time is a `Duration` since some start, passed in by the caller.

mod access;
mod assignment;
mod compliance;
mod consent;
mod decide;
mod gate;
mod id;
mod level;
mod permissions;
mod role;
mod settings;

pub use access::{AccessRule, Moment, Network, SignedIn};
pub use assignment::{Assignment, Machine, Scope, Subject};
pub use compliance::{Action, Compliance, ComplianceRule};
pub use consent::{
    CHALLENGE_EVERY, FIRST_ANSWER, GRANT_LIFE, Grant, PICTURE_LIFE, Question, RAISE_ANSWER,
    Refusal, Reply, consent, lower, renew,
};
pub use decide::{Denial, Permit, Request, Tenant, decide, may_offer};
pub use gate::{Gate, GrantRefused, InputPass, Opened, Shut};
pub use id::{
    DeviceId, GroupId, HandshakeHash, NotAnId, PairId, PersonId, PublicBytes, RoleId, RuleId,
    SessionId, TenantId,
};
pub use level::{Level, NoSuchLevel};
pub use permissions::{Permissions, Readable};
pub use role::Role;
pub use settings::Settings;
