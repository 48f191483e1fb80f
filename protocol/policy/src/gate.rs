//! The gate on the sharer's machine: the only way to the injector (DESIGN 3).
//!
//! The relay cannot read input, so it cannot judge it; the gate can, and holds even against a broken-into relay. It opens for a
//! [`Grant`] that repeats what this machine consented to and answers a challenge that this machine made. Opening it at a level
//! with input gives an [`InputPass`], without which nobody derives the key that opens input.

use std::collections::VecDeque;
use std::time::Duration;

use crate::{GRANT_LIFE, Grant, HandshakeHash, Level, PICTURE_LIFE, PairId, SessionId};

/// Decides, event by event, whether input may be injected. Its clock must count suspend (CLOCK_BOOTTIME).
#[derive(Debug)]
pub struct Gate {
    session: SessionId,
    pair: PairId,
    hash: HandshakeHash,
    consented: Option<Consented>,
    challenges: VecDeque<Challenge>,
    sequence: u64,
    open: Option<Open>,
    question: bool,
}

/// The right to derive the input key of one generation.
///
/// INVARIANT: only [`Gate::open`] makes one.
#[derive(Debug, PartialEq, Eq)]
pub struct InputPass {
    generation: u32,
}

/// The gate accepted a grant.
#[derive(Debug, PartialEq, Eq)]
pub struct Opened {
    /// The level that stands.
    pub level: Level,
    /// There if the level includes input and this generation's pass was not given out before.
    pub input: Option<InputPass>,
}

/// Why the gate does not accept a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantRefused {
    /// It is for another session, pair or handshake.
    OtherSession,
    /// Nobody here consented to this level and generation.
    NotConsented,
    /// It, or a newer one, was seen before.
    Replayed,
    /// It answers no challenge of ours, or one that is older than a grant lives.
    Stale,
}

/// Why input is not injected now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut {
    /// No grant stands.
    NoGrant,
    /// The grant was not renewed in time.
    Expired,
    /// The level has no input.
    ViewOnly,
    /// A question of ours is on the screen.
    Question,
}

#[derive(Clone, Copy, Debug)]
struct Consented {
    level: Level,
    generation: u32,
}

#[derive(Clone, Debug)]
struct Challenge {
    nonce: String,
    made: Duration,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    level: Level,
    generation: u32,
    challenged: Duration,
}

impl Gate {
    /// A gate for one helper of one session, shut.
    pub fn new(session: SessionId, pair: PairId, hash: HandshakeHash) -> Self {
        Self {
            session,
            pair,
            hash,
            consented: None,
            challenges: VecDeque::new(),
            sequence: 0,
            open: None,
            question: false,
        }
    }

    /// The person here consented. Shuts the gate for input at once if the level is lower than the one that stands:
    /// on the way down nothing waits for the relay.
    pub fn consented(&mut self, level: Level, generation: u32) {
        self.consented = Some(Consented { level, generation });
        if let Some(open) = &mut self.open {
            open.level = open.level.min(level);
        }
    }

    /// A challenge was made; grants that answer it live from `now`.
    pub fn challenge(&mut self, nonce: String, now: Duration) {
        if self.challenges.len() == CHALLENGES {
            self.challenges.pop_front();
        }
        self.challenges.push_back(Challenge { nonce, made: now });
    }

    /// Takes a grant, or says why not. A refused grant changes nothing.
    pub fn open(&mut self, grant: &Grant, now: Duration) -> Result<Opened, GrantRefused> {
        if (grant.session, grant.pair, grant.hash) != (self.session, self.pair, self.hash) {
            return Err(GrantRefused::OtherSession);
        }
        let consented = self.consented.ok_or(GrantRefused::NotConsented)?;
        if (grant.level, grant.generation) != (consented.level, consented.generation) {
            return Err(GrantRefused::NotConsented);
        }
        if grant.sequence <= self.sequence {
            return Err(GrantRefused::Replayed);
        }
        let challenge = self
            .challenges
            .iter()
            .find(|challenge| challenge.nonce == grant.nonce)
            .filter(|challenge| now < challenge.made + GRANT_LIFE)
            .ok_or(GrantRefused::Stale)?;
        let renewed = self
            .open
            .is_some_and(|open| open.generation == grant.generation && open.level == grant.level);
        self.sequence = grant.sequence;
        self.open = Some(Open {
            level: grant.level,
            generation: grant.generation,
            challenged: challenge.made,
        });
        let input = (grant.level.includes_input() && !renewed).then_some(InputPass {
            generation: grant.generation,
        });
        Ok(Opened {
            level: grant.level,
            input,
        })
    }

