//! What is done to each frame.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use bytes::Bytes;
use identity::{GrantToken, SigningKey};
use policy::{HandshakeHash, Level, PairId, SessionId};
use serde_json::json;
use wire::{Answer, Channel, Code, Envelope, Frame, FromRelay, Header, Peer, Role, ToRelay};

use crate::attack::Attack;
use crate::hub::{Id, TOO_LATE, did};
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
            (_, message @ FromRelay::Granted { .. }) => self.granted(id, message, frame),
            (_, FromRelay::Created { session, .. }) => {
                self.sessions.insert(id, session);
                vec![self.on(id, Side::Relay, frame)]
            }
            // The other helper hears of it when the sharer does.
            (Attack::SwapPeers, FromRelay::Claimed { .. }) => vec![],
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

    fn granted(&mut self, id: Id, message: FromRelay, frame: Frame) -> Vec<Move> {
        let FromRelay::Granted { token, level, .. } = &message else {
            return vec![];
        };
        let Ok(token) = GrantToken::verify(token, &[self.key.public()]) else {
            return vec![self.on(id, Side::Relay, frame)];
        };
        if self.roles.get(&id) != Some(&Role::Sharer) {
            let told = match self.attack {
                Attack::UpgradeGrant => message_of(&with(&message, Level::Control, None)),
                _ => frame,
            };
            return vec![to_client(id, told)];
        }
        if self.grant.is_none() && *level == Level::Control {
            self.grant = Some(token.clone());
            self.raw_grant = Some(message.clone());
        }
        let instead = self.other_grants(&token, &message);
        if instead.is_empty() {
            let after = (self.attack == Attack::LateGrant).then_some(TOO_LATE);
            if after.is_some() {
                did(self.attack);
            }
            let mut step = to_client(id, frame);
            step.after = after;
            let mut steps = vec![step];
            if self.attack == Attack::ForgeInput && *level == Level::Control {
                steps.extend(self.made_up(id, token.grant.generation));
            }
            return steps;
        }
        did(self.attack);
        let mut steps: Vec<Move> = instead
            .iter()
            .map(|grant| to_client(id, message_of(grant)))
            .collect();
        if self.lowered {
            let again = self.input.iter().cloned().map(Frame::Sealed);
            steps.extend(again.map(|frame| to_client(id, frame)));
        }
        steps
    }

    /// The grants that the sharer gets instead of this one; none, if it gets this one.
    fn other_grants(&self, token: &GrantToken, message: &FromRelay) -> Vec<FromRelay> {
        let own =
            |token: &GrantToken| with(message, token.grant.level, Some(token.sign(&self.key)));
        let mut changed = token.clone();
        match self.attack {
            Attack::ForgeGrant => {
                let forged = token.sign(&self.stranger);
                vec![with(message, token.grant.level, Some(forged))]
            }
            Attack::UpgradeGrant => {
                changed.grant.level = Level::Control;
                vec![own(&changed)]
            }
            Attack::KeepLowered if self.lowered => {
                changed.grant.level = Level::Control;
                changed.grant.sequence += 1000;
                vec![own(&changed)]
            }
            Attack::ReplayGrant if self.lowered => self.raw_grant.iter().cloned().collect(),
            Attack::MisbindGrant => MISBINDINGS
                .iter()
                .map(|bind| {
                    let mut other = token.clone();
                    bind(&mut other);
                    own(&other)
                })
                .collect(),
            _ => vec![],
        }
    }

    /// Records of input that nobody sealed.
    fn made_up(&self, id: Id, generation: u32) -> Vec<Move> {
        did(self.attack);
        let pair = PairId::FIRST;
        let records = (0..20u64).map(|counter| {
            let header = Header {
                pair,
                channel: Channel::Input,
                generation,
                counter,
            };
            let mut frame = header.encode(80);
            frame.extend([counter.to_le_bytes()[0]; 80]);
            Frame::decode(Bytes::from(frame)).expect("a record")
        });
        records.map(|frame| to_client(id, frame)).collect()
    }

    /// A sealed record of a client.
    fn sealed(&mut self, id: Id, envelope: &Envelope, frame: Frame) -> Vec<Move> {
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
    fn flight(&mut self, id: Id, envelope: &Envelope, frame: Frame) -> Vec<Move> {
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

fn to_client(to: Id, frame: Frame) -> Move {
    Move {
        to,
        side: Side::Client,
        frame,
        after: None,
    }
}

fn message_of(message: &FromRelay) -> Frame {
    Frame::message(message).expect("a short message")
}

/// A grant's message with another level and another token.
fn with(message: &FromRelay, to: Level, other: Option<String>) -> FromRelay {
    let mut changed = message.clone();
    if let FromRelay::Granted { level, token, .. } = &mut changed {
        *level = to;
        if let Some(other) = other {
            *token = other;
        }
    }
    changed
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

/// A grant for something else.
type Misbinding = fn(&mut GrantToken);

const MISBINDINGS: [Misbinding; 6] = [
    |token| token.tenant = "porto-azzurro".to_owned(),
    |token| token.helper_key = [9; 32],
    |token| token.grant.session = SessionId([9; 16]),
    |token| token.grant.hash = HandshakeHash([9; 32]),
    |token| token.grant.generation += 1,
    |token| token.grant.nonce = "0".repeat(32),
];
