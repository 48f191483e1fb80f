//! The people and devices that a rule is about, as JSON.

use policy::GroupId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The people and devices that a rule is about. It covers a session if any part of it does.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Scope {
    /// Everybody of the organisation.
    #[serde(default)]
    all_users: bool,
    /// Every enrolled device of the organisation.
    #[serde(default)]
    all_devices: bool,
    /// Members of these groups.
    #[serde(default)]
    users: Vec<String>,
    /// Enrolled devices in these groups.
    #[serde(default)]
    devices: Vec<String>,
}

impl From<&policy::Scope> for Scope {
    fn from(scope: &policy::Scope) -> Self {
        let texts = |ids: &[GroupId]| ids.iter().map(|id| id.0.clone()).collect();
        Self {
            all_users: scope.all_users,
            all_devices: scope.all_devices,
            users: texts(&scope.users),
            devices: texts(&scope.devices),
        }
    }
}

impl From<Scope> for policy::Scope {
    fn from(scope: Scope) -> Self {
        let ids = |texts: Vec<String>| texts.into_iter().map(GroupId).collect();
        Self {
            all_users: scope.all_users,
            all_devices: scope.all_devices,
            users: ids(scope.users),
            devices: ids(scope.devices),
        }
    }
}
