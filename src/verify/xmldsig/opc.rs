//! The parts of a package against the Manifest that its signature covers.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::base::xml::canonical::Subset;
use crate::base::xml::parse;
use crate::model::digest::{DigestAlgorithm, hex};
use crate::model::extract::Part;
use crate::model::finding::Status;
use crate::model::xmldsig::{Reference, Target, Transform, XmlSignature};
use crate::verify::digest::hash;
use crate::verify::findings::signature as f;
use crate::verify::findings::xmldsig as x;
use crate::verify::signer::notes::Notes;
use crate::verify::xmldsig::layer::Layer;
use crate::verify::xmldsig::reference::{algorithm, hashed, refused, too_long, unsupported};
use crate::verify::xmldsig::relationships;

/// Names quoted in one finding.
const MAX_QUOTED: usize = 5;

/// Checks the parts that a signature lists, and says which it does not.
pub(super) fn check(
    signature: &XmlSignature,
    layer: &Layer,
    parts: &[Part],
    place: &Range<usize>,
    notes: &mut Notes<'_>,
) -> BTreeSet<DigestAlgorithm> {
    let mut algorithms = BTreeSet::new();
    if layer.elements.is_empty() || signature.manifest.is_empty() {
        notes.fail(
            &x::XML_NOT_OVER_DOCUMENT,
            "the signature covers no list of parts",
            place.clone(),
        );
    }
    let mut known: BTreeMap<String, &Part> = BTreeMap::new();
    for part in parts {
        if known.insert(folded(&part.name), part).is_some() {
            notes.fail(
                &x::AMBIGUOUS_PART_NAME,
                format!("two parts are named {}", part.name),
                place.clone(),
            );
        }
    }
    let mut listed = BTreeSet::new();
    for reference in &signature.manifest {
        let (name, content_type) = match &reference.target {
            Target::Part { name, content_type } => (name, content_type.as_deref()),
            Target::Nothing(_) | Target::Document | Target::Element(_) => {
                notes.fail(
                    &x::XML_REFERENCE_UNRESOLVED,
                    "an entry of the list of parts names no part",
                    place.clone(),
                );
                continue;
            }
        };
        let folded = folded(name);
        let Some(part) = known.get(&folded) else {
            notes.fail(
                &x::PART_MISSING,
                format!("the signed part {name} is not in the package"),
                place.clone(),
            );
            continue;
        };
        listed.insert(folded);
        let same = content_type
            .zip(part.content_type.as_deref())
            .is_some_and(|(signed, own)| signed.eq_ignore_ascii_case(own));
        if !same {
            notes.fail(
                &x::PART_CONTENT_TYPE,
                format!(
                    "{name} was signed as {} and is {}",
                    content_type.unwrap_or("nothing"),
                    part.content_type.as_deref().unwrap_or("nothing")
                ),
                place.clone(),
            );
        }
        let Some(algorithm) = algorithm(reference, place, notes) else {
            continue;
        };
        algorithms.insert(algorithm);
        if let Some(computed) = digest(part, reference, algorithm, place, notes)
            && computed != reference.digest
        {
            notes.fail(
                &f::DIGEST_MISMATCH,
                format!(
                    "{name}: signed {algorithm} {}, computed {}",
                    hex(&reference.digest),
                    hex(&computed)
                ),
                place.clone(),
            );
        }
    }
    unlisted(&known, &listed, place, notes);
    algorithms
}

/// OPC part names are equal whatever their case (section 6.2.2.3), and writers differ in what they escape.
fn folded(name: &str) -> String {
    let mut octets = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = match after {
            [high, low, ..] if *first == b'%' => {
                let digit = |c: u8| char::from(c).to_digit(16);
                digit(*high)
                    .zip(digit(*low))
                    .and_then(|(high, low)| u8::try_from((high << 4) | low).ok())
            }
            _ => None,
        };
        octets.push(escaped.unwrap_or(*first));
        let taken = if escaped.is_some() { 3 } else { 1 };
        rest = rest.get(taken..).unwrap_or_default();
    }
    String::from_utf8_lossy(&octets).to_ascii_lowercase()
}

fn digest(
    part: &Part,
    reference: &Reference,
    algorithm: DigestAlgorithm,
    place: &Range<usize>,
    notes: &mut Notes<'_>,
) -> Option<Vec<u8>> {
    if reference.transforms.is_empty() {
        let computed = part.digests.get(&algorithm).cloned();
        if computed.is_none() {
            notes.fail(
                &x::PART_MISSING,
                format!("the signed part {} could not be decoded", part.name),
                place.clone(),
            );
        }
        return computed;
    }
    let Some(octets) = &part.document else {
        unsupported(format!("a transform of {}", part.name), place, notes);
        return None;
    };
    let document = match parse(octets) {
        Ok(document) => document,
        Err(error) => {
            notes.fail(
                &x::XML_TRANSFORM_REFUSED,
                format!("{} is transformed as XML and is none: {error}", part.name),
                place.clone(),
            );
            return None;
        }
    };
    match &reference.transforms[..] {
        [Transform::Canonical(method)] => {
            let whole = Subset {
                element: None,
                without: None,
            };
            match hashed(&document, whole, method, algorithm) {
                Ok(computed) => computed,
                Err(_) => {
                    too_long(place, notes);
                    None
                }
            }
        }
        [
            Transform::Relationships { ids, types },
            Transform::Canonical(_),
        ] => match relationships::transformed(&document, ids, types) {
            Some(transformed) => hash(algorithm, &transformed),
            None => {
                refused("of relationships over another part", place, notes);
                None
            }
        },
        others => {
            let name = others.iter().find_map(|t| match t {
                Transform::Refused(name) => Some(name.as_str()),
                Transform::Enveloped
                | Transform::Canonical(_)
                | Transform::Relationships { .. } => None,
            });
            refused(name.unwrap_or("in this order"), place, notes);
            None
        }
    }
}

fn unlisted(
    known: &BTreeMap<String, &Part>,
    listed: &BTreeSet<String>,
    place: &Range<usize>,
    notes: &mut Notes<'_>,
) {
    let unlisted = known.iter().filter(|(name, part)| {
        !listed.contains(*name) && (part.executable || !part.infrastructure)
    });
    let (code, others): (Vec<&Part>, Vec<&Part>) = unlisted
        .map(|(_, part)| *part)
        .partition(|part| part.executable);
    if !code.is_empty() {
        notes.fail(
            &x::UNSIGNED_PARTS,
            format!(
                "{} executable parts are not signed: {}",
                code.len(),
                quoted(&code)
            ),
            place.clone(),
        );
    }
    if !others.is_empty() {
        notes.note(
            &x::UNSIGNED_PARTS,
            Status::Review,
            format!("{} parts are not signed: {}", others.len(), quoted(&others)),
            place.clone(),
        );
    }
}

fn quoted(parts: &[&Part]) -> String {
    let names: Vec<&str> = parts.iter().take(MAX_QUOTED).map(|p| &*p.name).collect();
    let more = parts.len().saturating_sub(names.len());
    match more {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}
