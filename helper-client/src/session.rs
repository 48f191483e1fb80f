//! One session of the helper, from sign-in to the end.

mod away;
mod company;
mod converse;
mod obey;
mod screen;

use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use carrier::Lost;
use client::stdio::{Commands, Said, emit, emit_fault};
use client::{Anew, EventLog, Heard, Line, News, Options, Outcome, Refused, Sealed, Talk, failed};
use identity::Identity;
use policy::{Level, PairId};
use serde_json::json;
use wire::{Channel, Fault, Frame, FromRelay, Role, ToRelay, Warning};

use crate::command::Command;
use crate::invitations::Invitations;
use crate::picture_file::PictureFile;
use crate::shaking::Shaking;
use crate::view::View;

/// What a session is for, and who shows it.
#[derive(Clone, Debug, Default)]
pub struct Task {
    /// Why, in the helper's words; stands in the record.
    pub reason: Option<String>,
    /// Number of the incident; stands in the record.
    pub incident: Option<String>,
    /// Whether to wait for the invitation of a colleague, and not to make a code.
    pub invited: bool,
    /// The file where a window reads the picture (SPEC 15.4).
    pub picture: Option<PathBuf>,
}

/// A helper's session.
pub struct Session {
    talk: Talk,
    shaking: Option<Shaking>,
    /// The sharer, as verified here.
    peer: Option<Identity>,
    /// What is wrong with the sharer's device.
    warning: Option<Warning>,
    sealed: Option<Sealed>,
    pair: PairId,
    level: Option<Level>,
    /// A level that the relay granted and whose generation has not begun here.
    grant: Option<(Level, u32)>,
    granted_at: Option<Duration>,
    view: View,
    report_at: Duration,
    /// Parts of the picture that came before the relay's word of the first level: between streams there is no order (SPEC 2.2).
    early: Vec<Bytes>,
    /// When a fresh picture was last asked for.
    reset_at: Option<Duration>,
    /// The person knows that this picture cannot be shown.
    video_told: bool,
    /// Sessions of colleagues that this helper may come into.
    invitations: Invitations,
    /// The colleague whom the relay was asked to invite, until it answers.
    inviting: Option<String>,
    /// What asks for a session: a code, or the place in one. It is asked anew after another sign-in.
    request: Option<ToRelay>,
    anew: Anew,
}

impl Session {
    /// Signs in, makes a code or waits to be invited, and talks until somebody leaves. Everything is told by `--ui`.
    pub async fn run(options: Options, task: Task) -> Outcome {
        let mut log = EventLog::open(options.event_log.as_deref(), "helper");
        let Task {
            reason,
            incident,
            invited,
            picture,
        } = task;
        let file = match picture.as_deref().map(PictureFile::open).transpose() {
            Ok(file) => file,
            Err(error) => return failed(&mut log, Fault::PictureFile, &error.to_string()),
        };
        let mut commands = Commands::new();
        let begun = Talk::begin(options, Role::Helper, CLIENT, log, &mut commands).await;
        let (talk, line) = match begun {
            Ok(begun) => begun,
            Err(outcome) => return outcome,
        };
        let mut session = Self {
            talk,
            shaking: None,
            peer: None,
            warning: None,
            sealed: None,
            pair: PairId::FIRST,
            level: None,
            grant: None,
            granted_at: None,
            view: View::new(file),
            report_at: REPORT,
            early: vec![],
            reset_at: None,
            video_told: false,
            invitations: Invitations::default(),
            inviting: None,
            request: None,
            anew: Anew::default(),
        };
        if invited {
            emit("waiting", json!({}));
        } else {
            session.request(ToRelay::Create { reason, incident });
        }
        session.converse(line, commands).await
    }

