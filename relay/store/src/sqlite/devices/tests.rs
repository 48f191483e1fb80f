use policy::Machine;

use super::*;
use crate::conformance::{at, contoso};
use crate::directory::{Directory, Group};
use crate::sqlite::fixture::{act, audited, id, refusal, store};

const DAY: i64 = 24 * 60 * 60 * 1_000;

fn seen(number: u8, name: &str) -> Seen {
    Seen {
        id: DeviceId(id(number)),
        public_key: id(number).repeat(2),
        name: name.to_owned(),
        platform: "Debian 13".to_owned(),
    }
}

async fn see(store: &Sqlite, number: u8, name: &str) -> DeviceId {
    let device = seen(number, name);
    let yusuf = PersonId("yusuf".to_owned());
    store
        .see(&contoso(), &device, Some(&yusuf), at(1))
        .await
        .unwrap();
    device.id
}

async fn find(store: &Sqlite, id: &DeviceId) -> Device {
    let found = store.device(&contoso(), id).await.unwrap();
    found.unwrap()
}

/// PRODUCT 6.1, 11.5: not enrolled, nobody reported, reported, seven days old.
#[tokio::test]
async fn what_is_known_about_a_device_follows_enrolment_and_the_age_of_the_report() {
    let (_folder, store) = store().await;
    let tenant = contoso();
    let id = see(&store, 1, "PC-1").await;
    let reasons = [Reason {
        code: "disk".to_owned(),
        text: "The disk is not encrypted.".to_owned(),
    }];
    let report = async |state, now| store.report(&tenant, &id, state, &reasons, now).await;
    let bad = Compliance::NotCompliant;
    assert!(!report(bad, at(2)).await.unwrap(), "only enrolled ones");
    assert_eq!(find(&store, &id).await.machine(at(2)), Machine::Unenrolled);
    assert!(store.enrol(&act(), &tenant, &id).await.unwrap());
    let device = find(&store, &id).await;
    assert_eq!(device.compliance(at(2)), Compliance::NotEnrolled);
    assert_eq!(device.enrolled_by.as_deref(), Some("ada"));
    assert!(report(bad, at(2)).await.unwrap());
    see(&store, 1, "PC-1b").await;
    let device = find(&store, &id).await;
    assert_eq!(
        device.state,
        DeviceState::Enrolled,
        "seeing changes nothing"
    );
    assert_eq!(device.reported.as_ref().unwrap().reasons, reasons);
    assert_eq!(device.compliance(at(2 + 7 * DAY)), bad);
    assert_eq!(device.compliance(at(3 + 7 * DAY)), Compliance::Stale);
    let field = "compliance";
    let stale = report(Compliance::Stale, at(2)).await;
    assert_eq!(refusal(stale), Some(Refused::Value { field }));
    assert!(store.retire(&act(), &tenant, &id).await.unwrap());
    see(&store, 1, "PC-1").await;
    let device = find(&store, &id).await;
    assert_eq!(device.compliance(at(2)), Compliance::NotEnrolled);
    assert!(store.enrol(&act(), &tenant, &id).await.unwrap());
    assert_eq!(find(&store, &id).await.reported, None, "from before");
    let log = ["enrol device", "retire device", "enrol device"];
    assert_eq!(audited(&store).await, log);
}

#[tokio::test]
async fn an_enrolled_device_is_in_groups_of_devices_only() {
    let (_folder, store) = store().await;
    let tenant = contoso();
    let id = see(&store, 1, "PC-1").await;
    let group = |id: &str, kind| Group {
        id: GroupId(id.to_owned()),
        kind,
        name: id.to_owned(),
        external_id: None,
        scim_id: None,
        source: Source::Local,
    };
    let laptops = group("laptops", GroupKind::Devices);
    let people = group("people", GroupKind::People);
    for one in [&laptops, &people] {
        store.put_group(&act(), &tenant, one).await.unwrap();
    }
    let set = async |ids: &[GroupId]| store.set_groups(&act(), &tenant, &id, ids).await;
    let own = [laptops.id.clone(), laptops.id.clone()];
    assert!(!set(&own).await.unwrap(), "not enrolled");
    store.enrol(&act(), &tenant, &id).await.unwrap();
    assert!(set(&own).await.unwrap());
    assert!(set(&own).await.unwrap());
    let (kind, unknown) = ("group of devices", people.id.0.clone());
    let refused = refusal(set(&[people.id]).await);
    let wanted = Refused::Unknown { kind, id: unknown };
    assert_eq!(refused, Some(wanted));
    let machine = Machine::Enrolled {
        groups: vec![laptops.id],
        compliance: Compliance::NotEnrolled,
    };
    assert_eq!(find(&store, &id).await.machine(at(2)), machine);
    let log = ["groups device", "enrol device"];
    assert_eq!(audited(&store).await[..2], log);
    store.retire(&act(), &tenant, &id).await.unwrap();
    assert!(find(&store, &id).await.groups.is_empty());
}

