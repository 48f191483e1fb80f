//! A wheel that turns in 120ths of a notch, for systems that know only whole notches.

/// One axis.
#[derive(Debug, Default)]
pub(super) struct Wheel {
    rest: i32,
}

impl Wheel {
    /// Turns it; returns the whole notches that this completed. Turning back starts anew.
    pub(super) fn turn(&mut self, by: i16) -> i32 {
        let by = i32::from(by);
        if self.rest.signum() * by.signum() < 0 {
            self.rest = 0;
        }
        let all = self.rest + by;
        self.rest = all % NOTCH;
        all / NOTCH
    }
}

const NOTCH: i32 = 120;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_turns_add_up_and_a_turn_back_starts_anew() {
        let mut wheel = Wheel::default();
        let notches = [40, 40, 40, 100, -20, -100, -240].map(|by| wheel.turn(by));
        assert_eq!(notches, [0, 0, 1, 0, 0, -1, -2]);
        assert_eq!(wheel.turn(i16::MIN), -273);
    }
}
