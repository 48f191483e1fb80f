//! Slices that somebody made to hurt: each is an error, quickly, and nothing grows.

use proptest::prelude::*;
use zstd_safe::zstd_sys::ZSTD_EndDirective::ZSTD_e_end;
use zstd_safe::{CCtx, CParameter, InBuffer, OutBuffer};

use super::Pair;
use crate::deflate::Deflater;
use crate::slice::{Header, Reset};
use crate::testing::{Kind, Scene, noise};
use crate::{CursorShape, Decoder, Error, Limits, Picture};

const RESET: Reset = Reset {
    width: 640,
    height: 480,
    window_log: 22,
};
pub(super) const FIRST: Header = Header {
    context: 1,
    update: 1,
    input: 0,
    plain_len: 0,
    last: true,
    reset: Some(RESET),
};

pub(super) fn slice(header: Header, plain_len: usize, packed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    Header {
        plain_len: plain_len.try_into().unwrap(),
        ..header
    }
    .write(&mut bytes);
    bytes.extend_from_slice(packed);
    bytes
}

/// A first slice that declares this length and holds these bytes.
fn push(plain_len: usize, packed: &[u8]) -> Error {
    let mut decoder = Decoder::new(Limits::default());
    let error = decoder
        .push_slice(&slice(FIRST, plain_len, packed))
        .unwrap_err();
    let next = Header {
        reset: None,
        update: 2,
        ..FIRST
    };
    assert_eq!(
        decoder.push_slice(&slice(next, 0, &[])),
        Err(Error::Broken),
        "errors stick"
    );
    let again = Header {
        context: 2,
        update: 3,
        ..FIRST
    };
    assert!(
        decoder.push_slice(&slice(again, 0, &[])).is_ok(),
        "until the next context"
    );
    error
}

pub(super) fn pack(plain: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    Deflater::new(22).unwrap().pack(plain, &mut packed).unwrap();
    packed
}

/// A zstd frame header with a window descriptor, and nothing behind it.
pub(super) fn frame_header(window_log: u8) -> Vec<u8> {
    vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, (window_log - 10) << 3]
}

#[test]
fn windows_above_the_announced_one_are_refused() {
    for window_log in [23, 26, 31, 41] {
        let error = push(100, &frame_header(window_log));
        assert!(matches!(error, Error::Zstd(_)), "{window_log}: {error}");
    }
    let endless = [0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0x10];
    assert!(
        matches!(push(100, &endless), Error::Zstd(_)),
        "one segment of 2^60 bytes"
    );
}

#[test]
fn more_output_than_declared_stops_at_once() {
    let mut bomb = frame_header(20);
    // Blocks of 128 KiB of one byte each, four bytes long.
    bomb.extend([0x02, 0x00, 0x10, 0x41].repeat(60_000));
    assert_eq!(
        push(1, &bomb),
        Error::Length {
            declared: 1,
            found: 2
        }
    );
    let all = 256 << 10;
    assert_eq!(
        push(all, &bomb),
        Error::Length {
            declared: all,
            found: all + 1
        }
    );
}

#[test]
fn lengths_must_be_true() {
    let packed = pack(&[0; 1000]);
    assert_eq!(
        push(999, &packed),
        Error::Length {
            declared: 999,
            found: 1000
        }
    );
    assert_eq!(
        push(1001, &packed),
        Error::Length {
            declared: 1001,
            found: 1000
        }
    );
    assert_eq!(
        push((256 << 10) + 1, &packed),
        Error::PlainLength((256 << 10) + 1)
    );
    assert_eq!(
        push(u32::MAX.try_into().unwrap(), &packed),
        Error::PlainLength(u32::MAX)
    );
    let long = vec![0; (272 << 10) + 1];
    assert_eq!(push(10, &long), Error::CompressedLength(long.len()));
    assert_eq!(push(0, &packed), Error::Empty);
    assert_eq!(push(10, &[]), Error::Empty);
}

