//! Messages of the channels: bytes and meaning, and what is refused.

use policy::PairId;
use serde_json::{Value, json};
use wire::{Channel, Malformed};

use super::{hex, keep, load};
use crate::{
    Button, Control, CursorPlace, Event, Input, LaserPlace, Line, Locks, MAX_LINE, Places, Resume,
};

/// PRODUCT 4.2: mouse, wheel, keyboard as scancode and text intent.
#[test]
fn input_keeps_its_bytes() {
    let messages: Vec<Value> = inputs()
        .into_iter()
        .map(|(name, input)| {
            let bytes = input.encode();
            assert_eq!(Input::decode(&bytes).unwrap(), input, "{name}");
            let events: Vec<Value> = input.events.iter().map(describe).collect();
            json!({
                "name": name,
                "bytes": hex(&bytes),
                "first": input.first,
                "clock_ms": input.clock_ms,
                "events": events,
            })
        })
        .collect();
    let head = |event: &[u8]| [&[0, 0, 0, 1, 0, 0, 0, 0, 1], event].concat();
    let refused = refuse(
        vec![
            ("nothing", vec![]),
            ("no event", head(&[])),
            ("an unknown event", head(&[7])),
            ("an unknown flag", head(&[1, 8, 0, 4, 0])),
            ("a text that is too long", head(&[1, 1, 0, 4, 17])),
            ("a text that ends early", head(&[1, 1, 0, 4, 2, b'a'])),
            ("a text that is not UTF-8", head(&[1, 1, 0, 4, 1, 0xff])),
            ("an unknown button", head(&[3, 6, 1])),
            ("a button half down", head(&[3, 1, 2])),
            ("a typed text that is too long", head(&[5, 4, 1])),
            ("more behind the last event", head(&[6, 0])),
        ],
        |bytes| Input::decode(bytes).map(|_| ()),
    );
    let about = "messages of channel input (SPEC 12)";
    keep(
        "input.json",
        &json!({ "about": about, "messages": messages, "refused": refused }),
    );
}

/// PRODUCT 4.4: any script, right-to-left included, arrives as it was written.
#[test]
fn chat_keeps_its_bytes() {
    let lines = [
        (1, "Hello, how can I help?"),
        (2, ""),
        (3, "السلام عليكم، الطابعة لا تعمل"),
        (4, "שלום, המסך שחור"),
        (5, "नमस्ते 你好 こんにちは 안녕하세요"),
        (
            6,
            "👩🏽‍💻 <b>not markup</b> & \u{202e}overridden\u{202c}\nsecond line",
        ),
        (u32::MAX, "é and e\u{301} stay different"),
    ];
    let own = lines.into_iter().map(|(id, text)| (id, None, text));
    let passed_on = [(7, Some(0), "of the first helper"), (8, Some(15), "")];
    let messages: Vec<Value> = own
        .chain(passed_on)
        .map(|(id, author, text)| {
            let line = Line {
                id,
                author: author.and_then(PairId::new),
                text: text.to_owned(),
            };
            let bytes = line.encode().unwrap();
            assert_eq!(Line::decode(&bytes).unwrap(), line);
            json!({ "bytes": hex(&bytes), "id": id, "author": author, "text": text })
        })
        .collect();
    let refused = refuse(
        vec![
            ("nothing", vec![]),
            ("half an id", vec![0, 0, 1]),
            ("no author", vec![0, 0, 0, 1]),
            ("a seventeenth helper", vec![0, 0, 0, 1, 17]),
            ("not UTF-8", vec![0, 0, 0, 1, 0, 0xc3, 0x28]),
            ("a surrogate", vec![0, 0, 0, 1, 0, 0xed, 0xa0, 0x80]),
        ],
        |bytes| Line::decode(bytes).map(|_| ()),
    );
    let text = "x".repeat(MAX_LINE + 1);
    let line = Line {
        id: 1,
        author: None,
        text,
    };
    assert_eq!(line.encode(), None);
    let longer = [&[0, 0, 0, 1, 0], "x".repeat(MAX_LINE + 1).as_bytes()].concat();
    assert_eq!(Line::decode(&longer), Err(Malformed::TooLong(MAX_LINE + 1)));
    let about = "messages of channel chat (SPEC 13); at most 65536 bytes of text";
    keep(
        "chat.json",
        &json!({ "about": about, "messages": messages, "refused": refused }),
    );
}

