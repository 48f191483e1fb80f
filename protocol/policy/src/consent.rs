//! The sharer's say: a permit and a yes become a grant (PRODUCT 3.6, 3.7, 3.9).

use std::time::Duration;

use crate::{HandshakeHash, Level, PairId, Permit, SessionId};

/// The first question of a session waits this long for an answer (PRODUCT 3.7).
pub const FIRST_ANSWER: Duration = Duration::from_secs(5 * 60);
/// A question for a higher level waits this long (PRODUCT 3.9).
pub const RAISE_ANSWER: Duration = Duration::from_secs(60);
/// A colleague who was asked into a session may take this long to come (SPEC 6.9).
pub const INVITATION_LIFE: Duration = Duration::from_secs(300);
/// A grant lives this long from the moment the sharer made the challenge that it answers (DESIGN 3).
pub const GRANT_LIFE: Duration = Duration::from_secs(30);
/// Without a live grant the picture stops this long after the last challenge that was answered (DESIGN 3).
pub const PICTURE_LIFE: Duration = Duration::from_secs(60);
/// The sharer makes a challenge this often (DESIGN 3).
pub const CHALLENGE_EVERY: Duration = Duration::from_secs(10);

/// A question that was put to the sharer. It holds no permit: the answer needs one of its own time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    level: Level,
    until: Duration,
}

/// What the sharer's client says, bound to one handshake and one generation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The level that the answer is about.
    pub level: Level,
    /// The sharer's count of levels.
    pub generation: u32,
    /// The handshake that the sharer's client made.
    pub hash: HandshakeHash,
    /// Whether the person allowed it.
    pub allowed: bool,
    /// Fresh text of the sharer's client; the grant repeats it.
    pub nonce: String,
}

/// Why a reply makes no grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The person said no.
    Declined,
    /// The answer came after its time.
    Late,
    /// The answer is about another level than the question.
    OtherLevel,
    /// The two ends are not in the same handshake: somebody sits between them.
    OtherHandshake,
    /// The generation was used before.
    OldGeneration,
}

/// A level that stands: decided for, consented to, and answered by the relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The session.
    pub session: SessionId,
    /// Which helper.
    pub pair: PairId,
    /// The level.
    pub level: Level,
    /// The sharer's generation that it is for.
    pub generation: u32,
    /// Rises with every grant of the pair.
    pub sequence: u64,
    /// The handshake that it is for.
    pub hash: HandshakeHash,
    /// The challenge that it answers.
    pub nonce: String,
}

impl Question {
    /// Puts the permitted question at `now`; `first` is the first of the session.
    pub fn new(permit: &Permit, first: bool, now: Duration) -> Self {
        let patience = if first { FIRST_ANSWER } else { RAISE_ANSWER };
        Self {
            level: permit.level(),
            until: now + patience,
        }
    }

    /// When it times out.
    pub fn until(&self) -> Duration {
        self.until
    }

    /// The level that is asked for.
    pub fn level(&self) -> Level {
        self.level
    }
}

/// Turns a permit into a grant by the sharer's reply. The permit was decided when the reply came; `last` is the pair's last grant.
pub fn consent(
    question: Question,
    permit: &Permit,
    reply: Reply,
    last: Option<&Grant>,
    now: Duration,
) -> Result<Grant, Refusal> {
    if now >= question.until {
        return Err(Refusal::Late);
    }
    if !reply.allowed {
        return Err(Refusal::Declined);
    }
    if permit.level() != question.level {
        return Err(Refusal::OtherLevel);
    }
    grant(permit, reply, last)
}

/// Turns a permit into a grant without a question: the sharer allows the level that stands anew, or only a lower one. A no is
/// never a grant.
pub fn lower(permit: &Permit, reply: Reply, last: &Grant) -> Result<Grant, Refusal> {
    if !reply.allowed {
        return Err(Refusal::Declined);
    }
    if reply.level > last.level {
        return Err(Refusal::OtherLevel);
    }
    grant(permit, reply, Some(last))
}

fn grant(permit: &Permit, reply: Reply, last: Option<&Grant>) -> Result<Grant, Refusal> {
    let request = permit.request();
    if reply.level != request.level {
        return Err(Refusal::OtherLevel);
    }
    if reply.hash != request.hash {
        return Err(Refusal::OtherHandshake);
    }
    if last.is_some_and(|last| reply.generation <= last.generation) || reply.generation == 0 {
        return Err(Refusal::OldGeneration);
    }
    Ok(Grant {
        session: request.session,
        pair: request.pair,
        level: request.level,
        generation: reply.generation,
        sequence: last.map_or(1, |last| last.sequence + 1),
        hash: request.hash,
        nonce: reply.nonce,
    })
}

