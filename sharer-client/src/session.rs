//! One session of the sharer, from sign-in to the end.

mod converse;
mod levels;
mod obey;
mod outputs;

use std::time::Duration;

use carrier::{Frames, Lost};
use client::stdio::{Commands, Line, emit, emit_fault};
use client::{Anew, Contacts, EventLog, News, Options, Outcome, Refused, Sealed, Talk, failed};
use identity::Identity;
use policy::{CHALLENGE_EVERY, Level, PairId, SessionId};
use serde_json::json;
use tokio::sync::Notify;
use wire::{Channel, Code, Fault, Frame, FromRelay, Role, ToRelay};

use crate::broadcast::{Broadcast, Trouble};
use crate::capture::{CaptureError, ScreenSource, synthetic, x11};
use crate::command::Command;
use crate::hands::Hands;
use crate::inject::{self, InjectError, InputSink};
use crate::pipeline;
use crate::shaking::Shaking;

/// What is shared.
#[derive(Clone, Debug)]
pub enum Desktop {
    /// The desktop of an X server; `None` is the one that DISPLAY names.
    X11 {
        /// Such as `:0`.
        display: Option<String>,
    },
    /// A drawn test picture.
    Synthetic,
}

/// A sharer's session.
pub struct Session {
    talk: Talk,
    contacts: Contacts,
    screen: Option<(Box<dyn ScreenSource>, Box<dyn InputSink>)>,
    code: Option<Code>,
    joined: Option<SessionId>,
    shaking: Option<Shaking>,
    shared: Option<Shared>,
    anew: Anew,
}

/// A helper is paired.
struct Shared {
    pair: PairId,
    session: SessionId,
    hash: policy::HandshakeHash,
    /// The helper, as verified here.
    peer: Identity,
    /// When control may be allowed: with a stranger only after a pause.
    control_from: Option<Duration>,
    sealed: Sealed,
    hands: Hands,
    /// There once a level stands.
    broadcast: Option<Broadcast>,
    source: Option<Box<dyn ScreenSource>>,
    /// The sharer's count of levels.
    generation: u32,
    asked: Option<Level>,
    /// The level of the last grant that began a generation.
    granted: Option<Level>,
    challenge_at: Option<Duration>,
}

impl Session {
    /// Signs in, takes a code and shares until somebody leaves. Everything is told by `--ui`.
    pub async fn run(options: Options, desktop: Desktop) -> Outcome {
        let mut log = EventLog::open(options.event_log.as_deref(), "sharer");
        // A machine without a screen is told before its person signs in.
        let screen = match open(&desktop) {
            Ok(screen) => screen,
            Err((fault, text)) => return failed(&mut log, fault, &text),
        };
        let contacts = Contacts::load(options.state.as_deref());
        let mut commands = Commands::new();
        let begun = Talk::begin(options, Role::Sharer, CLIENT, log, &mut commands).await;
        let (talk, frames) = match begun {
            Ok(begun) => begun,
            Err(outcome) => return outcome,
        };
        let mut session = Self {
            talk,
            contacts,
            screen: Some(screen),
            code: None,
            joined: None,
            shaking: None,
            shared: None,
            anew: Anew::default(),
        };
        session.converse(frames, commands).await
    }

    async fn converse(&mut self, mut frames: Frames, mut commands: Commands) -> Outcome {
        let silence = std::sync::Arc::new(Notify::new());
        loop {
            self.take_news();
            self.show();
            if let Some(outcome) = self.talk.ended() {
                frames.finish().await;
                return outcome;
            }
            if let Some(why) = self.anew.due() {
                match self.talk.sign_in_anew(&why, &mut commands).await {
                    Ok(fresh) => frames = fresh,
                    Err(outcome) => return outcome,
                }
                self.join_again();
            }
            let changed = self
                .broadcast()
                .map_or_else(|| silence.clone(), |b| b.changed());
            let wait = self.next_deadline().saturating_sub(self.talk.clock.now());
            tokio::select! {
                biased;
                frame = frames.next() => match frame {
                    Ok(frame) => self.handle_frame(frame),
                    Err(lost) => self.lost(&lost),
                },
                line = commands.next::<Command>() => match line {
                    Line::Command(command) => self.obey(command),
                    Line::Unknown(why) => emit("unknown_command", json!({"text": why})),
                    Line::Closed => self.leave(),
                },
                () = changed.notified() => {
                    if let Some(broadcast) = self.broadcast() {
                        broadcast.ring();
                    }
                }
                () = self.talk.judge.ready() => self.judge(),
                () = tokio::time::sleep(wait) => self.handle_timeout(),
            }
        }
    }

    fn handle_frame(&mut self, frame: Frame) {
        let now = self.talk.clock.now();
        match frame {
            Frame::Sealed(envelope) if envelope.header().channel == Channel::Handshake => {
                self.handle_flight(envelope.sealed());
            }
            Frame::Sealed(envelope) => {
                if let Some(shared) = &mut self.shared {
                    shared.sealed.handle_record(envelope, now);
                }
            }
            Frame::Credit(credit) => {
                if let Some(shared) = &mut self.shared {
                    shared.sealed.handle_credit(credit);
                }
            }
            Frame::Message(text) => match FromRelay::parse(&text) {
                Ok(message) => self.handle_message(message),
                Err(_) => self.fail(Fault::Protocol),
            },
            Frame::Ping(_) | Frame::Pong(_) => {}
        }
    }

