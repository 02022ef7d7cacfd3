//! Property sets ([MS-OLEPS]): the summary information of packages and documents.

use crate::base::blob::ReadAt;
use crate::format::cfb::{Compound, Node, u16_at, u32_at};
use crate::format::error::Error;
use crate::format::msi::codepage;
use crate::format::msi::pool::span;
use crate::model::extract::Claimed;

/// The stream.
pub(in crate::format) const SUMMARY: &str = "\u{5}SummaryInformation";
/// Bytes that are read of it.
const MAX_STREAM: u64 = 1 << 20;
/// Properties that are looked at; the set defines twenty.
const MAX_PROPERTIES: u32 = 256;
/// VT_LPSTR.
const TEXT: u32 = 30;
/// VT_I2.
const SHORT: u32 = 2;
const CODE_PAGE: u32 = 1;

/// Properties that say who and what, by number. In a package the ninth is the package code.
const NAMED: &[(u32, &str)] = &[
    (2, "Title"),
    (3, "Subject"),
    (4, "Author"),
    (6, "Comments"),
    (7, "Template"),
    (8, "LastAuthor"),
    (9, "RevisionNumber"),
    (18, "CreatingApplication"),
];

/// What the summary information of a compound file says.
pub(in crate::format) fn claims(
    blob: &dyn ReadAt,
    compound: &Compound,
) -> Result<Vec<Claimed>, Error> {
    let Some((_, node)) = compound.find(0, SUMMARY) else {
        return Ok(Vec::new());
    };
    let Some(bytes) = compound.bytes(blob, node, MAX_STREAM)? else {
        return Ok(Vec::new());
    };
    Ok(read(&bytes, node).unwrap_or_default())
}

fn read(bytes: &[u8], node: &Node) -> Option<Vec<Claimed>> {
    // Header of 28 bytes, then FMTID and offset of the first set.
    let set = usize::try_from(u32_at(bytes, 44)?).ok()?;
    let properties: Vec<(u32, usize)> = (0..u32_at(bytes, set.checked_add(4)?)?
        .min(MAX_PROPERTIES))
        .filter_map(|n| {
            let at = usize::try_from(n.checked_mul(8)?.checked_add(8)?).ok()?;
            let at = set.checked_add(at)?;
            let offset = usize::try_from(u32_at(bytes, at.checked_add(4)?)?).ok()?;
            Some((u32_at(bytes, at)?, set.checked_add(offset)?))
        })
        .collect();
    let value = |id: u32, kind: u32| {
        let (_, at) = properties.iter().find(|(found, _)| *found == id)?;
        (u32_at(bytes, *at)? == kind).then_some(at.checked_add(4)?)
    };
    let page = value(CODE_PAGE, SHORT)
        .and_then(|at| u16_at(bytes, at))
        .unwrap_or_default();
    let claims = NAMED.iter().filter_map(|(id, key)| {
        let at = value(*id, TEXT)?;
        let len = usize::try_from(u32_at(bytes, at)?).ok()?;
        let start = at.checked_add(4)?;
        let text = bytes.get(start..start.checked_add(len)?)?;
        let text = text.split(|b| *b == 0).next()?;
        let value = codepage::decode(text, page);
        (!value.is_empty()).then(|| Claimed {
            key: (*key).to_owned(),
            value,
            span: span(node, start..start.saturating_add(text.len())),
        })
    });
    Some(claims.collect())
}
