//! What the scenes may cost, in bytes: figures of DESIGN section 7 that a test can hold.

use std::time::Duration;

use super::Pair;
use crate::testing::{Kind, Scene};

/// The first picture, then the sorted bytes of each further frame.
fn costs(kind: Kind, frames: usize) -> (usize, Vec<usize>) {
    let (mut scene, mut pair) = (Scene::new(kind, 1920, 1080), Pair::new());
    let first = pair.update(scene.screen(), &[]);
    let mut others: Vec<usize> = (0..frames)
        .map(|_| {
            let damage = scene.step();
            pair.now += Duration::from_millis(40);
            pair.update(scene.screen(), &damage)
        })
        .collect();
    others.sort_unstable();
    (first, others)
}

#[test]
fn a_key_press_costs_at_most_300_bytes() {
    let (first, others) = costs(Kind::Typing, 60);
    assert!(others[30] <= 300, "p50 {}", others[30]);
    assert!(first <= 150_000, "first picture {first}");
}

#[test]
fn a_terminal_line_costs_at_most_4_kb() {
    let (_, others) = costs(Kind::Terminal, 40);
    assert!(others[20] <= 4_000, "p50 {}", others[20]);
}

#[test]
fn a_window_seen_before_costs_at_most_8_kb() {
    // The first switch shows a new window; all others are in the compressor's window.
    let (_, others) = costs(Kind::Switch, 8);
    assert!(others[6] <= 8_000, "{others:?}");
    assert!(
        others[7] > 8_000,
        "the first sight of a window is no repeat: {others:?}"
    );
}

#[test]
fn nothing_changed_costs_nothing() {
    let (mut scene, mut pair) = (Scene::new(Kind::Typing, 1920, 1080), Pair::new());
    scene.step();
    pair.settle(scene.screen());
    assert_eq!(pair.update(scene.screen(), &[]), 0);
    assert_eq!(pair.encoder.deadline(), None, "nobody need wake up");
    let all = scene.screen().rect();
    assert_eq!(
        pair.update(scene.screen(), &[all]),
        0,
        "damage without a difference"
    );
    let slices = pair.slices.len();
    let mut screen = scene.screen().clone();
    screen.fill(crate::Rect::new(9, 9, 9, 9), [9; 3]);
    pair.encoder.add_damage(&[all]);
    assert!(pair.encoder.begin(&screen, 0, pair.now));
    assert!(
        !pair.send(scene.screen()),
        "it was undone before it was encoded"
    );
    assert_eq!(pair.slices.len(), slices);
    assert!(pair.encoder.is_quiet());
}
