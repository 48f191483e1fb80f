//! The real window on real X servers, read and pressed through the accessibility bus. The child is a script that plays events of SPEC 15.
#![cfg(test)]

#[expect(dead_code, reason = "the sharer's tests use the rest")]
#[path = "../../../client/window/tests/stage/stage.rs"]
mod stage;

use stage::{Server, Stage};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ConnectionExt as _, ImageFormat};

const WINDOW: &str = env!("CARGO_BIN_EXE_handrail-helper-window");
const SIGNED_IN: &str = r#"{"event":"signed_in","name":"Amina","subject":"a1","issuer":"i"}"#;
const CODE: &str = r#"{"event":"code","code":"047 12345","expires_in":600}"#;
const CLAIMED: &str = r#"{"event":"claimed"}"#;
const CARD: &str = r#"{"event":"card","pair":0,"name":"Yuki Tanaka","subject":"y1","issuer":"https://id.example","domain":"id.example","directory":{"relay":"relay.example","company":"Contoso"},"program":"native","levels":["view","control"]}"#;
const VIEW: &str = r#"{"event":"granted","pair":0,"level":"view"}"#;
const CONTROL: &str = r#"{"event":"granted","pair":0,"level":"control"}"#;
const INVITATION: &str = r#"{"event":"invitation","session":"s1","by":{"subject":"a1","name":"Amina Diallo","title":null},"sharer":{"subject":"y1","name":"Yuki Tanaka","title":null},"hand_over":false,"reason":null,"incident":null,"within":300}"#;
const HELD: &str = "The keyboard belongs to the other computer. Ctrl+Alt+Shift brings it back.";

