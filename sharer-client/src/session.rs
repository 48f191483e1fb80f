//! One session of the sharer, from sign-in to the end.

mod away;
mod company;
mod converse;
mod helper;
mod levels;
mod meeting;
mod obey;
mod outputs;

use std::collections::BTreeMap;
use std::time::Duration;

use carrier::Lost;
use client::stdio::{Commands, Said, emit, emit_fault};
use client::{
    Anew, Contacts, EventLog, Heard, Line, News, Options, Outcome, Refused, Talk, failed,
};
use policy::{CHALLENGE_EVERY, PairId, SessionId};
use seal::Present;
use serde_json::json;
use tokio::sync::Notify;
use wire::{Channel, Code, Fault, Frame, FromRelay, Role, ToRelay};

use crate::broadcast::{Broadcast, Trouble};
use crate::capture::screen::Screen;
use crate::capture::{CaptureError, ScreenSource, synthetic, x11};
use crate::command::Command;
use crate::hands::Hands;
use crate::inject::{self, InjectError, InputSink};
use crate::invitations::Invitations;
use crate::pipeline;
use crate::shaking::Shaking;
use helper::Helper;

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
    screen: Screen,
    hands: Hands,
    code: Option<Code>,
    joined: Option<SessionId>,
    shaking: BTreeMap<PairId, Shaking>,
    helpers: BTreeMap<PairId, Helper>,
    invitations: Invitations,
    /// What the helpers were told of each other last.
    roster: Vec<Present>,
    /// Questions that were asked so far.
    questions: u64,
    anew: Anew,
}

impl Session {
    /// Signs in, takes a code and shares until somebody leaves. Everything is told by `--ui`.
    pub async fn run(options: Options, desktop: Desktop) -> Outcome {
        let mut log = EventLog::open(options.event_log.as_deref(), "sharer");
        // A machine without a screen is told before its person signs in.
        let (source, sink) = match open(&desktop) {
            Ok(screen) => screen,
            Err((fault, text)) => return failed(&mut log, fault, &text),
        };
        let contacts = Contacts::load(options.state.as_deref());
        let mut commands = Commands::new();
        let begun = Talk::begin(options, Role::Sharer, CLIENT, log, &mut commands).await;
        let (talk, line) = match begun {
            Ok(begun) => begun,
            Err(outcome) => return outcome,
        };
        let mut session = Self {
            talk,
            contacts,
            screen: Screen::new(source),
            hands: Hands::new(sink),
            code: None,
            joined: None,
            shaking: BTreeMap::new(),
            helpers: BTreeMap::new(),
            invitations: Invitations::default(),
            roster: vec![],
            questions: 0,
            anew: Anew::default(),
        };
        session.converse(line, commands).await
    }

    async fn converse(&mut self, mut line: Line, mut commands: Commands) -> Outcome {
        let silence = std::sync::Arc::new(Notify::new());
        loop {
            self.take_news();
            self.show();
            self.tell_helpers();
            if let Some(outcome) = self.talk.ended() {
                line.finish().await;
                return outcome;
            }
            if let Some(why) = self.anew.due() {
                match self.talk.sign_in_anew(&why, &mut commands).await {
                    Ok(fresh) => line = fresh,
                    Err(outcome) => return outcome,
                }
                self.join_again();
            }
            let changed = if self.is_shown() {
                self.screen.changed()
            } else {
                silence.clone()
            };
            let wait = self.next_deadline().saturating_sub(self.talk.clock.now());
            tokio::select! {
                biased;
                heard = line.next() => match heard {
                    Ok(Heard::Frame(frame)) => self.handle_frame(frame),
                    Ok(Heard::Away) => self.talk.carrier_lost(),
                    Ok(Heard::Back { instead }) => self.talk.carrier_changed(instead),
                    Err(lost) => self.lost(&lost),
                },
                said = commands.next::<Command>() => match said {
                    Said::Command(command) => self.obey(command),
                    Said::Unknown(why) => emit("unknown_command", json!({"text": why})),
                    Said::Closed => self.leave(),
                },
                () = changed.notified() => self.ring(),
                () = self.talk.judge.ready() => self.judge_all(),
                () = tokio::time::sleep(wait) => self.handle_timeout(),
            }
        }
    }

