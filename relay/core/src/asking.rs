//! Levels: the helper asks, policy decides, the sharer consents, a grant stands, and is renewed.

use std::time::Duration;

use identity::GrantToken;
use policy::{Grant, Level, Question, Reply, SessionId, consent, lower};
use wire::{Fault, FromRelay, Signed};

use crate::broker::{Broker, Effects, send};
use crate::effect::{Effect, EndReason, Entry};
use crate::evidence::{self, About};
use crate::input::ConnectionId;
use crate::pairing::refuse;
use crate::session::{Paired, Session, Stage};

impl Broker {
    /// The helper asks for a level. A lower one than now is taken at once and the sharer's client is told to count on.
    pub(crate) fn ask(
        &mut self,
        connection: ConnectionId,
        level: Level,
        now: Duration,
        out: &mut Effects,
    ) {
        let asked = self.permit(connection, level, now);
        let permit = match asked {
            Ok(permit) => permit,
            Err(told) => return refuse(out, connection, told),
        };
        let session = permit.request().session;
        let Some(Session {
            stage: Stage::Paired(paired),
            helper,
            ..
        }) = self.sessions.get_mut(&session)
        else {
            return;
        };
        let (helper, sharer, pair) = (*helper, paired.sharer, Session::PAIR);
        if paired.standing().is_some_and(|standing| level < standing) {
            // Down is instant: the channels close before the sharer has answered, whatever is being asked.
            paired.lowered = Some(level);
            let route = paired.route(level);
            out.push(Effect::Route {
                session,
                pair,
                helper,
                sharer,
                route,
            });
            if paired.question.take().is_some() {
                send(out, sharer, FromRelay::Withdrawn { pair });
            }
        } else if paired.question.is_some() {
            return send(out, connection, FromRelay::faulted(Fault::NotNow));
        }
        let question = Question::new(&permit, paired.grant.is_none(), now);
        let within = (question.until() - now).as_secs();
        let within = u32::try_from(within).unwrap_or(u32::MAX);
        paired.question = Some(question);
        send(
            out,
            sharer,
            FromRelay::Asked {
                pair,
                level,
                within,
            },
        );
    }

    /// The sharer answers a question, or lowers the level by itself.
    pub(crate) fn consent(
        &mut self,
        connection: ConnectionId,
        reply: Reply,
        signed: Option<&Signed>,
        now: Duration,
        out: &mut Effects,
    ) {
        let level = reply.level;
        let evidence = match self.evidence(connection, &reply, signed) {
            Ok(evidence) => evidence,
            Err(fault) => return self.unsigned(connection, level, fault, out),
        };
        // Rules may have changed since the question was put: the answer is decided for by itself.
        let permit = self.permit(connection, level, now);
        let session = self.session_of(connection);
        let Some(Session {
            stage: Stage::Paired(paired),
            helper,
            ..
        }) = session.and_then(|session| self.sessions.get_mut(&session))
        else {
            return send(out, connection, FromRelay::faulted(Fault::NotNow));
        };
        let helper = *helper;
        let asked = paired.question.filter(|question| question.level() == level);
        let unasked = reply.allowed && paired.standing().is_some_and(|now| level <= now);
        let result = match (asked, &paired.grant, permit) {
            (Some(_), _, Err(told)) => return withdraw(paired, helper, told.fault, out),
            (Some(question), last, Ok(permit)) => {
                paired.question = None;
                consent(question, &permit, reply, last.as_ref(), now)
            }
            (None, Some(last), Ok(permit)) if unasked => lower(&permit, reply, last),
            // An answer to a question that is gone was on its way when the question was taken back: late, not hostile.
            (None, _, _) => return send(out, connection, FromRelay::faulted(Fault::NotNow)),
        };
        match result {
            Ok(grant) => grant_stands(paired, helper, grant, evidence, out),
            Err(refusal) => refused(refusal, level, helper, connection, out),
        }
    }

    /// The sharer's signature under a yes; a no needs none.
    fn evidence(
        &self,
        connection: ConnectionId,
        reply: &Reply,
        signed: Option<&Signed>,
    ) -> Result<Option<Entry>, Fault> {
        let session = self.session_of(connection);
        let found = session.and_then(|session| self.sessions.get(&session));
        let Some((found, Stage::Paired(paired))) = found.map(|found| (found, &found.stage)) else {
            return Err(Fault::NotNow);
        };
        if !reply.allowed {
            return Ok(None);
        }
        let about = About {
            session: found.id,
            pair: Session::PAIR,
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
    fn unsigned(&self, connection: ConnectionId, level: Level, fault: Fault, out: &mut Effects) {
        let session = self.session_of(connection);
        let found = session.and_then(|session| self.sessions.get(&session));
        if let (Fault::SecurityCheck | Fault::PeerDiffers, Some(found)) = (fault, found) {
            send(out, found.helper, FromRelay::Declined { level, fault });
        }
        send(out, connection, FromRelay::faulted(fault));
    }

    /// The sharer's challenge: the helper is decided for afresh, and the grant lives on.
    pub(crate) fn renew(
        &mut self,
        connection: ConnectionId,
        generation: u32,
        nonce: String,
        now: Duration,
        out: &mut Effects,
    ) {
        let Some(session) = self.session_of(connection) else {
            return;
        };
        let Some(level) = self.standing(session, generation) else {
            return;
        };
        match self.permit(connection, level, now) {
            // Nothing is renewed until the helper has read the warning; the sharer's client stops input and picture by itself.
            Err(told) if told.fault == Fault::AcknowledgeFirst => {}
            Err(told) => {
                let reason = EndReason::PermissionRemoved;
                self.end(session, reason, told.clone(), told, now, out);
            }
            Ok(permit) => {
                let Some(found) = self.sessions.get_mut(&session) else {
                    return;
                };
                let Stage::Paired(paired) = &mut found.stage else {
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
    fn standing(&self, session: SessionId, generation: u32) -> Option<Level> {
        match &self.sessions.get(&session)?.stage {
            Stage::Paired(Paired {
                grant: Some(grant),
                lowered: None,
                ..
            }) if grant.generation == generation => Some(grant.level),
            Stage::Offered(_) | Stage::Claimed(_) | Stage::Recording(_) | Stage::Paired(_) => None,
        }
    }
}

/// Takes the open question back, if there is one, and tells both why.
pub(crate) fn withdraw(paired: &mut Paired, helper: ConnectionId, fault: Fault, out: &mut Effects) {
    let Some(question) = paired.question.take() else {
        return;
    };
    let (pair, level) = (Session::PAIR, question.level());
    send(out, helper, FromRelay::Declined { level, fault });
    send(out, paired.sharer, FromRelay::Withdrawn { pair });
}

fn grant_stands(
    paired: &mut Paired,
    helper: ConnectionId,
    grant: Grant,
    evidence: Option<Entry>,
    out: &mut Effects,
) {
    let (session, pair, level) = (grant.session, grant.pair, grant.level);
    let sharer = paired.sharer;
    for entry in [Entry::Level(level)].into_iter().chain(evidence) {
        out.push(Effect::Record {
            session,
            pair,
            entry,
        });
    }
    out.push(Effect::Route {
        session,
        pair,
        helper,
        sharer,
        route: paired.route(level),
    });
    paired.lowered = None;
    paired.grant = Some(grant.clone());
    out.push(Effect::Grant {
        sharer,
        helper: Some(helper),
        grant: Box::new(bound(paired, grant)),
    });
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
    level: Level,
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
            send(
                out,
                sharer,
                FromRelay::Withdrawn {
                    pair: Session::PAIR,
                },
            );
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
