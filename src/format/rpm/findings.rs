//! The reasons for calling an rpm package malformed.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[&RPM_MALFORMED, &RPM_PAYLOAD_DIFFERS];

/// An rpm package breaks the rules of its format.
pub static RPM_MALFORMED: Definition = Definition {
    id: "rpm-malformed",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "rpm package breaks the rules of its format",
    references: &["RPM package format, versions 3, 4 and 6"],
};

/// The payload of an rpm package is not what its header lists.
pub static RPM_PAYLOAD_DIFFERS: Definition = Definition {
    id: "rpm-payload-differs",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Payload of an rpm package is not what its header lists",
    references: &["RPM package format, versions 3, 4 and 6"],
};
