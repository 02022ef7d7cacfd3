//! The reasons for calling a 7z archive malformed.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[&SEVENZ_HEADER, &SEVENZ_DATA];

/// The list of members of a 7z archive cannot be read.
pub static SEVENZ_HEADER: Definition = Definition {
    id: "sevenz-header",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "List of members of a 7z archive cannot be read",
    references: &["7zFormat.txt of the LZMA SDK, archive structure"],
};

/// A part of a 7z archive does not decode.
pub static SEVENZ_DATA: Definition = Definition {
    id: "sevenz-data",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A part of a 7z archive does not decode",
    references: &["7zFormat.txt of the LZMA SDK, packed streams"],
};
