//! The same for a person: they help from their own browser, and say here what Sakura, the sharer, does.

use tests::demo::people;
use tests::stage::Windows;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::mpsc;

use crate::act::Act;

/// Runs until the person leaves, or presses Ctrl-C. With `own` the sharer's windows are on the person's own display.
pub(crate) async fn run(own: bool) {
    println!("Starting the sign-in service, a relay, a desktop and the sharer's windows ...");
    let mut act = Act::start("sakura").await;
    let mine = if own {
        Some(Windows::on_own_display(&act.stage, "yusuf"))
    } else {
        None
    };
    tell(&act, own);
    let mut lines = lines();
    while let Some(line) = lines.recv().await {
        match line.trim() {
            "" => {}
            "look" => {
                let path = act.file("sharer.png");
                act.desktop.save(&path).await;
                println!("saved {}", path.display());
            }
            "quit" => break,
            code if code.chars().filter(char::is_ascii_digit).count() == 8 => {
                act.type_code(code).await;
                println!("Sakura typed the code. Choose a level in the browser, then: allow");
            }
            word => match BUTTONS.iter().find(|(known, _)| *known == word) {
                Some((_, button)) if act.sharer.try_press(button).await => {}
                Some((_, button)) => println!("Sakura has no button \"{button}\" now."),
                None => println!(
                    "`{word}` is none of: CODE, allow, decline, pause, resume, back, end, again, look, quit"
                ),
            },
        }
    }
    drop(mine);
    println!("Everything is stopped. Nothing of this run is kept but target/demo.");
}

/// Words of the person here, and the buttons of the sharer that they press.
const BUTTONS: [(&str, &str); 7] = [
    ("allow", "Allow"),
    ("decline", "Decline"),
    ("pause", "Pause"),
    ("resume", "Continue sharing"),
    ("back", "Take control back"),
    ("end", "End session"),
    ("again", "Enter a new code"),
];

fn tell(act: &Act, own: bool) {
    let relay = &act.stage.relay.url;
    println!(
        "
The demo organisation is \"Klinikum Lindenhof\". Its sign-in page lists everybody; there are no passwords.

  1. Open {relay}/h and sign in as Amina Haddad, who helps.
     (The certificates are made for this run: your browser warns once here and once at {issuer}.)
  2. You get a code. Type it here and press Enter: Sakura types it into her window.
  3. Ask for a level in the browser, then type here: allow
  4. You see Sakura's desktop, and her windows on it. With control you use it.

Sakura also knows: decline, pause, resume, back (takes control back), end, again (a new code), look (saves what she sees).
Others who can sign in: Jonas (second helper), Priya (may only view), Ingrid (administrator), Dmitri (auditor: see
{relay}/sessions and {relay}/monitor), Tomasz (may do nothing), Chiara (another organisation). All of them: {people}
{mine}quit, or Ctrl-C, ends everything.
",
        issuer = act.stage.provider.issuer,
        people = people().display(),
        mine = if own {
            "Yusuf's window is on your own display: type a code there yourself, and YOUR screen is shared.\n"
        } else {
            ""
        },
    );
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
