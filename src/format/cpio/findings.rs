//! The reasons for calling a cpio archive malformed.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[&CPIO_MALFORMED];

/// A cpio archive breaks the rules of its format.
pub static CPIO_MALFORMED: Definition = Definition {
    id: "cpio-malformed",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "cpio archive breaks the rules of its format",
    references: &["cpio(5), \"new ASCII format\""],
};
