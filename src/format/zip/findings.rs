//! The findings that zip archives raise, and the reasons for calling one malformed.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[
    &NO_END_OF_CENTRAL_DIRECTORY,
    &MULTI_DISK,
    &OUT_OF_BOUNDS,
    &BAD_CD_COUNT,
    &BAD_EOCD_OFFSET,
    &ZIP64_DISAGREEMENT,
    &GAP_BEFORE_CD,
    &CD_LFH_MISMATCH,
    &UNREADABLE_ENTRY,
    &OVERLAPPING_ENTRIES,
    &UNLISTED_ENTRY,
    &GAP_BETWEEN_ENTRIES,
    &PREPENDED_DATA,
    &TRAILING_DATA,
    &AMBIGUOUS_EOCD,
    &AMBIGUOUS_ENTRY_NAME,
    &SIGNATURE_RECORD_UNLIKE_OTHERS,
];

/// A zip archive has no end of central directory.
pub static NO_END_OF_CENTRAL_DIRECTORY: Definition = Definition {
    id: "no-end-of-central-directory",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A zip archive has no end of central directory",
    references: &["APPNOTE.TXT, section 4.3.16"],
};

/// A zip archive is one of several parts.
pub static MULTI_DISK: Definition = Definition {
    id: "multi-disk-archive",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "A zip archive is one of several parts",
    references: &["APPNOTE.TXT, section 8"],
};

/// A record of a zip archive is not where it is said to be.
pub static OUT_OF_BOUNDS: Definition = Definition {
    id: "out-of-bounds",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A record of a zip archive is not where it is said to be",
    references: &["APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.14"],
};

/// A zip archive does not hold the entries that it counts.
pub static BAD_CD_COUNT: Definition = Definition {
    id: "bad-cd-count",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A zip archive does not hold the entries that it counts",
    references: &["APPNOTE.TXT, sections 4.4.21 to 4.4.23"],
};

/// A zip archive's central directory is not where it is said to be.
pub static BAD_EOCD_OFFSET: Definition = Definition {
    id: "bad-eocd-offset",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A zip archive's central directory is not where it is said to be",
    references: &["APPNOTE.TXT, section 4.4.24"],
};

/// The two end records of a zip archive disagree.
pub static ZIP64_DISAGREEMENT: Definition = Definition {
    id: "zip64-disagreement",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "The two end records of a zip archive disagree",
    references: &["APPNOTE.TXT, section 4.3.14"],
};

/// Data before the central directory belong to no entry.
pub static GAP_BEFORE_CD: Definition = Definition {
    id: "gap-before-cd",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Data before the central directory belong to no entry",
    references: &["APPNOTE.TXT, section 4.3.6"],
};

/// Central directory and local header disagree.
pub static CD_LFH_MISMATCH: Definition = Definition {
    id: "cd-lfh-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Central directory and local header disagree",
    references: &["APPNOTE.TXT, sections 4.3.7 and 4.3.12"],
};

/// An entry that is needed cannot be read.
pub static UNREADABLE_ENTRY: Definition = Definition {
    id: "unreadable-entry",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "An entry that is needed cannot be read",
    references: &["APPNOTE.TXT, section 4.4.5"],
};

/// Entries of a zip archive share bytes.
pub static OVERLAPPING_ENTRIES: Definition = Definition {
    id: "overlapping-entries",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Entries of a zip archive share bytes",
    references: &["D. Fifield, A better zip bomb, WOOT 2019"],
};

/// A zip archive holds an entry that it does not list.
pub static UNLISTED_ENTRY: Definition = Definition {
    id: "unlisted-entry",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A zip archive holds an entry that it does not list",
    references: &["APPNOTE.TXT, section 4.3.6"],
};

/// Data between entries belong to none.
pub static GAP_BETWEEN_ENTRIES: Definition = Definition {
    id: "gap-between-entries",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "Data between entries belong to none",
    references: &["APPNOTE.TXT, section 4.3.6"],
};

/// Data stand before an archive.
pub static PREPENDED_DATA: Definition = Definition {
    id: "prepended-data",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "Data stand before an archive",
    references: &["CVE-2017-13156"],
};

/// Data follow the end of an archive.
pub static TRAILING_DATA: Definition = Definition {
    id: "trailing-data",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "Data follow the end of an archive",
    references: &["CVE-2020-1464"],
};

/// A zip archive could end at more than one record.
pub static AMBIGUOUS_EOCD: Definition = Definition {
    id: "ambiguous-eocd",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A zip archive could end at more than one record",
    references: &["APPNOTE.TXT, section 4.3.16"],
};

/// An entry has two names.
pub static AMBIGUOUS_ENTRY_NAME: Definition = Definition {
    id: "ambiguous-entry-name",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "An entry has two names",
    references: &["APPNOTE.TXT, section 4.6.9"],
};

/// The records of a signature in a zip are unlike those that it covers.
pub static SIGNATURE_RECORD_UNLIKE_OTHERS: Definition = Definition {
    id: "signature-record-unlike-others",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "The records of a signature in a zip are unlike those that it covers",
    references: &["APPNOTE.TXT, sections 4.3.7 and 4.3.12"],
};
