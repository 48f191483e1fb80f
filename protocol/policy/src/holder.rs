//! Which of the helpers of a session holds input: exactly one, as long as there is one (DESIGN 3, PRODUCT 3.15).

use crate::PairId;

/// The helpers of a session, and which of them holds input. Holding gives no level: whoever takes over types only if a grant of
/// their own includes input.
///
/// INVARIANT: one of those who are there holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    holds: PairId,
    others: Vec<PairId>,
}

/// Input was not handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotHanded {
    /// Whoever gives does not hold it.
    NotHeld,
    /// Whoever should take it is not there.
    Absent,
}

impl Holder {
    /// The helper who made the session is there, and holds.
    pub fn new(first: PairId) -> Self {
        Self {
            holds: first,
            others: vec![],
        }
    }

    /// A helper comes in, and holds nothing.
    pub fn enter(&mut self, pair: PairId) {
        if !self.is_here(pair) {
            self.others.push(pair);
            self.others.sort();
        }
    }

    /// A helper goes. If it held, the one with the lowest number holds next; `None` if nobody is left.
    #[must_use]
    pub fn leave(mut self, pair: PairId) -> Option<Self> {
        if pair == self.holds {
            if self.others.is_empty() {
                return None;
            }
            self.holds = self.others.remove(0);
        } else {
            self.others.retain(|other| *other != pair);
        }
        Some(self)
    }

    /// One helper hands input over to another.
    pub fn hand_over(&mut self, from: PairId, to: PairId) -> Result<(), NotHanded> {
        if from != self.holds {
            return Err(NotHanded::NotHeld);
        }
        if !self.is_here(to) {
            return Err(NotHanded::Absent);
        }
        if from != to {
            self.others.retain(|other| *other != to);
            self.others.push(from);
            self.others.sort();
            self.holds = to;
        }
        Ok(())
    }

    /// Who holds.
    pub fn holder(&self) -> PairId {
        self.holds
    }

    /// Whether this helper is in the session.
    pub fn is_here(&self, pair: PairId) -> bool {
        pair == self.holds || self.others.contains(&pair)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    fn pair(number: u8) -> PairId {
        PairId::new(number).unwrap()
    }

    #[test]
    fn input_is_handed_over_by_whoever_holds_it_to_somebody_who_is_there() {
        let mut holder = Holder::new(pair(0));
        assert_eq!(holder.hand_over(pair(0), pair(1)), Err(NotHanded::Absent));
        holder.enter(pair(1));
        assert_eq!(holder.holder(), pair(0));
        assert_eq!(holder.hand_over(pair(1), pair(1)), Err(NotHanded::NotHeld));
        assert_eq!(holder.hand_over(pair(0), pair(1)), Ok(()));
        assert_eq!(holder.holder(), pair(1));
        assert_eq!(holder.hand_over(pair(0), pair(1)), Err(NotHanded::NotHeld));
        let holder = holder.leave(pair(1)).unwrap();
        assert_eq!(holder.holder(), pair(0));
        assert_eq!(holder.leave(pair(0)), None);
    }

    /// DESIGN 3: whatever happens, exactly one of those who are there holds input; and it changes only by hand-over or by leaving.
    #[test]
    fn exactly_one_holds_whatever_happens() {
        let mut dice = Dice::new(3);
        for _ in 0..2_000 {
            let mut session = Some(Session {
                holder: Holder::new(PairId::FIRST),
                here: vec![PairId::FIRST],
            });
            for _ in 0..20 {
                session = session.and_then(|session| session.step(&mut dice));
            }
        }
    }

    /// What a watcher knows beside the state itself.
    struct Session {
        holder: Holder,
        here: Vec<PairId>,
    }

    impl Session {
        fn step(mut self, dice: &mut Dice) -> Option<Self> {
            let (one, other) = (pair(dice.below(3)), pair(dice.below(3)));
            let before = self.holder.holder();
            let expected = match dice.below(3) {
                0 => {
                    self.holder.enter(one);
                    self.here.retain(|pair| *pair != one);
                    self.here.push(one);
                    before
                }
                1 => {
                    let moved = self.holder.hand_over(one, other).is_ok();
                    assert_eq!(moved, one == before && self.here.contains(&other));
                    if moved { other } else { before }
                }
                _ => {
                    self.here.retain(|pair| *pair != one);
                    let lowest = self.here.iter().min().copied();
                    let left = self.holder.leave(one);
                    assert_eq!(left.is_none(), lowest.is_none());
                    self.holder = left?;
                    lowest.filter(|_| one == before).unwrap_or(before)
                }
            };
            assert_eq!(self.holder.holder(), expected);
            for pair in (0..PairId::LIMIT).map(pair) {
                assert_eq!(self.holder.is_here(pair), self.here.contains(&pair));
            }
            Some(self)
        }
    }
}
