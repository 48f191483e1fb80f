//! A store in a temporary folder, and what tests put into it.

use policy::{Assignment, Permissions, Role, RoleId, RuleId, Scope};
use tempfile::TempDir;

use super::{Options, Sqlite};
use crate::audit::{Act, Actor, Audit, ChangeFilter};
use crate::conformance::{at, contoso};
use crate::error::Error;
use crate::refused::Refused;

pub(super) async fn store() -> (TempDir, Sqlite) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options::new(folder.path().join("relay.db"));
    let store = Sqlite::open(&options).await.unwrap();
    (folder, store)
}

/// What an administrator does at the start of the test.
pub(super) fn act() -> Act {
    Act {
        actor: Actor {
            id: "ada".to_owned(),
            name: "Ada Admin".to_owned(),
        },
        at: at(0),
        source: Some("192.0.2.1".parse().unwrap()),
    }
}

pub(super) fn id(number: u8) -> String {
    format!("{number:032x}")
}

pub(super) fn role(number: u8, name: &str) -> Role {
    Role {
        id: RoleId(id(number)),
        name: name.to_owned(),
        description: String::new(),
        permissions: Permissions::OFFER.and(Permissions::VIEW),
        built_in: false,
    }
}

pub(super) fn assignment(number: u8, name: &str, role: &str) -> Assignment {
    Assignment {
        id: RuleId(id(number)),
        name: name.to_owned(),
        description: "for tests".to_owned(),
        role: RoleId(role.to_owned()),
        permissions: Permissions::NONE,
        groups: Vec::new(),
        people: Vec::new(),
        scope: Scope {
            all_users: true,
            ..Scope::default()
        },
    }
}

/// Why it was refused, if it was.
pub(super) fn refusal<T>(result: Result<T, Error>) -> Option<Refused> {
    match result {
        Ok(_) => None,
        Err(Error::Refused(refused)) => Some(refused),
        Err(other) => panic!("{other}"),
    }
}

/// The log of changes, newest first: action and kind.
pub(super) async fn audited(store: &Sqlite) -> Vec<String> {
    let page = store
        .changes(&contoso(), &ChangeFilter::default(), None, 1_000, at(0))
        .await
        .unwrap();
    let objects = page.changes.into_iter().map(|change| change.object);
    objects
        .map(|object| format!("{} {}", object.action, object.kind))
        .collect()
}
