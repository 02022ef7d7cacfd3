//! Findings about certificates and the path they form.

use crate::model::finding::{Definition, Dimension, Severity};

/// Trust anchor is past its date.
pub static ANCHOR_EXPIRED_NOW: Definition = Definition {
    id: "anchor-expired-now",
    dimension: Dimension::Identity,
    severity: Severity::Info,
    title: "Trust anchor is past its date",
    references: &["RFC 5280 section 6.1.1 (d)"],
};

/// Certificate has an anchor's key but is not the anchor.
pub static ANCHOR_SAME_KEY_DIFFERENT_CERT: Definition = Definition {
    id: "anchor-same-key-different-cert",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "Certificate has an anchor's key but is not the anchor",
    references: &["RFC 5280 section 6.1"],
};

/// Trust anchor is a version 1 certificate.
pub static ANCHOR_V1: Definition = Definition {
    id: "anchor-v1",
    dimension: Dimension::Identity,
    severity: Severity::Info,
    title: "Trust anchor is a version 1 certificate",
    references: &["RFC 5280 section 6.1.4 (k)"],
};

/// Certificate has expired, a timestamp shows that it signed in time.
pub static EXPIRED_NOW_BUT_TIMESTAMPED: Definition = Definition {
    id: "expired-now-but-timestamped",
    dimension: Dimension::Identity,
    severity: Severity::Info,
    title: "Certificate has expired, a timestamp shows that it signed in time",
    references: &["RFC 3161 appendix B"],
};

/// Signer's certificate is itself the trust anchor.
pub static LEAF_IS_TRUST_ANCHOR: Definition = Definition {
    id: "leaf-is-trust-anchor",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "Signer's certificate is itself the trust anchor",
    references: &["RFC 5280 section 6.1"],
};

/// RSA key with a small public exponent.
pub static RSA_SMALL_EXPONENT: Definition = Definition {
    id: "rsa-small-exponent",
    dimension: Dimension::Identity,
    severity: Severity::Info,
    title: "RSA key with a small public exponent",
    references: &["CVE-2006-4339", "RFC 8017 section 8.2.2"],
};

/// Key is too short by the rules of today.
pub static WEAK_KEY: Definition = Definition {
    id: "weak-key",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "Key is too short by the rules of today",
    references: &["NIST SP 800-131A"],
};

/// Serial number is not what RFC 5280 asks.
pub static SERIAL_NONCONFORMING: Definition = Definition {
    id: "serial-nonconforming",
    dimension: Dimension::Identity,
    severity: Severity::Info,
    title: "Serial number is not what RFC 5280 asks",
    references: &["RFC 5280 section 4.1.2.2"],
};

/// Certificate names nobody.
pub static EMPTY_SUBJECT: Definition = Definition {
    id: "empty-subject",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Certificate names nobody",
    references: &["RFC 5280 section 4.1.2.6"],
};

/// Control characters in a certificate's name.
pub static CONTROL_CHARS_IN_NAME: Definition = Definition {
    id: "control-chars-in-name",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Control characters in a certificate's name",
    references: &["CVE-2009-2408"],
};

/// Text direction controls in a certificate's name.
pub static BIDI_CONTROLS_IN_NAME: Definition = Definition {
    id: "bidi-controls-in-name",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Text direction controls in a certificate's name",
    references: &["CVE-2021-42574", "Unicode Technical Report 36 section 2.5"],
};

/// Invisible characters in a certificate's name.
pub static INVISIBLE_CHARS_IN_NAME: Definition = Definition {
    id: "invisible-chars-in-name",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "Invisible characters in a certificate's name",
    references: &["Unicode Technical Report 36"],
};

/// One word in letters of several scripts.
pub static MIXED_SCRIPT_NAME: Definition = Definition {
    id: "mixed-script-name",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "One word in letters of several scripts",
    references: &["Unicode Technical Standard 39 section 5.1"],
};

/// Markup in a certificate's name.
pub static MARKUP_IN_NAME: Definition = Definition {
    id: "markup-in-name",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Markup in a certificate's name",
    references: &["CWE-79"],
};

/// Certificate's name starts like a spreadsheet formula.
pub static FORMULA_PREFIX_IN_NAME: Definition = Definition {
    id: "formula-prefix-in-name",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "Certificate's name starts like a spreadsheet formula",
    references: &["CWE-1236"],
};

/// One attribute looks like several.
pub static DN_DELIMITER_IN_NAME: Definition = Definition {
    id: "dn-delimiter-in-name",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "One attribute looks like several",
    references: &["RFC 4514 section 2.4"],
};

/// Certificate's name is longer than any real one.
pub static OVERSIZE_NAME: Definition = Definition {
    id: "oversize-name",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "Certificate's name is longer than any real one",
    references: &["RFC 5280 appendix A.1"],
};

/// Stacked combining marks in a certificate's name.
pub static EXCESS_COMBINING: Definition = Definition {
    id: "excess-combining",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "Stacked combining marks in a certificate's name",
    references: &["Unicode Technical Report 36"],
};

/// String of a certificate's name is not what its type allows.
pub static MALFORMED_STRING: Definition = Definition {
    id: "malformed-string",
    dimension: Dimension::Identity,
    severity: Severity::Low,
    title: "String of a certificate's name is not what its type allows",
    references: &["RFC 5280 section 4.1.2.4", "X.690 section 8.23"],
};

/// Certificate's name uses a string type of the past.
pub static LEGACY_STRING_TYPE: Definition = Definition {
    id: "legacy-string-type",
    dimension: Dimension::Identity,
    severity: Severity::Info,
    title: "Certificate's name uses a string type of the past",
    references: &["RFC 5280 section 4.1.2.4"],
};

/// Certificate was revoked after the signature was timestamped.
pub static REVOKED_AFTER_SIGNING: Definition = Definition {
    id: "revoked-after-signing",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "Certificate was revoked after the signature was timestamped",
    references: &[
        "RFC 5280 section 5.3",
        "Windows Authenticode Portable Executable Signature Format",
    ],
};

/// Signing key was reported compromised.
pub static KEY_COMPROMISE: Definition = Definition {
    id: "key-compromise",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Signing key was reported compromised",
    references: &["RFC 5280 section 5.3.1"],
};

/// Timestamp authority's usage is not marked critical.
pub static TSA_EKU_NOT_CRITICAL: Definition = Definition {
    id: "tsa-eku-not-critical",
    dimension: Dimension::Identity,
    severity: Severity::Info,
    title: "Timestamp authority's usage is not marked critical",
    references: &["RFC 3161 section 2.3"],
};

/// Path constrains certificate policies, which are not evaluated.
pub static POLICY_CONSTRAINTS_NOT_CHECKED: Definition = Definition {
    id: "policy-constraints-not-checked",
    dimension: Dimension::Identity,
    severity: Severity::Low,
    title: "Path constrains certificate policies, which are not evaluated",
    references: &["RFC 5280 section 6.1.5"],
};
