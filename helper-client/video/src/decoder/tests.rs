//! Real frames, made by `vectors/make.sh`; and what somebody made of them to hurt.

use std::path::PathBuf;

use proptest::prelude::*;

use super::*;

/// Left and right above, left and right below.
const SQUARES: [[u8; 3]; 4] = [[220, 30, 30], [30, 160, 60], [30, 60, 220], [240, 240, 240]];

/// The frames of a film: `IVF` has a head of 32 bytes, and one of 12 for each frame, which begins with its length.
fn film(name: &str, codec: Codec) -> Vec<VideoFrame> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("vectors/{name}.ivf"));
    let file = std::fs::read(path).unwrap();
    let side = |at: usize| u16::from_le_bytes([file[at], file[at + 1]]);
    let (width, height) = (side(12), side(14));
    let (mut frames, mut rest) = (vec![], &file[32..]);
    while let Some((head, after)) = rest.split_first_chunk::<12>() {
        let length = u32::from_le_bytes([head[0], head[1], head[2], head[3]]);
        let (bytes, after) = after.split_at(length.try_into().unwrap());
        let frame = u32::try_from(frames.len() + 1).unwrap();
        let key = frame == 1;
        frames.push(VideoFrame {
            head: Head {
                frame,
                key,
                codec,
                width,
                height,
            },
            bytes: bytes.to_vec(),
        });
        rest = after;
    }
    frames
}

fn vp9(name: &str) -> Vec<VideoFrame> {
    film(name, Codec::Vp9)
}

/// The picture after the last frame that shows one, and how many do.
fn play(frames: Vec<VideoFrame>) -> (Picture, usize) {
    let (mut decoder, mut newest, mut shown) = (Decoder::default(), None, 0);
    for frame in frames {
        if let Some(picture) = decoder.decode(frame, newest.clone()).unwrap() {
            newest = Some(picture);
            shown += 1;
        }
    }
    (newest.unwrap(), shown)
}

fn at(picture: &Picture, x: u16, y: u16) -> [u8; 3] {
    let place = (usize::from(y) * usize::from(picture.width()) + usize::from(x)) * 4;
    picture.rgba()[place..place + 3].try_into().unwrap()
}

fn shows_squares(picture: &Picture, what: &str) {
    // Below the square that walks.
    let (left, right) = (picture.width() / 8, picture.width() - picture.width() / 8);
    let (above, below) = (
        picture.height() * 13 / 32,
        picture.height() - picture.height() / 8,
    );
    let places = [(left, above), (right, above), (left, below), (right, below)];
    for (colour, (x, y)) in SQUARES.iter().zip(places) {
        let found = at(picture, x, y);
        let near = colour
            .iter()
            .zip(found)
            .all(|(one, other)| one.abs_diff(other) < 12);
        assert!(near, "{what}: {colour:?} became {found:?}");
    }
}

#[test]
fn every_kind_of_video_has_its_colours() {
    for (name, size) in [
        ("vp9-untagged", (96, 64)),
        ("vp9-601-full", (96, 64)),
        ("vp9-709", (96, 64)),
        ("vp9-larger", (130, 82)),
        ("vp9-odd", (97, 65)),
    ] {
        let (picture, shown) = play(vp9(name));
        assert_eq!(
            ((picture.width(), picture.height()), shown),
            (size, 3),
            "{name}"
        );
        shows_squares(&picture, name);
        // The white square walked: it stands at 20, and not at 4 any more.
        assert!(
            at(&picture, 28, 12).iter().all(|byte| *byte > 220),
            "{name}: the last frame"
        );
        assert!(at(&picture, 8, 12)[1] < 60, "{name}: what it left");
    }
    let (picture, shown) = play(film("vp8", Codec::Vp8));
    assert_eq!(shown, 3);
    shows_squares(&picture, "vp8");
}

#[test]
fn a_superframe_with_a_hidden_frame_is_decoded_whole() {
    let frames = vp9("vp9-hidden");
    let holds_more = |frame: &VideoFrame| frame::chunk(&frame.bytes).unwrap().frames.len() > 1;
    assert!(frames.iter().any(holds_more), "the film has a superframe");
    let (picture, shown) = play(frames);
    assert_eq!(shown, 30);
    shows_squares(&picture, "a superframe");
}

