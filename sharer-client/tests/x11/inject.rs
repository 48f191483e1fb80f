//! What a helper's hands do arrives in a window as it was meant.

use std::sync::mpsc::channel;

use seal::{Button, Event, Locks};
use sharer_client::inject::x11::Sink;
use sharer_client::inject::{InjectError, InputSink as _};
use x11rb::connection::Connection as _;
use x11rb::protocol::Event as XEvent;
use x11rb::protocol::xkb::{ConnectionExt as _, ID};
use x11rb::protocol::xproto::*;
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::server::{DEADLINE, Process, Server, screen};

const A: u16 = 0x04;
const Q: u16 = 0x14;
const Z: u16 = 0x1d;
const SHIFT: u16 = 0xe1;
const CONTROL: u16 = 0xe0;
const ALT_GR: u16 = 0xe6;

#[test]
fn keys_that_write_the_same_are_pressed_as_they_are() {
    let mut desk = Desk::new("us");
    assert_eq!(
        desk.types(&[tap(A, "a"), tap(0x2c, " ")]),
        "+a -a +space -space"
    );
    let shifted = [vec![press(SHIFT)], tap(A, "A"), vec![release(SHIFT)]];
    assert_eq!(desk.types(&shifted), "+Shift_L +A -A -Shift_L");
    let shortcut = [vec![press(CONTROL)], tap(A, "ä"), vec![release(CONTROL)]];
    assert_eq!(desk.types(&shortcut), "+Control_L +a -a -Control_L");
    let keys = [tap(0x28, "\r"), tap(0x29, ""), tap(0x3a, ""), tap(0xe8, "")];
    let names = "+Return -Return +Escape -Escape +F1 -F1 +XF86XK_AudioPlay -XF86XK_AudioPlay";
    assert_eq!(desk.types(&keys), names);
}

#[test]
fn text_wins_where_the_layouts_differ() {
    let mut desk = Desk::new("de");
    assert_eq!(
        desk.types(&[tap(Z, "z")]),
        "+z -z",
        "the key beside the left Shift writes y here"
    );
    assert_eq!(desk.keycodes, [29, 29]);
    // @ of an American keyboard: Shift + 2, here AltGr + q.
    let at = [vec![press(SHIFT)], tap(0x1f, "@"), vec![release(SHIFT)]];
    let lifted = "+Shift_L -Shift_L +ISO_Level3_Shift +@ -@ -ISO_Level3_Shift +Shift_L -Shift_L";
    assert_eq!(desk.types(&at), lifted);
    // @ of a German one.
    let at = [vec![press(ALT_GR)], tap(Q, "@"), vec![release(ALT_GR)]];
    assert_eq!(desk.types(&at), "+ISO_Level3_Shift +@ -@ -ISO_Level3_Shift");
    // A dead key has no text and stays a key.
    assert_eq!(
        desk.types(&[tap(0x35, "")]),
        "+dead_circumflex -dead_circumflex"
    );
    assert_eq!(desk.types(&[tap(0x35, "^")]), "+^ -^");
}

#[test]
fn characters_that_the_layout_lacks_are_written_all_the_same() {
    let mut desk = Desk::new("us");
    let before = desk.map();
    assert_eq!(desk.types(&[tap(0x1f, "é"), tap(A, "日")]), "+é -é +日 -日");
    let codes = desk.keycodes.clone();
    assert_eq!(desk.types(&[tap(0x1f, "é"), tap(A, "日")]), "+é -é +日 -日");
    assert_eq!(desk.keycodes, codes, "they keep their keycodes");
    let text = "Grüße, 日本語 ∑√π ¿Qué? Łódź ŠŽ αβγδε ёжик";
    let events = [text
        .chars()
        .map(|one| Event::Text(one.to_string()))
        .collect()];
    let typed = desk.types(&events);
    let presses = typed
        .split(' ')
        .filter_map(|stroke| stroke.strip_prefix('+'));
    let read: String = presses
        .filter(|name| !name.starts_with("Shift"))
        .map(|name| if name == "space" { " " } else { name })
        .collect();
    assert_eq!(read, text);
    drop(desk.sink.take());
    assert_eq!(desk.map(), before, "the keyboard is as it was");
}