    /// Sends whatever the picture has to say, if it may be seen.
    fn show(&mut self) {
        let now = self.talk.clock.now();
        let Some(Shared {
            broadcast: Some(broadcast),
            sealed,
            hands,
            ..
        }) = &mut self.shared
        else {
            return;
        };
        if !hands.shows(now) {
            return;
        }
        match pipeline::show(broadcast, sealed, now) {
            Ok(()) => self.tell_outputs(),
            Err(Trouble::Seal(error)) => tracing::warn!(%error, "the picture waits"),
            Err(Trouble::Capture(error)) => self.screen_trouble(&error),
            Err(Trouble::Encode(error)) => {
                tracing::error!(%error, "the picture starts afresh");
                broadcast.restart(sealed, now);
            }
        }
    }

    fn handle_timeout(&mut self) {
        let now = self.talk.clock.now();
        let Some(shared) = &mut self.shared else {
            return;
        };
        shared.sealed.handle_timeout(now);
        if shared.challenge_at.is_some_and(|at| now >= at) {
            shared.challenge_at = Some(now + CHALLENGE_EVERY);
            self.challenge();
        }
    }

    fn next_deadline(&self) -> Duration {
        let idle = self.talk.clock.now() + IDLE;
        let Some(shared) = &self.shared else {
            return idle;
        };
        let picture = shared.broadcast.as_ref().and_then(Broadcast::deadline);
        // A picture that may not be seen now waits for a frame or a command, not for the clock.
        let picture = picture.filter(|_| shared.hands.shows(self.talk.clock.now()));
        let picture = picture.filter(|_| shared.sealed.room(Channel::Picture));
        let others = [shared.sealed.poll_timeout(), shared.challenge_at, picture];
        others.into_iter().flatten().min().unwrap_or(idle)
    }

    fn take_news(&mut self) {
        let now = self.talk.clock.now();
        while let Some(news) = self
            .shared
            .as_mut()
            .and_then(|shared| shared.sealed.poll_news())
        {
            match news {
                News::Message(channel, message) => self.handle_sealed(channel, &message),
                News::Control(control) => self.handle_control(control),
                News::Acknowledged(next) => {
                    if let Some(broadcast) = self.broadcast() {
                        broadcast.acknowledged(next, now);
                    }
                }
                News::RestartPicture => self.restart_picture(),
                News::InputGivenUp(events) => self.input_discarded(events),
                News::KeysWear => self.renew_keys(),
                News::Lost => self.fail(Fault::PeerLost),
            }
        }
    }

    fn broadcast(&mut self) -> Option<&mut Broadcast> {
        self.shared.as_mut()?.broadcast.as_mut()
    }

    fn restart_picture(&mut self) {
        let now = self.talk.clock.now();
        if let Some(Shared {
            broadcast: Some(broadcast),
            sealed,
            ..
        }) = &mut self.shared
        {
            broadcast.restart(sealed, now);
        }
    }

    fn screen_trouble(&mut self, error: &CaptureError) {
        let fault = fault_of(error);
        emit_fault(fault, Some(&error.to_string()));
        self.talk.tell(&ToRelay::Leave {});
        self.fail(fault);
    }

    fn lost(&mut self, lost: &Lost) {
        self.talk
            .log
            .write("relay_lost", json!({"text": lost.to_string()}));
        self.fail(Fault::RelayLost);
    }

    fn fail(&mut self, why: impl Into<Refused>) {
        self.end(why, Outcome::Failed);
    }

    /// The session is over: the gate shuts before anything is told.
    fn end(&mut self, why: impl Into<Refused>, outcome: Outcome) {
        self.shut();
        self.talk.end(why, outcome);
    }

    fn leave(&mut self) {
        self.shut();
        self.talk.leave();
    }

    fn shut(&mut self) {
        if let Some(shared) = &mut self.shared {
            shared.sealed.deny_input();
            shared.hands.shut();
        }
    }
}

type Screen = (Box<dyn ScreenSource>, Box<dyn InputSink>);

fn open(desktop: &Desktop) -> Result<Screen, (Fault, String)> {
    match desktop {
        Desktop::X11 { display } => {
            let source = x11::Source::open(display.as_deref())
                .map_err(|error| (fault_of(&error), error.to_string()))?;
            let sink = inject::x11::Sink::open(display.as_deref())
                .map_err(|error| (inject_fault(&error), error.to_string()))?;
            Ok((Box::new(source), Box::new(sink)))
        }
        Desktop::Synthetic => {
            let (source, sink) = synthetic::pair(1920, 1080)
                .map_err(|error| (fault_of(&error), error.to_string()))?;
            Ok((Box::new(source), Box::new(sink)))
        }
    }
}

fn fault_of(error: &CaptureError) -> Fault {
    match error {
        CaptureError::NoDisplay(_) => Fault::NoDisplay,
        CaptureError::Lost(_) => Fault::DisplayLost,
        CaptureError::Unfit(_) => Fault::DisplayUnfit,
    }
}

fn inject_fault(error: &InjectError) -> Fault {
    match error {
        InjectError::NoDisplay(_) => Fault::NoDisplay,
        InjectError::Lost(_) => Fault::DisplayLost,
        InjectError::Unfit(_) => Fault::DisplayUnfit,
    }
}

/// Name and version of this program.
const CLIENT: &str = concat!("handrail-sharer ", env!("CARGO_PKG_VERSION"));
/// The longest sleep.
const IDLE: Duration = Duration::from_secs(60);
