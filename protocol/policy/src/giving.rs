//! What an administrator may give away: nobody makes themselves stronger (PRODUCT 2.8).
//!
//! The rule has two halves, because the two kinds of permissions are used by different people.
//!
//! - *Permissions to help* are used on others. Somebody with [`Permissions::ROLES`] may give them to others without holding them:
//!   the role *administrator* gives no right to help (PRODUCT 2.3), and an organisation whose administrators had to be
//!   helpers first would give both to one person. They may not give them to *themselves*, neither by name nor through a
//!   group of theirs, unless they hold each of them already for everything that it is about.
//! - *Permissions to administer* are used on the rules. Whoever gives one to anybody could have that person give it back, so they
//!   have to hold each that they give, whoever receives it.
//!
//! Taking away is always allowed. What is in the provider's groups, and who is in them, is the provider's say: an administrator who
//! also rules the provider is not held by this.

use crate::{Assignment, GroupId, Permissions, Policy, RoleId, Scope, Subject};

/// Why something may not be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The person may not change roles and assignments.
    MayNotGive,
    /// The person does not hold these permissions to administer.
    BeyondOwn(Permissions),
    /// The person would get these permissions to help.
    ToOneself(Permissions),
}

/// Whether a person who holds `giver` may give the permissions of a role. If the receivers include the giver, `giver` is what
/// they hold over all that it is about; [`may_assign`] and [`may_change_role`] see to that. The reasons stand above.
pub fn may_give(
    giver: Permissions,
    role: Permissions,
    receiver_includes_giver: bool,
) -> Result<(), Refused> {
    if !giver.contain(Permissions::ROLES) {
        return Err(Refused::MayNotGive);
    }
    let beyond = role.implied().without(giver.implied());
    let administration = beyond.both(Permissions::ADMINISTRATION);
    if administration != Permissions::NONE {
        return Err(Refused::BeyondOwn(administration));
    }
    if receiver_includes_giver && beyond != Permissions::NONE {
        return Err(Refused::ToOneself(beyond));
    }
    Ok(())
}

/// Whether a person may make an assignment, change it (`before` is what it was), or take it away (`after` is `None`).
///
/// A change gives everything that the assignment allows afterwards, unless it only narrows: fewer permissions, receivers and
/// people whom it is about. So a description can be corrected by somebody who could not have made the assignment.
pub fn may_assign(
    policy: &Policy,
    giver: &Subject,
    before: Option<&Assignment>,
    after: Option<&Assignment>,
) -> Result<(), Refused> {
    let narrows = |after: &&Assignment| before.is_some_and(|before| is_within(after, before));
    let Some(after) = after.filter(|after| !narrows(after)) else {
        return may_give(policy.held(giver), Permissions::NONE, false);
    };
    let over = held_over(policy, giver, &after.scope);
    may_give(over, after.permissions, after.is_held_by(giver))
}

/// Whether a person may change what a role allows. What it allows newly is given to all who hold it.
pub fn may_change_role(
    policy: &Policy,
    giver: &Subject,
    role: &RoleId,
    before: Permissions,
    after: Permissions,
) -> Result<(), Refused> {
    let given = after.implied().without(before.implied());
    may_give(policy.held(giver), given, false)?;
    let mut own = policy.assignments().iter();
    own.by_ref()
        .filter(|one| one.role == *role && one.is_held_by(giver))
        .try_for_each(|one| may_give(held_over(policy, giver, &one.scope), given, true))
}

/// What a person holds over everything in a scope, and the permissions to administer, which have no scope.
pub fn held_over(policy: &Policy, person: &Subject, scope: &Scope) -> Permissions {
    let held = policy.held(person);
    let own = policy.assignments().iter();
    let own: Vec<&Assignment> = own.filter(|one| one.is_held_by(person)).collect();
    let over = |part: &Scope| {
        let covering = own.iter().filter(|one| part.is_within(&one.scope));
        covering.fold(Permissions::NONE, |all, one| {
            all.and(one.permissions.implied())
        })
    };
    let help = scope.parts().fold(held, |all, part| all.both(over(&part)));
    held.both(Permissions::ADMINISTRATION)
        .and(help.both(Permissions::HELP))
}

/// Whether an assignment gives nothing to nobody that another does not give.
fn is_within(after: &Assignment, before: &Assignment) -> bool {
    before
        .permissions
        .implied()
        .contain(after.permissions.implied())
        && after.groups.iter().all(|one| before.groups.contains(one))
        && after.people.iter().all(|one| before.people.contains(one))
        && after.scope.is_within(&before.scope)
}

impl Scope {
    /// Whether another scope covers every session that this one covers, whoever is in which group.
    pub fn is_within(&self, other: &Self) -> bool {
        let every_device = other.all_users || other.all_devices;
        let among = |all: bool, own: &[GroupId], others: &[GroupId]| {
            all || own.iter().all(|one| others.contains(one))
        };
        (other.all_users || !self.all_users)
            && (every_device || !self.all_devices)
            && among(other.all_users, &self.users, &other.users)
            && among(every_device, &self.devices, &other.devices)
    }

    /// The scope taken apart: it covers what any of these covers.
    fn parts(&self) -> impl Iterator<Item = Self> {
        let users = self.users.iter().map(|one| Self {
            users: vec![one.clone()],
            ..Self::default()
        });
        let devices = self.devices.iter().map(|one| Self {
            devices: vec![one.clone()],
            ..Self::default()
        });
        let everybody = self.all_users.then(|| Self {
            all_users: true,
            ..Self::default()
        });
        let every_device = self.all_devices.then(|| Self {
            all_devices: true,
            ..Self::default()
        });
        users.chain(devices).chain(everybody).chain(every_device)
    }
}

#[cfg(test)]
mod tests;
