//! What the display announced and nobody has taken yet.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// What waits for the next `take`.
#[derive(Clone, Debug, Default)]
pub(super) struct Pending {
    /// The damage object holds something.
    pub(super) damaged: bool,
    /// The cursor has another shape.
    pub(super) cursor: bool,
    /// The pointer moved.
    pub(super) moved: bool,
    /// The next row of tiles is due to be looked at.
    pub(super) sweep: bool,
    /// Everything has to be measured and grabbed anew.
    pub(super) afresh: bool,
    /// The screen is being resized: grabs make no sense until it is `afresh`.
    pub(super) settling: bool,
    /// The display is gone, and why.
    pub(super) lost: Option<String>,
}

impl Pending {
    pub(super) fn is_empty(&self) -> bool {
        !(self.damaged || self.cursor || self.moved || self.sweep || self.afresh)
    }
}

/// [`Pending`] between the threads that listen and the one that takes.
#[derive(Default)]
pub(super) struct Board {
    pending: Mutex<Pending>,
    pub(super) changed: Arc<Notify>,
}

impl Board {
    /// Notes something down and rings.
    pub(super) fn post(&self, note: impl FnOnce(&mut Pending)) {
        note(&mut self.lock());
        self.changed.notify_one();
    }

    /// Notes down that the size is in flux; there is nothing to take for that.
    pub(super) fn settle(&self) {
        self.lock().settling = true;
    }

    /// Takes what waits. That the screen settles, or is lost, stays.
    pub(super) fn take(&self) -> Pending {
        let mut pending = self.lock();
        let left = Pending {
            settling: pending.settling,
            lost: pending.lost.clone(),
            ..Pending::default()
        };
        std::mem::replace(&mut pending, left)
    }

    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_gone_except_a_loss() {
        let board = Board::default();
        assert!(board.take().is_empty());
        board.post(|pending| (pending.moved, pending.lost) = (true, Some("gone".to_owned())));
        board.settle();
        let first = board.take();
        assert!(first.moved && first.settling);
        let second = board.take();
        assert!(!second.moved && second.settling);
        assert_eq!(second.lost.as_deref(), Some("gone"));
    }
}
