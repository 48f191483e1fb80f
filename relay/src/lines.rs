//! Lines whose clients may come back on another carrier (SPEC 2.4).

use std::collections::HashMap;
use std::future::pending;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use carrier::Carrier;
use tokio::sync::mpsc;
use wire::LineKey;

/// The lines that stand, by key. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<HashMap<LineKey, mpsc::Sender<Arrival>>>>);

/// A client that shows the key of its line on another carrier.
pub(crate) struct Arrival {
    pub(crate) carrier: Carrier,
    /// Frames of the relay that had to arrive and did.
    pub(crate) heard: u64,
    pub(crate) source: IpAddr,
}

/// A line's place among them, for as long as it stands.
pub(crate) struct Standing {
    lines: Lines,
    key: LineKey,
    arrivals: mpsc::Receiver<Arrival>,
}

impl Lines {
    /// A line stands, and can be found by this key from now on.
    pub(crate) fn open(&self, key: LineKey) -> Standing {
        let (sender, arrivals) = mpsc::channel(WAITING);
        self.lock().insert(key.clone(), sender);
        Standing {
            lines: self.clone(),
            key,
            arrivals,
        }
    }

    /// Hands a carrier over to whoever serves the line.
    ///
    /// # Errors
    /// There is no such line, or carriers come faster than they can be taken.
    pub(crate) fn hand_over(&self, key: &LineKey, arrival: Arrival) -> Result<(), Arrival> {
        let Some(line) = self.lock().get(key).cloned() else {
            return Err(arrival);
        };
        line.try_send(arrival).map_err(|error| match error {
            mpsc::error::TrySendError::Full(arrival)
            | mpsc::error::TrySendError::Closed(arrival) => arrival,
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<LineKey, mpsc::Sender<Arrival>>> {
        // No code panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Standing {
    /// The next carrier of this line. Cancel-safe.
    pub(crate) async fn arrival(&mut self) -> Arrival {
        match self.arrivals.recv().await {
            Some(arrival) => arrival,
            None => pending().await,
        }
    }
}

impl Drop for Standing {
    fn drop(&mut self) {
        self.lines.lock().remove(&self.key);
    }
}

/// Carriers that may wait: the client dials one after the other.
const WAITING: usize = 2;

#[cfg(test)]
mod tests {
    use carrier::{Kind, Lost};
    use futures_util::{SinkExt, sink, stream};

    use super::*;

    fn arrival(heard: u64) -> Arrival {
        let outgoing = sink::drain().sink_map_err(|never| match never {});
        let incoming = stream::pending::<Result<bytes::Bytes, Lost>>();
        Arrival {
            carrier: Carrier {
                kind: Kind::WebSocket,
                incoming: Box::pin(incoming),
                outgoing: Box::pin(outgoing),
            },
            heard,
            source: IpAddr::from([192, 0, 2, 1]),
        }
    }

    /// A key finds its own line and no other, for as long as it stands.
    #[tokio::test]
    async fn a_carrier_is_handed_to_the_line_of_its_key() {
        let lines = Lines::default();
        let (one, two) = (LineKey::new([1; 32]), LineKey::new([2; 32]));
        let mut standing = lines.open(one.clone());
        assert!(lines.hand_over(&two, arrival(0)).is_err());
        assert!(lines.hand_over(&one, arrival(7)).is_ok());
        assert_eq!(standing.arrival().await.heard, 7);
        drop(standing);
        assert!(lines.hand_over(&one, arrival(7)).is_err());
    }

    #[tokio::test]
    async fn carriers_that_nobody_takes_are_refused() {
        let lines = Lines::default();
        let key = LineKey::new([1; 32]);
        let _standing = lines.open(key.clone());
        let taken = (0..10).take_while(|_| lines.hand_over(&key, arrival(0)).is_ok());
        assert_eq!(taken.count(), WAITING);
    }
}
