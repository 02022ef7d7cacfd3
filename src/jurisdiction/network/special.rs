//! Addresses of special purpose (RFC 6890): no registry holds them for anybody, and nothing is asked about them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// This machine, its networks, documentation and other purposes.
pub fn is_special(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => special_v4(ip),
        IpAddr::V6(ip) => special_v6(ip),
    }
}

fn special_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19))
}

fn special_v6(ip: Ipv6Addr) -> bool {
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            special_v4(v4(high, low))
        }
        [0x2002, high, low, ..] => special_v4(v4(high, low)),
        // Only 2000::/3 is global unicast; out of it come documentation, Teredo, ORCHID and discard prefixes.
        [a, b, ..] => {
            a & 0xe000 != 0x2000 || (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || a == 0x3fff
        }
    }
}

fn v4(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::is_special;

    #[test]
    fn what_nobody_holds_is_special() {
        for ip in [
            "127.0.0.1",
            "10.0.0.1",
            "192.0.2.1",
            "::1",
            "fe80::1",
            "2001:db8::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(is_special(ip.parse().unwrap()), "{ip}");
        }
        for ip in ["77.74.181.1", "2a00:1450::1", "::ffff:8.8.8.8"] {
            assert!(!is_special(ip.parse().unwrap()), "{ip}");
        }
    }
}
