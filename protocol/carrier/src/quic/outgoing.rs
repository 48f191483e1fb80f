//! Frames that go out: each to the stream where nothing of lesser weight is before it.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::Sink;
use futures_util::future::BoxFuture;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use web_transport_quinn::{SendStream, Session, WriteError};
use wire::{Channel, Delivery, Envelope, Frame};

use super::{ENDED, LEFT};
use crate::{Lost, Outgoing};

/// Where a frame goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Road {
    /// The first stream: whatever is no record, and records of the channels with priority 0. Their order among each other counts.
    First,
    /// A datagram, if it fits into one, else the stream of its channel: only the newest place of a pointer is worth anything.
    Datagram(u8, Channel),
    /// The stream of its pair and channel.
    Stream(u8, Channel),
}

impl Road {
    /// The road of an encoded frame.
    pub(super) fn of(frame: &Bytes) -> Self {
        let Ok(Frame::Sealed(envelope)) = Frame::decode(frame.clone()) else {
            return Self::First;
        };
        Self::of_record(&envelope)
    }

    fn of_record(envelope: &Envelope) -> Self {
        let header = envelope.header();
        let (pair, channel) = (header.pair.number(), header.channel);
        if channel.priority() == 0 {
            Self::First
        } else if channel.delivery() == Delivery::Latest && channel.priority() == POINTERS {
            Self::Datagram(pair, channel)
        } else {
            Self::Stream(pair, channel)
        }
    }
}

/// Starts writing.
pub(super) fn start(session: Session, first: SendStream) -> Outgoing {
    let mut roads = Roads {
        session,
        streams: BTreeMap::new(),
        writers: JoinSet::new(),
        waiting: Arc::default(),
        closing: None,
    };
    let first = roads.write(async { Some(first) }, 0);
    roads.streams.insert(Road::First, first);
    Box::pin(roads)
}

struct Roads {
    session: Session,
    streams: BTreeMap<Road, mpsc::UnboundedSender<Bytes>>,
    writers: JoinSet<()>,
    /// Bytes that no stream has taken yet.
    waiting: Arc<AtomicUsize>,
    closing: Option<BoxFuture<'static, ()>>,
}

impl Roads {
    fn send(&mut self, frame: Bytes) -> Result<(), Lost> {
        let road = match Road::of(&frame) {
            Road::Datagram(pair, channel) => {
                if frame.len() <= self.session.max_datagram_size() {
                    // One that is lost is healed by the next.
                    let _ = self.session.send_datagram(frame);
                    return Ok(());
                }
                Road::Stream(pair, channel)
            }
            road @ (Road::First | Road::Stream(..)) => road,
        };
        let waiting = self.waiting.fetch_add(frame.len(), Ordering::Relaxed);
        if waiting > MOST {
            return Err(Lost::Full);
        }
        let sent = self.stream(road).send(frame);
        sent.map_err(|_| Lost::Broken("a stream ended".to_owned()))
    }

    fn stream(&mut self, road: Road) -> mpsc::UnboundedSender<Bytes> {
        if let Some(stream) = self.streams.get(&road) {
            return stream.clone();
        }
        let session = self.session.clone();
        let priority = match road {
            Road::First => 0,
            Road::Datagram(_, channel) | Road::Stream(_, channel) => channel.priority(),
        };
        let opened = async move { session.open_uni().await.ok() };
        let stream = self.write(opened, priority);
        self.streams.insert(road, stream.clone());
        stream
    }

    /// A task for one stream: frames wait there for nobody but the peer.
    fn write(
        &mut self,
        stream: impl Future<Output = Option<SendStream>> + Send + 'static,
        priority: usize,
    ) -> mpsc::UnboundedSender<Bytes> {
        let (sender, mut frames) = mpsc::unbounded_channel::<Bytes>();
        let waiting = self.waiting.clone();
        self.writers.spawn(async move {
            let Some(mut stream) = stream.await else {
                return;
            };
            // A stream that was closed already shows at the next write.
            let _ = stream.set_priority(-i32::try_from(priority).unwrap_or(0));
            while let Some(frame) = frames.recv().await {
                if put(&mut stream, &frame).await.is_err() {
                    return;
                }
                waiting.fetch_sub(frame.len(), Ordering::Relaxed);
            }
            // What was written has to arrive before the connection may end.
            if stream.finish().is_ok() {
                let _ = stream.stopped().await;
            }
        });
        sender
    }
}

async fn put(stream: &mut SendStream, frame: &Bytes) -> Result<(), WriteError> {
    let length = u16::try_from(frame.len()).unwrap_or(u16::MAX);
    stream.write_all(&length.to_be_bytes()).await?;
    stream.write_chunk(frame.clone()).await
}

impl Sink<Bytes> for Roads {
    type Error = Lost;

    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Lost>> {
        Poll::Ready(Ok(()))
    }

    fn start_send(self: Pin<&mut Self>, frame: Bytes) -> Result<(), Lost> {
        self.get_mut().send(frame)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Lost>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Lost>> {
        let this = self.get_mut();
        let closing = this.closing.get_or_insert_with(|| {
            // Without senders the writers finish their streams.
            this.streams.clear();
            let mut writers = std::mem::take(&mut this.writers);
            let session = this.session.clone();
            Box::pin(async move {
                while writers.join_next().await.is_some() {}
                if session.request().is_some() {
                    // A browser throws away what its page has not read yet when a session is closed: the page closes it.
                    let _ = timeout(LAST_WORDS, session.closed()).await;
                }
                session.close(ENDED, b"");
            })
        });
        closing.as_mut().poll(context).map(Ok)
    }
}

impl Drop for Roads {
    /// Whoever did not wait for the end of what was sent leaves the carrier, not the line.
    fn drop(&mut self) {
        self.session.close(LEFT, b"");
    }
}

/// The priority of channels whose newest record replaces those before.
const POINTERS: usize = 2;
/// Bytes that may wait for a peer that takes nothing: far above twice the credit of all channels of three pairs.
const MOST: usize = 4 * 1024 * 1024;
/// What a page may take to read the last words, once its browser has them.
const LAST_WORDS: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    /// A record of the second pair (SPEC 3).
    fn record(channel: Channel) -> Bytes {
        let mut frame = vec![0x10, 1, channel.number(), 1, 0, 0, 16];
        frame.extend([0; 16]);
        frame.into()
    }

    /// SPEC 2.2: what is in order with messages shares their stream, everything else has one of its own.
    #[test]
    fn every_channel_has_its_road() {
        let road = |channel| Road::of(&record(channel));
        for channel in Channel::ALL {
            let expected = match channel {
                Channel::Handshake | Channel::Ack | Channel::Control | Channel::Elevation => {
                    Road::First
                }
                Channel::Cursor | Channel::Pointer => Road::Datagram(1, channel),
                Channel::Input
                | Channel::Chat
                | Channel::Picture
                | Channel::Motion
                | Channel::Clipboard
                | Channel::File => Road::Stream(1, channel),
            };
            assert_eq!(road(channel), expected);
        }
        assert_eq!(Road::of(&Frame::Ping(1).encode()), Road::First);
    }
}