/// PRODUCT 2.6: what an administrator enrolled does not become something else by connecting.
#[tokio::test]
async fn an_enrolled_device_keeps_its_name_user_and_key() {
    let (_folder, store) = store().await;
    let tenant = contoso();
    let id = see(&store, 1, "PC-1").await;
    store.enrol(&act(), &tenant, &id).await.unwrap();
    let again = Seen {
        platform: "Debian 14".to_owned(),
        ..seen(1, "Boss")
    };
    let eve = PersonId("eve".to_owned());
    for user in [Some(&eve), None] {
        store.see(&tenant, &again, user, at(9)).await.unwrap();
        let device = find(&store, &id).await;
        assert_eq!(device.name, "PC-1");
        assert_eq!(device.user, Some(PersonId("yusuf".to_owned())));
        assert_eq!(device.public_key, again.public_key);
        assert_eq!(device.platform, "Debian 14");
        assert_eq!(device.last_seen, at(9));
    }
    store.retire(&act(), &tenant, &id).await.unwrap();
    store.see(&tenant, &again, Some(&eve), at(9)).await.unwrap();
    assert_eq!(find(&store, &id).await.name, "Boss", "it is nobody's");
}

/// PRODUCT 2.6: an id stands for one key, whatever the device has come to.
#[tokio::test]
async fn another_key_under_a_known_id_is_refused() {
    let (_folder, store) = store().await;
    let tenant = contoso();
    let id = see(&store, 1, "PC-1").await;
    let forged = Seen {
        public_key: "f".repeat(64),
        ..seen(1, "Forged")
    };
    let (kind, field) = ("device", "id");
    let taken = Some(Refused::Taken { kind, field });
    for step in 0..3 {
        let refused = store.see(&tenant, &forged, None, at(9)).await;
        assert_eq!(refusal(refused), taken, "{step}");
        let device = find(&store, &id).await;
        assert_eq!((device.name.as_str(), device.last_seen), ("PC-1", at(1)));
        match step {
            0 => store.enrol(&act(), &tenant, &id).await.unwrap(),
            _ => store.retire(&act(), &tenant, &id).await.unwrap(),
        };
    }
}

/// PRODUCT 2.6: nobody fills the list of devices.
#[tokio::test]
async fn one_person_brings_few_devices_that_are_only_seen() {
    let (_folder, store) = store().await;
    let tenant = contoso();
    let (yusuf, amina) = (PersonId("yusuf".to_owned()), PersonId("amina".to_owned()));
    let come = async |number: u8, user, now| {
        let device = seen(number, "PC");
        store.see(&tenant, &device, user, at(now)).await.unwrap();
    };
    let there = async |number: u8| {
        let found = store.device(&tenant, &DeviceId(id(number))).await;
        found.unwrap().is_some()
    };
    come(200, Some(&amina), 0).await;
    come(201, None, 0).await;
    for number in [202, 203] {
        come(number, Some(&yusuf), 0).await;
        let own = DeviceId(id(number));
        store.enrol(&act(), &tenant, &own).await.unwrap();
    }
    store
        .retire(&act(), &tenant, &DeviceId(id(203)))
        .await
        .unwrap();
    for number in 0..50 {
        come(number, Some(&yusuf), 1 + i64::from(number)).await;
    }
    come(0, Some(&yusuf), 90).await;
    come(50, Some(&yusuf), 91).await;
    assert!(!there(1).await, "it was not seen for longest");
    come(200, Some(&yusuf), 1).await;
    assert!(!there(2).await, "it came from somebody else");
    assert!(there(0).await && there(3).await && there(200).await);
    assert!(there(201).await && there(202).await && there(203).await);
    for number in 100..151 {
        come(number, None, 92).await;
    }
    assert!(!there(201).await, "nobody is somebody");
}

#[tokio::test]
async fn devices_are_read_in_pages_and_filtered() {
    let (_folder, store) = store().await;
    for (number, name) in [(1, "PC-b"), (2, "pc-A"), (3, "Laptop")] {
        see(&store, number, name).await;
    }
    let enrolled = DeviceId(id(2));
    store.enrol(&act(), &contoso(), &enrolled).await.unwrap();
    let read = async |filter: DeviceFilter, after| {
        let page = store.devices(&contoso(), &filter, after, 2).await.unwrap();
        let names = page.items.into_iter().map(|device| device.name);
        (names.collect::<Vec<_>>(), page.next)
    };
    let (first, next) = read(DeviceFilter::default(), None).await;
    assert_eq!(first, ["Laptop", "pc-A"]);
    let (rest, end) = read(DeviceFilter::default(), next).await;
    assert_eq!((rest, end), (vec!["PC-b".to_owned()], None));
    let filter = DeviceFilter {
        search: "PC".to_owned(),
        state: Some(DeviceState::Enrolled),
        user: Some(PersonId("yusuf".to_owned())),
    };
    assert_eq!(read(filter, None).await.0, ["pc-A"]);
    let bad = Seen {
        id: DeviceId("PC".to_owned()),
        ..seen(1, "PC")
    };
    let refused = store.see(&contoso(), &bad, None, at(0)).await;
    assert_eq!(refusal(refused), Some(Refused::Value { field: "id" }));
}
