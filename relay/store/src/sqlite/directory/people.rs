//! Table `person`.

use policy::{PersonId, TenantId};
use serde_json::{Value, json};
use sqlx::{QueryBuilder, Sqlite as Dialect, SqliteConnection};

use super::super::{audit, row};
use super::{push_place, push_search};
use crate::audit::Act;
use crate::directory::Entry;
use crate::error::Error;
use crate::place::{Listed, Place};
use crate::refused::Refused;
use crate::text::{self, key};
use crate::time::Time;
use crate::words::Source;

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    user_name: String,
    name: String,
    given: String,
    family: String,
    title: String,
    company: String,
    email: String,
    active: bool,
    external_id: Option<String>,
    scim_id: Option<String>,
    source: String,
    last_seen: Option<i64>,
}

impl Row {
    fn entry(self) -> Result<Entry, Error> {
        Ok(Entry {
            id: PersonId(self.id),
            user_name: self.user_name,
            name: self.name,
            given: self.given,
            family: self.family,
            title: self.title,
            company: self.company,
            email: self.email,
            active: self.active,
            external_id: self.external_id,
            scim_id: self.scim_id,
            source: row::word(&self.source)?,
            last_seen: self.last_seen.map(Time),
        })
    }
}

/// The person with its texts as they are kept.
pub(super) fn cleaned(person: &Entry) -> Result<Entry, Refused> {
    text::id("id", &person.id.0)?;
    for (field, id) in [
        ("externalId", &person.external_id),
        ("SCIM id", &person.scim_id),
    ] {
        id.as_deref().map_or(Ok(()), |id| text::id(field, id))?;
    }
    if person.source == Source::Local {
        return Err(Refused::Value { field: "source" });
    }
    Ok(Entry {
        user_name: text::optional("user name", &person.user_name, 255)?,
        name: text::optional("name", &person.name, 255)?,
        given: text::optional("given name", &person.given, 128)?,
        family: text::optional("family name", &person.family, 128)?,
        title: text::optional("title", &person.title, 128)?,
        company: text::optional("company", &person.company, 128)?,
        email: text::optional("e-mail", &person.email, 320)?,
        ..person.clone()
    })
}

pub(super) async fn find(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    id: &PersonId,
) -> Result<Option<Entry>, Error> {
    let row: Option<Row> = sqlx::query_as("SELECT * FROM person WHERE tenant = $1 AND id = $2")
        .bind(&tenant.0)
        .bind(&id.0)
        .fetch_optional(connection)
        .await?;
    row.map(Row::entry).transpose()
}

pub(super) async fn find_scim(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    scim_id: &str,
) -> Result<Option<Entry>, Error> {
    let row: Option<Row> =
        sqlx::query_as("SELECT * FROM person WHERE tenant = $1 AND scim_id = $2")
            .bind(&tenant.0)
            .bind(scim_id)
            .fetch_optional(connection)
            .await?;
    row.map(Row::entry).transpose()
}

pub(super) async fn page(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    search: &str,
    after: Option<Place>,
    size: usize,
) -> Result<Listed<Entry>, Error> {
    let mut query = QueryBuilder::<Dialect>::new("SELECT * FROM person WHERE tenant = ");
    query.push_bind(&tenant.0);
    push_search(&mut query, &["name_key", "user_key", "email_key"], search);
    push_place(&mut query, after, size);
    let rows: Vec<Row> = query.build_query_as().fetch_all(connection).await?;
    let entries: Result<Vec<_>, _> = rows.into_iter().map(Row::entry).collect();
    Ok(Listed::cut(entries?, size, |entry| Place {
        key: key(&entry.name),
        id: entry.id.0.clone(),
    }))
}

pub(super) async fn put(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    person: &Entry,
) -> Result<(), Error> {
    let mut person = cleaned(person)?;
    check_free(connection, tenant, &person).await?;
    let was = find(connection, tenant, &person.id).await?;
    person.last_seen = was.as_ref().and_then(|was| was.last_seen);
    let what = ("person", person.id.0.as_str(), person.name.as_str());
    let (was, is) = (was.as_ref().map(document), document(&person));
    if audit::compare(connection, tenant, act, what, was, Some(is)).await? {
        write(connection, tenant, &person).await?;
    }
    Ok(())
}

