//! Whatever happens on the screen, the helper ends with the same pixels.

use std::time::Duration;

use proptest::prelude::*;

use super::Pair;
use crate::testing::{Dice, Kind, Scene, film, noise};
use crate::{CursorShape, Picture, Point, Rect};

/// Something that happens on the screen.
#[derive(Clone, Copy, Debug)]
enum Drawing {
    /// One colour.
    Fill(Rect, [u8; 3]),
    /// New content.
    Noise(Rect, u64),
    /// A film goes on.
    Film(u64),
    /// Content moves.
    Move(Rect, Point),
    /// A place goes back to what it was at first.
    Undo(Rect),
}

impl Drawing {
    /// Changes the screen and returns what is damaged.
    fn draw(self, screen: &mut Picture, first: &Picture) -> Rect {
        match self {
            Self::Fill(rect, rgb) => {
                screen.fill(rect, rgb);
                rect
            }
            Self::Noise(rect, seed) => {
                screen.copy(rect, &noise(screen.width(), screen.height(), seed));
                rect
            }
            Self::Film(time) => {
                screen.draw(Point { x: 70, y: 30 }, &film(200, 150, time));
                Rect::new(70, 30, 200, 150)
            }
            Self::Move(rect, from) => {
                screen.shift(rect, from);
                rect
            }
            Self::Undo(rect) => {
                screen.copy(rect, first);
                rect
            }
        }
    }
}

/// Something that happens.
#[derive(Clone, Copy, Debug)]
enum Event {
    Draw(Drawing),
    /// The line takes this many slices.
    Send(u8),
    /// The helper clicks.
    Focus(Point),
    /// The helper lost its place.
    Reset,
    /// The screen is another one.
    Resize(u16, u16),
    /// The pointer changes.
    Cursor(u8),
}

fn rect() -> impl Strategy<Value = Rect> {
    (0_u16..600, 0_u16..400, 1_u16..600, 1_u16..400).prop_map(|(x, y, w, h)| Rect::new(x, y, w, h))
}

fn point() -> impl Strategy<Value = Point> {
    (0_u16..700, 0_u16..500).prop_map(|(x, y)| Point { x, y })
}

fn drawing() -> impl Strategy<Value = Drawing> {
    prop_oneof![
        3 => (rect(), any::<[u8; 3]>()).prop_map(|(rect, rgb)| Drawing::Fill(rect, rgb)),
        3 => (rect(), any::<u64>()).prop_map(|(rect, seed)| Drawing::Noise(rect, seed)),
        6 => any::<u8>().prop_map(|time| Drawing::Film(time.into())),
        3 => (rect(), point()).prop_map(|(rect, from)| Drawing::Move(rect, from)),
        2 => rect().prop_map(Drawing::Undo),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        17 => drawing().prop_map(Event::Draw),
        12 => (0_u8..9).prop_map(Event::Send),
        2 => point().prop_map(Event::Focus),
        1 => Just(Event::Reset),
        1 => (1_u16..700, 1_u16..500).prop_map(|(w, h)| Event::Resize(w, h)),
        1 => any::<u8>().prop_map(Event::Cursor),
    ]
}

