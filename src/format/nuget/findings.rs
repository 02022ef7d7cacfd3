//! The findings that NuGet packages raise.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[&SIGNATURE_ENTRY_FORM];

/// A package's signature is kept in a way that clients refuse.
pub static SIGNATURE_ENTRY_FORM: Definition = Definition {
    id: "signature-entry-form",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A package's signature is kept in a way that clients refuse",
    references: &["NuGet package signatures technical details"],
};
