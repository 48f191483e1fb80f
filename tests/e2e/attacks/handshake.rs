//! A relay between the two ends of a handshake.

use serde_json::json;
use tests::stage::Program;

use super::{Siege, typed};

/// A sharer is led to a helper who does not have the code: both see that the check failed, neither sees a name.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_helper_than_the_one_with_the_code_is_nobody() {
    let mut siege = Siege::lay("swap-peers").await;
    let mut other = siege.helper("jonas");
    other.expect("code").await;
    let (mut helper, mut sharer) = (siege.helper("amina"), siege.sharer("sakura"));
    typed(&mut helper, &mut sharer).await;
    siege.attacked().await;
    failed(&mut sharer, "RH-1301").await;
}

/// Attack 1: a relay in the middle that guesses wrong is seen at both ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guessed_code_fails_on_both_sides() {
    let mut siege = Siege::lay("guess-code").await;
    let (mut helper, mut sharer) = (siege.helper("amina"), siege.sharer("sakura"));
    typed(&mut helper, &mut sharer).await;
    siege.attacked().await;
    failed(&mut sharer, "RH-1301").await;
    failed(&mut helper, "RH-1301").await;
}

/// Attack 28: a relay in the middle that knows the code steals what the sharer says about itself. It is of no use: it is not bound
/// to the relay's keys.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_knows_the_code_is_still_nobody() {
    let mut siege = Siege::lay("know-code").await;
    let mut helper = siege.helper("amina");
    let code = helper.expect("code").await["code"].clone();
    siege.relay.tell_line(&json!({"code": code})).await;
    siege.relay.expect("heard").await;
    let mut sharer = siege.sharer("sakura");
    sharer.expect("signed_in").await;
    sharer.tell("join", json!({"code": code})).await;
    siege.attacked().await;
    failed(&mut sharer, "RH-1302").await;
    failed(&mut helper, "RH-1302").await;
}

/// Attack 4: the flights of an earlier handshake.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_handshake_does_not_come_back() {
    let mut siege = Siege::lay("replay-flights").await;
    let mut first = siege.pair().await;
    first.sharer.tell("leave", json!({})).await;
    first.helper.expect("ended").await;
    let (mut helper, mut sharer) = (siege.helper("amina"), siege.sharer("sakura"));
    typed(&mut helper, &mut sharer).await;
    siege.attacked().await;
    failed(&mut sharer, "RH-1301").await;
}

/// Attack 5: one bit of the helper's answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bit_that_is_another_ends_the_handshake() {
    let mut siege = Siege::lay("flip-flight").await;
    let (mut helper, mut sharer) = (siege.helper("amina"), siege.sharer("sakura"));
    typed(&mut helper, &mut sharer).await;
    siege.attacked().await;
    failed(&mut sharer, "RH-1301").await;
}

/// The check failed for this reason, and no card was shown before.
async fn failed(program: &mut Program, code: &str) {
    loop {
        let told = program.next().await;
        assert_ne!(told["event"], "card", "nobody proved to be anybody");
        if told["event"] == "check_failed" {
            assert_eq!(told["code"], code, "{told}");
            return;
        }
    }
}
