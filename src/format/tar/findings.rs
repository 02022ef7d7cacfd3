//! The findings that tar archives raise, and the reasons for calling one malformed.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[
    &BAD_CHECKSUM,
    &BAD_SIZE,
    &BAD_PAX_HEADER,
    &TRUNCATED_ARCHIVE,
    &PAX_SIZE_OVERRIDE,
];

/// A tar header's checksum does not hold.
pub static BAD_CHECKSUM: Definition = Definition {
    id: "bad-checksum",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A tar header's checksum does not hold",
    references: &["POSIX.1-2017, pax, ustar interchange format"],
};

/// A tar header has an impossible size.
pub static BAD_SIZE: Definition = Definition {
    id: "bad-size",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A tar header has an impossible size",
    references: &["POSIX.1-2017, pax, ustar interchange format"],
};

/// An extended header of a tar archive breaks its rules.
pub static BAD_PAX_HEADER: Definition = Definition {
    id: "bad-pax-header",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "An extended header of a tar archive breaks its rules",
    references: &["POSIX.1-2017, pax, pax extended header"],
};

/// A tar archive ends before what it announces.
pub static TRUNCATED_ARCHIVE: Definition = Definition {
    id: "truncated-archive",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A tar archive ends before what it announces",
    references: &["POSIX.1-2017, pax, ustar interchange format"],
};

/// Two headers of a tar archive give one member different sizes.
pub static PAX_SIZE_OVERRIDE: Definition = Definition {
    id: "pax-size-override",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Two headers of a tar archive give one member different sizes",
    references: &["RUSTSEC-2025-0110", "RUSTSEC-2026-0068"],
};
