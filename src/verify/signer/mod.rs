//! One SignerInfo against its content and a set of certificates (RFC 5652 section 5.4 to 5.6), the part that Authenticode
//! signatures, RFC 3161 tokens and PKCS #9 countersignatures share.
//!
//! What it proves: the key of the named certificate signed these attributes, and they name this content. Whether the certificate
//! means anything is the path's question.

pub(crate) mod algorithm;
pub(crate) mod attribute;
pub(crate) mod notes;
pub(crate) mod pool;

#[cfg(test)]
pub(crate) mod forge;

use crate::base::oid::Oid;
use crate::model::certificate::SharedCertificate;
use crate::model::cms::{AlgorithmIdentifier, SignerIdentifier, SignerInfo};
use crate::model::digest::{DigestAlgorithm, hex};
use crate::model::finding::{Definition, Status};
use crate::verify::crypto::{self, Answer};
use crate::verify::digest;
use crate::verify::findings::signature as f;
use crate::verify::signer::algorithm::Refusal;
use crate::verify::signer::notes::Notes;
use crate::verify::signer::pool::Pool;

/// contentType (RFC 5652 section 11.1).
pub(crate) const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
/// messageDigest (RFC 5652 section 11.2).
pub(crate) const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
/// signingTime (RFC 5652 section 11.3).
pub(crate) const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";

/// What a SignerInfo is held to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'a> {
    /// The octets that messageDigest is over.
    pub(crate) content: &'a [u8],
    /// What contentType may say.
    pub(crate) content_types: &'a [Oid],
    /// A countersignature has no contentType by the rule (RFC 5652 section 11.4), and many have one.
    pub(crate) content_type_required: bool,
    /// An RSA block that holds the digest without DigestInfo counts: some PKCS #9 countersignatures are made so.
    pub(crate) bare_digest: bool,
}

/// What a SignerInfo came to; faults are in the notes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checked {
    /// The certificate whose key made the signature; where none did, the one it names.
    pub(crate) signer: Option<SharedCertificate>,
    /// Its digest algorithm.
    pub(crate) digest: Option<DigestAlgorithm>,
    /// The RSA block held the digest without DigestInfo.
    pub(crate) bare_digest: bool,
}

/// Checks one SignerInfo, all of it, collecting every fault.
pub(crate) fn check(
    signer: &SignerInfo,
    expected: Expected<'_>,
    pool: &Pool,
    notes: &mut Notes<'_>,
) -> Checked {
    let span = signer.span.clone();
    let mut checked = Checked {
        digest: algorithm::digest(&signer.digest_algorithm, span.clone(), notes),
        ..Checked::default()
    };
    let Some(attributes) = &signer.signed_attributes else {
        notes.fail(
            &f::MISSING_SIGNED_ATTRIBUTES,
            "the SignerInfo has no signed attributes",
            span,
        );
        checked.signer = pool.named(&signer.identifier).first().cloned();
        return checked;
    };
    attribute::check(attributes, &span, expected, checked.digest, notes);
    let candidates = pool.named(&signer.identifier);
    checked.signer = candidates.first().cloned();
    if candidates.is_empty() {
        notes.fail(
            &f::SIGNER_CERTIFICATE_MISSING,
            format!(
                "no certificate in the signature is the one it names ({})",
                named(&signer.identifier)
            ),
            span,
        );
        return checked;
    }
    let Some(digest) = checked.digest else {
        return checked;
    };
    match try_keys(
        signer,
        digest,
        &attributes.signed_bytes,
        expected,
        &candidates,
    ) {
        Tried::Valid { signer, bare } => {
            checked.signer = Some(signer);
            checked.bare_digest = bare;
            notes.proven();
        }
        Tried::Refused(finding, message) => notes.fail(finding, message, span),
        Tried::Invalid => notes.fail(
            &f::BAD_SIGNATURE,
            "the signature does not hold under the key of the certificate it names",
            span,
        ),
        Tried::Unsupported(what) => {
            notes.note(
                &f::UNSUPPORTED_ALGORITHM,
                Status::Unknown,
                format!("the signature cannot be computed: {what}"),
                span,
            );
            notes.unverifiable(what);
        }
    }
    checked
}

enum Tried {
    Valid {
        signer: SharedCertificate,
        bare: bool,
    },
    /// The algorithm itself is wrong for digest or key.
    Refused(&'static Definition, String),
    Invalid,
    Unsupported(String),
}

/// Several certificates may carry the named issuer and serial number: the one whose key verifies is the signer. Otherwise an
/// unsupported key outweighs a wrong one, since the signature could be its.
fn try_keys(
    signer: &SignerInfo,
    digest: DigestAlgorithm,
    message: &[u8],
    expected: Expected<'_>,
    candidates: &[SharedCertificate],
) -> Tried {
    let mut worst = Tried::Invalid;
    for candidate in candidates {
        let identifier = &signer.signature_algorithm;
        match algorithm::fits(identifier, digest, &candidate.spki) {
            Ok(()) => {}
            Err(Refusal::Unsupported(what)) => {
                worst = Tried::Unsupported(what);
                continue;
            }
            Err(Refusal::Wrong(finding, message)) => {
                if matches!(worst, Tried::Invalid) {
                    worst = Tried::Refused(finding, message);
                }
                continue;
            }
        }
        let valid = |bare| Tried::Valid {
            signer: SharedCertificate::clone(candidate),
            bare,
        };
        match verify(identifier, digest, message, &signer.signature, candidate) {
            Answer::Valid => return valid(false),
            Answer::Invalid => {
                if expected.bare_digest
                    && bare_digest_holds(digest, message, &signer.signature, candidate)
                {
                    return valid(true);
                }
            }
            Answer::Unsupported(what) => worst = Tried::Unsupported(what),
        }
    }
    worst
}

fn verify(
    identifier: &AlgorithmIdentifier,
    digest: DigestAlgorithm,
    message: &[u8],
    signature: &[u8],
    candidate: &SharedCertificate,
) -> Answer {
    crypto::verify_message(
        &candidate.spki,
        identifier,
        Some(digest),
        message,
        signature,
    )
}

fn bare_digest_holds(
    algorithm: DigestAlgorithm,
    message: &[u8],
    signature: &[u8],
    candidate: &SharedCertificate,
) -> bool {
    digest::hash(algorithm, message).is_some_and(|hashed| {
        crypto::verify_bare_digest(&candidate.spki, &hashed, signature) == Answer::Valid
    })
}

fn named(identifier: &SignerIdentifier) -> String {
    match identifier {
        SignerIdentifier::IssuerSerial { serial, .. } => format!("serial number {}", hex(serial)),
        SignerIdentifier::SubjectKeyId(id) => format!("subject key identifier {}", hex(id)),
    }
}
