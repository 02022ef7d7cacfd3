//! Publisher of an app package's manifest against the subject of its signer. Windows installs no package in which they differ:
//! the publisher is what the package's identity, and so its data and its updates, hang on.

use crate::base::oid::Oid;
use crate::format::msix::PUBLISHER;
use crate::identity::findings::PUBLISHER_MISMATCH;
use crate::model::certificate::Name;
use crate::model::evidence::{Evidence, Source};
use crate::model::extract::Claimed;
use crate::model::finding::{Finding, Status};
use crate::model::signature::Signature;

/// Attributes read of one publisher; subjects have about ten.
const MAX_ATTRIBUTES: usize = 64;

/// Attribute types by the keys that Windows writes and reads (CertNameToStr, CertStrToName), RFC 4514's `ST` among them.
const KEYS: &[(&str, &str)] = &[
    ("CN", "2.5.4.3"),
    ("L", "2.5.4.7"),
    ("O", "2.5.4.10"),
    ("OU", "2.5.4.11"),
    ("C", "2.5.4.6"),
    ("S", "2.5.4.8"),
    ("ST", "2.5.4.8"),
    ("STREET", "2.5.4.9"),
    ("T", "2.5.4.12"),
    ("TITLE", "2.5.4.12"),
    ("G", "2.5.4.42"),
    ("GN", "2.5.4.42"),
    ("I", "2.5.4.43"),
    ("SN", "2.5.4.4"),
    ("SERIALNUMBER", "2.5.4.5"),
    ("POSTALCODE", "2.5.4.17"),
    ("DESCRIPTION", "2.5.4.13"),
    ("DC", "0.9.2342.19200300.100.1.25"),
    ("E", "1.2.840.113549.1.9.1"),
    ("EMAIL", "1.2.840.113549.1.9.1"),
];

/// Raised where a package names a publisher and its signer's subject is another name.
pub fn mismatch(signature: &Signature, claimed: &[Claimed]) -> Option<Finding> {
    let claim = claimed.iter().find(|c| c.key == PUBLISHER)?;
    let signer = signature.signer.as_ref()?;
    if same(&claim.value, &signer.subject) {
        return None;
    }
    let subject: Vec<String> = signer
        .subject
        .attributes
        .iter()
        .rev()
        .map(|a| format!("{}={}", key(&a.oid), a.value))
        .collect();
    let message = format!(
        "the manifest names the publisher `{}`, the signer is `{}`",
        claim.value,
        subject.join(", ")
    );
    let span = &claim.span;
    let length = span.end.saturating_sub(span.start);
    Some(
        Finding::new(&PUBLISHER_MISMATCH, Status::Fail, message)
            .about(&signature.id)
            .with(
                Evidence::bytes(Source::Embedded, span.start, length).excerpt(claim.value.as_str()),
            ),
    )
}

fn key(oid: &Oid) -> String {
    let known = KEYS.iter().find(|(_, dotted)| oid.is(dotted));
    known.map_or_else(|| format!("OID.{oid}"), |(key, _)| (*key).to_owned())
}

/// The same attributes in the same order, from the most specific on as both Windows and RFC 4514 write them, or the other way
/// round as some tools do.
fn same(publisher: &str, subject: &Name) -> bool {
    let Some(written) = parse(publisher) else {
        return false;
    };
    let encoded: Vec<(&Oid, &str)> = subject
        .attributes
        .iter()
        .map(|a| (&a.oid, a.value.as_str()))
        .collect();
    let agree = |(kind, value): &(String, String), (oid, text): &(&Oid, &str)| {
        oid.is(kind) && value == text
    };
    written.len() == encoded.len()
        && (written
            .iter()
            .zip(encoded.iter().rev())
            .all(|(w, e)| agree(w, e))
            || written.iter().zip(&encoded).all(|(w, e)| agree(w, e)))
}

