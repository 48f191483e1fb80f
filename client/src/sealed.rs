//! One end of a sealed session on a running carrier: seals, obeys and grants credit, and tells the news.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use carrier::Sender;
use policy::{InputPass, PairId};
use seal::handshake::Established;
use seal::{Control, End, Limits, NotNow, Output, Secret, SendError};
use tracing::{debug, warn};
use wire::{Allowance, Channel, Credit, Envelope, Frame, Window};

/// What the other end said, or what has to be done.
#[derive(Debug, PartialEq)]
pub enum News {
    /// A message on a channel.
    Message(Channel, Bytes),
    /// A control message.
    Control(Control),
    /// The helper has the picture up to here.
    Acknowledged(u64),
    /// The picture has to start afresh.
    RestartPicture,
    /// Input was given up: release every key.
    InputGivenUp(u64),
    /// Begin a new generation at the same level.
    KeysWear,
    /// The session is lost.
    Lost,
}

/// Drives an [`End`].
pub struct Sealed {
    end: End,
    pair: PairId,
    sender: Sender,
    outgoing: Vec<Outgoing>,
    windows: Vec<(Channel, Window)>,
    news: VecDeque<News>,
    dropped: u64,
    /// Changes of carrier so far, modulo 256.
    round: u8,
    /// The round that the other end has begun. While it is another one, what could overtake the relay's word of it waits.
    peer_round: u8,
    /// Whether one of the two ends is without a carrier.
    is_away: bool,
}

/// One channel on its way out.
struct Outgoing {
    channel: Channel,
    allowance: Allowance,
    /// Sealed records that wait for credit. What is sealed is never dropped, so callers look at [`Sealed::room`] first.
    waiting: VecDeque<Envelope>,
}

impl Sealed {
    /// The end that a handshake made, on this carrier.
    pub fn new(established: &Established, pair: PairId, sender: Sender) -> Self {
        Self {
            end: End::new(established, pair, Limits::default()),
            pair,
            sender,
            outgoing: Channel::ALL.map(Outgoing::new).into(),
            windows: fresh_windows(),
            news: VecDeque::new(),
            dropped: 0,
            round: 0,
            peer_round: 0,
            is_away: false,
        }
    }

    /// One of the two ends has lost its carrier: what could not arrive waits here.
    pub fn hold(&mut self) {
        self.is_away = true;
    }

    /// One of the two ends has another carrier, and the pair is in this round: credit starts afresh, and what is missing is asked for.
    /// Records that wait here are kept as sealed bytes where they matter (SPEC 10.2).
    pub fn carrier_changed(&mut self, round: u8, now: Duration) {
        self.round = round;
        self.is_away = false;
        self.outgoing = Channel::ALL.map(Outgoing::new).into();
        self.windows = fresh_windows();
        self.end.carrier_changed(round, now);
        self.drain();
    }

    /// Seals and sends a message. Gives the counter after its last record.
    pub fn send(
        &mut self,
        channel: Channel,
        message: &[u8],
        now: Duration,
    ) -> Result<u64, SendError> {
        let sent = self.end.send(channel, message, now);
        self.drain();
        sent
    }

    /// Sends a control message; one that cannot be sent is told in the log, and the session goes on.
    pub fn control(&mut self, control: &Control, now: Duration) {
        if let Err(error) = self.end.send_control(control, now) {
            warn!(%error, "a control message was not sent");
        }
        self.drain();
    }

    /// Whether another message of this channel would leave at once: credit is left and nothing waits.
    pub fn room(&self, channel: Channel) -> bool {
        let room = |lane: &Outgoing| lane.waiting.is_empty() && lane.allowance.left() > 0;
        !self.is_held() && self.lane(channel).is_some_and(room)
    }

    /// Takes a record that arrived.
    pub fn handle_record(&mut self, envelope: Envelope, now: Duration) {
        let channel = envelope.header().channel;
        let bytes = u64::try_from(envelope.frame().len()).unwrap_or(u64::MAX);
        self.end.handle_record(envelope, now);
        self.drain();
        let window = self.windows.iter_mut().find(|(of, _)| *of == channel);
        if let Some(limit) = window.and_then(|(_, window)| window.consume(bytes)) {
            self.push(Frame::Credit(Credit {
                pair: self.pair,
                channel,
                round: self.round,
                limit,
            }));
        }
    }

