//! The sharer's handshake: it typed the code and answers once.

use client::{Credential, System};
use policy::SessionId;
use seal::Entropy;
use seal::handshake::{Context, Established, HandshakeError, Sharer, StaticKey};
use wire::{Code, Role};

/// A handshake under way. One typed code, one attempt.
pub(crate) enum Shaking {
    /// The first flight was sent.
    First(Box<Sharer>),
    /// The third flight was sent.
    Third(Box<seal::handshake::AwaitingFourth>),
}

/// What to do with a flight.
pub(crate) enum Answer {
    /// Send this flight and wait.
    Flight(Shaking, Vec<u8>),
    /// The handshake is done.
    Done(Box<Established>),
}

impl Shaking {
    /// Starts. Gives the first flight.
    pub(crate) fn start(
        session: SessionId,
        tenant: String,
        code: &Code,
        entropy: &mut System,
    ) -> (Self, Vec<u8>) {
        let key = StaticKey::new(entropy.draw());
        let (sharer, flight) = Sharer::new(Context { session, tenant }, code, key, entropy);
        (Self::First(Box::new(sharer)), flight)
    }

    /// Takes a flight of the helper.
    pub(crate) fn handle_flight(
        self,
        flight: &[u8],
        client: &str,
    ) -> Result<Answer, HandshakeError> {
        match self {
            Self::First(sharer) => {
                let credential = Credential {
                    role: Role::Sharer,
                    client: client.to_owned(),
                };
                let (awaiting, third) = sharer.read_second(flight, &credential.encode())?;
                Ok(Answer::Flight(Self::Third(Box::new(awaiting)), third))
            }
            Self::Third(awaiting) => {
                let established = awaiting.read_fourth(flight)?;
                Credential::decode(&established.credential, Role::Sharer)
                    .ok_or(HandshakeError::SecurityCheck)?;
                Ok(Answer::Done(Box::new(established)))
            }
        }
    }
}