/// PRODUCT 3.1, 3.6, 10.4: from the code to the end, with names that a screen reader says.
#[test]
fn a_session_is_held_by_keyboard_and_screen_reader() {
    let mut stage = Stage::start(Server::xvfb(), WINDOW, &[]);
    stage.sees("Connecting");
    stage.says(SIGNED_IN);
    stage.says(CODE);
    stage.sees("Code: 0 4 7 1 2 3 4 5");
    stage.says(CLAIMED);
    stage.sees("Security check");
    stage.says(r#"{"event":"check_failed","code":"RH-1301","text":"no","attempts_left":2}"#);
    stage.sees("Attempts left: 2");
    stage.says(CLAIMED);
    stage.says(CARD);
    stage.sees("Signed in by id.example");
    stage.sees("From the directory of relay.example, not verified:");
    stage.presses("Ask for full control");
    assert_eq!(stage.hears(), r#"{"command":"ask","level":"control"}"#);
    stage.sees("Waiting for the answer");
    stage.says(CONTROL);
    stage.sees("Screen of Yuki Tanaka");
    assert_eq!(stage.hears(), r#"{"command":"stats"}"#);
    stage.presses("Keys");
    stage.presses("Windows key");
    assert_eq!(
        heard(&stage),
        r#"{"command":"key","usage":227,"down":true}"#
    );
    assert_eq!(
        heard(&stage),
        r#"{"command":"key","usage":227,"down":false}"#
    );
    stage.presses("Quality");
    // PRODUCT 4.12: why a slower carrier was taken.
    stage.says(r#"{"event":"stats","carrier":"wss","instead":"nothing answered by UDP in time","reason":"blocked"}"#);
    stage.sees("Way: UDP blocked: using WebSocket");
    stage.presses("View");
    assert_eq!(heard(&stage), r#"{"command":"ask","level":"view"}"#);
    stage.says(r#"{"event":"chat","id":1,"pair":null,"text":"مرحبا"}"#);
    stage.sees("Chat, 1 new");
    stage.says(r#"{"event":"away","within":60}"#);
    stage.sees(
        "The connection of Yuki Tanaka was lost. The session goes on by itself when it is back.",
    );
    stage.says(r#"{"event":"back"}"#);
    stage.says(r#"{"event":"reconnecting"}"#);
    stage.sees("Your connection was lost and is being restored. The session goes on by itself.");
    stage.says(r#"{"event":"reconnected","carrier":"wss","instead":null}"#);
    stage.says(r#"{"event":"paused","on":true}"#);
    stage.sees("Paused by the other person: you see nothing, and nothing that you do arrives.");
    stage.presses("Leave");
    assert_eq!(heard(&stage), r#"{"command":"leave"}"#);
    stage.says(r#"{"event":"ended","code":null,"text":"left"}"#);
    stage.sees("You ended the session");
    stage.sees("Create a new code");
}

/// PRODUCT 3.10, 3.15: a colleague is found, asked and taken back; who helps is read out.
#[test]
fn a_colleague_is_asked_in() {
    let mut stage = Stage::start(Server::xvfb(), WINDOW, &[]);
    for line in [SIGNED_IN, CODE, CLAIMED, CARD, VIEW] {
        stage.says(line);
    }
    stage.presses("Helpers");
    stage.presses("Hand over");
    assert_eq!(heard(&stage), r#"{"command":"colleagues","search":""}"#);
    stage.sees("Your colleague takes over as soon as Yuki Tanaka allows it. Then your part of the session is over.");
    stage.says(r#"{"event":"colleagues","people":[{"subject":"b1","name":"Ben Okafor","title":"Second line"}]}"#);
    stage.presses("Hand over to Ben Okafor");
    assert_eq!(
        heard(&stage),
        r#"{"command":"invite","subject":"b1","name":"Ben Okafor","hand_over":true}"#
    );
    stage.says(
        r#"{"event":"invited","subject":"b1","name":"Ben Okafor","hand_over":true,"within":300}"#,
    );
    stage.sees("Ben Okafor was asked to take over.");
    stage.presses("Cancel");
    assert_eq!(heard(&stage), r#"{"command":"uninvite","subject":"b1"}"#);
    stage.says(r#"{"event":"helpers","helpers":[{"pair":0,"name":"Amina Diallo","level":"view","you":true},{"pair":1,"name":"Chiara Rossi","level":"control","you":false}]}"#);
    stage.sees("Helpers, 2");
    stage.sees("Chiara Rossi: uses mouse and keyboard");
    stage.presses("Chat");
    stage.says(r#"{"event":"chat","id":1,"pair":1,"text":"Good morning"}"#);
    stage.sees("Chiara Rossi: Good morning");
    stage.says(r#"{"event":"ended","code":"RH-1509","text":"over","rule":null}"#);
    stage.sees("Your colleague helps now");
}

/// PRODUCT 3.10: instead of a code, a colleague's session.
#[test]
fn an_invitation_is_taken() {
    let mut stage = Stage::start(Server::xvfb(), WINDOW, &["--invited"]);
    stage.says(SIGNED_IN);
    stage.says(r#"{"event":"waiting"}"#);
    stage.sees("Waiting for a colleague");
    assert!(stage.arguments().contains(&"--invited".to_owned()));
    stage.says(INVITATION);
    stage.sees("Amina Diallo asks you to help Yuki Tanaka");
    stage.presses("Join");
    assert_eq!(heard(&stage), r#"{"command":"accept","session":"s1"}"#);
    stage.sees("Security check");
    stage.says(r#"{"event":"fault","code":"RH-1107","text":"gone","details":null}"#);
    stage.presses("Not now");
    assert_eq!(heard(&stage), r#"{"command":"turn_down","session":"s1"}"#);
    stage.sees("Waiting for a colleague");
}

/// Every key goes to the other computer as its place, until the chord brings the keyboard back.
#[test]
fn keys_go_by_their_places_until_the_chord() {
    let mut stage = Stage::start(Server::xvfb(), WINDOW, &[]);
    for line in [SIGNED_IN, CODE, CLAIMED, CARD, CONTROL] {
        stage.says(line);
    }
    stage.sees(HELD);
    stage.key("y");
    assert_eq!(
        heard(&stage),
        r#"{"command":"key","usage":28,"down":true,"text":"y"}"#
    );
    assert_eq!(
        heard(&stage),
        r#"{"command":"key","usage":28,"down":false}"#
    );
    let one_by_one = [
        "keydown", "alt", "keydown", "Tab", "keyup", "Tab", "keyup", "alt",
    ];
    stage.server.run("xdotool", &one_by_one);
    for expected in [(226, true), (43, true), (43, false), (226, false)] {
        let (usage, down) = expected;
        let line = format!(r#"{{"command":"key","usage":{usage},"down":{down}}}"#);
        assert_eq!(heard(&stage), line);
    }
    stage.key("ctrl+alt+shift");
    for usage in [224, 226] {
        let line = format!(r#"{{"command":"key","usage":{usage},"down":true}}"#);
        assert_eq!(heard(&stage), line);
    }
    assert_eq!(heard(&stage), r#"{"command":"release_all"}"#);
    // The toolbar has the keyboard: its first button is View.
    stage.key("space");
    assert_eq!(heard(&stage), r#"{"command":"ask","level":"view"}"#);
}

/// SPEC 15.4: when the window says `shown`, the X server shows every pixel of the file, and of the next update.
#[test]
fn the_tiles_show_exactly_the_file() {
    let mut stage = Stage::start(Server::xvfb(), WINDOW, &[]);
    for line in [SIGNED_IN, CODE, CLAIMED, CARD, VIEW] {
        stage.says(line);
    }
    stage.sees("Screen of Yuki Tanaka");
    stage.presses("1:1");
    let given = stage.arguments();
    let place = given.iter().position(|word| word == "--picture").unwrap();
    let (width, height) = (700_usize, 400_usize);
    let mut pixels = noise(width * height);
    let write = |pixels: &[[u8; 4]]| std::fs::write(&given[place + 1], pixels.concat()).unwrap();
    write(&pixels);
    stage.says(r#"{"event":"picture","width":700,"height":400,"after_ms":null}"#);
    stage.says(r#"{"event":"painted","update":7,"rects":[[0,0,700,400]]}"#);
    assert_eq!(heard(&stage), r#"{"command":"shown","update":7}"#);
    assert!(shows(&stage.server.name, &pixels, width), "the first");
    for row in 120..140 {
        pixels[row * width + 250..row * width + 262].fill([1, 250, 3, 255]);
    }
    write(&pixels);
    stage.says(r#"{"event":"painted","update":8,"rects":[[250,120,12,20]]}"#);
    assert_eq!(heard(&stage), r#"{"command":"shown","update":8}"#);
    assert!(shows(&stage.server.name, &pixels, width), "the second");
}

#[test]
fn a_child_that_dies_is_told_in_words() {
    let mut stage = Stage::start(Server::xvfb(), WINDOW, &["--lang", "de"]);
    stage.says(SIGNED_IN);
    stage.sees("Verbindung wird aufgebaut");
    stage.end_child();
    stage.sees("Das Programm wurde beendet");
}

/// The next command beside the figures, which are asked for every second.
fn heard(stage: &Stage) -> String {
    loop {
        let line = stage.hears();
        if line != r#"{"command":"stats"}"# {
            return line;
        }
    }
}

fn noise(count: usize) -> Vec<[u8; 4]> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [red, green, blue, _] = state.to_be_bytes();
        [red, green, blue, 255]
    };
    (0..count).map(|_| next()).collect()
}

/// Whether this picture stands somewhere on the screen, pixel for pixel.
fn shows(display: &str, pixels: &[[u8; 4]], width: usize) -> bool {
    let (connection, screen) = x11rb::connect(Some(display)).unwrap();
    let screen = &connection.setup().roots[screen];
    let (wide, high) = (screen.width_in_pixels, screen.height_in_pixels);
    let image = connection.get_image(
        ImageFormat::Z_PIXMAP,
        screen.root,
        0,
        0,
        wide,
        high,
        u32::MAX,
    );
    let image = image.unwrap().reply().unwrap().data;
    let seen: Vec<[u8; 4]> = image.chunks(4).map(|p| [p[2], p[1], p[0], 255]).collect();
    let wide = usize::from(wide);
    let first = &pixels[..width];
    let Some(start) = seen.windows(width).position(|row| row == first) else {
        return false;
    };
    pixels.chunks(width).enumerate().all(|(row, expected)| {
        seen.get(start + row * wide..start + row * wide + width) == Some(expected)
    })
}
