//! Which keys go to the other computer and which are ours: a pure machine of presses and releases.

use std::collections::BTreeSet;

use crate::event::Command;

/// A key of ours, with Ctrl and Alt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// Shift: gives the keyboard back to this window.
    Toolbar,
    /// F.
    FullScreen,
    /// C.
    Chat,
    /// V: view or control.
    Level,
    /// L.
    Laser,
    /// End: Ctrl+Alt+Del over there.
    SecureAttention,
    /// 1 to 9; 0 shows all.
    Monitor(u8),
}

/// What comes of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Tell the child.
    Tell(Command),
    /// Do it here.
    Do(Shortcut),
}

/// The keys that are down.
#[derive(Debug, Default)]
pub struct Keys {
    held: BTreeSet<u16>,
    /// A shortcut was used: nothing goes out until every key is up.
    mute: bool,
}

impl Keys {
    /// A key went down, and writes this. A key that is down already repeats: the sharer's own computer does that.
    pub fn press(&mut self, usage: u16, text: Option<String>) -> Vec<Effect> {
        if !self.held.insert(usage) || self.mute {
            return vec![];
        }
        if let Some(shortcut) = self.shortcut(usage) {
            self.mute = true;
            // The modifiers went out before it was known what they are for.
            return vec![Effect::Tell(Command::ReleaseAll), Effect::Do(shortcut)];
        }
        let down = true;
        vec![Effect::Tell(Command::Key { usage, down, text })]
    }

    /// A key went up.
    pub fn release(&mut self, usage: u16) -> Vec<Effect> {
        if !self.held.remove(&usage) {
            return vec![];
        }
        if self.mute {
            self.mute = !self.held.is_empty();
            return vec![];
        }
        let (down, text) = (false, None);
        vec![Effect::Tell(Command::Key { usage, down, text })]
    }

    /// The keyboard is somebody else's: everything is up.
    pub fn lose(&mut self) -> Vec<Effect> {
        let held = !self.held.is_empty() && !self.mute;
        *self = Self::default();
        if held {
            vec![Effect::Tell(Command::ReleaseAll)]
        } else {
            vec![]
        }
    }

    fn shortcut(&self, usage: u16) -> Option<Shortcut> {
        let any = |keys: [u16; 2]| keys.iter().any(|key| self.held.contains(key));
        if !any(CONTROL) || !self.held.contains(&LEFT_ALT) {
            return None;
        }
        if any(SHIFT) {
            return (self.held.len() == 3).then_some(Shortcut::Toolbar);
        }
        Some(match usage {
            0x06 => Shortcut::Chat,
            0x09 => Shortcut::FullScreen,
            0x0f => Shortcut::Laser,
            0x19 => Shortcut::Level,
            0x4d => Shortcut::SecureAttention,
            0x1e..=0x26 => Shortcut::Monitor(u8::try_from(usage - 0x1d).ok()?),
            0x27 => Shortcut::Monitor(0),
            _ => return None,
        })
    }
}

/// Keys that are pressed one after the other and released in the other order, as the menu of keys sends them.
pub fn chord(usages: &[u16]) -> Vec<Command> {
    let text = None;
    let press = |usage: &u16, down| Command::Key {
        usage: *usage,
        down,
        text: text.clone(),
    };
    let down = usages.iter().map(|usage| press(usage, true));
    let up = usages.iter().rev().map(|usage| press(usage, false));
    down.chain(up).collect()
}

const CONTROL: [u16; 2] = [0xe0, 0xe4];
const SHIFT: [u16; 2] = [0xe1, 0xe5];
const LEFT_ALT: u16 = 0xe2;

#[cfg(test)]
mod tests {
    use super::*;

    fn key(usage: u16, down: bool) -> Effect {
        let text = None;
        Effect::Tell(Command::Key { usage, down, text })
    }

    #[test]
    fn keys_go_out_once_for_each_press() {
        let mut keys = Keys::default();
        assert_eq!(keys.press(4, None), [key(4, true)]);
        assert_eq!(keys.press(4, None), [], "a repeat");
        assert_eq!(keys.release(4), [key(4, false)]);
        assert_eq!(keys.release(4), [], "it was not down");
    }

    #[test]
    fn a_shortcut_releases_everything_and_nothing_follows_until_all_is_up() {
        let mut keys = Keys::default();
        keys.press(0xe0, None);
        keys.press(LEFT_ALT, None);
        assert_eq!(
            keys.press(0x09, None),
            [
                Effect::Tell(Command::ReleaseAll),
                Effect::Do(Shortcut::FullScreen)
            ]
        );
        for (usage, down) in [(0x09, false), (5, true), (5, false), (0xe0, false)] {
            let effects = if down {
                keys.press(usage, None)
            } else {
                keys.release(usage)
            };
            assert_eq!(effects, [], "{usage}");
        }
        assert_eq!(keys.release(LEFT_ALT), []);
        assert_eq!(keys.press(5, None), [key(5, true)]);
    }

    #[test]
    fn the_chord_leaves_in_any_order_and_only_alone() {
        for order in [[0xe0, 0xe2, 0xe1], [0xe1, 0xe2, 0xe4], [0xe5, 0xe0, 0xe2]] {
            let mut keys = Keys::default();
            let effects: Vec<_> = order
                .iter()
                .flat_map(|usage| keys.press(*usage, None))
                .collect();
            assert_eq!(effects.last(), Some(&Effect::Do(Shortcut::Toolbar)));
        }
        let mut keys = Keys::default();
        let effects: Vec<_> = [4, 0xe0, 0xe2, 0xe1]
            .iter()
            .flat_map(|usage| keys.press(*usage, None))
            .collect();
        assert_eq!(effects.len(), 4, "four keys and no shortcut");
    }

    #[test]
    fn a_lost_keyboard_holds_nothing() {
        let mut keys = Keys::default();
        assert_eq!(keys.lose(), []);
        keys.press(4, None);
        assert_eq!(keys.lose(), [Effect::Tell(Command::ReleaseAll)]);
        assert_eq!(keys.release(4), []);
    }

    #[test]
    fn a_chord_is_released_in_the_other_order() {
        let told = chord(&[0xe0, 0xe2, 0x4c]);
        let places = told.iter().map(|command| {
            let Command::Key { usage, down, .. } = command else {
                panic!("{command:?}");
            };
            (*usage, *down)
        });
        let expected = [
            (0xe0, true),
            (0xe2, true),
            (0x4c, true),
            (0x4c, false),
            (0xe2, false),
            (0xe0, false),
        ];
        assert_eq!(places.collect::<Vec<_>>(), expected);
    }
}
