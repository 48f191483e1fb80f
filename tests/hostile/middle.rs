//! A man in the middle: a handshake with each end, with a code that was guessed or overheard.

use client::System;
use identity::Credential;
use policy::{PairId, SessionId};
use seal::Entropy;
use seal::handshake::{Attempts, Context, Helper, Sharer, StaticKey};
use wire::{Code, Envelope, Role};

use crate::attack::Attack;

/// Both handshakes.
pub(crate) struct Middle {
    context: Context,
    code: Code,
    key: StaticKey,
    entropy: System,
    /// Towards the sharer.
    helper: Option<Helper>,
    /// Towards the helper.
    sharer: Option<Sharer>,
    /// What the sharer said about itself.
    stolen: Vec<u8>,
    guesses: bool,
}

impl Middle {
    /// Stands between the two, if that is the attack.
    pub(crate) fn new(
        attack: Attack,
        session: SessionId,
        tenant: String,
        code: Option<Code>,
    ) -> Option<Self> {
        let code = match attack {
            Attack::GuessCode => Code::parse("00000000").ok()?,
            Attack::KnowCode => code?,
            _ => return None,
        };
        let mut entropy = System::default();
        Some(Self {
            context: Context { session, tenant },
            code,
            key: StaticKey::new(entropy.draw()),
            entropy,
            helper: None,
            sharer: None,
            stolen: vec![],
            guesses: attack == Attack::GuessCode,
        })
    }

    /// A flight of an end came: what goes to whom.
    pub(crate) fn meet(
        &mut self,
        from: Role,
        counter: u64,
        flight: &[u8],
    ) -> Vec<(Role, Envelope)> {
        match (from, counter) {
            (Role::Sharer, 0) => self.answer_sharer(flight),
            (Role::Sharer, _) => self.rob(flight),
            (Role::Helper, 0) => self.answer_helper(flight),
            (Role::Helper, _) => vec![],
        }
    }

    /// Answers the sharer as a helper would. Who guesses speaks to the helper at once; who knows the code robs the sharer first.
    fn answer_sharer(&mut self, flight: &[u8]) -> Vec<(Role, Envelope)> {
        let mut attempts = Attempts::new(self.code.clone());
        let context = self.context.clone();
        let answered = attempts.answer(context, flight, &self.key, &mut self.entropy);
        let (helper, second) = answered.expect("the first flight is good");
        self.helper = Some(helper);
        let mut flights = vec![(Role::Sharer, envelope(0, &second))];
        if self.guesses {
            flights.push(self.speak_first());
        }
        flights
    }

    fn speak_first(&mut self) -> (Role, Envelope) {
        let (context, key) = (self.context.clone(), self.key.clone());
        let (sharer, first) = Sharer::new(context, &self.code, key, &mut self.entropy);
        self.sharer = Some(sharer);
        (Role::Helper, envelope(0, &first))
    }

    /// With the right code the sharer tells who it is. That goes back to the sharer as a helper's word, and to the helper as ours.
    fn rob(&mut self, flight: &[u8]) -> Vec<(Role, Envelope)> {
        let Some(Ok(third)) = self.helper.take().map(|helper| helper.read_third(flight)) else {
            return vec![];
        };
        self.stolen.clone_from(&third.credential);
        let mut own = Credential::decode(&third.credential, Role::Helper).expect("a credential");
        own.role = Role::Helper;
        let answered = third.answer(&own.encode());
        let (_, fourth) = answered.expect("the flight can be written");
        vec![(Role::Sharer, envelope(1, &fourth)), self.speak_first()]
    }

    /// The third flight says who we are: what was stolen. With the wrong code there is none to write, and noise goes out.
    fn answer_helper(&mut self, flight: &[u8]) -> Vec<(Role, Envelope)> {
        let Some(sharer) = self.sharer.take() else {
            return vec![];
        };
        let third = match sharer.read_second(flight, &self.stolen) {
            Ok((_, third)) => third,
            Err(_) => vec![0x5a; 200],
        };
        vec![(Role::Helper, envelope(1, &third))]
    }
}

fn envelope(counter: u64, flight: &[u8]) -> Envelope {
    Envelope::flight(PairId::FIRST, counter, flight).expect("a short flight")
}
