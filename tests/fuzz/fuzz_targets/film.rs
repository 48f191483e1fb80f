//! Frames of a browser's video, through libvpx: the first byte of each says its codec and whether it says KEY, the next two how long it is.

#![no_main]

use helper_video::Decoder;
use libfuzzer_sys::fuzz_target;
use picture::{Codec, Head, VideoFrame};

fuzz_target!(|bytes: &[u8]| {
    let (mut decoder, mut rest) = (Decoder::default(), bytes);
    for frame in 1.. {
        let Some(([kind, low, high], after)) = rest.split_first_chunk::<3>() else {
            return;
        };
        let length = usize::from(u16::from_le_bytes([*low, *high]));
        let (bytes, after) = after.split_at(after.len().min(length));
        let head = Head {
            frame,
            key: kind & 1 != 0,
            codec: if kind & 2 != 0 { Codec::Vp8 } else { Codec::Vp9 },
            width: 96,
            height: 64,
        };
        let frame = VideoFrame {
            head,
            bytes: bytes.to_vec(),
        };
        // An error is an answer too; a picture has the size that was announced.
        if let Ok(Some(picture)) = decoder.decode(frame, None) {
            assert_eq!((picture.width(), picture.height()), (96, 64));
        }
        rest = after;
    }
});
