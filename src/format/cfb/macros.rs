//! Signatures over VBA projects in binary documents: a blob in the document summary information of workbooks and presentations
//! ([MS-OSHARED] section 2.3.3.2.2.1). Word keeps them in its table stream, which is not read.

use crate::base::blob::ReadAt;
use crate::format::cfb::{Compound, u32_at};
use crate::format::error::Error;
use crate::format::msi::pool;
use crate::format::office::blob;
use crate::format::office::project::{self, Generation, Stored};
use crate::model::extract::{Extract, Gap};

const DOCUMENT_SUMMARY: &str = "\u{5}DocumentSummaryInformation";
/// VT_BLOB.
const BLOB: u32 = 0x41;
/// Properties that are looked at.
const MAX_PROPERTIES: u32 = 256;

pub(super) fn read(blob: &dyn ReadAt, compound: &Compound, out: &mut Extract) -> Result<(), Error> {
    let has = |name: &str| compound.find(0, name).is_some();
    if has("WordDocument") && has("Macros") {
        out.gaps.push(Gap {
            what: "signatures over the macros".into(),
            why: "those of binary Word documents are not read ([MS-DOC] section 2.9.298)".into(),
        });
    }
    if has("_signatures") || has("_xmlsignatures") {
        out.gaps.push(Gap {
            what: "signatures over the document".into(),
            why: "those of binary Office documents are not examined ([MS-OFFCRYPTO] section 2.5)"
                .into(),
        });
    }
    let Some((_, node)) = compound.find(0, DOCUMENT_SUMMARY) else {
        return Ok(());
    };
    let Some(bytes) = compound.bytes(blob, node, project::MAX_PART)? else {
        out.gaps.push(Gap {
            what: "document summary information".into(),
            why: format!("it has {} bytes", node.size),
        });
        return Ok(());
    };
    for range in blobs(&bytes).unwrap_or_default() {
        let Some(part) = bytes.get(range.clone()) else {
            continue;
        };
        if blob::signature(part).is_none() {
            continue;
        }
        let place = pool::span(node, range);
        project::add(Generation::Legacy, &Stored { part, place }, out);
        let finding = project::legacy_only(out);
        out.findings.push(finding);
        break;
    }
    Ok(())
}

/// Where the blobs of the first property set stand.
fn blobs(bytes: &[u8]) -> Option<Vec<std::ops::Range<usize>>> {
    let set = usize::try_from(u32_at(bytes, 44)?).ok()?;
    let count = u32_at(bytes, set.checked_add(4)?)?.min(MAX_PROPERTIES);
    let blobs = (0..count).filter_map(|n| {
        let entry = set.checked_add(usize::try_from(n.checked_mul(8)?.checked_add(12)?).ok()?)?;
        let at = set.checked_add(usize::try_from(u32_at(bytes, entry)?).ok()?)?;
        let start = at.checked_add(8)?;
        let len = usize::try_from(u32_at(bytes, at.checked_add(4)?)?).ok()?;
        (u32_at(bytes, at)? == BLOB).then_some(start..start.checked_add(len)?)
    });
    Some(blobs.collect())
}
