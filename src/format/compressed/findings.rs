//! The findings that compressed files raise.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[&MANY_GZIP_MEMBERS];

/// A gzip file is made of very many members.
pub static MANY_GZIP_MEMBERS: Definition = Definition {
    id: "many-gzip-members",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "A gzip file is made of very many members",
    references: &["RFC 1952, section 2.2"],
};
