//! The findings that this room raises. Each has its long text in `docs/findings/<id>.md`.

use crate::model::finding::{Definition, Dimension, Severity};

macro_rules! definitions {
    ($($name:ident = $id:literal, $dimension:ident, $severity:ident, $title:literal;)*) => {
        $(
            #[doc = $title]
            pub static $name: Definition = Definition {
                id: $id,
                dimension: Dimension::$dimension,
                severity: Severity::$severity,
                title: $title,
                references: &[],
            };
        )*

        /// All of them; a test holds this list against the documents and the code.
        pub static ALL: &[&Definition] = &[$(&$name),*];
    };
}

definitions! {
    VENDOR_RECOGNISED = "vendor-recognised", Identity, Info, "The party is an entity of the vendor registry";
    VENDOR_POSSIBLE_MATCH = "vendor-possible-match", Identity, Low, "The party might be, or be affiliated with, an entity of the vendor registry";
    VENDOR_ENTRY_UNVERIFIED = "vendor-entry-unverified", Ownership, Info, "The registry has facts about the party that nobody cites";
    VENDOR_FACTS_STALE = "vendor-facts-stale", Ownership, Low, "The registry's facts about the party are due for review";
    LEI_RECORD = "lei-record", Ownership, Info, "The LEI system has a record of the party";
    LEI_NOT_FOUND = "lei-not-found", Identity, Low, "The party's LEI is not among the installed records";
    LEI_NAME_DIFFERS = "lei-name-differs", Identity, Medium, "The party's LEI stands for an entity of another name";
    LEI_PARENT_NOT_REPORTED = "lei-parent-not-reported", Ownership, Low, "The party reports no parent to the LEI system, and says why";
    LEI_DATA_STALE = "lei-data-stale", Ownership, Low, "The installed records of the LEI system are old for the judgement time";
    VENDOR_FACTS_DISPUTED = "vendor-facts-disputed", Ownership, Low, "Sides disagree about who owns or controls the party";
}
