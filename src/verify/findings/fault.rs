//! Faults of a path: what [`crate::model::signature::Trust::faults`] names, explained like findings.

use crate::model::finding::{Definition, Dimension, Severity};

/// Key spells out its curve instead of naming it.
pub static EXPLICIT_EC_PARAMETERS: Definition = Definition {
    id: "explicit-ec-parameters",
    dimension: Dimension::Identity,
    severity: Severity::Critical,
    title: "Key spells out its curve instead of naming it",
    references: &["CVE-2020-0601", "RFC 5480 section 2.1.1"],
};

/// Certificate names two signature algorithms.
pub static SIGALG_MISMATCH: Definition = Definition {
    id: "sigalg-mismatch",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Certificate names two signature algorithms",
    references: &["RFC 5280 section 4.1.1.2"],
};

/// Certificate is on a list of disallowed ones.
pub static CERTIFICATE_DISALLOWED: Definition = Definition {
    id: "certificate-disallowed",
    dimension: Dimension::Identity,
    severity: Severity::Critical,
    title: "Certificate is on a list of disallowed ones",
    references: &["Microsoft Security Advisory 2677070"],
};

/// Certificate is revoked for this time.
pub static REVOKED: Definition = Definition {
    id: "revoked",
    dimension: Dimension::Identity,
    severity: Severity::Critical,
    title: "Certificate is revoked for this time",
    references: &["RFC 5280 section 6.3", "RFC 6960"],
};

/// Signer vouches for itself.
pub static UNTRUSTED_SELF_SIGNED: Definition = Definition {
    id: "untrusted-self-signed",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Signer vouches for itself",
    references: &["RFC 5280 section 6.1"],
};

/// No path to a trust anchor.
pub static NO_PATH: Definition = Definition {
    id: "no-path",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "No path to a trust anchor",
    references: &["RFC 5280 section 6.1"],
};

/// Path has too many certificates.
pub static PATH_TOO_LONG: Definition = Definition {
    id: "path-too-long",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Path has too many certificates",
    references: &["CVE-2024-28835"],
};

/// Search for a path was cut short.
pub static BUDGET_EXCEEDED: Definition = Definition {
    id: "budget-exceeded",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Search for a path was cut short",
    references: &["RUSTSEC-2023-0053"],
};

/// Certificate has one extension twice.
pub static DUPLICATE_EXTENSION: Definition = Definition {
    id: "duplicate-extension",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Certificate has one extension twice",
    references: &["RFC 5280 section 4.2"],
};

/// Extension of a certificate cannot be decoded.
pub static MALFORMED_EXTENSION: Definition = Definition {
    id: "malformed-extension",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Extension of a certificate cannot be decoded",
    references: &["RFC 5280 section 4.2"],
};

/// Critical extension that is not understood.
pub static UNKNOWN_CRITICAL_EXTENSION: Definition = Definition {
    id: "unknown-critical-extension",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Critical extension that is not understood",
    references: &["RFC 5280 section 4.2"],
};

/// Trust anchor is no certification authority.
pub static ANCHOR_NOT_A_CA: Definition = Definition {
    id: "anchor-not-a-ca",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Trust anchor is no certification authority",
    references: &["RFC 5280 section 6.1.4"],
};

/// Issuer is no certification authority.
pub static NOT_A_CA: Definition = Definition {
    id: "not-a-ca",
    dimension: Dimension::Identity,
    severity: Severity::Critical,
    title: "Issuer is no certification authority",
    references: &["CVE-2002-0862", "RFC 5280 section 4.2.1.9"],
};

/// Issuer's key may not sign certificates.
pub static ISSUER_KU: Definition = Definition {
    id: "issuer-ku",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Issuer's key may not sign certificates",
    references: &["RFC 5280 section 4.2.1.3"],
};

/// More authorities than an issuer allows.
pub static PATH_LEN: Definition = Definition {
    id: "path-len",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "More authorities than an issuer allows",
    references: &["RFC 5280 section 4.2.1.9"],
};

