//! Assignments: who may help whom, with which permissions (PRODUCT 2.4-2.6).

use crate::{Compliance, GroupId, Permissions, PersonId, RoleId, RuleId};

/// A role, given to some people, over some people and devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Its id.
    pub id: RuleId,
    /// What an administrator calls it; named in explanations.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// The role.
    pub role: RoleId,
    /// What the role allows.
    pub permissions: Permissions,
    /// Groups whose members hold it.
    pub groups: Vec<GroupId>,
    /// People who hold it by themselves: the first administrator, and organisations without groups.
    pub people: Vec<PersonId>,
    /// Whom and what it is about.
    pub scope: Scope,
}

/// The people and devices that a rule is about. It covers a session if any part of it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Everybody of the tenant.
    pub all_users: bool,
    /// Every enrolled device of the tenant (PRODUCT 2.6).
    pub all_devices: bool,
    /// Members of these groups.
    pub users: Vec<GroupId>,
    /// Enrolled devices in these groups.
    pub devices: Vec<GroupId>,
}

/// A person as policy sees one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Who.
    pub id: PersonId,
    /// Groups, as provider and SCIM say.
    pub groups: Vec<GroupId>,
}

/// The machine that is shared, as policy sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Machine {
    /// It is not enrolled: it belongs to no group, and only its user's scope covers it (PRODUCT 2.6).
    Unenrolled,
    /// It is enrolled.
    Enrolled {
        /// Device groups.
        groups: Vec<GroupId>,
        /// What is known about it.
        compliance: Compliance,
    },
}

impl Assignment {
    /// Whether the person holds it.
    pub fn is_held_by(&self, person: &Subject) -> bool {
        self.people.contains(&person.id) || meet(&self.groups, &person.groups)
    }
}

impl Scope {
    /// Whether it covers a session of this sharer on this machine. A machine that is not enrolled is covered only through its user
    /// (PRODUCT 2.6).
    pub fn covers(&self, sharer: &Subject, machine: &Machine) -> bool {
        let through_user = self.all_users || meet(&self.users, &sharer.groups);
        through_user
            || match machine {
                Machine::Unenrolled => false,
                Machine::Enrolled { groups, .. } => self.all_devices || meet(&self.devices, groups),
            }
    }
}

impl Machine {
    /// What is known about it.
    pub fn compliance(&self) -> Compliance {
        match self {
            Self::Unenrolled => Compliance::NotEnrolled,
            Self::Enrolled { compliance, .. } => *compliance,
        }
    }
}

fn meet(some: &[GroupId], others: &[GroupId]) -> bool {
    some.iter().any(|one| others.contains(one))
}
