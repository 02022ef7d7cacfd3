//! What the signatures of a file say of the file; listed in [`crate::verify::findings::ALL`].

use crate::model::finding::{Definition, Dimension, Severity};

/// A signature holds.
pub static SIGNATURE_VALID: Definition = Definition {
    id: "signature-valid",
    dimension: Dimension::Integrity,
    severity: Severity::Info,
    title: "the file is what was signed",
    references: &["Windows Authenticode Portable Executable Signature Format, 2008"],
};

/// A chain carries trust.
pub static SIGNER_TRUSTED: Definition = Definition {
    id: "signer-trusted",
    dimension: Dimension::Identity,
    severity: Severity::Info,
    title: "a path to an anchor of the trust programme holds",
    references: &["RFC 5280 section 6"],
};

/// The file carries no signature.
pub static SIGNATURE_MISSING: Definition = Definition {
    id: "signature-missing",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "the file carries no signature",
    references: &[],
};

/// No signature of the file holds.
pub static SIGNATURE_INVALID: Definition = Definition {
    id: "signature-invalid",
    dimension: Dimension::Integrity,
    severity: Severity::Critical,
    title: "no signature of the file holds",
    references: &[],
};

/// One of several signatures does not hold.
pub static ONE_SIGNATURE_INVALID: Definition = Definition {
    id: "one-signature-invalid",
    dimension: Dimension::Integrity,
    severity: Severity::Critical,
    title: "one of several signatures does not hold",
    references: &[],
};

/// A signature rests on an algorithm that is not computed with.
pub static SIGNATURE_UNVERIFIABLE: Definition = Definition {
    id: "signature-unverifiable",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "a signature rests on an algorithm that is not computed with",
    references: &[],
};

/// The trust programme withdrew its trust.
pub static SIGNER_DISTRUSTED: Definition = Definition {
    id: "signer-distrusted",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "the trust programme withdrew its trust",
    references: &[],
};

/// A certificate of the chain is revoked for the time that counts.
pub static CERTIFICATE_REVOKED: Definition = Definition {
    id: "certificate-revoked",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "a certificate of the chain is revoked for the time that counts",
    references: &["RFC 5280 section 3.3"],
};

/// No trusted chain leads to the signer.
pub static SIGNER_NOT_TRUSTED: Definition = Definition {
    id: "signer-not-trusted",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "no trusted chain leads to the signer",
    references: &[],
};

/// The chain is out of its time and no timestamp saves it.
pub static SIGNATURE_EXPIRED: Definition = Definition {
    id: "signature-expired",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "the chain is out of its time and no timestamp saves it",
    references: &[],
};

/// Trust could not be established.
pub static TRUST_UNKNOWN: Definition = Definition {
    id: "trust-unknown",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "trust could not be established",
    references: &[],
};

/// Trust was not asked for.
pub static TRUST_NOT_CHECKED: Definition = Definition {
    id: "trust-not-checked",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "trust was not asked for",
    references: &[],
};

/// No timestamp that holds attests the time of signing.
pub static SIGNING_TIME_NOT_ATTESTED: Definition = Definition {
    id: "signing-time-not-attested",
    dimension: Dimension::Identity,
    severity: Severity::Low,
    title: "no timestamp that holds attests the time of signing",
    references: &["RFC 3161"],
};

/// It is not known whether the chain is revoked.
pub static REVOCATION_UNKNOWN: Definition = Definition {
    id: "revocation-unknown",
    dimension: Dimension::Identity,
    severity: Severity::Low,
    title: "it is not known whether the chain is revoked",
    references: &[],
};

/// The code integrity catalog of a package is by another signer.
pub static CODE_INTEGRITY_SIGNER_DIFFERS: Definition = Definition {
    id: "code-integrity-signer-differs",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "the code integrity catalog of a package is by another signer",
    references: &[],
};