    fn handle_frame(&mut self, frame: Frame) {
        let now = self.talk.clock.now();
        match frame {
            Frame::Sealed(envelope) if envelope.header().channel == Channel::Handshake => {
                self.handle_flight(envelope.header().pair, envelope.sealed());
            }
            Frame::Sealed(envelope) => {
                if let Some(helper) = self.helpers.get_mut(&envelope.header().pair) {
                    helper.sealed.handle_record(envelope, now);
                }
            }
            Frame::Credit(credit) => {
                if let Some(helper) = self.helpers.get_mut(&credit.pair) {
                    helper.sealed.handle_credit(credit);
                }
            }
            Frame::Message(text) => match FromRelay::parse(&text) {
                Ok(message) => self.handle_message(message),
                Err(_) => self.fail(Fault::Protocol),
            },
            Frame::Ping(_) | Frame::Pong(_) | Frame::Heard(_) => {}
        }
    }

    /// Whether somebody sees the screen.
    fn is_shown(&self) -> bool {
        self.helpers
            .values()
            .any(|helper| helper.broadcast.is_some())
    }

    fn ring(&mut self) {
        for helper in self.helpers.values_mut() {
            if let Some(broadcast) = &mut helper.broadcast {
                broadcast.ring();
            }
        }
    }

    /// Sends every helper whatever the picture has to say, if it may be seen.
    fn show(&mut self) {
        for pair in self.pairs() {
            self.show_to(pair);
        }
    }

    fn show_to(&mut self, pair: PairId) {
        let now = self.talk.clock.now();
        let Some(Helper {
            broadcast: Some(broadcast),
            sealed,
            ..
        }) = self.helpers.get_mut(&pair)
        else {
            return;
        };
        if !self.hands.shows(pair, now) {
            return;
        }
        match pipeline::show(broadcast, &mut self.screen, sealed, now) {
            Ok(()) => self.tell_outputs(pair),
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
        for pair in self.pairs() {
            let Some(helper) = self.helpers.get_mut(&pair) else {
                continue;
            };
            helper.sealed.handle_timeout(now);
            if helper.challenge_at.is_some_and(|at| now >= at) {
                helper.challenge_at = Some(now + CHALLENGE_EVERY);
                self.challenge(pair);
            }
        }
    }

    fn next_deadline(&self) -> Duration {
        let now = self.talk.clock.now();
        let helpers = self.helpers.iter();
        let deadlines = helpers.flat_map(|(pair, helper)| {
            let picture = helper.broadcast.as_ref().and_then(Broadcast::deadline);
            // A picture that may not be seen now waits for a frame or a command, not for the clock.
            let picture = picture.filter(|_| self.hands.shows(*pair, now));
            let picture = picture.filter(|_| helper.sealed.room(Channel::Picture));
            [helper.sealed.poll_timeout(), helper.challenge_at, picture]
        });
        deadlines.flatten().min().unwrap_or(now + IDLE)
    }

    fn take_news(&mut self) {
        let poll = |(pair, helper): (&PairId, &mut Helper)| {
            let news = helper.sealed.poll_news()?;
            Some((*pair, news))
        };
        while let Some((pair, news)) = self.helpers.iter_mut().find_map(poll) {
            self.handle_news(pair, news);
        }
    }

    fn handle_news(&mut self, pair: PairId, news: News) {
        let now = self.talk.clock.now();
        match news {
            News::Message(channel, message) => self.handle_sealed(pair, channel, &message),
            News::Control(control) => self.handle_control(pair, control),
            News::Acknowledged(next) => {
                let helper = self.helpers.get_mut(&pair);
                if let Some(broadcast) = helper.and_then(|helper| helper.broadcast.as_mut()) {
                    broadcast.acknowledged(next, now);
                }
            }
            News::RestartPicture => self.restart_picture(pair),
            News::InputGivenUp(events) => self.input_discarded(pair, events),
            News::KeysWear => self.renew_keys(pair),
            News::Lost if self.helpers.len() > 1 => self.dismiss(pair),
            News::Lost => self.fail(Fault::PeerLost),
        }
    }

    /// The helpers there are, in the order in which they came.
    fn pairs(&self) -> Vec<PairId> {
        self.helpers.keys().copied().collect()
    }

    fn restart_picture(&mut self, pair: PairId) {
        let now = self.talk.clock.now();
        if let Some(Helper {
            broadcast: Some(broadcast),
            sealed,
            ..
        }) = self.helpers.get_mut(&pair)
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

    /// The session is over: the gates shut before anything is told.
    fn end(&mut self, why: impl Into<Refused>, outcome: Outcome) {
        self.shut();
        self.talk.end(why, outcome);
    }

    fn leave(&mut self) {
        self.shut();
        self.talk.leave();
    }

    fn shut(&mut self) {
        for helper in self.helpers.values_mut() {
            helper.sealed.deny_input();
        }
        self.hands.shut();
    }
}

type Desk = (Box<dyn ScreenSource>, Box<dyn InputSink>);

fn open(desktop: &Desktop) -> Result<Desk, (Fault, String)> {
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
