//! What a catalog's signature says of a file that the catalog lists.

use crate::model::digest::{DigestAlgorithm, hex};
use crate::model::evidence::{Evidence, Locator, Source};
use crate::model::finding::{Finding, Status};
use crate::model::signature::{Position, Signature, SignatureId};
use crate::verify::catalog::{By, Found};
use crate::verify::findings::catalog as f;
use crate::verify::findings::signature::{LISTED_MEMBERS, WEAK_HASH_SHA1};

/// The signatures of the catalog `name` as signatures of a file that it lists: integrity, trust and time are theirs, the digests are
/// those of the member. `number` is the first that no signature of the file's own has; nested signatures count below it.
pub fn applied(
    number: usize,
    name: &str,
    signatures: &[Signature],
    found: &Found<'_>,
) -> Vec<Signature> {
    signatures
        .iter()
        .map(|signature| one(number, name, signature, found))
        .collect()
}

fn one(number: usize, name: &str, signature: &Signature, found: &Found<'_>) -> Signature {
    let member = found.member;
    let nested = signature.id.0.split_once('.');
    let id = SignatureId(match nested {
        None => number.to_string(),
        Some((_, rest)) => format!("{number}.{rest}"),
    });
    // What was noticed about the signature holds here too, but offsets are those of the catalog's file.
    let mut findings: Vec<Finding> = signature
        .findings
        .iter()
        .filter(|finding| finding.definition.id != LISTED_MEMBERS.id)
        .map(|finding| {
            let mut finding = finding.clone().about(&id);
            finding
                .evidence
                .retain(|e| !matches!(e.locator, Locator::Bytes { .. }));
            finding
        })
        .collect();
    let known = |id: &str| findings.iter().any(|f| f.definition.id == id);
    let weak =
        (member.algorithm == DigestAlgorithm::Sha1 && !known(WEAK_HASH_SHA1.id)).then(|| {
            let message =
                "the catalog lists the file by SHA-1: two files with one digest can be made";
            Finding::new(&WEAK_HASH_SHA1, Status::Review, message)
        });
    let told = listed(name, found)
        .into_iter()
        .chain(weak)
        .map(|finding| finding.with(entry(name, &member.digest)).about(&id));
    findings.extend(told);
    Signature {
        id,
        position: Position::Catalog(name.to_owned()),
        digest_algorithm: Some(member.algorithm),
        signed_digest: member.digest.clone(),
        computed_digest: member.digest.clone(),
        findings,
        ..signature.clone()
    }
}

fn listed(name: &str, found: &Found<'_>) -> Vec<Finding> {
    let member = found.member;
    let listed_as = member
        .name()
        .map_or_else(String::new, |listed| format!(" as {listed}"));
    let message = format!(
        "catalog {name} lists the file{listed_as} by its {} digest",
        member.algorithm
    );
    let mut findings = vec![Finding::new(&f::LISTED_IN_CATALOG, Status::Pass, message)];
    findings.extend(match found.by {
        By::Flat | By::Image => None,
        By::WholeImage => Some(Finding::new(
            &f::CATALOG_LISTS_WHOLE_IMAGE,
            Status::Review,
            "the catalog lists the image by all its bytes, and Windows looks for the digest of the image",
        )),
        By::PaddedImage => Some(Finding::new(
            &f::CATALOG_DIGEST_PADDED,
            Status::Review,
            "the catalog's digest is that of the image with zeros up to a multiple of eight bytes",
        )),
    });
    findings
}

/// The member, as evidence.
fn entry(name: &str, digest: &[u8]) -> Evidence {
    Evidence {
        source: Source::Derived,
        ..Evidence::entry(format!("catalog/{name}"), hex(digest))
    }
}
