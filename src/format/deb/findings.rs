//! The findings that Debian packages raise, and the reasons for calling one malformed.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[
    &DEB_MALFORMED,
    &EMBEDDED_SIGNATURE_UNVERIFIED,
    &UNEXPECTED_MEMBER,
];

/// A Debian package breaks the rules of its format.
pub static DEB_MALFORMED: Definition = Definition {
    id: "deb-malformed",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Debian package breaks the rules of its format",
    references: &["deb(5)"],
};

/// A signature inside a package was not verified.
pub static EMBEDDED_SIGNATURE_UNVERIFIED: Definition = Definition {
    id: "embedded-signature-unverified",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "A signature inside a package was not verified",
    references: &["debsigs(1p)", "debsig-verify(1)"],
};

/// A package has a member that its installer does not read.
pub static UNEXPECTED_MEMBER: Definition = Definition {
    id: "unexpected-member",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "A package has a member that its installer does not read",
    references: &["deb(5)"],
};
