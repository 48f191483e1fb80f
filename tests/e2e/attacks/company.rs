//! A relay that wants a helper of its own in a session. The accomplice is real: signed in, permitted, with the unchanged client.

use serde_json::json;
use tests::stage::{Pair, Program};

use super::Siege;

/// SPEC 6.9: whom no helper named by a sealed word is not even answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_helper_whom_nobody_named_is_not_let_in() {
    let mut siege = Siege::lay("bring-helper").await;
    let mut jonas = accomplice(&siege).await;
    let mut pair = siege.pair().await;
    pair.grant("control").await;
    siege.attacked().await;
    comes(&mut jonas).await;
    refused(&mut pair, &mut jonas, "RH-1219").await;
}

/// SPEC 6.9: another person than the one who was named is found out by the sharer, before anything of it is shown.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_person_than_the_one_who_was_named_is_not_let_in() {
    let mut siege = Siege::lay("invite-another").await;
    let mut jonas = accomplice(&siege).await;
    let mut pair = siege.pair().await;
    pair.grant("control").await;
    let priya = json!({"subject": "priya", "name": "Priya Nair", "hand_over": true});
    pair.helper.tell("invite", priya).await;
    siege.attacked().await;
    assert_eq!(pair.sharer.expect("invited").await["name"], "Priya Nair");
    comes(&mut jonas).await;
    refused(&mut pair, &mut jonas, "RH-1303").await;
}

/// SPEC 6.9: the place of the helper with the code is nobody else's, even while somebody is invited: the sharer tells the two ways in
/// apart by itself, not by the number that the relay gives a pair.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_place_of_the_helper_with_the_code_is_given_to_nobody() {
    let mut siege = Siege::lay("reseat").await;
    let mut jonas = accomplice(&siege).await;
    let mut pair = siege.pair().await;
    pair.grant("control").await;
    let priya = json!({"subject": "priya", "name": "Priya Nair", "hand_over": true});
    pair.helper.tell("invite", priya).await;
    siege.attacked().await;
    comes(&mut jonas).await;
    assert_eq!(pair.sharer.expect("departed").await["pair"], 0);
    assert_eq!(pair.sharer.expect("check_failed").await["code"], "RH-1303");
    turned_out(&mut pair, &mut jonas).await;
}

async fn accomplice(siege: &Siege) -> Program {
    let mut jonas = siege.client("handrail-helper", "jonas", &["--invited"]);
    jonas.expect("waiting").await;
    jonas
}

async fn comes(jonas: &mut Program) {
    let asked = jonas.expect("invitation").await;
    jonas
        .tell("accept", json!({"session": asked["session"]}))
        .await;
}

/// The accomplice is turned out, and the session goes on.
async fn refused(pair: &mut Pair, jonas: &mut Program, fault: &str) {
    assert_eq!(pair.sharer.expect("fault").await["code"], fault);
    turned_out(pair, jonas).await;
    pair.settle().await;
    pair.helper.tell("type", json!({"text": "on"})).await;
    super::injected(&mut pair.sharer, 4).await;
}

/// The accomplice has seen nothing and is on no card.
async fn turned_out(pair: &mut Pair, jonas: &mut Program) {
    assert_eq!(jonas.expect("ended").await["code"], "RH-1301");
    assert!(!jonas.wait().await, "the accomplice's program fails");
    assert!(jonas.all("card").is_empty(), "nor did it learn anything");
    assert_eq!(pair.sharer.all("card").len(), 1);
}
