//! Roles: permissions under one name (PRODUCT 2.3).

use crate::{Permissions, RoleId};

/// Permissions under one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its id; the word of a built-in role is its id.
    pub id: RoleId,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it allows, as ticked; what follows from it is [`Permissions::implied`].
    pub permissions: Permissions,
    /// It came with the product and cannot be changed.
    pub built_in: bool,
}

impl Role {
    /// The roles that come with the product.
    pub fn built_in() -> Vec<Self> {
        BUILT_IN
            .into_iter()
            .map(|(id, name, description, permissions)| Self {
                id: RoleId(id.to_owned()),
                name: name.to_owned(),
                description: description.to_owned(),
                permissions,
                built_in: true,
            })
            .collect()
    }
}

const SCHOOL: Permissions = Permissions::OFFER
    .and(Permissions::VIEW)
    .and(Permissions::CONTROL)
    .and(Permissions::ELEVATION)
    .and(Permissions::DEVICES);

const BUILT_IN: [(&str, &str, &str, Permissions); 5] = [
    (
        "helpdesk-operator",
        "Helpdesk operator",
        "Helps in every way: view, full control, elevation, unattended control.",
        SCHOOL.and(Permissions::UNATTENDED),
    ),
    (
        "school-administrator",
        "School administrator",
        "Helps with view, full control and elevation.",
        SCHOOL,
    ),
    (
        "viewer",
        "Viewer",
        "Helps by looking on.",
        Permissions::OFFER.and(Permissions::VIEW),
    ),
    (
        "auditor",
        "Auditor",
        "Reads session records and the log of changes.",
        Permissions::RECORDS.and(Permissions::AUDIT),
    ),
    (
        "administrator",
        "Administrator",
        "Sets the organisation up: settings, roles, people, devices. Gives no right to help by itself.",
        Permissions::ADMINISTRATION,
    ),
];
