//! What is done to flights of a handshake and to sealed records.

use bytes::Bytes;
use wire::{Channel, Envelope, Frame, Header, Role};

use super::{Crime, Move, Side, renumbered, to_client};
use crate::attack::Attack;
use crate::hub::{Id, did};

impl Crime {
    /// A sealed record of a client.
    pub(super) fn sealed(&mut self, id: Id, envelope: &Envelope, frame: Frame) -> Vec<Move> {
        let header = envelope.header();
        let input = header.channel == Channel::Input;
        let Some(other) = self.other(id) else {
            return vec![self.on(id, Side::Client, frame)];
        };
        if input {
            self.input.push(envelope.clone());
        }
        let direct = |frame: Frame| to_client(other, frame);
        match self.attack {
            Attack::NoFilter | Attack::UpgradeGrant if input => {
                did(self.attack);
                vec![direct(frame)]
            }
            Attack::KeepEnded if self.ended => vec![direct(frame)],
            Attack::ReplayInput if input => {
                did(self.attack);
                let twice = [direct(frame.clone()), direct(frame.clone())];
                let mut steps = vec![self.on(id, Side::Client, frame)];
                steps.extend(twice);
                steps
            }
            Attack::Relabel
                if header.channel == Channel::Chat
                    && self.roles.get(&id) == Some(&Role::Helper) =>
            {
                did(self.attack);
                vec![direct(relabelled(envelope))]
            }
            _ => vec![self.on(id, Side::Client, frame)],
        }
    }

    /// A flight of a handshake.
    pub(super) fn flight(&mut self, id: Id, envelope: &Envelope, frame: Frame) -> Vec<Move> {
        let Some(role) = self.roles.get(&id).copied() else {
            return vec![];
        };
        let counter = envelope.header().counter;
        if let Some(middle) = &mut self.middle {
            let attack = self.attack;
            let answers = middle.meet(role, counter, envelope.sealed());
            let ways = [Role::Helper, Role::Sharer].map(|role| (role, self.peer(id, role)));
            return answers
                .into_iter()
                .filter_map(|(to, flight)| {
                    did(attack);
                    let (_, way) = ways.iter().find(|(role, _)| *role == to)?;
                    Some(to_client((*way)?, Frame::Sealed(flight)))
                })
                .collect();
        }
        match self.attack {
            Attack::Reseat if role == Role::Sharer => {
                let pair = self.reseated.unwrap_or(envelope.header().pair);
                vec![self.on(id, Side::Client, renumbered(envelope, pair))]
            }
            Attack::SwapPeers => {
                let other = match role {
                    Role::Sharer => self.victim().map(|(id, _)| id),
                    Role::Helper => self.peer(id, Role::Sharer),
                };
                did(self.attack);
                other
                    .map(|other| to_client(other, frame))
                    .into_iter()
                    .collect()
            }
            Attack::FlipFlight if role == Role::Helper && counter == 0 => {
                did(self.attack);
                let mut flight = envelope.sealed().to_vec();
                if let Some(last) = flight.last_mut() {
                    *last ^= 1;
                }
                let flipped = Envelope::flight(envelope.header().pair, counter, &flight);
                vec![self.on(
                    id,
                    Side::Client,
                    Frame::Sealed(flipped.expect("as long as before")),
                )]
            }
            Attack::ReplayFlights => {
                if role == Role::Sharer && counter == 0 {
                    self.handshakes += 1;
                }
                if self.handshakes == 1 {
                    self.flights.insert((role, counter), envelope.clone());
                    return vec![self.on(id, Side::Client, frame)];
                }
                let old = self.flights.get(&(role, counter)).cloned();
                did(self.attack);
                old.map(|old| self.on(id, Side::Client, Frame::Sealed(old)))
                    .into_iter()
                    .collect()
            }
            _ => vec![self.on(id, Side::Client, frame)],
        }
    }
}

/// The same sealed bytes, as if they were input.
fn relabelled(envelope: &Envelope) -> Frame {
    let header = Header {
        channel: Channel::Input,
        ..envelope.header()
    };
    let length = u16::try_from(envelope.sealed().len()).expect("a record is short");
    let mut frame = header.encode(length);
    frame.extend(envelope.sealed());
    Frame::decode(Bytes::from(frame)).expect("a record")
}
