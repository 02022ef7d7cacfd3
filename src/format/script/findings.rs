//! The findings that scripts raise.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[
    &TEXT_AFTER_SIGNATURE,
    &SIGNATURE_DAMAGED_BY_LINE_ENDINGS,
    &MALFORMED_SIGNATURE_BLOCK,
    &MULTIPLE_SIGNATURE_BLOCKS,
    &SCRIPT_READ_OTHERWISE,
];

/// Text follows the signature of a script.
pub static TEXT_AFTER_SIGNATURE: Definition = Definition {
    id: "text-after-signature",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Text follows the signature of the script, and it is not signed",
    references: &[],
};

/// The line breaks of a signature block were converted.
pub static SIGNATURE_DAMAGED_BY_LINE_ENDINGS: Definition = Definition {
    id: "signature-damaged-by-line-endings",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "The script's line endings were converted after it was signed",
    references: &[],
};

/// A signature block that cannot be read.
pub static MALFORMED_SIGNATURE_BLOCK: Definition = Definition {
    id: "malformed-signature-block",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "The script's signature block is malformed",
    references: &["RFC 4648, section 4 (base64)"],
};

/// More than one signature block.
pub static MULTIPLE_SIGNATURE_BLOCKS: Definition = Definition {
    id: "multiple-signature-blocks",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "The script has more than one signature block",
    references: &[],
};

/// The signature matches only where the script is read in another way.
pub static SCRIPT_READ_OTHERWISE: Definition = Definition {
    id: "script-read-otherwise",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "The signature matches only where the script is read in another way than is usual for its kind",
    references: &[],
};
