//! The client's end of a line: it dials again when the carrier is lost, or seems to be (SPEC 2.4).

use std::future::pending;
use std::time::Duration;

use carrier::{
    Carrier, ClientTls, DialError, Frames, How, Kind, Link, Lost, Reached, Sender, race,
};
use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep_until, timeout};
use tracing::{debug, info};
use wire::{Frame, FromRelay, LineKey, ToRelay};

use crate::instead::STOPPED;

/// How the relay is reached. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Dialler {
    pub(crate) relay: String,
    pub(crate) tls: ClientTls,
    pub(crate) how: How,
}

/// A line to the relay, on whatever carrier.
pub struct Line {
    sender: Sender,
    /// The carrier, while there is one.
    frames: Option<Frames>,
    again: Again,
    dialler: Dialler,
    key: LineKey,
    keep: Duration,
    /// When the carrier was lost.
    lost_at: Instant,
    /// Dials that failed since then.
    failed: u32,
}

/// What came of waiting.
#[derive(Debug, PartialEq)]
pub enum Heard {
    /// A frame.
    Frame(Frame),
    /// The carrier is lost; another one is dialled, and the relay waits for it.
    Away,
    /// There is another carrier.
    Back {
        /// Why it is not QUIC, if that was wanted.
        instead: Option<String>,
    },
}

