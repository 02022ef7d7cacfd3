//! What a compound file that is of no finer format holds.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::cfb::Compound;
use crate::format::error::Error;
use crate::format::msi;
use crate::model::extract::{Extract, Home};

pub(super) fn extract(blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
    let compound = Compound::read(blob, budget)?;
    let mut out = Extract {
        format: "cfb",
        description: "compound file".into(),
        home: Some(Home::Windows),
        findings: compound.findings(blob, budget)?,
        ..Extract::default()
    };
    msi::signature::read(blob, &compound, &mut out)?;
    Ok(out)
}
