//! Reading many records.

use super::*;

on_each_backend! {
    pages_follow_each_other_without_gap_or_repetition,
    each_part_of_a_filter_narrows,
}

async fn pages_follow_each_other_without_gap_or_repetition(store: &dyn Records) {
    for number in 0..25 {
        // Five at a time start in the same millisecond.
        let started = at(i64::from(number) / 5);
        store
            .open(&NewRecord {
                started,
                ..record(number)
            })
            .await
            .unwrap();
    }
    let filter = Filter::tenant(contoso());
    let (mut seen, mut after) = (vec![], None);
    loop {
        let page = list(store, &filter, after, 10).await;
        assert!(page.records.len() <= 10);
        seen.extend(page.records.iter().map(number));
        let Some(next) = page.next else { break };
        // A record that starts between two pages changes nothing in the rest.
        let new = 100 + u8::try_from(seen.len()).unwrap();
        store
            .open(&NewRecord {
                started: at(50),
                ..record(new)
            })
            .await
            .unwrap();
        after = Some(next.to_string().parse().unwrap());
    }
    assert_eq!(seen, (0..25).rev().collect::<Vec<_>>());
    assert_eq!(list(store, &filter, None, 0).await.records.len(), 1);
    let exact = list(store, &filter, None, 27).await;
    assert_eq!((exact.records.len(), exact.next), (27, None));
}

async fn each_part_of_a_filter_narrows(store: &dyn Records) {
    start(store, 1).await;
    stop(store, 1, at(9)).await;
    let helper = person("ben", "Ben");
    let other = NewRecord {
        helper,
        sharer: None,
        device: None,
        started: at(5),
        ..record(2)
    };
    store.open(&other).await.unwrap();
    let id = |id: &str| Some(PersonId(id.to_owned()));
    let narrowed: [(Narrow, &str, &[u8]); 11] = [
        (|_, _| (), "amina", &[2, 1]),
        (|filter, _| filter.session = Some(session(1)), "", &[1]),
        (|filter, id| filter.helper = id, "amina", &[1]),
        (|filter, id| filter.sharer = id, "yusuf", &[1]),
        (|filter, id| filter.sharer = id, "amina", &[]),
        (
            |filter, _| filter.device = Some(DeviceId("PC-0042".to_owned())),
            "",
            &[1],
        ),
        (|filter, _| filter.open = Some(true), "", &[2]),
        (|filter, _| filter.open = Some(false), "", &[1]),
        (|filter, _| filter.from = Some(at(5)), "", &[2]),
        (|filter, _| filter.until = Some(at(5)), "", &[1]),
        (
            |filter, id| (filter.helper, filter.open) = (id, Some(true)),
            "amina",
            &[],
        ),
    ];
    for (narrow, name, expected) in narrowed {
        let mut filter = Filter::tenant(contoso());
        narrow(&mut filter, id(name));
        let page = list(store, &filter, None, 10).await;
        let found: Vec<_> = page.records.iter().map(number).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}

type Narrow = fn(&mut Filter, Option<PersonId>);

fn number(record: &Record) -> u8 {
    record.start.session.0[0]
}
