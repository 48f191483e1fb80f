//! Levels: the helper asks, policy decides, the sharer consents, a grant stands, and is renewed.

use std::time::Duration;

use policy::{Grant, Level, Permit, Question, Reply, Request, SessionId, consent, decide, lower};
use wire::{Fault, FromRelay, Route};

use crate::broker::{Broker, Effects, send};
use crate::effect::{Effect, EndReason, Entry};
use crate::input::ConnectionId;
use crate::pairing::fault_of;
use crate::rules::Rules;
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
        let asked = self.permit(connection, level);
        let permit = match asked {
            Ok(permit) => permit,
            Err(fault) => return send(out, connection, FromRelay::faulted(fault)),
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
        if paired.question.is_some() {
            return send(out, connection, FromRelay::faulted(Fault::NotNow));
        }
        if let Some(grant) = paired.grant.as_ref().filter(|grant| level < grant.level) {
            // Down is instant: the channels close before the sharer has answered.
            let (pair, helper, sharer) = (grant.pair, *helper, paired.sharer);
            let route = Route::granted(level);
            out.push(Effect::Route {
                session,
                pair,
                helper,
                sharer,
                route,
            });
        }
        let question = Question::new(permit, paired.grant.is_none(), now);
        let within = (question.until() - now).as_secs();
        let within = u32::try_from(within).unwrap_or(u32::MAX);
        paired.question = Some(question);
        send(
            out,
            paired.sharer,
            FromRelay::Asked {
                pair: Session::PAIR,
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
        now: Duration,
        out: &mut Effects,
    ) {
        let unasked = self.permit(connection, reply.level);
        let Some(session) = self.session_of(connection) else {
            return;
        };
        let Some(found) = self.sessions.get_mut(&session) else {
            return;
        };
        let helper = found.helper;
        let Stage::Paired(paired) = &mut found.stage else {
            return send(out, connection, FromRelay::faulted(Fault::NotNow));
        };
        let level = reply.level;
        let result = match (paired.question.take(), &paired.grant) {
            (Some(question), grant) if question.permit().level() == level => {
                consent(question, reply, grant.as_ref(), now)
            }
            (question, Some(grant)) => {
                paired.question = question;
                match unasked {
                    Ok(permit) => lower(&permit, reply, grant),
                    Err(fault) => {
                        return send(out, connection, FromRelay::faulted(fault));
                    }
                }
            }
            (question, None) => {
                paired.question = question;
                return send(out, connection, FromRelay::faulted(Fault::NotNow));
            }
        };
        match result {
            Ok(grant) => grant_stands(paired, helper, grant, out),
            Err(refusal) => refused(refusal, level, helper, connection, out),
        }
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
        match self.permit(connection, level) {
            Err(_) => {
                let told = Fault::MayNotLevel;
                self.end(session, EndReason::PermissionRemoved, told, told, now, out);
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
                    send(out, connection, granted(grant));
                }
            }
        }
    }

    /// Rules changed: what a live session has is decided afresh (DESIGN 6).
    pub(crate) fn change_rules(&mut self, rules: Rules, now: Duration, out: &mut Effects) {
        self.rules = rules;
        let live: Vec<(SessionId, ConnectionId, Level)> = self
            .sessions
            .values()
            .filter_map(|found| match &found.stage {
                Stage::Paired(paired) => {
                    Some((found.id, paired.sharer, paired.grant.as_ref()?.level))
                }
                Stage::Offered(_) | Stage::Claimed(_) | Stage::Recording(_) => None,
            })
            .collect();
        for (session, sharer, level) in live {
            if self.permit(sharer, level).is_err() {
                let told = Fault::MayNotLevel;
                self.end(session, EndReason::PermissionRemoved, told, told, now, out);
            }
        }
    }

    /// Decides for the helper of the session that this connection is in.
    fn permit(&self, connection: ConnectionId, level: Level) -> Result<Permit, Fault> {
        let session = self.session_of(connection).ok_or(Fault::NotNow)?;
        let found = self.sessions.get(&session).ok_or(Fault::NotNow)?;
        let Stage::Paired(paired) = &found.stage else {
            return Err(Fault::NotNow);
        };
        let helper = &found.helper_person;
        let request = Request {
            session,
            pair: Session::PAIR,
            helper: helper.id.clone(),
            hash: paired.hash,
            level,
        };
        let permissions = self.rules.effective(helper, &paired.sharer_person);
        decide(request, permissions, self.rules.tenant(helper)).map_err(fault_of)
    }

    /// The level that stands in this generation.
    fn standing(&self, session: SessionId, generation: u32) -> Option<Level> {
        match &self.sessions.get(&session)?.stage {
            Stage::Paired(Paired {
                grant: Some(grant), ..
            }) if grant.generation == generation => Some(grant.level),
            Stage::Offered(_) | Stage::Claimed(_) | Stage::Recording(_) | Stage::Paired(_) => None,
        }
    }
}

fn grant_stands(paired: &mut Paired, helper: ConnectionId, grant: Grant, out: &mut Effects) {
    let (session, pair, level) = (grant.session, grant.pair, grant.level);
    let sharer = paired.sharer;
    out.push(Effect::Record {
        session,
        pair,
        entry: Entry::Level(level),
    });
    out.push(Effect::Route {
        session,
        pair,
        helper,
        sharer,
        route: Route::granted(level),
    });
    paired.grant = Some(grant.clone());
    send(out, sharer, granted(grant.clone()));
    send(out, helper, granted(grant));
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

fn granted(grant: Grant) -> FromRelay {
    FromRelay::Granted {
        pair: grant.pair,
        session: grant.session,
        level: grant.level,
        generation: grant.generation,
        sequence: grant.sequence,
        hash: grant.hash,
        nonce: grant.nonce,
    }
}
