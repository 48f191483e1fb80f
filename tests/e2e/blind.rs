//! The relay is blind: what people say, see and type is found in the ends and nowhere in the relay (DESIGN 1).

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;
use tests::stage::{Desktop, REASON, Stage};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    ConnectionExt, CreateGCAux, CreateWindowAux, ImageFormat, WindowClass,
};

/// PRODUCT 8.6, with a positive control: the scanner finds every marker in an end, none in the relay's memory, disk and log,
/// and finds in the relay what it may hold. The test fails if any control fails.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_relay_holds_nothing_of_what_people_say_see_and_type() {
    let stage = Stage::start().await;
    let mut desktop = Desktop::start(1024, 700).await;
    desktop.run_terminal(&stage.path("")).await;
    let row = marker_row();
    let painted = paint(&desktop.display, &row);
    let sharer = stage.sharer_of("sakura", &desktop.display);
    let mut pair = stage.pair(stage.helper("amina"), sharer).await;
    pair.grant("control").await;
    pair.settle().await;
    let chat = "the chat marker: pomegranate-lighthouse-7731";
    let keys = "qwmarkerxyzqwmarkerxyzqwmarkerxyzqwmarke";
    let rgba: Vec<u8> = row.iter().flat_map(|[r, g, b]| [*r, *g, *b, 255]).collect();
    let rgb: Vec<u8> = row.iter().flatten().copied().collect();
    // One press and release of `q` as SPEC 12 encodes them, and the next press.
    let encoded = [
        &[1, 1, 0, 0x14, 1, b'q'][..],
        &[1, 0, 0, 0x14, 0],
        &[1, 1, 0, 0x1a, 1, b'w'],
    ]
    .concat();
    let secrets: [(&str, &[u8]); 5] = [
        ("chat", chat.as_bytes()),
        ("picture", &rgba),
        ("picture without alpha", &rgb),
        ("keys as text", keys.as_bytes()),
        ("keys as records", &encoded),
    ];
    // An end that has dealt with a message may have written over it by the time it is read, so the people say and type it again
    // until each marker was caught in an end. The relay is searched every time.
    let mut caught = vec![];
    let deadline = Instant::now() + Duration::from_secs(30);
    while caught.len() < 4 {
        pair.helper.tell("chat", json!({"text": chat})).await;
        pair.helper.tell("type", json!({"text": keys})).await;
        pair.sharer.expect("chat").await;
        for end in [memory(pair.helper.id()), memory(pair.sharer.id())] {
            let controls = secrets
                .iter()
                .filter(|(name, _)| *name != "picture without alpha");
            caught.extend(
                controls
                    .filter(|(_, marker)| contains(&end, marker))
                    .map(|(name, _)| *name),
            );
        }
        caught.sort_unstable();
        caught.dedup();
        search_the_relay(&stage, &secrets);
        assert!(
            Instant::now() < deadline,
            "control: the scanner finds only {caught:?} in the ends"
        );
    }
    drop(painted);
}

/// None of it is in the relay's memory, log and disk; what it may hold is found there by the same scanner.
fn search_the_relay(stage: &Stage, secrets: &[(&str, &[u8])]) {
    let mut relay = vec![
        ("memory", memory(stage.relay.id())),
        ("log", read(&stage.relay.log)),
    ];
    for file in ["handrail.db", "handrail.db-wal"] {
        relay.push((file, read(&stage.path(file))));
    }
    let holds = |marker: &[u8]| relay.iter().any(|(_, part)| contains(part, marker));
    assert!(
        holds(REASON.as_bytes()),
        "control: the reason, which the relay may hold, is not found"
    );
    assert!(
        contains(&relay[0].1, b"lindenhof"),
        "control: the relay's memory is not read"
    );
    for (place, part) in &relay {
        for (name, marker) in secrets {
            assert!(
                !contains(part, marker),
                "{name} stands in the relay's {place}"
            );
        }
    }
}

/// 64 pixels that stand nowhere by chance.
fn marker_row() -> Vec<[u8; 3]> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..64)
        .map(|_| {
            let [r, g, b, ..] = next();
            [r, g, b]
        })
        .collect()
}

/// A window that shows the row, 64 times. It is gone when the connection is dropped.
fn paint(display: &str, row: &[[u8; 3]]) -> impl Sized {
    let (connection, screen) = x11rb::connect(Some(display)).expect("the display answers");
    let root = connection.setup().roots[screen].clone();
    let (window, context) = (
        connection.generate_id().expect("an id"),
        connection.generate_id().expect("an id"),
    );
    let aux = CreateWindowAux::new().override_redirect(1);
    connection
        .create_window(
            root.root_depth,
            window,
            root.root,
            900,
            600,
            64,
            64,
            0,
            WindowClass::INPUT_OUTPUT,
            root.root_visual,
            &aux,
        )
        .expect("sent");
    connection.map_window(window).expect("sent");
    connection
        .create_gc(context, window, &CreateGCAux::new())
        .expect("sent");
    let line: Vec<u8> = row.iter().flat_map(|[r, g, b]| [*b, *g, *r, 0]).collect();
    connection
        .put_image(
            ImageFormat::Z_PIXMAP,
            window,
            context,
            64,
            64,
            0,
            0,
            0,
            root.root_depth,
            &line.repeat(64),
        )
        .expect("sent")
        .check()
        .expect("the row is painted");
    connection
}

/// Everything that a process may write to and that can be read: its heap, stacks and anonymous memory.
fn memory(process: u32) -> Vec<u8> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).expect("the process runs");
    let mut file = File::open(format!("/proc/{process}/mem")).expect("its memory can be read");
    let mut all = vec![];
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (Some(range), Some(rights)) = (fields.next(), fields.next()) else {
            continue;
        };
        let Some((from, to)) = range.split_once('-').filter(|_| rights.starts_with("rw")) else {
            continue;
        };
        let parse = |text| u64::from_str_radix(text, 16).expect("an address");
        let (from, to) = (parse(from), parse(to));
        let mut part = vec![0; usize::try_from(to - from).expect("a size")];
        if file.seek(SeekFrom::Start(from)).is_ok() && file.read_exact(&mut part).is_ok() {
            all.extend(part);
        }
    }
    all
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(hay, needle).is_some()
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_default()
}