#[test]
fn locks_are_states_that_follow_the_helper() {
    let mut desk = Desk::new("us");
    desk.lock_caps();
    assert_eq!(
        desk.types(&[tap(A, "a")]),
        "+a -a",
        "Caps Lock was on at the sharer"
    );
    let on = Locks {
        caps: true,
        num: false,
    };
    let with = |down, text: &str| key(A, down, on, text);
    assert_eq!(
        desk.types(&[vec![with(true, "A"), with(false, "")]]),
        "+A -A"
    );
    let caps = |down, locks| key(0x39, down, locks, "");
    let off = Locks::default();
    assert_eq!(desk.types(&[vec![caps(true, off), caps(false, off)]]), "");
    assert_eq!(
        desk.types(&[vec![press(SHIFT)], tap(A, "A"), vec![release(SHIFT)]]),
        "+Shift_L +A -A -Shift_L"
    );
}

#[test]
fn another_layout_in_mid_session_is_noticed() {
    let mut desk = Desk::new("us");
    assert_eq!(desk.types(&[tap(Z, "z")]), "+z -z");
    assert_eq!(desk.types(&[tap(A, "é")]), "+é -é");
    desk.server.run("setxkbmap", &["de"]);
    assert_eq!(desk.types(&[tap(Z, "z")]), "+z -z");
    assert_eq!(desk.types(&[tap(A, "é")]), "+é -é");
}

#[test]
fn buttons_and_the_wheel_arrive() {
    let mut desk = Desk::new("us");
    let button = |button, down| Event::Button { button, down };
    let clicks = [
        Button::Left,
        Button::Middle,
        Button::Right,
        Button::Back,
        Button::Forward,
    ]
    .map(|one| {
        vec![
            button(one, true),
            button(one, true),
            button(one, false),
            button(one, false),
        ]
    });
    assert_eq!(desk.types(&clicks), "b1 -b1 b2 -b2 b3 -b3 b8 -b8 b9 -b9");
    let turns = [(0, 60), (0, 60), (0, -120), (240, 0), (-120, 0)];
    let turns = turns.map(|(dx, dy)| vec![Event::Wheel { dx, dy }]);
    assert_eq!(desk.types(&turns), "b5 -b5 b4 -b4 b7 -b7 b7 -b7 b6 -b6");
    desk.apply(&Event::Move { x: 321, y: 123 });
    let root = screen(&desk.connection).root;
    let pointer = desk
        .connection
        .query_pointer(root)
        .unwrap()
        .reply()
        .unwrap();
    assert_eq!((pointer.root_x, pointer.root_y), (321, 123));
}

#[test]
fn everything_held_is_released() {
    for drop_it in [false, true] {
        let mut desk = Desk::new("us");
        let (button, down) = (Button::Left, true);
        let held = [
            press(SHIFT),
            press(A),
            press(A),
            Event::Button { button, down },
        ];
        assert_eq!(desk.types(&[held.to_vec()]), "+Shift_L +A b1");
        assert_eq!(desk.sink.as_ref().unwrap().held(), 3);
        if drop_it {
            desk.sink = None;
            assert_eq!(desk.heard(), "-A -Shift_L -b1");
        } else {
            assert_eq!(desk.types(&[vec![Event::ReleaseAll]]), "-A -Shift_L -b1");
            assert_eq!(desk.sink.as_ref().unwrap().held(), 0);
        }
    }
}

#[test]
fn what_nobody_has_is_ignored_and_counted() {
    let mut desk = Desk::new("us");
    let events = [vec![press(0xffff), release(0xffff), press(0), release(A)]];
    assert_eq!(desk.types(&events), "");
    assert_eq!(desk.types(&[vec![Event::Text("\u{1}".to_owned())]]), "");
    let ignored = desk.sink.as_ref().unwrap().ignored();
    assert_eq!(ignored - desk.barriers, 3);
}