    async fn converse(&mut self, mut line: Line, mut commands: Commands) -> Outcome {
        loop {
            self.take_news();
            self.take_grant();
            if let Some(outcome) = self.talk.ended() {
                line.finish().await;
                return outcome;
            }
            if let Some(why) = self.anew.due() {
                match self.talk.sign_in_anew(&why, &mut commands).await {
                    Ok(fresh) => line = fresh,
                    Err(outcome) => return outcome,
                }
                if let Some(request) = &self.request {
                    self.talk.tell(request);
                }
            }
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
                () = self.talk.judge.ready() => self.judge(),
                decoded = self.view.decoded() => self.show_video(decoded),
                () = tokio::time::sleep(wait) => self.handle_timeout(),
            }
        }
    }

    /// Asks for a session.
    fn request(&mut self, request: ToRelay) {
        self.talk.tell(&request);
        self.request = Some(request);
    }

    fn handle_frame(&mut self, frame: Frame) {
        let now = self.talk.clock.now();
        match frame {
            Frame::Sealed(envelope) if envelope.header().channel == Channel::Handshake => {
                self.handle_flight(envelope.sealed());
            }
            Frame::Sealed(envelope) => {
                if let Some(sealed) = &mut self.sealed {
                    crate::pipeline::open(sealed, envelope, now);
                }
            }
            Frame::Credit(credit) => {
                if let Some(sealed) = &mut self.sealed {
                    sealed.handle_credit(credit);
                }
            }
            Frame::Message(text) => match FromRelay::parse(&text) {
                Ok(message) => self.handle_message(message),
                Err(_) => self.fail(Fault::Protocol),
            },
            Frame::Ping(_) | Frame::Pong(_) | Frame::Heard(_) => {}
        }
    }

    fn handle_timeout(&mut self) {
        let now = self.talk.clock.now();
        if let Some(sealed) = &mut self.sealed {
            sealed.handle_timeout(now);
        }
        if now >= self.report_at {
            self.report_at = now + REPORT;
            self.report();
        }
    }

    fn next_deadline(&self) -> Duration {
        let sealed = self.sealed.as_ref().and_then(Sealed::poll_timeout);
        sealed.map_or(self.report_at, |at| at.min(self.report_at))
    }

    /// The figures so far, for the record.
    fn report(&self) {
        if self.level.is_some() {
            let quality = self.view.quality.figures();
            self.talk.tell(&ToRelay::Quality {
                pair: self.pair,
                quality,
            });
        }
    }

    fn take_news(&mut self) {
        while let Some(news) = self.sealed.as_mut().and_then(Sealed::poll_news) {
            match news {
                News::Message(Channel::Picture, slice) if self.level.is_none() => self.keep(slice),
                News::Message(channel, message) => self.handle_sealed(channel, &message),
                News::Control(control) => self.handle_control(control),
                News::InputGivenUp(events) => {
                    emit("input_not_sent", json!({"events": events}));
                }
                News::Lost => self.fail(Fault::PeerLost),
                // The end asked the sharer by itself; the rest concerns sharers.
                News::KeysWear | News::Acknowledged(_) | News::RestartPicture => {}
            }
        }
    }

    /// Keeps a part of the picture until the relay has said that a level stands.
    fn keep(&mut self, slice: Bytes) {
        let kept: usize = self.early.iter().map(Bytes::len).sum();
        if kept + slice.len() > EARLY {
            return self.fail(Fault::Protocol);
        }
        self.early.push(slice);
    }

    fn lost(&mut self, lost: &Lost) {
        self.talk
            .log
            .write("relay_lost", json!({"text": lost.to_string()}));
        self.fail(Fault::RelayLost);
    }

    /// The session is over because something went wrong.
    fn fail(&mut self, why: impl Into<Refused>) {
        self.talk.end(why, Outcome::Failed);
    }

    /// Something was not done. Before a session begins nothing is lost by another sign-in, if a rule asks for one.
    fn faulted(&mut self, why: Refused) {
        let begun = self.shaking.is_some() || self.peer.is_some();
        if let Some(why) = self.anew.refused(why, !begun) {
            self.invitations.refused();
            self.not_invited(why.fault);
            emit_fault(why.fault, why.rule.as_deref());
        }
    }

    fn leave(&mut self) {
        self.report();
        self.talk.leave();
    }
}

/// Name and version of this program.
const CLIENT: &str = concat!("handrail-helper ", env!("CARGO_PKG_VERSION"));
/// Bytes of picture that wait for the word of the first level.
const EARLY: usize = 4 * 1024 * 1024;
/// How often the figures are reported.
const REPORT: Duration = Duration::from_secs(10);
