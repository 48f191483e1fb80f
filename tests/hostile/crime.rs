//! What is done to each frame.

mod grants;
mod records;

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use identity::{GrantToken, SigningKey};
use policy::{Level, PairId, SessionId};
use serde_json::json;
use wire::{Answer, Channel, Code, Envelope, Fault, Frame, FromRelay, Peer, Role, ToRelay};

use crate::attack::Attack;
use crate::hub::{Id, did};
use crate::middle::Middle;

/// The two sides of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    /// The client that believes to be at its relay.
    Client,
    /// The real relay.
    Relay,
}

/// A frame on its way.
pub(crate) struct Move {
    pub(crate) to: Id,
    pub(crate) side: Side,
    pub(crate) frame: Frame,
    /// How long it is held up.
    pub(crate) after: Option<Duration>,
}

/// The attack, and what was seen so far.
pub(crate) struct Crime {
    attack: Attack,
    key: SigningKey,
    stranger: SigningKey,
    roles: BTreeMap<Id, Role>,
    /// Sessions of helpers, as the relay named them.
    sessions: BTreeMap<Id, SessionId>,
    /// The grant of control, as the real relay signed it.
    grant: Option<GrantToken>,
    raw_grant: Option<FromRelay>,
    /// Input of the helper, as it was sealed.
    input: Vec<Envelope>,
    /// The sharer took control back.
    lowered: bool,
    /// The real relay ended the session.
    ended: bool,
    /// Flights of the first handshake, of helper and sharer.
    flights: HashMap<(Role, u64), Envelope>,
    handshakes: u32,
    middle: Option<Middle>,
    code: Option<Code>,
    /// The accomplice's pair at the real relay; the sharer is told that it is the first (`reseat`).
    reseated: Option<PairId>,
}

impl Crime {
    pub(crate) fn new(attack: Attack, key: SigningKey) -> Self {
        Self {
            attack,
            key,
            stranger: SigningKey::new([7; 32]).expect("a seed is a key"),
            roles: BTreeMap::new(),
            sessions: BTreeMap::new(),
            grant: None,
            raw_grant: None,
            input: vec![],
            lowered: false,
            ended: false,
            flights: HashMap::new(),
            handshakes: 0,
            middle: None,
            code: None,
            reseated: None,
        }
    }

    /// The code is known.
    pub(crate) fn overhear(&mut self, code: Code) {
        self.code = Some(code);
    }

    /// Whether clients stay when the real relay turns them out.
    pub(crate) fn keeps(&self) -> bool {
        self.attack == Attack::KeepEnded
    }

    /// A client is gone.
    pub(crate) fn forget(&mut self, id: Id) {
        self.roles.remove(&id);
    }

    /// A frame came: what goes where instead.
    pub(crate) fn meet(&mut self, id: Id, from: Side, frame: Frame) -> Vec<Move> {
        match (from, &frame) {
            (Side::Client, Frame::Message(text)) => match ToRelay::parse(text) {
                Ok(message) => self.said(id, &message, frame),
                Err(_) => vec![self.on(id, from, frame)],
            },
            (Side::Relay, Frame::Message(text)) => match FromRelay::parse(text) {
                Ok(message) => self.told(id, message, frame),
                Err(_) => vec![self.on(id, from, frame)],
            },
            (Side::Client, Frame::Sealed(envelope))
                if envelope.header().channel == Channel::Handshake =>
            {
                let envelope = envelope.clone();
                self.flight(id, &envelope, frame)
            }
            (Side::Relay, Frame::Sealed(envelope)) if self.is_of_reseated(id, envelope) => {
                vec![to_client(id, renumbered(envelope, PairId::FIRST))]
            }
            (Side::Client, Frame::Sealed(envelope)) => {
                let envelope = envelope.clone();
                self.sealed(id, &envelope, frame)
            }
            // Whoever is not answered for ten seconds believes that the relay is gone.
            (Side::Client, Frame::Ping(number)) if self.ended => {
                vec![to_client(id, Frame::Pong(*number))]
            }
            (Side::Client, Frame::Credit(_)) if self.ended => {
                let other = self.other(id);
                other
                    .map(|other| to_client(other, frame))
                    .into_iter()
                    .collect()
            }
            // It says more than it was told, and passes less on: the counts would give it away.
            (_, Frame::Heard(_)) => vec![],
            _ => vec![self.on(id, from, frame)],
        }
    }

