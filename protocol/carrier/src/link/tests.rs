use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt, sink, stream};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::*;
use crate::{Incoming, Lost, Outgoing};

/// A carrier that takes everything and says nothing.
fn silent() -> Carrier {
    let outgoing = sink::drain().sink_map_err(|never| match never {});
    Carrier {
        kind: Kind::Quic,
        incoming: Box::pin(stream::pending()),
        outgoing: Box::pin(outgoing),
    }
}

/// A carrier whose other side is the test: what it says, and what it heard.
fn played(
    kind: Kind,
) -> (
    Carrier,
    mpsc::UnboundedSender<Frame>,
    mpsc::UnboundedReceiver<Frame>,
) {
    let (says, said) = mpsc::unbounded_channel::<Frame>();
    let (hears, heard) = mpsc::unbounded_channel();
    let incoming: Incoming = stream::unfold(said, |mut said| async {
        let frame = said.recv().await?;
        Some((Ok(frame.encode()), said))
    })
    .boxed();
    let outgoing: Outgoing = Box::pin(sink::unfold(hears, |hears, bytes: Bytes| async move {
        let told = hears.send(Frame::decode(bytes).unwrap());
        told.map_err(|_| Lost::Broken("nobody listens".to_owned()))?;
        Ok(hears)
    }));
    let carrier = Carrier {
        kind,
        incoming,
        outgoing,
    };
    (carrier, says, heard)
}

fn message(text: &str) -> Frame {
    Frame::Message(Bytes::copy_from_slice(text.as_bytes()))
}

/// PRODUCT 3.8: a ping every three seconds, and nine seconds without a word are the end, to the millisecond.
#[tokio::test]
async fn silence_is_noticed_when_its_time_is_over() {
    let Link { mut frames, .. } = Link::start(silent(), 1024);
    let (heard, ms) = (frames.heard, Duration::from_millis(1));
    for pings in 1..=3 {
        let due = frames.ping_at;
        assert!(frames.keep_alive(due).is_ok());
        assert_eq!(frames.ping_at, due + KEEPALIVE, "ping {pings}");
        assert_eq!(frames.wake.deadline(), frames.ping_at);
    }
    assert!(frames.keep_alive(heard + PATIENCE - ms).is_ok());
    assert_eq!(frames.wake.deadline(), heard + PATIENCE);
    let over = frames.keep_alive(heard + PATIENCE);
    assert!(matches!(over, Err(Lost::Silent)));
}

/// Pings that are held up by a busy machine do not hold up the notice.
#[tokio::test]
async fn a_late_ping_does_not_lengthen_the_patience() {
    let Link { mut frames, .. } = Link::start(silent(), 1024);
    let (heard, late) = (frames.heard, Duration::from_secs(8));
    assert!(frames.keep_alive(heard + late).is_ok());
    assert_eq!(frames.ping_at, heard + late + KEEPALIVE);
    assert_eq!(frames.wake.deadline(), heard + PATIENCE);
}

/// SPEC 2.4: doubt begins 0.6 s after a ping that nothing follows, later where round trips are long.
#[tokio::test]
async fn doubt_begins_with_a_ping_that_nothing_follows() {
    let Link { sender, mut frames } = Link::start(silent(), 1024);
    let ms = Duration::from_millis(1);
    // The first ping went out before the relay had answered.
    frames.keep_alive(frames.ping_at).unwrap();
    frames.asked = None;
    frames.watch();
    assert!(frames.ping_at <= Instant::now() + 500 * ms);
    let asked = frames.ping_at;
    frames.keep_alive(asked).unwrap();
    assert_eq!(frames.ping_at, asked + 500 * ms);
    assert!(!frames.in_doubt(asked + 599 * ms));
    assert_eq!(frames.doubt_at(), asked + 600 * ms);
    frames.keep_alive(frames.ping_at).unwrap();
    assert!(frames.in_doubt(asked + 600 * ms), "the first ping counts");
    sender.note_round_trip(200 * ms);
    assert!(!frames.in_doubt(asked + 799 * ms));
    assert!(frames.in_doubt(asked + 800 * ms));
}

/// SPEC 2.4: a line goes on upon another carrier with whatever was not heard, and counts what arrived over all of them.
#[tokio::test]
async fn a_line_goes_on_upon_another_carrier() {
    let (carrier, says, mut heard) = played(Kind::Quic);
    let Link { sender, mut frames } = Link::start(carrier, 1 << 20);
    sender.send(message("one")).unwrap();
    sender.send(message("two")).unwrap();
    says.send(message("a")).unwrap();
    assert_eq!(frames.next().await.unwrap(), message("a"));
    assert_eq!(heard.recv().await, Some(message("one")));
    frames.leave();
    sender.send(message("three")).unwrap();
    let (carrier, says, mut heard) = played(Kind::WebSocket);
    let first = Some(message("resumed"));
    let mut frames = sender.resume(carrier, first, 1).unwrap();
    assert_eq!(sender.kind(), Kind::WebSocket);
    for text in ["resumed", "two", "three"] {
        assert_eq!(heard.recv().await, Some(message(text)));
    }
    says.send(message("b")).unwrap();
    assert_eq!(frames.next().await.unwrap(), message("b"));
    assert_eq!(sender.taken(), 2);
}

/// What arrived is told after every eighth frame, and with the next ping.
#[tokio::test]
async fn what_arrived_is_told() {
    let (carrier, says, mut heard) = played(Kind::Quic);
    let Link { mut frames, .. } = Link::start(carrier, 1 << 20);
    for _ in 0..9 {
        says.send(message("x")).unwrap();
        frames.next().await.unwrap();
    }
    let mut told = vec![];
    frames.keep_alive(frames.ping_at).unwrap();
    while told.len() < 2 {
        if let Some(Frame::Heard(count)) = heard.recv().await {
            told.push(count);
        }
    }
    assert_eq!(told, [8, 9]);
}

/// A carrier that takes nothing any more is lost even if its other half says nothing.
#[tokio::test]
async fn a_carrier_that_cannot_be_written_is_lost() {
    let broken = Arc::new(Mutex::new(0));
    let outgoing: Outgoing = Box::pin(sink::unfold(broken, |count, _: Bytes| async move {
        *count.lock().unwrap() += 1;
        Err(Lost::Full)
    }));
    let carrier = Carrier {
        outgoing,
        ..silent()
    };
    let Link { mut frames, sender } = Link::start(carrier, 1024);
    sender.send(message("one")).unwrap();
    assert!(matches!(frames.next().await, Err(Lost::Full)));
}

/// Whoever ends a line says why, then closes: a write that fails after that must not drown the words.
#[tokio::test]
async fn what_arrived_is_heard_before_a_failed_write_is_told() {
    for _ in 0..32 {
        let outgoing: Outgoing = Box::pin(sink::unfold((), |(), _: Bytes| async {
            Err(Lost::Broken("a broken pipe".to_owned()))
        }));
        let words = [message("why"), message("over")].map(|frame| Ok(frame.encode()));
        let carrier = Carrier {
            kind: Kind::WebSocket,
            incoming: stream::iter(words).boxed(),
            outgoing,
        };
        let Link { mut frames, sender } = Link::start(carrier, 1024);
        sender.send(message("late")).unwrap();
        tokio::task::yield_now().await;
        assert_eq!(frames.next().await.unwrap(), message("why"));
        assert_eq!(frames.next().await.unwrap(), message("over"));
        assert!(matches!(frames.next().await, Err(Lost::Closed)));
    }
}
