//! What is held down, so that all of it can be released.

use std::collections::BTreeMap;

use seal::Button;

/// Keys and buttons that were pressed and not released. `K` is what a key became at the sharer.
#[derive(Debug)]
pub(super) struct Ledger<K> {
    keys: BTreeMap<u16, K>,
    buttons: Vec<Button>,
}

impl<K> Default for Ledger<K> {
    fn default() -> Self {
        Self {
            keys: BTreeMap::new(),
            buttons: Vec::new(),
        }
    }
}

impl<K: Copy + PartialEq> Ledger<K> {
    pub(super) fn holds(&self, usage: u16) -> bool {
        self.keys.contains_key(&usage)
    }

    /// The held keys: usage, and what it became.
    pub(super) fn keys(&self) -> impl Iterator<Item = (u16, K)> {
        self.keys.iter().map(|(usage, key)| (*usage, *key))
    }

    pub(super) fn press(&mut self, usage: u16, key: K) {
        self.keys.insert(usage, key);
    }

    /// Forgets a key; returns what has to be released.
    pub(super) fn release(&mut self, usage: u16) -> Option<K> {
        self.keys.remove(&usage)
    }

    /// Forgets whatever became `key`; true if it was held.
    pub(super) fn free(&mut self, key: K) -> bool {
        let before = self.keys.len();
        self.keys.retain(|_, held| *held != key);
        self.keys.len() < before
    }

    /// Notes a button down; false if it is there already.
    pub(super) fn press_button(&mut self, button: Button) -> bool {
        let news = !self.buttons.contains(&button);
        if news {
            self.buttons.push(button);
        }
        news
    }

    /// Forgets a button; false if it was not held.
    pub(super) fn release_button(&mut self, button: Button) -> bool {
        let before = self.buttons.len();
        self.buttons.retain(|held| *held != button);
        self.buttons.len() < before
    }

    /// Forgets everything; returns what has to be released.
    pub(super) fn clear(&mut self) -> (Vec<K>, Vec<Button>) {
        let keys = std::mem::take(&mut self.keys).into_values().collect();
        (keys, std::mem::take(&mut self.buttons))
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len() + self.buttons.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_down_comes_up_once() {
        let mut ledger = Ledger::default();
        ledger.press(4, 38_u8);
        assert!(ledger.press_button(Button::Left));
        assert!(!ledger.press_button(Button::Left));
        assert_eq!(ledger.len(), 2);
        assert_eq!(ledger.release(4), Some(38));
        assert_eq!(ledger.release(4), None);
        ledger.press(5, 56);
        assert!(ledger.free(56) && !ledger.free(56));
        ledger.press(6, 54);
        assert_eq!(ledger.clear(), (vec![54], vec![Button::Left]));
        assert_eq!(ledger.len(), 0);
        assert!(!ledger.release_button(Button::Left));
    }
}