/// Name outside what its issuer may issue for.
pub static NAME_CONSTRAINTS: Definition = Definition {
    id: "name-constraints",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Name outside what its issuer may issue for",
    references: &["RFC 5280 section 4.2.1.10"],
};

/// Certificate is not for code signing.
pub static EKU_MISSING_CODESIGNING: Definition = Definition {
    id: "eku-missing-codesigning",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Certificate is not for code signing",
    references: &["RFC 5280 section 4.2.1.12"],
};

/// Certificate is not for time stamping.
pub static EKU_MISSING_TIMESTAMPING: Definition = Definition {
    id: "eku-missing-timestamping",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Certificate is not for time stamping",
    references: &["RFC 3161 section 2.3"],
};

/// Certificate is not for this usage.
pub static EKU_MISSING: Definition = Definition {
    id: "eku-missing",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Certificate is not for this usage",
    references: &["RFC 5280 section 4.2.1.12"],
};

/// Timestamp authority's certificate is for more than time stamping.
pub static TSA_EKU_NOT_EXCLUSIVE: Definition = Definition {
    id: "tsa-eku-not-exclusive",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Timestamp authority's certificate is for more than time stamping",
    references: &["RFC 3161 section 2.3"],
};

/// Issuer may not issue for this usage.
pub static EKU_NOT_PERMITTED_BY_ISSUER: Definition = Definition {
    id: "eku-not-permitted-by-issuer",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Issuer may not issue for this usage",
    references: &["CA/Browser Forum Code Signing Baseline Requirements section 7.1.2"],
};

/// Signer's key is not for signatures.
pub static LEAF_KU: Definition = Definition {
    id: "leaf-ku",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Signer's key is not for signatures",
    references: &["RFC 5280 section 4.2.1.3"],
};

/// Certificate does not conform to RFC 5280.
pub static NONCONFORMING: Definition = Definition {
    id: "nonconforming",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "Certificate does not conform to RFC 5280",
    references: &["RFC 5280 section 4"],
};

/// Certificate ends before it begins.
pub static VALIDITY_INVERTED: Definition = Definition {
    id: "validity-inverted",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Certificate ends before it begins",
    references: &["RFC 5280 section 4.1.2.5"],
};

/// Expired, and no timestamp extends it.
pub static EXPIRED_LIFETIME_SIGNING: Definition = Definition {
    id: "expired-lifetime-signing",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "Expired, and no timestamp extends it",
    references: &["Microsoft szOID_KP_LIFETIME_SIGNING, 1.3.6.1.4.1.311.10.3.13"],
};

/// Certificate had expired.
pub static EXPIRED: Definition = Definition {
    id: "expired",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "Certificate had expired",
    references: &["RFC 5280 section 6.1.3"],
};

/// Certificate was not valid yet.
pub static NOT_YET_VALID: Definition = Definition {
    id: "not-yet-valid",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "Certificate was not valid yet",
    references: &["RFC 5280 section 6.1.3"],
};

/// Trust anchor had expired.
pub static ANCHOR_EXPIRED: Definition = Definition {
    id: "anchor-expired",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "Trust anchor had expired",
    references: &["RFC 5280 section 6.1.1 (d)"],
};

/// Revocation answer is not signed by who may answer.
pub static CRL_BAD_SIGNATURE: Definition = Definition {
    id: "crl-bad-signature",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "Revocation answer is not signed by who may answer",
    references: &["RFC 5280 section 6.3.3", "RFC 6960 section 4.2.2.2"],
};

/// Revocation answer is out of date.
pub static CRL_STALE: Definition = Definition {
    id: "crl-stale",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "Revocation answer is out of date",
    references: &["RFC 5280 section 6.3.3"],
};

/// Revocation could not be established.
pub static REVOCATION_NOT_ESTABLISHED: Definition = Definition {
    id: "revocation-not-established",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "Revocation could not be established",
    references: &["RFC 5280 section 6.3"],
};
