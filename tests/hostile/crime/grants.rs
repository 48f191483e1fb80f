//! What is done to grants.

use bytes::Bytes;
use identity::GrantToken;
use policy::{HandshakeHash, Level, PairId, SessionId};
use wire::{Channel, Frame, FromRelay, Header, Role};

use super::{Crime, Move, Side, message_of, to_client};
use crate::attack::Attack;
use crate::hub::{Id, TOO_LATE, did};

impl Crime {
    /// The real relay granted a level.
    pub(super) fn granted(&mut self, id: Id, message: FromRelay, frame: Frame) -> Vec<Move> {
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
