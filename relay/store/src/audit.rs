//! The log of administrators' changes (PRODUCT 8.3).

use std::net::IpAddr;
use std::time::Duration;

use policy::TenantId;
use serde_json::Value;

use crate::records::Answer;
use crate::time::Time;

/// A change is shown for this long, and deleted afterwards (PRODUCT 8.3).
pub const AUDIT_RETENTION: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Who makes a change, when and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Who.
    pub actor: Actor,
    /// When.
    pub at: Time,
    /// From where; `None` on the relay's own host.
    pub source: Option<IpAddr>,
}

/// A person, a token or a command on the relay's host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Id of the person or the token.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// What was done to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// `create`, `change`, `delete`, ...
    pub action: String,
    /// `role`, `assignment`, `settings`, ...
    pub kind: String,
    /// Its id.
    pub id: String,
    /// What it was called then.
    pub name: String,
    /// What it was; `None` if it was not.
    pub before: Option<Value>,
    /// What it is; `None` if it is no more.
    pub after: Option<Value>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its number; later changes have larger ones.
    pub id: i64,
    /// Who, when and from where.
    pub act: Act,
    /// What.
    pub object: Object,
}

/// Which changes are wanted. Every part narrows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    /// Only by this actor.
    pub actor: Option<String>,
    /// Only of this kind of object.
    pub object_kind: Option<String>,
    /// Only this action.
    pub action: Option<String>,
}

/// Some changes, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePage {
    /// At most as many as were asked for.
    pub changes: Vec<Change>,
    /// Where to go on; `None` at the end.
    pub next: Option<i64>,
}

/// Changes are added and read. Nothing changes or deletes one before its time.
pub trait Audit: Send + Sync {
    /// Adds what was done outside the store: an export, a session that was ended.
    fn note<'a>(&'a self, tenant: &'a TenantId, act: &'a Act, object: &'a Object)
    -> Answer<'a, ()>;

    /// At most `size` changes, newest first, beginning behind the change `after`.
    fn changes<'a>(
        &'a self,
        tenant: &'a TenantId,
        filter: &'a ChangeFilter,
        after: Option<i64>,
        size: usize,
        now: Time,
    ) -> Answer<'a, ChangePage>;
}
