//! All that clients sent, as the hostile relay wrote it down: heads and bodies of requests, and frames.

use serde_json::json;
use tests::stage::{Browser, Screen};

use super::{Siege, injected};

/// What was written down so far.
pub(super) struct Transcript(Vec<u8>);

impl Transcript {
    pub(super) fn of(siege: &Siege) -> Self {
        Self(std::fs::read(siege.stage.path("transcript")).expect("a transcript"))
    }

    pub(super) fn holds(&self, text: &str) -> bool {
        self.0.windows(text.len()).any(|at| at == text.as_bytes())
    }

    /// Whether this stands there as a word of its own: a few digits are part of some session's id or key by chance.
    fn says(&self, word: &str) -> bool {
        let mut words = self.0.split(|byte| !byte.is_ascii_alphanumeric());
        words.any(|at| at == word.as_bytes())
    }

    /// Fails unless the routing part of this code was sent, and nothing else of it.
    pub(super) fn assert_routing_alone(&self, code: &str) {
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        let (routing, secret) = digits.split_at(3);
        let grouped = format!("{routing} {} {}", &secret[..2], &secret[2..]);
        assert!(self.says(routing), "the routing part was seen");
        for whole in [digits.as_str(), grouped.as_str(), code] {
            assert!(!self.holds(whole), "{whole} left a client");
        }
        for part in [secret, &digits[1..5]] {
            assert!(!self.says(part), "{part} of {code} left a client");
        }
    }
}

/// The control of a helper in a browser: by the same way, without an attack, everything works. The bodies of its requests are written
/// down too, and no more of the code is in them than in the frames (attack 16).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_attack_a_browser_helps_by_the_same_way() {
    let siege = Siege::of_a_console("none").await;
    let mut browser = Browser::start(&siege.stage, Screen::default()).await;
    browser.open(&format!("{}/h", siege.url)).await;
    browser.sign_in("amina").await;
    let code = browser.code().await;
    let mut sharer = siege.sharer("sakura");
    sharer.expect("signed_in").await;
    sharer.tell("join", json!({"code": code})).await;
    browser.wait("button", "Ask the other person").await;
    browser.click("radio", "Control").await;
    browser.click("button", "Ask the other person").await;
    sharer.expect("asked").await;
    sharer.tell("allow", json!({})).await;
    browser.wait("application", "Keyboard and mouse work").await;
    browser.tell("focus", json!({"role": "application"})).await;
    browser.tell("type", json!({"text": "hello"})).await;
    injected(&mut sharer, 10).await;
    browser.press("Control+Alt+Shift").await;
    browser.click("button", "Leave").await;
    let notes = json!({"label": "Notes", "value": NOTES});
    browser.tell("fill", notes).await;
    browser.click("radio", "Solved").await;
    browser.click("button", "Save").await;
    browser.tell("wait", json!({"text": "Saved."})).await;
    let transcript = Transcript::of(&siege);
    assert!(transcript.holds(NOTES), "bodies are written down");
    transcript.assert_routing_alone(&code);
}

/// Stands in the body of one request, and nowhere else.
const NOTES: &str = "The cable was loose";
