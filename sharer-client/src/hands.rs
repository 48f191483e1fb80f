//! The helper's hands on this machine: the gate, and behind it the injector, which nothing else can reach.

use std::time::Duration;

use identity::{BadGrant, GrantToken, PublicKey};
use picture::Point;
use policy::{Gate, Grant, GrantRefused, Level, Opened};
use seal::{Event, Input};
use tracing::{debug, warn};

use crate::inject::InputSink;

/// The gate and what it guards.
pub(crate) struct Hands {
    gate: Gate,
    warrant: Warrant,
    sink: Box<dyn InputSink>,
    paused: bool,
    /// The smallest difference between our clock and the helper's, in milliseconds: an event that was not held up.
    offset: Option<i64>,
    last_input: u64,
    pointer: Option<Point>,
    /// Where the shown part of the desktop begins: the helper counts from there.
    origin: Point,
    refused: u64,
    injected: u64,
}

/// What a grant has to be signed by, and bound to, before the gate looks at it.
pub(crate) struct Warrant {
    /// The keys of the relay, by the organisation's bundle.
    pub(crate) keys: Vec<PublicKey>,
    /// The organisation.
    pub(crate) tenant: String,
    /// The helper's key, as the handshake proved it.
    pub(crate) helper_key: [u8; 32],
}

/// Why a grant opens nothing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotOpened {
    /// It is not signed as it has to be.
    Signature(BadGrant),
    /// It is for another organisation or another helper.
    OtherHelper,
    /// The gate refused it.
    Gate(GrantRefused),
}

/// Input that was thrown away as a whole because it was too old (DESIGN 3).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Late {
    /// How many events.
    pub(crate) events: u64,
}

impl Hands {
    pub(crate) fn new(gate: Gate, warrant: Warrant, sink: Box<dyn InputSink>) -> Self {
        Self {
            gate,
            warrant,
            sink,
            paused: false,
            offset: None,
            last_input: 0,
            pointer: None,
            origin: Point { x: 0, y: 0 },
            refused: 0,
            injected: 0,
        }
    }

    /// The person consented to this level.
    pub(crate) fn consented(&mut self, level: Level, generation: u32) {
        self.gate.consented(level, generation);
        if !level.includes_input() {
            self.release_all();
        }
    }

    /// A challenge was made.
    pub(crate) fn challenge(&mut self, nonce: String, now: Duration) {
        self.gate.challenge(nonce, now);
    }

    /// A signed grant came.
    pub(crate) fn open(
        &mut self,
        token: &str,
        now: Duration,
    ) -> Result<(Grant, Opened), NotOpened> {
        let token = GrantToken::verify(token, &self.warrant.keys).map_err(NotOpened::Signature)?;
        let warrant = &self.warrant;
        if (&token.tenant, &token.helper_key) != (&warrant.tenant, &warrant.helper_key) {
            return Err(NotOpened::OtherHelper);
        }
        let opened = self.gate.open(&token.grant, now).map_err(NotOpened::Gate)?;
        Ok((token.grant, opened))
    }

    /// The level that stands.
    pub(crate) fn level(&self) -> Option<Level> {
        self.gate.level()
    }

    /// Whether the picture may be sent now.
    pub(crate) fn shows(&self, now: Duration) -> bool {
        !self.paused && self.gate.shows(now)
    }

    /// A question of ours is on the screen, or is not any more.
    pub(crate) fn question(&mut self, shown: bool) {
        self.gate.question(shown);
        if shown {
            self.release_all();
        }
    }

    /// Picture and input are paused, or go on.
    pub(crate) fn pause(&mut self, on: bool) {
        self.paused = on;
        if on {
            self.release_all();
        }
    }

    /// The shown part of the desktop begins here.
    pub(crate) fn set_origin(&mut self, origin: Point) {
        self.origin = origin;
    }

    /// Whether picture and input are paused.
    pub(crate) fn is_paused(&self) -> bool {
        self.paused
    }

    /// Shuts the gate for good.
    pub(crate) fn shut(&mut self) {
        self.gate.shut();
        self.release_all();
    }

    /// Judges the age of events by the lapse between the helper's clock and ours. Too old ones are to be thrown away.
    pub(crate) fn too_late(&mut self, input: &Input, now: Duration) -> Option<Late> {
        let ours = i64::try_from(now.as_millis()).unwrap_or(i64::MAX);
        let difference = ours - i64::from(input.clock_ms);
        let offset = self
            .offset
            .map_or(difference, |offset| offset.min(difference));
        self.offset = Some(offset);
        if difference - offset <= LIFE_MS {
            return None;
        }
        self.release_all();
        Some(Late {
            events: u64::try_from(input.events.len()).unwrap_or(u64::MAX),
        })
    }

    /// Injects events, one by one, if the gate admits them.
    pub(crate) fn inject(&mut self, input: &Input, now: Duration) {
        for (number, event) in (u64::from(input.first)..).zip(&input.events) {
            self.inject_one(event, now);
            self.last_input = number;
        }
    }

    /// Every key and button up.
    pub(crate) fn release_all(&mut self) {
        if let Err(error) = self.sink.release_all() {
            warn!(%error, "keys could not be released");
        }
    }

