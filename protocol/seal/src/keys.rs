//! Keys of the sealed records (SPEC 9): one key and one salt for each generation, direction and channel.

use policy::HandshakeHash;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use wire::{Channel, Role};
use zeroize::Zeroizing;

/// The secret of one generation: 32 bytes that all its keys come from. Never printed, wiped when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<[u8; 32]>);

/// The key of one generation, direction and channel. Neither copied nor printed.
pub(crate) struct RecordKey {
    key: LessSafeKey,
    salt: [u8; 12],
}

/// What keys depend on beside the secret.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purpose {
    pub(crate) hash: HandshakeHash,
    pub(crate) sender: Role,
    pub(crate) channel: Channel,
    pub(crate) generation: u32,
}

/// The key cannot open these bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unopened;

impl Secret {
    /// Takes 32 random bytes.
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// The bytes, for the `epoch` message, which is sealed.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl RecordKey {
    /// `HKDF-SHA256(secret, "rh/1 key" | "rh/1 salt", hash, sender, channel, generation)`; `None` only if the key cannot be made.
    pub(crate) fn derive(secret: &Secret, purpose: Purpose) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        let mut salt = [0; 12];
        derive(secret, b"rh/1 key", purpose, bytes.as_mut_slice())?;
        derive(secret, b"rh/1 salt", purpose, &mut salt)?;
        let key = UnboundKey::new(&AES_256_GCM, bytes.as_slice()).ok()?;
        Some(Self {
            key: LessSafeKey::new(key),
            salt,
        })
    }

    /// Seals `text` where it stands and gives the tag. A counter must never be used twice with one key.
    pub(crate) fn seal(&self, counter: u64, clear: &[u8], text: &mut [u8]) -> Option<[u8; 16]> {
        let tag = self
            .key
            .seal_in_place_separate_tag(self.nonce(counter), Aad::from(clear), text)
            .ok()?;
        tag.as_ref().try_into().ok()
    }

    /// Opens `sealed` where it stands and gives the text.
    pub(crate) fn open<'a>(
        &self,
        counter: u64,
        clear: &[u8],
        sealed: &'a mut [u8],
    ) -> Result<&'a [u8], Unopened> {
        self.key
            .open_in_place(self.nonce(counter), Aad::from(clear), sealed)
            .map(|text| &*text)
            .map_err(|_| Unopened)
    }

    /// The salt with the counter over its last 8 bytes.
    fn nonce(&self, counter: u64) -> Nonce {
        let mut nonce = self.salt;
        for (byte, counter) in nonce.iter_mut().skip(4).zip(counter.to_be_bytes()) {
            *byte ^= counter;
        }
        Nonce::assume_unique_for_key(nonce)
    }
}

fn derive(secret: &Secret, label: &[u8], purpose: Purpose, out: &mut [u8]) -> Option<()> {
    let sender = match purpose.sender {
        Role::Helper => 1,
        Role::Sharer => 2,
    };
    let generation = purpose.generation.to_be_bytes();
    let info: [&[u8]; 5] = [
        label,
        &purpose.hash.0,
        &[sender],
        &[purpose.channel.number()],
        &generation,
    ];
    let length = Length(out.len());
    let pseudorandom = Salt::new(HKDF_SHA256, &[]).extract(secret.bytes());
    pseudorandom.expand(&info, length).ok()?.fill(out).ok()
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(*****)")
    }
}
