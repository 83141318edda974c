//! Which addresses outbound calls may reach. This is the guard against server-side request forgery
//! (SSRF): a URL that a member chose must not make this server talk to its own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The addresses that a call may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkPolicy {
    /// Any address, for URLs that an administrator chose.
    Any,
    /// Only the public internet, for URLs that anyone else chose.
    PublicOnly,
}

/// Whether an address is on the public internet. Private, loopback, link-local, shared,
/// documentation, benchmark, multicast and reserved ranges are not (the registries of RFC 6890 and
/// its updates). An IPv6 address that embeds an IPv4 one is not either, except for NAT64's well-known
/// prefix, where the embedded address decides.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    const CLOSED: [([u8; 4], u32); 15] = [
        ([0, 0, 0, 0], 8),
        ([10, 0, 0, 0], 8),
        ([100, 64, 0, 0], 10),
        ([127, 0, 0, 0], 8),
        ([169, 254, 0, 0], 16),
        ([172, 16, 0, 0], 12),
        ([192, 0, 0, 0], 24),
        ([192, 0, 2, 0], 24),
        ([192, 88, 99, 0], 24),
        ([192, 168, 0, 0], 16),
        ([198, 18, 0, 0], 15),
        ([198, 51, 100, 0], 24),
        ([203, 0, 113, 0], 24),
        ([224, 0, 0, 0], 4),
        ([240, 0, 0, 0], 4),
    ];
    let bits = u32::from(address);
    CLOSED
        .iter()
        .all(|(network, length)| (bits ^ u32::from(Ipv4Addr::from(*network))) >> (32 - length) != 0)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let embedded = Ipv4Addr::from((u32::from(g) << 16) | u32::from(h));
    match [a, b, c, d, e, f] {
        [0x64, 0xff9b, 0, 0, 0, 0] | [0, 0, 0, 0, 0xffff, 0] => return is_public_v4(embedded),
        // "::", "::1", IPv4-compatible and IPv4-mapped addresses.
        [0, 0, 0, 0, 0, 0 | 0xffff] => return false,
        _ => {}
    }
    // Of IPv6 only 2000::/3 was ever given out. In it are closed: what protocols use among
    // themselves (2001::/23, Teredo and ORCHID too), documentation, and 6to4.
    let closed = (a & 0xe000) != 0x2000
        || (a == 0x2001 && b < 0x200)
        || [a, b] == [0x2001, 0xdb8]
        || (a == 0x3fff && b < 0x1000)
        || a == 0x2002;
    !closed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_on_the_public_internet_are_public() {
        for open in [
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.0.1",
            "172.32.0.1",
            "223.255.255.255",
            "198.20.0.1",
        ] {
            assert!(is_public(open.parse().expect("an address")), "{open}");
        }
        for open in [
            "2606:4700::1111",
            "64:ff9b::808:808",
            "::ffff:0:808:808",
            "2001:4860::8888",
            "2001:200::1",
            "2003::1",
            "3fff:1000::1",
        ] {
            assert!(is_public(open.parse().expect("an address")), "{open}");
        }
        for closed in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
        ] {
            assert!(!is_public(closed.parse().expect("an address")), "{closed}");
        }
        for closed in [
            "::",
            "::1",
            "::8.8.8.8",
            "::ffff:8.8.8.8",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "::ffff:0:7f00:1",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:20::1",
            "2001:db8::1",
            "2002::1",
            "3fff::1",
            "3fff:fff::1",
            "4000::1",
            "5f00::1",
        ] {
            assert!(!is_public(closed.parse().expect("an address")), "{closed}");
        }
    }
}