#[test]
fn a_display_that_is_not_there_says_so() {
    let none = Sink::open(Some(":64999")).err();
    assert!(matches!(none, Some(InjectError::NoDisplay(_))), "{none:?}");
    let bare = Server::start("320x200x24", &["-extension", "XTEST"]);
    let unfit = Sink::open(Some(&bare.name)).err();
    assert!(matches!(unfit, Some(InjectError::Unfit(_))), "{unfit:?}");
    let mut server = Server::start("320x200x24", &[]);
    let mut sink = Sink::open(Some(&server.name)).unwrap();
    server.kill();
    drop(server);
    assert!(matches!(sink.apply(&press(A)), Err(InjectError::Lost(_))));
}

#[test]
fn a_shell_in_a_terminal_reads_what_was_typed() {
    let server = Server::start("640x480x24", &[]);
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("said");
    server.run("mkfifo", &[pipe.to_str().unwrap()]);
    let (connection, mut sink) = (server.connect(), Sink::open(Some(&server.name)).unwrap());
    let watch = ChangeWindowAttributesAux::new().event_mask(EventMask::SUBSTRUCTURE_NOTIFY);
    let root = screen(&connection).root;
    connection
        .change_window_attributes(root, &watch)
        .unwrap()
        .check()
        .unwrap();
    let mut terminal = server.command("xterm");
    terminal.args(["-u8", "-geometry", "80x24+0+0", "-e", "sh"]);
    let _terminal = Process::start(terminal);
    while !matches!(connection.wait_for_event().unwrap(), XEvent::MapNotify(_)) {}
    sink.apply(&Event::Move { x: 100, y: 100 }).unwrap();
    let command = format!("echo grüße 日本 > {}\n", pipe.display());
    sink.apply(&Event::Text(command)).unwrap();
    let (told, said) = channel();
    std::thread::spawn(move || told.send(std::fs::read_to_string(pipe)));
    assert_eq!(
        said.recv_timeout(DEADLINE).unwrap().unwrap(),
        "grüße 日本\n"
    );
}

fn key(usage: u16, down: bool, locks: Locks, text: &str) -> Event {
    let text = (!text.is_empty()).then(|| text.to_owned());
    Event::Key {
        usage,
        down,
        locks,
        text,
    }
}

fn press(usage: u16) -> Event {
    key(usage, true, Locks::default(), "")
}

fn release(usage: u16) -> Event {
    key(usage, false, Locks::default(), "")
}

fn tap(usage: u16, text: &str) -> Vec<Event> {
    vec![key(usage, true, Locks::default(), text), release(usage)]
}

/// A server with one window that has the keyboard and the pointer, and hands on it.
struct Desk {
    server: Server,
    connection: RustConnection,
    sink: Option<Sink>,
    /// The keycodes of what was heard last.
    keycodes: Vec<u8>,
    /// How often something was applied only to wait for the answer.
    barriers: u64,
}

impl Desk {
    fn new(layout: &str) -> Self {
        let server = Server::start("640x480x24", &[]);
        server.run("setxkbmap", &[layout]);
        let connection = server.connect();
        let root = screen(&connection).root;
        let window = connection.generate_id().unwrap();
        let mask = EventMask::KEY_PRESS
            | EventMask::KEY_RELEASE
            | EventMask::BUTTON_PRESS
            | EventMask::BUTTON_RELEASE
            | EventMask::EXPOSURE;
        let look = CreateWindowAux::new().event_mask(mask).override_redirect(1);
        let (class, copy) = (WindowClass::INPUT_OUTPUT, x11rb::COPY_FROM_PARENT);
        connection
            .create_window(0, window, root, 0, 0, 640, 480, 0, class, copy, &look)
            .unwrap();
        connection.map_window(window).unwrap().check().unwrap();
        while !matches!(connection.wait_for_event().unwrap(), XEvent::Expose(_)) {}
        let focus = InputFocus::PARENT;
        connection
            .set_input_focus(focus, window, x11rb::CURRENT_TIME)
            .unwrap()
            .check()
            .unwrap();
        let sink = Some(Sink::open(Some(&server.name)).unwrap());
        Self {
            server,
            connection,
            sink,
            keycodes: Vec::new(),
            barriers: 0,
        }
    }

