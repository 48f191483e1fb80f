//! The real windows on real X servers, read and pressed through the accessibility bus. The child is a script that plays events of SPEC 15.
#![cfg(test)]

#[expect(dead_code, reason = "the helper's tests use the rest")]
#[path = "../../../client/window/tests/stage/stage.rs"]
mod stage;

use stage::{Server, Stage};

const WINDOW: &str = env!("CARGO_BIN_EXE_handrail-sharer-window");
const SIGNED_IN: &str = r#"{"event":"signed_in","name":"Amina","subject":"a1","issuer":"i"}"#;
const JOINED: &str = r#"{"event":"joined"}"#;
const CARD: &str = r#"{"event":"card","pair":0,"name":"Yuki Tanaka","subject":"y1","issuer":"https://id.example","domain":"id.example","directory":{"relay":"relay.example","company":"Contoso"}}"#;
const ASKED: &str = r#"{"event":"asked","pair":0,"level":"control","within":300}"#;
const GRANTED: &str = r#"{"event":"granted","pair":0,"level":"control"}"#;
const READ_FIRST: &str = "Read this first, then press Allow again.";
const AFTER_A_SECOND: &str = "Time left: 4:58. Esc declines.";
const NOT_A_PERSON: &str = "Allow was not pressed on this computer's own mouse or keyboard, so it did not count. Press it yourself.";

