//! A helper and a sharer of the load generator, taken by the real protocol to a granted level.

use carrier::Link;
use client::System;
use identity::{ConsentText, SigningKey};
use policy::{HandshakeHash, Level, PairId, PublicBytes, SessionId};
use seal::Entropy;
use seal::handshake::{Attempts, Context, Sharer, StaticKey};
use wire::{
    Answer, Code, Envelope, Frame, FromRelay, LineKey, Peer, Routing, Secret, Signed, ToRelay, Ui,
};

use super::target::{Target, hear, tell};

/// Two ends between which the picture channel is open.
pub struct Ends {
    /// The helper's.
    pub helper: Link,
    /// The sharer's.
    pub sharer: Link,
    /// The round of their credit (SPEC 10.2).
    pub round: u8,
}

impl Ends {
    /// Two links without a relay between them.
    pub fn direct(helper: Link, sharer: Link) -> Self {
        Self {
            helper,
            sharer,
            round: 0,
        }
    }

    /// From two admitted connections to a granted level.
    ///
    /// # Panics
    /// Something is not as the protocol wants it.
    pub async fn meet(helper: Link, sharer: Link) -> Self {
        let mut ends = Self::direct(helper, sharer);
        let (session, routing) = ends.offer().await;
        let shaken = ends.shake(session, routing).await;
        ends.grant(&shaken).await;
        ends
    }

    /// Both lines go on by QUIC, one after the other.
    ///
    /// # Panics
    /// The relay does not go on with them.
    pub async fn by_quic(self, target: &Target, [helper, sharer]: [LineKey; 2]) -> Self {
        let mut ends = self;
        ends.helper = target.by_quic(ends.helper, helper).await;
        ends.renew().await;
        ends.sharer = target.by_quic(ends.sharer, sharer).await;
        ends.renew().await;
        ends
    }

    /// Both hear that one has another carrier.
    async fn renew(&mut self) {
        for link in [&mut self.helper, &mut self.sharer] {
            self.round = hear(link, |message| match message {
                FromRelay::Back { round, .. } => Some(round),
                _ => None,
            })
            .await;
        }
    }

    async fn offer(&mut self) -> (SessionId, Routing) {
        let create = ToRelay::Create {
            reason: None,
            incident: None,
        };
        tell(&self.helper, &create);
        hear(&mut self.helper, |message| match message {
            FromRelay::Created {
                session, routing, ..
            } => Some((session, routing)),
            _ => None,
        })
        .await
    }

    async fn shake(&mut self, session: SessionId, routing: Routing) -> Shaken {
        let mut entropy = System::default();
        let secret = Secret::draw(|| u32::from_be_bytes(entropy.draw()));
        let mut attempts = Attempts::new(Code::new(routing, &secret));
        tell(&self.sharer, &ToRelay::Join { routing });
        let tenant = hear(&mut self.sharer, |message| match message {
            FromRelay::Joined { tenant, .. } => Some(tenant),
            _ => None,
        })
        .await;
        let context = Context {
            session,
            tenant: tenant.clone(),
        };
        let (helper_key, sharer_key) = (
            StaticKey::new(entropy.draw()),
            StaticKey::new(entropy.draw()),
        );
        let code = Code::new(routing, &secret);
        let (sharer, first) = Sharer::new(context.clone(), &code, sharer_key, &mut entropy);
        let first = carry(&self.sharer, &mut self.helper, 0, &first).await;
        let answered = attempts.answer(context, &first, &helper_key, &mut entropy);
        let (helper, second) = answered.expect("the flight is good");
        let second = carry(&self.helper, &mut self.sharer, 0, &second).await;
        let read = sharer.read_second(&second, b"{}");
        let (awaiting, third) = read.expect("the flight is good");
        let third = carry(&self.sharer, &mut self.helper, 1, &third).await;
        let read = helper
            .read_third(&third)
            .and_then(|third| third.answer(b"{}"));
        let (established, fourth) = read.expect("the flight is good");
        let fourth = carry(&self.helper, &mut self.sharer, 1, &fourth).await;
        awaiting.read_fourth(&fourth).expect("the flight is good");
        Shaken {
            session,
            tenant,
            hash: established.hash,
            helper_key: helper_key.public(),
            signing: SigningKey::new(entropy.draw()).expect("a key"),
        }
    }

    async fn grant(&mut self, shaken: &Shaken) {
        let (pair, hash) = (PairId::FIRST, shaken.hash);
        for link in [&self.helper, &self.sharer] {
            let shook = ToRelay::Shook {
                pair,
                hash,
                helper_key: PublicBytes(shaken.helper_key),
                sharer_key: PublicBytes(shaken.signing.public().0),
            };
            tell(link, &shook);
        }
        let paired = |message| match message {
            FromRelay::Paired { peer, .. } => Some(peer),
            _ => None,
        };
        hear(&mut self.helper, paired).await;
        let peer = hear(&mut self.sharer, paired).await;
        let level = Level::View;
        tell(&self.helper, &ToRelay::Ask { level });
        hear(&mut self.sharer, |message| {
            matches!(message, FromRelay::Asked { .. }).then_some(())
        })
        .await;
        let consent = ToRelay::Consent {
            pair,
            level,
            generation: 1,
            hash,
            answer: Answer::Allow,
            nonce: "bench".to_owned(),
            signed: Some(shaken.signed(peer, level)),
        };
        tell(&self.sharer, &consent);
        for link in [&mut self.helper, &mut self.sharer] {
            hear(link, |message| {
                matches!(message, FromRelay::Granted { .. }).then_some(())
            })
            .await;
        }
    }
}

/// Sends a flight through the relay. Gives what arrived.
async fn carry(from: &Link, to: &mut Link, counter: u64, flight: &[u8]) -> Vec<u8> {
    let envelope = Envelope::flight(PairId::FIRST, counter, flight).expect("a flight is short");
    from.sender
        .send_sealed(envelope)
        .expect("the queue has room");
    loop {
        if let Frame::Sealed(envelope) = to.frames.next().await.expect("the relay is there") {
            return envelope.sealed().to_vec();
        }
    }
}

/// What a handshake left behind that consents are about.
struct Shaken {
    session: SessionId,
    tenant: String,
    hash: HandshakeHash,
    helper_key: [u8; 32],
    signing: SigningKey,
}

impl Shaken {
    fn signed(&self, helper: Peer, level: Level) -> Signed {
        let text = ConsentText {
            session: self.session,
            tenant: self.tenant.clone(),
            pair: PairId::FIRST,
            level,
            generation: 1,
            hash: self.hash,
            helper_key: self.helper_key,
            issuer: helper.issuer,
            subject: helper.subject,
            shown: [0; 32],
            at: 0,
            ui: Ui::Unattended,
        };
        let signature = text.sign(&self.signing).to_string();
        Signed {
            issuer: text.issuer,
            subject: text.subject,
            shown: PublicBytes(text.shown),
            at: text.at,
            ui: text.ui,
            signature,
        }
    }
}
