//! People and groups, as provider, SCIM and administrators say (PRODUCT 1.10, 2.4).

use policy::{GroupId, PersonId, TenantId};

use crate::audit::Act;
use crate::place::{Listed, Place};
use crate::records::Answer;
use crate::time::Time;
use crate::words::{GroupKind, Source};

/// A group changes by at most this many members at once.
pub const MEMBER_LIMIT: usize = 10_000;

/// Somebody of the organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The subject that the issuer vouches for.
    pub id: PersonId,
    /// What the person signs in with.
    pub user_name: String,
    /// Full name.
    pub name: String,
    /// First name.
    pub given: String,
    /// Last name.
    pub family: String,
    /// Job title.
    pub title: String,
    /// Company.
    pub company: String,
    /// E-mail address; names nobody (ids do).
    pub email: String,
    /// May sign in (PRODUCT 1.10).
    pub active: bool,
    /// SCIM's `externalId`.
    pub external_id: Option<String>,
    /// SCIM's `id`.
    pub scim_id: Option<String>,
    /// Who says so: a token's claims, or SCIM.
    pub source: Source,
    /// When the person last signed in.
    pub last_seen: Option<Time>,
}

/// People or devices under one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Of what.
    pub kind: GroupKind,
    /// What people call it.
    pub name: String,
    /// SCIM's `externalId`.
    pub external_id: Option<String>,
    /// SCIM's `id`.
    pub scim_id: Option<String>,
    /// Who says so.
    pub source: Source,
}

/// Which members a group gets and loses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Members<'a> {
    /// Who says so: members that another source names stay.
    pub source: Option<Source>,
    /// Ids of people or devices, as the group's kind says.
    pub add: &'a [String],
    /// Ids of people or devices; applied before `add`.
    pub remove: &'a [String],
}

/// The people and groups of a tenant.
pub trait Directory: Send + Sync {
    /// Keeps what a verified token says about a person: who it is, and the groups that it names. Replaces the memberships that
    /// earlier tokens named, and no others. What SCIM said about the person stands. Answers the person as kept: one that is
    /// not [`Entry::active`] may not sign in.
    fn note_sign_in<'a>(
        &'a self,
        tenant: &'a TenantId,
        person: &'a Entry,
        groups: &'a [GroupId],
        now: Time,
    ) -> Answer<'a, Entry>;

    /// The groups that the person is in, whoever says so.
    fn groups_of<'a>(
        &'a self,
        tenant: &'a TenantId,
        person: &'a PersonId,
    ) -> Answer<'a, Vec<GroupId>>;

    /// One person.
    fn person<'a>(&'a self, tenant: &'a TenantId, id: &'a PersonId) -> Answer<'a, Option<Entry>>;

    /// The person with this `id` of SCIM.
    fn person_of_scim<'a>(
        &'a self,
        tenant: &'a TenantId,
        scim_id: &'a str,
    ) -> Answer<'a, Option<Entry>>;

    /// People whose name, user name or e-mail address begins with `search`, by name.
    fn people<'a>(
        &'a self,
        tenant: &'a TenantId,
        search: &'a str,
        after: Option<Place>,
        size: usize,
    ) -> Answer<'a, Listed<Entry>>;

    /// Makes or changes a person; when one was last seen stays.
    ///
    /// # Errors
    /// [`crate::Refused::Taken`] if another person has this `externalId`, `id` of SCIM, or (with SCIM) `userName`.
    fn put_person<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        person: &'a Entry,
    ) -> Answer<'a, ()>;

    /// Whether the person may sign in. Answers `false` if there is no such person.
    fn set_active<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        id: &'a PersonId,
        active: bool,
    ) -> Answer<'a, bool>;

    /// Deletes a person with all memberships; `false` if there is no such person. Of one whom SCIM named, id and name stay, shut
    /// out: whoever was taken away does not come back by signing in, but by SCIM or [`Self::set_active`].
    fn delete_person<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        id: &'a PersonId,
    ) -> Answer<'a, bool>;

    /// One group.
    fn group<'a>(&'a self, tenant: &'a TenantId, id: &'a GroupId) -> Answer<'a, Option<Group>>;

    /// The group with this `id` of SCIM.
    fn group_of_scim<'a>(
        &'a self,
        tenant: &'a TenantId,
        scim_id: &'a str,
    ) -> Answer<'a, Option<Group>>;

    /// Groups whose name begins with `search`, by name.
    fn groups<'a>(
        &'a self,
        tenant: &'a TenantId,
        kind: GroupKind,
        search: &'a str,
        after: Option<Place>,
        size: usize,
    ) -> Answer<'a, Listed<Group>>;

    /// Makes or changes a group: a local one, or one of SCIM.
    ///
    /// # Errors
    /// [`crate::Refused::Taken`] if another group has this `externalId` or `id` of SCIM; [`crate::Refused::Value`] if the group
    /// is one of the other kind.
    fn put_group<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        group: &'a Group,
    ) -> Answer<'a, ()>;

    /// Deletes a group with all memberships; `false` if there is no such group. Rules that name it go on naming it.
    fn delete_group<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        id: &'a GroupId,
    ) -> Answer<'a, bool>;

    /// Ids of the group's members in their own order, beginning behind `after`; at most `size` and at most [`MEMBER_LIMIT`].
    fn members<'a>(
        &'a self,
        tenant: &'a TenantId,
        group: &'a GroupId,
        after: Option<&'a str>,
        size: usize,
    ) -> Answer<'a, Vec<String>>;

    /// Removes and adds members, all at once; without a source in `members`, those of the group's own source. Answers
    /// `false` if there is no such group.
    ///
    /// # Errors
    /// [`crate::Refused::TooMany`] above [`MEMBER_LIMIT`].
    fn set_members<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        group: &'a GroupId,
        members: Members<'a>,
    ) -> Answer<'a, bool>;
}
