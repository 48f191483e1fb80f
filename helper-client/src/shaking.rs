//! The helper's code and the handshakes that are tried with it.

use client::{Me, System};
use policy::SessionId;
use seal::Entropy;
use seal::handshake::{Answering, Attempts, Context, Established, HandshakeError, Helper};
use wire::{Code, Routing, Secret};

/// A code on the helper's screen, and the handshake under way, if any.
pub(crate) struct Shaking {
    session: SessionId,
    attempts: Attempts,
    /// The tenant that the relay named at the claim, until a first flight is answered.
    claimed: Option<String>,
    answered: Option<Helper>,
    /// The sharer proved the code; who they are is not known yet.
    answering: Option<Answering>,
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
        Self {
            session,
            attempts,
            claimed: None,
            answered: None,
            answering: None,
        }
    }

    /// The code for the screen.
    pub(crate) fn spoken(&self) -> String {
        self.attempts.code().spoken()
    }

    /// How often it can still be tried.
    pub(crate) fn left(&self) -> u8 {
        self.attempts.left()
    }

    /// A sharer typed the code.
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
        let (helper, second) = self.attempts.answer(context, flight, me.key(), entropy)?;
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
