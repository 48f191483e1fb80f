//! Table `change`.

use policy::TenantId;
use serde_json::Value;
use sqlx::{QueryBuilder, Sqlite as Dialect, SqliteConnection};

use super::transact::transact;
use super::{Sqlite, document};
use crate::audit::{AUDIT_RETENTION, Act, Actor, Audit, Change, ChangeFilter, ChangePage, Object};
use crate::error::Error;
use crate::page::Page;
use crate::records::{Answer, horizon};
use crate::text::{optional, required};
use crate::time::Time;

/// The kind of object that is not named for longer than its record is kept (PRODUCT 8.3).
const SESSION: &str = "session";

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    at: i64,
    actor: String,
    actor_name: String,
    action: String,
    object_kind: String,
    object_id: String,
    object_name: String,
    before: Option<String>,
    after: Option<String>,
    source: Option<String>,
}

impl Row {
    fn change(self, now: Time) -> Result<Change, Error> {
        let parse = |text: Option<String>| text.as_deref().map(document::parse).transpose();
        let source = self.source.map(|source| source.parse()).transpose();
        let mut object = Object {
            action: self.action,
            kind: self.object_kind,
            id: self.object_id,
            name: self.object_name,
            before: parse(self.before)?,
            after: parse(self.after)?,
        };
        if object.kind == SESSION && Time(self.at) <= horizon(now) {
            object.name.clear();
            (object.before, object.after) = (None, None);
        }
        Ok(Change {
            id: self.id,
            act: Act {
                actor: Actor {
                    id: self.actor,
                    name: self.actor_name,
                },
                at: Time(self.at),
                source: source.map_err(|_| document::damaged("source"))?,
            },
            object,
        })
    }
}

/// Adds the row of a change; its transaction is that of the change itself.
pub(super) async fn add(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    act: &Act,
    object: &Object,
) -> Result<(), Error> {
    let text = |value: &Option<Value>| value.as_ref().map(Value::to_string);
    sqlx::query(
        "INSERT INTO change (tenant, at, actor, actor_name, action, object_kind, object_id, object_name, \
         before, after, source) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(&tenant.0)
    .bind(act.at.0)
    .bind(required("actor", &act.actor.id, 255)?)
    .bind(optional("actor name", &act.actor.name, 255)?)
    .bind(required("action", &object.action, 64)?)
    .bind(required("object kind", &object.kind, 64)?)
    .bind(required("object id", &object.id, 255)?)
    .bind(optional("object name", &object.name, 255)?)
    .bind(text(&object.before))
    .bind(text(&object.after))
    .bind(act.source.map(|source| source.to_string()))
    .execute(connection)
    .await?;
    Ok(())
}

/// Adds the row of what was, and what is now. Answers `false`, and adds nothing, if that is the same.
pub(super) async fn compare(
    connection: &mut SqliteConnection,
    tenant: &TenantId,
    act: &Act,
    what: (&str, &str, &str),
    was: Option<Value>,
    is: Option<Value>,
) -> Result<bool, Error> {
    if was == is {
        return Ok(false);
    }
    let (kind, id, name) = what;
    let action = match (&was, &is) {
        (None, _) => "create",
        (_, None) => "delete",
        _ => "change",
    };
    let object = Object {
        action: action.to_owned(),
        kind: kind.to_owned(),
        id: id.to_owned(),
        name: name.to_owned(),
        before: was,
        after: is,
    };
    add(connection, tenant, act, &object).await?;
    Ok(true)
}

/// Deletes what is too old, at most `limit` rows, and answers how many; blanks what may not be named any more.
pub(super) async fn purge(
    connection: &mut SqliteConnection,
    now: Time,
    limit: i64,
) -> Result<u64, Error> {
    sqlx::query(
        "UPDATE change SET object_name = '', before = NULL, after = NULL \
         WHERE object_kind = $1 AND at <= $2 AND (object_name <> '' OR before IS NOT NULL OR after IS NOT NULL)",
    )
    .bind(SESSION)
    .bind(horizon(now).0)
    .execute(&mut *connection)
    .await?;
    let deleted = sqlx::query(
        "DELETE FROM change WHERE id IN (SELECT id FROM change WHERE at <= $1 LIMIT $2)",
    )
    .bind(now.before(AUDIT_RETENTION).0)
    .bind(limit)
    .execute(connection)
    .await?;
    Ok(deleted.rows_affected())
}

impl Audit for Sqlite {
    fn note<'a>(
        &'a self,
        tenant: &'a TenantId,
        act: &'a Act,
        object: &'a Object,
    ) -> Answer<'a, ()> {
        transact!(self, |connection| {
            add(connection, tenant, act, object).await
        })
    }

    fn changes<'a>(
        &'a self,
        tenant: &'a TenantId,
        filter: &'a ChangeFilter,
        after: Option<i64>,
        size: usize,
        now: Time,
    ) -> Answer<'a, ChangePage> {
        Box::pin(async move {
            let size = Page::size(size);
            let mut query = QueryBuilder::<Dialect>::new("SELECT * FROM change WHERE tenant = ");
            query.push_bind(&tenant.0).push(" AND at > ");
            query.push_bind(now.before(AUDIT_RETENTION).0);
            for (column, wanted) in [
                ("actor", &filter.actor),
                ("object_kind", &filter.object_kind),
                ("action", &filter.action),
            ] {
                if let Some(wanted) = wanted {
                    query.push(format!(" AND {column} = ")).push_bind(wanted);
                }
            }
            if let Some(after) = after {
                query.push(" AND id < ").push_bind(after);
            }
            query.push(" ORDER BY id DESC LIMIT ");
            query.push_bind(i64::try_from(size + 1).unwrap_or(i64::MAX));
            let rows: Vec<Row> = query.build_query_as().fetch_all(&self.readers).await?;
            let changes: Result<Vec<_>, _> = rows.into_iter().map(|row| row.change(now)).collect();
            let mut changes = changes?;
            let more = changes.len() > size;
            changes.truncate(size);
            let next = changes.last().filter(|_| more).map(|last| last.id);
            Ok(ChangePage { changes, next })
        })
    }
}

#[cfg(test)]
mod tests;
