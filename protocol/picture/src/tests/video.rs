//! The video of a browser: `protocol/vectors/video.json`, and parts that somebody made to hurt.
//!
//! `BLESS=1 cargo test -p picture video` writes the vectors.

use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{Codec, Frames, Head, Part, VideoError, VideoFrame, is_video};

const HEAD: Head = Head {
    frame: 1,
    key: true,
    codec: Codec::Vp9,
    width: 1280,
    height: 720,
};
const DELTA: Head = Head {
    frame: 2,
    key: false,
    ..HEAD
};
const LONGEST: usize = 262_144;

fn part(head: Head, last: bool, bytes: &[u8]) -> Vec<u8> {
    Part { head, last, bytes }.encode()
}

#[test]
fn the_vectors_are_what_this_code_says() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../vectors/video.json");
    let described = json!({
        "about": "SPEC 7.8. `parts`: messages and what they say. `refused`: messages that are none, and the rule that they break. \
                  `streams`: what comes of each message, one after the other: `wait`, a frame, or the rule that it breaks",
        "parts": parts().iter().map(|bytes| describe_part(bytes)).collect::<Value>(),
        "refused": refused().iter().map(|(name, bytes)| json!({
            "name": name, "bytes": hex(bytes), "rule": rule(Part::parse(bytes).unwrap_err()),
        })).collect::<Value>(),
        "streams": streams().iter().map(|(name, parts)| describe_stream(name, parts)).collect::<Value>(),
    });
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, format!("{described:#}\n")).unwrap();
    }
    let stored: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(described, stored);
}

fn parts() -> Vec<Vec<u8>> {
    let [vp8, h264] = [Codec::Vp8, Codec::H264].map(|codec| Head { codec, ..HEAD });
    let largest = Head {
        frame: u32::MAX,
        width: 16_384,
        height: 4096,
        ..DELTA
    };
    vec![
        part(HEAD, true, b"key"),
        part(HEAD, false, b"k"),
        part(DELTA, true, b"delta"),
        part(vp8, true, &[0]),
        part(h264, false, &[0, 0, 0, 1]),
        part(largest, true, &[255]),
    ]
}

fn refused() -> Vec<(&'static str, Vec<u8>)> {
    let good = part(HEAD, true, b"key");
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        bytes
    };
    let size = |width, height| {
        let head = Head {
            width,
            height,
            ..HEAD
        };
        part(head, true, b"key")
    };
    vec![
        ("nothing", vec![]),
        ("shorter than its head", good[..13].to_vec()),
        ("a slice", with(0, 1)),
        ("frame 0", with(4, 0)),
        ("an unknown flag", with(8, 7)),
        ("codec 0", with(9, 0)),
        ("codec 4", with(9, 4)),
        ("no width", size(0, 720)),
        ("no height", size(1280, 0)),
        ("too wide", size(16_385, 1)),
        ("too large", size(16_384, 4097)),
        ("no bytes", good[..14].to_vec()),
    ]
}

/// Parts one after the other, and what they show.
fn streams() -> Vec<Stream> {
    [order(), shapes()].concat()
}

