//! Object identifiers: kept as their DER contents octets, shown dotted.

use std::fmt;

/// An object identifier, by its DER contents octets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid(Box<[u8]>);

impl Oid {
    /// Takes the contents octets as they are.
    pub fn from_der(contents: &[u8]) -> Self {
        Self(contents.into())
    }

    /// Reads dotted notation.
    pub fn parse(dotted: &str) -> Option<Self> {
        let mut out = Vec::with_capacity(dotted.len());
        for arc in arcs(dotted)? {
            out.extend_from_slice(Groups::of(arc?).octets());
        }
        Some(Self(out.into()))
    }

    /// Whether this is the identifier that `dotted` writes; asked for every attribute of every signature, so it allocates nothing.
    pub fn is(&self, dotted: &str) -> bool {
        let Some(arcs) = arcs(dotted) else {
            return false;
        };
        let mut rest: &[u8] = &self.0;
        for arc in arcs {
            let Some(tail) = arc.and_then(|arc| rest.strip_prefix(Groups::of(arc).octets())) else {
                return false;
            };
            rest = tail;
        }
        rest.is_empty()
    }

    /// The contents octets.
    pub fn as_der(&self) -> &[u8] {
        &self.0
    }
}

/// The subidentifiers of dotted notation, the first two arcs in one (X.690 section 8.19.4); `None` inside for what is no number.
fn arcs(dotted: &str) -> Option<impl Iterator<Item = Option<u64>>> {
    let mut arcs = dotted.as_bytes().split(|c| *c == b'.').map(arc);
    let (first, second) = (arcs.next()??, arcs.next()??);
    if first > 2 || (first < 2 && second > 39) {
        return None;
    }
    let root = first.checked_mul(40)?.checked_add(second)?;
    Some(std::iter::once(Some(root)).chain(arcs))
}

/// A decimal number of at least one digit.
fn arc(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |n, digit| {
        let digit = digit.checked_sub(b'0').filter(|d| *d <= 9)?;
        n.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

/// A subidentifier in groups of seven bits.
struct Groups {
    groups: [u8; 10],
    start: usize,
}

impl Groups {
    fn of(arc: u64) -> Self {
        let mut groups = [0u8; 10];
        let mut start = groups.len();
        let mut rest = arc;
        let mut more = 0;
        for slot in groups.iter_mut().rev() {
            *slot = more | u8::try_from(rest & 0x7f).unwrap_or(0);
            start = start.saturating_sub(1);
            more = 0x80;
            rest >>= 7;
            if rest == 0 {
                break;
            }
        }
        Self { groups, start }
    }

    fn octets(&self) -> &[u8] {
        self.groups.get(self.start..).unwrap_or_default()
    }
}

impl fmt::Display for Oid {
    /// Dotted notation; arcs over 64 bits and truncated encodings are shown as hex so that nothing is lost.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Ten groups of seven bits may be more than 64 bits; the first decides.
        let too_long =
            |arc: &[u8]| arc.len() > 10 || (arc.len() == 10 && arc.first() > Some(&0x81));
        let mut arcs = self.0.split_inclusive(|octet| octet & 0x80 == 0);
        if self.0.last().is_none_or(|octet| octet & 0x80 != 0) || arcs.clone().any(too_long) {
            return self.hex(f);
        }
        let value = |arc: &[u8]| {
            arc.iter()
                .fold(0u64, |n, octet| (n << 7) | u64::from(octet & 0x7f))
        };
        let first = arcs.next().map_or(0, value);
        let root = (first / 40).min(2);
        let second = first.saturating_sub(root.saturating_mul(40));
        fmt::Display::fmt(&root, f)?;
        std::iter::once(second)
            .chain(arcs.map(value))
            .try_for_each(|arc| {
                f.write_str(".")?;
                fmt::Display::fmt(&arc, f)
            })
    }
}

impl Oid {
    fn hex(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("0x")?;
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::Oid;

    #[test]
    fn dotted_notation_round_trips() {
        for dotted in [
            "1.2.840.113549.1.7.2",
            "2.5.4.97",
            "1.3.6.1.4.1.311.2.1.4",
            "2.23.140.1.3",
            "0.9.2342",
            "2.999.18446744073709551615",
        ] {
            assert_eq!(Oid::parse(dotted).unwrap().to_string(), dotted);
        }
        assert_eq!(
            Oid::parse("1.2.840.113549.1.7.2").unwrap().as_der(),
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2]
        );
        assert!(Oid::parse("1.40").is_none());
        let oid = Oid::parse("2.5.4.97").unwrap();
        assert!(oid.is("2.5.4.97"));
        for other in ["2.5.4.9", "2.5.4.97.1", "2.5.4", "2.5.4.x", "2", ""] {
            assert!(!oid.is(other), "{other}");
        }
        let wide = [0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
        assert_eq!(
            Oid::from_der(&wide).to_string(),
            format!("2.{}", u64::MAX - 80)
        );
        assert!(
            Oid::from_der(&[0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00])
                .to_string()
                .starts_with("0x")
        );
        assert_eq!(Oid::from_der(&[0x2a, 0x86]).to_string(), "0x2a86");
    }
}
