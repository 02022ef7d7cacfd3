//! Digest algorithms as CMS names them, and whether a signature algorithm goes with digest and key. A label that disagrees is
//! refused before any signature is computed, so that no bit of it is free.

use std::ops::Range;

use crate::base::der::tag;
use crate::base::oid::Oid;
use crate::model::cms::AlgorithmIdentifier;
use crate::model::digest::DigestAlgorithm;
use crate::model::finding::{Definition, Status};
use crate::verify::crypto::{self, AlgorithmFit};
use crate::verify::findings::signature as f;
use crate::verify::signer::notes::Notes;

/// `NULL`, which RFC 3370 asks for and RFC 5754 makes optional.
const NULL: [u8; 2] = [tag::NULL, 0];
/// sha1WithRSAEncryption, which some signers write where SHA-1 belongs.
const SHA1_WITH_RSA: &str = "1.2.840.113549.1.1.5";
/// Identifiers that are digest algorithms and nothing else.
const DIGESTS: [&str; 7] = [
    "1.2.840.113549.2.2",
    "1.2.840.113549.2.5",
    "1.3.14.3.2.26",
    "2.16.840.1.101.3.4.2.4",
    "2.16.840.1.101.3.4.2.1",
    "2.16.840.1.101.3.4.2.2",
    "2.16.840.1.101.3.4.2.3",
];

/// Why a signature algorithm does not fit.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// It contradicts digest or key.
    Wrong(&'static Definition, String),
    /// It is not computed with; named.
    Unsupported(String),
}

/// Whether `identifier` can stand beside this digest and this key.
pub(crate) fn fits(
    identifier: &AlgorithmIdentifier,
    digest: DigestAlgorithm,
    spki: &[u8],
) -> Result<(), Refusal> {
    let name = crypto::name(&identifier.oid);
    match crypto::check_algorithm(spki, identifier, Some(digest)) {
        AlgorithmFit::Fits => Ok(()),
        AlgorithmFit::KeyMismatch => Err(Refusal::Wrong(
            &f::SIGALG_KEY_MISMATCH,
            format!("signatureAlgorithm {name} does not go with the key of the certificate"),
        )),
        AlgorithmFit::DigestMismatch => Err(Refusal::Wrong(
            &f::SIGALG_DIGEST_MISMATCH,
            format!("signatureAlgorithm is {name}, digestAlgorithm {digest}"),
        )),
        AlgorithmFit::Malformed(what) => Err(Refusal::Wrong(
            &f::BAD_ALGORITHM_PARAMETERS,
            format!("signatureAlgorithm {name}: {what}"),
        )),
        AlgorithmFit::Unsupported(what) => Err(Refusal::Unsupported(what)),
    }
}

/// The digest that an AlgorithmIdentifier names, with a note where it is oddly written and a fault where it cannot be computed with.
pub(crate) fn digest(
    identifier: &AlgorithmIdentifier,
    place: Range<usize>,
    notes: &mut Notes<'_>,
) -> Option<DigestAlgorithm> {
    if !has_no_parameters(identifier) {
        notes.fail(
            &f::BAD_ALGORITHM_PARAMETERS,
            format!("digest algorithm {} has parameters", identifier.oid),
            place.clone(),
        );
    }
    if is(&identifier.oid, SHA1_WITH_RSA) {
        notes.note(
            &f::SIGNATURE_ALGORITHM_AS_DIGEST,
            Status::Review,
            "sha1WithRSAEncryption stands where a digest algorithm belongs; read as SHA-1",
            place.clone(),
        );
    }
    match named_digest(identifier) {
        Some(DigestAlgorithm::Md2) | None => {
            let what = format!("digest algorithm {}", crypto::name(&identifier.oid));
            notes.note(
                &f::UNSUPPORTED_ALGORITHM,
                Status::Unknown,
                format!("{what} is not computed with"),
                place,
            );
            notes.unverifiable(what);
            None
        }
        Some(algorithm) => Some(algorithm),
    }
}

/// The digest an identifier names, whatever its parameters; sha1WithRSAEncryption stands for SHA-1, and no other signature
/// algorithm for its digest.
pub(crate) fn named_digest(identifier: &AlgorithmIdentifier) -> Option<DigestAlgorithm> {
    if is(&identifier.oid, SHA1_WITH_RSA) {
        return Some(DigestAlgorithm::Sha1);
    }
    if !DIGESTS.iter().any(|dotted| is(&identifier.oid, dotted)) {
        return None;
    }
    crypto::digest_algorithm(&AlgorithmIdentifier {
        oid: identifier.oid.clone(),
        parameters: None,
    })
}

/// Parameters are absent or `NULL`.
pub(crate) fn has_no_parameters(identifier: &AlgorithmIdentifier) -> bool {
    identifier.parameters.as_deref().is_none_or(|p| p == NULL)
}

/// `oid` is this dotted one.
pub(crate) fn is(oid: &Oid, dotted: &str) -> bool {
    oid.is(dotted)
}
