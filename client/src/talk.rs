//! What a helper's and a sharer's conversation have in common: the relay's connection, chat, how it ends, and what is told of that.

use carrier::Sender;
use identity::Identity;
use policy::PairId;
use seal::Line as ChatLine;
use serde_json::{Value, json};
use tracing::warn;
use wire::{Channel, Envelope, Fault, Frame, Malformed, Peer, Role, ToRelay};

use crate::instead::Instead;
use crate::line::Line;
use crate::options::Options;
use crate::reach::{NotReached, Reached, SignedIn, Way};
use crate::refused::Refused;
use crate::stdio::{Commands, emit, emit_card, emit_fault};
use crate::{Clock, EventLog, Judge, Keys, Me, Sealed, System};

/// How a client's program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Somebody left, as people do.
    Ended,
    /// Something went wrong; it was told.
    Failed,
}

/// A conversation that the relay admitted.
pub struct Talk {
    /// Counts suspend.
    pub clock: Clock,
    /// Randomness of the system.
    pub entropy: System,
    /// The local event log.
    pub log: EventLog,
    /// The person here.
    pub me: Me,
    /// Judges peer and relay.
    pub judge: Judge,
    /// The relay's host, as a card names it.
    pub relay: String,
    way: Way,
    sender: Sender,
    /// Why it is not the better carrier.
    instead: Option<Instead>,
    lines: u32,
    ended: Option<Outcome>,
}

impl Talk {
    /// Signs the person in and connects; `client` is name and version of the program. What went wrong was told.
    ///
    /// # Errors
    /// [`Outcome::Failed`].
    pub async fn begin(
        options: Options,
        role: Role,
        client: &'static str,
        mut log: EventLog,
        said: &mut Commands,
    ) -> Result<(Self, Line), Outcome> {
        let mut entropy = System::default();
        let relay = host(&options.relay);
        let way = match Way::new(options, role, client) {
            Ok(way) => way,
            Err(error) => return Err(not_reached(&mut log, &error)),
        };
        let (signed_in, reached) = match reach(&way, &mut entropy, said).await {
            Ok(reached) => reached,
            Err(error) => return Err(not_reached(&mut log, &error)),
        };
        let Reached { line, you, instead } = reached;
        let SignedIn { me, judge, .. } = signed_in;
        told_signed_in(&mut log, &you);
        let instead = Instead::of(way.carrier(), line.sender().kind(), instead);
        let talk = Self {
            clock: Clock::start(),
            entropy,
            log,
            me,
            judge,
            relay,
            way,
            sender: line.sender().clone(),
            instead,
            lines: 0,
            ended: None,
        };
        Ok((talk, line))
    }

    /// Signs the person in anew, as a rule asks that refused something before a session began (SPEC 6.8), and connects anew. What went
    /// wrong was told.
    ///
    /// # Errors
    /// [`Outcome::Failed`].
    pub async fn sign_in_anew(
        &mut self,
        why: &Refused,
        said: &mut Commands,
    ) -> Result<Line, Outcome> {
        self.sender.close();
        let reached = attempt(&self.way, Some(why), &mut self.entropy, said).await;
        let (signed_in, Reached { line, you, instead }) = match reached {
            Ok(reached) => reached,
            Err(error) => return Err(not_reached(&mut self.log, &error)),
        };
        told_signed_in(&mut self.log, &you);
        let SignedIn { me, judge, .. } = signed_in;
        (self.me, self.judge, self.sender) = (me, judge, line.sender().clone());
        self.instead = Instead::of(self.way.carrier(), self.sender.kind(), instead);
        Ok(line)
    }

    /// The way out, for sealed records and figures.
    pub fn sender(&self) -> &Sender {
        &self.sender
    }

    /// Why the session is not carried by QUIC; `None` if it is (PRODUCT 4.12).
    pub fn instead(&self) -> Option<&Instead> {
        self.instead.as_ref()
    }

    /// The carrier is lost, and another one is dialled.
    pub fn carrier_lost(&mut self) {
        self.log.write("carrier_lost", json!({}));
        emit("reconnecting", json!({}));
    }

