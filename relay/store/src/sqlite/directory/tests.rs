use super::*;
use crate::conformance::{at, contoso};
use crate::refused::Refused;
use crate::sqlite::fixture::{act, audited, refusal, store};
use crate::words::Source;

fn person(id: &str, name: &str) -> Entry {
    Entry {
        id: PersonId(id.to_owned()),
        user_name: format!("{id}@contoso.example"),
        name: name.to_owned(),
        given: String::new(),
        family: String::new(),
        title: "Clerk".to_owned(),
        company: "Contoso".to_owned(),
        email: format!("{id}.mail@contoso.example"),
        active: true,
        external_id: None,
        scim_id: None,
        source: Source::Claims,
        last_seen: None,
    }
}

fn scim(id: &str, name: &str) -> Entry {
    Entry {
        external_id: Some(format!("ext-{id}")),
        scim_id: Some(format!("scim-{id}")),
        source: Source::Scim,
        ..person(id, name)
    }
}

fn group(id: &str, kind: GroupKind, source: Source) -> Group {
    Group {
        id: GroupId(id.to_owned()),
        kind,
        name: format!("Group {id}"),
        external_id: None,
        scim_id: None,
        source,
    }
}

fn ids(ids: &[&str]) -> Vec<GroupId> {
    ids.iter().map(|id| GroupId((*id).to_owned())).collect()
}

fn taken<T>(kind: &'static str, field: &'static str, result: Result<T, crate::Error>) {
    assert_eq!(refusal(result), Some(Refused::Taken { kind, field }));
}

#[tokio::test]
async fn a_token_replaces_what_tokens_said_and_nothing_else() {
    let (_folder, store) = store().await;
    let tenant = contoso();
    let amina = person("amina", "Amina Haddad");
    let staff = group("staff", GroupKind::People, Source::Scim);
    let laptops = group("laptops", GroupKind::Devices, Source::Local);
    for one in [&staff, &laptops] {
        store.put_group(&act(), &tenant, one).await.unwrap();
    }
    let members = ["amina".to_owned()];
    let add = Members {
        add: &members,
        ..Members::default()
    };
    let set = store.set_members(&act(), &tenant, &staff.id, add).await;
    assert!(set.unwrap());
    for (named, is_in) in [
        (
            &["staff", "helpers", "laptops"][..],
            &["helpers", "staff"][..],
        ),
        (&["night"], &["night", "staff"]),
        (&[], &["staff"]),
    ] {
        let named = ids(named);
        let kept = store.note_sign_in(&tenant, &amina, &named, at(5)).await;
        assert_eq!(kept.unwrap().last_seen, Some(at(5)));
        let groups = store.groups_of(&tenant, &amina.id).await.unwrap();
        assert_eq!(groups, ids(is_in));
    }
    let known = store.group(&tenant, &GroupId("night".to_owned())).await;
    assert_eq!(known.unwrap().unwrap().source, Source::Claims);
    assert_eq!(audited(&store).await.len(), 3, "a sign-in is no change");
}

/// PRODUCT 1.10: who was shut out does not come back by signing in, and a token does not overwrite SCIM.
#[tokio::test]
async fn a_sign_in_neither_lets_in_again_nor_overwrites_scim() {
    let (_folder, store) = store().await;
    let tenant = contoso();
    let kept = scim("amina", "Amina Haddad");
    store.put_person(&act(), &tenant, &kept).await.unwrap();
    assert!(
        store
            .set_active(&act(), &tenant, &kept.id, false)
            .await
            .unwrap()
    );
    let said = person("amina", "Somebody Else");
    let found = store
        .note_sign_in(&tenant, &said, &[], at(1))
        .await
        .unwrap();
    let wanted = Entry {
        active: false,
        last_seen: Some(at(1)),
        ..kept.clone()
    };
    assert_eq!(found, wanted);
    let nobody = PersonId("nobody".to_owned());
    assert!(
        !store
            .set_active(&act(), &tenant, &nobody, false)
            .await
            .unwrap()
    );
    store.put_person(&act(), &tenant, &kept).await.unwrap();
    let found = store.person_of_scim(&tenant, "scim-amina").await.unwrap();
    assert_eq!(found.unwrap().last_seen, Some(at(1)), "stays");
    let log = ["change person", "change person", "create person"];
    assert_eq!(audited(&store).await, log);
}

