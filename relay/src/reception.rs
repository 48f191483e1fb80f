//! What every connection needs: the hub, the tickets, randomness, the clock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use relay_core::{ConnectionId, Person, Random};
use ring::rand::{SecureRandom, SystemRandom};

use crate::authority::Authority;
use crate::clock::Clock;
use crate::hub::Inbox;
use crate::identity::ticket::{Ticket, Tickets, TooMany};
use crate::lines::Lines;
use crate::metrics::Metrics;

/// Shared by all connections. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Reception {
    pub(crate) hub: Inbox,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) clock: Clock,
    pub(crate) authority: Arc<Authority>,
    pub(crate) lines: Lines,
    /// How long a client without a carrier is waited for.
    pub(crate) keep: Duration,
    tickets: Arc<Mutex<Tickets<Person>>>,
    random: Arc<SystemRandom>,
    ids: Arc<AtomicU64>,
}

impl Reception {
    pub(crate) fn new(
        hub: Inbox,
        metrics: Arc<Metrics>,
        clock: Clock,
        authority: Arc<Authority>,
        keep: Duration,
    ) -> Self {
        Self {
            hub,
            metrics,
            clock,
            authority,
            lines: Lines::default(),
            keep,
            tickets: Arc::default(),
            random: Arc::new(SystemRandom::new()),
            ids: Arc::default(),
        }
    }

    pub(crate) fn next_id(&self) -> ConnectionId {
        ConnectionId(self.ids.fetch_add(1, Ordering::Relaxed))
    }

    /// A ticket for a person who is signed in.
    pub(crate) fn issue(&self, person: Person) -> Result<Ticket, TooMany> {
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        tickets.issue(person, self.random(), Instant::now())
    }

    /// The person whom this ticket was issued to, once.
    pub(crate) fn redeem(&self, ticket: &str) -> Option<Person> {
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        tickets.redeem(ticket, Instant::now())
    }

    /// 32 fresh bytes.
    #[expect(clippy::expect_used, reason = "without randomness nothing may go on")]
    pub(crate) fn random(&self) -> Random {
        let mut random = [0; 32];
        self.random
            .fill(&mut random)
            .expect("the system gives randomness once it has started");
        random
    }
}
