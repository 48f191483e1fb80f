//! The helpers' hands on this machine: a gate for each, and behind them the one injector, which nothing else can reach.
//!
//! INVARIANT: at most one helper has a gate that lets input through, or a consent to one (SPEC 6.9).

mod grip;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use picture::Point;
use policy::{Gate, Grant, Level, Opened, PairId};
use seal::{Event, Input};
use tracing::{debug, warn};

use crate::inject::InputSink;

use grip::Grip;
pub(crate) use grip::{NotOpened, Warrant};

/// The gates and what they guard.
pub(crate) struct Hands {
    grips: BTreeMap<PairId, Grip>,
    sink: Box<dyn InputSink>,
    paused: bool,
    /// Helpers whose question is on the screen.
    questions: BTreeSet<PairId>,
}

/// Input that was thrown away as a whole because it was too old (DESIGN 3).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Late {
    /// How many events.
    pub(crate) events: u64,
}

impl Hands {
    /// Hands that nobody has.
    pub(crate) fn new(sink: Box<dyn InputSink>) -> Self {
        Self {
            grips: BTreeMap::new(),
            sink,
            paused: false,
            questions: BTreeSet::new(),
        }
    }

    /// A helper is in the session.
    pub(crate) fn enter(&mut self, pair: PairId, gate: Gate, warrant: Warrant) {
        let mut grip = Grip::new(gate, warrant);
        grip.gate.question(!self.questions.is_empty());
        self.grips.insert(pair, grip);
    }

    /// A helper is gone: what that one pressed is released.
    pub(crate) fn leave(&mut self, pair: PairId) {
        self.question(pair, false);
        if let Some(grip) = self.grips.remove(&pair)
            && grip.holds()
        {
            self.release_all();
        }
    }

    /// The person consented to this level. One with input is refused while another helper has one: that one is lowered first.
    #[must_use]
    pub(crate) fn consented(&mut self, pair: PairId, level: Level, generation: u32) -> bool {
        if level.includes_input() && self.holders().any(|holder| holder != pair) {
            return false;
        }
        let Some(grip) = self.grips.get_mut(&pair) else {
            return false;
        };
        let held = grip.holds();
        grip.consented(level, generation);
        if held && !level.includes_input() {
            self.release_all();
        }
        true
    }

    /// Helpers who hold input, or have the person's consent to: one at most.
    pub(crate) fn holders(&self) -> impl Iterator<Item = PairId> {
        let holding = self.grips.iter().filter(|(_, grip)| grip.holds());
        holding.map(|(pair, _)| *pair)
    }

    /// A challenge was made.
    pub(crate) fn challenge(&mut self, pair: PairId, nonce: String, now: Duration) {
        if let Some(grip) = self.grips.get_mut(&pair) {
            grip.gate.challenge(nonce, now);
        }
    }

    /// A signed grant came.
    pub(crate) fn open(
        &mut self,
        pair: PairId,
        token: &str,
        now: Duration,
    ) -> Result<(Grant, Opened), NotOpened> {
        let others = self.holders().any(|holder| holder != pair);
        let grip = self.grips.get_mut(&pair).ok_or(NotOpened::Nobody)?;
        let grant = grip.read(token)?;
        if grant.level.includes_input() && others {
            return Err(NotOpened::Held);
        }
        let opened = grip.open(&grant, now)?;
        Ok((grant, opened))
    }

    /// The level that stands for a helper.
    pub(crate) fn level(&self, pair: PairId) -> Option<Level> {
        self.grips.get(&pair)?.gate.level()
    }

    /// Whether the picture may be sent to a helper now.
    pub(crate) fn shows(&self, pair: PairId, now: Duration) -> bool {
        let grip = self.grips.get(&pair);
        !self.paused && grip.is_some_and(|grip| grip.gate.shows(now))
    }

