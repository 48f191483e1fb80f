//! An admitted connection: frames of its line, on one carrier after the other.

use std::time::Duration;

use carrier::{Frames, Lost, Sender};
use policy::PersonId;
use relay_core::{ConnectionId, Input, Person};
use tokio::time::{Instant, sleep_until};
use tracing::{debug, error, info};
use wire::{Envelope, Fault, Frame, FromRelay, Role, ToRelay};

use super::say;
use crate::forward::{Forwarded, Ways};
use crate::hub::Event;
use crate::lines::{Arrival, Standing};
use crate::reception::Reception;

/// An admitted connection.
pub(super) struct Talk {
    id: ConnectionId,
    role: Role,
    /// Who it is.
    person: Person,
    /// The carrier, while there is one.
    frames: Option<Frames>,
    /// Until when another carrier is waited for.
    until: Instant,
    sender: Sender,
    ways: Ways,
    standing: Standing,
    reception: Reception,
    violations: u8,
}

impl Talk {
    #[expect(
        clippy::too_many_arguments,
        reason = "all that a connection is made of"
    )]
    pub(super) fn new(
        id: ConnectionId,
        role: Role,
        person: Person,
        frames: Frames,
        sender: Sender,
        ways: Ways,
        standing: Standing,
        reception: Reception,
    ) -> Self {
        Self {
            id,
            role,
            person,
            frames: Some(frames),
            until: Instant::now(),
            sender,
            ways,
            standing,
            reception,
            violations: 0,
        }
    }

    /// Serves the line until it ends.
    pub(super) async fn run(&mut self) -> Lost {
        loop {
            tokio::select! {
                arrival = self.standing.arrival() => {
                    if let Err(lost) = self.arrived(arrival).await {
                        return lost;
                    }
                }
                frame = next(&mut self.frames, self.until) => {
                    if let Err(lost) = self.heard(frame).await {
                        return lost;
                    }
                }
            }
        }
    }

    async fn heard(&mut self, frame: Result<Frame, Lost>) -> Result<(), Lost> {
        match frame {
            Ok(Frame::Sealed(envelope)) => self.forward(envelope).await,
            Ok(Frame::Credit(credit)) => {
                if let Some(way) = self.ways.get(credit.pair) {
                    way.credit(credit);
                }
            }
            Ok(Frame::Message(text)) => match ToRelay::parse(&text) {
                Ok(message) => self.pass_on(message).await,
                Err(malformed) => {
                    say(&self.sender, &FromRelay::refused(Fault::Protocol));
                    return Err(malformed.into());
                }
            },
            // The link sees to these.
            Ok(Frame::Ping(_) | Frame::Pong(_) | Frame::Heard(_)) => {}
            Err(lost) => return self.lost(lost).await,
        }
        Ok(())
    }

    /// The carrier is lost, and with it the line, unless the client may come back.
    async fn lost(&mut self, lost: Lost) -> Result<(), Lost> {
        if matches!(lost, Lost::Malformed(_)) {
            say(&self.sender, &FromRelay::refused(Fault::Protocol));
        }
        let Some(frames) = self.frames.take() else {
            return Err(lost);
        };
        if lost.ends_line() || self.sender.is_closed() {
            drop(frames);
            return Err(lost);
        }
        info!(reason = %lost, "the carrier is lost");
        frames.leave();
        self.until = Instant::now() + self.reception.keep + GRACE;
        let connection = self.id;
        self.tell_hub(Input::Away { connection }).await;
        Ok(())
    }

    /// The client is on another carrier.
    async fn arrived(&mut self, arrival: Arrival) -> Result<(), Lost> {
        let Arrival {
            carrier,
            heard,
            source,
        } = arrival;
        if let Some(frames) = self.frames.take() {
            frames.leave();
        }
        info!(carrier = %carrier.kind, "the client is on another carrier");
        let resumed = FromRelay::Resumed {
            heard: self.sender.taken(),
        };
        let resumed = Frame::message(&resumed)?;
        self.frames = Some(self.sender.resume(carrier, Some(resumed), heard)?);
        self.reception.metrics.resumed();
        let connection = self.id;
        self.tell_hub(Input::Back { connection, source }).await;
        Ok(())
    }

    async fn tell_hub(&mut self, input: Input) {
        self.reception.hub.put(Event::Input(input)).await;
    }

    async fn forward(&mut self, envelope: Envelope) {
        let header = envelope.header();
        let Some(way) = self.ways.get(header.pair) else {
            // The pair ended while the record was under way, or never was: either way it goes nowhere.
            self.reception.metrics.dropped("no_pair");
            return;
        };
        let bytes = envelope.frame().len();
        match way.forward(envelope, self.reception.clock.now()) {
            Forwarded::Yes => self.reception.metrics.forwarded(bytes),
            Forwarded::Closed => self.reception.metrics.dropped("closed"),
            Forwarded::NoChannel => {
                self.reception.metrics.dropped("no_channel");
                debug!(channel = ?header.channel, "a record on a channel that does not exist");
                self.violation().await;
            }
            Forwarded::Slow { tell } => {
                self.reception.metrics.dropped("slow_peer");
                if tell {
                    say(&self.sender, &way.slow_peer());
                }
            }
            Forwarded::PeerStuck => way.peer.close(),
        }
    }

    async fn violation(&mut self) {
        self.violations = self.violations.saturating_add(1);
        if self.violations == VIOLATIONS {
            let input = Input::Violated {
                connection: self.id,
            };
            self.tell_hub(input).await;
        }
    }

    async fn pass_on(&mut self, message: ToRelay) {
        let input = match self.role {
            Role::Helper => self.looked_up(message).await,
            // Nobody is looked up for a sharer.
            Role::Sharer => Ok(self.as_it_is(message)),
        };
        match input {
            Ok(input) => self.tell_hub(input).await,
            Err(error) => {
                error!(%error, "colleagues could not be looked up");
                say(&self.sender, &FromRelay::faulted(Fault::StoreUnavailable));
            }
        }
    }

    /// What a helper says. The broker knows who is connected, the directory who else there is.
    async fn looked_up(&mut self, message: ToRelay) -> Result<Input, relay_store::Error> {
        if let ToRelay::Colleagues { search } = &message {
            self.colleagues(search).await
        } else if let ToRelay::Invite { subject, hand_over } = message {
            self.invite(subject, hand_over).await
        } else {
            Ok(self.as_it_is(message))
        }
    }

    fn as_it_is(&self, message: ToRelay) -> Input {
        Input::Message {
            connection: self.id,
            message,
            random: self.reception.random(),
        }
    }

    async fn colleagues(&mut self, search: &str) -> Result<Input, relay_store::Error> {
        let authority = &self.reception.authority;
        Ok(Input::Colleagues {
            connection: self.id,
            candidates: authority.colleagues(&self.person, search).await?,
        })
    }

    async fn invite(
        &mut self,
        subject: String,
        hand_over: bool,
    ) -> Result<Input, relay_store::Error> {
        let authority = &self.reception.authority;
        let colleague = authority.colleague(&self.person, PersonId(subject)).await?;
        Ok(Input::Invite {
            connection: self.id,
            colleague: colleague.map(Box::new),
            hand_over,
        })
    }
}

/// The next frame; without a carrier there is none until the waiting is over.
async fn next(frames: &mut Option<Frames>, until: Instant) -> Result<Frame, Lost> {
    match frames {
        Some(frames) => frames.next().await,
        None => {
            sleep_until(until).await;
            Err(Lost::Silent)
        }
    }
}

/// Records on channels that do not exist, before the session is ended.
const VIOLATIONS: u8 = 3;
/// The broker gives the connection up first, and says so.
const GRACE: Duration = Duration::from_secs(1);
