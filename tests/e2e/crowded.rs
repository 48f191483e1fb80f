//! Many sessions at once: who is slow holds up nobody else.

use std::net::Ipv4Addr;
use std::time::Duration;

use tests::load::{Admitted, Crowd, Ends, Lines, Load, PAIRS_A_PERSON, Sip, Target};
use tests::stage::{Setting, Stage};
use wire::{Channel, Role};

/// SPEC 5.1, 5.2: of a helper who reads a byte a second the relay holds no more than the sharer may send it, and what others see stays
/// within 5 % of what they are sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_helper_that_reads_a_byte_a_second_holds_up_nobody() {
    let people = (OTHERS + 1).div_ceil(PAIRS_A_PERSON);
    let setting = Setting {
        crowd: people,
        ..Setting::default()
    };
    let stage = Stage::with(&setting).await;
    let crowd = Crowd::sign_in(&stage.provider, people).await;
    let target = Target::of(&stage.relay);
    let (mut others, mut slow) = (Lines::new(), Lines::new());
    for place in 0..OTHERS {
        let by_quic = place % 2 == 0;
        others.add_ends(session(&target, &crowd, place, by_quic).await.0);
    }
    let (ends, sip) = session(&target, &crowd, OTHERS, false).await;
    slow.add_ends(ends);

    let (before, _) = others.run(LOAD, TIME, || 0.0).await;
    sip.begin();
    let ((beside, _), (stuck, _)) =
        tokio::join!(others.run(LOAD, TIME, || 0.0), slow.run(LOAD, TIME, || 0.0));
    for run in [before, beside] {
        let seen = run.bytes / LOAD.bytes as f64;
        let due = (run.sent + run.held) as f64;
        assert!(due > 0.0 && seen >= 0.95 * due, "{seen} of {due} were seen");
    }
    assert!(stuck.held > stuck.sent, "it was not slow: {stuck:?}");
    let held = slow.sent() * LOAD.bytes as u64;
    let cap = Channel::Picture.first_credit();
    assert!(held <= cap, "{held} bytes were sent to it, {cap} may wait");
}

/// A session with its picture open, and what makes its helper slow.
async fn session(target: &Target, crowd: &Crowd, place: usize, by_quic: bool) -> (Ends, Sip) {
    let source = Ipv4Addr::new(127, 0, 1, 1);
    let sharer = &crowd.sharers[place / PAIRS_A_PERSON];
    let helper = target.admit(crowd.helper.access.expose(), Role::Helper, source);
    let Admitted { link, key, sip } = helper.await;
    let sharer = target.admit(sharer.access.expose(), Role::Sharer, source);
    let sharer = sharer.await;
    let ends = Ends::meet(link, sharer.link).await;
    let ends = if by_quic {
        ends.by_quic(target, [key, sharer.key]).await
    } else {
        ends
    };
    (ends, sip)
}

const OTHERS: usize = 8;
const LOAD: Load = Load {
    bytes: 20_000,
    a_second: 10,
};
const TIME: Duration = Duration::from_secs(4);
