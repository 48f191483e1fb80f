//! The helper's side of the handshake: it showed the code, answers, and counts the attempts.

use ml_kem::EncapsulationKey768;
use wire::{Code, Role};
use zeroize::Zeroizing;

use super::cpace::{Half, Setting, Transcript};
use super::hello::{HelloA, HelloB, Suite};
use super::noise::{Noise, Start, StaticKey};
use super::{
    Agreed, Context, Established, HandshakeError, MAX_CREDENTIAL, cpace_channel, cpace_data,
    cpace_session, establish,
};
use crate::Entropy;

/// A code and what is left of its three attempts. The helper's client counts, nobody else can be trusted to.
///
/// INVARIANT: an attempt is used up when a first flight is answered, whatever follows: the answer is already a chance to test
/// one password.
#[derive(Debug)]
pub struct Attempts {
    code: Code,
    left: u8,
}

/// The helper between the second and the third flight.
pub struct Helper {
    context: Context,
    noise: Noise,
}

impl Attempts {
    /// A fresh code has three.
    pub fn new(code: Code) -> Self {
        Self { code, left: 3 }
    }

    /// How many are left.
    pub fn left(&self) -> u8 {
        self.left
    }

    /// The code, for the helper's own screen.
    pub fn code(&self) -> &Code {
        &self.code
    }

    /// Answers a sharer's first flight with the second, and uses up one attempt by it.
    ///
    /// A flight that cannot be answered (malformed, another version, no common suite) uses up none.
    pub fn answer(
        &mut self,
        context: Context,
        flight: &[u8],
        key: &StaticKey,
        entropy: &mut impl Entropy,
    ) -> Result<(Helper, Vec<u8>), HandshakeError> {
        if self.left == 0 {
            return Err(HandshakeError::Burned);
        }
        let theirs = HelloA::decode(flight)?;
        let suite = Suite::choose(&theirs.suites)?;
        let kem_key = EncapsulationKey768::new(&theirs.kem_key.into())
            .map_err(|_| HandshakeError::SecurityCheck)?;
        self.left -= 1;
        let session = cpace_session(&context, &theirs.random);
        let channel = cpace_channel(&context);
        let password = self.code.password();
        let half = Half::new(
            Setting {
                password,
                channel: &channel,
                session: &session,
            },
            entropy.draw(),
        );
        let share = half.share;
        let transcript = Transcript {
            session: &session,
            share_a: &theirs.share,
            data_a: &cpace_data("sharer", &theirs.suites),
            share_b: &share,
            data_b: &cpace_data("helper", &[suite.number()]),
        };
        let isk = half
            .finish(&theirs.share, transcript)
            .map_err(|_| HandshakeError::SecurityCheck)?;
        let message = Zeroizing::new(entropy.draw::<32>());
        let (ciphertext, secret) = kem_key.encapsulate_deterministic(&(*message).into());
        let secret = Zeroizing::new(secret.to_vec());
        let kem_ciphertext = ciphertext.into();
        let hello_b = HelloB {
            suite: suite.number(),
            share,
            kem_ciphertext,
        }
        .encode();
        let agreed = Agreed::new(&context, flight, &hello_b, &isk, &secret);
        let mut noise = Noise::new(Start {
            key,
            psk: &agreed.psk,
            prologue: &agreed.prologue,
            random: entropy.draw(),
            initiator: true,
        })?;
        let second = [hello_b, noise.write(&[])?].concat();
        Ok((Helper { context, noise }, second))
    }
}

/// The helper between the third and the fourth flight: who the sharer is has to be judged before anything is answered.
pub struct Answering {
    /// What the sharer said about itself.
    pub credential: Vec<u8>,
    /// The sharer's X25519 key.
    pub peer_key: [u8; 32],
    helper: Helper,
}

impl Helper {
    /// Reads the third flight, which proves that the sharer has the code.
    pub fn read_third(mut self, flight: &[u8]) -> Result<Answering, HandshakeError> {
        let credential = self.noise.read(flight)?;
        if credential.len() > MAX_CREDENTIAL {
            return Err(HandshakeError::SecurityCheck);
        }
        let peer_key = self
            .noise
            .their_key()
            .ok_or(HandshakeError::SecurityCheck)?;
        Ok(Answering {
            credential,
            peer_key,
            helper: self,
        })
    }
}

impl Answering {
    /// Answers with the fourth flight.
    pub fn answer(self, credential: &[u8]) -> Result<(Established, Vec<u8>), HandshakeError> {
        let Self {
            credential: theirs,
            helper: Helper { context, mut noise },
            ..
        } = self;
        let fourth = noise.write(credential)?;
        Ok((establish(Role::Helper, &context, noise, theirs)?, fourth))
    }
}
