//! Keycodes that mean nothing on the sharer's keyboard, lent to characters that it does not have.

use std::time::{Duration, Instant};

/// The pool.
#[derive(Default)]
pub(super) struct Pool {
    slots: Vec<Slot>,
}

struct Slot {
    code: u8,
    loan: Option<Loan>,
}

#[derive(Clone, Copy)]
struct Loan {
    sym: u32,
    used: Instant,
}

/// A keycode to be given a new meaning.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lent {
    pub(super) code: u8,
    /// Applications may not have read the old meaning yet: it must stay for so long.
    pub(super) wait: Duration,
}

impl Pool {
    /// A pool of some of these keycodes.
    pub(super) fn new(spare: impl Iterator<Item = u8>) -> Self {
        let slots = spare.take(MOST).map(|code| Slot { code, loan: None });
        Self {
            slots: slots.collect(),
        }
    }

    /// Lends a keycode to a keysym: one never used, else the one not used for longest. Those that
    /// are `busy` (held down) stay what they are.
    pub(super) fn lend(&mut self, sym: u32, busy: &[u8], now: Instant) -> Option<Lent> {
        let free = self
            .slots
            .iter_mut()
            .filter(|slot| !busy.contains(&slot.code));
        let slot = free.min_by_key(|slot| slot.loan.map(|loan| loan.used))?;
        let wait = slot.loan.map_or(Duration::ZERO, |loan| {
            (loan.used + READ).saturating_duration_since(now)
        });
        let used = now + wait;
        slot.loan = Some(Loan { sym, used });
        Some(Lent {
            code: slot.code,
            wait,
        })
    }

    /// Notes that a keycode of ours was typed.
    pub(super) fn touch(&mut self, code: u8, now: Instant) {
        let slot = self.slots.iter_mut().find(|slot| slot.code == code);
        if let Some(loan) = slot.and_then(|slot| slot.loan.as_mut()) {
            loan.used = now;
        }
    }

    /// What is lent out: keycode and keysym.
    pub(super) fn lent(&self) -> impl Iterator<Item = (u8, u32)> {
        let lent = |slot: &Slot| slot.loan.map(|loan| (slot.code, loan.sym));
        self.slots.iter().filter_map(lent)
    }
}

/// Keycodes that are taken at most.
const MOST: usize = 16;
/// Applications have read a new meaning by then.
const READ: Duration = Duration::from_millis(50);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_not_used_for_longest_is_lent_again_but_not_too_soon() {
        let start = Instant::now();
        let mut pool = Pool::new([250, 249].into_iter());
        let at = |ms| start + Duration::from_millis(ms);
        let lent = |code, wait| {
            let wait = Duration::from_millis(wait);
            Some(Lent { code, wait })
        };
        assert_eq!(pool.lend(1, &[], at(0)), lent(250, 0));
        assert_eq!(pool.lend(2, &[], at(10)), lent(249, 0));
        pool.touch(250, at(20));
        assert_eq!(pool.lend(3, &[], at(30)), lent(249, 30));
        assert_eq!(pool.lend(4, &[], at(100)), lent(250, 0));
        assert_eq!(pool.lend(5, &[249], at(200)), lent(250, 0));
        assert_eq!(pool.lend(6, &[249, 250], at(300)), None);
        assert_eq!(pool.lent().collect::<Vec<_>>(), [(250, 5), (249, 3)]);
    }
}
