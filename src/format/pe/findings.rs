//! The findings that PE images raise, and the reasons for calling one malformed.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[
    &NOT_PE,
    &HEADERS_OUT_OF_BOUNDS,
    &CERTIFICATE_TABLE_OUT_OF_BOUNDS,
    &CERTIFICATE_TABLE_OVERLAPS_HEADERS,
    &BAD_WINCERT_LENGTH,
    &WINCERT_EXCEEDS_TABLE,
    &SIGNATURE_INSIDE_IMAGE,
    &DATA_AFTER_CERTIFICATE_TABLE,
    &MULTIPLE_CERTIFICATE_ENTRIES,
    &ORPHANED_SIGNATURE,
    &UNKNOWN_WINCERT_TYPE,
    &WINCERT_REVISION,
    &CERTIFICATE_TABLE_NOT_ALIGNED,
    &UNAUTHENTICATED_DATA_IN_WINCERT,
];

/// Starts like a Windows executable but is none.
pub static NOT_PE: Definition = Definition {
    id: "not-pe",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Starts like a Windows executable but is none",
    references: &["PE format, section 4 (MS-DOS stub, signature, COFF header)"],
};

/// PE headers reach past the end of the file.
pub static HEADERS_OUT_OF_BOUNDS: Definition = Definition {
    id: "headers-out-of-bounds",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "PE headers reach past the end of the file",
    references: &["PE format, sections 3.3 to 3.5"],
};

/// Certificate table reaches past the end of the file.
pub static CERTIFICATE_TABLE_OUT_OF_BOUNDS: Definition = Definition {
    id: "certificate-table-out-of-bounds",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Certificate table reaches past the end of the file",
    references: &["PE format, section 4.8 (attribute certificate table)"],
};

/// Certificate table starts inside the headers.
pub static CERTIFICATE_TABLE_OVERLAPS_HEADERS: Definition = Definition {
    id: "certificate-table-overlaps-headers",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Certificate table starts inside the headers",
    references: &["PE format, section 4.8 (attribute certificate table)"],
};

/// Certificate table entry has an impossible length.
pub static BAD_WINCERT_LENGTH: Definition = Definition {
    id: "bad-wincert-length",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Certificate table entry has an impossible length",
    references: &["PE format, section 4.8 (attribute certificate table)"],
};

/// Certificate table entry is longer than its table.
pub static WINCERT_EXCEEDS_TABLE: Definition = Definition {
    id: "wincert-exceeds-table",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Certificate table entry is longer than its table",
    references: &["PE format, section 4.8 (attribute certificate table)"],
};

/// Certificate table lies inside the loaded image.
pub static SIGNATURE_INSIDE_IMAGE: Definition = Definition {
    id: "signature-inside-image",
    dimension: Dimension::Integrity,
    severity: Severity::Critical,
    title: "Certificate table lies inside the loaded image",
    references: &[
        "Windows Authenticode Portable Executable Signature Format, version 1.0, calculating the PE image hash",
    ],
};

/// Data follows the certificate table.
pub static DATA_AFTER_CERTIFICATE_TABLE: Definition = Definition {
    id: "data-after-certificate-table",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Data follows the certificate table",
    references: &[
        "Windows Authenticode Portable Executable Signature Format, version 1.0, calculating the PE image hash",
    ],
};

/// Certificate table has more than one entry.
pub static MULTIPLE_CERTIFICATE_ENTRIES: Definition = Definition {
    id: "multiple-certificate-entries",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "Certificate table has more than one entry",
    references: &[
        "PE format, section 4.8 (attribute certificate table)",
        "UEFI specification, section 32.5.3.3 (authorization process)",
    ],
};

/// A signature is in the file but nothing points to it.
pub static ORPHANED_SIGNATURE: Definition = Definition {
    id: "orphaned-signature",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A signature is in the file but nothing points to it",
    references: &["PE format, section 4.8 (attribute certificate table)"],
};

/// Certificate table entry is not Authenticode.
pub static UNKNOWN_WINCERT_TYPE: Definition = Definition {
    id: "unknown-wincert-type",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "Certificate table entry is not Authenticode",
    references: &[
        "PE format, section 4.8 (attribute certificate table)",
        "UEFI specification, section 32.2.4 (WIN_CERTIFICATE)",
    ],
};

/// Certificate table entry has an unusual revision.
pub static WINCERT_REVISION: Definition = Definition {
    id: "wincert-revision",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "Certificate table entry has an unusual revision",
    references: &["PE format, section 4.8 (attribute certificate table)"],
};

/// Certificate table is not aligned to eight bytes.
pub static CERTIFICATE_TABLE_NOT_ALIGNED: Definition = Definition {
    id: "certificate-table-not-aligned",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "Certificate table is not aligned to eight bytes",
    references: &["PE format, section 4.8 (attribute certificate table)"],
};

/// Unsigned data follows the signature inside its slot.
pub static UNAUTHENTICATED_DATA_IN_WINCERT: Definition = Definition {
    id: "unauthenticated-data-in-wincert",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Unsigned data follows the signature inside its slot",
    references: &[
        "CVE-2013-3900",
        "Microsoft Security Bulletin MS13-098",
        "Microsoft Security Advisory 2915720",
    ],
};
