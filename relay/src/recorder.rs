//! The recorder: writes session records in order, signs of life every ten seconds, and purges what is 30 days old.

use std::sync::Arc;
use std::time::Duration;

use ::carrier::Kind;
use ::identity::{ConsentText, PublicKey, Signature};
use policy::{PairId, PublicBytes, SessionId};
use relay_core::{EndReason, Entry, Input};
use relay_store::{
    Carrier, Consent, Consents, End, Error, Feature, Features, Live, NewRecord, PENDING_LIMIT,
    Person, Quality, Records, Sqlite, Time, Usage,
};
use serde_json::json;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};
use tracing::{debug, error, info, warn};
use wire::{Channel, Channels, Fault, FromRelay, Ui};

use crate::clock::time_of_day;
use crate::hub::{Event, Inbox, Member};
use crate::metrics::Metrics;

/// Where lines for the record are put.
pub(crate) struct Recorder(mpsc::Sender<Job>);

/// What waits for the writer, in order.
enum Job {
    /// Write this.
    Write(Box<Line>),
    /// Tell these clients: what was to be written before has been.
    Tell(Vec<Member>, Box<FromRelay>),
}

/// One entry of a record, with what the forwarder counted so far.
pub(crate) struct Line {
    pub(crate) session: SessionId,
    pub(crate) pair: PairId,
    pub(crate) entry: Entry,
    pub(crate) seen: Option<Seen>,
}

/// What the forwarder counted of a pair: bytes and channels of each direction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub(crate) session: SessionId,
    pub(crate) pair: PairId,
    pub(crate) to_helper: (u64, Channels),
    pub(crate) to_sharer: (u64, Channels),
    pub(crate) quality: wire::Quality,
    /// What carries, at the helper and at the sharer.
    pub(crate) carriers: [Option<Kind>; 2],
}

struct Writer {
    store: Arc<Sqlite>,
    hub: Inbox,
    metrics: Arc<Metrics>,
}

impl Recorder {
    /// Starts the task that writes. It ends when the recorder is dropped and everything is written.
    pub(crate) fn start(
        store: Arc<Sqlite>,
        hub: Inbox,
        metrics: Arc<Metrics>,
    ) -> (Self, JoinHandle<()>) {
        let (sender, jobs) = mpsc::channel(WAITING);
        let writer = Writer {
            store,
            hub,
            metrics,
        };
        (Self(sender), tokio::spawn(writer.run(jobs)))
    }

    /// Hands a line over. Lines of one session are written in this order.
    pub(crate) async fn write(&self, line: Line) {
        if self.0.send(Job::Write(Box::new(line))).await.is_err() {
            error!("the recorder is gone; a line of the record is lost");
        }
    }

    /// Tells clients something once every line that was handed over before is written: nobody is told of a level that a crash could
    /// still take out of the record. Lines that could not be written hold nothing up: sessions that run go on (RH-1801).
    pub(crate) async fn tell(&self, to: Vec<Member>, message: FromRelay) {
        if self.0.send(Job::Tell(to, Box::new(message))).await.is_err() {
            debug!("the recorder is gone; the relay stops");
        }
    }
}

impl Writer {
    async fn run(self, mut jobs: mpsc::Receiver<Job>) {
        let mut touch = every(TOUCH);
        let mut purge = every(PURGE);
        let mut pending = every(PENDING_LIMIT);
        pending.reset();
        loop {
            tokio::select! {
                job = jobs.recv() => match job {
                    Some(Job::Write(line)) => self.write(*line).await,
                    Some(Job::Tell(to, message)) => to.iter().for_each(|member| member.tell(&message)),
                    None => return,
                },
                _ = touch.tick() => self.touch(),
                _ = purge.tick() => self.purge().await,
                _ = pending.tick() => self.close_pending().await,
            }
        }
    }

