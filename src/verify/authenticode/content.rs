//! The SignedData around the signature, and what it says of the file.

use crate::envelope::cms::{nuget, spc};
use crate::format::pe;
use crate::model::cms::{
    AlgorithmIdentifier, PageHashes, SignedData, SignerIdentifier, SignerInfo,
};
use crate::model::digest::{DigestAlgorithm, hex};
use crate::model::extract::{ContentRule, Covers, RawSignature};
use crate::model::finding::Status;
use crate::model::signature::PageHashVerdict;
use crate::verify::authenticode::judge::FileDigest;
use crate::verify::authenticode::open::Node;
use crate::verify::authenticode::stated::{Stated, listed};
use crate::verify::authenticode::{Context, Measured};
use crate::verify::findings::signature as f;
use crate::verify::profile::Profile;
use crate::verify::signer::algorithm::{self, is, named_digest};
use crate::verify::signer::notes::{Notes, Place};

/// Types of data that name a kind of container: PE images, cabinets, what subject interface packages read, and VBA projects.
const DATA_TYPES: &[&str] = &[
    spc::PE_IMAGE_DATA,
    "1.3.6.1.4.1.311.2.1.25",
    spc::SIP_INFO,
    "1.3.6.1.4.1.311.2.1.29",
    "1.3.6.1.4.1.311.2.1.31",
];
/// version of PKCS #7 SignedData and SignerInfo (RFC 2315 sections 9.1 and 9.2), which Authenticode keeps to.
const VERSION: u64 = 1;
/// version of a SignerInfo that names its certificate by key identifier (RFC 5652 section 5.3).
const VERSION_BY_KEY_ID: u64 = 3;

/// Fields that nothing signs: each has one right value.
pub(super) fn wrapper(node: &Node<'_>, signed: &SignedData, notes: &mut Notes<'_>) {
    let all = 0..signed.encoded_len;
    if signed.ber {
        notes.note(
            &f::BER_ENCODING,
            Status::Review,
            "the wrapper of the signature is BER, not DER",
            all.clone(),
        );
    }
    let right = version(signed);
    if signed.version != right {
        notes.fail(
            &f::UNUSUAL_VERSION,
            format!("SignedData has version {}, not {right}", signed.version),
            all.clone(),
        );
    }
    for signer in &signed.signers {
        let right = match signer.identifier {
            SignerIdentifier::IssuerSerial { .. } => VERSION,
            SignerIdentifier::SubjectKeyId(_) => VERSION_BY_KEY_ID,
        };
        if signer.version != right {
            notes.fail(
                &f::UNUSUAL_VERSION,
                format!("SignerInfo has version {}, not {right}", signer.version),
                signer.span.clone(),
            );
        }
    }
    let others = signed
        .other_certificates
        .saturating_add(signed.other_revocation);
    if others > 0 {
        notes.note(
            &f::OTHER_CERTIFICATES_PRESENT,
            Status::Review,
            format!(
                "{others} attribute certificates or other formats in the set were not examined"
            ),
            all.clone(),
        );
    }
    if !signed.crls.is_empty() {
        notes.note(
            &f::EMBEDDED_CRLS,
            Status::Pass,
            format!("{} CRLs come with the signature", signed.crls.len()),
            all,
        );
    }
    if node.surplus {
        notes.note(
            &f::NESTED_SIGNATURE_SURPLUS,
            Status::Review,
            "it is a second value of one nested-signature attribute, which verifiers are known to skip",
            0..node.len,
        );
    }
}

/// RFC 5652 section 5.1 for what is CMS; Authenticode is PKCS #7, where the version is always 1.
pub(super) fn version(signed: &SignedData) -> u64 {
    let by_key_id = |s: &SignerInfo| matches!(s.identifier, SignerIdentifier::SubjectKeyId(_));
    if is(&signed.content_type, nuget::DATA) && signed.signers.iter().any(by_key_id) {
        VERSION_BY_KEY_ID
    } else {
        VERSION
    }
}

