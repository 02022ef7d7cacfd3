//! RFC 3161 tokens.

use crate::base::der::tag;
use crate::base::oid::Oid;
use crate::envelope::cms::{self, tst};
use crate::model::certificate::SharedCertificate;
use crate::model::cms::{AttributeValue, SignedData, SignerIdentifier, SignerInfo, TstInfo};
use crate::model::finding::Status;
use crate::model::signature::{SignatureId, TimestampKind};
use crate::verify::digest;
use crate::verify::findings::signature as f;
use crate::verify::signer::algorithm::{has_no_parameters, is, named_digest};
use crate::verify::signer::notes::Notes;
use crate::verify::signer::pool::Pool;
use crate::verify::signer::{self, Expected, attribute};
use crate::verify::timestamp::{Scene, Token, ess, unreadable, wrapper_notes};

const KIND: TimestampKind = TimestampKind::Rfc3161;

pub(super) fn read(value: &AttributeValue, scene: &Scene<'_>) -> Token {
    let id = SignatureId(String::new());
    let offset = u64::try_from(value.offset).unwrap_or(u64::MAX);
    let mut notes = Notes::new(&id, scene.base.saturating_add(offset));
    let signed = match cms::read(&value.bytes) {
        Ok(signed) => signed,
        Err(error) => {
            let message = format!("the token cannot be read: {error}");
            notes.fail(&f::MALFORMED_SIGNATURE, message, 0..value.bytes.len());
            return unreadable(KIND, notes);
        }
    };
    wrapper_notes(&signed, &mut notes);
    let info = tst_info(&signed, &mut notes);
    let pool = Pool::read(
        &signed.certificates,
        0..signed.encoded_len,
        scene.cache,
        &mut notes,
    );
    let Some(signer) = only_signer(&signed, &mut notes) else {
        return unreadable(KIND, notes);
    };
    let checked = signer::check(
        signer,
        Expected {
            content: &signed.content,
            content_types: std::slice::from_ref(&signed.content_type),
            content_type_required: true,
            bare_digest: false,
        },
        &pool,
        &mut notes,
    );
    versions(&signed, signer, &mut notes);
    digest_algorithms(&signed, signer, &mut notes);
    if let Some(info) = &info {
        imprint(info, scene.signature, signed.encoded_len, &mut notes);
    }
    bound_certificate(signer, checked.signer.as_ref(), &mut notes);
    for attribute in &signer.unsigned_attributes {
        notes.note(
            &f::UNAUTHENTICATED_BLOB,
            Status::Review,
            format!(
                "the timestamp token has unsigned attribute {}",
                attribute.oid
            ),
            attribute.span.clone(),
        );
    }
    Token {
        kind: KIND,
        at: info.map(|i| i.generated_at),
        integrity: notes.integrity(),
        digest: checked.digest,
        signer: checked.signer,
        supplied: pool.certificates,
        own_set: true,
        crls: signed.crls,
        findings: notes.into_findings(),
    }
}

pub(crate) fn tst_info(signed: &SignedData, notes: &mut Notes<'_>) -> Option<TstInfo> {
    let place = signed.content_offset..signed.content_offset.saturating_add(signed.content.len());
    let is_octets = signed.content_tag & !tag::CONSTRUCTED == tag::OCTET_STRING;
    if !is(&signed.content_type, tst::TST_INFO) || !is_octets {
        notes.fail(
            &f::CONTENT_TYPE_MISMATCH,
            format!(
                "the token's content is {}, not TSTInfo",
                signed.content_type
            ),
            place,
        );
        return None;
    }
    match tst::read(&signed.content, signed.content_offset) {
        Ok(info) => Some(info),
        Err(error) => {
            notes.fail(
                &f::MALFORMED_SIGNATURE,
                format!("TSTInfo cannot be read: {error}"),
                place,
            );
            None
        }
    }
}

