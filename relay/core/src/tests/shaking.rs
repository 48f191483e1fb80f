//! The claim: exclusive, 60 seconds, consumed only when both ends report the same hash.

use super::*;
use crate::Alarm;

/// The claim is given back: no channel, the code can be typed again, the sharer starts anew.
fn released(fault: Fault) -> Vec<Effect> {
    let mut effects = vec![route(Route::CLOSED), to(HELPER, FromRelay::Unclaimed {})];
    effects.extend(ended(SHARER, fault));
    effects
}

/// Another sharer claims the code that was released.
fn claims_again(table: &mut Table) {
    let other = ConnectionId(3);
    table.admit(other, Role::Sharer, "olu");
    assert_eq!(table.say(other, join(47)).len(), 3, "the code is unclaimed");
}

/// PRODUCT 3.1: a wrong code leaves the code to others, until its attempts are used up.
#[test]
fn a_failed_handshake_releases_the_claim() {
    for who in [HELPER, SHARER] {
        let mut table = Table::claimed();
        assert_eq!(
            table.say(who, shake_failed(false)),
            released(Fault::SecurityCheck)
        );
        claims_again(&mut table);
    }
}

#[test]
fn a_claim_lasts_sixty_seconds() {
    let mut table = Table::claimed();
    assert_eq!(table.broker.poll_timeout(), Some(60 * S));
    assert_eq!(table.pass(60 * S - Duration::from_nanos(1)), []);
    assert_eq!(
        table.pass(Duration::from_nanos(1)),
        released(Fault::TimedOut)
    );
    assert_eq!(table.broker.poll_timeout(), Some(600 * S));
    claims_again(&mut table);
}

/// One end that reports success does not keep the claim alive.
#[test]
fn half_a_handshake_is_released_as_well() {
    let mut table = Table::claimed();
    assert_eq!(table.say(HELPER, shook(HASH)), []);
    assert_eq!(table.pass(60 * S), released(Fault::TimedOut));
    let other = ConnectionId(3);
    table.admit(other, Role::Sharer, "olu");
    table.say(other, join(47));
    assert_eq!(
        table.say(other, shook(HASH)),
        [],
        "the helper's report of the last claim is forgotten"
    );
}

#[test]
fn a_sharer_who_is_lost_while_claimed_leaves_the_code() {
    let mut table = Table::claimed();
    let effects = table.input(Input::Gone { connection: SHARER });
    assert_eq!(effects[0], route(Route::CLOSED));
    assert_eq!(effects[1], to(HELPER, FromRelay::Unclaimed {}));
    claims_again(&mut table);
}

#[test]
fn a_helper_who_is_lost_takes_the_code_along() {
    let mut table = Table::claimed();
    let mut expected = vec![route(Route::CLOSED)];
    expected.extend(ended(SHARER, Fault::PeerLost));
    assert_eq!(
        table.input(Input::Gone { connection: HELPER }),
        expected,
        "nothing was recorded, so nothing is ended"
    );
    let other = ConnectionId(3);
    table.admit(other, Role::Sharer, "olu");
    assert_eq!(
        table.say(other, join(47)),
        [faulted(other, Fault::CodeUnknown)]
    );
}

/// PRODUCT 3.1: three attempts, counted by the helper's client; the third burns the code.
#[test]
fn a_burned_code_is_gone() {
    let mut table = Table::claimed();
    let mut expected = vec![route(Route::CLOSED)];
    expected.extend(ended(SHARER, Fault::SecurityCheck));
    expected.extend(ended(HELPER, Fault::CodeBurned));
    assert_eq!(table.say(HELPER, shake_failed(true)), expected);

    // Likewise after the claim went back: the sharer's report may come first.
    let mut table = Table::claimed();
    table.say(SHARER, shake_failed(false));
    assert_eq!(
        table.say(HELPER, shake_failed(true)),
        ended(HELPER, Fault::CodeBurned)
    );
}

#[test]
fn a_sharer_cannot_burn_a_code() {
    let mut table = Table::claimed();
    assert_eq!(
        table.say(SHARER, shake_failed(true)),
        released(Fault::SecurityCheck)
    );
    claims_again(&mut table);
}