#[test]
fn control_keeps_its_text() {
    let stored = load("control.json");
    let texts = |list: &Value| -> Vec<String> {
        let texts = list.as_array().unwrap().iter();
        texts
            .map(|text| text.as_str().unwrap().to_owned())
            .collect()
    };
    let held = texts(&stored["messages"]);
    assert_eq!(held.len(), 15, "one of each type");
    for text in held {
        let control = Control::decode(text.as_bytes()).unwrap();
        assert_eq!(control.encode().unwrap(), text.as_bytes());
    }
    for text in texts(&stored["refused"]) {
        assert!(Control::decode(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn pointers_keep_their_bytes() {
    let cursor: Vec<Value> = [(0, 0, 0), (1, 1919, 1079), (63, u16::MAX, 256)]
        .into_iter()
        .map(|(shape, x, y)| {
            let place = CursorPlace { shape, x, y };
            let bytes = place.encode();
            assert_eq!(CursorPlace::decode(&bytes), Ok(place));
            json!({ "bytes": hex(&bytes), "shape": shape, "x": x, "y": y })
        })
        .collect();
    let pointer: Vec<Value> = [(true, 10, 20, [255, 0, 128]), (false, 0, 0, [0; 3])]
        .into_iter()
        .map(|(on, x, y, colour)| {
            let place = LaserPlace { on, x, y, colour };
            let bytes = place.encode();
            assert_eq!(LaserPlace::decode(&bytes), Ok(place));
            json!({ "bytes": hex(&bytes), "on": on, "x": x, "y": y, "colour": colour })
        })
        .collect();
    let cursor_refused = refuse(vec![("short", vec![0; 7]), ("long", vec![0; 9])], |bytes| {
        CursorPlace::decode(bytes).map(|_| ())
    });
    let pointer_refused = refuse(
        vec![
            ("short", vec![0; 7]),
            ("long", vec![0; 9]),
            ("half on", vec![2, 0, 0, 0, 0, 0, 0, 0]),
        ],
        |bytes| LaserPlace::decode(bytes).map(|_| ()),
    );
    let made = json!({
        "about": "messages of the channels cursor and pointer (SPEC 14)",
        "cursor": cursor,
        "cursor_refused": cursor_refused,
        "pointer": pointer,
        "pointer_refused": pointer_refused,
    });
    keep("cursor.json", &made);
}

#[test]
fn places_keep_their_bytes() {
    let cases = [
        (Resume::No, vec![]),
        (Resume::No, vec![(Channel::Control, 1), (Channel::Chat, 64)]),
        (
            Resume::Gap,
            vec![(Channel::Input, 16_384), (Channel::Picture, (1 << 62) - 1)],
        ),
        (Resume::Change(255), vec![(Channel::Control, 2)]),
    ];
    let messages: Vec<Value> = cases
        .into_iter()
        .map(|(resume, next)| {
            let (word, round) = match resume {
                Resume::No => ("no", None),
                Resume::Gap => ("gap", None),
                Resume::Change(round) => ("change", Some(round)),
            };
            let places = Places { resume, next };
            let bytes = places.encode();
            assert_eq!(Places::decode(&bytes), Ok(places.clone()));
            let next: Vec<Value> = places
                .next
                .iter()
                .map(|(channel, next)| json!([channel.number(), next.to_string()]))
                .collect();
            json!({ "bytes": hex(&bytes), "resume": word, "round": round, "next": next })
        })
        .collect();
    let refused = refuse(
        vec![
            ("nothing", vec![]),
            ("an unknown kind", vec![3, 0]),
            ("a change without a round", vec![2, 0]),
            ("a gap with a round", vec![1, 0, 1]),
            ("an unknown channel", vec![0, 1, 12, 0]),
            ("fewer than promised", vec![0, 2, 2, 1]),
            ("more than promised", vec![0, 0, 2, 1]),
            ("a counter not in its shortest form", vec![0, 1, 2, 0x40, 1]),
            ("a channel twice", vec![1, 2, 2, 0, 2, 0]),
        ],
        |bytes| Places::decode(bytes).map(|_| ()),
    );
    let about = "messages of channel ack (SPEC 10.1); `next`: channel and next counter";
    keep(
        "places.json",
        &json!({ "about": about, "messages": messages, "refused": refused }),
    );
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn inputs() -> Vec<(&'static str, Input)> {
    let one = |event| Input {
        first: 1,
        clock_ms: 1000,
        events: vec![event],
    };
    let key = |usage, down, caps, num, text: Option<&str>| {
        one(Event::Key {
            usage,
            down,
            locks: Locks { caps, num },
            text: text.map(str::to_owned),
        })
    };
    let several = Input {
        first: u32::MAX,
        clock_ms: u32::MAX,
        events: vec![
            Event::Move { x: 100, y: 200 },
            Event::Button {
                button: Button::Left,
                down: true,
            },
            Event::Button {
                button: Button::Left,
                down: false,
            },
        ],
    };
    let buttons = [Button::Middle, Button::Right, Button::Back, Button::Forward];
    let button = |button| Event::Button { button, down: true };
    let buttons = Input {
        first: 7,
        clock_ms: 0,
        events: buttons.map(button).to_vec(),
    };
    vec![
        ("a is pressed", key(4, true, false, false, Some("a"))),
        ("a is released", key(4, false, false, false, None)),
        (
            "AltGr-e on a German layout",
            key(8, true, false, true, Some("€")),
        ),
        ("Caps Lock is on", key(4, true, true, false, Some("A"))),
        (
            "a dead key writes nothing yet",
            key(46, true, false, false, None),
        ),
        ("the pointer moves", one(Event::Move { x: 1919, y: 1079 })),
        (
            "the wheel turns up and left",
            one(Event::Wheel { dx: -120, dy: -60 }),
        ),
        ("an input method writes", one(Event::Text("日本語".into()))),
        ("everything is let go", one(Event::ReleaseAll)),
        ("a click", several),
        ("the other buttons", buttons),
        (
            "nothing happened",
            Input {
                first: 9,
                clock_ms: 5,
                events: vec![],
            },
        ),
    ]
}

fn describe(event: &Event) -> Value {
    match event {
        Event::Key {
            usage,
            down,
            locks,
            text,
        } => json!({
            "event": "key", "usage": usage, "down": down, "caps": locks.caps, "num": locks.num, "text": text,
        }),
        Event::Move { x, y } => json!({ "event": "move", "x": x, "y": y }),
        Event::Button { button, down } => {
            json!({ "event": "button", "button": format!("{button:?}").to_lowercase(), "down": down })
        }
        Event::Wheel { dx, dy } => json!({ "event": "wheel", "dx": dx, "dy": dy }),
        Event::Text(text) => json!({ "event": "text", "text": text }),
        Event::ReleaseAll => json!({ "event": "release_all" }),
    }
}

fn refuse(
    cases: Vec<(&str, Vec<u8>)>,
    decode: impl Fn(&[u8]) -> Result<(), Malformed>,
) -> Vec<Value> {
    let case = |(name, bytes): (&str, Vec<u8>)| {
        let reason = decode(&bytes).unwrap_err().to_string();
        json!({ "name": name, "bytes": hex(&bytes), "reason": reason })
    };
    cases.into_iter().map(case).collect()
}
