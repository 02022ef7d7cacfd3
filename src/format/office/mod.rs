//! Office documents with macros, and the signatures over their VBA projects.
//!
//! Specifications: [MS-OSHARED] section 2.3.2 for how a signature is stored, [MS-OVBA] section 2.4.2 for what it is over. There
//! are three generations, and an application takes the newest it knows: the first one is over an MD5 digest of the modules'
//! text, the second covers forms too, the third everything.
//!
//! What this does not prove: that the macros are what was signed. Their digest is not computed, so no signature here is ever
//! more than unverifiable, with its signer and chain.

pub(super) mod blob;
pub mod findings;
pub(super) mod project;
#[cfg(test)]
mod tests;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::zip::{self, Zip, read_entry, records};
use crate::format::{Card, Error, Format, Inside, Sniff};
use crate::model::extract::{Extract, Gap, Home, Signing};

use project::{Generation, Stored};

/// The format: Open XML documents with a VBA project.
#[derive(Debug, Clone, Copy)]
pub struct Office;

static CARD: Card = Card {
    id: "office",
    name: "Office document with macros",
    extensions: &["docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "ppam"],
    signatures: &["VBA project: legacy, agile and V3 (signer and chain)"],
    features: &["members", "generations of the signature"],
    specifications: &["ECMA-376 part 2", "[MS-OSHARED]", "[MS-OVBA]"],
    limits: &[("bytes of a signature", project::MAX_PART)],
};

/// The part with the macros.
const PROJECT: &str = "vbaproject.bin";
/// Signatures of one document, as many as there are generations, and as many again for names that stand twice.
const MAX_SIGNATURES: usize = 6;

impl Format for Office {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        let names = zip::names(sniff);
        names.iter().any(|name| name == "[Content_Types].xml")
            && names.iter().any(|name| file_name(name) == PROJECT)
    }

    fn extract(&self, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
        let mut out = Zip.extract(blob, budget)?;
        out.format = "office";
        out.description = "Office document with macros".into();
        out.home = Some(Home::Windows);
        out.signing = Signing::Optional;
        let layout = records::Layout::read(blob, budget)?;
        let mut generations = Vec::new();
        for record in &layout.entries {
            let name = file_name(&record.name);
            let Some(generation) = Generation::ALL
                .into_iter()
                .find(|generation| generation.part() == name)
            else {
                continue;
            };
            if generations.len() >= MAX_SIGNATURES {
                out.gaps.push(Gap {
                    what: record.name.clone(),
                    why: format!("there are more than {MAX_SIGNATURES} signatures"),
                });
                continue;
            }
            let place = record
                .local
                .as_ref()
                .map_or(record.central.clone(), |local| local.data.clone());
            let part = read_entry(blob, record, project::MAX_PART, budget)?;
            generations.push(generation);
            project::add(generation, &Stored { part: &part, place }, &mut out);
        }
        if layout
            .entries
            .iter()
            .any(|e| e.name.starts_with("_xmlsignatures/"))
        {
            out.gaps.push(Gap {
                what: "signatures over the document".into(),
                why: "XML signatures of Office documents are not examined".into(),
            });
        }
        if !generations.is_empty() && generations.iter().all(|g| *g == Generation::Legacy) {
            out.findings.push(project::legacy_only(&out));
        }
        Ok(out)
    }

    fn open(
        &self,
        blob: &dyn ReadAt,
        budget: &Budget<'_>,
    ) -> Result<Option<Box<dyn Inside>>, Error> {
        Zip.open(blob, budget)
    }
}

/// The last part of a path, in lower case: names of parts are compared without case (ECMA-376 part 2, section 6.2.2.3).
fn file_name(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.to_ascii_lowercase()
}
