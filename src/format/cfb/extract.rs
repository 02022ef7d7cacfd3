//! What a compound file that is of no finer format holds.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::cfb::{Compound, macros};
use crate::format::error::Error;
use crate::format::msi;
use crate::model::extract::{Extract, Home, Signing};

pub(super) fn extract(blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
    let compound = Compound::read(blob, budget)?;
    let mut out = Extract {
        format: "cfb",
        description: describe(&compound).into(),
        home: Some(Home::Windows),
        signing: Signing::None,
        findings: compound.findings(blob, budget)?,
        claimed: msi::summary::claims(blob, &compound)?,
        ..Extract::default()
    };
    msi::signature::read(blob, &compound, &mut out)?;
    macros::read(blob, &compound, &mut out)?;
    Ok(out)
}

/// Entries of the root that make a kind of document.
const KINDS: &[(&str, &str)] = &[
    ("WordDocument", "Word document, binary"),
    ("Workbook", "Excel workbook, binary"),
    ("Book", "Excel workbook, binary"),
    ("PowerPoint Document", "PowerPoint presentation, binary"),
    ("__properties_version1.0", "Outlook message"),
    ("PROJECT", "VBA project"),
];

fn describe(compound: &Compound) -> &'static str {
    let kind = KINDS
        .iter()
        .find(|(name, _)| compound.find(0, name).is_some());
    kind.map_or("compound file", |(_, kind)| kind)
}
