//! The controller over simulated lines. What is asserted are shares, windows and drops: counts, on a clock that is moved.

use std::time::{Duration, Instant};

use quinn::congestion::Controller;

use super::simulation::{Line, Work, World};
use super::{Phase, Rate};
use crate::Congestion::{self, Cubic, Rate as Ours};

/// 30 small updates a second.
const SCREEN: Work = Work::Paced {
    bytes: 3000,
    every: Duration::from_millis(33),
};
const KIB: u64 = 1024;
const INITIAL: u64 = 38_400;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn lan() -> Line {
    Line::new(1_000_000, 1, 1024 * KIB)
}

fn office() -> Line {
    Line::new(20_000, 20, 256 * KIB)
}

fn adsl() -> Line {
    Line::new(5_000, 30, 100 * KIB)
}

fn mobile() -> Line {
    Line::new(10_000, 40, 256 * KIB).lossy(20).jittery(40)
}

fn bad() -> Line {
    Line::new(2_000, 150, 100 * KIB).lossy(30)
}

/// A line with one sender, after this time.
fn alone(line: Line, congestion: Congestion, work: Work, time: Duration) -> World {
    let mut world = World::new(line);
    world.add(congestion, work);
    world.run(time);
    world
}

/// Percent of the line that each flow had in this time.
fn shares(world: &mut World, time: Duration) -> Vec<u64> {
    let capacity = world.line().capacity(time);
    let delivered = world.run(time).into_iter();
    delivered.map(|bytes| bytes * 100 / capacity).collect()
}

#[test]
fn it_fills_every_line() {
    for (name, line, least) in [
        ("lan", lan(), 80),
        ("office", office(), 85),
        ("adsl", adsl(), 85),
        ("jitter", Line::new(20_000, 5, 256 * KIB).jittery(20), 80),
        ("mobile", mobile(), 75),
        ("bad", bad(), 65),
    ] {
        let time = seconds(if name == "lan" { 1 } else { 15 });
        let mut world = World::new(line);
        world.add(Ours, Work::Bulk);
        let share = shares(&mut world, time)[0];
        assert!(share >= least, "{name}: {share} %");
    }
}

/// The reason why it is there.
#[test]
fn losses_by_chance_do_not_shrink_its_window_as_they_do_with_cubic() {
    for line in [mobile(), bad()] {
        let [ours, cubic] = [Ours, Cubic].map(|congestion| {
            let mut world = World::new(line.clone());
            world.add(congestion, Work::Bulk);
            shares(&mut world, seconds(15))[0]
        });
        assert!(ours >= 3 * cubic, "ours {ours} %, cubic {cubic} %");
    }
}

/// A shared screen sends less than the line can carry: nothing may be learnt of that, and nothing grows.
#[test]
fn the_window_of_a_shared_screen_is_bounded() {
    for line in [lan(), office(), adsl(), mobile(), bad()] {
        let world = alone(line, Ours, SCREEN, seconds(20));
        let widest = world.flow(0).widest;
        assert!(widest <= INITIAL, "{widest} bytes");
        assert_eq!(world.line().dropped, 0);
    }
    // Whole pictures, one in five seconds, which do fill the line for a moment.
    let pictures = Work::Paced {
        bytes: 116_000,
        every: seconds(5),
    };
    let world = alone(office(), Ours, pictures, seconds(60));
    let (widest, product) = (world.flow(0).widest, 100_000);
    assert!(widest <= 4 * product, "{widest} bytes");
    assert_eq!(world.line().dropped, 0);
}

/// On a local network a picture is there within a few round trips, although nothing was sent before that would have widened the window.
#[test]
fn on_a_local_network_a_picture_does_not_wait() {
    let mut world = alone(lan(), Ours, SCREEN, seconds(3));
    let picture = 116_000;
    world.owe(0, picture);
    let delivered = world.run(Duration::from_millis(10))[0];
    assert!(delivered >= 116_000, "{delivered} bytes in 10 ms");
}

#[test]
fn it_shares_a_line_with_itself() {
    for queue in [30, 100, 400] {
        let mut world = alone(
            Line::new(10_000, 30, queue * KIB),
            Ours,
            Work::Bulk,
            seconds(5),
        );
        world.add(Ours, Work::Bulk);
        world.run(seconds(5));
        let shares = shares(&mut world, seconds(20));
        assert!(
            shares.iter().all(|share| *share >= 20) && shares.iter().sum::<u64>() >= 85,
            "{shares:?} % with a queue of {queue} KiB"
        );
    }
}