#[test]
fn the_frame_never_ends() {
    let mut packed = Vec::with_capacity(1000);
    let mut context = CCtx::create();
    context.set_parameter(CParameter::WindowLog(20)).unwrap();
    let (mut input, mut output) = (InBuffer::around(&[7; 100]), OutBuffer::around(&mut packed));
    assert_eq!(
        context.compress_stream2(&mut output, &mut input, ZSTD_e_end),
        Ok(0)
    );
    assert_eq!(push(100, &packed), Error::FrameEnded);
    let skippable = [0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4];
    let error = push(100, &skippable);
    assert!(
        matches!(error, Error::FrameEnded | Error::Length { .. }),
        "{error}"
    );
    assert_eq!(push(0, &skippable), Error::Empty);
}

#[test]
fn drawing_is_bounded() {
    let fill = |w: u16| {
        [
            &[3, 0, 0, 0, 0][..],
            &w.to_le_bytes(),
            &480_u16.to_le_bytes(),
            &[1; 3],
        ]
        .concat()
    };
    let plain = fill(640).repeat(1000);
    assert_eq!(push(plain.len(), &pack(&plain)), Error::TooMuchDrawing);
    let plain = fill(641);
    assert!(matches!(
        push(plain.len(), &pack(&plain)),
        Error::Outside(_)
    ));
    let plain = [1, 0, 0, 0, 0, 2, 0, 2, 0, 9, 9, 9];
    assert_eq!(push(plain.len(), &pack(&plain)), Error::OperationTruncated);
    assert_eq!(push(3, &pack(&[99; 3])), Error::Operation(99));
    assert!(matches!(push(100, &[0x55; 100]), Error::Zstd(_)));
}

/// A decoder and what it says to slices that have only a header.
fn push_headers(headers: &[(Header, Result<(), Error>)]) {
    let mut decoder = Decoder::new(Limits { window_log_max: 24 });
    for (header, expected) in headers {
        let found = decoder.push_slice(&slice(*header, 0, &[])).map(drop);
        assert_eq!(found, *expected, "{header:?}");
    }
}

const fn start(context: u32, update: u32, reset: Reset) -> Header {
    Header {
        context,
        update,
        reset: Some(reset),
        ..FIRST
    }
}

#[test]
fn sizes_and_windows_are_bounded() {
    let huge = Reset {
        width: 16_384,
        height: 16_384,
        ..RESET
    };
    let size = |width, height| Err(Error::PictureSize { width, height });
    let window = |window_log| Reset {
        window_log,
        ..RESET
    };
    let refused = |window_log| {
        Err(Error::Window {
            window_log,
            limit: 24,
        })
    };
    push_headers(&[
        (start(1, 1, huge), size(16_384, 16_384)),
        (start(1, 1, Reset { width: 0, ..RESET }), size(0, 480)),
        (start(1, 1, window(25)), refused(25)),
        (start(1, 1, window(19)), refused(19)),
        (start(1, 1, window(255)), refused(255)),
        (start(1, 1, window(24)), Ok(())),
    ]);
}

#[test]
fn contexts_and_updates_only_rise() {
    let next = Header {
        context: 5,
        update: 8,
        reset: None,
        ..FIRST
    };
    let context = |found, current| Err(Error::Context { found, current });
    let update = |found, last| Err(Error::Update { found, last });
    push_headers(&[
        (start(0, 1, RESET), context(0, 0)),
        (start(1, 0, RESET), update(0, 0)),
        (
            Header {
                reset: None,
                ..FIRST
            },
            Err(Error::Broken),
        ),
        (start(5, 7, RESET), Ok(())),
        (next, Ok(())),
        (next, update(8, 8)),
        (start(6, 9, RESET), Ok(())),
        (Header { update: 10, ..next }, context(5, 6)),
        (start(6, 11, RESET), context(6, 6)),
        (start(7, 9, RESET), update(9, 9)),
        (start(7, 12, RESET), Ok(())),
        (
            Header {
                context: 7,
                update: 13,
                last: false,
                ..next
            },
            Err(Error::Empty),
        ),
    ]);
}

