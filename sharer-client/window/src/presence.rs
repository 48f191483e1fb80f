//! Whether a person in front of this screen pressed Allow, and not a program (DESIGN 3).
//!
//! An injected click is an ordinary event for every toolkit, so the display is asked what its *devices* did:
//!
//! - **Mouse and keyboard.** The last press of any device must have come from a physical one, at most 100 ms ago. For the mouse it is the
//!   moment when the button goes down that counts, however long it is held.
//! - **Assistive technology** acts through the accessibility bus, and so can every program of this person. A screen reader is told apart by
//!   what makes it act: a press on a physical keyboard shortly before. Braille displays, switches and voice leave no such press; for
//!   them there is `--presence assisted`, which trusts the bus.
//!
//! What this does not keep out: a program that may make devices (`/dev/uinput`), and one that moves the pointer onto Allow under a press that
//! the person meant for something else within the time in which nobody could have read the question; the guard of `session.rs` is against that.

pub mod x11;

use std::time::Duration;

/// The display's memory of what its devices did.
pub trait Presence {
    /// The last press, and how long ago it was. `None` if nothing was pressed since the question is shown.
    fn last_press(&mut self) -> Option<Press>;
}

/// A button or key that went down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press {
    /// Whether the device is one that a person touches.
    pub physical: bool,
    /// How long ago.
    pub age: Duration,
}

/// What a press of Allow is believed to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A person pressed it.
    Person,
    /// A program pressed it.
    Nobody,
    /// The display has no memory of presses.
    CannotTell,
}

/// How Allow was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// By mouse or keyboard.
    Device,
    /// Through the accessibility bus.
    Assistive,
}

/// What has to be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rule {
    /// A press on a physical device, also before the accessibility bus acts.
    #[default]
    Physical,
    /// The same for mouse and keyboard; the accessibility bus is trusted.
    Assisted,
    /// Nothing: for displays without physical devices.
    Any,
}

/// Judges a press of Allow. `presence` is `None` where the display cannot tell.
pub fn judge(rule: Rule, means: Means, presence: Option<&mut (dyn Presence + 'static)>) -> Verdict {
    if rule == Rule::Any || (rule == Rule::Assisted && means == Means::Assistive) {
        return Verdict::Person;
    }
    let Some(presence) = presence else {
        return Verdict::CannotTell;
    };
    let within = match means {
        Means::Device => WITHIN,
        Means::Assistive => ASSISTIVE_WITHIN,
    };
    match presence.last_press() {
        Some(press) if press.physical && press.age <= within => Verdict::Person,
        _ => Verdict::Nobody,
    }
}

/// From a press to the window that hears of it.
const WITHIN: Duration = Duration::from_millis(100);

/// From a press to the screen reader that acts on it.
const ASSISTIVE_WITHIN: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::*;

    struct Told(Option<Press>);

    impl Presence for Told {
        fn last_press(&mut self) -> Option<Press> {
            self.0
        }
    }

    fn judged(rule: Rule, means: Means, press: Option<(bool, u64)>) -> Verdict {
        let press = press.map(|(physical, age)| Press {
            physical,
            age: Duration::from_millis(age),
        });
        judge(rule, means, Some(&mut Told(press)))
    }

    #[test]
    fn only_a_fresh_physical_press_is_a_person() {
        use Verdict::{Nobody, Person};
        let device = |press| judged(Rule::Physical, Means::Device, press);
        assert_eq!(device(Some((true, 100))), Person);
        assert_eq!(device(Some((true, 101))), Nobody);
        assert_eq!(device(Some((false, 0))), Nobody);
        assert_eq!(device(None), Nobody);
        let assistive = |press| judged(Rule::Physical, Means::Assistive, press);
        assert_eq!(assistive(Some((true, 2000))), Person);
        assert_eq!(assistive(Some((true, 2001))), Nobody);
        assert_eq!(assistive(Some((false, 10))), Nobody);
    }

    #[test]
    fn rules_give_way_only_where_they_say_so() {
        let assisted = |means| judged(Rule::Assisted, means, None);
        assert_eq!(assisted(Means::Assistive), Verdict::Person);
        assert_eq!(assisted(Means::Device), Verdict::Nobody);
        assert_eq!(judged(Rule::Any, Means::Device, None), Verdict::Person);
        let blind = judge(Rule::Physical, Means::Device, None);
        assert_eq!(blind, Verdict::CannotTell);
    }
}