    /// The other end takes more.
    pub fn handle_credit(&mut self, credit: Credit) {
        if credit.round != self.round {
            return;
        }
        if let Some(lane) = self.lane_mut(credit.channel) {
            lane.allowance.grant(credit.limit);
        }
        self.flush(credit.channel);
    }

    /// Sharer: begins a generation.
    pub fn begin(
        &mut self,
        generation: u32,
        secret: &Secret,
        pass: Option<InputPass>,
        now: Duration,
    ) -> Result<(), NotNow> {
        let begun = self.end.begin(generation, secret, pass, now);
        self.drain();
        begun
    }

    /// Sharer: wipes the keys for input at once.
    pub fn deny_input(&mut self) {
        self.end.deny_input();
    }

    /// Sharer: the picture goes on in a new context.
    pub fn restart_picture(&mut self, now: Duration) {
        self.end.restart_picture(now);
        self.drain();
    }

    /// Helper: gives up all input that the sharer may not have. Gives the number of records.
    pub fn discard_input(&mut self, now: Duration) -> u64 {
        let records = self.end.discard_input(now);
        self.drain();
        records
    }

    /// Acknowledges at once what was delivered.
    pub fn flush_acks(&mut self, now: Duration) {
        self.end.flush_acks(now);
        self.drain();
    }

    /// Does what is due.
    pub fn handle_timeout(&mut self, now: Duration) {
        self.end.handle_timeout(now);
        self.drain();
    }

    /// When [`Sealed::handle_timeout`] has to be called next.
    pub fn poll_timeout(&self) -> Option<Duration> {
        self.end.poll_timeout()
    }

    /// The next news.
    pub fn poll_news(&mut self) -> Option<News> {
        self.news.pop_front()
    }

    /// The generation that this end seals with.
    pub fn generation(&self) -> u32 {
        self.end.generation()
    }

    /// Records that were dropped because they were doubled, forged or out of place.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    fn drain(&mut self) {
        while let Some(output) = self.end.poll_output() {
            let news = match output {
                Output::Send(envelope) => {
                    let channel = envelope.header().channel;
                    if let Some(lane) = self.lane_mut(channel) {
                        lane.waiting.push_back(envelope);
                    }
                    self.flush(channel);
                    continue;
                }
                Output::Dropped(why) => {
                    debug!(?why, "a record was dropped");
                    self.dropped += 1;
                    continue;
                }
                Output::Message { channel, message } => News::Message(channel, message),
                Output::Control(control) => News::Control(control),
                Output::Acknowledged { next } => News::Acknowledged(next),
                Output::RestartPicture => News::RestartPicture,
                Output::InputGivenUp { records } => News::InputGivenUp(records),
                Output::Resumed { round } => {
                    self.peer_round = round;
                    for channel in Channel::ALL {
                        self.flush(channel);
                    }
                    continue;
                }
                Output::KeysWear => News::KeysWear,
                Output::Lost => News::Lost,
            };
            self.news.push_back(news);
        }
    }

    /// Sends what credit allows.
    fn flush(&mut self, channel: Channel) {
        if self.is_held() && channel.priority() > 0 {
            return;
        }
        let mut ready = vec![];
        if let Some(lane) = self.lane_mut(channel) {
            while lane.allowance.left() > 0 {
                let Some(envelope) = lane.waiting.pop_front() else {
                    break;
                };
                lane.allowance
                    .spend(u64::try_from(envelope.frame().len()).unwrap_or(u64::MAX));
                ready.push(envelope);
            }
        }
        for envelope in ready {
            self.push(Frame::Sealed(envelope));
        }
    }

    fn is_held(&self) -> bool {
        self.is_away || self.peer_round != self.round
    }

    fn push(&mut self, frame: Frame) {
        if self.sender.send(frame) == Err(carrier::Full) {
            warn!("the relay takes nothing any more");
            self.sender.close();
        }
    }

    fn lane(&self, channel: Channel) -> Option<&Outgoing> {
        self.outgoing.iter().find(|lane| lane.channel == channel)
    }

    fn lane_mut(&mut self, channel: Channel) -> Option<&mut Outgoing> {
        self.outgoing
            .iter_mut()
            .find(|lane| lane.channel == channel)
    }
}

impl Outgoing {
    fn new(channel: Channel) -> Self {
        Self {
            channel,
            allowance: Allowance::new(channel),
            waiting: VecDeque::new(),
        }
    }
}

fn fresh_windows() -> Vec<(Channel, Window)> {
    let windows = Channel::ALL.map(|channel| (channel, Window::new(channel)));
    windows.into()
}
