//! Who reaches the injector.

use std::sync::{Arc, Mutex};

use identity::{BadGrant, GrantToken, SigningKey};
use policy::{GrantRefused, HandshakeHash, SessionId};

use super::*;
use crate::inject::InjectError;

const PAIR: PairId = PairId::FIRST;

/// Writes down what reaches it.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<(Vec<Event>, usize)>>);

impl InputSink for Paper {
    fn apply(&mut self, event: &Event) -> Result<(), InjectError> {
        self.0.lock().unwrap().0.push(event.clone());
        Ok(())
    }

    fn release_all(&mut self) -> Result<(), InjectError> {
        self.0.lock().unwrap().1 += 1;
        Ok(())
    }

    fn held(&self) -> usize {
        0
    }
}

/// The relay's key, by the organisation's bundle.
fn relay() -> SigningKey {
    SigningKey::new([3; 32]).unwrap()
}

/// The grant that these hands wait for.
fn token(level: Level) -> GrantToken {
    GrantToken {
        grant: Grant {
            session: SessionId([1; 16]),
            pair: PairId::FIRST,
            level,
            generation: 1,
            sequence: 1,
            hash: HandshakeHash([2; 32]),
            nonce: "n".into(),
        },
        tenant: "contoso".into(),
        helper_key: [4; 32],
    }
}

/// Hands whose person consented to this level, without a grant.
fn waiting(level: Level) -> (Hands, Paper) {
    let paper = Paper::default();
    let gate = Gate::new(SessionId([1; 16]), PairId::FIRST, HandshakeHash([2; 32]));
    let warrant = Warrant {
        keys: vec![relay().public()],
        tenant: "contoso".into(),
        helper_key: [4; 32],
    };
    let mut hands = Hands::new(Box::new(paper.clone()));
    hands.enter(PAIR, gate, warrant);
    assert!(hands.consented(PAIR, level, 1));
    hands.challenge(PAIR, "n".into(), Duration::ZERO);
    (hands, paper)
}

fn hands(level: Level) -> (Hands, Paper) {
    let (mut hands, paper) = waiting(level);
    hands
        .open(PAIR, &token(level).sign(&relay()), Duration::ZERO)
        .unwrap();
    (hands, paper)
}

/// Attack 37: what a broken-into relay, or somebody without its key, can send instead of the one right grant.
#[test]
fn no_other_grant_opens_the_hands() {
    let differ: [fn(&mut GrantToken); 9] = [
        |token| token.tenant = "fabrikam".into(),
        |token| token.helper_key = [9; 32],
        |token| token.grant.session = SessionId([9; 16]),
        |token| token.grant.hash = HandshakeHash([9; 32]),
        |token| token.grant.pair = PairId::new(1).unwrap(),
        |token| token.grant.level = Level::View,
        |token| token.grant.generation = 2,
        |token| token.grant.sequence = 0,
        |token| token.grant.nonce = "other".into(),
    ];
    for (number, differ) in differ.into_iter().enumerate() {
        let (mut hands, paper) = waiting(Level::Control);
        let mut other = token(Level::Control);
        differ(&mut other);
        let refused = hands.open(PAIR, &other.sign(&relay()), Duration::ZERO);
        assert!(refused.is_err(), "grant {number}");
        hands.inject(PAIR, &input(0), MS);
        assert!(paper.0.lock().unwrap().0.is_empty(), "grant {number}");
    }
    let (mut hands, paper) = waiting(Level::View);
    assert!(
        hands
            .open(PAIR, &token(Level::Control).sign(&relay()), Duration::ZERO)
            .is_err()
    );
    hands.inject(PAIR, &input(0), MS);
    assert!(
        paper.0.lock().unwrap().0.is_empty(),
        "nobody consented to control"
    );
}

/// Attack 37: a grant that another key signed, that was changed, or that was used before.
#[test]
fn forged_and_replayed_grants_open_nothing() {
    let (mut hands, _) = waiting(Level::Control);
    let good = token(Level::Control).sign(&relay());
    let stranger = SigningKey::new([9; 32]).unwrap();
    let forged = token(Level::Control).sign(&stranger);
    let refused = hands.open(PAIR, &forged, Duration::ZERO);
    assert_eq!(refused, Err(NotOpened::Signature(BadGrant::OtherKey)));
    for text in ["", "a.b.c", &good[1..], &good.replace('.', "")] {
        assert!(hands.open(PAIR, text, Duration::ZERO).is_err(), "{text}");
    }
    assert!(hands.open(PAIR, &good, Duration::ZERO).is_ok());
    let replayed = hands.open(PAIR, &good, Duration::ZERO);
    assert_eq!(replayed, Err(NotOpened::Gate(GrantRefused::Replayed)));
}

fn input(clock_ms: u32) -> Input {
    Input {
        first: 7,
        clock_ms,
        events: vec![Event::ReleaseAll, Event::Text("x".into())],
    }
}