#[test]
fn size_and_codec_change_with_a_key() {
    let mut decoder = Decoder::default();
    let mut spare = None;
    for frame in [
        vp9("vp9-709"),
        vp9("vp9-larger"),
        film("vp8", Codec::Vp8),
        vp9("vp9-odd"),
    ]
    .concat()
    {
        let size = (frame.head.width, frame.head.height);
        let picture = decoder.decode(frame, spare.take()).unwrap().unwrap();
        assert_eq!((picture.width(), picture.height()), size);
        shows_squares(&picture, "another size");
        spare = Some(picture);
    }
}

#[test]
fn a_broken_frame_is_healed_by_a_key_and_by_nothing_else() {
    let mut decoder = Decoder::default();
    let [key, second, third] = <[VideoFrame; 3]>::try_from(vp9("vp9-709")).unwrap();
    assert_eq!(decoder.decode(second.clone(), None), Err(Error::NoKey));
    decoder.decode(key.clone(), None).unwrap();
    let mut broken = second;
    broken.bytes.truncate(3);
    assert!(decoder.decode(broken, None).is_err());
    assert_eq!(decoder.decode(third, None), Err(Error::NoKey));
    let healed = decoder.decode(key, None).unwrap().unwrap();
    shows_squares(&healed, "healed");
}

#[test]
fn another_size_than_was_announced_is_refused_before_it_is_decoded() {
    for (name, codec) in [("vp9-709", Codec::Vp9), ("vp8", Codec::Vp8)] {
        let mut frame = film(name, codec).remove(0);
        frame.head.width += 2;
        assert_eq!(
            Decoder::default().decode(frame, None),
            Err(Error::Head),
            "{name}"
        );
    }
    // The width of a frame of VP9 stands behind 36 bits: 64 K of it would be allocated.
    let mut wide = vp9("vp9-709").remove(0);
    wide.bytes[4] |= 0x0f;
    wide.bytes[5] = 0xff;
    assert_eq!(Decoder::default().decode(wide, None), Err(Error::Head));
}

#[test]
fn a_frame_behind_a_frame_is_not_looked_for() {
    let (mut frame, larger) = (vp9("vp9-709").remove(0), vp9("vp9-larger").remove(0));
    let alone = Decoder::default().decode(frame.clone(), None).unwrap();
    frame.bytes.extend(larger.bytes);
    assert_eq!(Decoder::default().decode(frame, None).ok().flatten(), alone);
}

#[test]
fn what_is_no_video_of_profile_0_is_refused() {
    let full = vp9("vp9-444").remove(0);
    assert_eq!(Decoder::default().decode(full, None), Err(Error::Head));
    let mut foreign = vp9("vp9-709").remove(0);
    foreign.head.codec = Codec::H264;
    assert_eq!(
        Decoder::default().decode(foreign, None),
        Err(Error::NoDecoder(Codec::H264))
    );
    let mut mixed = vp9("vp9-709").remove(0);
    mixed.head.codec = Codec::Vp8;
    assert!(Decoder::default().decode(mixed, None).is_err());
    assert!(reads(Codec::Vp9) && reads(Codec::Vp8) && !reads(Codec::H264));
}

proptest! {
    /// Whatever a peer sends, it is an answer, and a key heals it.
    #[test]
    fn damaged_frames_are_errors_or_pictures(
        which in 0_usize..4,
        damage in prop::collection::vec((0_usize..3, any::<usize>(), any::<u8>()), 1..8),
        cut in prop::option::of((0_usize..3, any::<usize>())),
    ) {
        let (name, codec) = [
            ("vp9-709", Codec::Vp9), ("vp9-odd", Codec::Vp9), ("vp9-hidden", Codec::Vp9), ("vp8", Codec::Vp8),
        ][which];
        let good = film(name, codec);
        let mut frames = good.clone();
        for (frame, place, byte) in damage {
            let bytes = &mut frames[frame].bytes;
            let place = place % bytes.len();
            bytes[place] ^= byte;
        }
        if let Some((frame, length)) = cut {
            let bytes = &mut frames[frame].bytes;
            bytes.truncate(1 + length % bytes.len());
        }
        let mut decoder = Decoder::default();
        for frame in frames {
            let size = (frame.head.width, frame.head.height);
            if let Ok(Some(picture)) = decoder.decode(frame, None) {
                prop_assert_eq!((picture.width(), picture.height()), size);
            }
        }
        let healed = decoder.decode(good[0].clone(), None).unwrap();
        prop_assert_eq!(healed, Decoder::default().decode(good[0].clone(), None).unwrap());
    }
}
