//! The findings that signatures of VBA projects raise.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[&VBA_LEGACY_SIGNATURE_ONLY];

/// The macros have only the oldest kind of signature.
pub static VBA_LEGACY_SIGNATURE_ONLY: Definition = Definition {
    id: "vba-legacy-signature-only",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "The macros have only the oldest kind of signature",
    references: &["[MS-OVBA] section 2.4.2", "[MS-OSHARED] section 2.3.2"],
};