const MS: Duration = Duration::from_millis(1);

#[test]
fn only_control_reaches_the_injector() {
    let (mut view, paper) = hands(Level::View);
    view.inject(PAIR, &input(0), MS);
    assert!(paper.0.lock().unwrap().0.is_empty());
    assert_eq!(view.counts(PAIR), (0, 2, 0));
    let (mut control, paper) = hands(Level::Control);
    control.inject(PAIR, &input(0), MS);
    assert_eq!(paper.0.lock().unwrap().0.len(), 2);
    assert_eq!(control.last_input(PAIR), 8);
}

#[test]
fn the_pointer_counts_from_the_corner_of_what_is_shown() {
    let (mut hands, paper) = hands(Level::Control);
    hands.set_origin(PAIR, Point { x: 1920, y: 8 });
    let place = Input {
        events: vec![
            Event::Move { x: 5, y: 6 },
            Event::Move { x: u16::MAX, y: 0 },
        ],
        ..input(0)
    };
    hands.inject(PAIR, &place, MS);
    let moved = [
        Event::Move { x: 1925, y: 14 },
        Event::Move { x: u16::MAX, y: 8 },
    ];
    assert_eq!(paper.0.lock().unwrap().0, moved);
    assert_eq!(hands.pointer(PAIR), Some(Point { x: u16::MAX, y: 0 }));
}

#[test]
fn nothing_is_injected_while_paused_or_while_a_question_is_shown() {
    let (mut hands, paper) = hands(Level::Control);
    hands.pause(true);
    hands.inject(PAIR, &input(0), MS);
    hands.pause(false);
    hands.question(PAIR, true);
    hands.inject(PAIR, &input(0), MS);
    assert!(paper.0.lock().unwrap().0.is_empty());
    assert!(paper.0.lock().unwrap().1 >= 2, "keys are released at both");
    hands.question(PAIR, false);
    hands.inject(PAIR, &input(0), MS);
    assert_eq!(paper.0.lock().unwrap().0.len(), 2);
}

#[test]
fn input_that_was_held_up_for_more_than_two_seconds_is_thrown_away() {
    let (mut hands, _) = hands(Level::Control);
    assert_eq!(
        hands.too_late(PAIR, &input(1000), 5000 * MS),
        None,
        "clocks need not agree"
    );
    assert_eq!(hands.too_late(PAIR, &input(1100), 7100 * MS), None);
    assert_eq!(
        hands.too_late(PAIR, &input(1200), 7201 * MS),
        Some(Late { events: 2 })
    );
    assert_eq!(hands.too_late(PAIR, &input(3300), 7400 * MS), None);
}

/// Two helpers in one session; both may view.
fn two() -> (Hands, Paper, PairId) {
    let (mut hands, paper) = hands(Level::View);
    let second = PairId::new(1).unwrap();
    let gate = Gate::new(SessionId([1; 16]), second, HandshakeHash([5; 32]));
    let warrant = Warrant {
        keys: vec![relay().public()],
        tenant: "contoso".into(),
        helper_key: [6; 32],
    };
    hands.enter(second, gate, warrant);
    grant(&mut hands, second, Level::View, 1).unwrap();
    (hands, paper, second)
}

/// Consent and grant for a helper, as the relay would sign it.
fn grant(
    hands: &mut Hands,
    pair: PairId,
    level: Level,
    generation: u32,
) -> Result<Opened, NotOpened> {
    let nonce = format!("n{generation}");
    assert!(hands.consented(pair, level, generation));
    hands.challenge(pair, nonce.clone(), Duration::ZERO);
    open(hands, pair, level, generation, nonce)
}

fn open(
    hands: &mut Hands,
    pair: PairId,
    level: Level,
    generation: u32,
    nonce: String,
) -> Result<Opened, NotOpened> {
    let first = pair == PAIR;
    let token = GrantToken {
        grant: Grant {
            session: SessionId([1; 16]),
            pair,
            level,
            generation,
            sequence: u64::from(generation) + 1,
            hash: HandshakeHash([if first { 2 } else { 5 }; 32]),
            nonce,
        },
        tenant: "contoso".into(),
        helper_key: [if first { 4 } else { 6 }; 32],
    };
    let opened = hands.open(pair, &token.sign(&relay()), Duration::ZERO);
    opened.map(|(_, opened)| opened)
}

