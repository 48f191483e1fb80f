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

/// The accomplice is turned out, has seen nothing, is on no card; the session goes on.
async fn refused(pair: &mut Pair, jonas: &mut Program, fault: &str) {
    assert_eq!(pair.sharer.expect("fault").await["code"], fault);
    assert_eq!(jonas.expect("ended").await["code"], "RH-1301");
    assert!(!jonas.wait().await, "the accomplice's program fails");
    assert!(jonas.all("card").is_empty(), "nor did it learn anything");
    assert_eq!(pair.sharer.all("card").len(), 1);
    pair.settle().await;
    pair.helper.tell("type", json!({"text": "on"})).await;
    super::injected(&mut pair.sharer, 4).await;
}
