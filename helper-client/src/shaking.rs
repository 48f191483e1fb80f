//! The helper's code and the handshakes that are tried with it.

use client::{Credential, System};
use policy::SessionId;
use seal::Entropy;
use seal::handshake::{Attempts, Context, Established, HandshakeError, Helper, StaticKey};
use wire::{Code, Role, Routing, Secret};

/// A code on the helper's screen, and the handshake under way, if any.
pub(crate) struct Shaking {
    session: SessionId,
    attempts: Attempts,
    key: StaticKey,
    /// The tenant that the relay named at the claim, until a first flight is answered.
    claimed: Option<String>,
    answered: Option<Helper>,
}

/// What to do with a flight.
pub(crate) enum Answer {
    /// Send this flight.
    Flight(Vec<u8>),
    /// Send this flight; the handshake is done.
    Done(Vec<u8>, Box<Established>),
    /// It belongs to nothing that is under way.
    Ignored,
}

impl Shaking {
    /// Draws the secret digits of a new code.
    pub(crate) fn new(session: SessionId, routing: Routing, entropy: &mut System) -> Self {
        let secret = Secret::draw(|| u32::from_be_bytes(entropy.draw()));
        let key = StaticKey::new(entropy.draw());
        let attempts = Attempts::new(Code::new(routing, &secret));
        Self {
            session,
            attempts,
            key,
            claimed: None,
            answered: None,
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
        self.claimed = Some(tenant);
        self.answered = None;
    }

    /// The sharer is gone.
    pub(crate) fn release(&mut self) {
        self.claimed = None;
        self.answered = None;
    }

    /// Takes a flight of the sharer.
    pub(crate) fn handle_flight(
        &mut self,
        flight: &[u8],
        client: &str,
        entropy: &mut System,
    ) -> Result<Answer, HandshakeError> {
        if let Some(helper) = self.answered.take() {
            let credential = Credential {
                role: Role::Helper,
                client: client.to_owned(),
            };
            let (established, fourth) = helper.read_third(flight, &credential.encode())?;
            Credential::decode(&established.credential, Role::Helper)
                .ok_or(HandshakeError::SecurityCheck)?;
            return Ok(Answer::Done(fourth, Box::new(established)));
        }
        let Some(tenant) = self.claimed.take() else {
            return Ok(Answer::Ignored);
        };
        let context = Context {
            session: self.session,
            tenant,
        };
        let (helper, second) = self.attempts.answer(context, flight, &self.key, entropy)?;
        self.answered = Some(helper);
        Ok(Answer::Flight(second))
    }
}
