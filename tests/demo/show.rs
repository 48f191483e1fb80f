//! The same for a person: what they type goes through the helper's client into the remote terminal.

use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::mpsc;

use crate::act::Act;

/// Runs until the person leaves, or presses Ctrl-C.
pub(crate) async fn run() {
    println!("Starting the sign-in service, a relay, a desktop, a sharer and a helper ...");
    let mut act = Act::start().await;
    act.pair.grant("view").await;
    act.pair.grant("control").await;
    let picture = act.file("helper.png");
    println!(
        "
Amina (helper) sees and controls the desktop of Sakura (sharer), through the relay at {}.
The desktop is the X display {}; a window of it opens with: DISPLAY={} xwd -root | xwud

Type a line and press Enter: it is typed into the remote terminal.
  /view        saves what Amina sees as {}
  /chat TEXT   writes to Sakura
  /pause       Sakura pauses picture and input; /resume goes on
  /stats       figures of the session
  /leave       ends everything (so does Ctrl-C)
",
        act.stage.relay.url,
        act.desktop.display,
        act.desktop.display,
        picture.display(),
    );
    let mut lines = lines();
    while let Some(line) = lines.recv().await {
        match line.trim().split_once(' ').unwrap_or((line.trim(), "")) {
            ("/leave", _) => break,
            ("/view", _) => {
                act.pair
                    .helper
                    .ask("save", json!({"path": picture}), "saved")
                    .await;
                println!("saved {}", picture.display());
            }
            ("/chat", text) => {
                act.pair.helper.tell("chat", json!({"text": text})).await;
                println!(
                    "Sakura reads: {}",
                    act.pair.sharer.expect("chat").await["text"]
                );
            }
            ("/pause", _) => pause(&mut act, true).await,
            ("/resume", _) => pause(&mut act, false).await,
            ("/stats", _) => {
                println!("{}", act.pair.helper.ask("stats", json!({}), "stats").await);
            }
            _ => {
                act.pair
                    .helper
                    .tell("type", json!({"text": format!("{line}\n")}))
                    .await
            }
        }
    }
    act.pair.helper.tell("leave", json!({})).await;
    act.pair.sharer.expect("ended").await;
    println!(
        "Amina left; Sakura was told. The record is in {}",
        act.stage.relay.database.display()
    );
}

async fn pause(act: &mut Act, on: bool) {
    act.pair.sharer.tell("pause", json!({"on": on})).await;
    println!("paused: {}", act.pair.helper.expect("paused").await["on"]);
}

/// Lines of standard input, until it ends or Ctrl-C is pressed.
fn lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut input = BufReader::new(tokio::io::stdin()).lines();
        loop {
            tokio::select! {
                line = input.next_line() => match line {
                    Ok(Some(line)) => if sender.send(line).await.is_err() { return },
                    Ok(None) | Err(_) => return,
                },
                _ = tokio::signal::ctrl_c() => return,
            }
        }
    });
    receiver
}