#[test]
fn an_update_is_continued_by_its_own_slices_only() {
    let mut decoder = Decoder::new(Limits::default());
    let open = Header {
        last: false,
        ..FIRST
    };
    decoder.push_slice(&slice(open, 0, &[])).unwrap();
    let other = Header {
        update: 2,
        reset: None,
        ..FIRST
    };
    let error = decoder.push_slice(&slice(other, 0, &[])).unwrap_err();
    assert_eq!(error, Error::Update { found: 2, last: 1 });
}

/// Slices of a session with every kind of operation.
fn recorded() -> (Picture, Vec<Vec<u8>>) {
    let (mut scene, mut pair) = (Scene::new(Kind::Video, 800, 600), Pair::new());
    let shape = CursorShape {
        width: 3,
        height: 3,
        hot_x: 1,
        hot_y: 1,
        rgba: vec![7; 36],
    };
    pair.encoder.cursor(shape).unwrap();
    for _ in 0..12 {
        let damage = scene.step();
        pair.now += std::time::Duration::from_millis(60);
        pair.update(scene.screen(), &damage);
    }
    pair.settle(scene.screen());
    (
        scene.screen().clone(),
        pair.slices.into_iter().map(|slice| slice.bytes).collect(),
    )
}

#[test]
fn every_truncation_is_an_error() {
    let (screen, mut pair) = (noise(96, 64, 1), Pair::new());
    pair.settle(&screen);
    let whole = &pair.slices[0].bytes;
    for short in (0..whole.len()).step_by(7).chain(0..40) {
        let error = Decoder::new(Limits::default())
            .push_slice(&whole[..short])
            .unwrap_err();
        assert_ne!(error, Error::Broken, "{short} of {}", whole.len());
    }
}

#[test]
fn damaged_slices_never_panic_and_never_outgrow_their_bounds() {
    let (screen, slices) = recorded();
    let last = slices.len() - 1;
    let mut dice = crate::testing::Dice(42);
    for round in 0..60_u16 {
        let mut decoder = Decoder::new(Limits::default());
        let victim = usize::from(dice.below(u16::try_from(slices.len()).unwrap()));
        for (place, bytes) in slices.iter().enumerate() {
            let mut bytes = bytes.clone();
            if place == victim && round > 0 {
                for _ in 0..=dice.below(4) {
                    let at = usize::try_from(dice.roll()).unwrap() % bytes.len();
                    bytes[at] ^= dice.roll().to_le_bytes()[0] | 1;
                }
            }
            let applied = decoder.push_slice(&bytes);
            let bounded = applied.is_err() || applied.is_ok_and(|it| it.touched.len() <= 2048);
            assert!(bounded && decoder.stills().len() <= 64 && decoder.shapes().len() <= 64);
            if place == last && round == 0 {
                assert_eq!(
                    decoder.picture(),
                    Some(&screen),
                    "undamaged slices are fine"
                );
            }
        }
        drop(decoder.composed());
    }
}

proptest! {
    #[test]
    fn any_operations_are_an_error_or_drawn(
        plain in prop::collection::vec(prop_oneof![0_u8..8, any::<u8>()], 1..4000),
    ) {
        let mut decoder = Decoder::new(Limits::default());
        drop(decoder.push_slice(&slice(FIRST, plain.len(), &pack(&plain))));
        let picture = decoder.picture().unwrap();
        prop_assert!(picture.rgba().as_chunks::<4>().0.iter().all(|pixel| pixel[3] == 255));
    }

    #[test]
    fn any_bytes_are_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Decoder::new(Limits::default()).push_slice(&bytes).is_err());
    }
}
