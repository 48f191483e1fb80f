//! The sharer's handshake: it typed the code, or a helper was invited; it answers once.

use client::{Me, System};
use policy::SessionId;
use seal::handshake::{AwaitingFourth, Context, Established, HandshakeError, Sharer};
use wire::Code;

/// A handshake under way. One typed code or one invitation, one attempt.
pub(crate) struct Shaking {
    stage: Stage,
    /// Without a code nothing but the credential says who the helper is.
    by_code: bool,
    /// Flights that were sent.
    flights: u64,
}

enum Stage {
    /// The first flight was sent.
    First(Box<Sharer>),
    /// The third flight was sent.
    Third(Box<AwaitingFourth>),
    /// The handshake is done; who the helper is, is not known yet.
    Stranger(Box<Established>),
}

/// A flight to send, and its number.
pub(crate) struct Flight {
    pub(crate) number: u64,
    pub(crate) bytes: Vec<u8>,
}

impl Shaking {
    /// Starts, by the code if there is one. Gives the first flight.
    pub(crate) fn start(
        session: SessionId,
        tenant: String,
        code: Option<&Code>,
        me: &Me,
        entropy: &mut System,
    ) -> (Self, Flight) {
        let context = Context { session, tenant };
        let key = me.key().clone();
        let (sharer, bytes) = match code {
            Some(code) => Sharer::new(context, code, key, entropy),
            None => Sharer::inviting(context, key, entropy),
        };
        let shaking = Self {
            stage: Stage::First(Box::new(sharer)),
            by_code: code.is_some(),
            flights: 1,
        };
        (shaking, Flight { number: 0, bytes })
    }

    /// Takes a flight of the helper. Gives where the handshake stands, and the flight to send, if any.
    pub(crate) fn handle_flight(
        self,
        flight: &[u8],
        me: &Me,
    ) -> Result<(Self, Option<Flight>), HandshakeError> {
        let number = self.flights;
        match self.stage {
            Stage::First(sharer) => {
                let (awaiting, bytes) = sharer.read_second(flight, &me.credential())?;
                let shaking = Self {
                    stage: Stage::Third(Box::new(awaiting)),
                    flights: number + 1,
                    ..self
                };
                Ok((shaking, Some(Flight { number, bytes })))
            }
            Stage::Third(awaiting) => {
                let established = awaiting.read_fourth(flight)?;
                let stage = Stage::Stranger(Box::new(established));
                Ok((Self { stage, ..self }, None))
            }
            Stage::Stranger(_) => Err(HandshakeError::SecurityCheck),
        }
    }

    /// Whether the helper proves a code; if not, it has to be somebody who was asked in.
    pub(crate) fn is_by_code(&self) -> bool {
        self.by_code
    }

    /// The helper who has to be judged, once the handshake is done.
    pub(crate) fn stranger(&self) -> Option<&Established> {
        match &self.stage {
            Stage::Stranger(established) => Some(established),
            Stage::First(_) | Stage::Third(_) => None,
        }
    }
}