impl Pair {
    fn handle(&mut self, event: Event, screen: &mut Picture, first: &Picture) {
        match event {
            Event::Draw(drawing) => self.encoder.add_damage(&[drawing.draw(screen, first)]),
            Event::Send(count) => {
                self.now += Duration::from_millis(30);
                self.encoder.begin(screen, 0, self.now);
                let _ = (0..count).filter(|_| self.send(screen)).count();
            }
            Event::Focus(point) => self.encoder.set_focus(point),
            Event::Reset => self.encoder.reset(),
            Event::Resize(w, h) => *screen = noise(w, h, 6),
            Event::Cursor(colour) => {
                let rgba = vec![colour; 4];
                let shape = CursorShape {
                    width: 1,
                    height: 1,
                    hot_x: 0,
                    hot_y: 0,
                    rgba,
                };
                self.encoder.cursor(shape).unwrap();
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_sequence_ends_with_the_same_pixels(
        size in (1_u16..700, 1_u16..500),
        events in prop::collection::vec(event(), 1..60),
    ) {
        let first = noise(size.0, size.1, 5);
        let (mut screen, mut pair) = (first.clone(), Pair::new());
        for event in events {
            pair.handle(event, &mut screen, &first);
        }
        pair.settle(&screen);
        let picture = pair.decoder.picture().unwrap();
        prop_assert_eq!(picture.hash(), screen.hash());
        prop_assert!(pair.decoder.stills().is_empty());
        prop_assert_eq!(pair.decoder.composed().unwrap().hash(), screen.hash());
    }

    #[test]
    fn a_film_is_shown_whole_whatever_happens_beside_it(
        drawings in prop::collection::vec(drawing(), 1..40),
    ) {
        // What lies over the picture is where it differs from the screen, and nowhere else.
        let first = noise(600, 400, 5);
        let (mut screen, mut pair) = (first.clone(), Pair::new());
        for (time, drawing) in (0..).zip(drawings) {
            let damage = [drawing, Drawing::Film(time)].map(|it| it.draw(&mut screen, &first));
            pair.now += Duration::from_millis(220);
            pair.update(&screen, &damage);
            let mut exact = pair.decoder.picture().unwrap().clone();
            for still in pair.decoder.stills().values() {
                exact.copy(still.rect(), &screen);
            }
            prop_assert_eq!(exact.hash(), screen.hash());
        }
    }
}

#[test]
fn scenes_are_exact_after_every_frame_that_nothing_lies_over() {
    for kind in Scene::ALL {
        let (mut scene, mut pair) = (Scene::new(kind, 800, 600), Pair::new());
        for _ in 0..30 {
            let damage = scene.step();
            pair.update(scene.screen(), &damage);
            pair.now += Duration::from_millis(40);
            if pair.encoder.is_quiet() {
                assert_eq!(pair.decoder.picture(), Some(scene.screen()), "{kind:?}");
            } else {
                assert_eq!(
                    kind,
                    Kind::Video,
                    "only a film has anything over the picture"
                );
            }
        }
        pair.settle(scene.screen());
        assert_eq!(pair.decoder.picture(), Some(scene.screen()), "{kind:?}");
    }
}

#[test]
fn only_damage_is_looked_at() {
    let (mut screen, mut pair) = (noise(300, 200, 1), Pair::new());
    pair.settle(&screen);
    screen.fill(Rect::new(0, 0, 20, 20), [1, 2, 3]);
    screen.fill(Rect::new(200, 100, 20, 20), [1, 2, 3]);
    pair.update(&screen, &[Rect::new(200, 100, 20, 20)]);
    let picture = pair.decoder.picture().unwrap();
    assert!(
        picture
            .rows(Rect::new(200, 100, 20, 20))
            .eq(screen.rows(Rect::new(200, 100, 20, 20)))
    );
    assert!(
        !picture
            .rows(Rect::new(0, 0, 20, 20))
            .eq(screen.rows(Rect::new(0, 0, 20, 20)))
    );
}

#[test]
fn damage_at_the_focus_overtakes_an_update_under_way() {
    let (mut screen, mut pair) = (noise(1280, 960, 1), Pair::new());
    pair.settle(&screen);
    screen = noise(1280, 960, 2);
    let place = Point { x: 1200, y: 30 };
    pair.encoder.set_focus(Point { x: 10, y: 900 });
    pair.encoder.add_damage(&[screen.rect()]);
    assert!(pair.encoder.begin(&screen, 1, Duration::ZERO));
    assert!(pair.send(&screen) && pair.send(&screen));
    let letter = Rect::new(1190, 20, 30, 30);
    screen.fill(letter, [9, 9, 9]);
    pair.encoder.set_focus(place);
    pair.encoder.add_damage(&[letter]);
    assert!(pair.send(&screen));
    assert!(
        !pair.slices.last().unwrap().last,
        "the update is far from whole"
    );
    assert!(
        pair.decoder
            .picture()
            .unwrap()
            .rows(letter)
            .eq(screen.rows(letter))
    );
    while pair.send(&screen) {}
    assert_eq!(pair.decoder.picture(), Some(&screen));
}

#[test]
fn changes_that_go_on_never_keep_an_update_open() {
    let (mut screen, mut pair) = (noise(640, 480, 1), Pair::new());
    pair.settle(&screen);
    let mut dice = Dice(1);
    pair.encoder.set_focus(Point { x: 300, y: 200 });
    pair.encoder.add_damage(&[screen.rect()]);
    screen = noise(640, 480, dice.roll());
    assert!(pair.encoder.begin(&screen, 1, Duration::ZERO));
    let mut sent = 0;
    while pair.send(&screen) {
        screen = noise(640, 480, dice.roll());
        pair.encoder.add_damage(&[screen.rect()]);
        sent += 1;
        assert!(sent < 60, "an update must end");
    }
    pair.settle(&screen);
    assert_eq!(pair.decoder.picture(), Some(&screen));
}

#[test]
fn a_reset_brings_the_pointer_again_and_forgets_the_rest() {
    let (screen, mut pair) = (noise(100, 100, 1), Pair::new());
    let shape = |colour| CursorShape {
        width: 2,
        height: 2,
        hot_x: 1,
        hot_y: 1,
        rgba: vec![colour; 16],
    };
    let ids = [1, 2, 1].map(|colour| pair.encoder.cursor(shape(colour)).unwrap());
    assert_eq!(ids, [0, 1, 0]);
    pair.settle(&screen);
    assert_eq!(pair.decoder.shapes().len(), 2);
    pair.encoder.privilege_changed();
    pair.settle(&screen);
    assert_eq!(
        pair.decoder.shapes().iter().collect::<Vec<_>>(),
        [(&0, &shape(1))]
    );
    assert_eq!(pair.slices.last().unwrap().context, 2);
    let id = pair.encoder.cursor(shape(2)).unwrap();
    pair.settle(&screen);
    assert_eq!(pair.decoder.shapes()[&id], shape(2));
}

#[test]
fn the_largest_shape_fits_a_slice() {
    let (screen, mut pair) = (noise(100, 100, 1), Pair::new());
    let mut dice = Dice(3);
    let rgba: Vec<u8> = (0..255 * 255 * 4)
        .map(|_| dice.roll().to_le_bytes()[0])
        .collect();
    let shape = CursorShape {
        width: 255,
        height: 255,
        hot_x: 254,
        hot_y: 254,
        rgba,
    };
    pair.settle(&screen);
    let id = pair.encoder.cursor(shape.clone()).unwrap();
    pair.settle(&screen);
    assert_eq!(pair.decoder.shapes()[&id], shape);
}
