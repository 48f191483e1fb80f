//! Who may do what. This crate depends on nothing, so that a reviewer can read all of it alone.
//!
//! Authority is a value that is handed on, never a boolean that is looked up again:
//!
//! 1. [`Policy`] holds the rules of a tenant; [`Policy::effective`] unites the [`Assignment`]s of a helper for one session into [`Permissions`].
//! 2. [`decide`] turns a [`Request`] about a [`Case`] into a [`Permit`], or into a [`Denial`] with the reason.
//! 3. [`consent`] turns a permit of that moment and the sharer's [`Reply`] into a [`Grant`].
//! 4. [`Gate::open`] on the sharer's machine turns the grant into an [`InputPass`], and [`Gate::admit`] judges every event.
//!
//! [`explain`] and [`what_if`] say why, and what other rules would do. [`may_give`] bounds what administrators may change.
//! Time is a `Duration` since some start, passed in by the caller.

mod access;
mod assignment;
mod case;
mod compliance;
mod consent;
mod decide;
#[cfg(test)]
mod dice;
mod explain;
mod gate;
mod giving;
mod id;
mod index;
mod level;
mod network;
mod permissions;
mod policy;
mod role;
mod second_authority;
mod settings;
mod what_if;

pub use access::{AccessRule, Lacks, Moment, SignedIn, Unmet};
pub use assignment::{Assignment, Machine, Scope, Subject};
pub use case::Case;
pub use compliance::{Action, Compliance, ComplianceRule, NoSuchWord, Warning};
pub use consent::{
    CHALLENGE_EVERY, FIRST_ANSWER, GRANT_LIFE, Grant, INVITATION_LIFE, PICTURE_LIFE, Question,
    RAISE_ANSWER, Refusal, Reply, consent, lower, renew,
};
pub use decide::{
    Denial, Joining, Permit, Request, Side, could_help, decide, may_join, may_offer, may_sign_in,
    would_permit,
};
pub use explain::{AccessLine, Bearing, Explanation, explain};
pub use gate::{Gate, GrantRefused, InputPass, Opened, Shut};
pub use giving::{Refused, held_over, may_assign, may_change_role, may_give};
pub use id::{
    DeviceId, GroupId, HandshakeHash, NotAnId, PairId, PersonId, PublicBytes, RoleId, RuleId,
    SessionId, TenantId,
};
pub use level::{Level, NoSuchLevel};
pub use network::{Network, NotANetwork};
pub use permissions::{Permissions, Readable};
pub use policy::Policy;
pub use role::Role;
pub use second_authority::{AUTHORITY_AGE, Authority, Lacking, RoleClaim, second_authority};
pub use settings::Settings;
pub use what_if::{Change, Past, what_if};
