//! Levels: the helper asks, policy decides, the sharer consents, a grant stands, and is renewed.

use std::time::Duration;

use identity::GrantToken;
use policy::{Grant, Level, PairId, Question, Reply, consent, lower};
use wire::{Fault, FromRelay, Signed};

use crate::broker::{Broker, Effects, send};
use crate::effect::{Effect, EndReason, Entry};
use crate::evidence::{self, About};
use crate::input::ConnectionId;
use crate::pair::{Paired, Place};
use crate::pairing::refuse;

impl Broker {
    /// The helper asks for a level. A lower one than now is taken at once and the sharer's client is told to count on.
    pub(crate) fn ask(
        &mut self,
        connection: ConnectionId,
        place: Place,
        level: Level,
        now: Duration,
        out: &mut Effects,
    ) {
        let permit = match self.permit(place, level, now) {
            Ok(permit) => permit,
            Err(told) => return refuse(out, connection, told),
        };
        let Some((helper, paired)) = self.paired_mut(place) else {
            return;
        };
        if paired.standing().is_some_and(|standing| level < standing) {
            // Down is instant: the channels close before the sharer has answered, whatever is being asked.
            step_down(place, helper, paired, level, out);
        } else if paired.question.is_some() {
            return send(out, connection, FromRelay::faulted(Fault::NotNow));
        }
        put_question(
            place.pair,
            paired,
            Question::new(&permit, paired.grant.is_none(), now),
            now,
            out,
        );
    }

    /// The sharer answers a question, or lowers the level by itself.
    pub(crate) fn consent(
        &mut self,
        connection: ConnectionId,
        place: Place,
        reply: Reply,
        signed: Option<&Signed>,
        now: Duration,
        out: &mut Effects,
    ) {
        let level = reply.level;
        let evidence = match self.evidence(place, &reply, signed) {
            Ok(evidence) => evidence,
            Err(fault) => return self.unsigned(connection, place, level, fault, out),
        };
        // Rules may have changed since the question was put: the answer is decided for by itself.
        let permit = self.permit(place, level, now);
        let Some((helper, paired)) = self.paired_mut(place) else {
            return send(out, connection, FromRelay::faulted(Fault::NotNow));
        };
        let asked = paired.question.filter(|question| question.level() == level);
        let unasked = reply.allowed && paired.standing().is_some_and(|now| level <= now);
        let result = match (asked, &paired.grant, permit) {
            (Some(_), _, Err(told)) => {
                return withdraw(place.pair, paired, helper, told.fault, out);
            }
            (Some(question), last, Ok(permit)) => {
                paired.question = None;
                consent(question, &permit, reply, last.as_ref(), now)
            }
            (None, Some(last), Ok(permit)) if unasked => lower(&permit, reply, last),
            // An answer to a question that is gone was on its way when the question was taken back: late, not hostile.
            (None, _, _) => return send(out, connection, FromRelay::faulted(Fault::NotNow)),
        };
        match result {
            Ok(grant) => self.grant_stands(place, grant, evidence, now, out),
            Err(refusal) => refused(refusal, (place.pair, level), helper, connection, out),
        }
    }

    /// The sharer's signature under a yes; a no needs none.
    fn evidence(
        &self,
        place: Place,
        reply: &Reply,
        signed: Option<&Signed>,
    ) -> Result<Option<Entry>, Fault> {
        let (found, paired) = self.paired(place).ok_or(Fault::NotNow)?;
        if !reply.allowed {
            return Ok(None);
        }
        let about = About {
            place,
            helper: &found.helper_person,
            paired,
            asked: paired
                .question
                .is_some_and(|question| question.level() == reply.level),
            scripted: self.rules.settings(&found.helper_person).scripted_consent,
        };
        let signed = signed.ok_or(Fault::SecurityCheck)?;
        evidence::check(&about, reply, signed).map(Some)
    }

    /// A consent without a good signature is no answer: the helper is told of a failed check, the question stays open for a good one.
    fn unsigned(
        &self,
        connection: ConnectionId,
        place: Place,
        level: Level,
        fault: Fault,
        out: &mut Effects,
    ) {
        let found = self.pairs.get(&place);
        if let (Fault::SecurityCheck | Fault::PeerDiffers, Some(found)) = (fault, found) {
            send(out, found.helper, FromRelay::Declined { level, fault });
        }
        send(out, connection, FromRelay::faulted(fault));
    }

    /// The sharer's challenge: the helper is decided for afresh, and the grant lives on.
    pub(crate) fn renew(
        &mut self,
        connection: ConnectionId,
        place: Place,
        generation: u32,
        nonce: String,
        now: Duration,
        out: &mut Effects,
    ) {
        let Some(level) = self.standing(place, generation) else {
            return;
        };
        match self.permit(place, level, now) {
            // Nothing is renewed until the helper has read the warning; the sharer's client stops input and picture by itself.
            Err(told) if told.fault == Fault::AcknowledgeFirst => {}
            Err(told) => {
                let reason = EndReason::PermissionRemoved;
                self.end(place, reason, told.clone(), told, now, out);
            }
            Ok(permit) => {
                let Some((_, paired)) = self.paired_mut(place) else {
                    return;
                };
                let Some(last) = &paired.grant else { return };
                if let Ok(grant) = policy::renew(&permit, last, nonce) {
                    paired.grant = Some(grant.clone());
                    out.push(Effect::Grant {
                        sharer: connection,
                        helper: None,
                        grant: Box::new(bound(paired, grant)),
                    });
                }
            }
        }
    }