pub(super) async fn set_active(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    id: &PersonId,
    active: bool,
) -> Result<bool, Error> {
    let Some(person) = find(connection, tenant, id).await? else {
        return Ok(false);
    };
    put(connection, act, tenant, &Entry { active, ..person }).await?;
    Ok(true)
}

pub(super) async fn delete(
    connection: &mut SqliteConnection,
    act: &Act,
    tenant: &TenantId,
    id: &PersonId,
) -> Result<bool, Error> {
    let Some(was) = find(connection, tenant, id).await? else {
        return Ok(false);
    };
    let what = ("person", id.0.as_str(), was.name.as_str());
    audit::compare(connection, tenant, act, what, Some(document(&was)), None).await?;
    sqlx::query(
        "DELETE FROM membership WHERE tenant = $1 AND member = $2 AND group_id IN \
         (SELECT id FROM directory_group WHERE tenant = $1 AND kind = 'people')",
    )
    .bind(&tenant.0)
    .bind(&id.0)
    .execute(&mut *connection)
    .await?;
    if was.source == Source::Scim {
        write(connection, tenant, &removed(was)).await?;
        return Ok(true);
    }
    sqlx::query("DELETE FROM person WHERE tenant = $1 AND id = $2")
        .bind(&tenant.0)
        .bind(&id.0)
        .execute(connection)
        .await?;
    Ok(true)
}

/// What stays of one whom SCIM took away: the provider may go on signing them in, so it is remembered that they are shut out.
fn removed(was: Entry) -> Entry {
    Entry {
        user_name: String::new(),
        given: String::new(),
        family: String::new(),
        title: String::new(),
        company: String::new(),
        email: String::new(),
        active: false,
        external_id: None,
        scim_id: None,
        source: Source::Claims,
        ..was
    }
}

/// Writes all of it, whatever was there.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    person: &Entry,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO person (tenant, id, user_name, user_key, name, name_key, given, family, title, company, email, \
         email_key, active, external_id, scim_id, source, last_seen) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
         ON CONFLICT (tenant, id) DO UPDATE SET user_name = $3, user_key = $4, name = $5, name_key = $6, given = $7, \
         family = $8, title = $9, company = $10, email = $11, email_key = $12, active = $13, external_id = $14, \
         scim_id = $15, source = $16, last_seen = $17",
    )
    .bind(&tenant.0)
    .bind(&person.id.0)
    .bind(&person.user_name)
    .bind(key(&person.user_name))
    .bind(&person.name)
    .bind(key(&person.name))
    .bind(&person.given)
    .bind(&person.family)
    .bind(&person.title)
    .bind(&person.company)
    .bind(&person.email)
    .bind(key(&person.email))
    .bind(i64::from(person.active))
    .bind(&person.external_id)
    .bind(&person.scim_id)
    .bind(person.source.word())
    .bind(person.last_seen.map(|at| at.0))
    .execute(connection)
    .await?;
    Ok(())
}

/// Nobody else has what names one person only. `userName` does among people of SCIM (RFC 7643 section 4.1.1).
async fn check_free(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    person: &Entry,
) -> Result<(), Error> {
    let user = (person.source == Source::Scim).then(|| key(&person.user_name));
    let others: Vec<(Option<String>, Option<String>)> = sqlx::query_as(
        "SELECT external_id, scim_id FROM person WHERE tenant = $1 AND id <> $2 \
         AND (external_id = $3 OR scim_id = $4 OR (source = 'scim' AND user_key = $5)) LIMIT 3",
    )
    .bind(&tenant.0)
    .bind(&person.id.0)
    .bind(&person.external_id)
    .bind(&person.scim_id)
    .bind(user)
    .fetch_all(connection)
    .await?;
    let Some((external_id, scim_id)) = others.into_iter().next() else {
        return Ok(());
    };
    let same = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
    let field = if same(&external_id, &person.external_id) {
        "externalId"
    } else if same(&scim_id, &person.scim_id) {
        "SCIM id"
    } else {
        "userName"
    };
    let kind = "person";
    Err(Refused::Taken { kind, field }.into())
}

/// For the log of changes; when somebody was seen is no change.
fn document(person: &Entry) -> Value {
    json!({
        "user_name": person.user_name,
        "name": person.name,
        "given": person.given,
        "family": person.family,
        "title": person.title,
        "company": person.company,
        "email": person.email,
        "active": person.active,
        "external_id": person.external_id,
        "scim_id": person.scim_id,
        "source": person.source.word(),
    })
}