    /// A message of a client.
    fn said(&mut self, id: Id, message: &ToRelay, frame: Frame) -> Vec<Move> {
        match message {
            ToRelay::Hello { role, .. } => {
                self.roles.insert(id, *role);
            }
            ToRelay::Consent {
                level: Level::View,
                answer: Answer::Allow,
                ..
            } if self.grant.is_some() => self.lowered = true,
            // The page asks for what the real relay would not even pass on.
            ToRelay::Ask { level }
                if self.attack == Attack::Origin && level.needs_second_authority() =>
            {
                did(self.attack);
                let asked = FromRelay::Asked {
                    pair: PairId::FIRST,
                    level: *level,
                    within: 60,
                };
                let sharer = self.peer(id, Role::Sharer);
                let more = sharer.map(|sharer| to_client(sharer, message_of(&asked)));
                return more.into_iter().collect();
            }
            ToRelay::Consent {
                level,
                answer: Answer::Decline,
                ..
            } if level.needs_second_authority() => {
                self.declined(*level);
                return vec![];
            }
            ToRelay::Invite { hand_over, .. }
                if matches!(self.attack, Attack::InviteAnother | Attack::Reseat) =>
            {
                did(self.attack);
                return vec![self.invite(id, *hand_over)];
            }
            ToRelay::ShakeFailed { burned, .. } if let Some(pair) = self.reseated => {
                let burned = *burned;
                let failed = Frame::message(&ToRelay::ShakeFailed { pair, burned });
                return vec![self.on(id, Side::Client, failed.expect("a short message"))];
            }
            // The real relay would begin afresh.
            ToRelay::ShakeFailed { .. }
                if self.middle.is_some() || self.attack == Attack::SwapPeers =>
            {
                return vec![];
            }
            _ => {}
        }
        vec![self.on(id, Side::Client, frame)]
    }

    /// The sharer's program said no to what no person was asked.
    fn declined(&self, level: Level) {
        println!("{}", json!({"event": "declined", "level": level.word()}));
    }

    /// A message of the real relay.
    fn told(&mut self, id: Id, message: FromRelay, frame: Frame) -> Vec<Move> {
        match (self.attack, message) {
            (Attack::Rename | Attack::Impostor, FromRelay::Paired { .. }) => {
                vec![self.misname(id, &frame)]
            }
            (Attack::KeepEnded, FromRelay::Ended { .. }) => {
                self.ended = true;
                did(self.attack);
                vec![]
            }
            (
                Attack::AskMore,
                FromRelay::Asked {
                    pair,
                    level: Level::Control,
                    within,
                },
            ) => {
                did(self.attack);
                let level = Level::Elevation;
                vec![to_client(
                    id,
                    message_of(&FromRelay::Asked {
                        pair,
                        level,
                        within,
                    }),
                )]
            }
            (Attack::BringHelper, FromRelay::Granted { .. })
                if self.roles.get(&id) == Some(&Role::Helper) =>
            {
                did(self.attack);
                vec![self.on(id, Side::Relay, frame), self.invite(id, false)]
            }
            (_, message @ FromRelay::Granted { .. }) => self.granted(id, message, frame),
            (_, FromRelay::Created { session, .. }) => {
                self.sessions.insert(id, session);
                vec![self.on(id, Side::Relay, frame)]
            }
            // The other helper hears of it when the sharer does.
            (Attack::SwapPeers, FromRelay::Claimed { .. }) => vec![],
            (
                Attack::Reseat,
                FromRelay::Joined {
                    session,
                    tenant,
                    pair,
                },
            ) if pair != PairId::FIRST => self.reseat(id, session, tenant, pair),
            (Attack::SwapPeers, FromRelay::Joined { tenant, pair, .. }) => {
                self.swap(id, tenant, pair)
            }
            (_, FromRelay::Claimed { tenant, .. }) => {
                if let Some(session) = self.sessions.get(&id).copied() {
                    self.middle = Middle::new(self.attack, session, tenant, self.code.clone());
                }
                vec![to_client(id, frame)]
            }
            _ => vec![self.on(id, Side::Relay, frame)],
        }
    }