    fn apply(&mut self, event: &Event) {
        let sink = self.sink.as_mut().unwrap();
        sink.apply(event).unwrap();
        // Nobody can write this; but to know that, the sink asks the server for its state, and
        // with the answer all before it is done.
        sink.apply(&Event::Text("\u{1}".to_owned())).unwrap();
        self.barriers += 1;
    }

    /// Applies events one by one; returns what the window heard.
    fn types(&mut self, events: &[Vec<Event>]) -> String {
        self.keycodes.clear();
        let mut heard = Vec::new();
        for event in events.iter().flatten() {
            self.apply(event);
            let news = self.heard();
            heard.extend((!news.is_empty()).then_some(news));
        }
        heard.join(" ")
    }

    /// Everything that the window heard so far, by the names of the keysyms.
    fn heard(&mut self) -> String {
        self.connection.sync().unwrap();
        let mut heard = Vec::new();
        while let Some(event) = self.connection.poll_for_event().unwrap() {
            heard.extend(self.stroke(&event));
        }
        heard.join(" ")
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the window selected these")]
    fn stroke(&mut self, event: &XEvent) -> Option<String> {
        match event {
            XEvent::KeyPress(key) => Some(format!("+{}", self.name(key))),
            XEvent::KeyRelease(key) => Some(format!("-{}", self.name(key))),
            XEvent::ButtonPress(button) => Some(format!("b{}", button.detail)),
            XEvent::ButtonRelease(button) => Some(format!("-b{}", button.detail)),
            _ => None,
        }
    }

    /// What an application without XKB makes of a key.
    fn name(&mut self, key: &KeyPressEvent) -> String {
        self.keycodes.push(key.detail);
        let state = u16::from(key.state);
        let level3 = if state & 0x80 == 0 { 0 } else { 4 };
        let shift = usize::from(state & 1 != 0);
        let (width, map) = self.map();
        let row = usize::from(key.detail - 8) * width;
        let sym = map
            .get(row + level3 + shift)
            .copied()
            .filter(|_| level3 + shift < width);
        let sym = xkeysym::Keysym::new(sym.filter(|sym| *sym != 0).unwrap_or(map[row]));
        let caps = state & 2 != 0;
        match sym
            .key_char()
            .filter(|typed| !typed.is_control() && *typed != ' ')
        {
            Some(typed) if caps => typed.to_uppercase().to_string(),
            Some(typed) => typed.to_string(),
            None => sym.name().map_or_else(String::new, |name| {
                name.trim_start_matches("XK_").to_owned()
            }),
        }
    }

    /// The map of the whole keyboard: keysyms of a key, and all of them.
    fn map(&self) -> (usize, Vec<u32>) {
        let map = self
            .connection
            .get_keyboard_mapping(8, 248)
            .unwrap()
            .reply()
            .unwrap();
        (map.keysyms_per_keycode.into(), map.keysyms)
    }

    fn lock_caps(&self) {
        self.connection
            .xkb_use_extension(1, 0)
            .unwrap()
            .reply()
            .unwrap();
        let (core, lock, none) = (ID::USE_CORE_KBD.into(), ModMask::LOCK, ModMask::default());
        let group = x11rb::protocol::xkb::Group::M1;
        self.connection
            .xkb_latch_lock_state(core, lock, lock, false, group, none, false, 0)
            .unwrap()
            .check()
            .unwrap();
    }
}
