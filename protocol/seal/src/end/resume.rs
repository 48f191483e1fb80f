//! Acknowledgements, gaps, and the change of carrier (SPEC 10).

use std::time::Duration;

use wire::{Channel, Delivery};

use super::{Dropped, End, Output, in_order};
use crate::control::Control;
use crate::inbox::HOLD_TIME;
use crate::places::{Places, Resume};

impl End {
    /// The carrier was changed, and the pair is in this round: records may be lost. Asks the peer for what is missing here; the peer does
    /// likewise, which is told by [`Output::Resumed`].
    pub fn carrier_changed(&mut self, round: u8, now: Duration) {
        self.send_places(Resume::Change(round), now);
    }

    /// Sends what is owed in acknowledgements at once: an update was applied, or the caller is about to wait.
    pub fn flush_acks(&mut self, now: Duration) {
        if self.acks_waiting > 0 {
            self.send_places(Resume::No, now);
        }
    }

    /// Sharer: the picture goes on with the next record, in a new context.
    pub fn restart_picture(&mut self, now: Duration) {
        self.send_skip(Channel::Picture, now);
    }

    /// Helper: gives up all input that the peer may not have. Gives the number of records.
    pub fn discard_input(&mut self, now: Duration) -> u64 {
        let records = self.outboxes.get_mut(Channel::Input).discard();
        if records > 0 {
            self.send_skip(Channel::Input, now);
        }
        u64::try_from(records).unwrap_or(u64::MAX)
    }

    /// Does what is due by now.
    pub fn handle_timeout(&mut self, now: Duration) {
        if self.ack_due.is_some_and(|due| now >= due) {
            self.send_places(Resume::No, now);
        }
        self.retire_keys(now);
        self.forget_early(now);
        let overdue = |end: &Self, channel: &Channel| {
            end.inboxes
                .get(*channel)
                .gap_since()
                .is_some_and(|since| now >= since + HOLD_TIME)
        };
        if in_order().any(|channel| overdue(self, &channel)) {
            self.send_places(Resume::Gap, now);
        }
        if !self.lost_told
            && self
                .waiting_since()
                .is_some_and(|since| now >= since + PATIENCE)
        {
            self.lost_told = true;
            self.outputs.push_back(Output::Lost);
        }
    }

    /// When [`End::handle_timeout`] has to be called next.
    pub fn poll_timeout(&self) -> Option<Duration> {
        let gaps = in_order()
            .filter_map(|channel| self.inboxes.get(channel).gap_since())
            .map(|since| since + HOLD_TIME);
        let early = self.early.first().map(|early| early.since + HOLD_TIME);
        let lost = self
            .waiting_since()
            .filter(|_| !self.lost_told)
            .map(|since| since + PATIENCE);
        gaps.chain(early)
            .chain(self.ack_due)
            .chain(self.next_retirement())
            .chain(lost)
            .min()
    }

    /// Something was delivered that the peer keeps until it is acknowledged.
    pub(super) fn owe_ack(&mut self, channel: Channel, now: Duration) {
        if channel.delivery() == Delivery::Latest {
            return;
        }
        self.acks_waiting += 1;
        if self.acks_waiting >= ACK_EVERY {
            self.send_places(Resume::No, now);
        } else {
            self.ack_due.get_or_insert(now + ACK_DELAY);
        }
    }

    pub(super) fn handle_places(&mut self, places: &Places, now: Duration) {
        if let Resume::Change(round) = places.resume {
            self.outputs.push_back(Output::Resumed { round });
        }
        for (channel, next) in &places.next {
            if channel.delivery() == Delivery::Latest {
                self.drop_record(Dropped::BadPlace);
            } else if places.resume != Resume::No {
                self.send_again(*channel, *next, now);
            } else if self.outboxes.get_mut(*channel).acknowledge(*next).is_err() {
                self.drop_record(Dropped::BadPlace);
            } else if *channel == Channel::Picture {
                self.outputs.push_back(Output::Acknowledged { next: *next });
            }
        }
    }

    pub(super) fn handle_skip(&mut self, channel: u8, to: u64) {
        let Some(channel) = Channel::from_number(channel)
            .filter(|channel| matches!(channel, Channel::Picture | Channel::Input))
        else {
            return self.drop_record(Dropped::BadPlace);
        };
        let inbox = self.inboxes.get_mut(channel);
        let skipped = inbox.next().map_or(0, |next| to.saturating_sub(next));
        let ready = inbox.skip(to);
        self.partial.get_mut(channel).clear();
        if channel == Channel::Input && skipped > 0 {
            self.outputs
                .push_back(Output::InputGivenUp { records: skipped });
        }
        self.deliver(channel, ready);
    }

    fn send_again(&mut self, channel: Channel, next: u64, now: Duration) {
        if channel.delivery() == Delivery::Ordered {
            // Who lacks nothing acknowledges by this: the acknowledgement itself may have been lost.
            self.outputs
                .push_back(match next < self.outboxes.get(channel).next() {
                    true => Output::RestartPicture,
                    false => Output::Acknowledged { next },
                });
            return;
        }
        let outbox = self.outboxes.get_mut(channel);
        let Ok(records) = outbox.again(next) else {
            return self.drop_record(Dropped::BadPlace);
        };
        // `again` checked the place, so acknowledging it cannot fail.
        let _ = outbox.acknowledge(next);
        let stale = outbox
            .oldest()
            .is_some_and(|oldest| now >= oldest + INPUT_LIFE);
        if channel == Channel::Input && stale {
            let records = self.discard_input(now);
            return self.outputs.push_back(Output::InputGivenUp { records });
        }
        self.outputs.extend(records.into_iter().map(Output::Send));
    }

    fn send_skip(&mut self, channel: Channel, now: Duration) {
        let to = self.outboxes.get(channel).next();
        // A worn-out control key is told by the next message that the caller sends.
        let _ = self.send_control(
            &Control::Skip {
                channel: channel.number(),
                to,
            },
            now,
        );
    }

    fn send_places(&mut self, resume: Resume, now: Duration) {
        let again = resume != Resume::No;
        let next = in_order()
            .filter_map(|channel| Some((channel, self.inboxes.get(channel).next()?)))
            .filter(|(_, next)| again || *next > 0)
            .collect();
        let message = Places { resume, next }.encode();
        if self.send(Channel::Ack, &message, now).is_ok() {
            self.acks_waiting = 0;
            self.ack_due = None;
        }
        for channel in in_order().filter(|_| again) {
            self.inboxes.get_mut(channel).asked(now);
        }
    }

    /// Since when the oldest message on control or chat has waited for its acknowledgement.
    fn waiting_since(&self) -> Option<Duration> {
        [Channel::Control, Channel::Chat]
            .into_iter()
            .filter_map(|channel| self.outboxes.get(channel).oldest())
            .min()
    }
}

/// An acknowledgement waits at most this long.
const ACK_DELAY: Duration = Duration::from_millis(50);
/// And for at most this many records.
const ACK_EVERY: u32 = 16;
/// Input that is older than this after a change of carrier is thrown away as a whole.
const INPUT_LIFE: Duration = Duration::from_secs(2);
/// Control and chat wait this long, then the session is lost.
const PATIENCE: Duration = Duration::from_secs(60);
