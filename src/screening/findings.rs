//! The findings that this room raises. Each has its long text in `docs/findings/<id>.md`.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them; a test holds this list against the documents and the code.
pub static ALL: &[&Definition] = &[
    &NAMED_BY_INSTRUMENT,
    &REACHED_BY_AFFILIATE_RULE,
    &INSTRUMENT_NOT_IN_FORCE,
    &SCREENING_CLEAR,
    &SCREENING_DATA_STALE,
    &COUNTRY_OF_CONCERN,
    &LIST_NOT_SCREENED,
    &OWNERSHIP_CHAIN_INCOMPLETE,
    &OWNER_ABROAD,
    &MAKER_ABROAD,
    &SIGNERS_OF_TWO_COUNTRIES,
    &UPDATES_FROM_ABROAD,
];

/// A party is named.
pub static NAMED_BY_INSTRUMENT: Definition = Definition {
    id: "named-by-instrument",
    dimension: Dimension::Instruments,
    severity: Severity::High,
    title: "a party is named in a legal instrument",
    references: &[],
};

/// A party is reached through ownership.
pub static REACHED_BY_AFFILIATE_RULE: Definition = Definition {
    id: "reached-by-affiliate-rule",
    dimension: Dimension::Instruments,
    severity: Severity::High,
    title: "the affiliate rule of a legal instrument reaches a party",
    references: &[],
};

/// A party is named or reached, but not at this date.
pub static INSTRUMENT_NOT_IN_FORCE: Definition = Definition {
    id: "instrument-not-in-force",
    dimension: Dimension::Instruments,
    severity: Severity::Info,
    title: "a legal instrument concerns a party but is not in force at the judgement time",
    references: &[],
};

/// Nothing matched.
pub static SCREENING_CLEAR: Definition = Definition {
    id: "screening-clear",
    dimension: Dimension::Instruments,
    severity: Severity::Info,
    title: "no instrument matched; this is not a clearance",
    references: &[],
};

/// The data are older than the limit, so that a negative answer is none.
pub static SCREENING_DATA_STALE: Definition = Definition {
    id: "screening-data-stale",
    dimension: Dimension::Instruments,
    severity: Severity::Medium,
    title: "the instrument data are too old for the judgement time",
    references: &[],
};

/// A claim of jurisdiction names a country of a set.
pub static COUNTRY_OF_CONCERN: Definition = Definition {
    id: "country-of-concern",
    dimension: Dimension::Jurisdiction,
    severity: Severity::Medium,
    title: "a claim of jurisdiction names a country that an instrument lists",
    references: &["15 CFR 791.4"],
};

/// A list that is installed did not answer.
pub static LIST_NOT_SCREENED: Definition = Definition {
    id: "list-not-screened",
    dimension: Dimension::Instruments,
    severity: Severity::Medium,
    title: "an installed restricted-party list could not be screened",
    references: &[],
};

/// A chain of owners could not be followed to its end.
pub static OWNERSHIP_CHAIN_INCOMPLETE: Definition = Definition {
    id: "ownership-chain-incomplete",
    dimension: Dimension::Ownership,
    severity: Severity::Medium,
    title: "a chain of owners could not be followed to its end",
    references: &[],
};

/// The owner or controller of a signer has its seat in another country.
pub static OWNER_ABROAD: Definition = Definition {
    id: "owner-abroad",
    dimension: Dimension::Ownership,
    severity: Severity::Medium,
    title: "the owner or controller of a signer has its seat in another country",
    references: &[],
};

/// The file names a maker whose seat is in another country than its signer's.
pub static MAKER_ABROAD: Definition = Definition {
    id: "maker-abroad",
    dimension: Dimension::Jurisdiction,
    severity: Severity::Medium,
    title: "the file names a maker whose seat is in another country than its signer's",
    references: &[],
};

/// One file is signed by parties of different countries.
pub static SIGNERS_OF_TWO_COUNTRIES: Definition = Definition {
    id: "signers-of-two-countries",
    dimension: Dimension::Jurisdiction,
    severity: Severity::Medium,
    title: "one file is signed by parties of different countries",
    references: &[],
};

/// Updates or downloads come from networks of another country than the signer's.
pub static UPDATES_FROM_ABROAD: Definition = Definition {
    id: "updates-from-abroad",
    dimension: Dimension::Infrastructure,
    severity: Severity::Medium,
    title: "updates or downloads come from networks of another country than the signer's",
    references: &[],
};
