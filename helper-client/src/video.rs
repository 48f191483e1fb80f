//! The video of a browser that shares (SPEC 7.8): parts in, pictures out, in their order.
//!
//! Frames are decoded on a thread of their own, because a large one takes longer than a key may wait. The thread has an answer for each
//! frame that it is given, and ends when this is dropped.

use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::{self, SyncSender};

use helper_video::Decoder;
use picture::{Frames, Picture, VideoError, VideoFrame};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// One video, from its parts to its pictures.
#[derive(Default)]
pub(crate) struct Video {
    frames: Frames,
    thread: Option<Thread>,
    /// Frames that the thread has not answered, oldest first.
    waiting: VecDeque<Waiting>,
    /// A picture that nobody needs any more: the next one is drawn over it.
    spare: Option<Picture>,
}

/// A picture of the video.
#[derive(Debug)]
pub(crate) struct Decoded {
    /// Number of its frame.
    pub(crate) frame: u32,
    pub(crate) picture: Picture,
}

/// Why the video cannot go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Part(#[from] VideoError),
    #[error(transparent)]
    Decoder(#[from] helper_video::Error),
    #[error("the decoder is too far behind")]
    Behind,
    #[error("the decoder has no thread: {0}")]
    Thread(#[from] io::Error),
    #[error("the decoder ended")]
    Gone,
}

impl Error {
    /// Whether this program can show no frame of this video, whatever comes.
    pub(crate) fn is_final(&self) -> bool {
        matches!(self, Self::Decoder(helper_video::Error::NoDecoder(_)))
    }
}

struct Thread {
    jobs: SyncSender<Job>,
    answers: Receiver<Answer>,
}

struct Waiting {
    frame: u32,
    key: bool,
    bytes: usize,
}

/// A frame, and a picture to draw over.
type Job = (VideoFrame, Option<Picture>);
type Answer = Result<Option<Picture>, helper_video::Error>;

impl Video {
    /// Takes a part. The frame that is whole with it is decoded, and [`Self::decoded`] gives what comes of it.
    pub(crate) fn push(&mut self, part: &[u8]) -> Result<(), Error> {
        let Some(frame) = self.frames.push(part)? else {
            return Ok(());
        };
        let codec = frame.head.codec;
        if !helper_video::reads(codec) {
            return Err(helper_video::Error::NoDecoder(codec).into());
        }
        let bytes = frame.bytes.len();
        let held: usize = self.waiting.iter().map(|frame| frame.bytes).sum();
        if self.waiting.len() >= MOST || held + bytes > HELD {
            self.begin_afresh();
            return Err(Error::Behind);
        }
        self.waiting.push_back(Waiting {
            frame: frame.head.frame,
            key: frame.head.key,
            bytes,
        });
        let job = (frame, self.spare.take());
        let thread = match &mut self.thread {
            Some(thread) => thread,
            None => self.thread.insert(Thread::start()?),
        };
        // The thread is given no more than its queue takes; one that ended says so by its answers.
        let _ = thread.jobs.try_send(job);
        Ok(())
    }

    /// The next picture, or why there is none. Cancel-safe.
    pub(crate) async fn decoded(&mut self) -> Result<Decoded, Error> {
        loop {
            let answer = match &mut self.thread {
                Some(thread) => thread.answers.recv().await,
                None => std::future::pending().await,
            };
            let Some((answer, done)) = answer.zip(self.waiting.pop_front()) else {
                self.begin_afresh();
                return Err(Error::Gone);
            };
            let Waiting { frame, .. } = done;
            match answer {
                Ok(Some(picture)) => return Ok(Decoded { frame, picture }),
                Ok(None) => {}
                Err(error) => {
                    if !self.waiting.iter().any(|frame| frame.key) {
                        self.frames.lose();
                    }
                    return Err(error.into());
                }
            }
        }
    }

    /// Nobody needs this picture any more.
    pub(crate) fn recycle(&mut self, picture: Picture) {
        self.spare = Some(picture);
    }

    /// What is under way is given up: the next frame is one with KEY, and for a thread of its own.
    fn begin_afresh(&mut self) {
        self.thread = None;
        self.waiting.clear();
        self.frames.lose();
    }
}

impl Thread {
    fn start() -> io::Result<Self> {
        let (jobs, taken) = mpsc::sync_channel(MOST);
        let (given, answers) = channel(1);
        std::thread::Builder::new()
            .name("video".to_owned())
            .spawn(move || work(&taken, &given))?;
        Ok(Self { jobs, answers })
    }
}

fn work(jobs: &mpsc::Receiver<Job>, answers: &Sender<Answer>) {
    let mut decoder = Decoder::default();
    for (frame, spare) in jobs {
        if answers.blocking_send(decoder.decode(frame, spare)).is_err() {
            return;
        }
    }
}

/// Frames that may wait for the decoder: two seconds of a film.
const MOST: usize = 60;
/// Bytes of them.
const HELD: usize = 32 << 20;

#[cfg(test)]
mod tests;
