//! Records that arrive: opened, put in order, joined to messages.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use wire::{Channel, Delivery, Envelope, Malformed};

use super::{Dropped, Early, End, Output, longest_message};
use crate::control::Control;
use crate::inbox::{HOLD_BYTES, HOLD_RECORDS, Taken};
use crate::padding;
use crate::places::Places;

impl End {
    /// Takes a record from the carrier.
    pub fn handle_record(&mut self, envelope: Envelope, now: Duration) {
        let header = envelope.header();
        if header.pair != self.pair || header.channel == Channel::Handshake {
            return self.drop_record(Dropped::OtherPair);
        }
        if header.generation > self.generation {
            return self.hold_early(envelope, now);
        }
        if !self.inboxes.get(header.channel).wants(header.counter) {
            // What comes twice was delivered: say so again, so that the other end stops sending it.
            self.owe_ack(header.channel, now);
            return self.drop_record(Dropped::Doubled);
        }
        if self.mislabelled(header.channel, header.generation, header.counter) {
            return self.drop_record(Dropped::OtherGeneration);
        }
        match self.open(&envelope) {
            Ok(text) => self.take(header.channel, header.counter, text, now),
            Err(why) => self.drop_record(why),
        }
    }

    /// The records that came before their generation began.
    pub(super) fn open_early(&mut self, now: Duration) {
        for early in std::mem::take(&mut self.early) {
            self.handle_record(early.envelope, now);
        }
    }

    /// Forgets records whose generation did not begin in time; they are sent again if they matter.
    pub(super) fn forget_early(&mut self, now: Duration) {
        self.early
            .retain(|early| now < early.since + crate::inbox::HOLD_TIME);
    }

    /// Hands messages on that are in order now.
    pub(super) fn deliver(&mut self, channel: Channel, texts: Vec<Bytes>) {
        for text in texts {
            if let Err(malformed) = self.join(channel, &text) {
                self.partial.get_mut(channel).clear();
                self.drop_record(Dropped::Malformed(malformed));
            }
        }
    }

    fn hold_early(&mut self, envelope: Envelope, now: Duration) {
        let bytes: usize = self
            .early
            .iter()
            .map(|early| early.envelope.frame().len())
            .sum();
        if self.early.len() >= HOLD_RECORDS || bytes + envelope.frame().len() > HOLD_BYTES {
            return self.drop_record(Dropped::NoRoom);
        }
        self.early.push(Early {
            envelope,
            since: now,
        });
    }

    fn open(&self, envelope: &Envelope) -> Result<Bytes, Dropped> {
        let header = envelope.header();
        let opening = self.opening.get(&header.generation).ok_or(Dropped::NoKey)?;
        let key = opening
            .keys
            .get(header.channel)
            .as_ref()
            .ok_or(Dropped::NoKey)?;
        let data = [self.associated_by_peer().as_slice(), envelope.clear()].concat();
        let mut sealed = BytesMut::from(envelope.sealed());
        let length = key
            .open(header.counter, &data, &mut sealed)
            .map_err(|_| Dropped::Forged)?
            .len();
        sealed.truncate(length);
        Ok(sealed.freeze())
    }

    fn take(&mut self, channel: Channel, counter: u64, text: Bytes, now: Duration) {
        match self.inboxes.get_mut(channel).take(counter, text, now) {
            Taken::Deliver(texts) => {
                self.owe_ack(channel, now);
                if channel == Channel::Control {
                    self.deliver_control(texts, now);
                } else if channel == Channel::Ack {
                    self.deliver_places(texts, now);
                } else {
                    self.deliver(channel, texts);
                }
            }
            Taken::Held => {}
            Taken::Doubled => self.drop_record(Dropped::Doubled),
            Taken::NoRoom => self.drop_record(Dropped::NoRoom),
        }
    }

    /// Joins a fragment to its message, and outputs the message when it is whole.
    fn join(&mut self, channel: Channel, text: &[u8]) -> Result<(), Malformed> {
        if let Some(message) = self.whole(channel, text)? {
            self.outputs.push_back(Output::Message { channel, message });
        }
        Ok(())
    }

    fn whole(&mut self, channel: Channel, text: &[u8]) -> Result<Option<Bytes>, Malformed> {
        let (fragment, more) = padding::unpad(text)?;
        let partial = self.partial.get_mut(channel);
        if partial.is_empty() && !more {
            return Ok(Some(Bytes::copy_from_slice(fragment)));
        }
        let length = partial.len() + fragment.len();
        let joins = channel.delivery() != Delivery::Latest;
        if length > longest_message(channel) || !joins {
            return Err(Malformed::TooLong(length));
        }
        partial.extend_from_slice(fragment);
        Ok((!more).then(|| std::mem::take(partial).into()))
    }

    fn deliver_control(&mut self, texts: Vec<Bytes>, now: Duration) {
        for text in texts {
            let whole = self.whole(Channel::Control, &text);
            match whole.and_then(|message| message.map(|m| Control::decode(&m)).transpose()) {
                Ok(None) => {}
                Ok(Some(control)) => self.handle_control(control, now),
                Err(malformed) => {
                    self.partial.get_mut(Channel::Control).clear();
                    self.drop_record(Dropped::Malformed(malformed));
                }
            }
        }
    }

    fn handle_control(&mut self, control: Control, now: Duration) {
        match control {
            Control::Epoch {
                generation,
                secret,
                starts,
            } => {
                self.handle_epoch(generation, &secret, &starts, now);
            }
            Control::EpochAck { generation, starts } => {
                self.handle_epoch_ack(generation, &starts, now);
            }
            Control::Skip { channel, to } => self.handle_skip(channel, to),
            Control::Rekey {} => self.handle_rekey(),
            Control::Pause { .. }
            | Control::Quiet { .. }
            | Control::Reset {}
            | Control::Painted { .. }
            | Control::InputDiscarded { .. }
            | Control::Outputs { .. }
            | Control::ShowOutput { .. }
            | Control::Invite { .. }
            | Control::Uninvite { .. }
            | Control::Helpers { .. }
            | Control::Leave {} => self.outputs.push_back(Output::Control(control)),
        }
    }

    fn deliver_places(&mut self, texts: Vec<Bytes>, now: Duration) {
        for text in texts {
            let places = padding::unpad(&text).and_then(|(message, _)| Places::decode(message));
            match places {
                Ok(places) => self.handle_places(&places, now),
                Err(malformed) => self.drop_record(Dropped::Malformed(malformed)),
            }
        }
    }
}
