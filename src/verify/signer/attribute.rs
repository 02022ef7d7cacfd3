//! Signed attributes (RFC 5652 section 11).

use std::collections::BTreeSet;

use crate::base::der::{Reader, tag};
use crate::base::time::Time;
use crate::model::cms::{Attribute, Attributes};
use crate::model::digest::DigestAlgorithm;
use crate::model::finding::Status;
use crate::verify::digest;
use crate::verify::findings::signature as f;
use crate::verify::signer::algorithm::is;
use crate::verify::signer::notes::{Notes, Place};
use crate::verify::signer::{CONTENT_TYPE, Expected, MESSAGE_DIGEST, SIGNING_TIME};

/// contentType and messageDigest are there once and say what they must; no attribute is there twice; the set is sorted.
pub(crate) fn check(
    attributes: &Attributes,
    span: &Place,
    expected: Expected<'_>,
    algorithm: Option<DigestAlgorithm>,
    notes: &mut Notes<'_>,
) {
    if !attributes.sorted {
        notes.note(
            &f::SIGNED_ATTRIBUTES_NOT_DER,
            Status::Review,
            "the set of signed attributes is not in DER order; the signature is over the bytes as they stand",
            span.clone(),
        );
    }
    duplicates(attributes, notes);
    match single(attributes, CONTENT_TYPE) {
        None if !expected.content_type_required => {}
        None => notes.fail(
            &f::MISSING_CONTENT_TYPE,
            "there is no contentType attribute",
            span.clone(),
        ),
        Some(attribute) => {
            let said = value(attribute).and_then(|v| Reader::der(v).any().ok()?.oid().ok());
            if !said
                .as_ref()
                .is_some_and(|oid| expected.content_types.contains(oid))
            {
                notes.fail(
                    &f::CONTENT_TYPE_MISMATCH,
                    match said {
                        Some(oid) => format!("the contentType attribute says {oid}"),
                        None => "the contentType attribute holds no object identifier".into(),
                    },
                    attribute.span.clone(),
                );
            }
        }
    }
    match single(attributes, MESSAGE_DIGEST) {
        None => notes.fail(
            &f::MISSING_MESSAGE_DIGEST,
            "there is no messageDigest attribute",
            span.clone(),
        ),
        Some(attribute) => message_digest(attribute, expected.content, algorithm, notes),
    }
}

fn message_digest(
    attribute: &Attribute,
    content: &[u8],
    algorithm: Option<DigestAlgorithm>,
    notes: &mut Notes<'_>,
) {
    let said = value(attribute).and_then(octets);
    // Without an algorithm the signature is unverifiable already.
    let Some(computed) = algorithm.and_then(|a| digest::hash(a, content)) else {
        return;
    };
    if said != Some(computed.as_slice()) {
        notes.fail(
            &f::MESSAGEDIGEST_MISMATCH,
            "the messageDigest attribute is not the digest of the signed content",
            attribute.span.clone(),
        );
    }
}

fn octets(value: &[u8]) -> Option<&[u8]> {
    let tlv = Reader::der(value).any().ok()?;
    (tlv.tag == tag::OCTET_STRING).then_some(tlv.value)
}

/// RFC 5652 section 5.3: an attribute type occurs once; section 11: these three have exactly one value.
fn duplicates(attributes: &Attributes, notes: &mut Notes<'_>) {
    let mut seen = BTreeSet::new();
    for attribute in &attributes.attributes {
        let single_valued = [CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME]
            .iter()
            .any(|dotted| is(&attribute.oid, dotted));
        let repeated = !seen.insert(&attribute.oid);
        if repeated || (single_valued && attribute.values.len() != 1) {
            notes.fail(
                &f::DUPLICATE_SIGNED_ATTRIBUTE,
                format!("signed attribute {} occurs more than once", attribute.oid),
                attribute.span.clone(),
            );
        }
    }
}

/// The first attribute of a type.
pub(crate) fn single<'a>(attributes: &'a Attributes, dotted: &str) -> Option<&'a Attribute> {
    attributes.attributes.iter().find(|a| is(&a.oid, dotted))
}

/// Its first value.
pub(crate) fn value(attribute: &Attribute) -> Option<&[u8]> {
    attribute.values.first().map(|v| v.bytes.as_slice())
}

/// The signer's own claim of when it signed.
pub(crate) fn signing_time(attributes: &Attributes) -> Option<Time> {
    let value = value(single(attributes, SIGNING_TIME)?)?;
    Reader::der(value).any().ok()?.time().ok()
}
