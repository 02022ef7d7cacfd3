//! The published schema: generated from the types, kept in `schema/`, printed by `bonafide schema`.

use schemars::generate::SchemaSettings;

use super::document::{Report, SCHEMA_VERSION};
use crate::report::diff::Difference;
use crate::report::screening::Screening;

/// The schema as it is published. A test holds it against the types.
pub const PUBLISHED: &str = include_str!("../../../schema/report-1.0.json");

/// The documents that have a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// What `verify` and `inspect` write.
    Report,
    /// What `diff -f json` writes.
    Diff,
    /// What `vendor --screen … -f json` writes.
    Screening,
}

impl Document {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Report, Self::Diff, Self::Screening];

    /// The word in its schema's id and file name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Diff => "diff",
            Self::Screening => "screening",
        }
    }

    /// Where its schema is published in the repository.
    pub fn file(self) -> String {
        format!("schema/{}-{SCHEMA_VERSION}.json", self.name())
    }
}

/// The report's schema as the types are now, ending in a line feed.
///
/// # Errors
/// Never for these types; serde's signature asks for it.
pub fn generate() -> Result<String, serde_json::Error> {
    schema_of(Document::Report)
}

/// The schema of a document as the types are now, ending in a line feed.
///
/// # Errors
/// Never for these types; serde's signature asks for it.
pub fn schema_of(document: Document) -> Result<String, serde_json::Error> {
    let generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    let mut schema = match document {
        Document::Report => generator.into_root_schema_for::<Report>(),
        Document::Diff => generator.into_root_schema_for::<Difference>(),
        Document::Screening => generator.into_root_schema_for::<Screening>(),
    };
    let name = document.name();
    schema.insert(
        "$id".to_owned(),
        format!("urn:bonafide:{name}:{SCHEMA_VERSION}").into(),
    );
    schema.insert("title".to_owned(), format!("bonafide {name}").into());
    serde_json::to_string_pretty(&schema).map(|text| text + "\n")
}
