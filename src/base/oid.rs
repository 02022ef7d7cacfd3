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
        let mut arcs = dotted.split('.').map(|a| a.parse::<u64>().ok());
        let (first, second) = (arcs.next()??, arcs.next()??);
        if first > 2 || (first < 2 && second > 39) {
            return None;
        }
        let mut out = Vec::new();
        push_arc(&mut out, first.checked_mul(40)?.checked_add(second)?);
        for arc in arcs {
            push_arc(&mut out, arc?);
        }
        Some(Self(out.into()))
    }

    /// The contents octets.
    pub fn as_der(&self) -> &[u8] {
        &self.0
    }
}

fn push_arc(out: &mut Vec<u8>, arc: u64) {
    let mut groups = [0u8; 10];
    let mut rest = arc;
    let mut used = 0usize;
    for slot in groups.iter_mut().rev() {
        *slot = u8::try_from(rest & 0x7f).unwrap_or(0);
        used = used.saturating_add(1);
        rest >>= 7;
        if rest == 0 {
            break;
        }
    }
    let start = groups.len().saturating_sub(used);
    for (i, group) in groups.iter().enumerate().skip(start) {
        let more = i.saturating_add(1) < groups.len();
        out.push(if more { group | 0x80 } else { *group });
    }
}

impl fmt::Display for Oid {
    /// Dotted notation; arcs over 64 bits and truncated encodings are shown as hex so that nothing is lost.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut arc: u64 = 0;
        let mut arcs = Vec::new();
        let mut open = true;
        for byte in &self.0 {
            let Some(shifted) = arc.checked_mul(128) else {
                return self.hex(f);
            };
            arc = shifted | u64::from(byte & 0x7f);
            open = byte & 0x80 != 0;
            if !open {
                arcs.push(arc);
                arc = 0;
            }
        }
        let Some((first, rest)) = arcs.split_first().filter(|_| !open) else {
            return self.hex(f);
        };
        let root = (*first / 40).min(2);
        write!(
            f,
            "{root}.{}",
            first.saturating_sub(root.saturating_mul(40))
        )?;
        for arc in rest {
            write!(f, ".{arc}")?;
        }
        Ok(())
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
        assert_eq!(Oid::from_der(&[0x2a, 0x86]).to_string(), "0x2a86");
    }
}
