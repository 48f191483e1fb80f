//! People, groups and who is in which.

mod groups;
pub(super) mod members;
mod people;
mod sign_in;
#[cfg(test)]
mod tests;

use policy::{GroupId, PersonId, TenantId};
use sqlx::{QueryBuilder, Sqlite as Dialect};

use super::Sqlite;
use super::transact::transact;
use crate::audit::Act;
use crate::directory::{Directory, Entry, Group, MEMBER_LIMIT, Members};
use crate::page::Page;
use crate::place::{Listed, Place};
use crate::records::Answer;
use crate::text::key;
use crate::time::Time;
use crate::words::GroupKind;

/// What stands behind this place, in the order of names, one row more than the page has.
pub(super) fn push_place(query: &mut QueryBuilder<Dialect>, after: Option<Place>, size: usize) {
    if let Some(after) = after {
        query
            .push(" AND (name_key, id) > (")
            .push_bind(after.key)
            .push(", ")
            .push_bind(after.id)
            .push(")");
    }
    query.push(" ORDER BY name_key, id LIMIT ");
    query.push_bind(i64::try_from(size + 1).unwrap_or(i64::MAX));
}

/// One of these columns begins with this text; columns of lower-case text.
pub(super) fn push_search(query: &mut QueryBuilder<Dialect>, columns: &[&str], search: &str) {
    let search = key(search.trim());
    if search.is_empty() {
        return;
    }
    let mut pattern = String::with_capacity(search.len() + 1);
    for one in search.chars() {
        if matches!(one, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(one);
    }
    pattern.push('%');
    query.push(" AND (");
    for (number, column) in columns.iter().enumerate() {
        let or = if number == 0 { "" } else { " OR " };
        query.push(format!("{or}{column} LIKE "));
        query.push_bind(pattern.clone()).push(" ESCAPE '\\'");
    }
    query.push(")");
}

impl Directory for Sqlite {
    fn note_sign_in<'a>(
        &'a self,
        tenant: &'a TenantId,
        person: &'a Entry,
        groups: &'a [GroupId],
        now: Time,
    ) -> Answer<'a, Entry> {
        transact!(self, |connection| {
            sign_in::note(connection, tenant, person, groups, now).await
        })
    }

    fn groups_of<'a>(
        &'a self,
        tenant: &'a TenantId,
        person: &'a PersonId,
    ) -> Answer<'a, Vec<GroupId>> {
        Box::pin(async move {
            let mut connection = self.readers.acquire().await?;
            members::groups_of(&mut connection, tenant, &person.0, GroupKind::People).await
        })
    }

    fn person<'a>(&'a self, tenant: &'a TenantId, id: &'a PersonId) -> Answer<'a, Option<Entry>> {
        Box::pin(async move {
            let mut connection = self.readers.acquire().await?;
            people::find(&mut connection, tenant, id).await
        })
    }

    fn person_of_scim<'a>(
        &'a self,
        tenant: &'a TenantId,
        scim_id: &'a str,
    ) -> Answer<'a, Option<Entry>> {
        Box::pin(async move {
            let mut connection = self.readers.acquire().await?;
            people::find_scim(&mut connection, tenant, scim_id).await
        })
    }

    fn people<'a>(
        &'a self,
        tenant: &'a TenantId,
        search: &'a str,
        after: Option<Place>,
        size: usize,
    ) -> Answer<'a, Listed<Entry>> {
        Box::pin(async move {
            let mut connection = self.readers.acquire().await?;
            people::page(&mut connection, tenant, search, after, Page::size(size)).await
        })
    }

    fn put_person<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        person: &'a Entry,
    ) -> Answer<'a, ()> {
        transact!(self, |connection| {
            people::put(connection, act, tenant, person).await
        })
    }

    fn set_active<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        id: &'a PersonId,
        active: bool,
    ) -> Answer<'a, bool> {
        transact!(self, |connection| {
            people::set_active(connection, act, tenant, id, active).await
        })
    }

    fn delete_person<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        id: &'a PersonId,
    ) -> Answer<'a, bool> {
        transact!(self, |connection| {
            people::delete(connection, act, tenant, id).await
        })
    }

    fn group<'a>(&'a self, tenant: &'a TenantId, id: &'a GroupId) -> Answer<'a, Option<Group>> {
        Box::pin(async move {
            let mut connection = self.readers.acquire().await?;
            groups::find(&mut connection, tenant, id).await
        })
    }

    fn group_of_scim<'a>(
        &'a self,
        tenant: &'a TenantId,
        scim_id: &'a str,
    ) -> Answer<'a, Option<Group>> {
        Box::pin(async move {
            let mut connection = self.readers.acquire().await?;
            groups::find_scim(&mut connection, tenant, scim_id).await
        })
    }

    fn groups<'a>(
        &'a self,
        tenant: &'a TenantId,
        kind: GroupKind,
        search: &'a str,
        after: Option<Place>,
        size: usize,
    ) -> Answer<'a, Listed<Group>> {
        Box::pin(async move {
            let mut connection = self.readers.acquire().await?;
            let size = Page::size(size);
            groups::page(&mut connection, tenant, kind, search, after, size).await
        })
    }

    fn put_group<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        group: &'a Group,
    ) -> Answer<'a, ()> {
        transact!(self, |connection| {
            groups::put(connection, act, tenant, group).await
        })
    }

    fn delete_group<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        id: &'a GroupId,
    ) -> Answer<'a, bool> {
        transact!(self, |connection| {
            groups::delete(connection, act, tenant, id).await
        })
    }

    fn members<'a>(
        &'a self,
        tenant: &'a TenantId,
        group: &'a GroupId,
        after: Option<&'a str>,
        size: usize,
    ) -> Answer<'a, Vec<String>> {
        Box::pin(async move {
            let mut connection = self.readers.acquire().await?;
            let size = size.clamp(1, MEMBER_LIMIT);
            members::list(&mut connection, tenant, group, after, size).await
        })
    }

    fn set_members<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        group: &'a GroupId,
        members: Members<'a>,
    ) -> Answer<'a, bool> {
        transact!(self, |connection| {
            members::set(connection, act, tenant, group, members).await
        })
    }
}
