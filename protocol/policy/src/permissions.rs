//! Permissions of a helper and the roles that bundle them (PRODUCT 2.1-2.3).

use crate::{Level, Role};

/// A set of permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Permissions(u32);

/// Whose session records a person may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readable {
    /// Those of the whole organisation.
    All,
    /// Those where the person helped.
    Own,
}

impl Permissions {
    /// No permission at all.
    pub const NONE: Self = Self(0);
    /// View the screen.
    pub const VIEW: Self = Self(1);
    /// Take full control.
    pub const CONTROL: Self = Self(2);
    /// Elevation.
    pub const ELEVATION: Self = Self(4);
    /// Unattended control.
    pub const UNATTENDED: Self = Self(8);
    /// Offer remote assistance: needed to start any session, implied by nothing, implies nothing.
    pub const OFFER: Self = Self(16);

    /// Read every session record of the tenant, and see the sessions that go on; says nothing about helping.
    pub const RECORDS: Self = Self(32);
    /// Read the log of administrators' changes.
    pub const AUDIT: Self = Self(64);
    /// Change settings, compliance rules and rules of conditional access.
    pub const SETTINGS: Self = Self(128);
    /// Change roles and assignments; what may be given is bounded by [`crate::may_give`].
    pub const ROLES: Self = Self(256);
    /// See devices and their state (PRODUCT 6.3).
    pub const DEVICES: Self = Self(512);
    /// Read people and groups, enrol devices and put them into groups, report compliance.
    pub const DIRECTORY: Self = Self(1024);
    /// End sessions of others.
    pub const END_SESSIONS: Self = Self(2048);

    /// All permissions to help.
    pub const HELP: Self = Self(31);
    /// Every permission there is.
    pub const ALL: Self = Self::HELP.and(Self::ADMINISTRATION);
    /// All permissions that are not about helping.
    pub const ADMINISTRATION: Self = Self(32 | 64 | 128 | 256 | 512 | 1024 | 2048);

    /// Every single permission and its word, lowest first.
    pub const WORDS: [(&'static str, Self); 12] = [
        ("view", Self::VIEW),
        ("control", Self::CONTROL),
        ("elevation", Self::ELEVATION),
        ("unattended", Self::UNATTENDED),
        ("offer", Self::OFFER),
        ("records", Self::RECORDS),
        ("audit", Self::AUDIT),
        ("settings", Self::SETTINGS),
        ("roles", Self::ROLES),
        ("devices", Self::DEVICES),
        ("directory", Self::DIRECTORY),
        ("end-sessions", Self::END_SESSIONS),
    ];

    /// All 32 sets of permissions to help, for tables.
    pub fn every() -> impl Iterator<Item = Self> {
        (0..=Self::HELP.0).map(Self)
    }

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both sets.
    #[must_use]
    pub const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// This set without `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether all of `other` is in this set.
    pub fn contain(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The set with everything that it implies, even where the implied box says No (PRODUCT 2.2).
    #[must_use]
    pub fn implied(self) -> Self {
        let mut set = self;
        for (ticked, implied) in [
            (Self::UNATTENDED, Self::ELEVATION),
            (Self::ELEVATION, Self::CONTROL),
            (Self::CONTROL, Self::VIEW),
        ] {
            if set.contain(ticked) {
                set = set.and(implied);
            }
        }
        set
    }

    /// The highest level that the set allows.
    pub fn ceiling(self) -> Option<Level> {
        let set = self.implied();
        Level::ALL
            .into_iter()
            .rev()
            .find(|level| set.contain(Self::needed_for(*level)))
    }

    /// Whose session records may be read (PRODUCT 2.3, 8.4).
    pub fn readable(self) -> Readable {
        if self.contain(Self::RECORDS) {
            Readable::All
        } else {
            Readable::Own
        }
    }

    /// The permission that a level needs.
    pub fn needed_for(level: Level) -> Self {
        match level {
            Level::View => Self::VIEW,
            Level::Control => Self::CONTROL,
            Level::Elevation => Self::ELEVATION,
            Level::Unattended => Self::UNATTENDED,
        }
    }

    /// The permissions of a built-in role; `None` for a word that names no such role (PRODUCT 2.3).
    pub fn of_role(role: &str) -> Option<Self> {
        let found = Role::built_in().into_iter().find(|one| one.id.0 == role);
        found.map(|role| role.permissions)
    }

    /// The permission that API and configuration call by this word.
    pub fn of_word(word: &str) -> Option<Self> {
        let found = Self::WORDS.into_iter().find(|(known, _)| *known == word);
        found.map(|(_, permission)| permission)
    }

    /// The words of the set, lowest first.
    pub fn words(self) -> Vec<&'static str> {
        let held = Self::WORDS
            .into_iter()
            .filter(|(_, one)| self.contain(*one));
        held.map(|(word, _)| word).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reading records is given by its own permission and by nothing else, not even by every right to help.
    #[test]
    fn only_the_permission_for_records_opens_those_of_others() {
        for role in ["helpdesk-operator", "school-administrator", "viewer"] {
            let permissions = Permissions::of_role(role).unwrap().implied();
            assert_eq!(permissions.readable(), Readable::Own, "{role}");
        }
        for role in ["auditor", "administrator"] {
            let permissions = Permissions::of_role(role).unwrap();
            assert_eq!(permissions.readable(), Readable::All, "{role}");
            assert_eq!(permissions.ceiling(), None, "{role} gives no help");
        }
    }
}