/// What the content says of the file, against the file.
pub(super) fn file_digest(
    node: &Node<'_>,
    signed: &SignedData,
    measured: Option<&Measured>,
    context: &Context<'_>,
    notes: &mut Notes<'_>,
) -> FileDigest {
    if node.countersigns {
        notes.note(
            &f::COUNTERSIGNATURE,
            Status::Pass,
            "it is over the signature that it stands on, and through it over the file",
            0..node.len,
        );
        return FileDigest::default();
    }
    let place = signed.content_offset..signed.content_offset.saturating_add(signed.content.len());
    let content = match &node.content {
        None if node.raw.covers == Covers::Itself
            && is(&signed.content_type, node.raw.content.content_type)
            && !signed.detached =>
        {
            listing(signed, place, notes);
            return FileDigest::default();
        }
        None => {
            notes.fail(
                &f::CONTENT_TYPE_MISMATCH,
                format!(
                    "eContentType is {}, a signature over this container has {}",
                    signed.content_type, node.raw.content.content_type
                ),
                place,
            );
            return FileDigest::default();
        }
        Some(Err(error)) => {
            notes.fail(
                &f::MALFORMED_SIGNATURE,
                format!("what it states of the file cannot be read: {error}"),
                place,
            );
            return FileDigest::default();
        }
        Some(Ok(content)) => content,
    };
    data_type(content, node.raw.content, place.clone(), notes);
    if let Covers::Uncomputed(over) = node.raw.covers {
        let what = format!("the digest over this is not computed: {over}");
        notes.note(
            &f::DIGEST_NOT_COMPUTED,
            Status::Unknown,
            what.clone(),
            place,
        );
        notes.unverifiable(what);
        return FileDigest {
            signed: content.digest.clone(),
            ..FileDigest::default()
        };
    }
    let mut file = FileDigest {
        algorithm: algorithm::digest(&content.digest_algorithm, place.clone(), notes),
        signed: content.digest.clone(),
        computed: Vec::new(),
        pages: content
            .page_hashes
            .as_ref()
            .map(|table| pages(table, node.page_table, measured)),
    };
    if let Some(algorithm) = file.algorithm {
        compare(
            &mut file,
            algorithm,
            node.raw,
            measured,
            place.clone(),
            notes,
        );
    }
    beside(node, measured, notes);
    if let Some(pages) = &file.pages {
        page_faults(pages, context, place, notes);
    }
    file
}

/// What is signed is the content itself, so it must be readable for the signature to mean anything.
fn listing(signed: &SignedData, place: Place, notes: &mut Notes<'_>) {
    match listed(signed) {
        None => {}
        Some(Ok(what)) => notes.note(&f::LISTED_MEMBERS, Status::Pass, what, place),
        Some(Err(error)) => notes.fail(
            &f::MALFORMED_SIGNATURE,
            format!("what it lists cannot be read: {error}"),
            place,
        ),
    }
}

/// A signature made over another kind of container must not be moved here. A type of none is noted: signers of boot loaders
/// write the purpose of an individual's key there, and the digest is signed all the same.
fn data_type(content: &Stated, rule: &ContentRule, place: Place, notes: &mut Notes<'_>) {
    let Some(found) = &content.data_type else {
        return;
    };
    let among = |types: &[&str]| types.iter().any(|dotted| is(found, dotted));
    match (among(rule.data_types), among(DATA_TYPES)) {
        (true, _) => {
            let sip = content.sip.unwrap_or_default();
            if !rule.sips.is_empty() && !rule.sips.contains(&sip) {
                notes.fail(
                    &f::CONTENT_TYPE_MISMATCH,
                    format!("the signature was made by subject interface package {}, which does not read this kind of file", guid(&sip)),
                    place,
                );
            }
        }
        (false, true) => notes.fail(
            &f::CONTENT_TYPE_MISMATCH,
            format!("the signature is over data of type {found}, which is another kind of container"),
            place,
        ),
        (false, false) if rule.data_types.is_empty() => {}
        (false, false) => notes.note(
            &f::UNUSUAL_DATA_TYPE,
            Status::Review,
            format!("the signature states that it is over data of type {found}, which names no container"),
            place,
        ),
    }
}

