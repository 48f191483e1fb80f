//! A reader that takes next to nothing.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// Turns a reader slow. Cheap to clone; the same for all clones.
#[derive(Clone, Debug, Default)]
pub struct Sip(Arc<AtomicBool>);

impl Sip {
    /// From now on a byte a second is read.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A stream that is read as its [`Sip`] says, and written as it is.
pub(super) struct Sipped<S> {
    stream: S,
    sip: Sip,
    rest: Option<Pin<Box<Sleep>>>,
}

impl<S> Sipped<S> {
    pub(super) fn new(stream: S, sip: Sip) -> Self {
        Self {
            stream,
            sip,
            rest: None,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Sipped<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.sip.0.load(Ordering::Relaxed) {
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        if let Some(rest) = &mut self.rest {
            ready!(rest.as_mut().poll(context));
            self.rest = None;
        }
        let mut byte = [0];
        let mut one = ReadBuf::new(&mut byte);
        ready!(Pin::new(&mut self.stream).poll_read(context, &mut one))?;
        buffer.put_slice(one.filled());
        self.rest = Some(Box::pin(sleep(PAUSE)));
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Sipped<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

const PAUSE: Duration = Duration::from_secs(1);