    /// There is another carrier.
    pub fn carrier_changed(&mut self, instead: Option<String>) {
        let kind = self.sender.kind();
        self.instead = Instead::of(self.way.carrier(), kind, instead);
        let text = self.instead.as_ref().map(|instead| &instead.text);
        let told = json!({"carrier": kind.to_string(), "instead": text});
        self.log.write("carrier_changed", told.clone());
        emit("reconnected", told);
    }

    /// Tells the relay something.
    pub fn tell(&self, message: &ToRelay) {
        let sent = Frame::message(message).map(|frame| self.sender.send(frame));
        if !matches!(sent, Ok(Ok(()))) {
            self.sender.close();
        }
    }

    /// Tells who the other one of this pair is: what was verified here, and what the relay says beside it.
    ///
    /// # Errors
    /// [`Fault::PeerDiffers`] if the relay names somebody else.
    pub fn card(
        &self,
        pair: PairId,
        identity: &Identity,
        peer: &Peer,
        beside: Value,
    ) -> Result<(), Fault> {
        if (&peer.subject, &peer.issuer) != (&identity.person.0, &identity.issuer) {
            return Err(Fault::PeerDiffers);
        }
        let domain = self.judge.domain();
        emit_card(pair, identity, domain, &self.relay, peer, beside);
        Ok(())
    }

    /// Sends a flight of the handshake of this pair; `number` counts those of this end, from 0.
    pub fn send_flight(&self, pair: PairId, number: u64, flight: &[u8]) {
        let sent = Envelope::flight(pair, number, flight)
            .map(|envelope| self.sender.send(Frame::Sealed(envelope)));
        if !matches!(sent, Ok(Ok(()))) {
            self.sender.close();
        }
    }

    /// Writes a line of chat to all of these. It is sent if one of them could take it.
    pub fn chat<'a>(&mut self, to: impl IntoIterator<Item = &'a mut Sealed>, text: String) {
        let id = self.lines + 1;
        let author = None;
        let Some(message) = (ChatLine { id, author, text }).encode() else {
            return emit("chat_refused", json!({"text": "the line is too long"}));
        };
        if self.send_line(id, &message, to) {
            emit("chat_sent", json!({"id": id}));
        } else {
            emit_fault(Fault::NotNow, None);
        }
    }

    /// Sharer: passes a line of this helper on to the others (SPEC 13). Whoever has no keys for it yet does without.
    pub fn pass_on<'a>(
        &mut self,
        author: PairId,
        text: String,
        to: impl IntoIterator<Item = &'a mut Sealed>,
    ) {
        let id = self.lines + 1;
        let author = Some(author);
        if let Some(message) = (ChatLine { id, author, text }).encode() {
            self.send_line(id, &message, to);
        }
    }

    /// Tells a line that came in. `over` is the pair that it came over at a sharer, and `None` at a helper, who hears everybody from
    /// the sharer (SPEC 13). Gives its text.
    pub fn hear(&self, over: Option<PairId>, message: &[u8]) -> Option<String> {
        match heard(over, message) {
            Ok((pair, ChatLine { id, text, .. })) => {
                let pair = pair.map(PairId::number);
                emit("chat", json!({"id": id, "pair": pair, "text": text}));
                Some(text)
            }
            Err(error) => {
                warn!(%error, "a line of chat was not readable");
                None
            }
        }
    }

    /// The conversation is over, for this reason. Only the first end is told.
    pub fn end(&mut self, why: impl Into<Refused>, outcome: Outcome) {
        if self.ended.is_none() {
            let Refused { fault, rule, .. } = why.into();
            self.log.write("session_ended", json!({"code": fault}));
            emit(
                "ended",
                json!({"code": fault, "text": fault.text(), "rule": rule}),
            );
            self.ended = Some(outcome);
        }
    }

    /// The person here leaves.
    pub fn leave(&mut self) {
        self.tell(&ToRelay::Leave {});
        self.log.write("session_ended", json!({"left": true}));
        emit(
            "ended",
            json!({"code": null, "text": "You left the session.", "rule": null}),
        );
        self.ended = Some(Outcome::Ended);
    }

    /// How it ended, once it did.
    pub fn ended(&self) -> Option<Outcome> {
        self.ended
    }

    /// Sends a line to all of these. Gives whether one of them could take it; only then its number is used.
    fn send_line<'a>(
        &mut self,
        id: u32,
        message: &[u8],
        to: impl IntoIterator<Item = &'a mut Sealed>,
    ) -> bool {
        let now = self.clock.now();
        let mut sent = false;
        for sealed in to {
            sent |= sealed.send(Channel::Chat, message, now).is_ok();
        }
        if sent {
            self.lines = id;
        }
        sent
    }
}

