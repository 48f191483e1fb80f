//! The two ways through the sharer, stage by stage. Nothing else is here.

use std::time::Duration;

use client::Sealed;
use policy::PairId;
use seal::Input;
use wire::{Channel, Malformed};

use crate::broadcast::{Broadcast, Trouble};
use crate::capture::screen::Screen;
use crate::hands::{Hands, Late};

/// A changed pixel on its way out: grabbed, compared with what the helper has, encoded slice by slice as credit allows, sealed,
/// sent.
pub(crate) fn show(
    broadcast: &mut Broadcast,
    screen: &mut Screen,
    sealed: &mut Sealed,
    now: Duration,
) -> Result<(), Trouble> {
    broadcast.grab(screen, sealed, now)?;
    broadcast.compare(screen, now);
    while sealed.room(Channel::Picture) {
        let Some(slice) = broadcast.encode(screen)? else {
            break;
        };
        broadcast.send(sealed, &slice, now)?;
    }
    broadcast.tell_quiet(sealed, now);
    Ok(())
}

/// A key on its way in: read, judged by its age and by the gate, injected.
pub(crate) fn act(
    hands: &mut Hands,
    pair: PairId,
    broadcast: &mut Broadcast,
    message: &[u8],
    now: Duration,
) -> Result<Option<Late>, Malformed> {
    let input = Input::decode(message)?;
    if let Some(late) = hands.too_late(pair, &input, now) {
        return Ok(Some(late));
    }
    hands.inject(pair, &input, now);
    broadcast.answer(hands.last_input(pair), hands.pointer(pair));
    Ok(None)
}
