//! The findings that lists of members raise.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[
    &UNSAFE_ENTRY_NAME,
    &DUPLICATE_ENTRY,
    &CASE_COLLISION,
    &SYMLINK_ENTRY,
    &HARDLINK_ENTRY,
    &DEVICE_ENTRY,
    &ENCRYPTED_ENTRY,
];

/// An entry's name is not safe to unpack.
pub static UNSAFE_ENTRY_NAME: Definition = Definition {
    id: "unsafe-entry-name",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "An entry's name is not safe to unpack",
    references: &["CWE-22", "CWE-150", "APPNOTE.TXT, section 4.4.17"],
};

/// A name stands twice in a container.
pub static DUPLICATE_ENTRY: Definition = Definition {
    id: "duplicate-entry",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A name stands twice in a container",
    references: &["CVE-2013-4787"],
};

/// Two names differ only in case.
pub static CASE_COLLISION: Definition = Definition {
    id: "case-collision",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "Two names differ only in case",
    references: &["CWE-178"],
};

/// A container holds symbolic links.
pub static SYMLINK_ENTRY: Definition = Definition {
    id: "symlink-entry",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "A container holds symbolic links",
    references: &["CWE-59"],
};

/// A container holds hard links.
pub static HARDLINK_ENTRY: Definition = Definition {
    id: "hardlink-entry",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "A container holds hard links",
    references: &["CWE-59"],
};

/// A container holds devices or pipes.
pub static DEVICE_ENTRY: Definition = Definition {
    id: "device-entry",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "A container holds devices or pipes",
    references: &["POSIX.1-2017, pax, ustar interchange format"],
};

/// An entry is encrypted.
pub static ENCRYPTED_ENTRY: Definition = Definition {
    id: "encrypted-entry",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "An entry is encrypted",
    references: &["APPNOTE.TXT, sections 6 and 7"],
};