    /// The accomplice is asked in, as if this helper had said so.
    fn invite(&self, id: Id, hand_over: bool) -> Move {
        let invite = ToRelay::Invite {
            subject: ACCOMPLICE.to_owned(),
            hand_over,
        };
        let frame = Frame::message(&invite).expect("a short message");
        self.on(id, Side::Client, frame)
    }

    /// To the sharer the helper with the code is gone, and comes again.
    fn reseat(&mut self, id: Id, session: SessionId, tenant: String, pair: PairId) -> Vec<Move> {
        self.reseated = Some(pair);
        let pair = PairId::FIRST;
        let fault = Fault::PeerLeft;
        let joined = FromRelay::Joined {
            session,
            tenant,
            pair,
        };
        [FromRelay::Departed { pair, fault }, joined]
            .map(|told| to_client(id, message_of(&told)))
            .into()
    }

    /// Whether this is a flight of the accomplice to the sharer.
    fn is_of_reseated(&self, id: Id, envelope: &Envelope) -> bool {
        let header = envelope.header();
        header.channel == Channel::Handshake
            && self.reseated == Some(header.pair)
            && self.roles.get(&id) == Some(&Role::Sharer)
    }

    /// The helper who is put in the place of the one with the code: whoever came first.
    fn victim(&self) -> Option<(Id, SessionId)> {
        let first = self.sessions.first_key_value();
        first.map(|(id, session)| (*id, *session))
    }

    fn swap(&self, sharer: Id, tenant: String, pair: PairId) -> Vec<Move> {
        let Some((victim, session)) = self.victim() else {
            return vec![];
        };
        let claimed = FromRelay::Claimed {
            tenant: tenant.clone(),
            pair,
        };
        let joined = FromRelay::Joined {
            session,
            tenant,
            pair,
        };
        vec![
            to_client(victim, message_of(&claimed)),
            to_client(sharer, message_of(&joined)),
        ]
    }

    fn misname(&self, id: Id, frame: &Frame) -> Move {
        let Frame::Message(text) = frame else {
            return to_client(id, frame.clone());
        };
        let Ok(FromRelay::Paired {
            pair,
            peer,
            levels,
            chat,
            compliance,
        }) = FromRelay::parse(text)
        else {
            return to_client(id, frame.clone());
        };
        did(self.attack);
        let mut details = peer.details;
        details.title = Some("Chief of \u{202e}security".to_owned());
        details.company = Some("Microsoft Support".to_owned());
        let subject = match self.attack {
            Attack::Impostor => "jonas".to_owned(),
            _ => peer.subject,
        };
        let peer = Peer {
            name: "Your administrator".to_owned(),
            subject,
            issuer: peer.issuer,
            details,
        };
        let lie = FromRelay::Paired {
            pair,
            peer,
            levels,
            chat,
            compliance,
        };
        to_client(id, message_of(&lie))
    }

    /// As it would have gone.
    fn on(&self, id: Id, from: Side, frame: Frame) -> Move {
        Move {
            to: id,
            side: match from {
                Side::Client => Side::Relay,
                Side::Relay => Side::Client,
            },
            frame,
            after: None,
        }
    }

    fn other(&self, id: Id) -> Option<Id> {
        let other = match self.roles.get(&id)? {
            Role::Helper => Role::Sharer,
            Role::Sharer => Role::Helper,
        };
        self.peer(id, other)
    }

    /// The newest connection of this role, or this one itself.
    fn peer(&self, id: Id, role: Role) -> Option<Id> {
        if self.roles.get(&id) == Some(&role) {
            return Some(id);
        }
        let mut all = self.roles.iter().rev();
        all.find(|(_, one)| **one == role).map(|(id, _)| *id)
    }
}

/// Who works for the relay: a colleague who may help, and signs in as anybody does.
const ACCOMPLICE: &str = "jonas";

fn to_client(to: Id, frame: Frame) -> Move {
    Move {
        to,
        side: Side::Client,
        frame,
        after: None,
    }
}

/// A flight, as if it were of this pair.
fn renumbered(envelope: &Envelope, pair: PairId) -> Frame {
    let flight = Envelope::flight(pair, envelope.header().counter, envelope.sealed());
    Frame::Sealed(flight.expect("as long as before"))
}

fn message_of(message: &FromRelay) -> Frame {
    Frame::message(message).expect("a short message")
}