type Stream = (&'static str, Vec<Vec<u8>>);

fn at(frame: u32, head: Head) -> Head {
    Head { frame, ..head }
}

fn key(frame: u32) -> Vec<u8> {
    part(at(frame, HEAD), true, b"key")
}

fn delta(frame: u32) -> Vec<u8> {
    part(at(frame, DELTA), true, b"delta")
}

/// What may follow what.
fn order() -> Vec<Stream> {
    let first = |head| part(head, false, b"a");
    let (more, last) = (part(HEAD, false, b"b"), part(HEAD, true, b"c"));
    let begun = first(at(2, DELTA));
    vec![
        (
            "frames with gaps between their numbers",
            vec![key(1), delta(2), delta(9), key(10)],
        ),
        (
            "a frame of three parts",
            vec![first(HEAD), more, last, delta(2)],
        ),
        ("nothing before a key", vec![delta(2), key(3), delta(4)]),
        (
            "a number twice",
            vec![key(5), delta(5), key(5), delta(6), key(6)],
        ),
        (
            "a key takes the place of a frame that is not whole",
            vec![key(1), begun.clone(), key(3), delta(4)],
        ),
        (
            "a frame that is not whole is left by no other",
            vec![key(1), begun, delta(3), key(4)],
        ),
    ]
}

/// Parts and frames that do not go together.
fn shapes() -> Vec<Stream> {
    let taller = Head {
        height: 721,
        ..HEAD
    };
    let small = |frame, key| Head {
        width: 640,
        key,
        ..at(frame, HEAD)
    };
    let other = Head {
        codec: Codec::Vp8,
        ..DELTA
    };
    let unequal = [part(HEAD, false, b"a"), part(taller, true, b"b")];
    let resized = [
        part(small(2, true), true, b"a"),
        part(small(3, false), true, b"b"),
    ];
    vec![
        (
            "parts that do not agree",
            [unequal.to_vec(), vec![key(1), key(2)]].concat(),
        ),
        (
            "another size comes with a key only",
            [vec![key(1)], resized.to_vec(), vec![delta(4)]].concat(),
        ),
        (
            "another codec comes with a key only",
            vec![key(1), part(other, true, b"a")],
        ),
        (
            "what is damaged is not gone on with",
            vec![key(1), vec![0; 9], delta(2), key(3)],
        ),
    ]
}

fn describe_part(bytes: &[u8]) -> Value {
    let Part {
        head,
        last,
        bytes: rest,
    } = Part::parse(bytes).unwrap();
    json!({
        "bytes": hex(bytes), "frame": head.frame, "last": last, "key": head.key, "codec": head.codec.number(),
        "width": head.width, "height": head.height, "rest": hex(rest),
    })
}

fn describe_stream(name: &str, parts: &[Vec<u8>]) -> Value {
    let mut frames = Frames::default();
    let steps = parts.iter().map(|bytes| {
        let outcome = match frames.push(bytes) {
            Ok(None) => json!("wait"),
            Ok(Some(VideoFrame { head, bytes })) => json!({
                "frame": head.frame, "key": head.key, "codec": head.codec.number(),
                "width": head.width, "height": head.height, "bytes": hex(&bytes),
            }),
            Err(error) => json!({ "rule": rule(error) }),
        };
        json!({ "part": hex(bytes), "outcome": outcome })
    });
    json!({ "name": name, "steps": steps.collect::<Value>() })
}

fn rule(error: VideoError) -> &'static str {
    match error {
        VideoError::Truncated => "truncated",
        VideoError::NoVideo => "no_video",
        VideoError::Flags(_) => "flags",
        VideoError::Codec(_) => "codec",
        VideoError::Size { .. } => "size",
        VideoError::Part(_) => "part",
        VideoError::Frame => "frame",
        VideoError::Order { .. } => "order",
        VideoError::Mixed => "mixed",
        VideoError::NoKey => "no_key",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_part_and_a_frame_are_bounded() {
    let fits = part(HEAD, false, &vec![7; LONGEST]);
    let over = part(HEAD, false, &vec![7; LONGEST + 1]);
    assert_eq!(Part::parse(&over), Err(VideoError::Part(LONGEST + 1)));
    let mut frames = Frames::default();
    for _ in 0..16 {
        assert_eq!(frames.push(&fits), Ok(None));
    }
    assert_eq!(frames.push(&part(HEAD, true, b"x")), Err(VideoError::Frame));
    assert_eq!(
        frames.push(&part(DELTA, true, b"x")),
        Err(VideoError::NoKey)
    );
}

/// SPEC 7.8: no slice begins as a part does, so the two cannot be taken for each other.
#[test]
fn a_slice_is_no_video() {
    let mut encoder = crate::Encoder::new(crate::Limits::default());
    let screen = crate::Picture::new(64, 64).unwrap();
    assert!(encoder.begin(&screen, 0, std::time::Duration::ZERO));
    let slice = encoder.next_slice(&screen).unwrap().unwrap();
    assert!(!is_video(&slice.bytes) && is_video(&part(HEAD, true, b"key")));
}

proptest! {
    #[test]
    fn what_reads_writes_back_as_it_was(bytes in any_part()) {
        if let Ok(part) = Part::parse(&bytes) {
            prop_assert_eq!(part.encode(), bytes);
        }
    }

    /// Whatever comes, only frames with rising numbers leave, the first after each error with KEY.
    #[test]
    fn any_parts_are_frames_or_errors(parts in prop::collection::vec(any_part(), 1..40)) {
        let (mut frames, mut newest, mut must_be_key) = (Frames::default(), 0, true);
        for bytes in parts {
            match frames.push(&bytes) {
                Ok(None) => {}
                Ok(Some(frame)) => {
                    prop_assert!(frame.head.frame > newest && (frame.head.key || !must_be_key));
                    (newest, must_be_key) = (frame.head.frame, false);
                }
                Err(_) => must_be_key = true,
            }
        }
    }
}

/// Messages that are parts more often than not.
fn any_part() -> impl Strategy<Value = Vec<u8>> {
    let tail = prop::collection::vec(any::<u8>(), 0..6);
    (0_u32..6, 0_u8..5, 0_u8..5, 0_u16..3, tail).prop_map(|(frame, flags, codec, side, tail)| {
        let mut bytes = vec![0; 4];
        bytes.extend(frame.to_le_bytes());
        bytes.extend([flags, codec]);
        bytes.extend(side.to_le_bytes());
        bytes.extend(side.to_le_bytes());
        bytes.extend(tail);
        bytes
    })
}
