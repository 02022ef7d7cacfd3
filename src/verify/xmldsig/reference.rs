//! The digest of one reference: what its target is, transformed as it says, and whether that is what was signed.

use std::ops::Range;

use crate::base::xml::canonical::{Method, Subset, TooLong};
use crate::base::xml::{Document, NodeId};
use crate::model::digest::{DigestAlgorithm, hex};
use crate::model::finding::Status;
use crate::model::xmldsig::{Reference, Target, Transform, digest_method};
use crate::verify::digest::Hasher;
use crate::verify::findings::signature as f;
use crate::verify::findings::xmldsig as x;
use crate::verify::signer::notes::Notes;

/// Canonical forms that are known and not computed with.
const UNSUPPORTED: [&str; 2] = [
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/2006/12/xml-c14n11#WithComments",
];

/// A digest, signed and computed.
#[derive(Debug, Clone)]
pub(super) struct Compared {
    pub(super) algorithm: DigestAlgorithm,
    pub(super) signed: Vec<u8>,
    pub(super) computed: Vec<u8>,
}

/// The digest algorithm of a reference; one that is not computed with is noted.
pub(super) fn algorithm(
    reference: &Reference,
    place: &Range<usize>,
    notes: &mut Notes<'_>,
) -> Option<DigestAlgorithm> {
    let algorithm = digest_method(&reference.method);
    if algorithm.is_none() {
        unsupported(format!("digest method {}", reference.method), place, notes);
    }
    algorithm
}

/// Notes what is not computed with.
pub(super) fn unsupported(what: String, place: &Range<usize>, notes: &mut Notes<'_>) {
    notes.note(
        &f::UNSUPPORTED_ALGORITHM,
        Status::Unknown,
        format!("{what} is not computed with"),
        place.clone(),
    );
    notes.unverifiable(what);
}

/// Notes a transform that is not applied.
pub(super) fn refused(transform: &str, place: &Range<usize>, notes: &mut Notes<'_>) {
    if UNSUPPORTED.contains(&transform) {
        unsupported(format!("transform {transform}"), place, notes);
    } else {
        notes.fail(
            &x::XML_TRANSFORM_REFUSED,
            format!("transform {transform} is never applied"),
            place.clone(),
        );
    }
}

/// Checks a reference inside the document. `scope` is what "the document" means: an element, or `None` for all of it.
pub(super) fn check(
    document: &Document,
    signature: NodeId,
    scope: Option<NodeId>,
    reference: &Reference,
    place: &Range<usize>,
    notes: &mut Notes<'_>,
) -> Option<Compared> {
    let element = match &reference.target {
        Target::Document => scope,
        Target::Element(element) => Some(*element),
        Target::Part { .. } => {
            unresolved("it points outside the document", place, notes);
            return None;
        }
        Target::Nothing(why) => {
            unresolved(why, place, notes);
            return None;
        }
    };
    let mut subset = Subset {
        element,
        without: None,
    };
    // A reference without a canonicalisation has the inclusive one (section 4.4.3.2), and one by "" or an Id never has
    // comments (section 4.4.3.3).
    let mut method = None;
    for transform in &reference.transforms {
        match transform {
            Transform::Enveloped if method.is_none() && subset.without.is_none() => {
                subset.without = Some(signature);
            }
            Transform::Canonical(stated) if method.is_none() => {
                method = Some(Method {
                    comments: false,
                    ..stated.clone()
                });
            }
            Transform::Enveloped | Transform::Canonical(_) | Transform::Relationships { .. } => {
                refused("in this place", place, notes);
                return None;
            }
            Transform::Refused(transform) => {
                refused(transform, place, notes);
                return None;
            }
        }
    }
    let method = method.unwrap_or(Method::INCLUSIVE);
    let algorithm = algorithm(reference, place, notes)?;
    match hashed(document, subset, &method, algorithm) {
        Ok(Some(computed)) => Some(compare(reference, algorithm, computed, place, notes)),
        Ok(None) => None,
        Err(TooLong) => {
            too_long(place, notes);
            None
        }
    }
}

/// Digest of a canonical form.
pub(super) fn hashed(
    document: &Document,
    subset: Subset,
    method: &Method,
    algorithm: DigestAlgorithm,
) -> Result<Option<Vec<u8>>, TooLong> {
    let Some(mut hasher) = Hasher::new(algorithm) else {
        return Ok(None);
    };
    document.canonical(subset, method, &mut |piece| hasher.update(piece))?;
    Ok(Some(hasher.finish()))
}

pub(super) fn too_long(place: &Range<usize>, notes: &mut Notes<'_>) {
    unsupported(format!("a form for which {TooLong}"), place, notes);
}

fn unresolved(why: &str, place: &Range<usize>, notes: &mut Notes<'_>) {
    notes.fail(
        &x::XML_REFERENCE_UNRESOLVED,
        format!("a signed reference cannot be resolved: {why}"),
        place.clone(),
    );
}

fn compare(
    reference: &Reference,
    algorithm: DigestAlgorithm,
    computed: Vec<u8>,
    place: &Range<usize>,
    notes: &mut Notes<'_>,
) -> Compared {
    if computed != reference.digest {
        notes.fail(
            &f::DIGEST_MISMATCH,
            format!(
                "signed {algorithm} {}, computed {}",
                hex(&reference.digest),
                hex(&computed)
            ),
            place.clone(),
        );
    }
    Compared {
        algorithm,
        signed: reference.digest.clone(),
        computed,
    }
}