/// Neither starves the other, whoever is there first.
#[test]
fn it_shares_a_line_with_cubic() {
    for queue in [30, 100, 400] {
        for (first, second) in [(Ours, Cubic), (Cubic, Ours)] {
            let mut world = alone(
                Line::new(10_000, 30, queue * KIB),
                first,
                Work::Bulk,
                seconds(5),
            );
            world.add(second, Work::Bulk);
            world.run(seconds(10));
            let shares = shares(&mut world, seconds(20));
            assert!(
                shares.iter().all(|share| *share >= 10),
                "{first} {second} {shares:?} % with a queue of {queue} KiB"
            );
        }
    }
}

/// A screen keeps what it needs beside a file, and updates wait in no long queue.
#[test]
fn a_shared_screen_lives_beside_a_file() {
    let mut world = alone(office(), Ours, SCREEN, seconds(2));
    world.add(Ours, Work::Bulk);
    world.run(seconds(3));
    let delivered = world.run(seconds(20))[0];
    let wanted = 3000 * 30 * 20;
    assert!(delivered * 100 >= wanted * 95, "{delivered} of {wanted}");
    let round_trip = world.flow(0).round_trip();
    assert!(round_trip < Duration::from_millis(80), "{round_trip:?}");
}

/// Each flow keeps a little more under way than the line holds. Their queues do not add up without end.
#[test]
fn the_queue_of_several_flows_does_not_grow_for_ever() {
    let mut world = World::new(Line::new(10_000, 30, 800 * KIB));
    for _ in 0..3 {
        world.add(Ours, Work::Bulk);
        world.run(seconds(1));
    }
    world.run(seconds(60));
    let round_trip = world.flow(0).round_trip();
    assert!(round_trip < Duration::from_millis(450), "{round_trip:?}");
}

/// A policer drops what is beyond the rate and lets nothing wait: the only sign of it is loss.
#[test]
fn a_policed_line_is_used_without_losing_much() {
    let mut world = World::new(adsl().policed());
    world.add(Ours, Work::Bulk);
    world.run(seconds(5));
    let before = (world.line().dropped, world.line().offered);
    let share = shares(&mut world, seconds(20))[0];
    let dropped = world.line().dropped - before.0;
    let offered = world.line().offered - before.1;
    assert!(share >= 75, "{share} %");
    assert!(dropped * 100 <= offered * 8, "{dropped} of {offered}");
}

#[test]
fn it_follows_a_line_that_gets_narrower_and_wider() {
    let mut world = alone(office(), Ours, Work::Bulk, seconds(5));
    for (line, least) in [(Line::new(2_000, 20, 100 * KIB), 80), (office(), 60)] {
        world.change(line);
        world.run(seconds(3));
        let share = shares(&mut world, seconds(10))[0];
        assert!(share >= least, "{share} %");
    }
}

#[test]
fn a_mark_of_the_network_counts_as_a_full_queue() {
    let (mut rate, now) = steady();
    let before = rate.window();
    rate.on_congestion_event(now, now, false, 0);
    rate.acknowledged(now, 60_000, false, Duration::from_millis(40));
    rate.end_round(now + Duration::from_millis(40));
    assert!(rate.window() < before, "{} of {before}", rate.window());
    assert!(rate.cautious > 0);
}

/// After long silence of the path nothing is known of it any more.
#[test]
fn after_a_long_loss_it_starts_again() {
    let (mut rate, now) = steady();
    rate.on_congestion_event(now, now, true, 60_000);
    assert_eq!(rate.window(), INITIAL);
    assert_eq!(rate.phase, Phase::START);
}

/// A controller that knows a path of 1.5 MB/s and 40 ms.
fn steady() -> (Rate, Instant) {
    let mut now = Instant::now();
    let round_trip = Duration::from_millis(40);
    let mut rate = Rate::new(INITIAL, now, 1200);
    rate.round_trip.trust();
    for _ in 0..10 {
        now += round_trip;
        rate.acknowledged(now, 60_000, false, round_trip);
        rate.end_round(now);
    }
    assert_eq!(rate.phase, Phase::Steady);
    (rate, now)
}
