//! The task that writes a line's queue to its carrier.

use std::future::pending;
use std::time::Duration;

use bytes::Bytes;
use futures_util::SinkExt;
use tokio::task::JoinHandle;

use super::Sender;
use crate::{Lost, Outgoing};

/// Ends by itself when the queue is closed and empty; dropped, it has a moment for that.
pub(super) struct Writer(Option<JoinHandle<Result<(), Lost>>>);

impl Writer {
    pub(super) fn start(outgoing: Outgoing, sender: Sender) -> Self {
        Self(Some(tokio::spawn(write(outgoing, sender))))
    }

    /// Waits until nothing can be written any more, and gives why. Cancel-safe.
    pub(super) async fn failed(&mut self) -> Lost {
        if let Some(task) = &mut self.0 {
            let ended = task.await;
            self.0 = None;
            if let Ok(Err(lost)) = ended {
                return lost;
            }
        }
        pending().await
    }

    /// Waits for the end of what waits to be sent, for two seconds at most.
    pub(super) async fn finish(mut self) {
        if let Some(task) = self.0.take() {
            // A socket that takes nothing is given up.
            let _ = tokio::time::timeout(LAST_WORDS, task).await;
        }
    }

    /// Ends at once: the carrier is lost.
    pub(super) fn abort(mut self) {
        if let Some(task) = self.0.take() {
            task.abort();
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let Some(task) = self.0.take() else { return };
        let abort = task.abort_handle();
        // The last words (why the session ended) are worth a moment, a stuck socket is not.
        tokio::spawn(async move {
            if tokio::time::timeout(LAST_WORDS, task).await.is_err() {
                abort.abort();
            }
        });
    }
}

async fn write(mut outgoing: Outgoing, sender: Sender) -> Result<(), Lost> {
    let queue = &sender.0.queue;
    while let Some(frame) = queue.next().await {
        let mut batch = frame.len();
        let mut next = Some(frame);
        while let Some(frame) = next {
            outgoing.feed(frame).await?;
            next = if batch < BATCH { queue.pop() } else { None };
            batch += next.as_ref().map_or(0, Bytes::len);
        }
        outgoing.flush().await?;
    }
    // The other side may be gone already, which is what closing is for.
    let _ = outgoing.close().await;
    Ok(())
}

/// Bytes that are handed to the system before urgent frames are looked for again.
const BATCH: usize = 32 * 1024;
const LAST_WORDS: Duration = Duration::from_secs(2);
