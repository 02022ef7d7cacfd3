//! What a name is made of, by the Public Suffix List: only its ICANN section says whose registry a name stands in.

use psl::{List, Psl, Type};

use crate::model::infrastructure::DomainParts;

/// Labels looked at; a name has at most 127 (RFC 1035 section 2.3.4).
const MAX_LABELS: usize = 127;

/// The parts of a name in lower-case ASCII; `None` where it has no top-level domain that is known.
pub fn parts(name: &str) -> Option<DomainParts> {
    let name = name.trim_end_matches('.');
    let labels: Vec<&str> = name.split('.').collect();
    if labels.len() > MAX_LABELS || labels.iter().any(|l| l.is_empty()) {
        return None;
    }
    let tld = (*labels.last()?).to_owned();
    let count = suffix_labels(&labels)?;
    let tail = |count: usize| {
        let from = labels.len().checked_sub(count)?;
        labels.get(from..).map(|l| l.join("."))
    };
    Some(DomainParts {
        tld,
        suffix: tail(count)?,
        registrable: tail(count.saturating_add(1)),
    })
}

/// How many labels of the name are a registry's suffix. A private suffix (`github.io`) is somebody's domain: what stands above it
/// is asked until a registry's is found.
fn suffix_labels(labels: &[&str]) -> Option<usize> {
    let mut from = 0usize;
    loop {
        let rest = labels.get(from..).filter(|l| !l.is_empty())?;
        let info = List.find(rest.iter().rev().map(|l| l.as_bytes()));
        let text = rest.join(".");
        // The list counts bytes from the end of the name.
        let start = text.len().checked_sub(info.len)?;
        let count = text.get(start..)?.split('.').count();
        match info.typ {
            Some(Type::Icann) => return Some(count),
            Some(Type::Private) => {
                from = labels.len().checked_sub(count)?.checked_add(1)?;
            }
            None => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn only_a_registrys_suffix_counts() {
        for (name, suffix, registrable) in [
            ("www.example.com", "com", Some("example.com")),
            ("update.example.co.uk", "co.uk", Some("example.co.uk")),
            ("someone.github.io", "io", Some("github.io")),
            ("d1.cloudfront.net", "net", Some("cloudfront.net")),
            ("example.su", "su", Some("example.su")),
            ("com", "com", None),
            ("b.s3.eu-west-1.amazonaws.com", "com", Some("amazonaws.com")),
        ] {
            let found = parts(name).unwrap();
            assert_eq!(found.suffix, suffix, "{name}");
            assert_eq!(found.registrable.as_deref(), registrable, "{name}");
        }
        assert_eq!(parts("host.invalid-tld-of-nobody"), None);
        assert_eq!(parts("a..com"), None);
        assert_eq!(parts(""), None);
        assert_eq!(parts(&"a.".repeat(200)), None);
    }
}
