//! Variable-length integers: RFC 9000, section 16, and only their shortest form.

use crate::{Malformed, Reader};

/// Appends `value` in its shortest form: 1, 2, 4 or 8 bytes.
///
/// Values of 2^62 and more do not exist on the wire; their two top bits would be lost, so they are capped.
pub fn put_varint(out: &mut Vec<u8>, value: u64) {
    let value = value.min(LARGEST);
    let bytes = value.to_be_bytes();
    let (prefix, length) = match value {
        0..0x40 => (0x00, 1),
        0x40..0x4000 => (0x40, 2),
        0x4000..0x4000_0000 => (0x80, 4),
        _ => (0xc0, 8),
    };
    let start = out.len();
    out.extend(bytes.iter().skip(8 - length));
    if let Some(first) = out.get_mut(start) {
        *first |= prefix;
    }
}

pub(crate) fn read(reader: &mut Reader<'_>, field: &'static str) -> Result<u64, Malformed> {
    let first = reader.u8(field)?;
    let length = 1usize << (first >> 6);
    let mut value = u64::from(first & 0x3f);
    for byte in reader.bytes(length - 1, field)? {
        value = value << 8 | u64::from(*byte);
    }
    let shortest = match value {
        0..0x40 => 1,
        0x40..0x4000 => 2,
        0x4000..0x4000_0000 => 4,
        _ => 8,
    };
    if length == shortest {
        Ok(value)
    } else {
        Err(Malformed::NotShortest(field))
    }
}

/// 2^62 - 1.
const LARGEST: u64 = (1 << 62) - 1;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The examples of RFC 9000, appendix A.1.
    #[test]
    fn the_examples_of_the_rfc() {
        for (value, bytes) in [
            (37, &[0x25][..]),
            (15_293, &[0x7b, 0xbd]),
            (494_878_333, &[0x9d, 0x7f, 0x3e, 0x7d]),
            (
                151_288_809_941_952_652,
                &[0xc2, 0x19, 0x7c, 0x5e, 0xff, 0x14, 0xe8, 0x8c],
            ),
        ] {
            let mut out = vec![];
            put_varint(&mut out, value);
            assert_eq!(out, bytes);
        }
        assert_eq!(
            Reader::new(&[0x40, 0x25]).varint("n"),
            Err(Malformed::NotShortest("n")),
            "the RFC's 2-byte form of 37 is legal there and refused here"
        );
    }

    proptest! {
        #[test]
        fn every_value_reads_back(value in 0..=LARGEST) {
            let mut out = vec![];
            put_varint(&mut out, value);
            let mut reader = Reader::new(&out);
            prop_assert_eq!(reader.varint("n"), Ok(value));
            prop_assert_eq!(reader.end(), Ok(()));
        }
    }
}
