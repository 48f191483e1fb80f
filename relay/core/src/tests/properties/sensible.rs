//! Steps of people who want a session to go on; by chance alone the steps seldom get beyond the code.

use super::*;

impl Watch {
    /// What somebody would do next who wants a session to go on; otherwise the steps seldom get beyond the code.
    pub(super) fn sensible(
        &mut self,
        broker: &Broker,
        step: Step,
    ) -> Option<(ConnectionId, ToRelay)> {
        let idle = |role, name: Option<&PersonId>| {
            let mut known = broker.connections.iter();
            let found = known.find(|(id, known)| {
                let is_it = name.is_none_or(|name| known.person.id == *name);
                known.role == role && known.place.is_none() && !self.closing.contains(id) && is_it
            });
            found.map(|(connection, _)| *connection)
        };
        for (session, found) in &broker.sessions {
            if let Some(invited) = found.invitations.first()
                && let Some(connection) = idle(Role::Helper, Some(&invited.colleague.id))
            {
                return Some((connection, ToRelay::Accept { session: *session }));
            }
        }
        let at = usize::from(step.who) % broker.pairs.len().max(1);
        let Some(pair) = broker.pairs.values().nth(at) else {
            return Some((idle(Role::Helper, None)?, create()));
        };
        let shook = shook_in(pair.place.pair, HASH);
        Some(match &pair.stage {
            Stage::Offered(offer) => (
                idle(Role::Sharer, None)?,
                ToRelay::Join {
                    routing: offer.routing,
                },
            ),
            Stage::Claimed(claim) if claim.helper_says.is_none() => (pair.helper, shook),
            Stage::Claimed(claim) => (claim.sharer, shook),
            Stage::Recording(_) => return None,
            Stage::Paired(paired) => match &paired.question {
                Some(question) => {
                    self.generation += 1;
                    let level = question.level();
                    (paired.sharer, consent_in(pair, level, self.generation))
                }
                None => (pair.helper, ask(Level::ALL[usize::from(step.how) % 2])),
            },
        })
    }

    /// A helper with a level asks somebody in, as a rule one who is there and in no session; the shell has looked them up.
    pub(super) fn ask_in(&self, broker: &Broker, step: Step) -> Option<Input> {
        let standing =
            |pair: &&Pair| matches!(&pair.stage, Stage::Paired(paired) if paired.grant.is_some());
        let mut pairs = broker.pairs.values().filter(standing);
        let inviter = pairs.nth(usize::from(step.who) % 2)?;
        let idle = broker.connections.values().find(|known| {
            known.role == Role::Helper
                && known.place.is_none()
                && known.person.id != inviter.helper_person.id
        });
        let anybody = NAMES
            .get(usize::from(step.who) % 6)
            .map(|name| person(name));
        Some(Input::Invite {
            connection: inviter.helper,
            colleague: idle
                .map(|known| known.person.clone())
                .or(anybody)
                .map(Box::new),
            hand_over: step.how.is_multiple_of(3),
        })
    }
}

/// The sharer's yes in whatever pair this is.
fn consent_in(pair: &Pair, level: Level, generation: u32) -> ToRelay {
    let helper = &pair.helper_person;
    let text = ConsentText {
        session: pair.place.session,
        pair: pair.place.pair,
        tenant: helper.tenant.0.clone(),
        issuer: helper.issuer.clone(),
        subject: helper.id.0.clone(),
        ..consent_text(level, generation, HASH)
    };
    allow(&text, "n")
}