    /// Whether an input event may reach the injector now.
    pub fn admit(&self, now: Duration) -> Result<(), Shut> {
        let open = self.open.ok_or(Shut::NoGrant)?;
        if now >= open.challenged + GRANT_LIFE {
            return Err(Shut::Expired);
        }
        if !open.level.includes_input() {
            return Err(Shut::ViewOnly);
        }
        if self.question {
            return Err(Shut::Question);
        }
        Ok(())
    }

    /// Whether the picture may be sent now.
    pub fn shows(&self, now: Duration) -> bool {
        self.open
            .is_some_and(|open| now < open.challenged + PICTURE_LIFE)
    }

    /// While a question of ours is on the screen nothing is injected: a program must not answer it.
    pub fn question(&mut self, shown: bool) {
        self.question = shown;
    }

    /// Shuts the gate: the end of the session, or the stop key.
    pub fn shut(&mut self) {
        self.open = None;
        self.consented = None;
    }

    /// The level that stands.
    pub fn level(&self) -> Option<Level> {
        self.open.map(|open| open.level)
    }
}

impl InputPass {
    /// The generation whose input key may be derived.
    pub fn generation(&self) -> u32 {
        self.generation
    }
}

/// How many challenges may be unanswered; a grant answers one of the last of them.
const CHALLENGES: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    const S: Duration = Duration::from_secs(1);

    fn gate() -> Gate {
        Gate::new(SessionId([1; 16]), PairId::FIRST, HandshakeHash([2; 32]))
    }

    fn grant(level: Level, generation: u32, sequence: u64, nonce: &str) -> Grant {
        Grant {
            session: SessionId([1; 16]),
            pair: PairId::FIRST,
            level,
            generation,
            sequence,
            hash: HandshakeHash([2; 32]),
            nonce: nonce.into(),
        }
    }

    fn open_at(level: Level) -> Gate {
        let mut gate = gate();
        gate.consented(level, 1);
        gate.challenge("a".into(), Duration::ZERO);
        gate.open(&grant(level, 1, 1, "a"), Duration::ZERO).unwrap();
        gate
    }

    #[test]
    fn a_gate_is_shut_until_consent_and_grant_agree() {
        let mut gate = gate();
        assert_eq!(gate.admit(Duration::ZERO), Err(Shut::NoGrant));
        gate.challenge("a".into(), Duration::ZERO);
        let control = grant(Level::Control, 1, 1, "a");
        assert_eq!(
            gate.open(&control, Duration::ZERO),
            Err(GrantRefused::NotConsented)
        );
        gate.consented(Level::View, 1);
        assert_eq!(
            gate.open(&control, Duration::ZERO),
            Err(GrantRefused::NotConsented)
        );
        gate.consented(Level::Control, 1);
        let opened = gate.open(&control, Duration::ZERO).unwrap();
        assert_eq!(opened.input, Some(InputPass { generation: 1 }));
        assert_eq!(gate.admit(Duration::ZERO), Ok(()));
    }

    #[test]
    fn view_gives_no_pass_and_admits_nothing() {
        let mut gate = gate();
        gate.consented(Level::View, 1);
        gate.challenge("a".into(), Duration::ZERO);
        let opened = gate
            .open(&grant(Level::View, 1, 1, "a"), Duration::ZERO)
            .unwrap();
        assert_eq!(opened.input, None);
        assert_eq!(gate.admit(Duration::ZERO), Err(Shut::ViewOnly));
        assert!(gate.shows(Duration::ZERO));
    }

    #[test]
    fn a_grant_lives_thirty_seconds_from_its_challenge() {
        let mut gate = open_at(Level::Control);
        assert_eq!(gate.admit(30 * S - Duration::from_millis(1)), Ok(()));
        assert_eq!(gate.admit(30 * S), Err(Shut::Expired));
        assert!(gate.shows(59 * S));
        assert!(!gate.shows(60 * S));
        gate.challenge("b".into(), 10 * S);
        let late = gate.open(&grant(Level::Control, 1, 2, "b"), 40 * S);
        assert_eq!(
            late,
            Err(GrantRefused::Stale),
            "30 s after the challenge, however fresh it arrives"
        );
    }

    #[test]
    fn renewal_gives_no_second_pass() {
        let mut gate = open_at(Level::Control);
        gate.challenge("b".into(), 10 * S);
        let opened = gate
            .open(&grant(Level::Control, 1, 2, "b"), 11 * S)
            .unwrap();
        assert_eq!(opened.input, None);
        assert_eq!(gate.admit(39 * S), Ok(()));
    }

    /// SPEC 9.2: keys that wear out are replaced at the level that stands, and the new ones need a pass of their own.
    #[test]
    fn the_next_generation_of_the_same_level_gives_a_pass() {
        let mut gate = open_at(Level::Control);
        gate.consented(Level::Control, 2);
        gate.challenge("b".into(), S);
        let opened = gate.open(&grant(Level::Control, 2, 2, "b"), S).unwrap();
        assert_eq!(opened.input.as_ref().map(InputPass::generation), Some(2));
        assert_eq!(gate.level(), Some(Level::Control));
    }

    /// Answers may come out of order: a grant answers one of the last four challenges, not only the newest.
    #[test]
    fn one_of_the_last_four_challenges_is_answered() {
        let mut gate = open_at(Level::Control);
        for (number, nonce) in ["b", "c", "d", "e"].into_iter().enumerate() {
            gate.challenge(nonce.into(), S * u32::try_from(number).unwrap());
        }
        let answer = |sequence, nonce| grant(Level::Control, 1, sequence, nonce);
        let oldest = gate.open(&answer(2, "a"), 4 * S);
        assert_eq!(oldest, Err(GrantRefused::Stale));
        assert!(gate.open(&answer(2, "b"), 4 * S).is_ok());
        assert!(gate.open(&answer(3, "e"), 4 * S).is_ok());
    }

    #[test]
    fn grants_of_others_replays_and_strange_challenges_are_refused() {
        let mut gate = open_at(Level::Control);
        let now = Duration::ZERO;
        let refused = |gate: &mut Gate, grant: Grant| gate.open(&grant, now).unwrap_err();
        let good = grant(Level::Control, 1, 2, "a");
        for other in [
            Grant {
                session: SessionId([9; 16]),
                ..good.clone()
            },
            Grant {
                pair: PairId::new(1).unwrap(),
                ..good.clone()
            },
            Grant {
                hash: HandshakeHash([9; 32]),
                ..good.clone()
            },
        ] {
            assert_eq!(refused(&mut gate, other), GrantRefused::OtherSession);
        }
        let replay = Grant {
            sequence: 1,
            ..good.clone()
        };
        assert_eq!(refused(&mut gate, replay), GrantRefused::Replayed);
        let strange = Grant {
            nonce: "z".into(),
            ..good.clone()
        };
        assert_eq!(refused(&mut gate, strange), GrantRefused::Stale);
        let future = Grant {
            generation: 2,
            ..good
        };
        assert_eq!(refused(&mut gate, future), GrantRefused::NotConsented);
    }

    #[test]
    fn going_down_is_instant_and_the_old_grant_is_dead() {
        let mut gate = open_at(Level::Control);
        gate.consented(Level::View, 2);
        assert_eq!(gate.admit(Duration::ZERO), Err(Shut::ViewOnly));
        let old = gate.open(&grant(Level::Control, 1, 2, "a"), Duration::ZERO);
        assert_eq!(old, Err(GrantRefused::NotConsented));
    }

    #[test]
    fn nothing_is_injected_while_a_question_is_shown() {
        let mut gate = open_at(Level::Control);
        gate.question(true);
        assert_eq!(gate.admit(Duration::ZERO), Err(Shut::Question));
        gate.question(false);
        assert_eq!(gate.admit(Duration::ZERO), Ok(()));
        gate.shut();
        assert_eq!(gate.admit(Duration::ZERO), Err(Shut::NoGrant));
    }
}