/// Type and value of each attribute; `None` for what is no name.
fn parse(text: &str) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if found.len() >= MAX_ATTRIBUTES {
            return None;
        }
        let (key, after) = rest.split_once('=')?;
        let (value, after) = value(after.trim_start())?;
        found.push((kind(key.trim())?, value));
        let after = after.trim_start();
        rest = match after.strip_prefix([',', ';', '+']) {
            Some(more) => Some(more.trim_start()).filter(|more| !more.is_empty())?,
            None if after.is_empty() => after,
            None => return None,
        };
    }
    (!found.is_empty()).then_some(found)
}

/// A dotted type for a key.
fn kind(key: &str) -> Option<String> {
    let upper = key.to_ascii_uppercase();
    if let Some((_, dotted)) = KEYS.iter().find(|(known, _)| *known == upper) {
        return Some((*dotted).to_owned());
    }
    let dotted = upper.strip_prefix("OID.").unwrap_or(&upper);
    Oid::parse(dotted).map(|_| dotted.to_owned())
}

/// A value in quotes, in which two stand for one, or up to the next separator, with a backslash before what would be one.
fn value(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    if let Some(quoted) = text.strip_prefix('"') {
        let mut chars = quoted.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c != '"' {
                value.push(c);
            } else if chars.next_if(|(_, next)| *next == '"').is_some() {
                value.push('"');
            } else {
                return Some((value, quoted.get(at.checked_add(1)?..)?));
            }
        }
        return None;
    }
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            ',' | ';' | '+' => return Some((value.trim_end().to_owned(), text.get(at..)?)),
            '\\' => value.push(chars.next()?.1),
            c => value.push(c),
        }
    }
    Some((value.trim_end().to_owned(), ""))
}

#[cfg(test)]
mod tests {
    use super::{kind, parse, same};
    use crate::base::oid::Oid;
    use crate::model::certificate::{Name, NameAttribute};

    fn subject(attributes: &[(&str, &str)]) -> Name {
        let attribute = |(rdn, (key, value)): (usize, &(&str, &str))| NameAttribute {
            oid: Oid::parse(&kind(key).unwrap()).unwrap(),
            rdn,
            string_tag: 0x0c,
            value: (*value).to_owned(),
            faults: Vec::new(),
        };
        Name {
            raw: Vec::new(),
            attributes: attributes.iter().enumerate().map(attribute).collect(),
        }
    }

    #[test]
    fn the_state_has_two_keys_and_the_order_two_directions() {
        let signer = subject(&[
            ("C", "US"),
            ("ST", "Washington"),
            ("O", "Example"),
            ("CN", "Example"),
        ]);
        assert!(same("CN=Example, O=Example, S=Washington, C=US", &signer));
        assert!(same("CN=Example,O=Example,ST=Washington,C=US", &signer));
        assert!(same("C=US, S=Washington, O=Example, CN=Example", &signer));
        assert!(!same("O=Example, CN=Example, S=Washington, C=US", &signer));
    }

    #[test]
    fn another_missing_or_additional_value_is_another_name() {
        let signer = subject(&[("O", "Example"), ("CN", "Example")]);
        for other in [
            "",
            "Example",
            "CN=Example",
            "CN=example, O=Example",
            "CN=Example, O=Example, C=US",
            "CN=Example, O=Example,",
            "CN=Example, O=\"Example",
        ] {
            assert!(!same(other, &signer), "{other}");
        }
    }

    #[test]
    fn quotes_escapes_and_dotted_types_are_read() {
        let signer = subject(&[("2.5.4.15", "Private"), ("O", "A \"B\", Inc."), ("CN", "x")]);
        for text in [
            "CN=x, O=\"A \"\"B\"\", Inc.\", OID.2.5.4.15=Private",
            "CN=x,O=A \\\"B\\\"\\, Inc.,2.5.4.15=Private",
        ] {
            assert!(same(text, &signer), "{text}");
        }
        assert!(parse("X=1").is_none());
        assert!(parse(&"CN=x,".repeat(100_000)).is_none());
    }
}
