//! The signed grant: the relay's word for one level of one pair (SPEC 6.5).

use policy::{Grant, HandshakeHash, Level, PairId, SessionId};
use serde::{Deserialize, Serialize};
use wire::MAX_GRANT;

use crate::jws::{self, Unsigned};
use crate::signing::{PublicKey, SigningKey};

/// A grant together with everything that it is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantToken {
    /// The grant.
    pub grant: Grant,
    /// The organisation.
    pub tenant: String,
    /// The helper's X25519 key.
    pub helper_key: [u8; 32],
}

/// A text that is no grant of this relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadGrant {
    /// Not a grant at all.
    #[error("the grant is malformed")]
    Malformed,
    /// Signed by a key that the organisation's bundle does not name.
    #[error("the grant is signed by a key that is not the relay's")]
    OtherKey,
    /// Its signature is wrong.
    #[error("the signature of the grant is wrong")]
    Signature,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    tid: String,
    sid: String,
    pair: u8,
    level: String,
    generation: u32,
    seq: u64,
    hh: String,
    hk: String,
    nonce: String,
}

const TYP: &str = "rh-grant+jwt";

impl GrantToken {
    /// Signs it.
    pub fn sign(&self, key: &SigningKey) -> String {
        let grant = &self.grant;
        let claims = Claims {
            tid: self.tenant.clone(),
            sid: grant.session.to_string(),
            pair: grant.pair.number(),
            level: grant.level.word().to_owned(),
            generation: grant.generation,
            seq: grant.sequence,
            hh: grant.hash.to_string(),
            hk: HandshakeHash(self.helper_key).to_string(),
            nonce: grant.nonce.clone(),
        };
        jws::sign(TYP, key, &claims)
    }

    /// Reads one that one of the relay's keys signed.
    ///
    /// # Errors
    /// See [`BadGrant`].
    pub fn verify(raw: &str, keys: &[PublicKey]) -> Result<Self, BadGrant> {
        let (claims, _) = jws::verify::<Claims>(TYP, keys, MAX_GRANT, raw)?;
        claims.read().ok_or(BadGrant::Malformed)
    }
}

impl Claims {
    fn read(self) -> Option<GrantToken> {
        let session: SessionId = self.sid.parse().ok()?;
        let level: Level = self.level.parse().ok()?;
        let hash: HandshakeHash = self.hh.parse().ok()?;
        let HandshakeHash(helper_key) = self.hk.parse().ok()?;
        let grant = Grant {
            session,
            pair: PairId::new(self.pair)?,
            level,
            generation: self.generation,
            sequence: self.seq,
            hash,
            nonce: self.nonce,
        };
        Some(GrantToken {
            grant,
            tenant: self.tid,
            helper_key,
        })
    }
}

impl From<Unsigned> for BadGrant {
    fn from(unsigned: Unsigned) -> Self {
        match unsigned {
            Unsigned::Malformed => Self::Malformed,
            Unsigned::Header => Self::OtherKey,
            Unsigned::Signature => Self::Signature,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> GrantToken {
        GrantToken {
            grant: Grant {
                session: SessionId([1; 16]),
                pair: PairId::FIRST,
                level: Level::Control,
                generation: 2,
                sequence: 7,
                hash: HandshakeHash([5; 32]),
                nonce: "challenge".to_owned(),
            },
            tenant: "contoso".to_owned(),
            helper_key: [6; 32],
        }
    }

    #[test]
    fn a_grant_is_what_the_relays_key_signed() {
        let (old, new) = (
            SigningKey::new([1; 32]).unwrap(),
            SigningKey::new([2; 32]).unwrap(),
        );
        let raw = token().sign(&new);
        assert!(raw.len() <= MAX_GRANT, "{}", raw.len());
        assert_eq!(
            GrantToken::verify(&raw, &[old.public(), new.public()]),
            Ok(token())
        );
        assert_eq!(
            GrantToken::verify(&raw, &[old.public()]),
            Err(BadGrant::OtherKey)
        );
        let swapped = GrantToken {
            tenant: "fabrikam".to_owned(),
            ..token()
        };
        let swapped = swapped.sign(&new);
        let (message, _) = swapped.rsplit_once('.').unwrap();
        let (_, signature) = raw.rsplit_once('.').unwrap();
        let forged = format!("{message}.{signature}");
        assert_eq!(
            GrantToken::verify(&forged, &[new.public()]),
            Err(BadGrant::Signature)
        );
    }

    /// A bundle that the same key signed is no grant: the type is part of what is signed.
    #[test]
    fn another_signed_text_is_no_grant() {
        let key = SigningKey::new([1; 32]).unwrap();
        let bundle = crate::bundle::tests::bundle().sign(&key);
        assert_eq!(
            GrantToken::verify(&bundle, &[key.public()]),
            Err(BadGrant::OtherKey)
        );
        let short = jws::sign("rh-other+jwt", &key, &serde_json::json!({}));
        assert_eq!(
            GrantToken::verify(&short, &[key.public()]),
            Err(BadGrant::OtherKey)
        );
        let odd = jws::sign(TYP, &key, &serde_json::json!({"tid": "contoso"}));
        assert_eq!(
            GrantToken::verify(&odd, &[key.public()]),
            Err(BadGrant::Malformed)
        );
    }
}
