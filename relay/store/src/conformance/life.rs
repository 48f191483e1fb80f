//! The life of one record, from its start to its deletion.

use super::*;

on_each_backend! {
    keeps_everything_that_a_session_was,
    later_figures_replace_and_features_add_up,
    the_first_end_wins,
    an_end_before_the_start_becomes_the_start,
    a_place_holds_one_open_record_and_any_number_of_ended_ones,
    an_open_record_ends_a_minute_after_a_restart,
    whoever_comes_back_after_a_restart_goes_on,
    nothing_is_found_where_nothing_is,
    another_tenant_finds_nothing,
    a_record_is_gone_at_thirty_days_exactly,
    only_its_helper_says_what_came_of_a_session,
    the_last_state_of_the_device_stands,
}

async fn keeps_everything_that_a_session_was(store: &dyn Records) {
    let start = record(1);
    store.open(&start).await.unwrap();
    assert!(
        store
            .note_level(start.session, start.pair, Level::Control, at(1))
            .await
            .unwrap()
    );
    assert!(
        store
            .note_level(start.session, start.pair, Level::View, at(2))
            .await
            .unwrap()
    );
    let (session, pair) = (start.session, start.pair);
    store
        .touch(&[Live {
            session,
            pair,
            last_seen: at(3),
            usage: usage(),
        }])
        .await
        .unwrap();

    let found = find(store, 1, at(4)).await.unwrap();
    assert_eq!(found.start, start);
    assert_eq!(found.last_seen, at(3));
    assert_eq!(found.ended, None);
    assert_eq!(
        (found.level, found.highest),
        (Some(Level::View), Some(Level::Control))
    );
    assert_eq!(found.usage, usage());

    let bare = NewRecord {
        session: self::session(2),
        sharer: None,
        device: None,
        compliance: None,
        reason: None,
        incident: None,
        ..start
    };
    store.open(&bare).await.unwrap();
    let found = find(store, 2, at(4)).await.unwrap();
    assert_eq!(found.start, bare);
    assert_eq!(
        (found.level, found.highest, found.usage),
        (None, None, Usage::default())
    );
}

async fn later_figures_replace_and_features_add_up(store: &dyn Records) {
    let NewRecord { session, pair, .. } = record(1);
    store.open(&record(1)).await.unwrap();
    store
        .touch(&[Live {
            session,
            pair,
            last_seen: at(5),
            usage: usage(),
        }])
        .await
        .unwrap();
    let later = Usage {
        features: [Feature::Control].into_iter().collect(),
        helper_carrier: Some(Carrier::WebSocket),
        ..Usage::default()
    };
    let end = End {
        at: at(4),
        reason: EndReason::SharerLeft,
        usage: Some(later),
    };
    assert!(store.end(session, pair, end).await.unwrap());

    let found = find(store, 1, at(6)).await.unwrap();
    let features = [Feature::View, Feature::Chat, Feature::Control];
    assert_eq!(found.usage.features, features.into_iter().collect());
    assert_eq!(found.usage.helper_carrier, Some(Carrier::WebSocket));
    assert_eq!(found.usage.sharer_carrier, Some(Carrier::WebSocket));
    assert_eq!(found.usage.quality, Quality::default());
    assert_eq!(found.last_seen, at(5), "a sign of life is never taken back");
}

async fn the_first_end_wins(store: &dyn Records) {
    let NewRecord { session, pair, .. } = record(1);
    store.open(&record(1)).await.unwrap();
    assert!(store.end(session, pair, left(at(10))).await.unwrap());
    let other = End {
        at: at(20),
        reason: EndReason::Failed,
        usage: Some(usage()),
    };
    assert!(!store.end(session, pair, other).await.unwrap());
    assert!(
        !store
            .note_level(session, pair, Level::Control, at(21))
            .await
            .unwrap()
    );
    store
        .touch(&[Live {
            session,
            pair,
            last_seen: at(22),
            usage: usage(),
        }])
        .await
        .unwrap();

    let found = find(store, 1, at(23)).await.unwrap();
    assert_eq!(
        found.ended,
        Some(Ended {
            at: at(10),
            reason: EndReason::HelperLeft
        })
    );
    assert_eq!(
        (found.last_seen, found.usage, found.level),
        (at(10), Usage::default(), None)
    );
}

