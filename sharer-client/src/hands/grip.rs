//! What one helper of the session may do with this machine: the gate, what opens it, and how old the input is.

use std::time::Duration;

use identity::{BadGrant, GrantToken, PublicKey};
use picture::Point;
use policy::{Gate, Grant, GrantRefused, Level, Opened};
use seal::Input;

/// The gate of one helper, and what is known of that helper's input.
pub(super) struct Grip {
    pub(super) gate: Gate,
    warrant: Warrant,
    /// The level of the last consent, whether or not a grant has come.
    consented: Option<Level>,
    /// The smallest difference between our clock and the helper's, in milliseconds: an event that was not held up.
    offset: Option<i64>,
    pub(super) last_input: u64,
    pub(super) pointer: Option<Point>,
    /// Where the shown part of the desktop begins: the helper counts from there.
    pub(super) origin: Point,
    pub(super) refused: u64,
    pub(super) injected: u64,
}

/// What a grant has to be signed by, and bound to, before the gate looks at it.
pub(crate) struct Warrant {
    /// The keys of the relay, by the organisation's bundle.
    pub(crate) keys: Vec<PublicKey>,
    /// The organisation.
    pub(crate) tenant: String,
    /// The helper's key, as the handshake proved it.
    pub(crate) helper_key: [u8; 32],
}

/// Why a grant opens nothing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotOpened {
    /// It is not signed as it has to be.
    Signature(BadGrant),
    /// It is for another organisation or another helper.
    OtherHelper,
    /// Another helper holds input (SPEC 6.9).
    Held,
    /// There is no such helper.
    Nobody,
    /// The gate refused it.
    Gate(GrantRefused),
}

impl Grip {
    pub(super) fn new(gate: Gate, warrant: Warrant) -> Self {
        Self {
            gate,
            warrant,
            consented: None,
            offset: None,
            last_input: 0,
            pointer: None,
            origin: Point { x: 0, y: 0 },
            refused: 0,
            injected: 0,
        }
    }

    pub(super) fn consented(&mut self, level: Level, generation: u32) {
        self.consented = Some(level);
        self.gate.consented(level, generation);
    }

    /// Whether this helper holds input, or has the person's consent to.
    pub(super) fn holds(&self) -> bool {
        let levels = [self.consented, self.gate.level()];
        levels.into_iter().flatten().any(Level::includes_input)
    }

    /// What the token says, if the relay signed it for this helper.
    pub(super) fn read(&self, token: &str) -> Result<Grant, NotOpened> {
        let token = GrantToken::verify(token, &self.warrant.keys).map_err(NotOpened::Signature)?;
        let warrant = &self.warrant;
        if (&token.tenant, &token.helper_key) != (&warrant.tenant, &warrant.helper_key) {
            return Err(NotOpened::OtherHelper);
        }
        Ok(token.grant)
    }

    pub(super) fn open(&mut self, grant: &Grant, now: Duration) -> Result<Opened, NotOpened> {
        self.gate.open(grant, now).map_err(NotOpened::Gate)
    }

    /// Whether the input is too old, by the lapse between the helper's clock and ours.
    pub(super) fn is_late(&mut self, input: &Input, now: Duration) -> bool {
        let ours = i64::try_from(now.as_millis()).unwrap_or(i64::MAX);
        let difference = ours - i64::from(input.clock_ms);
        let offset = self
            .offset
            .map_or(difference, |offset| offset.min(difference));
        self.offset = Some(offset);
        difference - offset > LIFE_MS
    }
}

/// Input that is held up for longer than this would hit a window that has changed.
const LIFE_MS: i64 = 2000;
