//! The sharer's side of the handshake: it typed the code, or lets an invited helper in, and speaks first.

use ml_kem::DecapsulationKey768;
use ml_kem::kem::{Decapsulate, KeyExport};
use wire::{Code, Role};
use zeroize::Zeroizing;

use super::cpace::{Half, Setting, Transcript};
use super::hello::{HelloA, HelloB, KEM_KEY, Suite};
use super::noise::{Noise, Start, StaticKey};
use super::{
    Agreed, Context, Established, HandshakeError, Hellos, MAX_CREDENTIAL, Mode, Secrets,
    cpace_channel, cpace_data, cpace_session, establish,
};
use crate::Entropy;

/// The sharer between the first and the second flight. One value, one attempt: it never retries by itself.
pub struct Sharer {
    context: Context,
    key: StaticKey,
    mode: Mode,
    /// The code's part, if there is a code.
    half: Option<Half>,
    kem: DecapsulationKey768,
    hello: HelloA,
    ephemeral: Zeroizing<[u8; 32]>,
}

/// The sharer between the third and the fourth flight.
pub struct AwaitingFourth {
    context: Context,
    noise: Noise,
}

impl Sharer {
    /// Starts with the code that the person typed. Gives the first flight.
    pub fn new(
        context: Context,
        code: &Code,
        key: StaticKey,
        entropy: &mut impl Entropy,
    ) -> (Self, Vec<u8>) {
        let random = entropy.draw();
        let setting = Setting {
            password: code.password(),
            channel: &cpace_channel(&context),
            session: &cpace_session(&context, &random),
        };
        let half = Half::new(setting, entropy.draw());
        Self::start(context, (random, Some(half)), key, entropy)
    }

    /// Starts with a helper whom another helper of the session invited; there is no code (SPEC 8.8). Gives the first flight.
    pub fn inviting(
        context: Context,
        key: StaticKey,
        entropy: &mut impl Entropy,
    ) -> (Self, Vec<u8>) {
        let random = entropy.draw();
        Self::start(context, (random, None), key, entropy)
    }

    fn start(
        context: Context,
        (random, half): ([u8; 16], Option<Half>),
        key: StaticKey,
        entropy: &mut impl Entropy,
    ) -> (Self, Vec<u8>) {
        let seed = Zeroizing::new(entropy.draw::<64>());
        let kem = DecapsulationKey768::from_seed((*seed).into());
        let hello = HelloA {
            suites: Suite::numbers(),
            random,
            share: half.as_ref().map(|half| half.share),
            kem_key: exported(&kem),
        };
        let flight = hello.encode();
        let ephemeral = Zeroizing::new(entropy.draw());
        let mode = if half.is_some() {
            Mode::Code
        } else {
            Mode::Invitation
        };
        (
            Self {
                context,
                key,
                mode,
                half,
                kem,
                hello,
                ephemeral,
            },
            flight,
        )
    }

    /// Reads the second flight, which proves that the helper has the code, if there is one, and answers it.
    pub fn read_second(
        self,
        flight: &[u8],
        credential: &[u8],
    ) -> Result<(AwaitingFourth, Vec<u8>), HandshakeError> {
        let (theirs, hello_b, noise_message) = HelloB::decode(flight, self.mode)?;
        if !self.hello.suites.contains(&theirs.suite) {
            return Err(HandshakeError::NoSuite);
        }
        let isk = match self.half.zip(theirs.share).zip(self.hello.share) {
            Some(((half, share_b), share_a)) => {
                let transcript = Transcript {
                    session: &cpace_session(&self.context, &self.hello.random),
                    share_a: &share_a,
                    data_a: &cpace_data("sharer", &self.hello.suites),
                    share_b: &share_b,
                    data_b: &cpace_data("helper", &[theirs.suite]),
                };
                half.finish(&share_b, transcript)
                    .map_err(|_| HandshakeError::SecurityCheck)?
            }
            None => Zeroizing::default(),
        };
        let secrets = Secrets {
            isk,
            kem: Zeroizing::new(self.kem.decapsulate(&theirs.kem_ciphertext.into()).to_vec()),
        };
        let hellos = Hellos {
            mode: self.mode,
            a: &self.hello.encode(),
            b: hello_b,
        };
        let agreed = Agreed::new(&self.context, hellos, &secrets);
        let mut noise = Noise::new(Start {
            key: &self.key,
            psk: &agreed.psk,
            prologue: &agreed.prologue,
            random: *self.ephemeral,
            initiator: false,
        })?;
        if !noise.read(noise_message)?.is_empty() {
            return Err(HandshakeError::SecurityCheck);
        }
        let third = noise.write(credential)?;
        Ok((
            AwaitingFourth {
                context: self.context,
                noise,
            },
            third,
        ))
    }
}

impl AwaitingFourth {
    /// Reads the fourth flight with the helper's credential.
    pub fn read_fourth(mut self, flight: &[u8]) -> Result<Established, HandshakeError> {
        let credential = self.noise.read(flight)?;
        if credential.len() > MAX_CREDENTIAL {
            return Err(HandshakeError::SecurityCheck);
        }
        establish(Role::Sharer, &self.context, self.noise, credential)
    }
}

fn exported(kem: &DecapsulationKey768) -> [u8; KEM_KEY] {
    kem.encapsulation_key().to_bytes().into()
}
