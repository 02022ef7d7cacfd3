//! The findings that compound files raise, and the reasons for calling one malformed.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[
    &NOT_COMPOUND_FILE,
    &COMPOUND_FILE_OUT_OF_BOUNDS,
    &SECTOR_CHAIN_LOOP,
    &SECTOR_IN_TWO_CHAINS,
    &DIRECTORY_LOOP,
    &COMPOUND_FILE_DIRECTORY,
    &COMPOUND_FILE_IRREGULAR,
    &UNSIGNED_SLACK,
];

/// Starts like a compound file but is none.
pub static NOT_COMPOUND_FILE: Definition = Definition {
    id: "not-compound-file",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Starts like a compound file but is none",
    references: &["[MS-CFB] section 2.2 (compound file header)"],
};

/// A structure of the compound file reaches past what is there.
pub static COMPOUND_FILE_OUT_OF_BOUNDS: Definition = Definition {
    id: "compound-file-out-of-bounds",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A structure of the compound file reaches past what is there",
    references: &["[MS-CFB] sections 2.3 to 2.6"],
};

/// A chain of sectors runs in a circle.
pub static SECTOR_CHAIN_LOOP: Definition = Definition {
    id: "sector-chain-loop",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A chain of sectors runs in a circle",
    references: &["[MS-CFB] section 2.3 (FAT sectors)"],
};

/// One sector belongs to two chains.
pub static SECTOR_IN_TWO_CHAINS: Definition = Definition {
    id: "sector-in-two-chains",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "One sector belongs to two chains",
    references: &["[MS-CFB] section 2.3 (FAT sectors)"],
};

/// The directory refers to one entry twice.
pub static DIRECTORY_LOOP: Definition = Definition {
    id: "directory-loop",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "The directory refers to one entry twice",
    references: &["[MS-CFB] section 2.6.4 (red-black tree)"],
};

/// An entry of the directory cannot be what it is.
pub static COMPOUND_FILE_DIRECTORY: Definition = Definition {
    id: "compound-file-directory",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "An entry of the directory cannot be what it is",
    references: &["[MS-CFB] section 2.6.1 (compound file directory entry)"],
};

/// Fields that nothing signs have values that no writer gives them.
pub static COMPOUND_FILE_IRREGULAR: Definition = Definition {
    id: "compound-file-irregular",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "Fields that nothing signs have unusual values",
    references: &["[MS-CFB] sections 2.2 to 2.6"],
};

/// Bytes between the streams hold data.
pub static UNSIGNED_SLACK: Definition = Definition {
    id: "unsigned-slack",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "Bytes between the streams hold data that nothing signs",
    references: &["[MS-CFB] section 2.7 (user-defined data sectors)"],
};