/// PRODUCT 3.1, 3.6, 10.4: from the code to the summary, with names that a screen reader says.
#[test]
fn a_session_is_held_by_keyboard_and_screen_reader() {
    let mut stage = Stage::start(Server::xvfb(), WINDOW, &["--presence", "assisted"]);
    stage.sees("Connecting");
    stage.says(SIGNED_IN);
    stage.sees("Code, 8 digits");
    stage.types("047-12345");
    stage.key("Return");
    assert_eq!(stage.hears(), r#"{"command":"join","code":"047-12345"}"#);
    stage.says(JOINED);
    stage.sees("Security check");
    stage.says(CARD);
    stage.sees("Signed in by id.example");
    stage.sees("From the directory of relay.example, not verified:");
    stage.says(ASKED);
    stage.sees("wants to see your screen and use your mouse and keyboard");
    stage.presses("Allow");
    stage.sees(READ_FIRST);
    stage.sees(AFTER_A_SECOND);
    stage.presses("Allow");
    assert_eq!(
        stage.hears(),
        r#"{"command":"allow","pair":0,"shown":"Yuki Tanaka wants to see your screen and use your mouse and keyboard","ui":"window"}"#
    );
    stage.says(GRANTED);
    stage.sees("Yuki Tanaka sees your screen and uses your mouse and keyboard");
    stage.says(r#"{"event":"away","pair":0,"within":60}"#);
    stage.sees(
        "The connection of Yuki Tanaka was lost. The session goes on by itself when it is back.",
    );
    stage.says(r#"{"event":"back","pair":0}"#);
    stage.says(r#"{"event":"reconnecting"}"#);
    stage.sees("Your connection was lost and is being restored. The session goes on by itself.");
    stage.says(r#"{"event":"reconnected","carrier":"wss","instead":"UDP stopped answering"}"#);
    stage.says(r#"{"event":"chat","id":1,"pair":0,"text":"مرحبا"}"#);
    stage.sees("Chat, 1 new");
    stage.presses("Take control back");
    assert_eq!(
        stage.hears(),
        r#"{"command":"lower","pair":0,"level":"view"}"#
    );
    stage.presses("Pause");
    assert_eq!(stage.hears(), r#"{"command":"pause","on":true}"#);
    stage.presses("End session");
    assert_eq!(stage.hears(), r#"{"command":"leave"}"#);
    stage.says(r#"{"event":"ended","code":null,"text":"left"}"#);
    stage.sees("You ended the session");
    stage.sees("Enter a new code");
}

/// PRODUCT 3.10, 3.15, 10.6: a second helper is named with the one who asked; what is signed is what was read; the bar says who has the mouse.
#[test]
fn a_second_helper_comes_and_goes() {
    let mut stage = Stage::start(Server::xvfb(), WINDOW, &["--presence", "any"]);
    for line in [SIGNED_IN, JOINED, CARD, GRANTED] {
        stage.says(line);
    }
    stage.sees("Yuki Tanaka sees your screen and uses your mouse and keyboard");
    stage.says(r#"{"event":"invited","pair":0,"name":"Ben Okafor","hand_over":false}"#);
    stage.sees("Yuki Tanaka has asked Ben Okafor to join.");
    stage.says(r#"{"event":"card","pair":1,"name":"Ben Okafor","subject":"b1","issuer":"https://id.example","domain":"id.example","directory":{"relay":"relay.example"},"invited_by":"Yuki Tanaka"}"#);
    stage.says(r#"{"event":"asked","pair":1,"level":"control","within":300}"#);
    stage.sees("Allow Ben Okafor to see your screen and use your mouse and keyboard?");
    stage.sees("Yuki Tanaka will then only see your screen.");
    stage.sees(AFTER_A_SECOND);
    stage.presses("Allow");
    assert_eq!(
        stage.hears(),
        r#"{"command":"allow","pair":1,"shown":"Yuki Tanaka has asked Ben Okafor to join. Allow Ben Okafor to see your screen and use your mouse and keyboard? Yuki Tanaka will then only see your screen.","ui":"window"}"#
    );
    stage.says(r#"{"event":"granted","pair":0,"level":"view"}"#);
    stage.says(r#"{"event":"granted","pair":1,"level":"control"}"#);
    stage.sees("2 helpers are here. Ben Okafor controls mouse and keyboard.");
    stage.sees("Yuki Tanaka: sees your screen");
    stage.presses("Take control back");
    assert_eq!(
        stage.hears(),
        r#"{"command":"lower","pair":1,"level":"view"}"#
    );
    stage.presses("Remove Yuki Tanaka");
    assert_eq!(stage.hears(), r#"{"command":"dismiss","pair":0}"#);
    stage.says(r#"{"event":"departed","pair":0,"code":"RH-1501","text":"left"}"#);
    stage.sees("Yuki Tanaka is not here any more.");
    stage.sees("Ben Okafor sees your screen and uses your mouse and keyboard");
}

/// DESIGN 3: what XTest or the accessibility bus presses does not count; what a person presses does. In Xephyr the devices are those of the
/// outer server, so its clients see them as physical.
#[test]
fn only_a_physical_press_allows() {
    let outer = Server::xvfb();
    let inner = Server::xephyr(&outer);
    let mut stage = Stage::start(inner, WINDOW, &[]);
    stage.sees("Connecting");
    for line in [SIGNED_IN, JOINED, CARD, ASKED] {
        stage.says(line);
    }
    stage.sees(AFTER_A_SECOND);
    stage.presses("Allow");
    stage.sees(NOT_A_PERSON);
    stage.key("Tab");
    stage.key("space");
    stage.key("Escape");
    let declined = r#"{"command":"decline","pair":0}"#;
    assert_eq!(stage.hears(), declined, "XTest allowed nothing before");
    stage.says(ASKED);
    stage.sees(AFTER_A_SECOND);
    outer.run(
        "xdotool",
        &["mousemove", "5", "5", "key", "Tab", "key", "space"],
    );
    assert_eq!(
        stage.hears(),
        r#"{"command":"allow","pair":0,"shown":"Yuki Tanaka wants to see your screen and use your mouse and keyboard","ui":"window"}"#
    );
}

/// The same by mouse: a click that a program makes says what is missing, the very same click of a person's own mouse allows.
#[test]
fn only_a_physical_click_allows() {
    let outer = Server::xvfb();
    let inner = Server::xephyr(&outer);
    let mut stage = Stage::start(inner, WINDOW, &[]);
    stage.sees("Connecting");
    for line in [SIGNED_IN, JOINED, CARD, ASKED] {
        stage.says(line);
    }
    stage.sees(AFTER_A_SECOND);
    let click = |server: &Server, (x, y): (i64, i64)| {
        let (x, y) = (x.to_string(), y.to_string());
        server.run("xdotool", &["mousemove", "--sync", &x, &y, "click", "1"]);
    };
    let allow = stage.place("Allow", "^Handrail");
    click(&stage.server, allow);
    stage.sees(NOT_A_PERSON);
    // The words have moved the button.
    let allow = stage.place("Allow", "^Handrail");
    outer.run("xdotool", &["mousemove", "--sync", "5", "5"]);
    click(&outer, allow);
    assert_eq!(
        stage.hears(),
        r#"{"command":"allow","pair":0,"shown":"Yuki Tanaka wants to see your screen and use your mouse and keyboard","ui":"window"}"#
    );
}

/// PRODUCT 3.8, 10.6: the bar stays above, and the keys work whatever is in front.
#[test]
fn the_pill_is_above_and_the_hotkeys_end() {
    let mut stage = Stage::start(Server::xvfb(), WINDOW, &["--presence", "any"]);
    for line in [SIGNED_IN, JOINED, CARD, GRANTED] {
        stage.says(line);
    }
    stage.sees("End session");
    stage.is_above("Handrail: session");
    stage.key("ctrl+alt+p");
    assert_eq!(stage.hears(), r#"{"command":"pause","on":true}"#);
    stage.key("ctrl+alt+x");
    assert_eq!(stage.hears(), r#"{"command":"leave"}"#);
}

#[test]
fn a_child_that_dies_is_told_in_words() {
    let mut stage = Stage::start(Server::xvfb(), WINDOW, &["--lang", "de"]);
    stage.sees("Verbindung wird aufgebaut");
    stage.says(SIGNED_IN);
    stage.sees("Code, 8 Ziffern");
    stage.end_child();
    stage.sees("Das Programm wurde beendet");
}
