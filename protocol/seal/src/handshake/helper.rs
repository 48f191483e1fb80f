//! The helper's side of the handshake: it showed the code or was invited, answers, and counts the attempts.

use ml_kem::EncapsulationKey768;
use wire::{Code, Role};
use zeroize::Zeroizing;

use super::cpace::{Half, Setting, Transcript};
use super::hello::{HelloA, HelloB, Suite};
use super::noise::{Noise, Start, StaticKey};
use super::{
    Agreed, Context, Established, HandshakeError, Hellos, MAX_CREDENTIAL, Mode, Secrets,
    cpace_channel, cpace_data, cpace_session, establish,
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
        let first = First::read(flight, Mode::Code)?;
        self.left -= 1;
        let proven = self.prove(&context, &first, entropy)?;
        first.answer(context, Some(proven), key, entropy)
    }

    fn prove(
        &self,
        context: &Context,
        first: &First<'_>,
        entropy: &mut impl Entropy,
    ) -> Result<Proven, HandshakeError> {
        let theirs = &first.hello;
        let share_a = theirs.share.ok_or(HandshakeError::SecurityCheck)?;
        let session = cpace_session(context, &theirs.random);
        let channel = cpace_channel(context);
        let setting = Setting {
            password: self.code.password(),
            channel: &channel,
            session: &session,
        };
        let half = Half::new(setting, entropy.draw());
        let share = half.share;
        let transcript = Transcript {
            session: &session,
            share_a: &share_a,
            data_a: &cpace_data("sharer", &theirs.suites),
            share_b: &share,
            data_b: &cpace_data("helper", &[first.suite.number()]),
        };
        let isk = half
            .finish(&share_a, transcript)
            .map_err(|_| HandshakeError::SecurityCheck)?;
        Ok(Proven { share, isk })
    }
}

impl Helper {
    /// A colleague invited this helper: answers the sharer's first flight without a code. Whom it meets, both ends learn by their
    /// credentials alone (SPEC 8.8).
    pub fn invited(
        context: Context,
        flight: &[u8],
        key: &StaticKey,
        entropy: &mut impl Entropy,
    ) -> Result<(Self, Vec<u8>), HandshakeError> {
        First::read(flight, Mode::Invitation)?.answer(context, None, key, entropy)
    }
}

/// A sharer's first flight, read.
struct First<'a> {
    mode: Mode,
    flight: &'a [u8],
    hello: HelloA,
    suite: Suite,
    kem_key: EncapsulationKey768,
}

/// The code's part of the answer: our share, and the key that both ends have if their codes are the same.
struct Proven {
    share: [u8; 32],
    isk: Zeroizing<Vec<u8>>,
}

impl<'a> First<'a> {
    fn read(flight: &'a [u8], mode: Mode) -> Result<Self, HandshakeError> {
        let hello = HelloA::decode(flight, mode)?;
        let suite = Suite::choose(&hello.suites)?;
        let kem_key = EncapsulationKey768::new(&hello.kem_key.into())
            .map_err(|_| HandshakeError::SecurityCheck)?;
        Ok(Self {
            mode,
            flight,
            hello,
            suite,
            kem_key,
        })
    }

    fn answer(
        self,
        context: Context,
        proven: Option<Proven>,
        key: &StaticKey,
        entropy: &mut impl Entropy,
    ) -> Result<(Helper, Vec<u8>), HandshakeError> {
        let message = Zeroizing::new(entropy.draw::<32>());
        let (ciphertext, secret) = self.kem_key.encapsulate_deterministic(&(*message).into());
        let (share, isk) = proven.map(|proven| (proven.share, proven.isk)).unzip();
        let hello_b = HelloB {
            suite: self.suite.number(),
            share,
            kem_ciphertext: ciphertext.into(),
        }
        .encode();
        let hellos = Hellos {
            mode: self.mode,
            a: self.flight,
            b: &hello_b,
        };
        let secrets = Secrets {
            isk: isk.unwrap_or_default(),
            kem: Zeroizing::new(secret.to_vec()),
        };
        let agreed = Agreed::new(&context, hellos, &secrets);
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
