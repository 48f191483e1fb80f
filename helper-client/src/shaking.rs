//! The handshakes of the helper: those that are tried with a code, and the one that an invitation allows.

use client::{Me, System};
use policy::SessionId;
use seal::Entropy;
use seal::handshake::{Answering, Attempts, Context, Established, HandshakeError, Helper};
use wire::{Code, Routing, Secret};

use crate::invitations::Place;

/// A way into a session, and the handshake under way, if any.
pub(crate) struct Shaking {
    session: SessionId,
    way: Way,
    /// The tenant that the relay named at the claim, until a first flight is answered.
    claimed: Option<String>,
    answered: Option<Helper>,
    /// The sharer proved what it has to; who they are is not known yet.
    answering: Option<Answering>,
}

/// What the two ends know each other by.
enum Way {
    /// The code on the screen, with its attempts.
    Code(Attempts),
    /// An invitation, tried once (SPEC 8.8). The sharer has to be the one with this subject.
    Invited { sharer: String },
}

/// What to do with a flight.
pub(crate) enum Answer {
    /// Send this flight.
    Flight(Vec<u8>),
    /// The sharer has to be judged before anything is answered: [`Shaking::stranger`].
    Judge,
    /// It belongs to nothing that is under way.
    Ignored,
}

impl Shaking {
    /// Draws the secret digits of a new code.
    pub(crate) fn new(session: SessionId, routing: Routing, entropy: &mut System) -> Self {
        let secret = Secret::draw(|| u32::from_be_bytes(entropy.draw()));
        let attempts = Attempts::new(Code::new(routing, &secret));
        Self::begin(session, Way::Code(attempts))
    }

    /// Takes the place that a colleague offered.
    pub(crate) fn invited(place: Place) -> Self {
        let Place { session, sharer } = place;
        Self::begin(session, Way::Invited { sharer })
    }

    fn begin(session: SessionId, way: Way) -> Self {
        Self {
            session,
            way,
            claimed: None,
            answered: None,
            answering: None,
        }
    }

    /// The code for the screen, if there is one.
    pub(crate) fn spoken(&self) -> Option<String> {
        match &self.way {
            Way::Code(attempts) => Some(attempts.code().spoken()),
            Way::Invited { .. } => None,
        }
    }

    /// How often it can still be tried. An invitation that is under way cannot be tried again.
    pub(crate) fn left(&self) -> u8 {
        match &self.way {
            Way::Code(attempts) => attempts.left(),
            Way::Invited { .. } => 0,
        }
    }

    /// Whether a code leads in.
    pub(crate) fn has_code(&self) -> bool {
        matches!(self.way, Way::Code(_))
    }

    /// Whether this may be who shares. Whoever was told the code is; an invitation names one person.
    pub(crate) fn expects(&self, subject: &str) -> bool {
        match &self.way {
            Way::Code(_) => true,
            Way::Invited { sharer } => sharer == subject,
        }
    }

    /// A sharer typed the code, or waits for the invited helper.
    pub(crate) fn claim(&mut self, tenant: String) {
        self.release();
        self.claimed = Some(tenant);
    }

    /// The sharer is gone.
    pub(crate) fn release(&mut self) {
        self.claimed = None;
        self.answered = None;
        self.answering = None;
    }

    /// Takes a flight of the sharer.
    pub(crate) fn handle_flight(
        &mut self,
        flight: &[u8],
        me: &Me,
        entropy: &mut System,
    ) -> Result<Answer, HandshakeError> {
        if let Some(helper) = self.answered.take() {
            self.answering = Some(helper.read_third(flight)?);
            return Ok(Answer::Judge);
        }
        let Some(tenant) = self.claimed.take() else {
            return Ok(Answer::Ignored);
        };
        let context = Context {
            session: self.session,
            tenant,
        };
        let (helper, second) = match &mut self.way {
            Way::Code(attempts) => attempts.answer(context, flight, me.key(), entropy)?,
            Way::Invited { .. } => Helper::invited(context, flight, me.key(), entropy)?,
        };
        self.answered = Some(helper);
        Ok(Answer::Flight(second))
    }

    /// The sharer who has to be judged.
    pub(crate) fn stranger(&self) -> Option<&Answering> {
        self.answering.as_ref()
    }

    /// The sharer was judged well: the last flight, and what the handshake made.
    pub(crate) fn finish(&mut self, me: &Me) -> Result<(Vec<u8>, Established), HandshakeError> {
        let answering = self.answering.take().ok_or(HandshakeError::SecurityCheck)?;
        let (established, fourth) = answering.answer(&me.credential())?;
        Ok((fourth, established))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SPEC 8.8: the sharer is the one of the invitation, and an invitation is tried once.
    #[test]
    fn an_invitation_leads_to_one_sharer_once() {
        let place = Place {
            session: SessionId([1; 16]),
            sharer: "y1".to_owned(),
        };
        let shaking = Shaking::invited(place);
        assert!(shaking.expects("y1"));
        assert!(!shaking.expects("y2"));
        assert_eq!((shaking.spoken(), shaking.left()), (None, 0));
        assert!(!shaking.has_code());
    }

    #[test]
    fn a_code_leads_to_whoever_was_told() {
        let routing = "047".parse().unwrap();
        let shaking = Shaking::new(SessionId([1; 16]), routing, &mut System::default());
        assert!(shaking.expects("y2"));
        assert_eq!(shaking.left(), 3);
        assert!(shaking.has_code() && shaking.spoken().is_some());
    }
}
