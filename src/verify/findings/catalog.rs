//! What is said of a file that a catalog lists.

use crate::model::finding::{Definition, Dimension, Severity};

/// A catalog lists the file.
pub static LISTED_IN_CATALOG: Definition = Definition {
    id: "listed-in-catalog",
    dimension: Dimension::Integrity,
    severity: Severity::Info,
    title: "A catalog lists the file",
    references: &["CryptCATAdminCalcHashFromFileHandle2 of the Windows SDK"],
};

/// A catalog lists the image as if zeros followed it.
pub static CATALOG_DIGEST_PADDED: Definition = Definition {
    id: "catalog-digest-padded",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "The catalog lists the image as if zeros followed it",
    references: &["Windows Authenticode Portable Executable Signature Format 1.0"],
};

/// A catalog lists an image by all its bytes.
pub static CATALOG_LISTS_WHOLE_IMAGE: Definition = Definition {
    id: "catalog-lists-whole-image",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "The catalog lists the image by all its bytes, where Windows looks for its image digest",
    references: &["CryptCATAdminCalcHashFromFileHandle2 of the Windows SDK"],
};
