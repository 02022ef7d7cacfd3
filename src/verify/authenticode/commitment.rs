//! What a signer says it signed for (commitmentTypeIndication, RFC 5126 section 5.11.1) and with which certificate
//! (signingCertificateV2, RFC 5035).

use crate::base::oid::Oid;
use crate::envelope::cms::nuget;
use crate::model::certificate::SharedCertificate;
use crate::model::cms::{Attribute, Attributes, SignerInfo};
use crate::model::finding::Status;
use crate::verify::authenticode::countersignature;
use crate::verify::authenticode::open::Node;
use crate::verify::findings::signature as f;
use crate::verify::signer::algorithm::is;
use crate::verify::signer::attribute::{single, value};
use crate::verify::signer::notes::Notes;
use crate::verify::timestamp::ess;

/// Schemes that ask for both attributes.
static REQUIRED: &[&str] = &["nuget"];

/// Holds the attributes against the certificate that made the signature.
pub(super) fn check(
    node: &Node<'_>,
    signer: Option<&SignerInfo>,
    certificate: Option<&SharedCertificate>,
    notes: &mut Notes<'_>,
) {
    let Some((signer, attributes)) = signer.and_then(|s| Some((s, s.signed_attributes.as_ref()?)))
    else {
        return;
    };
    let required = REQUIRED.contains(&node.raw.content.scheme);
    if let Some(certificate) = certificate {
        bound(attributes, certificate, required, notes, signer);
    }
    match single(attributes, nuget::COMMITMENT_TYPE) {
        Some(attribute) => commitment(node, signer, attributes, attribute, notes),
        None if required => notes.note(
            &f::SIGNATURE_COMMITMENT,
            Status::Review,
            "the signature does not say whether its signer made the package or took it in",
            signer.span.clone(),
        ),
        None => {}
    }
}

/// Otherwise somebody could swap in another certificate of the same key, with another name.
fn bound(
    attributes: &Attributes,
    certificate: &SharedCertificate,
    required: bool,
    notes: &mut Notes<'_>,
    signer: &SignerInfo,
) {
    let oid = ess::SIGNING_CERTIFICATE_V2;
    let Some(attribute) = single(attributes, oid) else {
        if required {
            notes.fail(
                &f::SIGNING_CERTIFICATE_MISMATCH,
                "the signature does not say which certificate made it",
                signer.span.clone(),
            );
        }
        return;
    };
    let binds = value(attribute)
        .and_then(|value| ess::first(value, Oid::parse(oid).as_ref()))
        .map(|bound| bound.is(&certificate.der));
    match binds {
        Some(Some(true)) => {}
        Some(Some(false)) => notes.fail(
            &f::SIGNING_CERTIFICATE_MISMATCH,
            "the signature names another certificate than the one that made it",
            attribute.span.clone(),
        ),
        Some(None) => notes.unverifiable("the hash of signingCertificateV2"),
        None => notes.fail(
            &f::MALFORMED_SIGNATURE,
            "signingCertificateV2 cannot be read",
            attribute.span.clone(),
        ),
    }
}

fn commitment(
    node: &Node<'_>,
    signer: &SignerInfo,
    attributes: &Attributes,
    attribute: &Attribute,
    notes: &mut Notes<'_>,
) {
    let types = attribute
        .values
        .iter()
        .map(|v| nuget::commitment_type(&v.bytes));
    let Ok(types) = types.collect::<Result<Vec<Oid>, _>>() else {
        notes.fail(
            &f::MALFORMED_SIGNATURE,
            "commitmentTypeIndication cannot be read",
            attribute.span.clone(),
        );
        return;
    };
    let has = |dotted: &str| types.iter().any(|oid| is(oid, dotted));
    let receipt = has(nuget::PROOF_OF_RECEIPT);
    match (has(nuget::PROOF_OF_ORIGIN), receipt) {
        (true, true) => notes.fail(
            &f::SIGNATURE_COMMITMENT,
            "the signer states that it made the package and that it only took it in",
            attribute.span.clone(),
        ),
        (true, false) => notes.note(
            &f::SIGNATURE_COMMITMENT,
            Status::Pass,
            "the signer states that it made the package",
            attribute.span.clone(),
        ),
        (false, true) => notes.note(
            &f::REPOSITORY_SIGNATURE,
            Status::Pass,
            repository(attributes),
            attribute.span.clone(),
        ),
        (false, false) => notes.note(
            &f::SIGNATURE_COMMITMENT,
            Status::Review,
            "the signer states neither that it made the package nor that it took it in",
            attribute.span.clone(),
        ),
    }
    // A repository countersigns what an author signed, and signs what nobody did: never both.
    let countersigned = signer
        .unsigned_attributes
        .iter()
        .any(|a| countersignature::holds(node.raw.content, &a.oid));
    if receipt && countersigned && !node.countersigns {
        notes.fail(
            &f::TWO_REPOSITORY_SIGNATURES,
            "a repository's signature is countersigned by a repository",
            signer.span.clone(),
        );
    }
}

/// Which repository, in its own words.
fn repository(attributes: &Attributes) -> String {
    let text = |oid| single(attributes, oid).and_then(value);
    let mut words = "a repository signed, which took the package in and did not make it".to_owned();
    if let Some(index) = text(nuget::SERVICE_INDEX).and_then(|v| nuget::service_index(v).ok()) {
        words.push_str("; its service index is ");
        words.push_str(&index);
    }
    if let Some(owners) = text(nuget::OWNERS).and_then(|v| nuget::owners(v).ok()) {
        words.push_str("; it names as owners ");
        words.push_str(&owners.join(", "));
    }
    words
}
