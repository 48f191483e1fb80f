use serde_json::json;

use super::*;
use crate::conformance::{at, contoso};
use crate::roles::Roles;
use crate::sqlite::fixture::{act, role, store};

const DAY: i64 = 24 * 60 * 60 * 1_000;

fn object(action: &str, kind: &str) -> Object {
    Object {
        action: action.to_owned(),
        kind: kind.to_owned(),
        id: "1".to_owned(),
        name: "Yusuf".to_owned(),
        before: None,
        after: Some(json!({"sharer": "Yusuf"})),
    }
}

async fn page(store: &Sqlite, filter: ChangeFilter, after: Option<i64>, now: Time) -> ChangePage {
    store
        .changes(&contoso(), &filter, after, 2, now)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_change_says_who_from_where_and_what_was_before() {
    let (_folder, store) = store().await;
    let tenant = contoso();
    let was = role(1, "Night");
    store.put_role(&act(), &tenant, &was).await.unwrap();
    let is = role(1, "Day");
    store.put_role(&act(), &tenant, &is).await.unwrap();
    let found = page(&store, ChangeFilter::default(), None, at(0)).await;
    let change = found.changes.first().unwrap();
    assert_eq!(change.act, act());
    assert_eq!(change.object.name, "Day");
    let name = |value: &Option<Value>| value.as_ref().unwrap()["name"].clone();
    assert_eq!(name(&change.object.before), "Night");
    assert_eq!(name(&change.object.after), "Day");
}

#[tokio::test]
async fn changes_are_read_in_pages_and_filtered() {
    let (_folder, store) = store().await;
    for action in ["end", "export", "end"] {
        let object = object(action, "session");
        store.note(&contoso(), &act(), &object).await.unwrap();
    }
    let first = page(&store, ChangeFilter::default(), None, at(0)).await;
    assert_eq!(first.changes.len(), 2);
    let rest = page(&store, ChangeFilter::default(), first.next, at(0)).await;
    assert_eq!((rest.changes.len(), rest.next), (1, None));
    let exports = ChangeFilter {
        actor: Some("ada".to_owned()),
        object_kind: Some("session".to_owned()),
        action: Some("export".to_owned()),
    };
    let exports = page(&store, exports, None, at(0)).await;
    assert_eq!(exports.changes.len(), 1);
    let others = ChangeFilter {
        actor: Some("eve".to_owned()),
        ..ChangeFilter::default()
    };
    assert!(page(&store, others, None, at(0)).await.changes.is_empty());
}

/// PRODUCT 8.3: a year, and after 30 days nobody of a session is named any more.
#[tokio::test]
async fn a_change_is_kept_a_year_and_names_nobody_of_a_session_after_30_days() {
    let (_folder, store) = store().await;
    for kind in ["session", "export"] {
        let object = object("end", kind);
        store.note(&contoso(), &act(), &object).await.unwrap();
    }
    let read = async |now| {
        page(&store, ChangeFilter::default(), None, now)
            .await
            .changes
    };
    let named = |changes: &[Change]| {
        let objects = changes.iter().map(|change| &change.object);
        objects.filter(|object| object.after.is_some()).count()
    };
    assert_eq!(named(&read(at(30 * DAY - 1)).await), 2);
    assert_eq!(named(&read(at(30 * DAY)).await), 1);
    let mut connection = store.writer.acquire().await.unwrap();
    assert_eq!(purge(&mut connection, at(30 * DAY), 9).await.unwrap(), 0);
    drop(connection);
    assert_eq!(named(&read(at(0)).await), 1, "blanked in the file");
    assert_eq!(read(at(365 * DAY - 1)).await.len(), 2);
    assert!(read(at(365 * DAY)).await.is_empty());
    let mut connection = store.writer.acquire().await.unwrap();
    assert_eq!(purge(&mut connection, at(365 * DAY), 9).await.unwrap(), 2);
}