    async fn write(&self, line: Line) {
        let Line {
            session,
            pair,
            entry,
            seen,
        } = line;
        let now = time_of_day();
        let written = match entry {
            entry @ Entry::Open { .. } => {
                if let Some(record) = new_record(session, pair, entry, now) {
                    let opened = self.store.open(&record).await;
                    self.answer(session, pair, opened);
                }
                return;
            }
            Entry::Compliance {
                state,
                action,
                acknowledged,
            } => {
                info!(%session, %state, %action, acknowledged, "the helper knows the state of the device");
                let state = compliance(state);
                let noted = self
                    .store
                    .note_compliance(session, pair, state, acknowledged, now);
                noted.await
            }
            Entry::Consent {
                text,
                signature,
                key,
            } => {
                info!(%session, level = %text.level, ui = ?text.ui, "the sharer signed a consent");
                let consent = consent(&text, &signature, key, now);
                self.store.keep(&consent).await.map(|()| true)
            }
            Entry::Report(text) => {
                info!(%session, has_text = text.is_some(), "the sharer reported the helper");
                return;
            }
            Entry::Level(level) => self.store.note_level(session, pair, level, now).await,
            Entry::End(reason) => {
                let end = End {
                    at: now,
                    reason: end_reason(reason),
                    usage: seen.map(usage),
                };
                self.store.end(session, pair, end).await
            }
        };
        if let Err(error) = written {
            self.metrics.store_failed();
            error!(%session, %error, "a line of the record could not be written");
        }
    }

    /// Tells the broker whether the row is durable: without it there is no pair.
    fn answer(&self, session: SessionId, pair: PairId, opened: Result<(), Error>) {
        let input = match opened {
            Ok(()) => {
                info!(%session, "session recorded");
                Input::Recorded { session, pair }
            }
            Err(error) => {
                self.metrics.store_failed();
                error!(%session, %error, "a record could not be opened; the session was refused");
                let fault = if matches!(error, Error::Full) {
                    Fault::StoreFull
                } else {
                    Fault::StoreUnavailable
                };
                Input::NotRecorded {
                    session,
                    pair,
                    fault,
                }
            }
        };
        // The hub may be waiting to hand us a line, so we must not wait for it here.
        self.hub.put_later(input);
    }

    /// Asks the hub what is live and writes it, beside the lines: the hub must never wait for us while we wait for it.
    fn touch(&self) {
        let (hub, store, metrics) = (self.hub.clone(), self.store.clone(), self.metrics.clone());
        tokio::spawn(async move {
            let (ask, answer) = oneshot::channel();
            hub.put(Event::Live(ask)).await;
            let Ok(seen) = answer.await else { return };
            let last_seen = time_of_day();
            let live: Vec<Live> = seen
                .into_iter()
                .map(|seen| Live {
                    session: seen.session,
                    pair: seen.pair,
                    last_seen,
                    usage: usage(seen),
                })
                .collect();
            if let Err(error) = store.touch(&live).await {
                metrics.store_failed();
                warn!(%error, "signs of life could not be written; the next try is in 10 s");
            }
        });
    }

    async fn purge(&self) {
        match self.store.purge(time_of_day()).await {
            Ok(purged) => debug!(records = purged.records, "old records are gone"),
            Err(error) => warn!(%error, "old records could not be deleted; the next try is soon"),
        }
    }

    async fn close_pending(&self) {
        match self.store.close_pending(time_of_day()).await {
            Ok(0) => {}
            Ok(records) => info!(records, "sessions of an earlier run ended as relay_lost"),
            Err(error) => warn!(%error, "records of an earlier run could not be closed yet"),
        }
    }
}

fn usage(seen: Seen) -> Usage {
    let mut features = Features::default();
    for (channel, feature) in [
        (Channel::Picture, Feature::View),
        (Channel::Input, Feature::Control),
        (Channel::Chat, Feature::Chat),
        (Channel::Pointer, Feature::Pointer),
    ] {
        if seen.to_helper.1.contains(channel) || seen.to_sharer.1.contains(channel) {
            features.insert(feature);
        }
    }
    let [helper, sharer] = seen.carriers;
    Usage {
        features,
        helper_carrier: helper.map(carrier_word),
        sharer_carrier: sharer.map(carrier_word),
        quality: Quality {
            p50_ms: rounded(seen.quality.p50_ms),
            p95_ms: rounded(seen.quality.p95_ms),
            fps: rounded(seen.quality.fps),
            stalls: seen.quality.stalls,
            bytes_to_helper: seen.to_helper.0,
            bytes_to_sharer: seen.to_sharer.0,
        },
    }
}