/// Renews a grant after the helper was decided for again: the next sequence, the new challenge, nothing else.
pub fn renew(permit: &Permit, last: &Grant, nonce: String) -> Result<Grant, Refusal> {
    let request = permit.request();
    if request.level != last.level {
        return Err(Refusal::OtherLevel);
    }
    if request.hash != last.hash {
        return Err(Refusal::OtherHandshake);
    }
    Ok(Grant {
        sequence: last.sequence + 1,
        nonce,
        ..last.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::tests::permit;

    fn reply(level: Level, generation: u32) -> Reply {
        Reply {
            level,
            generation,
            hash: HandshakeHash([2; 32]),
            allowed: true,
            nonce: "n".into(),
        }
    }

    fn answer(
        of: Level,
        reply: Reply,
        last: Option<&Grant>,
        now: Duration,
    ) -> Result<Grant, Refusal> {
        let permit = permit(of);
        let question = Question::new(&permit, last.is_none(), Duration::ZERO);
        consent(question, &permit, reply, last, now)
    }

    /// PRODUCT 3.11: a yes to view is no yes to control.
    #[test]
    fn consent_is_for_one_level() {
        let now = Duration::ZERO;
        let refused = answer(Level::Control, reply(Level::View, 1), None, now);
        assert_eq!(refused, Err(Refusal::OtherLevel));
        let question = Question::new(&permit(Level::View), true, now);
        let other = permit(Level::Control);
        let refused = consent(question, &other, reply(Level::Control, 1), None, now);
        assert_eq!(refused, Err(Refusal::OtherLevel));
    }

    #[test]
    fn the_first_answer_has_five_minutes_and_a_raise_one() {
        let last = answer(Level::View, reply(Level::View, 1), None, Duration::ZERO).unwrap();
        for (last, patience) in [(None, 300), (Some(&last), 60)] {
            let at = |ms| {
                let now = Duration::from_millis(ms);
                answer(Level::View, reply(Level::View, 2), last, now)
            };
            assert!(at(patience * 1000 - 1).is_ok());
            assert_eq!(at(patience * 1000), Err(Refusal::Late));
        }
    }

    #[test]
    fn a_grant_needs_this_handshake_and_a_new_generation() {
        let now = Duration::ZERO;
        let other = Reply {
            hash: HandshakeHash([9; 32]),
            ..reply(Level::View, 1)
        };
        assert_eq!(
            answer(Level::View, other, None, now),
            Err(Refusal::OtherHandshake)
        );
        let first = answer(Level::View, reply(Level::View, 1), None, now).unwrap();
        let again = answer(Level::View, reply(Level::View, 1), Some(&first), now);
        assert_eq!(again, Err(Refusal::OldGeneration));
        let next = answer(Level::View, reply(Level::View, 2), Some(&first), now);
        assert_eq!(next.unwrap().sequence, first.sequence + 1);
    }

    #[test]
    fn a_question_says_when_it_times_out() {
        let asked = |first| Question::new(&permit(Level::View), first, Duration::from_secs(7));
        assert_eq!(asked(true).until(), Duration::from_secs(307));
        assert_eq!(asked(false).until(), Duration::from_secs(67));
    }

    /// SPEC 6.4: the same level and generation, the next sequence, the new challenge; and only for the same level and handshake.
    #[test]
    fn a_renewal_changes_sequence_and_challenge_alone() {
        let now = Duration::ZERO;
        let view = answer(Level::View, reply(Level::View, 1), None, now).unwrap();
        let twice = renew(&permit(Level::View), &view, "b".into()).unwrap();
        let thrice = renew(&permit(Level::View), &twice, "c".into()).unwrap();
        let expected = Grant {
            sequence: 3,
            nonce: "c".into(),
            ..view.clone()
        };
        assert_eq!(thrice, expected);
        let raised = renew(&permit(Level::Control), &view, "b".into());
        assert_eq!(raised, Err(Refusal::OtherLevel));
        let elsewhere = Grant {
            hash: HandshakeHash([9; 32]),
            ..view
        };
        let other = renew(&permit(Level::View), &elsewhere, "b".into());
        assert_eq!(other, Err(Refusal::OtherHandshake));
    }

    /// SPEC 9.2: the level that stands is consented to once more when its keys wear out.
    #[test]
    fn the_level_that_stands_may_be_consented_to_anew() {
        let first = reply(Level::Control, 1);
        let control = answer(Level::Control, first, None, Duration::ZERO).unwrap();
        let again = lower(&permit(Level::Control), reply(Level::Control, 2), &control);
        assert_eq!(again.unwrap().generation, 2);
    }

    #[test]
    fn lowering_never_raises_and_a_no_lowers_nothing() {
        let first = reply(Level::Control, 1);
        let control = answer(Level::Control, first, None, Duration::ZERO).unwrap();
        let no = Reply {
            allowed: false,
            ..reply(Level::View, 2)
        };
        let declined = lower(&permit(Level::View), no, &control);
        assert_eq!(declined, Err(Refusal::Declined));
        let view = lower(&permit(Level::View), reply(Level::View, 2), &control).unwrap();
        let up = lower(&permit(Level::Control), reply(Level::Control, 3), &view);
        assert_eq!(up, Err(Refusal::OtherLevel));
    }
}