/// What is done for another carrier.
enum Again {
    /// Nothing.
    No,
    Dialling(BoxFuture<'static, Result<Reached, DialError>>),
    /// The dial failed.
    Resting(Instant),
    Resuming(BoxFuture<'static, Result<Resumed, NotResumed>>),
}

/// What became of a step.
enum Step {
    Reached(Reached),
    Rested,
    Failed,
    Resumed(Resumed),
    Unknown,
}

struct Resumed {
    carrier: Carrier,
    heard: u64,
    instead: Option<String>,
}

enum NotResumed {
    /// The new carrier is lost as well.
    Lost,
    /// The relay has no such line any more.
    Unknown,
}

impl Dialler {
    pub(crate) async fn dial(self) -> Result<Reached, DialError> {
        race(&self.relay, "/api/v1/connect", &self.tls, self.how).await
    }
}

impl Line {
    /// A line that the relay has welcomed.
    pub(crate) fn new(link: Link, dialler: Dialler, key: LineKey, keep: Duration) -> Self {
        let Link { sender, mut frames } = link;
        frames.watch();
        Self {
            sender,
            frames: Some(frames),
            again: Again::No,
            dialler,
            key,
            keep,
            lost_at: Instant::now(),
            failed: 0,
        }
    }

    /// Where frames are put; the same for all carriers.
    pub fn sender(&self) -> &Sender {
        &self.sender
    }

    /// Waits for the next frame, or for news of the carrier. Cancel-safe.
    ///
    /// # Errors
    /// The line is over.
    pub async fn next(&mut self) -> Result<Heard, Lost> {
        loop {
            let review = match (&self.frames, &self.again) {
                (Some(frames), Again::No) => frames.doubt_at(),
                (Some(_), _) => Instant::now() + self.keep,
                (None, _) => self.lost_at + self.keep,
            };
            tokio::select! {
                frame = next_of(&mut self.frames) => return self.heard(frame),
                step = self.again.step() => {
                    if let Some(heard) = self.take(step)? {
                        return Ok(heard);
                    }
                }
                () = sleep_until(review) => self.review()?,
            }
        }
    }

    /// Ends the line in an orderly way: what waits is sent, for two seconds at most.
    pub async fn finish(self) {
        if let Some(frames) = self.frames {
            frames.finish().await;
        }
    }

    fn heard(&mut self, frame: Result<Frame, Lost>) -> Result<Heard, Lost> {
        let lost = match frame {
            Ok(frame) => {
                if !matches!(self.again, Again::No) {
                    debug!("the carrier was not lost");
                    self.again = Again::No;
                }
                return Ok(Heard::Frame(frame));
            }
            Err(lost) => lost,
        };
        if lost.ends_line() || self.sender.is_closed() {
            return Err(lost);
        }
        info!(%lost, "the carrier is lost");
        self.leave();
        if matches!(self.again, Again::No) {
            self.dial();
        }
        Ok(Heard::Away)
    }

    /// The carrier is given up.
    fn leave(&mut self) {
        if let Some(frames) = self.frames.take() {
            frames.leave();
        }
        self.lost_at = Instant::now();
        self.failed = 0;
    }

    /// Time went by without a frame.
    fn review(&mut self) -> Result<(), Lost> {
        let now = Instant::now();
        let Some(frames) = &self.frames else {
            return if now >= self.lost_at + self.keep {
                Err(Lost::Silent)
            } else {
                Ok(())
            };
        };
        if frames.in_doubt(now) && matches!(self.again, Again::No) {
            info!("the carrier is silent: another one is dialled");
            self.failed = 0;
            self.dial();
        }
        Ok(())
    }

    /// Whether another carrier is wanted.
    fn is_silent(&self) -> bool {
        let now = Instant::now();
        let frames = self.frames.as_ref();
        frames.is_none_or(|frames| frames.in_doubt(now))
    }

    fn dial(&mut self) {
        let mut dialler = self.dialler.clone();
        if self.sender.kind().is_by_udp() {
            // What it could do it has shown.
            dialler.how.head_start = Duration::ZERO;
        }
        let dial = dialler.dial();
        let patience = FIRST_PATIENCE * (self.failed + 1).min(4);
        self.again = Again::Dialling(Box::pin(async move {
            let late = || DialError::Timeout("the relay".to_owned());
            timeout(patience, dial)
                .await
                .unwrap_or_else(|_| Err(late()))
        }));
    }

    fn take(&mut self, step: Step) -> Result<Option<Heard>, Lost> {
        match step {
            Step::Rested if self.is_silent() => self.dial(),
            Step::Rested => self.again = Again::No,
            Step::Failed => {
                self.failed += 1;
                let rest = FIRST_REST * 2u32.pow(self.failed.min(4) - 1);
                self.again = Again::Resting(Instant::now() + rest);
            }
            Step::Reached(reached) => return Ok(self.reached(reached)),
            Step::Resumed(resumed) => return self.resumed(resumed).map(Some),
            Step::Unknown => {
                return Err(Lost::Broken("the relay has given this line up".to_owned()));
            }
        }
        Ok(None)
    }

    /// Another carrier stands. The one before is given up, unless it was heard of meanwhile.
    fn reached(&mut self, reached: Reached) -> Option<Heard> {
        if !self.is_silent() {
            self.again = Again::No;
            return None;
        }
        let was_udp = self.sender.kind().is_by_udp();
        let told = self.frames.is_some().then(|| {
            self.leave();
            Heard::Away
        });
        let Reached { carrier, instead } = reached;
        let instead = match carrier.kind {
            Kind::WebSocket if was_udp => Some(STOPPED.to_owned()),
            Kind::WebSocket | Kind::Quic | Kind::WebTransport => instead,
        };
        let resume = ToRelay::Resume {
            line: self.key.clone(),
            heard: self.sender.taken(),
        };
        self.again = Again::Resuming(Box::pin(resume_on(carrier, resume, instead)));
        told
    }

    fn resumed(&mut self, resumed: Resumed) -> Result<Heard, Lost> {
        let Resumed {
            carrier,
            heard,
            instead,
        } = resumed;
        info!(carrier = %carrier.kind, "another carrier stands");
        let mut frames = self.sender.resume(carrier, None, heard)?;
        frames.watch();
        self.frames = Some(frames);
        self.again = Again::No;
        Ok(Heard::Back { instead })
    }
}

impl Again {
    /// Waits for what is under way. Cancel-safe.
    async fn step(&mut self) -> Step {
        match self {
            Self::No => pending().await,
            Self::Dialling(dial) => match dial.await {
                Ok(reached) => Step::Reached(reached),
                Err(error) => {
                    debug!(%error, "no other carrier yet");
                    Step::Failed
                }
            },
            Self::Resting(until) => {
                sleep_until(*until).await;
                Step::Rested
            }
            Self::Resuming(resume) => match resume.await {
                Ok(resumed) => Step::Resumed(resumed),
                Err(NotResumed::Lost) => Step::Failed,
                Err(NotResumed::Unknown) => Step::Unknown,
            },
        }
    }
}

/// Shows the key of the line on another carrier.
async fn resume_on(
    mut carrier: Carrier,
    resume: ToRelay,
    instead: Option<String>,
) -> Result<Resumed, NotResumed> {
    let lost = |_| NotResumed::Lost;
    let answer = async {
        let frame = Frame::message(&resume).map_err(|_| NotResumed::Lost)?;
        carrier.say_first(frame).await.map_err(lost)?;
        carrier.first_message().await.map_err(lost)
    };
    let text = timeout(ANSWER, answer)
        .await
        .map_err(|_| NotResumed::Lost)??;
    match FromRelay::parse(&text) {
        Ok(FromRelay::Resumed { heard }) => Ok(Resumed {
            carrier,
            heard,
            instead,
        }),
        Ok(_) | Err(_) => Err(NotResumed::Unknown),
    }
}

async fn next_of(frames: &mut Option<Frames>) -> Result<Frame, Lost> {
    match frames {
        Some(frames) => frames.next().await,
        None => pending().await,
    }
}

/// How long the first dial may take; the later ones take longer.
const FIRST_PATIENCE: Duration = Duration::from_millis(2500);
/// How long the first rest between dials takes; the later ones take longer.
const FIRST_REST: Duration = Duration::from_millis(250);
/// How long the relay may take to answer a `resume`.
const ANSWER: Duration = Duration::from_secs(5);