#[tokio::test]
async fn what_names_one_person_names_no_other() {
    let (_folder, store) = store().await;
    let tenant = contoso();
    let one = scim("a", "A");
    store.put_person(&act(), &tenant, &one).await.unwrap();
    let put = async |person: Entry| store.put_person(&act(), &tenant, &person).await;
    let other = scim("b", "B");
    let external = Entry {
        external_id: one.external_id.clone(),
        ..other.clone()
    };
    taken("person", "externalId", put(external).await);
    let id = Entry {
        scim_id: one.scim_id.clone(),
        ..other.clone()
    };
    taken("person", "SCIM id", put(id).await);
    let name = Entry {
        user_name: "A@Contoso.example".to_owned(),
        ..other.clone()
    };
    taken("person", "userName", put(name).await);
    assert_eq!(refusal(put(other).await), None);
    let mut first = group("g", GroupKind::People, Source::Scim);
    first.external_id = Some("x".to_owned());
    store.put_group(&act(), &tenant, &first).await.unwrap();
    let second = Group {
        id: GroupId("h".to_owned()),
        ..first.clone()
    };
    taken(
        "group",
        "externalId",
        store.put_group(&act(), &tenant, &second).await,
    );
    let devices = Group {
        kind: GroupKind::Devices,
        ..first
    };
    let put = store.put_group(&act(), &tenant, &devices).await;
    assert_eq!(refusal(put), Some(Refused::Value { field: "kind" }));
}

#[tokio::test]
async fn people_are_found_by_the_start_of_a_name_in_pages() {
    let (_folder, store) = store().await;
    let tenant = contoso();
    for (id, name) in [("1", "Ärmel"), ("2", "ärger"), ("3", "100%"), ("4", "Zoe")] {
        let person = person(id, name);
        store
            .note_sign_in(&tenant, &person, &[], at(0))
            .await
            .unwrap();
    }
    let find = async |search: &str, after| {
        let page = store.people(&tenant, search, after, 2).await.unwrap();
        let names = page.items.into_iter().map(|entry| entry.name);
        (names.collect::<Vec<_>>(), page.next)
    };
    let (first, next) = find("", None).await;
    assert_eq!(first, ["100%", "Zoe"]);
    let (rest, end) = find("", next).await;
    assert_eq!(
        (rest, end),
        (vec!["ärger".to_owned(), "Ärmel".to_owned()], None)
    );
    assert_eq!(find("ÄRM", None).await.0, ["Ärmel"]);
    assert_eq!(find("4@con", None).await.0, ["Zoe"]);
    assert_eq!(find("4.mail", None).await.0, ["Zoe"]);
    assert_eq!(find("100%", None).await.0, ["100%"]);
    assert!(find("%", None).await.0.is_empty());
    assert!(find("_", None).await.0.is_empty());
}

#[tokio::test]
async fn members_come_and_go_all_at_once() {
    let (_folder, store) = store().await;
    let tenant = contoso();
    let staff = group("staff", GroupKind::People, Source::Scim);
    store.put_group(&act(), &tenant, &staff).await.unwrap();
    let many: Vec<_> = (0..10_000).map(|number| format!("p{number:05}")).collect();
    let set = async |add: &[String], remove: &[String]| {
        let source = None;
        let members = Members {
            source,
            add,
            remove,
        };
        store.set_members(&act(), &tenant, &staff.id, members).await
    };
    assert!(set(&many, &[]).await.unwrap());
    let (what, limit) = ("members", 10_000);
    let refused = refusal(set(&many, &many[..1]).await);
    assert_eq!(refused, Some(Refused::TooMany { what, limit }));
    let bad = refusal(set(&["p1".to_owned(), " ".to_owned()], &many[..1]).await);
    assert!(matches!(bad, Some(Refused::Empty { .. })));
    assert!(set(&["q".to_owned()], &many[2..]).await.unwrap());
    assert!(set(&["q".to_owned()], &many[2..]).await.unwrap());
    let read = async |after| store.members(&tenant, &staff.id, after, 2).await.unwrap();
    assert_eq!(read(None).await, ["p00000", "p00001"]);
    assert_eq!(read(Some("p00001")).await, ["q"]);
    let log = ["members group", "members group", "create group"];
    assert_eq!(audited(&store).await, log);
    let q = PersonId("q".to_owned());
    assert_eq!(store.groups_of(&tenant, &q).await.unwrap(), ids(&["staff"]));
    assert!(
        store
            .delete_group(&act(), &tenant, &staff.id)
            .await
            .unwrap()
    );
    assert!(store.groups_of(&tenant, &q).await.unwrap().is_empty());
    assert!(!set(&["q".to_owned()], &[]).await.unwrap(), "no such group");
}

#[tokio::test]
async fn a_deleted_person_is_in_no_group() {
    let (_folder, store) = store().await;
    let tenant = contoso();
    let one = person("a", "A");
    let named = ids(&["staff"]);
    store
        .note_sign_in(&tenant, &one, &named, at(0))
        .await
        .unwrap();
    assert!(store.delete_person(&act(), &tenant, &one.id).await.unwrap());
    assert!(!store.delete_person(&act(), &tenant, &one.id).await.unwrap());
    assert_eq!(store.person(&tenant, &one.id).await.unwrap(), None);
    assert!(store.groups_of(&tenant, &one.id).await.unwrap().is_empty());
    let groups = store
        .groups(&tenant, GroupKind::People, "STA", None, 9)
        .await
        .unwrap();
    assert_eq!(groups.items.len(), 1);
    assert_eq!(audited(&store).await, ["delete person"]);
}
