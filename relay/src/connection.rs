//! One connection: its first message, admission, and the one report of its end.

mod talk;

use std::net::IpAddr;
use std::time::Duration;

use carrier::{Carrier, Link};
use relay_core::{ConnectionId, Device, Input, Person};
use tracing::{Instrument, debug, error, info, info_span};
use wire::{Fault, Frame, FromRelay, LineKey, Protocols, Role, ToRelay};

use crate::device;
use crate::forward::Ways;
use crate::hub::{Event, Inbox, Member};
use crate::lines::Arrival;
use crate::reception::Reception;
use talk::Talk;

/// Serves one carrier: a new line until it ends, or one more carrier of a line that somebody serves already. Errors of one connection
/// never leave this function.
pub(crate) async fn serve(mut carrier: Carrier, source: IpAddr, reception: Reception) {
    let first = tokio::time::timeout(HELLO, carrier.first_message()).await;
    let Ok(Ok(first)) = first else {
        return refuse(carrier, Fault::Protocol);
    };
    match ToRelay::parse(&first) {
        Ok(ToRelay::Resume { line, heard }) => {
            let arrival = Arrival {
                carrier,
                heard,
                source,
            };
            if let Err(arrival) = reception.lines.hand_over(&line, arrival) {
                info!("nobody knows the line of a client that came back");
                refuse(arrival.carrier, Fault::RelayLost);
            }
        }
        Ok(hello @ ToRelay::Hello { .. }) => {
            let id = reception.next_id();
            let span = info_span!("connection", id = id.0);
            let line = admit(id, carrier, hello, source, reception);
            line.instrument(span).await;
        }
        Ok(_) | Err(_) => refuse(carrier, Fault::Protocol),
    }
}

/// Says why not, and ends the carrier.
fn refuse(carrier: Carrier, fault: Fault) {
    let Link { sender, frames } = Link::answer(carrier, QUEUE);
    say(&sender, &FromRelay::refused(fault));
    // Sends what waits, and ends the carrier.
    drop(frames);
}

/// Finds out who it is, and serves the line until it ends.
async fn admit(
    id: ConnectionId,
    carrier: Carrier,
    hello: ToRelay,
    source: IpAddr,
    reception: Reception,
) {
    let (role, person, device) = match greet(hello, &reception).await {
        Ok(admitted) => admitted,
        Err(fault) => {
            info!(%fault, "refused");
            return refuse(carrier, fault);
        }
    };
    let Link { sender, frames } = Link::answer(carrier, QUEUE);
    info!(?role, "admitted");
    let line = LineKey::new(reception.random());
    let keep = u32::try_from(reception.keep.as_secs()).unwrap_or(u32::MAX);
    say(&sender, &welcome(&person, line.clone(), keep));
    let standing = reception.lines.open(line);
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
    let mut talk = Talk::new(id, role, person, frames, sender, ways, standing, reception);
    let lost = talk.run().await;
    info!(reason = %lost, "ended");
    drop(departure);
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

/// Reads the hello and finds out who it is.
async fn greet(hello: ToRelay, reception: &Reception) -> Result<(Role, Person, Device), Fault> {
    let ToRelay::Hello {
        protocol,
        role,
        client,
        ticket,
        device,
    } = hello
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

fn welcome(person: &Person, line: LineKey, keep: u32) -> FromRelay {
    FromRelay::Welcome {
        protocol: wire::PROTOCOL,
        you: person.peer(),
        relay: concat!("handrail-relay ", env!("CARGO_PKG_VERSION")).to_owned(),
        line,
        keep,
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
