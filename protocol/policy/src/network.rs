//! An address range, written in CIDR (RFC 4632, RFC 4291).

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// An address range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// Any address of it.
    pub address: IpAddr,
    /// Leading bits that count.
    pub prefix: u8,
}

/// A text that is no address range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotANetwork;

impl Network {
    /// Whether the address is in the range. An IPv4 address that is written as IPv6 (`::ffff:10.0.0.1`) counts as IPv4, on both sides.
    pub fn contains(&self, address: IpAddr) -> bool {
        let range = self.canonical();
        match (range.address, address.to_canonical()) {
            (IpAddr::V4(range_at), IpAddr::V4(at)) => same_head(
                range_at.to_bits().into(),
                at.to_bits().into(),
                32,
                range.prefix,
            ),
            (IpAddr::V6(range_at), IpAddr::V6(at)) => {
                same_head(range_at.to_bits(), at.to_bits(), 128, range.prefix)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }

    fn canonical(&self) -> Self {
        let address = self.address.to_canonical();
        let was_mapped = self.address.is_ipv6() && address.is_ipv4();
        match self.prefix.checked_sub(MAPPED) {
            Some(prefix) if was_mapped => Self { address, prefix },
            _ => *self,
        }
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    /// Reads `10.0.0.0/8`, `2001:db8::/32`, or a single address.
    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => most,
            Some(digits) if digits.bytes().all(|digit| digit.is_ascii_digit()) => {
                digits.parse().map_err(|_| NotANetwork)?
            }
            Some(_) => return Err(NotANetwork),
        };
        if prefix > most {
            return Err(NotANetwork);
        }
        Ok(Self { address, prefix })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// Whether the first `prefix` of `bits` bits agree.
fn same_head(one: u128, other: u128, bits: u8, prefix: u8) -> bool {
    let tail = u32::from(bits.saturating_sub(prefix));
    (one ^ other).checked_shr(tail).unwrap_or(0) == 0
}

/// Leading bits of an IPv4 address that is written as IPv6 (RFC 4291 section 2.5.5.2).
const MAPPED: u8 = 96;

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(range: &str, address: &str) -> bool {
        let range: Network = range.parse().unwrap();
        range.contains(address.parse().unwrap())
    }

    #[test]
    fn leading_bits_decide() {
        for (range, inside, outside) in [
            ("10.0.0.0/8", "10.255.1.2", "11.0.0.0"),
            ("10.1.2.3/8", "10.255.1.2", "9.255.255.255"),
            ("192.0.2.128/25", "192.0.2.200", "192.0.2.127"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.6"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("2001:db8::1/128", "2001:db8::1", "2001:db8::2"),
            ("0.0.0.0/0", "203.0.113.9", "2001:db8::1"),
            ("::/0", "2001:db8::1", "203.0.113.9"),
        ] {
            assert!(holds(range, inside), "{inside} is in {range}");
            assert!(!holds(range, outside), "{outside} is not in {range}");
        }
    }

    /// A listener for both families gives IPv4 peers as IPv6: a rule must neither miss them nor be walked around.
    #[test]
    fn an_ipv4_address_that_is_written_as_ipv6_is_an_ipv4_address() {
        assert!(holds("10.0.0.0/8", "::ffff:10.1.2.3"));
        assert!(holds("::ffff:10.0.0.0/104", "10.1.2.3"));
        assert!(!holds("::ffff:10.0.0.0/104", "11.1.2.3"));
        assert!(!holds("::/0", "::ffff:10.1.2.3"));
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in [
            "",
            "10.0.0.0/33",
            "::/129",
            "10.0.0/8",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "10.0.0.0/8/8",
            "office",
            "10.0.0.0/999",
        ] {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork), "{text}");
        }
        let range: Network = "10.0.0.0/8".parse().unwrap();
        assert_eq!(range.to_string(), "10.0.0.0/8");
    }
}
