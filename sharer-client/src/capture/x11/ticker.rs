//! The clock of a source: sleeps for ever unless somebody watches or the screen settles.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use super::pending::Board;

/// What a ticker is told.
pub(super) enum Order {
    /// Ask for a row of tiles every [`SWEEP`], or stop that.
    Watch(bool),
    /// The size changed (again).
    Resized,
}

/// Starts a ticker. Its thread ends when the last sender is dropped.
pub(super) fn start(board: Arc<Board>) -> std::io::Result<Sender<Order>> {
    let (sender, orders) = channel();
    std::thread::Builder::new()
        .name("capture-clock".to_owned())
        .spawn(move || run(&orders, &board))?;
    Ok(sender)
}

fn run(orders: &Receiver<Order>, board: &Board) {
    let mut clock = Clock::default();
    loop {
        let order = match clock.next() {
            Some(at) => orders.recv_timeout(at.saturating_duration_since(Instant::now())),
            None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        let now = Instant::now();
        match order {
            Ok(order) => clock.hear(&order, now),
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {}
        }
        let (sweep, settled) = clock.due(now);
        if sweep || settled {
            board.post(|pending| {
                pending.sweep |= sweep;
                pending.afresh |= settled;
                pending.settling &= !settled;
            });
        }
    }
}

/// When something is due.
#[derive(Default)]
struct Clock {
    sweep: Option<Instant>,
    settled: Option<Instant>,
}

impl Clock {
    fn next(&self) -> Option<Instant> {
        self.sweep.into_iter().chain(self.settled).min()
    }

    fn hear(&mut self, order: &Order, now: Instant) {
        match order {
            Order::Watch(watched) => self.sweep = watched.then(|| now + SWEEP),
            Order::Resized => self.settled = Some(now + SETTLE),
        }
    }

    /// Whether a row and whether the settled screen is due.
    fn due(&mut self, now: Instant) -> (bool, bool) {
        let reached = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        let due = (reached(self.sweep), reached(self.settled));
        if due.0 {
            self.sweep = Some(now + SWEEP);
        }
        if due.1 {
            self.settled = None;
        }
        due
    }
}

/// One row of tiles is looked at in this time.
const SWEEP: Duration = Duration::from_millis(100);
/// A size that stayed for this long is taken as the new one.
const SETTLE: Duration = Duration::from_millis(200);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_resize_starts_the_wait_anew() {
        let (mut clock, start) = (Clock::default(), Instant::now());
        assert_eq!(clock.next(), None, "an idle clock has nothing to wait for");
        clock.hear(&Order::Resized, start);
        clock.hear(&Order::Resized, start + SETTLE / 2);
        assert_eq!(clock.due(start + SETTLE), (false, false));
        assert_eq!(clock.due(start + SETTLE * 3 / 2), (false, true));
        assert_eq!(clock.next(), None);
    }

    #[test]
    fn rows_are_due_only_while_somebody_watches() {
        let (mut clock, start) = (Clock::default(), Instant::now());
        clock.hear(&Order::Watch(true), start);
        assert_eq!(clock.due(start + SWEEP), (true, false));
        assert_eq!(clock.due(start + SWEEP), (false, false));
        clock.hear(&Order::Watch(false), start + SWEEP);
        assert_eq!(clock.next(), None);
    }
}
