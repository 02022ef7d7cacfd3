//! Comparison of distinguished names (RFC 5280 section 7.1): by encoding first, then attribute by attribute with letter case,
//! spaces and string types set aside.

use unicode_normalization::UnicodeNormalization as _;

use crate::model::certificate::{Name, NameAttribute};

/// Both name the same entity.
pub fn same(a: &Name, b: &Name) -> bool {
    a.raw == b.raw || normal_octets(a) == normal_octets(b)
}

/// The normal form in one string of octets, each part behind its length, for whoever only asks whether two are equal.
pub(super) fn normal_octets(name: &Name) -> Vec<u8> {
    let mut out = Vec::with_capacity(name.raw.len());
    let mut put = |part: &[u8]| {
        out.extend(part.len().to_be_bytes());
        out.extend(part);
    };
    for rdn in name.attributes.chunk_by(|a, b| a.rdn == b.rdn) {
        put(&rdn.len().to_be_bytes());
        let mut members: Vec<(&[u8], String)> = rdn
            .iter()
            .map(|attribute| (attribute.oid.as_der(), normal_value(attribute)))
            .collect();
        members.sort();
        for (oid, value) in members {
            put(oid);
            put(value.as_bytes());
        }
    }
    out
}

/// `name` lies in the subtree of `base`: its first RDNs are those of `base` (RFC 5280 section 4.2.1.10).
pub(super) fn within(name: &[Rdn], base: &[Rdn]) -> bool {
    name.get(..base.len()) == Some(base)
}

/// A RelativeDistinguishedName in normal form: attributes sorted, since it is a set.
pub(super) type Rdn = Vec<(Vec<u8>, String)>;

/// What equal names have in common.
pub(super) fn normal_form(name: &Name) -> Vec<Rdn> {
    let mut rdns: Vec<(usize, Rdn)> = Vec::new();
    for attribute in &name.attributes {
        let value = (attribute.oid.as_der().to_vec(), normal_value(attribute));
        match rdns.last_mut() {
            Some((rdn, members)) if *rdn == attribute.rdn => members.push(value),
            _ => rdns.push((attribute.rdn, vec![value])),
        }
    }
    rdns.into_iter()
        .map(|(_, mut members)| {
            members.sort();
            members
        })
        .collect()
}

/// Compatibility composition, small letters, runs of spaces as one (RFC 4518 section 2).
fn normal_value(attribute: &NameAttribute) -> String {
    let mut out = String::with_capacity(attribute.value.len());
    for word in attribute.value.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        if word.is_ascii() {
            out.extend(word.chars().map(|c| c.to_ascii_lowercase()));
        } else {
            out.extend(word.nfkc().flat_map(char::to_lowercase));
        }
    }
    out
}