/// RFC 3161 section 2.4.2: exactly one, that of the authority.
pub(crate) fn only_signer<'s>(
    signed: &'s SignedData,
    notes: &mut Notes<'_>,
) -> Option<&'s SignerInfo> {
    let all = 0..signed.encoded_len;
    match &signed.signers[..] {
        [only] => Some(only),
        [] => {
            notes.fail(&f::NO_SIGNERINFOS, "the token has no SignerInfo", all);
            None
        }
        [first, ..] => {
            notes.fail(
                &f::MULTIPLE_SIGNERINFOS,
                format!("the token has {} SignerInfos", signed.signers.len()),
                all,
            );
            Some(first)
        }
    }
}

/// A token is CMS, so 3 (RFC 5652 section 5.1); whatever else stands there changes nothing and is said.
fn versions(signed: &SignedData, signer: &SignerInfo, notes: &mut Notes<'_>) {
    let right = match signer.identifier {
        SignerIdentifier::IssuerSerial { .. } => 1,
        SignerIdentifier::SubjectKeyId(_) => 3,
    };
    if signed.version != 3 || signer.version != right {
        notes.note(
            &f::UNUSUAL_VERSION,
            Status::Review,
            format!(
                "the timestamp token has SignedData version {} and SignerInfo version {}",
                signed.version, signer.version
            ),
            0..signed.encoded_len,
        );
    }
}

pub(crate) fn digest_algorithms(signed: &SignedData, signer: &SignerInfo, notes: &mut Notes<'_>) {
    let own = named_digest(&signer.digest_algorithm);
    let agrees = matches!(
        &signed.digest_algorithms[..],
        [only] if named_digest(only) == own && has_no_parameters(only)
    );
    if !agrees {
        notes.fail(
            &f::INCONSISTENT_DIGEST_ALGORITHMS,
            "the token's digestAlgorithms is not its SignerInfo's digestAlgorithm alone",
            signer.span.clone(),
        );
    }
}

/// messageImprint is the digest of the signature octets that the token stands on.
pub(crate) fn imprint(info: &TstInfo, signature: &[u8], len: usize, notes: &mut Notes<'_>) {
    let algorithm = named_digest(&info.imprint_algorithm);
    let Some(computed) = algorithm.and_then(|a| digest::hash(a, signature)) else {
        notes.unverifiable(format!(
            "messageImprint algorithm {}",
            info.imprint_algorithm.oid
        ));
        return;
    };
    if computed != info.imprint {
        notes.fail(
            &f::MESSAGEDIGEST_MISMATCH,
            "messageImprint is not the digest of this signature",
            0..len,
        );
    }
}

/// ESSCertID or ESSCertIDv2 (RFC 5816) must be the authority's certificate, so that nobody swaps in another with its key.
pub(crate) fn bound_certificate(
    signer: &SignerInfo,
    certificate: Option<&SharedCertificate>,
    notes: &mut Notes<'_>,
) {
    let (Some(attributes), Some(certificate)) = (&signer.signed_attributes, certificate) else {
        return;
    };
    let found: Vec<_> = [ess::SIGNING_CERTIFICATE, ess::SIGNING_CERTIFICATE_V2]
        .into_iter()
        .filter_map(|oid| Some((oid, attribute::single(attributes, oid)?)))
        .collect();
    if found.is_empty() {
        notes.note(
            &f::TIMESTAMP_SIGNER_NOT_BOUND,
            Status::Review,
            "the timestamp token does not say which certificate signed it",
            signer.span.clone(),
        );
    }
    for (oid, attribute) in found {
        let binds = attribute::value(attribute)
            .and_then(|value| ess::first(value, Oid::parse(oid).as_ref()))
            .map(|bound| bound.is(&certificate.der));
        match binds {
            Some(Some(true)) => {}
            Some(Some(false)) => notes.fail(
                &f::TIMESTAMP_SIGNER_MISMATCH,
                "the token names another certificate than the one that signed it",
                attribute.span.clone(),
            ),
            Some(None) => notes.unverifiable("the hash of signingCertificateV2"),
            None => notes.fail(
                &f::MALFORMED_SIGNATURE,
                "the token's signingCertificate attribute cannot be read",
                attribute.span.clone(),
            ),
        }
    }
}