/// A GUID as people write it; its first three fields are stored little-endian.
fn guid(stored: &[u8; 16]) -> String {
    const ORDER: [usize; 16] = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
    let mut text = hex(&ORDER.map(|at| stored.get(at).copied().unwrap_or_default()));
    for at in [20, 16, 12, 8] {
        text.insert(at, '-');
    }
    text
}

/// What the container states beside the signature, once for a raw signature: nested ones have the same.
fn beside(node: &Node<'_>, measured: Option<&Measured>, notes: &mut Notes<'_>) {
    if node.base != node.raw.span.start {
        return;
    }
    for (nth, side) in node.raw.beside.iter().enumerate() {
        let digests = measured.and_then(|m| m.beside.get(nth));
        if !digests.is_some_and(|found| found.values().any(|digest| *digest == side.stated)) {
            notes.push(side.finding.clone());
        }
    }
}

fn compare(
    file: &mut FileDigest,
    algorithm: DigestAlgorithm,
    raw: &RawSignature,
    measured: Option<&Measured>,
    place: Place,
    notes: &mut Notes<'_>,
) {
    if let Some(asked) = raw.digest_algorithm
        && asked != algorithm
    {
        notes.fail(
            &f::INCONSISTENT_DIGEST_ALGORITHMS,
            format!("the container names {asked}, the signature is over {algorithm}"),
            place.clone(),
        );
    }
    if matches!(raw.covers, Covers::One(_)) && file.signed.len() != algorithm.output_len() {
        notes.fail(
            &f::DIGEST_LENGTH_WRONG,
            format!(
                "the signed digest has {} bytes, {algorithm} has {}",
                file.signed.len(),
                algorithm.output_len()
            ),
            place.clone(),
        );
    }
    match measured.and_then(|m| m.digests.get(&algorithm)) {
        None => {
            let what = format!("the file's {algorithm} digest was not computed");
            notes.note(
                &f::DIGEST_NOT_COMPUTED,
                Status::Unknown,
                what.clone(),
                place,
            );
            notes.unverifiable(what);
        }
        Some(computed) => {
            file.computed.clone_from(computed);
            let other = measured
                .into_iter()
                .flat_map(|m| &m.alternatives)
                .zip(&raw.alternatives)
                .find(|(digests, _)| digests.get(&algorithm) == Some(&file.signed));
            if *computed == file.signed {
            } else if let Some((_, alternative)) = other {
                file.computed.clone_from(&file.signed);
                notes.push(alternative.finding.clone());
            } else {
                notes.fail(
                    &f::DIGEST_MISMATCH,
                    format!(
                        "the file's {algorithm} digest is {}, the signature is over {}",
                        hex(computed),
                        hex(&file.signed)
                    ),
                    place,
                );
            }
        }
    }
}

fn pages(table: &PageHashes, slot: Option<usize>, measured: Option<&Measured>) -> PageHashVerdict {
    let verdict = slot.and_then(|slot| measured?.pages.get(slot));
    verdict.cloned().unwrap_or_else(|| PageHashVerdict {
        algorithm: if is(&table.kind, spc::PAGE_HASHES_V1) {
            DigestAlgorithm::Sha1
        } else {
            DigestAlgorithm::Sha256
        },
        pages: 0,
        mismatches: Vec::new(),
        malformed: Some("the page hashes were not compared with the file".into()),
    })
}

