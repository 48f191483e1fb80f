//! Recorded slices and what they mean, for every decoder of the format.
//!
//! `BLESS=1 cargo test -p picture vectors` records them anew. Another zstd may pack to other bytes,
//! so the recorded slices are held to their meaning, not to what today's encoder makes.

use std::path::PathBuf;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Pair;
use crate::inflate::Inflater;
use crate::operation::Operation;
use crate::slice::Header;
use crate::testing::{Ink, film, line, noise, page};
use crate::{CursorShape, Decoder, Error, Limits, Picture, Point, Rect};

const INK: Ink = Ink {
    ink: [20, 20, 30],
    paper: [250, 250, 245],
};

#[test]
fn a_recorded_session_keeps_its_meaning() {
    let about = "one session with every operation; picture.sha256 is over width, height (u16, \
                 little endian) and RGBA of the exact picture after the slice, stills left out";
    let described = recorded("session.json", about, session, describe_session);
    let text = described.to_string();
    for kind in [
        "RECT",
        "MOVE",
        "FILL",
        "CURSOR_SHAPE",
        "STILL ",
        "STILL_END",
    ] {
        assert!(text.contains(kind), "the vector has no {kind}");
    }
    assert!(
        text.contains(r#""last":false"#),
        "an update of several slices"
    );
    // Today's encoder leads to the same pictures.
    let pictures = |slices: &[Value]| -> Vec<String> {
        let whole = slices.iter().filter(|slice| slice["last"] == true);
        whole.map(|slice| slice["picture"].to_string()).collect()
    };
    let today = describe_session(&session());
    assert_eq!(
        pictures(today.as_array().unwrap()),
        pictures(described.as_array().unwrap())
    );
}

#[test]
fn recorded_attacks_are_refused() {
    let about = "the last slice of each case is refused, the ones before it are taken";
    let cases = || {
        attacks()
            .into_iter()
            .map(|(_, slices)| slices)
            .collect::<Vec<_>>()
    };
    let names: Vec<&str> = attacks().into_iter().map(|(name, _)| name).collect();
    let describe = |cases: &[Vec<Vec<u8>>]| -> Value {
        let cases = cases.iter().zip(&names);
        cases
            .map(|(slices, name)| describe_attack(name, slices))
            .collect()
    };
    let file = path("hostile.json");
    if std::env::var_os("BLESS").is_some() {
        store(
            &file,
            &json!({ "about": about, "cases": describe(&cases()) }),
        );
    }
    let stored = load(&file);
    let slices = |case: &Value| {
        case["slices"]
            .as_array()
            .unwrap()
            .iter()
            .map(bytes)
            .collect()
    };
    let kept: Vec<Vec<Vec<u8>>> = stored["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(slices)
        .collect();
    assert_eq!(describe(&kept), stored["cases"]);
    assert_eq!(kept.len(), names.len());
}

/// Slices of a small session.
fn session() -> Vec<Vec<u8>> {
    let (mut pair, mut screen) = (Pair::new(), Picture::new(320, 200).unwrap());
    let all = screen.rect();
    page(&mut screen, all, 1, INK);
    pair.update(&screen, &[]);
    line(&mut screen, (40, 40), 3, 5, INK);
    pair.update(&screen, &[Rect::new(40, 40, 24, 16)]);
    screen.shift(Rect { h: 176, ..all }, Point { x: 0, y: 24 });
    line(&mut screen, (0, 180), 30, 6, INK);
    pair.update(&screen, &[all]);
    screen.fill(Rect::new(10, 150, 300, 40), [1, 2, 3]);
    pair.update(&screen, &[all]);
    let rgba = (0..48).map(|byte| byte * 5).collect();
    let shape = CursorShape {
        width: 4,
        height: 3,
        hot_x: 1,
        hot_y: 2,
        rgba,
    };
    pair.encoder.cursor(shape).unwrap();
    pair.update(&screen, &[]);
    for time in 0..9 {
        screen.draw(Point { x: 70, y: 30 }, &film(48, 40, time));
        pair.now += Duration::from_millis(60);
        pair.update(&screen, &[Rect::new(70, 30, 48, 40)]);
    }
    assert_eq!(pair.decoder.stills().len(), 1);
    pair.settle(&screen);
    screen = noise(77, 41, 9);
    pair.update(&screen, &[]);
    pair.slices.into_iter().map(|slice| slice.bytes).collect()
}

fn describe_session(slices: &[Vec<u8>]) -> Value {
    let mut decoder = Decoder::new(Limits::default());
    let mut inflater = None;
    let describe = |bytes: &Vec<u8>| {
        let applied = decoder.push_slice(bytes).unwrap();
        let (header, packed) = Header::read(bytes).unwrap();
        if let Some(reset) = header.reset {
            inflater = Some(Inflater::new(reset.window_log).unwrap());
        }
        let plain = inflater
            .as_mut()
            .unwrap()
            .unpack(packed, header.plain_len)
            .unwrap();
        let picture = decoder.picture().unwrap();
        let stills = decoder.stills().iter().map(|(id, still)| {
            json!({ "id": id, "rect": sides(still.rect()), "image_sha256": sha256(still.image()) })
        });
        let shapes = decoder.shapes().iter().map(|(id, shape)| {
            let CursorShape { width, height, hot_x, hot_y, rgba } = shape;
            json!({ "id": id, "size": [width, height], "hot": [hot_x, hot_y], "rgba_sha256": sha256(rgba) })
        });
        json!({
            "slice": STANDARD.encode(bytes),
            "context": applied.context,
            "update": applied.update,
            "last": applied.last,
            "input": applied.input,
            "resized": applied.resized,
            "operations": operations(plain),
            "touched": applied.touched.iter().copied().map(sides).collect::<Vec<_>>(),
            "picture": {
                "width": picture.width(),
                "height": picture.height(),
                "sha256": hex(&picture.hash()),
            },
            "stills": stills.collect::<Vec<_>>(),
            "shapes": shapes.collect::<Vec<_>>(),
        })
    };
    slices.iter().map(describe).collect()
}

/// The operations in words.
fn operations(mut plain: &[u8]) -> Vec<String> {
    let mut words = Vec::new();
    while !plain.is_empty() {
        words.push(match Operation::read(&mut plain).unwrap() {
            Operation::Pixels { to, .. } => format!("RECT {:?}", sides(to)),
            Operation::Move { to, from } => {
                format!("MOVE {:?} from {:?}", sides(to), [from.x, from.y])
            }
            Operation::Fill { to, rgb } => format!("FILL {:?} {rgb:?}", sides(to)),
            Operation::Shape { id, .. } => format!("CURSOR_SHAPE {id}"),
            Operation::Still { id, to, .. } => format!("STILL {id} {:?}", sides(to)),
            Operation::StillEnd { id } => format!("STILL_END {id}"),
        });
    }
    words
}

/// Slices of which the last is refused.
#[expect(clippy::too_many_lines, reason = "a table")]
fn attacks() -> Vec<(&'static str, Vec<Vec<u8>>)> {
    use super::hostile::{FIRST, frame_header, pack, slice};
    let first = |plain: &[u8]| vec![slice(FIRST, plain.len(), &pack(plain))];
    let place =
        |kind: u8, sides: [u16; 4]| [&[kind][..], &sides.map(u16::to_le_bytes).concat()].concat();
    let dot = [&place(3, [0, 0, 1, 1])[..], &[9; 3]].concat();
    let shift = [&place(2, [0, 0, 1, 1])[..], &[1, 0, 1, 0]].concat();
    let bomb = [frame_header(20), [2, 0, 16, 65].repeat(64)].concat();
    let next = Header {
        update: 2,
        reset: None,
        ..FIRST
    };
    let full = [&place(3, [0, 0, 640, 480])[..], &[9; 3]].concat();
    let outside = [&place(2, [0, 0, 2, 2])[..], &639_u16.to_le_bytes(), &[0, 0]].concat();
    vec![
        (
            "header cut short",
            vec![slice(FIRST, 0, &[])[..20].to_vec()],
        ),
        ("first slice without reset", vec![slice(next, 0, &[])]),
        (
            "window larger than announced",
            vec![slice(FIRST, 9, &frame_header(23))],
        ),
        ("window of 2^41", vec![slice(FIRST, 9, &frame_header(41))]),
        ("more output than declared", vec![slice(FIRST, 100, &bomb)]),
        (
            "less output than declared",
            vec![slice(FIRST, 5, &pack(&dot[..4]))],
        ),
        (
            "declared over the cap",
            vec![slice(FIRST, (256 << 10) + 1, &bomb)],
        ),
        ("bytes for nothing", vec![slice(FIRST, 0, &pack(&dot))]),
        ("not zstd", vec![slice(FIRST, 9, &[0x55; 9])]),
        ("unknown operation", first(&[7])),
        (
            "rectangle cut short",
            first(&[&place(1, [0, 0, 2, 2])[..], &[1; 11]].concat()),
        ),
        (
            "rectangle outside",
            first(&[&place(3, [640, 0, 1, 1])[..], &[1; 3]].concat()),
        ),
        (
            "empty rectangle",
            first(&[&place(3, [0, 0, 0, 1])[..], &[1; 3]].concat()),
        ),
        ("move from outside", first(&outside)),
        (
            "move behind a drawing",
            first(&[dot.clone(), shift].concat()),
        ),
        ("too many operations", first(&dot.repeat(1025))),
        ("too many pixels", first(&full.repeat(5))),
        ("shape without pixels", first(&[4, 0, 0, 0, 0, 0])),
        ("shape id over 63", first(&[4, 64, 1, 1, 0, 0, 1, 2, 3, 4])),
        (
            "still that is no image",
            first(&[&[5, 0, 0, 0, 0, 0, 8, 0, 8, 0, 4, 0, 0, 0][..], &[1; 4]].concat()),
        ),
        ("end of a still that is not there", first(&[6, 0])),
        (
            "slice of another context",
            vec![
                slice(FIRST, 0, &[]),
                slice(Header { context: 2, ..next }, 0, &[]),
            ],
        ),
        (
            "update that was whole",
            vec![
                slice(FIRST, 0, &[]),
                slice(Header { update: 1, ..next }, 0, &[]),
            ],
        ),
        (
            "after an error",
            vec![slice(FIRST, 0, &[]), slice(next, 0, &[1])],
        ),
    ]
}

fn describe_attack(name: &str, slices: &[Vec<u8>]) -> Value {
    let mut decoder = Decoder::new(Limits::default());
    let (last, before) = slices.split_last().unwrap();
    before
        .iter()
        .for_each(|slice| drop(decoder.push_slice(slice).unwrap()));
    let error: Error = decoder.push_slice(last).unwrap_err();
    let encoded: Vec<String> = slices.iter().map(|slice| STANDARD.encode(slice)).collect();
    json!({ "name": name, "error": error.to_string(), "slices": encoded })
}

/// Records if asked to; then holds the recorded slices to their recorded meaning, and returns it.
fn recorded(
    name: &str,
    about: &str,
    make: impl Fn() -> Vec<Vec<u8>>,
    describe: impl Fn(&[Vec<u8>]) -> Value,
) -> Value {
    let file = path(name);
    if std::env::var_os("BLESS").is_some() {
        store(
            &file,
            &json!({ "about": about, "slices": describe(&make()) }),
        );
    }
    let stored = load(&file);
    let slices: Vec<Vec<u8>> = stored["slices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|slice| bytes(&slice["slice"]))
        .collect();
    let described = describe(&slices);
    assert_eq!(described, stored["slices"]);
    described
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../vectors/picture")
        .join(name)
}

fn store(file: &PathBuf, value: &Value) {
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, format!("{value:#}\n")).unwrap();
}

fn load(file: &PathBuf) -> Value {
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    STANDARD.decode(value.as_str().unwrap()).unwrap()
}

fn sides(Rect { x, y, w, h }: Rect) -> [u16; 4] {
    [x, y, w, h]
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
