//! The reasons for calling an installer's payload malformed.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[&INSTALLER_HEADER, &INSTALLER_DATA];

/// The list of what an installer carries cannot be read.
pub static INSTALLER_HEADER: Definition = Definition {
    id: "installer-header",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "List of what an installer carries cannot be read",
    references: &["the installer's own format: NSIS, Inno Setup, WiX Burn"],
};

/// A part of what an installer carries does not decode.
pub static INSTALLER_DATA: Definition = Definition {
    id: "installer-data",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A part of what an installer carries does not decode",
    references: &["the installer's own format: NSIS, Inno Setup, WiX Burn"],
};