    /// The level that stands in this generation, and that the helper has not given up.
    fn standing(&self, place: Place, generation: u32) -> Option<Level> {
        let (_, paired) = self.paired(place)?;
        let grant = paired.grant.as_ref()?;
        let stands = paired.lowered.is_none() && grant.generation == generation;
        stands.then_some(grant.level)
    }

    fn grant_stands(
        &mut self,
        place: Place,
        grant: Grant,
        evidence: Option<Entry>,
        now: Duration,
        out: &mut Effects,
    ) {
        let level = grant.level;
        if level.includes_input() {
            self.take_input_from_others(place, now, out);
        }
        let Some((helper, paired)) = self.paired_mut(place) else {
            return;
        };
        let first = paired.grant.is_none();
        for entry in [Entry::Level(level)].into_iter().chain(evidence) {
            out.push(place.record(entry));
        }
        out.push(place.route(helper, paired.sharer, paired.route(level)));
        paired.lowered = None;
        paired.grant = Some(grant.clone());
        out.push(Effect::Grant {
            sharer: paired.sharer,
            helper: Some(helper),
            grant: Box::new(bound(paired, grant)),
        });
        if first {
            self.relieve(place, now, out);
        }
    }

    /// One helper of a session holds input: every other one that does goes down to view, as if it had asked for that (SPEC 6.9).
    fn take_input_from_others(&mut self, holder: Place, now: Duration, out: &mut Effects) {
        let others = self.pairs_of(holder.session).into_iter();
        for place in others.filter(|place| *place != holder) {
            let permit = self.permit(place, Level::View, now);
            let Some((helper, paired)) = self.paired_mut(place) else {
                continue;
            };
            if !paired.standing().is_some_and(Level::includes_input) {
                continue;
            }
            step_down(place, helper, paired, Level::View, out);
            if let Ok(permit) = permit {
                put_question(
                    place.pair,
                    paired,
                    Question::new(&permit, false, now),
                    now,
                    out,
                );
            }
        }
    }
}

/// The channels of the level above close at once; a question that is open is gone.
fn step_down(
    place: Place,
    helper: ConnectionId,
    paired: &mut Paired,
    level: Level,
    out: &mut Effects,
) {
    paired.lowered = Some(level);
    out.push(place.route(helper, paired.sharer, paired.route(level)));
    if paired.question.take().is_some() {
        let pair = place.pair;
        send(out, paired.sharer, FromRelay::Withdrawn { pair });
    }
}

/// Puts a question to the sharer.
fn put_question(
    pair: PairId,
    paired: &mut Paired,
    question: Question,
    now: Duration,
    out: &mut Effects,
) {
    let within = (question.until() - now).as_secs();
    paired.question = Some(question);
    let asked = FromRelay::Asked {
        pair,
        level: question.level(),
        within: u32::try_from(within).unwrap_or(u32::MAX),
    };
    send(out, paired.sharer, asked);
}

/// Takes the open question back, if there is one, and tells both why.
pub(crate) fn withdraw(
    pair: PairId,
    paired: &mut Paired,
    helper: ConnectionId,
    fault: Fault,
    out: &mut Effects,
) {
    let Some(question) = paired.question.take() else {
        return;
    };
    let level = question.level();
    send(out, helper, FromRelay::Declined { level, fault });
    send(out, paired.sharer, FromRelay::Withdrawn { pair });
}

/// The grant with what its signature binds beside it.
fn bound(paired: &Paired, grant: Grant) -> GrantToken {
    GrantToken {
        grant,
        tenant: paired.sharer_person.tenant.0.clone(),
        helper_key: paired.shook.helper_key.0,
    }
}

fn refused(
    refusal: policy::Refusal,
    (pair, level): (PairId, Level),
    helper: ConnectionId,
    sharer: ConnectionId,
    out: &mut Effects,
) {
    match refusal {
        policy::Refusal::Declined => {
            send(
                out,
                helper,
                FromRelay::Declined {
                    level,
                    fault: Fault::Declined,
                },
            );
        }
        policy::Refusal::Late => {
            send(
                out,
                helper,
                FromRelay::Declined {
                    level,
                    fault: Fault::TimedOut,
                },
            );
            send(out, sharer, FromRelay::Withdrawn { pair });
        }
        policy::Refusal::OtherLevel
        | policy::Refusal::OtherHandshake
        | policy::Refusal::OldGeneration => {
            send(
                out,
                helper,
                FromRelay::Declined {
                    level,
                    fault: Fault::SecurityCheck,
                },
            );
            send(out, sharer, FromRelay::faulted(Fault::SecurityCheck));
        }
    }
}
