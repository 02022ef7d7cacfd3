//! The findings that this room raises. Each has its long text in `docs/findings/<id>.md`.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them; a test holds this list against the documents and the code.
pub static ALL: &[&Definition] = &[&CHECKSUM_MISMATCH];

/// PE checksum differs.
pub static CHECKSUM_MISMATCH: Definition = Definition {
    id: "checksum-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::Info,
    title: "PE checksum in the header is not the file's",
    references: &["PE format, section 3.4.2 (CheckSum)"],
};
