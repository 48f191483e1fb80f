//! Reading many records.

use super::*;

on_each_backend! {
    pages_follow_each_other_without_gap_or_repetition,
    each_part_of_a_filter_narrows,
    every_order_pages_without_gap_or_repetition,
    days_are_counted_without_persons,
}

async fn days_are_counted_without_persons(store: &dyn Records) {
    for (number, started) in [(1, at(0)), (2, at(5 * SECOND)), (3, at(2 * DAY))] {
        let new = NewRecord {
            started,
            ..record(number)
        };
        store.open(&new).await.unwrap();
    }
    let noted = store.note_level(session(2), PairId::FIRST, Level::Control, at(6 * SECOND));
    assert!(noted.await.unwrap());
    stop(store, 1, at(90 * SECOND)).await;
    let first = START.0 / DAY;
    let days = store.days(&contoso(), at(3 * DAY)).await.unwrap();
    let expected = [
        Day {
            day: first,
            sessions: 2,
            control: 1,
            seconds: 91,
        },
        Day {
            day: first + 2,
            sessions: 1,
            control: 0,
            seconds: 0,
        },
    ];
    assert_eq!(days, expected);
    let other = TenantId("fabrikam".to_owned());
    assert_eq!(store.days(&other, at(DAY)).await.unwrap(), []);
}

async fn every_order_pages_without_gap_or_repetition(store: &dyn Records) {
    for number in 0..24_u8 {
        let helper = person("h", ["Zoë", "amina", "Ben"][usize::from(number) % 3]);
        let sharer =
            (number % 4 != 0).then(|| person("s", ["李", "Yusuf"][usize::from(number) % 2]));
        let started = at(i64::from(number) / 5);
        let new = NewRecord {
            helper,
            sharer,
            started,
            ..record(number)
        };
        store.open(&new).await.unwrap();
        if number % 5 != 0 {
            let level = [Level::View, Level::Control, Level::Unattended][usize::from(number) % 3];
            let noted = store.note_level(session(number), PairId::FIRST, level, at(9));
            assert!(noted.await.unwrap());
        }
        if number % 2 == 0 {
            stop(store, number, at(9)).await;
        }
    }
    for (by, ascending) in By::ALL.into_iter().flat_map(|by| [(by, true), (by, false)]) {
        let order = Order { by, ascending };
        let filter = Filter {
            order,
            ..Filter::tenant(contoso())
        };
        let (mut seen, mut after) = (vec![], None);
        loop {
            let page = list(store, &filter, after, 7).await;
            seen.extend(page.records);
            let Some(next) = page.next else { break };
            after = Some(next.to_string().parse().unwrap());
        }
        assert_eq!(seen.len(), 24, "{order:?}");
        let mut expected = seen.clone();
        // Newest first, then stable by the column.
        expected.sort_by_key(|record| std::cmp::Reverse((record.start.started, record.row)));
        match (by, ascending) {
            (By::Started, true) => expected.reverse(),
            (_, true) => expected.sort_by_key(|record| by.key(record)),
            (_, false) => expected.sort_by_key(|record| std::cmp::Reverse(by.key(record))),
        }
        let numbers = |records: &[Record]| records.iter().map(number).collect::<Vec<_>>();
        assert_eq!(numbers(&seen), numbers(&expected), "{order:?}");
    }
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
    let noted = store.note_level(session(2), PairId::FIRST, Level::Control, at(6));
    assert!(noted.await.unwrap());
    let narrowed: [(Narrow, &str, &[u8]); 17] = [
        (|filter, _| filter.person = Some("BEN".to_owned()), "", &[2]),
        (
            |filter, _| filter.person = Some("hadd".to_owned()),
            "",
            &[1],
        ),
        (
            |filter, _| filter.person = Some("خطيب".to_owned()),
            "",
            &[1],
        ),
        (|filter, _| filter.person = Some("%".to_owned()), "", &[]),
        (|filter, _| filter.highest = Some(Level::Control), "", &[2]),
        (|filter, _| filter.highest = Some(Level::View), "", &[]),
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
