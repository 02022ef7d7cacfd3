//! From a compound file to what a package holds.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::cfb::Compound;
use crate::format::error::Error;
use crate::format::msi::{claims, kind, signature};
use crate::model::extract::{Extract, Home, Signing};

pub(super) fn extract(blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
    let compound = Compound::read(blob, budget)?;
    let kind = compound.root().and_then(|root| kind(&root.clsid));
    let mut out = Extract {
        format: "msi",
        description: format!("Windows Installer {}", kind.unwrap_or("database")),
        home: Some(Home::Windows),
        signing: Signing::Expected,
        findings: compound.findings(blob, budget)?,
        ..Extract::default()
    };
    signature::read(blob, &compound, &mut out)?;
    claims::read(blob, &compound, &mut out)?;
    Ok(out)
}
