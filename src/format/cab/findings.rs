//! The findings that cabinets raise, and the reasons for calling one malformed.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[
    &CAB_OUT_OF_BOUNDS,
    &CAB_DATA_DAMAGED,
    &CAB_SIGNATURE_OUT_OF_BOUNDS,
    &CAB_SIGNATURE_MISPLACED,
    &CAB_UNSIGNED_HEADER_FIELD,
    &CAB_NUMBER_NOT_SIGNED,
    &CAB_MEMBERS_OVERLAP,
];

/// A structure of the cabinet reaches past its end.
pub static CAB_OUT_OF_BOUNDS: Definition = Definition {
    id: "cab-out-of-bounds",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A structure of the cabinet reaches past its end",
    references: &["MS-CAB, section 2 (structures)"],
};

/// A cabinet's data cannot be decoded.
pub static CAB_DATA_DAMAGED: Definition = Definition {
    id: "cab-data-damaged",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "The cabinet's data cannot be decoded",
    references: &["MS-CAB, section 2.7 (CFDATA)", "MS-MCI", "MS-PATCH"],
};

/// The cabinet's signature reaches past the end of the file.
pub static CAB_SIGNATURE_OUT_OF_BOUNDS: Definition = Definition {
    id: "cab-signature-out-of-bounds",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "The cabinet's signature reaches past the end of the file",
    references: &["MS-CAB, section 2.1 (CFHEADER, abReserve)"],
};

/// The cabinet's signature does not stand between its end and the end of the file.
pub static CAB_SIGNATURE_MISPLACED: Definition = Definition {
    id: "cab-signature-misplaced",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "The cabinet's signature does not follow it directly, or is not the last of the file",
    references: &["MS-CAB, section 2.1 (CFHEADER, abReserve)"],
};

/// A header field that no signature covers has a value that signers do not write.
pub static CAB_UNSIGNED_HEADER_FIELD: Definition = Definition {
    id: "cab-unsigned-header-field",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "A header field that the cabinet's signature does not cover has an unusual value",
    references: &["MS-CAB, section 2.1 (CFHEADER)"],
};

/// The signature matches only where the cabinet's number in its set is left out.
pub static CAB_NUMBER_NOT_SIGNED: Definition = Definition {
    id: "cab-number-not-signed",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "The cabinet's number in its set is not signed",
    references: &["MS-CAB, section 2.1 (CFHEADER, iCabinet)"],
};

/// Members of a cabinet share data.
pub static CAB_MEMBERS_OVERLAP: Definition = Definition {
    id: "cab-members-overlap",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "Members of the cabinet share data",
    references: &["MS-CAB, section 2.5 (CFFILE, uoffFolderStart)"],
};