/// A figure of a client as a whole number; what is no sensible figure is none.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is finite and within 0 and 10^6"
)]
fn rounded(figure: f32) -> Option<u32> {
    (figure > 0.0 && figure <= 1e6).then(|| figure.round() as u32)
}

/// What the sharer signed, with every field that the signature is over, so that it can be checked again (SPEC 6.6).
fn consent(text: &ConsentText, signature: &Signature, key: PublicKey, at: Time) -> Consent {
    let document = json!({
        "session": text.session.to_string(),
        "tenant": text.tenant,
        "pair": text.pair.number(),
        "level": text.level.word(),
        "generation": text.generation,
        "hash": text.hash.to_string(),
        "helper_key": PublicBytes(text.helper_key).to_string(),
        "issuer": text.issuer,
        "subject": text.subject,
        "shown": PublicBytes(text.shown).to_string(),
        "at": text.at,
        "ui": match text.ui {
            Ui::Window => "window",
            Ui::Unattended => "unattended",
        },
    });
    Consent {
        session: text.session,
        pair: text.pair,
        generation: text.generation,
        level: text.level,
        document: document.to_string(),
        signature: signature.to_string(),
        public_key: PublicBytes(key.0).to_string(),
        at,
    }
}

/// The first part of a record; `None` for every other part.
fn new_record(session: SessionId, pair: PairId, entry: Entry, now: Time) -> Option<NewRecord> {
    let Entry::Open {
        helper,
        sharer,
        device,
        reason,
        incident,
    } = entry
    else {
        return None;
    };
    Some(NewRecord {
        session,
        pair,
        tenant: helper.tenant.clone(),
        helper: Person {
            id: helper.id,
            name: helper.name,
        },
        sharer: Some(Person {
            id: sharer.id,
            name: sharer.name,
        }),
        compliance: Some((compliance(device.machine.compliance()), false)),
        device: device.id,
        started: now,
        reason,
        incident,
    })
}

fn carrier_word(kind: Kind) -> Carrier {
    match kind {
        Kind::WebSocket => Carrier::WebSocket,
        Kind::Quic => Carrier::Quic,
        Kind::WebTransport => Carrier::WebTransport,
    }
}

fn end_reason(reason: EndReason) -> relay_store::EndReason {
    match reason {
        EndReason::HelperLeft => relay_store::EndReason::HelperLeft,
        EndReason::SharerLeft => relay_store::EndReason::SharerLeft,
        EndReason::HelperLost => relay_store::EndReason::HelperLost,
        EndReason::SharerLost => relay_store::EndReason::SharerLost,
        EndReason::PermissionRemoved => relay_store::EndReason::Revoked,
        EndReason::PersonDisabled => relay_store::EndReason::PersonDisabled,
        EndReason::EndedByAdmin => relay_store::EndReason::EndedByAdmin,
        EndReason::Reported => relay_store::EndReason::Reported,
        EndReason::HandedOver => relay_store::EndReason::HandedOver,
        EndReason::Violation | EndReason::NotRecorded => relay_store::EndReason::Failed,
        EndReason::Drained => relay_store::EndReason::Drained,
    }
}

fn compliance(state: policy::Compliance) -> relay_store::Compliance {
    match state {
        policy::Compliance::Compliant => relay_store::Compliance::Compliant,
        policy::Compliance::NotCompliant => relay_store::Compliance::NotCompliant,
        policy::Compliance::Stale => relay_store::Compliance::Stale,
        policy::Compliance::NotEnrolled => relay_store::Compliance::NotEnrolled,
    }
}

fn every(period: Duration) -> tokio::time::Interval {
    let mut interval = interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

const WAITING: usize = 256;
const TOUCH: Duration = Duration::from_secs(10);
const PURGE: Duration = Duration::from_secs(15 * 60);
