//! Delegated-extended statistics of the regional registries: who holds a block, by the registry's own count.
//!
//! `registry|cc|type|start|value|date|status|opaque-id`; `value` is a count of addresses for `ipv4`, a prefix length for `ipv6`, a
//! count of numbers for `asn`. Only `allocated` and `assigned` rows say who holds something.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What one row delegates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delegation {
    /// Addresses from the first to the last, with the holder's country.
    Addresses(IpAddr, IpAddr, String),
    /// Autonomous systems from the first to the last, with the holder's country.
    Systems(u32, u32, String),
}

/// Whether a text looks like such a file: its first row is the version line of a registry.
pub fn is_delegated(text: &str) -> bool {
    let first = text.lines().find(|l| !l.starts_with('#'));
    first.is_some_and(|l| l.split('|').count() >= 7)
}

/// The delegations of a file. Rows of other kinds and of broken form are passed over.
pub fn read(text: &str) -> impl Iterator<Item = Delegation> {
    text.lines().filter_map(row)
}

fn row(line: &str) -> Option<Delegation> {
    let mut fields = line.split('|');
    let (_, country, kind) = (fields.next()?, fields.next()?, fields.next()?);
    let (start, value) = (fields.next()?, fields.next()?);
    let status = fields.nth(1)?;
    if !matches!(status, "allocated" | "assigned") || country.len() != 2 {
        return None;
    }
    let country = country.to_ascii_uppercase();
    match kind {
        "ipv4" => {
            let first: Ipv4Addr = start.parse().ok()?;
            let count: u32 = value.parse().ok()?;
            let last = u32::from(first).checked_add(count.checked_sub(1)?)?;
            let last = Ipv4Addr::from(last);
            Some(Delegation::Addresses(first.into(), last.into(), country))
        }
        "ipv6" => {
            let first: Ipv6Addr = start.parse().ok()?;
            let length: u32 = value.parse().ok().filter(|l| (1..=128).contains(l))?;
            let span = u128::MAX.checked_shr(length).unwrap_or(0);
            let last = Ipv6Addr::from(u128::from(first) | span);
            Some(Delegation::Addresses(first.into(), last.into(), country))
        }
        "asn" => {
            let first: u32 = start.parse().ok()?;
            let count: u32 = value.parse().ok()?;
            let last = first.checked_add(count.checked_sub(1)?)?;
            Some(Delegation::Systems(first, last, country))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Delegation, is_delegated, read};

    const SAMPLE: &str = "2|example|20260617|4|19830705|20260616|+0000
example|*|ipv4|*|2|summary
example|CH|ipv4|77.74.176.0|2048|20070125|allocated|x
example||ipv4|192.0.2.0|256||available|
example|JP|ipv6|2001:200::|35|19990813|allocated|y
example|CH|asn|200107|1|20131111|assigned|x
example|XX|ipv4|1.2.3.4|0|20070125|allocated|x
";

    #[test]
    fn only_what_is_delegated_to_somebody_is_read() {
        assert!(is_delegated(SAMPLE));
        assert!(!is_delegated("1.0.0.0,1.0.0.255,AU"));
        let all: Vec<_> = read(SAMPLE).collect();
        let address = |a: &str, b: &str, c: &str| {
            Delegation::Addresses(a.parse().unwrap(), b.parse().unwrap(), c.into())
        };
        assert_eq!(
            all,
            [
                address("77.74.176.0", "77.74.183.255", "CH"),
                address("2001:200::", "2001:200:1fff:ffff:ffff:ffff:ffff:ffff", "JP"),
                Delegation::Systems(200_107, 200_107, "CH".into()),
            ]
        );
    }
}
