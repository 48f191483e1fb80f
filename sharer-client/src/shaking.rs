//! The sharer's handshake: it typed the code and answers once.

use client::{Me, System};
use policy::SessionId;
use seal::handshake::{AwaitingFourth, Context, Established, HandshakeError, Sharer};
use wire::Code;

/// A handshake under way. One typed code, one attempt.
pub(crate) enum Shaking {
    /// The first flight was sent.
    First(Box<Sharer>),
    /// The third flight was sent.
    Third(Box<AwaitingFourth>),
    /// The helper has the code; who they are is not known yet.
    Stranger(Box<Established>),
}

impl Shaking {
    /// Starts. Gives the first flight.
    pub(crate) fn start(
        session: SessionId,
        tenant: String,
        code: &Code,
        me: &Me,
        entropy: &mut System,
    ) -> (Self, Vec<u8>) {
        let context = Context { session, tenant };
        let (sharer, flight) = Sharer::new(context, code, me.key().clone(), entropy);
        (Self::First(Box::new(sharer)), flight)
    }

    /// Takes a flight of the helper. Gives where the handshake stands, and the flight to send, if any.
    pub(crate) fn handle_flight(
        self,
        flight: &[u8],
        me: &Me,
    ) -> Result<(Self, Option<Vec<u8>>), HandshakeError> {
        match self {
            Self::First(sharer) => {
                let (awaiting, third) = sharer.read_second(flight, &me.credential())?;
                Ok((Self::Third(Box::new(awaiting)), Some(third)))
            }
            Self::Third(awaiting) => {
                let established = awaiting.read_fourth(flight)?;
                Ok((Self::Stranger(Box::new(established)), None))
            }
            Self::Stranger(_) => Err(HandshakeError::SecurityCheck),
        }
    }
}
