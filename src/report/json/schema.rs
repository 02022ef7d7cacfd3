//! The published schema: generated from the types, kept in `schema/`, printed by `bonafide schema`.

use schemars::generate::SchemaSettings;

use super::document::{Report, SCHEMA_VERSION};

/// The schema as it is published. A test holds it against the types.
pub const PUBLISHED: &str = include_str!("../../../schema/report-1.0.json");

/// The schema as the types are now, ending in a line feed.
///
/// # Errors
/// Never for these types; serde's signature asks for it.
pub fn generate() -> Result<String, serde_json::Error> {
    let generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    let mut schema = generator.into_root_schema_for::<Report>();
    schema.insert(
        "$id".to_owned(),
        format!("urn:bonafide:report:{SCHEMA_VERSION}").into(),
    );
    schema.insert("title".to_owned(), "bonafide report".into());
    serde_json::to_string_pretty(&schema).map(|text| text + "\n")
}
