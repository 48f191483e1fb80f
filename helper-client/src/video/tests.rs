//! Parts of real films (`helper-client/video/vectors`) through the thread.

use std::path::PathBuf;

use picture::{Codec, Head, Part};

use super::*;

/// The parts of a film, as SPEC 7.8 sends them, one for each frame; the first frame has this number.
fn parts(name: &str, first: u32) -> Vec<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("video/vectors");
    let film = std::fs::read(folder.join(format!("{name}.ivf"))).unwrap();
    let side = |at: usize| u16::from_le_bytes([film[at], film[at + 1]]);
    let (mut parts, mut rest, mut frame) = (vec![], &film[32..], first);
    while let Some((head, after)) = rest.split_first_chunk::<12>() {
        let length = u32::from_le_bytes([head[0], head[1], head[2], head[3]]);
        let (bytes, after) = after.split_at(length.try_into().unwrap());
        let head = Head {
            frame,
            key: frame == first,
            codec: Codec::Vp9,
            width: side(12),
            height: side(14),
        };
        parts.push(
            Part {
                head,
                last: true,
                bytes,
            }
            .encode(),
        );
        (rest, frame) = (after, frame + 1);
    }
    parts
}

#[tokio::test]
async fn pictures_come_in_the_order_of_their_frames() {
    let mut video = Video::default();
    for part in parts("vp9-709", 5) {
        video.push(&part).unwrap();
    }
    for frame in 5..8 {
        let decoded = video.decoded().await.unwrap();
        assert_eq!((decoded.frame, decoded.picture.width()), (frame, 96));
        video.recycle(decoded.picture);
    }
}

#[tokio::test]
async fn a_broken_frame_is_told_once_and_a_key_heals_it() {
    let mut video = Video::default();
    let [key, second, third] = <[Vec<u8>; 3]>::try_from(parts("vp9-709", 1)).unwrap();
    video.push(&key).unwrap();
    video.decoded().await.unwrap();
    let broken = &second[..second.len() - 8];
    video.push(&[&broken[..14], &[0xff; 30]].concat()).unwrap();
    assert!(matches!(video.decoded().await, Err(Error::Decoder(_))));
    assert!(matches!(
        video.push(&third),
        Err(Error::Part(VideoError::NoKey))
    ));
    for part in parts("vp9-larger", 10) {
        video.push(&part).unwrap();
    }
    let decoded = video.decoded().await.unwrap();
    assert_eq!((decoded.frame, decoded.picture.width()), (10, 130));
}

#[tokio::test]
async fn a_key_behind_a_broken_frame_is_enough() {
    let mut video = Video::default();
    let [key, second, _] = <[Vec<u8>; 3]>::try_from(parts("vp9-709", 1)).unwrap();
    video.push(&key).unwrap();
    video.push(&[&second[..14], &[0xff; 30]].concat()).unwrap();
    let [key, next, _] = <[Vec<u8>; 3]>::try_from(parts("vp9-709", 10)).unwrap();
    video.push(&key).unwrap();
    assert_eq!(video.decoded().await.unwrap().frame, 1);
    assert!(video.decoded().await.is_err());
    video.push(&next).unwrap();
    assert_eq!(video.decoded().await.unwrap().frame, 10);
    assert_eq!(video.decoded().await.unwrap().frame, 11);
}

#[tokio::test]
async fn what_waits_for_the_decoder_is_bounded() {
    let mut video = Video::default();
    let key = parts("vp9-709", 1).remove(0);
    let numbered = |frame: u32| [&key[..4], &frame.to_le_bytes(), &key[8..]].concat();
    let refused = (1..).find_map(|frame| {
        video
            .push(&numbered(frame))
            .err()
            .map(|error| (frame, error))
    });
    assert!(matches!(refused, Some((61, Error::Behind))), "{refused:?}");
    video.push(&numbered(100)).unwrap();
    assert_eq!(video.decoded().await.unwrap().frame, 100);
}

#[tokio::test]
async fn a_codec_without_a_decoder_is_final() {
    let mut video = Video::default();
    let mut part = parts("vp9-709", 1).remove(0);
    part[9] = Codec::H264.number();
    assert!(video.push(&part).unwrap_err().is_final());
    assert!(!Error::Behind.is_final());
}
