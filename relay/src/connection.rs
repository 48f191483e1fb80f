//! One connection: hello, admission, frames, and the one report of its end.

use std::net::IpAddr;
use std::time::Duration;

use carrier::{Carrier, Frames, Link, Lost};
use policy::PersonId;
use relay_core::{ConnectionId, Device, Input, Person};
use tracing::{Instrument, debug, error, info, info_span};
use wire::{Envelope, Fault, Frame, FromRelay, Protocols, Role, ToRelay};

use crate::device;
use crate::forward::{Forwarded, Ways};
use crate::hub::{Event, Inbox, Member};
use crate::reception::Reception;

/// Serves one carrier until it ends. Errors of one connection never leave this function.
pub(crate) async fn serve(carrier: Carrier, source: IpAddr, reception: Reception) {
    let id = reception.next_id();
    let span = info_span!("connection", id = id.0);
    let Link { sender, mut frames } = Link::start(carrier, QUEUE);
    let connection = async {
        let hello = tokio::time::timeout(HELLO, greet(&mut frames, &reception)).await;
        let (role, person, device) = match hello {
            Ok(Ok(admitted)) => admitted,
            Ok(Err(fault)) => {
                info!(%fault, "refused");
                say(&sender, &FromRelay::refused(fault));
                return;
            }
            Err(_) => {
                say(&sender, &FromRelay::refused(Fault::Protocol));
                return;
            }
        };
        info!(?role, "admitted");
        say(&sender, &welcome(&person));
        let ways = Ways::default();
        let member = Member {
            role,
            sender: sender.clone(),
            ways: ways.clone(),
        };
        let departure = Departure {
            connection: id,
            hub: reception.hub.clone(),
        };
        let input = Input::Admitted {
            connection: id,
            role,
            person: Box::new(person.clone()),
            source,
            device: Box::new(device),
        };
        let joined = Event::Joined {
            input,
            connection: id,
            member,
        };
        reception.hub.put(joined).await;
        let mut talk = Talk {
            id,
            role,
            frames,
            sender,
            ways,
            reception,
            violations: 0,
            person,
        };
        let lost = talk.run().await;
        info!(reason = %lost, "ended");
        drop(departure);
    };
    connection.instrument(span).await;
}

/// Reports the end of an admitted connection exactly once, however it ends.
struct Departure {
    connection: ConnectionId,
    hub: Inbox,
}

impl Drop for Departure {
    fn drop(&mut self) {
        self.hub.put_later(Input::Gone {
            connection: self.connection,
        });
    }
}

/// An admitted connection.
struct Talk {
    id: ConnectionId,
    role: Role,
    frames: Frames,
    sender: carrier::Sender,
    ways: Ways,
    reception: Reception,
    violations: u8,
    /// Who it is.
    person: Person,
}

impl Talk {
    async fn run(&mut self) -> Lost {
        loop {
            let frame = match self.frames.next().await {
                Ok(frame) => frame,
                Err(lost) => {
                    if matches!(lost, Lost::Malformed(_)) {
                        say(&self.sender, &FromRelay::refused(Fault::Protocol));
                    }
                    return lost;
                }
            };
            match frame {
                Frame::Sealed(envelope) => self.forward(envelope).await,
                Frame::Credit(credit) => {
                    if let Some(way) = self.ways.get(credit.pair) {
                        way.credit(credit);
                    }
                }
                Frame::Message(text) => match ToRelay::parse(&text) {
                    Ok(message) => self.pass_on(message).await,
                    Err(malformed) => {
                        say(&self.sender, &FromRelay::refused(Fault::Protocol));
                        return Lost::Malformed(malformed);
                    }
                },
                // Pings are answered by the link.
                Frame::Ping(_) | Frame::Pong(_) => {}
            }
        }
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
            self.reception.hub.put(Event::Input(input)).await;
        }
    }

    async fn pass_on(&mut self, message: ToRelay) {
        let input = match self.role {
            Role::Helper => self.looked_up(message).await,
            // Nobody is looked up for a sharer.
            Role::Sharer => Ok(self.as_it_is(message)),
        };
        match input {
            Ok(input) => self.reception.hub.put(Event::Input(input)).await,
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

/// Reads the hello and finds out who it is.
async fn greet(
    frames: &mut Frames,
    reception: &Reception,
) -> Result<(Role, Person, Device), Fault> {
    let Ok(Frame::Message(text)) = frames.next().await else {
        return Err(Fault::Protocol);
    };
    let Ok(ToRelay::Hello {
        protocol,
        role,
        client,
        ticket,
        device,
    }) = ToRelay::parse(&text)
    else {
        return Err(Fault::Protocol);
    };
    debug!(%client, "hello");
    Protocols::OURS.common(protocol).ok_or(Fault::Version)?;
    let person = reception.redeem(&ticket).ok_or(Fault::Ticket)?;
    let proven = device::proven(device.as_ref(), &ticket)?;
    let authority = &reception.authority;
    let person = authority.refreshed(person).await.map_err(|error| {
        error!(%error, "a person could not be looked up");
        Fault::StoreUnavailable
    })?;
    let person = person.ok_or(Fault::SignInRefused)?;
    let device = match role {
        Role::Sharer => authority.seen(&person, proven, device.as_ref()).await,
        Role::Helper => proven,
    };
    Ok((role, person, device))
}

fn welcome(person: &Person) -> FromRelay {
    FromRelay::Welcome {
        protocol: wire::PROTOCOL,
        you: person.peer(),
        relay: concat!("handrail-relay ", env!("CARGO_PKG_VERSION")).to_owned(),
    }
}

/// Puts a message into the connection's own queue. If even that is full, the connection is beyond help.
fn say(sender: &carrier::Sender, message: &FromRelay) {
    let sent = Frame::message(message).map(|frame| sender.send(frame));
    if !matches!(sent, Ok(Ok(()))) {
        sender.close();
    }
}

/// Bytes that may wait for one client: far above twice the credit of all channels of three pairs.
const QUEUE: usize = 4 * 1024 * 1024;
const HELLO: Duration = Duration::from_secs(10);
/// Records on channels that do not exist, before the session is ended.
const VIOLATIONS: u8 = 3;
