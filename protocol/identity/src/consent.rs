//! The signed consent: the sharer's word for one level, kept with the session's record (SPEC 6.6).

use policy::{HandshakeHash, Level, PairId, SessionId};
use wire::Ui;

use crate::signing::{PublicKey, Signature, SigningKey};

/// What the sharer consented to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentText {
    /// The session.
    pub session: SessionId,
    /// The organisation.
    pub tenant: String,
    /// Which helper.
    pub pair: PairId,
    /// The level.
    pub level: Level,
    /// The sharer's generation.
    pub generation: u32,
    /// The handshake.
    pub hash: HandshakeHash,
    /// The helper's X25519 key.
    pub helper_key: [u8; 32],
    /// The helper, as the sharer verified them: issuer.
    pub issuer: String,
    /// The helper, as the sharer verified them: subject.
    pub subject: String,
    /// SHA-256 of the text that was shown; zeros if none was.
    pub shown: [u8; 32],
    /// Milliseconds since 1970 by the sharer's clock.
    pub at: u64,
    /// How the answer was given.
    pub ui: Ui,
}

impl ConsentText {
    /// The bytes that are signed.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"rh-consent/1".to_vec();
        bytes.extend(self.session.0);
        put(&mut bytes, self.tenant.as_bytes());
        bytes.push(self.pair.number());
        put(&mut bytes, self.level.word().as_bytes());
        bytes.extend(self.generation.to_be_bytes());
        bytes.extend(self.hash.0);
        bytes.extend(self.helper_key);
        put(&mut bytes, self.issuer.as_bytes());
        put(&mut bytes, self.subject.as_bytes());
        bytes.extend(self.shown);
        bytes.extend(self.at.to_be_bytes());
        bytes.push(match self.ui {
            Ui::Window => 1,
            Ui::Unattended => 2,
        });
        bytes
    }

    /// The sharer signs it.
    pub fn sign(&self, key: &SigningKey) -> Signature {
        key.sign(&self.bytes())
    }

    /// Whether this sharer signed it.
    pub fn is_signed(&self, key: &PublicKey, signature: &Signature) -> bool {
        key.verifies(&self.bytes(), signature)
    }
}

/// A text with its length before it, so that no two texts can be moved into each other.
fn put(bytes: &mut Vec<u8>, text: &[u8]) {
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    bytes.extend(length.to_be_bytes());
    bytes.extend(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn text() -> ConsentText {
        ConsentText {
            session: SessionId([1; 16]),
            tenant: "contoso".to_owned(),
            pair: PairId::FIRST,
            level: Level::Control,
            generation: 2,
            hash: HandshakeHash([5; 32]),
            helper_key: [6; 32],
            issuer: "https://id.example".to_owned(),
            subject: "amina".to_owned(),
            shown: [7; 32],
            at: 1_764_000_000_000,
            ui: Ui::Window,
        }
    }

    #[test]
    fn every_field_is_signed() {
        let key = SigningKey::new([3; 32]).unwrap();
        let signature = text().sign(&key);
        assert!(text().is_signed(&key.public(), &signature));
        let differ: [fn(&mut ConsentText); 12] = [
            |t| t.session = SessionId([2; 16]),
            |t| t.tenant = "fabrikam".to_owned(),
            |t| t.pair = PairId::new(1).unwrap(),
            |t| t.level = Level::View,
            |t| t.generation = 3,
            |t| t.hash = HandshakeHash([6; 32]),
            |t| t.helper_key = [7; 32],
            |t| t.issuer = "https://id.exampl".to_owned(),
            |t| t.subject = "eamina".to_owned(),
            |t| t.shown = [8; 32],
            |t| t.at += 1,
            |t| t.ui = Ui::Unattended,
        ];
        for (number, differ) in differ.into_iter().enumerate() {
            let mut other = text();
            differ(&mut other);
            assert!(
                !other.is_signed(&key.public(), &signature),
                "field {number}"
            );
        }
    }

    /// Issuer and subject stand beside each other: moving a letter from one into the other is another text.
    #[test]
    fn fields_cannot_be_moved_into_each_other() {
        let mut moved = text();
        moved.issuer = "https://id.exampl".to_owned();
        moved.subject = "eamina".to_owned();
        assert_ne!(moved.bytes(), text().bytes());
    }
}
