//! The findings that Windows Installer packages raise.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[
    &MSI_METADATA_HASH_MISMATCH,
    &MSI_NAMES_UNPROTECTED,
    &MSI_SIGNATURE_REMOVED,
];

/// The digest of names and lengths differs from the one that was signed.
pub static MSI_METADATA_HASH_MISMATCH: Definition = Definition {
    id: "msi-metadata-hash-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Names or lengths of streams are not those that were signed",
    references: &["Windows Installer, MsiDigitalSignatureEx stream"],
};

/// Names and lengths of streams are not covered by the signature.
pub static MSI_NAMES_UNPROTECTED: Definition = Definition {
    id: "msi-names-unprotected",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "Names and lengths of streams are not covered by the signature",
    references: &["Windows Installer, MsiDigitalSignatureEx stream"],
};

/// A package has the digest that goes with a signature, and no signature.
pub static MSI_SIGNATURE_REMOVED: Definition = Definition {
    id: "msi-signature-removed",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "What goes with a signature is there, and the signature is not",
    references: &["Windows Installer, MsiDigitalSignatureEx stream"],
};
