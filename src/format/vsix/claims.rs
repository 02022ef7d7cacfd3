//! What an extension says of itself, in `extension.vsixmanifest`.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::base::xml;
use crate::format::Error;
use crate::format::zip::read_entry;
use crate::format::zip::records::Layout;
use crate::model::extract::Claimed;

/// Name of the manifest.
pub(super) const MANIFEST: &str = "extension.vsixmanifest";
/// Longest manifest read; they are a few kilobytes.
const MAX_MANIFEST: u64 = 1 << 20;

/// Claims in the manifest's order; none where it cannot be read, since no signature depends on it.
pub(super) fn read(
    blob: &dyn ReadAt,
    layout: &Layout,
    budget: &Budget<'_>,
) -> Result<Vec<Claimed>, Error> {
    let Some((record, _)) = layout.named(MANIFEST) else {
        return Ok(Vec::new());
    };
    let span = record.local.as_ref().map_or(0..0, |l| l.data.clone());
    let bytes = match read_entry(blob, record, MAX_MANIFEST, budget) {
        Err(limit @ Error::Limit(_)) => return Err(limit),
        Err(_) => return Ok(Vec::new()),
        Ok(bytes) => bytes,
    };
    let Ok(document) = xml::parse(&bytes) else {
        return Ok(Vec::new());
    };
    let mut claimed = Vec::new();
    let mut push = |key: &str, value: Option<String>| {
        claimed.extend(value.filter(|v| !v.is_empty()).map(|value| Claimed {
            key: key.to_owned(),
            value,
            span: span.clone(),
        }));
    };
    for node in document.elements(document.root()) {
        match document.name(node).map(xml::Name::local) {
            Some("Identity") => {
                for key in ["Id", "Version", "Publisher"] {
                    push(key, document.attribute(node, key).map(str::to_owned));
                }
            }
            Some(key @ ("DisplayName" | "MoreInfo")) => push(key, Some(document.text(node))),
            _ => {}
        }
    }
    Ok(claimed)
}
