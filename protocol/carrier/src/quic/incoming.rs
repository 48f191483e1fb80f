//! Frames that come in: from the first stream, from streams of channels, as datagrams.

use bytes::{Bytes, BytesMut};
use futures_util::stream;
use quinn::ConnectionError;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use web_transport_quinn::{
    ReadError, ReadExactError, RecvStream, Session, SessionError, WebTransportError,
};
use wire::MAX_FRAME;

use super::ENDED;
use crate::{Incoming, Lost};

type Told = mpsc::Sender<Result<Bytes, Lost>>;

/// Reads all of them until one is wrong or the connection is over. Dropping the stream ends the reading.
pub(super) fn start(session: Session, first: RecvStream) -> Incoming {
    let (told, frames) = mpsc::channel(WAITING);
    let mut readers = JoinSet::new();
    readers.spawn(read_first(session.clone(), first, told.clone()));
    readers.spawn(read_datagrams(session.clone(), told.clone()));
    readers.spawn(read_channels(session, told));
    let state = (frames, readers);
    Box::pin(stream::unfold(state, |(mut frames, readers)| async move {
        let frame = frames.recv().await?;
        Some((frame, (frames, readers)))
    }))
}

/// The first stream lives as long as the carrier: its end is the end.
async fn read_first(session: Session, stream: RecvStream, told: Told) {
    let why = read(&session, stream, &told).await;
    // Whoever listened is gone: nobody needs to know.
    let _ = told.send(Err(why.unwrap_or(Lost::Closed))).await;
}

async fn read_channels(session: Session, told: Told) {
    let mut streams = JoinSet::new();
    while let Ok(stream) = session.accept_uni().await {
        let (session, told) = (session.clone(), told.clone());
        streams.spawn(async move {
            if let Some(why) = read(&session, stream, &told).await {
                let _ = told.send(Err(why)).await;
            }
        });
        // Streams that ended are forgotten.
        while streams.try_join_next().is_some() {}
    }
}

async fn read_datagrams(session: Session, told: Told) {
    while let Ok(frame) = session.read_datagram().await {
        if told.send(Ok(frame)).await.is_err() {
            return;
        }
    }
}

/// Reads frames of a stream until it ends; gives why, unless it ended between two frames.
async fn read(session: &Session, mut stream: RecvStream, told: &Told) -> Option<Lost> {
    loop {
        let mut length = [0; 2];
        match stream.read_exact(&mut length).await {
            Ok(()) => {}
            Err(ReadExactError::FinishedEarly(0)) => return None,
            Err(error) => return Some(broken(session, &error)),
        }
        let length = usize::from(u16::from_be_bytes(length));
        if length > MAX_FRAME {
            return Some(Lost::Broken("a frame that is too long".to_owned()));
        }
        let mut frame = BytesMut::zeroed(length);
        if let Err(error) = stream.read_exact(&mut frame).await {
            return Some(broken(session, &error));
        }
        if told.send(Ok(frame.freeze())).await.is_err() {
            return None;
        }
    }
}

fn broken(session: &Session, error: &ReadExactError) -> Lost {
    match error {
        ReadExactError::ReadError(ReadError::SessionError(why)) if is_end(session, why) => {
            Lost::Closed
        }
        ReadExactError::FinishedEarly(_) | ReadExactError::ReadError(_) => {
            Lost::Broken(error.to_string())
        }
    }
}

/// Whether the line was ended in an orderly way, here or there.
fn is_end(session: &Session, why: &SessionError) -> bool {
    match why {
        SessionError::WebTransportError(WebTransportError::Closed(code, _)) => *code == ENDED,
        // The session of a page says this of itself, too, when its connection was lost.
        SessionError::ConnectionError(ConnectionError::LocallyClosed) => {
            session.request().is_none()
        }
        SessionError::ConnectionError(_)
        | SessionError::WebTransportError(_)
        | SessionError::SendDatagramError(_) => false,
    }
}

/// Frames that were read and not taken yet; the peer's flow control holds back the rest.
const WAITING: usize = 64;
