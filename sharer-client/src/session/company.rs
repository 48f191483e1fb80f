//! Several helpers: who was asked in, who is here, who is gone (SPEC 6.9).

use std::time::Duration;

use client::stdio::emit;
use policy::{PairId, PersonId};
use seal::{Control, Present};
use serde_json::json;
use wire::{Fault, MAX_SUBJECT, ToRelay, cut};

use super::Session;
use crate::invitations::Inviter;

impl Session {
    /// A helper asks a colleague in. Its sealed word lets that one come, and nobody else.
    pub(super) fn invited(&mut self, by: PairId, colleague: String, name: &str, hand_over: bool) {
        let now = self.talk.clock.now();
        let Some(helper) = self.helpers.get(&by) else {
            return;
        };
        let inviter = Inviter {
            pair: by,
            name: helper.peer.name.clone(),
        };
        let invitations = &mut self.invitations;
        invitations.open(inviter, PersonId(colleague.clone()), hand_over, now);
        emit(
            "invited",
            json!({"pair": by.number(), "name": name, "hand_over": hand_over}),
        );
        self.talk.log.write(
            "invited",
            json!({"pair": by.number(), "colleague": colleague, "hand_over": hand_over}),
        );
    }

    /// A helper takes that back.
    pub(super) fn uninvited(&mut self, by: PairId, colleague: String) {
        self.invitations.close(by, &PersonId(colleague));
    }

    /// Tells every helper who is here, when that has changed.
    pub(super) fn tell_helpers(&mut self) {
        let now = self.talk.clock.now();
        let present = self
            .helpers
            .iter()
            .filter(|(_, helper)| helper.is_present());
        let roster: Vec<Present> = present
            .map(|(pair, helper)| Present {
                pair: pair.number(),
                name: cut(&helper.peer.name, MAX_SUBJECT).to_owned(),
                level: self.hands.level(*pair).map(|level| level.word().to_owned()),
            })
            .collect();
        if roster == self.roster {
            return;
        }
        let told = Control::Helpers {
            helpers: roster.clone(),
        };
        for helper in self.helpers.values_mut().filter(|helper| helper.is_paired) {
            helper.sealed.control(&told, now);
        }
        self.roster = roster;
    }

    /// A helper is gone, the session goes on with the others.
    pub(super) fn departed(&mut self, pair: PairId, fault: Fault) {
        self.shaking.remove(&pair);
        self.hands.leave(pair);
        self.screen.leave(pair);
        let gone = self.helpers.remove(&pair);
        if gone.is_some_and(|gone| gone.is_paired) {
            emit(
                "departed",
                json!({"pair": pair.number(), "code": fault, "text": fault.text()}),
            );
            let details = json!({"pair": pair.number(), "code": fault});
            self.talk.log.write("departed", details);
        }
    }

    /// The person sends one helper away: input and picture stop before anybody is told.
    pub(super) fn dismiss(&mut self, pair: PairId) {
        if self.helpers.len() < 2 {
            return self.leave();
        }
        if let Some(helper) = self.helpers.get_mut(&pair) {
            helper.sealed.deny_input();
            self.talk.tell(&ToRelay::Dismiss { pair });
            self.departed(pair, Fault::PeerLeft);
        }
    }

    /// A line of one helper, for the person and for the other helpers.
    pub(super) fn hear(&mut self, from: PairId, message: &[u8]) {
        let Some(text) = self.talk.hear(Some(from), message) else {
            return;
        };
        let others = self.helpers.iter_mut().filter(|(pair, _)| **pair != from);
        let others = others.map(|(_, helper)| &mut helper.sealed);
        self.talk.pass_on(from, text, others);
    }

    /// Others watch the screen too: what each is being sent must stand still, whatever the others take.
    pub(super) fn detach_all(&mut self) {
        if self.helpers.len() < 2 {
            return;
        }
        for helper in self.helpers.values_mut() {
            let Some(broadcast) = &mut helper.broadcast else {
                continue;
            };
            if let Err(error) = broadcast.detach(&self.screen) {
                return self.screen_trouble(&error);
            }
        }
    }

    /// The helper that a command is about: the one named, or whose question came first, or the first one there is. Before the person
    /// knows of a helper nothing is about it.
    pub(super) fn about(&self, named: Option<u8>) -> Option<PairId> {
        let known = || self.helpers.iter().filter(|(_, helper)| helper.is_paired);
        if let Some(number) = named {
            let mut pairs = known().map(|(pair, _)| *pair);
            return pairs.find(|pair| pair.number() == number);
        }
        let asked = known().filter_map(|(pair, helper)| Some((helper.asked?.number, *pair)));
        let first = asked.min().map(|(_, pair)| pair);
        first.or_else(|| known().map(|(pair, _)| *pair).next())
    }

    /// How long a person who never helped here has to wait for control.
    pub(super) fn pause_with(&self, pair: PairId) -> (bool, Duration) {
        let helper = self.helpers.get(&pair);
        let first = helper.is_none_or(|helper| !self.contacts.knows(&helper.peer));
        let pause = if first {
            client::FIRST_CONTACT
        } else {
            Duration::ZERO
        };
        (first, pause)
    }
}