async fn an_end_before_the_start_becomes_the_start(store: &dyn Records) {
    store.open(&record(1)).await.unwrap();
    store
        .end(session(1), PairId::FIRST, left(at(-5)))
        .await
        .unwrap();
    assert_eq!(
        find(store, 1, at(0)).await.unwrap().ended.unwrap().at,
        at(0)
    );
}

async fn a_place_holds_one_open_record_and_any_number_of_ended_ones(store: &dyn Records) {
    let first = record(1);
    store.open(&first).await.unwrap();
    assert!(matches!(
        store.open(&first).await,
        Err(Error::AlreadyOpen { .. })
    ));
    store
        .end(first.session, first.pair, left(at(1)))
        .await
        .unwrap();
    let second = NewRecord {
        helper: person("ben", "Ben"),
        started: at(2),
        ..first
    };
    store.open(&second).await.unwrap();

    assert_eq!(
        find(store, 1, at(3)).await.unwrap().start.helper.name,
        "Ben"
    );
    let page = store
        .page(&Filter::tenant(contoso()), None, 10, at(3))
        .await
        .unwrap();
    assert_eq!(page.records.len(), 2);
    assert!(page.records[1].ended.is_some());
}

async fn an_open_record_ends_a_minute_after_a_restart(store: &dyn Records) {
    start(store, 1).await;
    start(store, 2).await;
    start(store, 3).await;
    let seen = Live {
        session: session(1),
        pair: PairId::FIRST,
        last_seen: at(7),
        usage: usage(),
    };
    store.touch(&[seen]).await.unwrap();
    stop(store, 3, at(8)).await;

    let restart = at(100 * SECOND);
    assert_eq!(store.suspend(restart).await.unwrap(), 2);
    let almost = Time(restart.0 + 60 * SECOND - 1);
    assert_eq!(store.close_pending(almost).await.unwrap(), 0);
    let now = Time(restart.0 + 60 * SECOND);
    assert_eq!(store.close_pending(now).await.unwrap(), 2);
    assert_eq!(store.close_pending(now).await.unwrap(), 0);

    let lost = find(store, 1, now).await.unwrap();
    assert_eq!(
        lost.ended,
        Some(Ended {
            at: at(7),
            reason: EndReason::RelayLost
        })
    );
    assert_eq!(lost.usage, usage());
    assert_eq!(find(store, 2, now).await.unwrap().ended.unwrap().at, START);
    let left = find(store, 3, now).await.unwrap().ended.unwrap();
    assert_eq!(left.reason, EndReason::HelperLeft);
}

async fn whoever_comes_back_after_a_restart_goes_on(store: &dyn Records) {
    for number in 1..=4 {
        start(store, number).await;
    }
    stop(store, 4, at(8)).await;
    store.suspend(at(9)).await.unwrap();
    let back = at(30 * SECOND);
    let pair = PairId::FIRST;
    let resumed = store.resume(session(1), pair, back).await.unwrap().unwrap();
    assert_eq!((resumed.start, resumed.last_seen), (record(1), back));
    assert!(
        store
            .note_level(session(2), pair, Level::View, back)
            .await
            .unwrap()
    );
    let live = Live {
        session: session(3),
        pair,
        last_seen: back,
        usage: usage(),
    };
    store.touch(&[live]).await.unwrap();
    assert_eq!(store.resume(session(4), pair, back).await.unwrap(), None);
    store
        .open(&NewRecord {
            started: back,
            ..record(5)
        })
        .await
        .unwrap();

    let now = at(1_000 * SECOND);
    assert_eq!(store.close_pending(now).await.unwrap(), 0);
    for number in [1, 2, 3, 5] {
        assert_eq!(
            find(store, number, now).await.unwrap().ended,
            None,
            "{number}"
        );
    }
}

async fn nothing_is_found_where_nothing_is(store: &dyn Records) {
    assert_eq!(find(store, 1, at(0)).await, None);
    assert!(
        !store
            .end(session(1), PairId::FIRST, left(at(0)))
            .await
            .unwrap()
    );
    assert!(
        !store
            .note_level(session(1), PairId::FIRST, Level::View, at(0))
            .await
            .unwrap()
    );
    assert_eq!(
        store
            .resume(session(1), PairId::FIRST, at(0))
            .await
            .unwrap(),
        None
    );
    store.touch(&[]).await.unwrap();
    assert_eq!(store.suspend(at(0)).await.unwrap(), 0);
    assert_eq!(
        store.purge(at(0)).await.unwrap(),
        Purged {
            records: 0,
            complete: true
        }
    );
}