/// Page hashes bind only where pages are checked as they are loaded; elsewhere the whole-file digest decides.
fn page_faults(
    pages: &PageHashVerdict,
    context: &Context<'_>,
    place: Place,
    notes: &mut Notes<'_>,
) {
    let (definition, message) = match (&pages.malformed, &pages.mismatches[..]) {
        (Some(why), _) => (
            &f::PAGE_HASHES_MALFORMED,
            format!("the page hash table cannot be applied to the file: {why}"),
        ),
        (None, []) => return,
        (None, many @ [first, ..]) => (
            &f::PAGE_HASH_MISMATCH,
            format!(
                "{} page hashes differ from the file, the first at offset {first}",
                many.len()
            ),
        ),
    };
    match context.profile {
        Profile::Kernel => notes.fail(definition, message, place),
        Profile::Windows | Profile::WindowsStrict | Profile::Uefi | Profile::IntegrityOnly => {
            notes.note(definition, Status::Review, message, place);
        }
    }
}

/// SignedData, SignerInfo and content name one digest algorithm, written alike.
pub(super) fn algorithms(
    signed: &SignedData,
    signer: Option<&SignerInfo>,
    file: &FileDigest,
    notes: &mut Notes<'_>,
) {
    let Some(signer) = signer else {
        return;
    };
    let named = |a: &AlgorithmIdentifier| named_digest(a);
    let own = named(&signer.digest_algorithm);
    let mut faults = Vec::new();
    match &signed.digest_algorithms[..] {
        [only] if *only == signer.digest_algorithm => {}
        [only] if own.is_some() && named(only) == own => {
            notes.note(
                &f::INCONSISTENT_DIGEST_ALGORITHMS,
                Status::Review,
                "SignedData and SignerInfo write one digest algorithm in two ways",
                signer.span.clone(),
            );
            if only.oid == signer.digest_algorithm.oid {
                // Only the parameters differ, and nothing signs the outer ones.
                if !algorithm::has_no_parameters(only) {
                    faults.push("digestAlgorithms has parameters".to_owned());
                }
            }
        }
        [only] => faults.push(format!(
            "SignedData names digest algorithm {}, SignerInfo {}",
            only.oid, signer.digest_algorithm.oid
        )),
        several if signed.signers.len() > 1 && several.contains(&signer.digest_algorithm) => {}
        several => faults.push(format!("digestAlgorithms has {} entries", several.len())),
    }
    if let (Some(content), Some(own)) = (file.algorithm, own)
        && content != own
    {
        faults.push(format!(
            "the file digest is {content}, the signature's {own}"
        ));
    }
    if !faults.is_empty() {
        notes.fail(
            &f::INCONSISTENT_DIGEST_ALGORITHMS,
            faults.join("; "),
            signer.span.clone(),
        );
    }
}

/// What follows the envelope in its slot: nothing signs it. The strict rules make it a fault (EnableCertPaddingCheck, MS13-098).
pub(super) fn padding(
    node: &Node<'_>,
    signed: &SignedData,
    context: &Context<'_>,
    notes: &mut Notes<'_>,
) {
    if node.base != node.raw.span.start {
        return;
    }
    if *node.raw.content != pe::IMAGE {
        behind(node, signed, context, notes);
        return;
    }
    for finding in pe::unauthenticated(node.raw, signed.encoded_len) {
        if context.profile == Profile::WindowsStrict {
            notes.invalid(finding.definition.id);
        }
        notes.push(finding);
    }
}

/// Zeros that fill a slot up to eight bytes are no data.
const MAX_PADDING: usize = 7;

fn behind(node: &Node<'_>, signed: &SignedData, context: &Context<'_>, notes: &mut Notes<'_>) {
    let rest = node.raw.bytes.get(signed.encoded_len..).unwrap_or_default();
    if rest.len() <= MAX_PADDING && rest.iter().all(|b| *b == 0) {
        return;
    }
    notes.note(
        &f::DATA_AFTER_SIGNATURE,
        Status::Review,
        format!("{} bytes follow the signature inside its slot", rest.len()),
        signed.encoded_len..node.len,
    );
    if context.profile == Profile::WindowsStrict {
        notes.invalid(f::DATA_AFTER_SIGNATURE.id);
    }
}
