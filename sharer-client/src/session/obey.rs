//! Commands of the sharer's window or script, done.

use client::stdio::{emit, emit_fault};
use policy::{HandshakeHash, Level, PairId};
use seal::Control;
use serde_json::json;
use wire::{Code, Fault, ToRelay};

use super::Session;
use crate::broadcast::Broadcast;
use crate::command::Command;

impl Session {
    pub(super) fn obey(&mut self, command: Command) {
        match command {
            Command::Join { code } => self.join(&code),
            Command::Allow { pair, shown, ui } => self.allow(pair, shown.as_deref(), ui),
            Command::Decline { pair } => self.decline(pair),
            Command::Report { pair, text } => self.with(pair, |this, pair| this.report(pair, text)),
            Command::Lower { pair, level } => match level.parse::<Level>() {
                Ok(level) => self.with(pair, |this, pair| this.lower(pair, level)),
                Err(_) => emit(
                    "unknown_command",
                    json!({"text": format!("no level {level}")}),
                ),
            },
            Command::Dismiss { pair } => self.with(Some(pair), Self::dismiss),
            Command::Pause { on } => self.pause(on),
            Command::Chat { text } => {
                let sealed = self.helpers.values_mut().map(|helper| &mut helper.sealed);
                self.talk.chat(sealed, text);
            }
            Command::Hash { pair } => self.hash(pair),
            Command::Stats { pair } => self.stats(pair),
            Command::Leave {} => self.leave(),
        }
    }

    /// Does something about the helper whom a command names.
    fn with(&mut self, named: Option<u8>, what: impl FnOnce(&mut Self, PairId)) {
        match self.about(named) {
            Some(pair) => what(self, pair),
            None => emit(
                "unknown_command",
                json!({"text": "nobody like that helps here"}),
            ),
        }
    }

    fn join(&mut self, typed: &str) {
        match Code::parse(typed) {
            Ok(code) => {
                let routing = code.routing();
                self.code = Some(code);
                self.talk.tell(&ToRelay::Join { routing });
            }
            Err(why) => emit_fault(Fault::CodeMalformed, Some(&why.to_string())),
        }
    }

    /// Uses the code that the person typed, over a connection that was made since.
    pub(super) fn join_again(&mut self) {
        if let Some(code) = &self.code {
            let routing = code.routing();
            self.talk.tell(&ToRelay::Join { routing });
        }
    }

    /// Something is wrong with a helper: input stops before anybody is told.
    fn report(&mut self, pair: PairId, text: Option<String>) {
        self.talk
            .log
            .write("reported", json!({"pair": pair.number()}));
        self.talk.tell(&ToRelay::Report { pair, text });
        self.leave();
    }

    fn pause(&mut self, on: bool) {
        let now = self.talk.clock.now();
        if self.helpers.is_empty() {
            return;
        }
        self.hands.pause(on);
        for helper in self.helpers.values_mut().filter(|helper| helper.is_paired) {
            helper.sealed.control(&Control::Pause { on }, now);
        }
        emit("paused", json!({"on": on}));
        self.talk.log.write("paused", json!({"on": on}));
    }

    fn hash(&self, named: Option<u8>) {
        let pair = self.about(named);
        let number = pair.map(PairId::number);
        let helper = pair.and_then(|pair| self.helpers.get(&pair));
        let broadcast = helper.and_then(|helper| helper.broadcast.as_ref());
        let Some(broadcast) = broadcast else {
            return emit("hash", json!({"pair": number, "quiet": false}));
        };
        let text = |hash| HandshakeHash(hash).to_string();
        let (update, sent) = broadcast.sent();
        emit(
            "hash",
            json!({
                "pair": number, "quiet": broadcast.is_quiet(), "update": update,
                "sent": sent.map(|picture| text(picture.hash())),
                "screen": text(broadcast.picture(&self.screen).hash()),
            }),
        );
    }

    fn stats(&self, named: Option<u8>) {
        let pair = self.about(named);
        let helper = pair.and_then(|pair| Some((pair, self.helpers.get(&pair)?)));
        let Some((pair, helper)) = helper else {
            return emit("stats", json!({}));
        };
        let (injected, refused, held) = self.hands.counts(pair);
        let instead = self.talk.instead();
        let trip = self
            .talk
            .sender()
            .round_trip()
            .map(|trip| trip.as_secs_f64() * 1000.0);
        emit(
            "stats",
            json!({
                "pair": pair.number(),
                "carrier": self.talk.sender().kind().to_string(), "instead": instead.map(|instead| &instead.text),
                "reason": instead.map(|instead| instead.reason.word()),
                "round_trip_ms": trip,
                "injected": injected, "refused": refused, "held": held,
                "paused": self.hands.is_paused(),
                "picture_bytes": helper.broadcast.as_ref().map(Broadcast::bytes),
                "dropped": helper.sealed.dropped(),
            }),
        );
    }
}
