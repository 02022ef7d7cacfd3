//! The signature on a trust list: CMS SignedData over the list, by a certificate that a Microsoft root lets sign lists.
//!
//! Time basis is the list's own date: a list stays what it was when its signer expires, and its order is kept by the sequence
//! number.

use crate::base::der::{Reader, tag};
use crate::base::oid::Oid;
use crate::base::time::Time;
use crate::envelope::cms;
use crate::model::certificate::{Certificate, SharedCertificate};
use crate::model::cms::{Attribute, SignedData, SignerIdentifier, SignerInfo};
use crate::model::digest::DigestAlgorithm;
use crate::model::signature::TrustStatus;
use crate::verify::certificate;
use crate::verify::crypto::{Answer, digest_algorithm, verify_message};
use crate::verify::digest::hash;
use crate::verify::path::{Cache, Purpose, Query, judge};
use crate::verify::profile::Profile;
use crate::verify::revocation::RevocationEvidence;
use crate::verify::store::ctl::{self, TrustList};
use crate::verify::store::import::ImportError;
use crate::verify::store::{Programme, TrustStore};

/// Certificate trust list.
const CTL: &str = "1.3.6.1.4.1.311.10.1";
/// szOID_ROOT_LIST_SIGNER, the usage of the list and of who may sign it.
pub(super) const ROOT_LIST: &str = "1.3.6.1.4.1.311.10.3.9";
/// contentType (RFC 5652 section 11.1).
const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
/// messageDigest (RFC 5652 section 11.2).
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
/// Largest list read; the root list of 2026 has 205 kB.
const MAX_LIST: usize = 16 << 20;

/// Reads a root list whose signature and usage hold.
pub(super) fn verified_roots(list: &[u8], store: &TrustStore) -> Result<TrustList, ImportError> {
    let content = verified(list, store)?;
    match content.usage.as_slice() {
        [usage] if Some(usage) == Oid::parse(ROOT_LIST).as_ref() => Ok(content),
        usages => Err(ImportError::Usage(
            usages
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", "),
        )),
    }
}

/// Reads a list of any usage whose signature holds.
pub(super) fn verified(list: &[u8], store: &TrustStore) -> Result<TrustList, ImportError> {
    if list.len() > MAX_LIST {
        return Err(ImportError::Limit {
            what: "bytes of trust list",
            limit: MAX_LIST,
        });
    }
    let signed = cms::read(list).map_err(|e| ImportError::Malformed(e.to_string()))?;
    if signed.encoded_len != list.len() {
        return Err(ImportError::Malformed("data after the list".to_owned()));
    }
    if Some(&signed.content_type) != Oid::parse(CTL).as_ref() || signed.detached {
        return Err(ImportError::Malformed("not a trust list".to_owned()));
    }
    let content = ctl::read(&signed.content).map_err(|e| ImportError::Malformed(e.to_string()))?;
    let [signer] = signed.signers.as_slice() else {
        return Err(fails("not exactly one signer"));
    };
    let certificates: Vec<SharedCertificate> = signed
        .certificates
        .iter()
        .filter_map(|der| certificate::read(der).ok().map(SharedCertificate::new))
        .collect();
    let leaf = certificates
        .iter()
        .find(|c| is_named(c, &signer.identifier))
        .ok_or(fails("the signer's certificate is not in the list"))?;
    check_content(&signed, signer, leaf)?;
    check_path(leaf, &certificates, store, content.this_update)?;
    Ok(content)
}

fn fails(why: &str) -> ImportError {
    ImportError::Signature(why.to_owned())
}

fn is_named(certificate: &Certificate, identifier: &SignerIdentifier) -> bool {
    match identifier {
        SignerIdentifier::IssuerSerial { issuer, serial } => {
            certificate.issuer.raw == *issuer && certificate.serial == *serial
        }
        SignerIdentifier::SubjectKeyId(id) => {
            certificate.extensions.subject_key_id.as_ref() == Some(id)
        }
    }
}

/// RFC 5652 section 5.4, with the digest over the contents octets as PKCS #7 v1.5 has it.
fn check_content(
    signed: &SignedData,
    signer: &SignerInfo,
    leaf: &Certificate,
) -> Result<(), ImportError> {
    let digest = digest_algorithm(&signer.digest_algorithm)
        .filter(|d| !d.is_weak())
        .ok_or(fails("digest algorithm unknown or weak"))?;
    let computed = hash(digest, &signed.content).ok_or(fails("digest algorithm not computed"))?;
    let attributes = signer
        .signed_attributes
        .as_ref()
        .ok_or(fails("no signed attributes"))?;
    let stated = single(&attributes.attributes, MESSAGE_DIGEST, tag::OCTET_STRING);
    if stated != Some(computed.as_slice()) {
        return Err(fails("the digest of the list differs from the signed one"));
    }
    if single(&attributes.attributes, CONTENT_TYPE, tag::OID) != Some(signed.content_type.as_der())
    {
        return Err(fails("the signed content type differs"));
    }
    holds(leaf, signer, digest, &attributes.signed_bytes)
}

fn holds(
    leaf: &Certificate,
    signer: &SignerInfo,
    digest: DigestAlgorithm,
    message: &[u8],
) -> Result<(), ImportError> {
    answered(verify_message(
        &leaf.spki,
        &signer.signature_algorithm,
        Some(digest),
        message,
        &signer.signature,
    ))
}

fn answered(answer: Answer) -> Result<(), ImportError> {
    match answer {
        Answer::Valid => Ok(()),
        Answer::Invalid => Err(fails("a signature is wrong")),
        Answer::Unsupported(what) => Err(ImportError::Signature(format!(
            "algorithm not computed with: {what}"
        ))),
    }
}

/// The contents of the one value of the one attribute of this type.
fn single<'a>(attributes: &'a [Attribute], dotted: &str, tag: u8) -> Option<&'a [u8]> {
    let oid = Oid::parse(dotted)?;
    let mut found = attributes.iter().filter(|a| a.oid == oid);
    let (attribute, None) = (found.next()?, found.next()) else {
        return None;
    };
    let [value] = attribute.values.as_slice() else {
        return None;
    };
    let mut reader = Reader::der(&value.bytes);
    let inner = reader.expect(tag, "attribute value").ok()?;
    reader.finish().ok()?;
    Some(inner.value)
}

/// The path ends in an anchor of the programme itself: a list decides about roots, so that the user's anchors cannot sign one.
fn check_path(
    leaf: &SharedCertificate,
    supplied: &[SharedCertificate],
    store: &TrustStore,
    at: Time,
) -> Result<(), ImportError> {
    let judged = judge(&Query {
        leaf,
        supplied,
        issuers: store,
        anchors: &Programme::without_user(store, Profile::Windows),
        purpose: Purpose::TrustListSigning,
        at,
        attested: false,
        now: at,
        profile: Profile::Windows,
        revocation: &RevocationEvidence::default(),
        cache: &Cache::default(),
    });
    match judged.trust.status {
        TrustStatus::Trusted => Ok(()),
        TrustStatus::Untrusted
        | TrustStatus::Expired
        | TrustStatus::Revoked
        | TrustStatus::Distrusted
        | TrustStatus::Unknown
        | TrustStatus::NotChecked => Err(ImportError::Signature(judged.trust.reason)),
    }
}