    /// Number of the last event that was dealt with.
    pub(crate) fn last_input(&self) -> u64 {
        self.last_input
    }

    /// Where the helper last put the pointer.
    pub(crate) fn pointer(&self) -> Option<Point> {
        self.pointer
    }

    /// Events that were injected, events that the gate refused, and keys and buttons that are held.
    pub(crate) fn counts(&self) -> (u64, u64, usize) {
        (self.injected, self.refused, self.sink.held())
    }

    fn inject_one(&mut self, event: &Event, now: Duration) {
        let admitted = self.gate.admit(now);
        if self.paused || admitted.is_err() {
            debug!(?admitted, paused = self.paused, "input was not injected");
            self.refused += 1;
            return;
        }
        let mut moved = None;
        if let Event::Move { x, y } = *event {
            self.pointer = Some(Point { x, y });
            moved = Some(Event::Move {
                x: x.saturating_add(self.origin.x),
                y: y.saturating_add(self.origin.y),
            });
        }
        match self.sink.apply(moved.as_ref().unwrap_or(event)) {
            Ok(()) => self.injected += 1,
            Err(error) => warn!(%error, "an event could not be injected"),
        }
    }
}

impl Drop for Hands {
    fn drop(&mut self) {
        self.release_all();
    }
}

/// Input that is held up for longer than this would hit a window that has changed.
const LIFE_MS: i64 = 2000;

#[cfg(test)]
mod tests {
    use identity::SigningKey;

    use super::*;
    use crate::inject::InjectError;
    use policy::{HandshakeHash, PairId, SessionId};
    use std::sync::{Arc, Mutex};

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
        let mut hands = Hands::new(gate, warrant, Box::new(paper.clone()));
        hands.consented(level, 1);
        hands.challenge("n".into(), Duration::ZERO);
        (hands, paper)
    }

    fn hands(level: Level) -> (Hands, Paper) {
        let (mut hands, paper) = waiting(level);
        hands
            .open(&token(level).sign(&relay()), Duration::ZERO)
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
            let refused = hands.open(&other.sign(&relay()), Duration::ZERO);
            assert!(refused.is_err(), "grant {number}");
            hands.inject(&input(0), MS);
            assert!(paper.0.lock().unwrap().0.is_empty(), "grant {number}");
        }
        let (mut hands, paper) = waiting(Level::View);
        assert!(
            hands
                .open(&token(Level::Control).sign(&relay()), Duration::ZERO)
                .is_err()
        );
        hands.inject(&input(0), MS);
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
        let refused = hands.open(&forged, Duration::ZERO);
        assert_eq!(refused, Err(NotOpened::Signature(BadGrant::OtherKey)));
        for text in ["", "a.b.c", &good[1..], &good.replace('.', "")] {
            assert!(hands.open(text, Duration::ZERO).is_err(), "{text}");
        }
        assert!(hands.open(&good, Duration::ZERO).is_ok());
        let replayed = hands.open(&good, Duration::ZERO);
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
        view.inject(&input(0), MS);
        assert!(paper.0.lock().unwrap().0.is_empty());
        assert_eq!(view.counts(), (0, 2, 0));
        let (mut control, paper) = hands(Level::Control);
        control.inject(&input(0), MS);
        assert_eq!(paper.0.lock().unwrap().0.len(), 2);
        assert_eq!(control.last_input(), 8);
    }

    #[test]
    fn the_pointer_counts_from_the_corner_of_what_is_shown() {
        let (mut hands, paper) = hands(Level::Control);
        hands.set_origin(Point { x: 1920, y: 8 });
        let place = Input {
            events: vec![
                Event::Move { x: 5, y: 6 },
                Event::Move { x: u16::MAX, y: 0 },
            ],
            ..input(0)
        };
        hands.inject(&place, MS);
        let moved = [
            Event::Move { x: 1925, y: 14 },
            Event::Move { x: u16::MAX, y: 8 },
        ];
        assert_eq!(paper.0.lock().unwrap().0, moved);
        assert_eq!(hands.pointer(), Some(Point { x: u16::MAX, y: 0 }));
    }

    #[test]
    fn nothing_is_injected_while_paused_or_while_a_question_is_shown() {
        let (mut hands, paper) = hands(Level::Control);
        hands.pause(true);
        hands.inject(&input(0), MS);
        hands.pause(false);
        hands.question(true);
        hands.inject(&input(0), MS);
        assert!(paper.0.lock().unwrap().0.is_empty());
        assert!(paper.0.lock().unwrap().1 >= 2, "keys are released at both");
        hands.question(false);
        hands.inject(&input(0), MS);
        assert_eq!(paper.0.lock().unwrap().0.len(), 2);
    }

    #[test]
    fn input_that_was_held_up_for_more_than_two_seconds_is_thrown_away() {
        let (mut hands, _) = hands(Level::Control);
        assert_eq!(
            hands.too_late(&input(1000), 5000 * MS),
            None,
            "clocks need not agree"
        );
        assert_eq!(hands.too_late(&input(1100), 7100 * MS), None);
        assert_eq!(
            hands.too_late(&input(1200), 7201 * MS),
            Some(Late { events: 2 })
        );
        assert_eq!(hands.too_late(&input(3300), 7400 * MS), None);
    }
}
