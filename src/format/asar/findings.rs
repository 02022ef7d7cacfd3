//! Why an archive of Electron is called malformed.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[&ASAR_HEADER_MALFORMED];

/// The header cannot be read.
pub static ASAR_HEADER_MALFORMED: Definition = Definition {
    id: "asar-header-malformed",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "The header of an Electron archive cannot be read",
    references: &["Electron asar format"],
};
