//! The reasons for calling coded data malformed.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[&BAD_COMPRESSED_DATA, &SIZE_MISMATCH, &CRC_MISMATCH];

/// Compressed data breaks the rules of its coding.
pub static BAD_COMPRESSED_DATA: Definition = Definition {
    id: "bad-compressed-data",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Compressed data breaks the rules of its coding",
    references: &["RFC 1951", "RFC 8878", "The .xz File Format, version 1.2.1"],
};

/// A member is not as long as its container states.
pub static SIZE_MISMATCH: Definition = Definition {
    id: "size-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A member is not as long as its container states",
    references: &["APPNOTE.TXT, sections 4.4.8 and 4.4.9"],
};

/// A member's CRC-32 is not the one that its container states.
pub static CRC_MISMATCH: Definition = Definition {
    id: "crc-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A member's CRC-32 is not the one that its container states",
    references: &["APPNOTE.TXT, section 4.4.7"],
};
