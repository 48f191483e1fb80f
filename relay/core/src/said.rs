//! What a client's message is about, in the words of the broker.

use policy::{PairId, Reply};
use wire::{Answer, Signed, ToRelay};

use crate::pair::Shook;

/// The pair that a message names.
pub(crate) fn pair_of(message: &ToRelay) -> Option<PairId> {
    match message {
        ToRelay::Shook { pair, .. }
        | ToRelay::ShakeFailed { pair, .. }
        | ToRelay::Consent { pair, .. }
        | ToRelay::Challenge { pair, .. }
        | ToRelay::Quality { pair, .. }
        | ToRelay::Report { pair, .. }
        | ToRelay::Acknowledge { pair, .. }
        | ToRelay::Dismiss { pair } => Some(*pair),
        ToRelay::Hello { .. }
        | ToRelay::Resume { .. }
        | ToRelay::Create { .. }
        | ToRelay::Join { .. }
        | ToRelay::Ask { .. }
        | ToRelay::Colleagues { .. }
        | ToRelay::Invite { .. }
        | ToRelay::Uninvite { .. }
        | ToRelay::Accept { .. }
        | ToRelay::TurnDown { .. }
        | ToRelay::Leave {} => None,
    }
}

/// What an end reports of its handshake.
pub(crate) fn shook_of(message: &ToRelay) -> Option<Shook> {
    let ToRelay::Shook {
        hash,
        helper_key,
        sharer_key,
        ..
    } = *message
    else {
        return None;
    };
    Some(Shook {
        hash,
        helper_key,
        sharer_key,
    })
}

/// What the sharer answers, and its evidence.
pub(crate) fn reply_of(message: ToRelay) -> Option<(Reply, Option<Signed>)> {
    let ToRelay::Consent {
        level,
        generation,
        hash,
        answer,
        nonce,
        signed,
        ..
    } = message
    else {
        return None;
    };
    let reply = Reply {
        level,
        generation,
        hash,
        allowed: answer == Answer::Allow,
        nonce,
    };
    Some((reply, signed))
}
