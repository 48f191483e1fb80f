//! What stands inside a sealed record: a fragment of a message, padded so that its length tells little (SPEC 3.2).
//!
//! ```text
//!  0       1           3
//! +-------+-----------+----------+---------
//! | more  | length u16| fragment | zeros
//! +-------+-----------+----------+---------
//! ```

use wire::{Channel, MAX_PLAINTEXT, Malformed, Reader};

/// Bytes of a message that fit into one record.
pub(crate) const FRAGMENT: usize = MAX_PLAINTEXT - HEAD;

const HEAD: usize = 3;

/// Appends the padded form of a fragment to `out`; `more` says that the message goes on in the next record.
pub(crate) fn pad(channel: Channel, fragment: &[u8], more: bool, out: &mut Vec<u8>) {
    let start = out.len();
    out.push(u8::from(more));
    // A fragment is at most FRAGMENT bytes, so its length has 2 bytes.
    out.extend(
        u16::try_from(fragment.len())
            .unwrap_or(u16::MAX)
            .to_be_bytes(),
    );
    out.extend_from_slice(fragment);
    out.resize(start + bucket(channel, HEAD + fragment.len()), 0);
}

/// Takes the padding off: the fragment, and whether more follows.
pub(crate) fn unpad(text: &[u8]) -> Result<(&[u8], bool), Malformed> {
    let mut reader = Reader::new(text);
    let more = match reader.u8("more")? {
        0 => false,
        1 => true,
        other => {
            return Err(Malformed::Value {
                field: "more",
                value: other.into(),
            });
        }
    };
    let length = reader.u16("fragment length")?;
    let fragment = reader.bytes(length.into(), "fragment")?;
    match reader.rest().iter().find(|byte| **byte != 0) {
        None => Ok((fragment, more)),
        Some(byte) => Err(Malformed::Value {
            field: "padding",
            value: (*byte).into(),
        }),
    }
}

/// Small channels: multiples of 64 bytes. Large ones: of 256 bytes up to 4 KiB, then of 1 KiB.
fn bucket(channel: Channel, length: usize) -> usize {
    let step = if channel.is_small() {
        64
    } else if length <= 4096 {
        256
    } else {
        1024
    };
    length.next_multiple_of(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fragment_fits_its_record_and_comes_back() {
        for channel in [Channel::Input, Channel::Picture] {
            for length in [0, 1, 61, 62, 253, 254, 4093, 4094, FRAGMENT] {
                let fragment = vec![7; length];
                let mut text = vec![];
                pad(channel, &fragment, true, &mut text);
                assert!(text.len() <= MAX_PLAINTEXT);
                assert!(text.len() % 64 == 0);
                assert_eq!(unpad(&text), Ok((&fragment[..], true)));
            }
        }
    }

    #[test]
    fn keys_all_look_alike() {
        let padded = |length| {
            let mut text = vec![];
            pad(Channel::Input, &vec![1; length], false, &mut text);
            text.len()
        };
        assert_eq!(padded(5), padded(40));
    }

    #[test]
    fn padding_hides_nothing() {
        let mut text = vec![];
        pad(Channel::Chat, b"hi", false, &mut text);
        *text.last_mut().unwrap() = 1;
        assert!(unpad(&text).is_err());
        text[2] = 200;
        assert_eq!(unpad(&text), Err(Malformed::Truncated("fragment")));
    }
}