/// SPEC 6.9: whoever is lowered loses input at once, and only then somebody else can have it.
#[test]
fn one_helper_at_most_has_input() {
    let (mut hands, paper, second) = two();
    grant(&mut hands, PAIR, Level::Control, 2).unwrap();
    assert!(
        !hands.consented(second, Level::Control, 2),
        "amina holds it"
    );
    let refused = open(&mut hands, second, Level::Control, 2, "n2".into());
    assert_eq!(refused, Err(NotOpened::Held));
    let released = paper.0.lock().unwrap().1;
    assert!(hands.consented(PAIR, Level::View, 3));
    assert!(paper.0.lock().unwrap().1 > released, "every key is up");
    hands.inject(PAIR, &input(0), MS);
    assert!(paper.0.lock().unwrap().0.is_empty());
    grant(&mut hands, second, Level::Control, 3).unwrap();
    hands.inject(second, &input(0), MS);
    assert_eq!(paper.0.lock().unwrap().0.len(), 2);
    hands.inject(PAIR, &input(0), MS);
    assert_eq!(paper.0.lock().unwrap().0.len(), 2);
    assert_eq!(hands.holders().collect::<Vec<_>>(), [second]);
}

/// A consent that the relay has not granted yet bars others too: its grant may be on its way.
#[test]
fn a_consent_without_a_grant_bars_others() {
    let (mut hands, _, second) = two();
    assert!(hands.consented(PAIR, Level::Control, 2));
    assert!(!hands.consented(second, Level::Control, 2));
}

/// A grant for one helper opens nothing for another, and a helper who is gone has no gate.
#[test]
fn grants_of_helpers_are_not_mixed_up() {
    let (mut hands, _, second) = two();
    let of_first = token(Level::View).sign(&relay());
    let refused = hands.open(second, &of_first, Duration::ZERO);
    assert_eq!(refused, Err(NotOpened::OtherHelper));
    hands.leave(second);
    let refused = open(&mut hands, second, Level::View, 2, "n2".into());
    assert_eq!(refused, Err(NotOpened::Nobody));
}

/// While a question about one helper is shown nobody's input goes through (DESIGN 3); who leaves takes the question along.
#[test]
fn a_question_about_one_stops_the_input_of_all() {
    let (mut hands, paper, second) = two();
    grant(&mut hands, PAIR, Level::Control, 2).unwrap();
    hands.question(second, true);
    hands.inject(PAIR, &input(0), MS);
    assert!(paper.0.lock().unwrap().0.is_empty());
    hands.leave(second);
    hands.inject(PAIR, &input(0), MS);
    assert_eq!(paper.0.lock().unwrap().0.len(), 2);
}

/// What a viewer does or is allowed releases nothing of whoever holds input.
#[test]
fn a_viewer_releases_no_keys_of_others() {
    let (mut hands, paper, second) = two();
    grant(&mut hands, PAIR, Level::Control, 2).unwrap();
    let released = paper.0.lock().unwrap().1;
    assert!(hands.consented(second, Level::View, 2));
    hands.leave(second);
    assert_eq!(paper.0.lock().unwrap().1, released);
}

/// What stands is told, and the picture goes only to whoever has a live grant, and to nobody while paused.
#[test]
fn the_picture_is_shown_to_whom_it_was_granted() {
    let (mut hands, _, second) = two();
    grant(&mut hands, PAIR, Level::Control, 2).unwrap();
    assert_eq!(hands.level(PAIR), Some(Level::Control));
    assert_eq!(hands.level(second), Some(Level::View));
    assert!(hands.shows(PAIR, MS) && hands.shows(second, MS));
    let over = Duration::from_secs(60);
    assert!(hands.shows(second, over - MS) && !hands.shows(second, over));
    assert!(!hands.is_paused());
    hands.pause(true);
    assert!(hands.is_paused());
    assert!(!hands.shows(PAIR, MS) && !hands.shows(second, MS));
    hands.pause(false);
    assert!(hands.shows(PAIR, MS) && !hands.is_paused());
    hands.leave(second);
    assert_eq!(hands.level(second), None);
    assert!(!hands.shows(second, MS), "who is gone sees nothing");
    let (waiting, _) = waiting(Level::View);
    assert!(!waiting.shows(PAIR, MS), "no grant has come");
}

/// The end of a session: every gate is shut for good, every key is up.
#[test]
fn shut_hands_let_nothing_through() {
    let (mut hands, paper, second) = two();
    grant(&mut hands, PAIR, Level::Control, 2).unwrap();
    let released = paper.0.lock().unwrap().1;
    hands.shut();
    assert!(paper.0.lock().unwrap().1 > released);
    hands.inject(PAIR, &input(0), MS);
    assert!(paper.0.lock().unwrap().0.is_empty());
    assert!(!hands.shows(PAIR, MS) && !hands.shows(second, MS));
    assert_eq!(hands.counts(PAIR).1, 2, "both events were refused");
}

/// What the helper pressed does not stay down, however the session's program comes to its end; and what was done is counted.
#[test]
fn hands_that_go_leave_no_key_down() {
    let (mut hands, paper) = hands(Level::Control);
    hands.inject(PAIR, &input(0), MS);
    assert_eq!(hands.counts(PAIR), (2, 0, 0));
    let released = paper.0.lock().unwrap().1;
    drop(hands);
    assert!(paper.0.lock().unwrap().1 > released);
}
