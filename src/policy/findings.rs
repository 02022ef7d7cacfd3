//! The findings that this room raises: the reasons of built-in policies and of waivers. Each has its long text in
//! `docs/findings/<id>.md`.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them; a test holds this list against the documents and the code.
pub static ALL: &[&Definition] = &[
    &SUBJECT_MALFORMED,
    &SUBJECT_NOT_EXAMINED,
    &SIGNER_NOT_ALLOWED,
    &MEMBER_UNSIGNED,
    &PROHIBITION_IN_FORCE,
    &PARTY_LISTED,
    &LISTING_UNKNOWN,
    &SIGNER_IN_COUNTRY_OF_CONCERN,
    &PROHIBITION_COMING,
    &WEAK_DIGEST,
    &NOT_EXAMINED,
    &WAIVER_EXPIRED,
    &WAIVER_NEEDS_INSTANCE,
    &NOTHING_CHECKED,
];

/// The file claims a format and breaks its rules.
pub static SUBJECT_MALFORMED: Definition = Definition {
    id: "subject-malformed",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "the file claims a format and breaks its rules",
    references: &[],
};

/// The file could not be examined.
pub static SUBJECT_NOT_EXAMINED: Definition = Definition {
    id: "subject-not-examined",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "the file could not be examined",
    references: &[],
};

/// The signer is not on the list of allowed ones.
pub static SIGNER_NOT_ALLOWED: Definition = Definition {
    id: "signer-not-allowed",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "the signer is not on the list of allowed ones",
    references: &[],
};

/// An executable inside a container carries no signature.
pub static MEMBER_UNSIGNED: Definition = Definition {
    id: "member-unsigned",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "an executable inside carries no signature",
    references: &[],
};

/// An instrument that this policy enforces prohibits the signer's products.
pub static PROHIBITION_IN_FORCE: Definition = Definition {
    id: "prohibition-in-force",
    dimension: Dimension::Instruments,
    severity: Severity::High,
    title: "an instrument that this policy enforces prohibits the signer's products",
    references: &[],
};

/// A party is named or reached by an instrument in force.
pub static PARTY_LISTED: Definition = Definition {
    id: "party-listed",
    dimension: Dimension::Instruments,
    severity: Severity::Medium,
    title: "a party is named or reached by an instrument in force",
    references: &[],
};

/// It cannot be said whether an instrument is in force for a party.
pub static LISTING_UNKNOWN: Definition = Definition {
    id: "listing-unknown",
    dimension: Dimension::Instruments,
    severity: Severity::Medium,
    title: "it cannot be said whether an instrument is in force for a party",
    references: &[],
};

/// A claim about the signer names a country of concern.
pub static SIGNER_IN_COUNTRY_OF_CONCERN: Definition = Definition {
    id: "signer-in-country-of-concern",
    dimension: Dimension::Jurisdiction,
    severity: Severity::Medium,
    title: "a claim about the signer names a country of concern",
    references: &["15 CFR 791.4"],
};

/// A prohibition is issued and not yet effective.
pub static PROHIBITION_COMING: Definition = Definition {
    id: "prohibition-coming",
    dimension: Dimension::Instruments,
    severity: Severity::Medium,
    title: "a prohibition is issued and not yet effective",
    references: &[],
};

/// A signature is over a digest that no longer withstands collisions.
pub static WEAK_DIGEST: Definition = Definition {
    id: "weak-digest",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "a signature is over a digest that no longer withstands collisions",
    references: &["RFC 6194", "RFC 6151"],
};

/// Something was seen and not examined.
pub static NOT_EXAMINED: Definition = Definition {
    id: "not-examined",
    dimension: Dimension::Transparency,
    severity: Severity::Low,
    title: "something was seen and not examined",
    references: &[],
};

/// A waiver that would cover a reason has ended.
pub static WAIVER_EXPIRED: Definition = Definition {
    id: "waiver-expired",
    dimension: Dimension::Transparency,
    severity: Severity::Low,
    title: "a waiver that would cover a reason has ended",
    references: &[],
};

/// A waiver for every file covers a reason that takes one instance at a time.
pub static WAIVER_NEEDS_INSTANCE: Definition = Definition {
    id: "waiver-needs-instance",
    dimension: Dimension::Transparency,
    severity: Severity::Low,
    title: "a waiver for every file covers a reason that takes one instance at a time",
    references: &[],
};

/// Nothing that was examined passed a check.
pub static NOTHING_CHECKED: Definition = Definition {
    id: "nothing-checked",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "nothing that was examined passed a check",
    references: &[],
};
