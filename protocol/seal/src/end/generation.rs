//! Generations of keys: how one begins, and how long the keys of the last one live (SPEC 9).

use std::time::Duration;

use policy::InputPass;
use thiserror::Error;
use wire::{Channel, Role};

use super::{Dropped, End, Output, associated, in_order};
use crate::control::{Control, SecretText, Start};
use crate::keys::{Purpose, RecordKey, Secret};
use crate::per_channel::PerChannel;

/// The opening keys of one generation.
pub(super) struct Opening {
    pub(super) keys: PerChannel<Option<RecordKey>>,
    /// When they are wiped at the latest; `None` while the generation is the newest.
    retire: Option<Duration>,
    /// When the key for input is wiped.
    retire_input: Option<Duration>,
}

/// A generation cannot begin like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotNow {
    /// Only the sharer counts generations.
    #[error("only the sharer begins a generation")]
    NotSharer,
    /// The number was used before.
    #[error("generation {0} was used before")]
    Used(u32),
    /// The pass for input is for another generation.
    #[error("the pass is for another generation")]
    OtherPass,
}

impl End {
    /// Generation 0: control and its acknowledgements, with the keys of the handshake.
    pub(super) fn install_first(&mut self, secret: &Secret) {
        let channels = [Channel::Ack, Channel::Control];
        for channel in channels {
            *self.sealing.get_mut(channel) = self.derive(secret, self.role, channel, 0);
        }
        let keys = PerChannel::new(|channel| {
            channels
                .contains(&channel)
                .then(|| self.derive(secret, self.peer(), channel, 0))?
        });
        self.opening.insert(
            0,
            Opening {
                keys,
                retire: None,
                retire_input: None,
            },
        );
    }

    /// Sharer: begins the generation that the person consented to and the relay granted.
    ///
    /// Without a pass this end holds no key for input from here on, not even of the generation before.
    pub fn begin(
        &mut self,
        generation: u32,
        secret: &Secret,
        pass: Option<InputPass>,
        now: Duration,
    ) -> Result<(), NotNow> {
        if self.role != Role::Sharer {
            return Err(NotNow::NotSharer);
        }
        if generation <= self.generation {
            return Err(NotNow::Used(generation));
        }
        if pass
            .as_ref()
            .is_some_and(|pass| pass.generation() != generation)
        {
            return Err(NotNow::OtherPass);
        }
        if pass.is_none() {
            self.deny_input();
        }
        // `epoch` itself is the last control record of the old generation, so control starts one later.
        let mut starts = self.places_of_next();
        if let Some(start) = starts
            .iter_mut()
            .find(|s| s.channel == Channel::Control.number())
        {
            start.counter += 1;
        }
        let epoch = Control::Epoch {
            generation,
            secret: SecretText::of(secret),
            starts,
        };
        self.send_control(&epoch, now)
            .map_err(|_| NotNow::Used(generation))?;
        self.install(generation, secret, pass.is_some(), now);
        Ok(())
    }

    /// Sharer: wipes every key for input at once; what is under way cannot be opened any more.
    pub fn deny_input(&mut self) {
        for opening in self.opening.values_mut() {
            *opening.keys.get_mut(Channel::Input) = None;
        }
    }

    /// Helper: the sharer began a generation.
    pub(super) fn handle_epoch(
        &mut self,
        generation: u32,
        secret: &SecretText,
        starts: &[Start],
        now: Duration,
    ) {
        let Ok(secret) = secret.read() else {
            return self.drop_record(Dropped::BadPlace);
        };
        if self.role != Role::Helper || generation <= self.generation {
            return self.drop_record(Dropped::OtherGeneration);
        }
        let mut ours = self.places_of_next();
        if let Some(start) = ours
            .iter_mut()
            .find(|s| s.channel == Channel::Control.number())
        {
            start.counter += 1;
        }
        let answer = Control::EpochAck {
            generation,
            starts: ours,
        };
        if self.send_control(&answer, now).is_err() {
            return self.drop_record(Dropped::NoKey);
        }
        self.note_starts(generation, starts);
        self.install(generation, &secret, true, now);
        self.open_early(now);
    }

    /// Sharer: the helper follows. The old key for input dies as soon as what was sealed with it is here, 2 s after the
    /// generation began at the latest: on a carrier with several streams this answer may overtake input.
    pub(super) fn handle_epoch_ack(&mut self, generation: u32, starts: &[Start], now: Duration) {
        if self.role != Role::Sharer || generation > self.generation {
            return self.drop_record(Dropped::OtherGeneration);
        }
        self.note_starts(generation, starts);
        self.retire_keys(now);
        self.open_early(now);
    }

    /// Sharer: the helper's keys wear out. Told once a generation, however often the helper says it.
    pub(super) fn handle_rekey(&mut self) {
        if self.role == Role::Sharer && !self.wear_told {
            self.wear_told = true;
            self.outputs.push_back(Output::KeysWear);
        }
    }

