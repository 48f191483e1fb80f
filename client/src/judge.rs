//! Judges the peer: who they are by their own provider's word, whatever the relay says (SPEC 8.7).

use std::time::SystemTime;

use identity::keys::Need;
use identity::token::Refusal;
use identity::{Anchor, EndPolicy, Identity, NotThem, PublicKey, needed_key};
use wire::Role;

use crate::issuer_keys::IssuerKeys;
use crate::pin::Pin;

/// What the peer and the relay are judged by.
pub struct Judge {
    anchor: Anchor,
    keys: IssuerKeys,
    domain: String,
    grant_keys: Vec<PublicKey>,
    policy: EndPolicy,
    tenant: String,
}

/// What came of a judgement.
#[derive(Debug)]
pub enum Verdict {
    /// The peer is this person.
    Known(Box<Identity>),
    /// The issuer's keys are being fetched first: ask again after [`Judge::ready`].
    Later,
    /// The peer is nobody.
    Refused(NotThem),
}

impl Judge {
    pub(crate) fn new(pin: &Pin, keys: IssuerKeys) -> Self {
        Self {
            anchor: Anchor::new(&pin.bundle),
            keys,
            domain: pin.domain().to_owned(),
            grant_keys: pin.bundle.grant_keys.clone(),
            policy: pin.bundle.policy,
            tenant: pin.bundle.tenant.clone(),
        }
    }

    /// Who the peer of a handshake is.
    pub fn judge(&mut self, credential: &[u8], peer_key: &[u8; 32], ours: Role) -> Verdict {
        let now = SystemTime::now();
        let Some(key) = needed_key(credential, ours) else {
            return Verdict::Refused(NotThem::NoCredential);
        };
        let keys = match self.keys.need(&key, now) {
            Need::Nothing(keys) => keys,
            Need::Fetch => {
                self.keys.renew(&key, now);
                return Verdict::Later;
            }
            Need::Unreachable => return Verdict::Refused(NotThem::Token(Refusal::UnknownKey)),
        };
        match self.anchor.verify(credential, peer_key, ours, &keys, now) {
            Ok(identity) => Verdict::Known(Box::new(identity)),
            Err(why) => Verdict::Refused(why),
        }
    }

    /// Waits until keys that were asked for are here, or are not to be had. Never ends if none were. Cancel-safe.
    pub async fn ready(&mut self) {
        self.keys.renewed().await;
    }

    /// What stands for the organisation on a card.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The organisation's id.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The keys that sign grants.
    pub fn grant_keys(&self) -> &[PublicKey] {
        &self.grant_keys
    }

    /// What the organisation wants of its clients.
    pub fn policy(&self) -> EndPolicy {
        self.policy
    }
}
