//! The findings that this room raises: the reasons of built-in policies and of waivers. Each has its long text in
//! `docs/findings/<id>.md`.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them; a test holds this list against the documents and the code.
pub static ALL: &[&Definition] = &[
    &SUBJECT_MALFORMED,
    &SUBJECT_NOT_EXAMINED,
    &SIGNATURE_MISSING,
    &SIGNATURE_INVALID,
    &ONE_SIGNATURE_INVALID,
    &SIGNATURE_UNVERIFIABLE,
    &SIGNER_DISTRUSTED,
    &CERTIFICATE_REVOKED,
    &SIGNER_NOT_TRUSTED,
    &SIGNATURE_EXPIRED,
    &TRUST_UNKNOWN,
    &TRUST_NOT_CHECKED,
    &SIGNER_NOT_ALLOWED,
    &PROHIBITION_IN_FORCE,
    &PARTY_LISTED,
    &LISTING_UNKNOWN,
    &SIGNER_IN_COUNTRY_OF_CONCERN,
    &PROHIBITION_COMING,
    &WEAK_DIGEST,
    &SIGNING_TIME_NOT_ATTESTED,
    &REVOCATION_UNKNOWN,
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

/// The file carries no signature.
pub static SIGNATURE_MISSING: Definition = Definition {
    id: "signature-missing",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "the file carries no signature",
    references: &[],
};

/// No signature of the file holds.
pub static SIGNATURE_INVALID: Definition = Definition {
    id: "signature-invalid",
    dimension: Dimension::Integrity,
    severity: Severity::Critical,
    title: "no signature of the file holds",
    references: &[],
};

/// One of several signatures does not hold.
pub static ONE_SIGNATURE_INVALID: Definition = Definition {
    id: "one-signature-invalid",
    dimension: Dimension::Integrity,
    severity: Severity::Critical,
    title: "one of several signatures does not hold",
    references: &[],
};

/// A signature rests on an algorithm that is not computed with.
pub static SIGNATURE_UNVERIFIABLE: Definition = Definition {
    id: "signature-unverifiable",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "a signature rests on an algorithm that is not computed with",
    references: &[],
};

/// The trust programme withdrew its trust.
pub static SIGNER_DISTRUSTED: Definition = Definition {
    id: "signer-distrusted",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "the trust programme withdrew its trust",
    references: &[],
};

/// A certificate of the chain is revoked for the time that counts.
pub static CERTIFICATE_REVOKED: Definition = Definition {
    id: "certificate-revoked",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "a certificate of the chain is revoked for the time that counts",
    references: &["RFC 5280 section 3.3"],
};

/// No trusted chain leads to the signer.
pub static SIGNER_NOT_TRUSTED: Definition = Definition {
    id: "signer-not-trusted",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "no trusted chain leads to the signer",
    references: &[],
};

/// The chain is out of its time and no timestamp saves it.
pub static SIGNATURE_EXPIRED: Definition = Definition {
    id: "signature-expired",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "the chain is out of its time and no timestamp saves it",
    references: &[],
};

/// Trust could not be established.
pub static TRUST_UNKNOWN: Definition = Definition {
    id: "trust-unknown",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "trust could not be established",
    references: &[],
};

/// Trust was not asked for.
pub static TRUST_NOT_CHECKED: Definition = Definition {
    id: "trust-not-checked",
    dimension: Dimension::Identity,
    severity: Severity::Medium,
    title: "trust was not asked for",
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

/// No timestamp that holds attests the time of signing.
pub static SIGNING_TIME_NOT_ATTESTED: Definition = Definition {
    id: "signing-time-not-attested",
    dimension: Dimension::Identity,
    severity: Severity::Low,
    title: "no timestamp that holds attests the time of signing",
    references: &["RFC 3161"],
};

/// It is not known whether the chain is revoked.
pub static REVOCATION_UNKNOWN: Definition = Definition {
    id: "revocation-unknown",
    dimension: Dimension::Identity,
    severity: Severity::Low,
    title: "it is not known whether the chain is revoked",
    references: &[],
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