/// Different hashes mean somebody in the middle: nobody is linked, the code is gone, an administrator is told.
#[test]
fn different_hashes_raise_the_alarm() {
    let mut table = Table::claimed();
    let other = HandshakeHash([8; 32]);
    assert_eq!(table.say(HELPER, shook(HASH)), []);
    let mut expected = vec![
        Effect::Alarm(Alarm::HashesDiffer {
            session: id(1),
            helper: HASH,
            sharer: other,
        }),
        route(Route::CLOSED),
    ];
    expected.extend(ended(SHARER, Fault::SecurityCheck));
    expected.extend(ended(HELPER, Fault::SecurityCheck));
    assert_eq!(table.say(SHARER, shook(other)), expected);
    let late = ConnectionId(3);
    table.admit(late, Role::Sharer, "olu");
    assert_eq!(
        table.say(late, join(47)),
        [faulted(late, Fault::CodeUnknown)]
    );
}

/// PRODUCT 8.1: no session without a record. If the row cannot be written, nobody is linked and both learn why.
#[test]
fn without_a_row_there_is_no_session() {
    for fault in [Fault::StoreUnavailable, Fault::StoreFull] {
        let mut table = Table::recording();
        let session = id(1);
        let mut expected = vec![route(Route::CLOSED)];
        expected.extend(ended(SHARER, fault));
        expected.extend(ended(HELPER, fault));
        assert_eq!(
            table.input(Input::NotRecorded {
                session,
                pair: PAIR,
                fault
            }),
            expected
        );
        assert_eq!(
            table.input(Input::Recorded {
                session,
                pair: PAIR
            }),
            []
        );
    }
}

#[test]
fn a_row_that_comes_after_the_end_links_nobody() {
    let mut table = Table::recording();
    let effects = table.input(Input::Gone { connection: HELPER });
    let mut expected = vec![
        record(Entry::End(EndReason::HelperLost)),
        route(Route::CLOSED),
    ];
    expected.extend(ended(SHARER, Fault::PeerLost));
    assert_eq!(
        effects, expected,
        "the open row is closed, as it may become durable"
    );
    assert_eq!(
        table.input(Input::Recorded {
            session: id(1),
            pair: PAIR
        }),
        []
    );
}

#[test]
fn reports_out_of_season_change_nothing() {
    let mut table = Table::offered();
    assert_eq!(
        table.say(HELPER, shook(HASH)),
        [faulted(HELPER, Fault::NotNow)]
    );
    assert_eq!(
        table.say(HELPER, shake_failed(false)),
        [faulted(HELPER, Fault::NotNow)]
    );
    let mut table = Table::paired();
    for who in [HELPER, SHARER] {
        assert_eq!(table.say(who, shook(HASH)), [faulted(who, Fault::NotNow)]);
        assert_eq!(
            table.say(who, shake_failed(true)),
            [faulted(who, Fault::NotNow)]
        );
    }
}

/// A connection that is gone is not written to; one that leaves is closed once, and not told that the *other* person left.
#[test]
fn a_sharer_who_departs_while_claimed_is_not_addressed() {
    let released = [route(Route::CLOSED), to(HELPER, FromRelay::Unclaimed {})];
    let mut lost = Table::claimed();
    assert_eq!(lost.input(Input::Gone { connection: SHARER }), released);
    let mut left = Table::claimed();
    let mut expected = released.to_vec();
    expected.push(Effect::Close { connection: SHARER });
    assert_eq!(left.say(SHARER, ToRelay::Leave {}), expected);
}

/// PRODUCT 8.1: a store that does not answer keeps nobody waiting, and links nobody; the row ends should it come after all.
#[test]
fn a_row_that_is_not_durable_in_ten_seconds_links_nobody() {
    let session = id(1);
    let mut table = Table::recording();
    assert_eq!(table.broker.poll_timeout(), Some(10 * S));
    assert_eq!(table.pass(10 * S - Duration::from_nanos(1)), []);
    assert_eq!(
        table.pass(Duration::from_nanos(1)),
        end(EndReason::NotRecorded, Fault::StoreUnavailable),
        "the line of the end is written behind the one that opens the row"
    );
    assert_eq!(
        table.input(Input::Recorded {
            session,
            pair: PAIR
        }),
        []
    );
    assert_eq!(table.broker.poll_timeout(), None);
}

#[test]
fn an_answer_of_the_store_counts_only_while_the_row_is_awaited() {
    let (session, fault) = (id(1), Fault::StoreUnavailable);
    for mut table in [
        Table::offered(),
        Table::claimed(),
        Table::granted(Level::View),
    ] {
        let deadline = table.broker.poll_timeout();
        assert_eq!(
            table.input(Input::NotRecorded {
                session,
                pair: PAIR,
                fault
            }),
            []
        );
        assert_eq!(table.broker.poll_timeout(), deadline);
        assert_eq!(
            table.input(Input::Recorded {
                session,
                pair: PAIR
            }),
            []
        );
    }
}