async fn another_tenant_finds_nothing(store: &dyn Records) {
    store.open(&record(1)).await.unwrap();
    let fabrikam = TenantId("fabrikam".to_owned());
    assert_eq!(
        store
            .find(&fabrikam, session(1), PairId::FIRST, at(1))
            .await
            .unwrap(),
        None
    );
    let page = store
        .page(&Filter::tenant(fabrikam), None, 10, at(1))
        .await
        .unwrap();
    assert_eq!(
        page,
        Page {
            records: vec![],
            next: None
        }
    );
}

async fn a_record_is_gone_at_thirty_days_exactly(store: &dyn Records) {
    let end = at(3_600 * SECOND);
    store.open(&record(1)).await.unwrap();
    store
        .end(session(1), PairId::FIRST, left(end))
        .await
        .unwrap();
    store.open(&record(2)).await.unwrap();
    let all = Filter::tenant(contoso());

    let last = Time(end.0 + 30 * DAY - 1);
    assert!(find(store, 1, last).await.is_some());
    assert_eq!(
        store
            .page(&all, None, 10, last)
            .await
            .unwrap()
            .records
            .len(),
        2
    );
    assert_eq!(store.purge(last).await.unwrap().records, 0);

    let over = Time(end.0 + 30 * DAY);
    assert_eq!(find(store, 1, over).await, None);
    let visible = store.page(&all, None, 10, over).await.unwrap().records;
    assert_eq!(visible.len(), 1);
    assert_eq!(
        visible[0].start.session,
        session(2),
        "an open record is kept however old it is"
    );
    assert!(
        find(store, 1, last).await.is_some(),
        "invisible is not yet deleted"
    );

    assert_eq!(
        store.purge(over).await.unwrap(),
        Purged {
            records: 1,
            complete: true
        }
    );
    assert_eq!(find(store, 1, last).await, None);
    assert!(find(store, 2, over).await.is_some());
}

async fn only_its_helper_says_what_came_of_a_session(store: &dyn Records) {
    start(store, 1).await;
    let note = |helper: &str, notes: &str| Note {
        tenant: contoso(),
        session: session(1),
        pair: PairId::FIRST,
        helper: PersonId(helper.to_owned()),
        outcome: Outcome::Solved,
        notes: notes.to_owned(),
    };
    assert!(!store.note_outcome(&note("ben", "x"), at(1)).await.unwrap());
    let foreign = Note {
        tenant: TenantId("fabrikam".to_owned()),
        ..note("amina", "x")
    };
    assert!(!store.note_outcome(&foreign, at(1)).await.unwrap());
    assert_eq!(find(store, 1, at(1)).await.unwrap().outcome, None);
    assert!(
        store
            .note_outcome(&note("amina", "paper"), at(1))
            .await
            .unwrap()
    );
    stop(store, 1, at(2)).await;
    let last = note("amina", "paper jam; '); DROP TABLE records; --");
    assert!(store.note_outcome(&last, at(3)).await.unwrap());
    let found = find(store, 1, at(3)).await.unwrap();
    assert_eq!(found.outcome, Some((Outcome::Solved, last.notes.clone())));
    assert_eq!(found.ended.unwrap().at, at(2), "the end is as it was");
    let late = at(2 + 30 * DAY);
    assert!(!store.note_outcome(&last, late).await.unwrap());
}

/// PRODUCT 6.1: what the helper was warned of, and acknowledged, stands in the record.
async fn the_last_state_of_the_device_stands(store: &dyn Records) {
    start(store, 1).await;
    let place = (session(1), PairId::FIRST);
    for (state, acknowledged) in [(Compliance::Stale, false), (Compliance::Stale, true)] {
        let noted = store.note_compliance(place.0, place.1, state, acknowledged, at(1));
        assert!(noted.await.unwrap());
        let found = find(store, 1, at(2)).await.unwrap();
        assert_eq!(found.start.compliance, Some((state, acknowledged)));
    }
    stop(store, 1, at(3)).await;
    let late = store.note_compliance(place.0, place.1, Compliance::Compliant, true, at(4));
    assert!(!late.await.unwrap());
}
