//! Assignments: which groups may help which groups, with which permissions (PRODUCT 2.4-2.5).

use crate::Permissions;

/// A role, given to the members of some groups, over some people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// What an administrator calls it; named in explanations.
    pub name: String,
    /// What it allows.
    pub permissions: Permissions,
    /// Groups whose members hold it.
    pub helpers: Vec<String>,
    /// The people it is about.
    pub scope: Scope,
}

/// The people whom an assignment is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everybody of the tenant.
    AllUsers,
    /// Members of these groups.
    Groups(Vec<String>),
}

impl Assignment {
    fn held_by(&self, groups: &[String]) -> bool {
        groups.iter().any(|group| self.helpers.contains(group))
    }
}

impl Scope {
    fn covers(&self, groups: &[String]) -> bool {
        match self {
            Self::AllUsers => true,
            Self::Groups(scope) => groups.iter().any(|group| scope.contains(group)),
        }
    }
}

/// What members of `helper` groups may do, whoever the sharer will be: the ceiling of the start dialog.
pub fn held(assignments: &[Assignment], helper: &[String]) -> Permissions {
    unite(
        assignments
            .iter()
            .filter(|assignment| assignment.held_by(helper)),
    )
}

/// What members of `helper` groups may do with members of `sharer` groups.
///
/// Permissions are united only over assignments whose scope covers *this* sharer: never permissions first and scopes second.
pub fn effective(assignments: &[Assignment], helper: &[String], sharer: &[String]) -> Permissions {
    unite(
        assignments
            .iter()
            .filter(|assignment| assignment.held_by(helper) && assignment.scope.covers(sharer)),
    )
}

fn unite<'a>(assignments: impl Iterator<Item = &'a Assignment>) -> Permissions {
    assignments.fold(Permissions::NONE, |all, assignment| {
        all.and(assignment.permissions.implied())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assignment(permissions: Permissions, helpers: &str, scope: Scope) -> Assignment {
        Assignment {
            name: helpers.into(),
            permissions,
            helpers: vec![helpers.into()],
            scope,
        }
    }

    /// PRODUCT 2.5: the classic hole is a wide scope of one assignment with the strong permission of another.
    #[test]
    fn permissions_never_leak_from_one_scope_into_another() {
        let everybody = assignment(Permissions::VIEW, "desk", Scope::AllUsers);
        let few = assignment(
            Permissions::CONTROL,
            "desk",
            Scope::Groups(vec!["pupils".into()]),
        );
        let all = [everybody, few];
        let desk = ["desk".to_owned()];
        assert_eq!(effective(&all, &desk, &["staff".into()]), Permissions::VIEW);
        assert!(effective(&all, &desk, &["pupils".into()]).contain(Permissions::CONTROL));
        assert_eq!(
            effective(&all, &["other".into()], &["pupils".into()]),
            Permissions::NONE
        );
        assert!(held(&all, &desk).contain(Permissions::CONTROL));
    }
}
