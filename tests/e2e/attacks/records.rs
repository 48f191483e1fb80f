//! Sealed records that are made up, repeated, or said to be of another channel.

use serde_json::json;

use super::{Siege, dropped, injected, stats};

/// Records that nobody sealed, under a live grant of control: none is injected, and what the helper types is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn made_up_input_is_dropped() {
    let mut siege = Siege::lay("forge-input").await;
    let mut pair = siege.pair().await;
    pair.grant("control").await;
    siege.attacked().await;
    dropped(&mut pair.sharer, 20).await;
    assert_eq!(stats(&mut pair.sharer).await["injected"], 0);
    pair.helper.tell("type", json!({"text": "hello"})).await;
    assert_eq!(injected(&mut pair.sharer, 10).await, 10);
}

/// Attack 6: input that comes three times is injected once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn repeated_input_is_injected_once() {
    let mut siege = Siege::lay("replay-input").await;
    let mut pair = siege.pair().await;
    pair.grant("control").await;
    pair.helper.tell("type", json!({"text": "hello"})).await;
    siege.attacked().await;
    dropped(&mut pair.sharer, 2).await;
    assert_eq!(injected(&mut pair.sharer, 10).await, 10);
    pair.sharer
        .tell("chat", json!({"text": "still here"}))
        .await;
    assert_eq!(pair.helper.expect("chat").await["text"], "still here");
}

/// A record of chat that says it is input.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chat_is_not_input() {
    let mut siege = Siege::lay("relabel").await;
    let mut pair = siege.pair().await;
    pair.grant("control").await;
    pair.helper.tell("chat", json!({"text": "hello"})).await;
    siege.attacked().await;
    dropped(&mut pair.sharer, 1).await;
    assert_eq!(stats(&mut pair.sharer).await["injected"], 0);
}
