//! The findings that APPX and MSIX packages raise.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[
    &PACKAGE_PART_MISSING,
    &PACKAGE_MANIFEST_MALFORMED,
    &PACKAGE_SIGNATURE_MALFORMED,
    &PACKAGE_SIGNATURE_NOT_LAST,
    &BLOCK_MAP_MALFORMED,
    &BLOCK_MAP_MISMATCH,
    &BUNDLE_MISMATCH,
];

/// A package lacks a part that every package has.
pub static PACKAGE_PART_MISSING: Definition = Definition {
    id: "package-part-missing",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A package lacks a part that every package has",
    references: &["MSIX package format, required parts"],
};

/// The manifest of a package cannot be read.
pub static PACKAGE_MANIFEST_MALFORMED: Definition = Definition {
    id: "package-manifest-malformed",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "The manifest of a package cannot be read",
    references: &["Windows app package manifest schema"],
};

/// The signature part of a package is not one.
pub static PACKAGE_SIGNATURE_MALFORMED: Definition = Definition {
    id: "package-signature-malformed",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "The signature part of a package is not one",
    references: &["MSIX package format, AppxSignature.p7x"],
};

/// Parts of a package follow its signature.
pub static PACKAGE_SIGNATURE_NOT_LAST: Definition = Definition {
    id: "package-signature-not-last",
    dimension: Dimension::Integrity,
    severity: Severity::Critical,
    title: "Parts of a package follow its signature",
    references: &["MSIX package format, AppxSignature.p7x"],
};

/// The block map of a package cannot be read.
pub static BLOCK_MAP_MALFORMED: Definition = Definition {
    id: "block-map-malformed",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "The block map of a package cannot be read",
    references: &["App package block map schema"],
};

/// The parts of a package are not what its block map lists.
pub static BLOCK_MAP_MISMATCH: Definition = Definition {
    id: "block-map-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::Critical,
    title: "The parts of a package are not what its block map lists",
    references: &["App package block map schema"],
};

/// The packages in a bundle are not what its manifest lists.
pub static BUNDLE_MISMATCH: Definition = Definition {
    id: "bundle-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "The packages in a bundle are not what its manifest lists",
    references: &["App bundle manifest schema"],
};
