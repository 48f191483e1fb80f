//! The sharer's side of the handshake: it typed the code and speaks first.

use ml_kem::DecapsulationKey768;
use ml_kem::kem::{Decapsulate, KeyExport};
use wire::{Code, Role};
use zeroize::Zeroizing;

use super::cpace::{Half, Setting, Transcript};
use super::hello::{HelloA, HelloB, KEM_KEY, Suite};
use super::noise::{Noise, Start, StaticKey};
use super::{
    Agreed, Context, Established, HandshakeError, MAX_CREDENTIAL, cpace_channel, cpace_data,
    cpace_session, establish,
};
use crate::Entropy;

/// The sharer between the first and the second flight. One value, one attempt: it never retries by itself.
pub struct Sharer {
    context: Context,
    key: StaticKey,
    half: Half,
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
        let seed = Zeroizing::new(entropy.draw::<64>());
        let kem = DecapsulationKey768::from_seed((*seed).into());
        let hello = HelloA {
            suites: Suite::numbers(),
            random,
            share: half.share,
            kem_key: exported(&kem),
        };
        let flight = hello.encode();
        let ephemeral = Zeroizing::new(entropy.draw());
        (
            Self {
                context,
                key,
                half,
                kem,
                hello,
                ephemeral,
            },
            flight,
        )
    }

    /// Reads the second flight, which proves that the helper has the code, and answers it.
    pub fn read_second(
        self,
        flight: &[u8],
        credential: &[u8],
    ) -> Result<(AwaitingFourth, Vec<u8>), HandshakeError> {
        let (theirs, hello_b, noise_message) = HelloB::decode(flight)?;
        if !self.hello.suites.contains(&theirs.suite) {
            return Err(HandshakeError::NoSuite);
        }
        let transcript = Transcript {
            session: &cpace_session(&self.context, &self.hello.random),
            share_a: &self.hello.share,
            data_a: &cpace_data("sharer", &self.hello.suites),
            share_b: &theirs.share,
            data_b: &cpace_data("helper", &[theirs.suite]),
        };
        let isk = self
            .half
            .finish(&theirs.share, transcript)
            .map_err(|_| HandshakeError::SecurityCheck)?;
        let kem = Zeroizing::new(self.kem.decapsulate(&theirs.kem_ciphertext.into()).to_vec());
        let agreed = Agreed::new(&self.context, &self.hello.encode(), hello_b, &isk, &kem);
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