    /// A question about a helper is on the screen, or is not any more: while there is one, nobody's input goes through.
    pub(crate) fn question(&mut self, pair: PairId, shown: bool) {
        if shown {
            self.questions.insert(pair);
            self.release_all();
        } else {
            self.questions.remove(&pair);
        }
        let any = !self.questions.is_empty();
        for grip in self.grips.values_mut() {
            grip.gate.question(any);
        }
    }

    /// Picture and input are paused, or go on.
    pub(crate) fn pause(&mut self, on: bool) {
        self.paused = on;
        if on {
            self.release_all();
        }
    }

    /// The part of the desktop that a helper is shown begins here.
    pub(crate) fn set_origin(&mut self, pair: PairId, origin: Point) {
        if let Some(grip) = self.grips.get_mut(&pair) {
            grip.origin = origin;
        }
    }

    /// Whether picture and input are paused.
    pub(crate) fn is_paused(&self) -> bool {
        self.paused
    }

    /// Shuts every gate for good.
    pub(crate) fn shut(&mut self) {
        for grip in self.grips.values_mut() {
            grip.gate.shut();
        }
        self.release_all();
    }

    /// Judges the age of events by the lapse between the helper's clock and ours. Too old ones are to be thrown away.
    pub(crate) fn too_late(&mut self, pair: PairId, input: &Input, now: Duration) -> Option<Late> {
        let grip = self.grips.get_mut(&pair)?;
        if !grip.is_late(input, now) {
            return None;
        }
        if grip.holds() {
            self.release_all();
        }
        Some(Late {
            events: u64::try_from(input.events.len()).unwrap_or(u64::MAX),
        })
    }

    /// Injects events of a helper, one by one, if the gate admits them.
    pub(crate) fn inject(&mut self, pair: PairId, input: &Input, now: Duration) {
        let Self {
            grips,
            sink,
            paused,
            ..
        } = self;
        let Some(grip) = grips.get_mut(&pair) else {
            return;
        };
        for (number, event) in (u64::from(input.first)..).zip(&input.events) {
            inject_one(grip, sink.as_mut(), *paused, event, now);
            grip.last_input = number;
        }
    }

    /// Every key and button up.
    pub(crate) fn release_all(&mut self) {
        if let Err(error) = self.sink.release_all() {
            warn!(%error, "keys could not be released");
        }
    }

    /// Number of the last event of a helper that was dealt with.
    pub(crate) fn last_input(&self, pair: PairId) -> u64 {
        self.grips.get(&pair).map_or(0, |grip| grip.last_input)
    }

    /// Where a helper last put the pointer.
    pub(crate) fn pointer(&self, pair: PairId) -> Option<Point> {
        self.grips.get(&pair)?.pointer
    }

    /// Events of a helper that were injected, events that the gate refused, and keys and buttons that are held.
    pub(crate) fn counts(&self, pair: PairId) -> (u64, u64, usize) {
        let grip = self.grips.get(&pair);
        let (injected, refused) = grip.map_or((0, 0), |grip| (grip.injected, grip.refused));
        (injected, refused, self.sink.held())
    }
}

fn inject_one(
    grip: &mut Grip,
    sink: &mut dyn InputSink,
    paused: bool,
    event: &Event,
    now: Duration,
) {
    let admitted = grip.gate.admit(now);
    if paused || admitted.is_err() {
        debug!(?admitted, paused, "input was not injected");
        grip.refused += 1;
        return;
    }
    let mut moved = None;
    if let Event::Move { x, y } = *event {
        grip.pointer = Some(Point { x, y });
        moved = Some(Event::Move {
            x: x.saturating_add(grip.origin.x),
            y: y.saturating_add(grip.origin.y),
        });
    }
    match sink.apply(moved.as_ref().unwrap_or(event)) {
        Ok(()) => grip.injected += 1,
        Err(error) => warn!(%error, "an event could not be injected"),
    }
}

impl Drop for Hands {
    fn drop(&mut self) {
        self.release_all();
    }
}