    /// Wipes the keys whose time is over; input of a generation that is gone is given up.
    pub(super) fn retire_keys(&mut self, now: Duration) {
        self.opening
            .retain(|_, opening| opening.retire.is_none_or(|at| now < at));
        let all_here = self.old_input_is_here();
        for (generation, opening) in &mut self.opening {
            let old = all_here.is_some_and(|newest| *generation < newest);
            if old || opening.retire_input.is_some_and(|at| now >= at) {
                opening.retire_input = None;
                *opening.keys.get_mut(Channel::Input) = None;
            }
        }
        self.give_up_old_input();
    }

    /// When keys have to be wiped next.
    pub(super) fn next_retirement(&self) -> Option<Duration> {
        let deadlines = |opening: &Opening| [opening.retire, opening.retire_input];
        self.opening.values().flat_map(deadlines).flatten().min()
    }

    /// Whether a counter belongs to another generation than the record says.
    pub(super) fn mislabelled(&self, channel: Channel, generation: u32, counter: u64) -> bool {
        match &self.peer_starts {
            Some((newest, starts)) if in_order().any(|ordered| ordered == channel) => {
                let start = *starts.get(channel);
                (generation < *newest && counter >= start)
                    || (generation == *newest && counter < start)
            }
            _ => false,
        }
    }

    fn install(&mut self, generation: u32, secret: &Secret, with_input: bool, now: Duration) {
        let (ours, theirs) = (self.role, self.peer());
        let skip_input = theirs == Role::Helper && !with_input;
        let keys = PerChannel::new(|channel| {
            let denied = channel == Channel::Input && skip_input;
            (!denied).then(|| self.derive(secret, theirs, channel, generation))?
        });
        self.sealing = PerChannel::new(|channel| self.derive(secret, ours, channel, generation));
        self.sealing_since = PerChannel::new(|channel| self.outboxes.get(channel).next());
        for opening in self.opening.values_mut() {
            opening.retire.get_or_insert(now + OLD_KEYS);
            opening.retire_input.get_or_insert(now + OLD_INPUT_KEY);
        }
        self.opening.insert(
            generation,
            Opening {
                keys,
                retire: None,
                retire_input: None,
            },
        );
        self.generation = generation;
        self.wear_told = false;
    }

    fn note_starts(&mut self, generation: u32, starts: &[Start]) {
        let counters = PerChannel::new(|channel| {
            let start = starts
                .iter()
                .find(|start| start.channel == channel.number());
            start.map_or(0, |start| start.counter)
        });
        if self
            .peer_starts
            .as_ref()
            .is_none_or(|(newest, _)| generation > *newest)
        {
            self.peer_starts = Some((generation, counters));
        }
    }

    /// The peer's newest generation, if all input that was sealed before it has been delivered.
    fn old_input_is_here(&self) -> Option<u32> {
        let (newest, starts) = self.peer_starts.as_ref()?;
        let next = self.inboxes.get(Channel::Input).next()?;
        (next >= *starts.get(Channel::Input)).then_some(*newest)
    }

    /// Input below the start of the newest generation, for which no key is left, will never be delivered.
    fn give_up_old_input(&mut self) {
        let Some((newest, starts)) = &self.peer_starts else {
            return;
        };
        let start = *starts.get(Channel::Input);
        let old_key = self
            .opening
            .range(..newest)
            .any(|(_, old)| old.keys.get(Channel::Input).is_some());
        let inbox = self.inboxes.get_mut(Channel::Input);
        let Some(next) = inbox.next().filter(|next| *next < start && !old_key) else {
            return;
        };
        let ready = inbox.skip(start);
        self.outputs.push_back(Output::InputGivenUp {
            records: start - next,
        });
        self.deliver(Channel::Input, ready);
    }

    fn places_of_next(&self) -> Vec<Start> {
        in_order()
            .map(|channel| Start::new(channel, self.outboxes.get(channel).next()))
            .collect()
    }

    pub(super) fn peer(&self) -> Role {
        match self.role {
            Role::Helper => Role::Sharer,
            Role::Sharer => Role::Helper,
        }
    }

    pub(super) fn associated_by_peer(&self) -> Vec<u8> {
        associated(self.hash, self.session, self.peer())
    }

    fn derive(
        &self,
        secret: &Secret,
        sender: Role,
        channel: Channel,
        generation: u32,
    ) -> Option<RecordKey> {
        let purpose = Purpose {
            hash: self.hash,
            sender,
            channel,
            generation,
        };
        RecordKey::derive(secret, purpose)
    }
}

/// How long the opening keys of the reliable channels outlive their generation: as long as a sender waits for an
/// acknowledgement.
const OLD_KEYS: Duration = Duration::from_secs(60);
/// How long the old key for input lives without an `epoch_ack`.
const OLD_INPUT_KEY: Duration = Duration::from_secs(2);
