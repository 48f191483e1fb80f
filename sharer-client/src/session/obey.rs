//! Commands of the sharer's window or script, done.

use client::stdio::{emit, emit_fault};
use policy::{HandshakeHash, Level};
use seal::Control;
use serde_json::json;
use wire::{Code, Fault, ToRelay};

use super::{Session, Shared};
use crate::command::Command;

impl Session {
    pub(super) fn obey(&mut self, command: Command) {
        match command {
            Command::Join { code } => self.join(&code),
            Command::Allow { shown, ui } => self.allow(shown.as_deref(), ui),
            Command::Decline {} => self.decline(),
            Command::Report { text } => self.report(text),
            Command::Lower { level } => match level.parse::<Level>() {
                Ok(level) => self.lower(level),
                Err(_) => emit(
                    "unknown_command",
                    json!({"text": format!("no level {level}")}),
                ),
            },
            Command::Pause { on } => self.pause(on),
            Command::Chat { text } => {
                let sealed = self.shared.as_mut().map(|shared| &mut shared.sealed);
                self.talk.chat(sealed, text);
            }
            Command::Hash {} => self.hash(),
            Command::Stats {} => self.stats(),
            Command::Leave {} => self.leave(),
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

    /// Something is wrong with the helper: input stops before anybody is told.
    fn report(&mut self, text: Option<String>) {
        let Some(pair) = self.shared.as_ref().map(|shared| shared.pair) else {
            return emit("unknown_command", json!({"text": "nobody helps here"}));
        };
        self.talk.log.write("reported", json!({}));
        self.talk.tell(&ToRelay::Report { pair, text });
        self.leave();
    }

    fn pause(&mut self, on: bool) {
        let now = self.talk.clock.now();
        let Some(shared) = &mut self.shared else {
            return;
        };
        shared.hands.pause(on);
        shared.sealed.control(&Control::Pause { on }, now);
        emit("paused", json!({"on": on}));
        self.talk.log.write("paused", json!({"on": on}));
    }

    fn hash(&self) {
        let Some(Shared {
            broadcast: Some(broadcast),
            ..
        }) = &self.shared
        else {
            return emit("hash", json!({"quiet": false}));
        };
        let text = |hash| HandshakeHash(hash).to_string();
        let (update, sent) = broadcast.sent();
        emit(
            "hash",
            json!({
                "quiet": broadcast.is_quiet(), "update": update,
                "sent": sent.map(|picture| text(picture.hash())),
                "screen": text(broadcast.screen().hash()),
            }),
        );
    }

    fn stats(&self) {
        let Some(shared) = &self.shared else {
            return emit("stats", json!({}));
        };
        let (injected, refused, held) = shared.hands.counts();
        let trip = self
            .talk
            .sender()
            .round_trip()
            .map(|trip| trip.as_secs_f64() * 1000.0);
        emit(
            "stats",
            json!({
                "carrier": self.talk.sender().kind().to_string(), "round_trip_ms": trip,
                "injected": injected, "refused": refused, "held": held,
                "paused": shared.hands.is_paused(),
                "picture_bytes": shared.broadcast.as_ref().map(crate::broadcast::Broadcast::bytes),
                "dropped": shared.sealed.dropped(),
            }),
        );
    }
}
