//! Records of the LEI system as data: who an identifier stands for, who consolidates whom, and why a parent is not reported.
//!
//! Words are the system's own (LEI-CDF 3.1, RR-CDF 2.1, Reporting Exceptions 2.1); nothing is concluded here.

use time::Date;

/// A level 1 record: who an LEI stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeiRecord {
    /// The LEI.
    pub lei: String,
    /// Legal name, as the record writes it; text from outside.
    pub name: String,
    /// Other and transliterated names with the system's word for each: `PREVIOUS_LEGAL_NAME`.
    pub other_names: Vec<(String, String)>,
    /// Country of the legal (registered) address, ISO 3166-1.
    pub legal_country: String,
    /// Country of the headquarters, ISO 3166-1.
    pub headquarters_country: String,
    /// Legal jurisdiction, ISO 3166-1 or 3166-2: `US-DE`.
    pub jurisdiction: String,
    /// Code of the register, from the Registration Authorities List: `RA000585`.
    pub register: String,
    /// Its number there.
    pub register_number: String,
    /// `GENERAL`, `BRANCH`, `FUND` …
    pub category: String,
    /// `ACTIVE`, `INACTIVE` or `NULL`.
    pub status: String,
    /// The LEI of its successor.
    pub successor: String,
    /// `ISSUED`, `LAPSED`, `RETIRED` …
    pub registration: String,
    /// `FULLY_CORROBORATED`, `PARTIALLY_CORROBORATED`, `ENTITY_SUPPLIED_ONLY` or `PENDING`.
    pub corroboration: String,
    /// Day of the last change.
    pub updated: Option<Date>,
}

/// A level 2 relationship record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeiRelationship {
    /// The start node: the entity below.
    pub child: String,
    /// The end node: the entity above.
    pub parent: String,
    /// `IS_DIRECTLY_CONSOLIDATED_BY` …
    pub kind: String,
    /// `ACTIVE`, `INACTIVE` or `NULL`.
    pub status: String,
    /// Start of the relationship period, where one is given.
    pub from: Option<Date>,
    /// Last day of the relationship period, where one is given.
    pub to: Option<Date>,
    /// Accounting standard: `IFRS`, `US_GAAP`, `OTHER_ACCOUNTING_STANDARD`.
    pub standard: String,
    /// `PUBLISHED`, `LAPSED`, `RETIRED` …
    pub registration: String,
    /// As in [`LeiRecord::corroboration`].
    pub corroboration: String,
    /// Day of the last change.
    pub updated: Option<Date>,
}

/// A level 2 reporting exception: why no parent is reported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeiException {
    /// The entity.
    pub lei: String,
    /// `DIRECT_ACCOUNTING_CONSOLIDATION_PARENT` or `ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT`.
    pub category: String,
    /// `NATURAL_PERSONS`, `NO_KNOWN_PERSON` …
    pub reasons: Vec<String>,
}

/// One record of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeiRow {
    /// Level 1.
    Entity(Box<LeiRecord>),
    /// Level 2, who consolidates whom.
    Relationship(Box<LeiRelationship>),
    /// Level 2, why nobody is named.
    Exception(LeiException),
}

impl LeiRow {
    /// The LEI that it is found by.
    pub fn lei(&self) -> &str {
        match self {
            Self::Entity(record) => &record.lei,
            Self::Relationship(relationship) => &relationship.child,
            Self::Exception(exception) => &exception.lei,
        }
    }
}
