//! Films become stills and come to rest as exact pixels; text never does.

use std::time::Duration;

use super::Pair;
use crate::testing::{Kind, Scene, film};
use crate::{Picture, Point, Rect};

const FRAME: Duration = Duration::from_millis(40);

fn play(scene: &mut Scene, pair: &mut Pair, frames: usize) -> usize {
    let costs = (0..frames).map(|_| {
        let damage = scene.step();
        pair.now += FRAME;
        pair.update(scene.screen(), &damage)
    });
    costs.sum()
}

#[test]
fn a_film_becomes_stills_and_is_refined_when_it_rests() {
    let (mut scene, mut pair) = (Scene::new(Kind::Video, 1280, 720), Pair::new());
    pair.settle(scene.screen());
    let exact = play(&mut scene, &mut pair, 4) / 4;
    play(&mut scene, &mut pair, 16);
    let still = play(&mut scene, &mut pair, 25) / 25;
    assert!(still * 10 < exact, "{still} bytes a frame against {exact}");
    let film = Rect::new(70, 90, 640, 360);
    let stills = pair.decoder.stills();
    assert!(!stills.is_empty());
    assert!(
        stills.values().all(|still| film.covers(still.rect())),
        "the text beside stays exact"
    );
    let fresh = |pair: &Pair| {
        let newest = pair
            .decoder
            .stills()
            .values()
            .map(|still| still.update())
            .max();
        newest == pair.slices.last().map(|slice| slice.update)
    };
    while !fresh(&pair) {
        play(&mut scene, &mut pair, 1);
    }
    let shown = pair.decoder.composed().unwrap();
    let under = pair.decoder.picture().unwrap();
    assert!(
        distance(&shown, scene.screen(), film) < 24,
        "the film is shown"
    );
    assert!(
        distance(under, scene.screen(), film) > 40,
        "and never drawn into the exact picture"
    );
    let rests = pair.now;
    while !pair.encoder.is_quiet() {
        pair.now = pair.encoder.deadline().unwrap();
        pair.update(scene.screen(), &[]);
    }
    assert_eq!(pair.decoder.composed().as_ref(), Some(scene.screen()));
    assert!(
        pair.now - rests <= Duration::from_millis(700),
        "refined after {:?}",
        pair.now - rests
    );
}

#[test]
fn stills_come_at_most_ten_times_a_second() {
    let (mut scene, mut pair) = (Scene::new(Kind::Video, 1280, 720), Pair::new());
    pair.settle(scene.screen());
    play(&mut scene, &mut pair, 20);
    let mut changes = Vec::new();
    for _ in 0..50 {
        play(&mut scene, &mut pair, 1);
        let newest = pair
            .decoder
            .stills()
            .values()
            .map(|still| still.update())
            .max();
        if changes.last() != Some(&newest) {
            changes.push(newest);
        }
    }
    assert!(
        (10..=21).contains(&changes.len()),
        "{} in two seconds",
        changes.len()
    );
}

#[test]
fn a_slow_line_still_sees_a_film_and_gets_a_lower_quality() {
    let bytes = |every: Duration| {
        let (mut scene, mut pair) = (Scene::new(Kind::Video, 1280, 720), Pair::new());
        pair.settle(scene.screen());
        let mut costs = Vec::new();
        for _ in 0..30 {
            let damage = scene.step();
            pair.now += every;
            costs.push(pair.update(scene.screen(), &damage));
        }
        assert!(!pair.decoder.stills().is_empty());
        costs[24..].iter().max().copied().unwrap()
    };
    let (slow, quick) = (bytes(Duration::from_millis(800)), bytes(FRAME));
    assert!(slow < quick * 3 / 4, "{slow} bytes against {quick}");
}

#[test]
fn text_never_moves_however_often_it_changes() {
    for kind in [
        Kind::Typing,
        Kind::Terminal,
        Kind::Page,
        Kind::Switch,
        Kind::Drag,
    ] {
        let (mut scene, mut pair) = (Scene::new(kind, 1280, 720), Pair::new());
        for _ in 0..60 {
            play(&mut scene, &mut pair, 1);
            assert!(pair.decoder.stills().is_empty(), "{kind:?}");
            assert_eq!(pair.decoder.picture(), Some(scene.screen()), "{kind:?}");
        }
    }
}

#[test]
fn damage_without_a_change_lets_a_film_rest() {
    let (mut scene, mut pair) = (Scene::new(Kind::Video, 1280, 720), Pair::new());
    pair.settle(scene.screen());
    play(&mut scene, &mut pair, 25);
    assert!(!pair.encoder.is_quiet());
    let all = scene.screen().rect();
    for _ in 0..15 {
        pair.now += FRAME;
        pair.update(scene.screen(), &[all]);
    }
    assert!(
        pair.encoder.is_quiet(),
        "a compositor that damages everything changes nothing"
    );
    assert_eq!(pair.decoder.picture(), Some(scene.screen()));
}

#[test]
fn text_that_takes_the_place_of_a_film_is_exact_at_once() {
    let (mut scene, mut pair) = (Scene::new(Kind::Video, 1280, 720), Pair::new());
    pair.settle(scene.screen());
    play(&mut scene, &mut pair, 25);
    let text = Scene::new(Kind::Switch, 1280, 720).screen().clone();
    for _ in 0..5 {
        pair.now += FRAME;
        pair.update(&text, &[text.rect()]);
    }
    assert!(pair.encoder.is_quiet());
    assert_eq!(pair.decoder.composed().as_ref(), Some(&text));
}

#[test]
fn a_film_over_the_whole_screen_fits_the_stills_there_may_be() {
    let mut pair = Pair::new();
    let mut screen = film(1920, 1080, 0);
    for time in 1..14 {
        screen.draw(Point { x: 0, y: 0 }, &film(1920, 1080, time));
        pair.now += 2 * FRAME;
        pair.update(&screen, &[screen.rect()]);
    }
    assert!(pair.decoder.stills().len() >= 12);
    pair.settle(&screen);
    assert_eq!(pair.decoder.picture(), Some(&screen));
}

/// Mean difference of a pixel's three colours together.
fn distance(a: &Picture, b: &Picture, rect: Rect) -> u64 {
    let rows = a.rows(rect).zip(b.rows(rect));
    let pixels = rows.flat_map(|(a, b)| a.iter().zip(b));
    pixels.map(|(a, b)| u64::from(a.abs_diff(*b))).sum::<u64>() / u64::from(rect.area())
}
