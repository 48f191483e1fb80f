//! Carriers that are lost, and connections that come back on another one or do not (SPEC 2.4).

use super::*;

const ADDRESS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));

fn away(connection: ConnectionId) -> Input {
    Input::Away { connection }
}

fn back(connection: ConnectionId) -> Input {
    Input::Back {
        connection,
        source: ADDRESS,
    }
}

/// A round begins: first for the relay, then for both ends.
fn round(first: ConnectionId, second: ConnectionId, round: u8) -> Vec<Effect> {
    vec![
        Effect::Relink {
            session: id(1),
            pair: PAIR,
            round,
        },
        to(first, FromRelay::Back { pair: PAIR, round }),
        to(second, FromRelay::Back { pair: PAIR, round }),
    ]
}

/// PRODUCT 7.4: the other end is told and waits, nothing that was allowed is taken away, and both go on.
#[test]
fn a_pair_outlives_the_carrier_of_either_end() {
    for (lost, other) in [(HELPER, SHARER), (SHARER, HELPER)] {
        let mut table = Table::granted(Level::Control);
        let told = FromRelay::Away {
            pair: PAIR,
            within: 60,
        };
        assert_eq!(table.input(away(lost)), [to(other, told)]);
        assert_eq!(table.input(away(lost)), [], "told once");
        table.now += 59 * S;
        assert_eq!(table.input(back(lost)), round(lost, other, 1));
        assert_eq!(
            table.say(SHARER, challenge(1, "n2")),
            [grant(Level::Control, 1, 2, "n2", false)]
        );
        assert_eq!(
            table.input(back(other)),
            round(other, lost, 2),
            "unnoticed before"
        );
        table.now += 600 * S;
        assert_eq!(table.broker.handle_timeout(table.now), []);
    }
}

/// PRODUCT 3.8: whoever does not come back is lost, as if the connection had broken for good; what comes later means nothing.
#[test]
fn whoever_does_not_come_back_is_lost() {
    for (lost, other, reason) in [
        (HELPER, SHARER, EndReason::HelperLost),
        (SHARER, HELPER, EndReason::SharerLost),
    ] {
        let mut table = Table::granted(Level::View);
        table.input(away(lost));
        assert_eq!(table.broker.poll_timeout(), Some(table.now + 60 * S));
        table.now += 60 * S;
        let mut expected = vec![record(Entry::End(reason)), route(Route::CLOSED)];
        expected.extend(ended(other, Fault::PeerLost));
        expected.push(Effect::Close { connection: lost });
        assert_eq!(table.broker.handle_timeout(table.now), expected);
        assert_eq!(table.input(back(lost)), []);
        assert_eq!(table.input(Input::Gone { connection: lost }), []);
    }
}

/// A code and a handshake wait, too; there is nobody to tell, and no credit to count afresh.
#[test]
fn a_code_and_a_handshake_outlive_a_carrier() {
    let mut table = Table::offered();
    assert_eq!(table.input(away(HELPER)), []);
    assert_eq!(table.input(back(HELPER)), []);
    table.say(SHARER, join(47));
    assert_eq!(table.input(away(SHARER)), []);
    assert_eq!(table.input(back(SHARER)), []);
    table.say(HELPER, shook(HASH));
    let effects = table.say(SHARER, shook(HASH));
    assert!(matches!(effects[..], [Effect::Record { .. }]));
}

/// PRODUCT 1.8: rules see the address that a connection comes from now.
#[test]
fn a_connection_is_judged_by_where_it_comes_from_now() {
    let mut table = Table::granted(Level::View);
    table.input(back(HELPER));
    assert_eq!(table.broker.connections[&HELPER].source, ADDRESS);
}

/// What happens meanwhile happens: the session of somebody who is away can end, and is not ended twice.
#[test]
fn a_session_can_end_while_somebody_is_away() {
    let mut table = Table::granted(Level::View);
    table.input(away(HELPER));
    let effects = table.say(SHARER, ToRelay::Leave {});
    assert!(effects.contains(&record(Entry::End(EndReason::SharerLeft))));
    table.now += 60 * S;
    let effects = table.broker.handle_timeout(table.now);
    assert_eq!(effects, [Effect::Close { connection: HELPER }]);
}
