//! Why configuration cannot be read.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[&CONFIGURATION_MALFORMED, &DUPLICATE_KEY];

/// Configuration breaks the rules of its syntax.
pub static CONFIGURATION_MALFORMED: Definition = Definition {
    id: "configuration-malformed",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "Updater configuration breaks the rules of its syntax",
    references: &["RFC 8259", "YAML 1.2.2", "XML 1.0"],
};

/// A key stands twice in one mapping.
pub static DUPLICATE_KEY: Definition = Definition {
    id: "duplicate-key",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "A key stands twice in one mapping of updater configuration",
    references: &["RFC 8259, section 4", "YAML 1.2.2, section 3.2.1.1"],
};