/// A line, and the helper who wrote it. A helper writes lines of its own only.
fn heard(over: Option<PairId>, message: &[u8]) -> Result<(Option<PairId>, ChatLine), Malformed> {
    let line = ChatLine::decode(message)?;
    match (over, line.author) {
        (Some(_), Some(author)) => Err(Malformed::Value {
            field: "author",
            value: u64::from(author.number()) + 1,
        }),
        (over, author) => Ok((over.or(author), line)),
    }
}

/// The program cannot go on before there is a conversation.
pub fn failed(log: &mut EventLog, fault: Fault, text: &str) -> Outcome {
    emit_fault(fault, Some(text));
    log.write("failed", json!({"code": fault, "text": text}));
    Outcome::Failed
}

/// Signs in and connects. If a rule asks for another sign-in than the first one, there is a second.
async fn reach(
    way: &Way,
    entropy: &mut System,
    said: &mut Commands,
) -> Result<(SignedIn, Reached), NotReached> {
    match attempt(way, None, entropy, said).await {
        Err(NotReached::Refused(why)) if why.step_up.is_some() => {
            attempt(way, Some(&why), entropy, said).await
        }
        tried => tried,
    }
}

async fn attempt(
    way: &Way,
    why: Option<&Refused>,
    entropy: &mut System,
    said: &mut Commands,
) -> Result<(SignedIn, Reached), NotReached> {
    let signed_in = way.sign_in(Keys::draw(entropy)?, why, said).await?;
    let reached = way.connect(&signed_in).await?;
    Ok((signed_in, reached))
}

fn not_reached(log: &mut EventLog, error: &NotReached) -> Outcome {
    failed(log, error.fault(), &error.to_string())
}

fn told_signed_in(log: &mut EventLog, you: &Peer) {
    emit(
        "signed_in",
        json!({"name": you.name, "subject": you.subject, "issuer": you.issuer}),
    );
    log.write("signed_in", json!({"subject": you.subject}));
}

/// The host of an address, without its port.
fn host(address: &str) -> String {
    let rest = address.strip_prefix("https://").unwrap_or(address);
    let host = rest.split(['/', ':', '?', '#']).next().unwrap_or(rest);
    host.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(author: Option<PairId>) -> Vec<u8> {
        let text = "Good morning".to_owned();
        ChatLine {
            id: 7,
            author,
            text,
        }
        .encode()
        .unwrap()
    }

    /// Who wrote a line, as (id, author), or that it cannot be read.
    fn told(over: Option<PairId>, author: Option<PairId>) -> Option<(u32, Option<PairId>)> {
        let (pair, line) = heard(over, &line(author)).ok()?;
        Some((line.id, pair))
    }

    #[test]
    fn a_sharer_hears_the_pair_of_a_line_and_a_helper_its_author() {
        let second = PairId::new(1);
        assert_eq!(told(second, None), Some((7, second)));
        assert_eq!(told(None, None), Some((7, None)), "the sharer's own");
        assert_eq!(told(None, second), Some((7, second)), "passed on");
    }

    #[test]
    fn a_helper_cannot_write_for_another() {
        assert_eq!(told(Some(PairId::FIRST), PairId::new(1)), None);
    }
}
