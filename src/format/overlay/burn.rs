//! WiX Burn bundles: a section `.wixburn` tells where the cabinets are that the bundle carries.
//!
//! Specification: `BURN_SECTION_HEADER` of the WiX toolset. The first cabinet, behind the image, holds the manifest and the user
//! interface; the others, behind the signature that the engine had when they were attached, the packages.

use std::io;

use crate::base::budget::Budget;
use crate::format::fields::Fields;
use crate::format::overlay::findings::INSTALLER_HEADER;
use crate::format::overlay::joined::Listed;
use crate::format::overlay::{Image, Mark, Overlay, entry};
use crate::format::{Content, Error, Inside};
use crate::model::extract::Span;

const MAGIC: u32 = 0x00f1_4300;
/// Bundles have one or two.
const MAX_CONTAINERS: u32 = 64;
/// The header with the sizes of as many containers as are read.
const HEADER: u64 = 48 + 4 * 64;

pub(super) struct Burn;

impl Overlay for Burn {
    fn find(&self, image: &Image<'_>) -> io::Result<Option<Mark>> {
        let section = image.sections.iter().find(|s| s.name == ".wixburn");
        let Some(section) = section.filter(|s| s.raw.end <= image.blob.size()) else {
            return Ok(None);
        };
        let head = image.head(&section.raw, 8)?;
        Ok((Fields::new(&head).u32() == Some(MAGIC)).then(|| Mark {
            name: "WiX Burn bundle".into(),
            at: section.raw.start,
            end: section.raw.end,
        }))
    }

    fn open(
        &self,
        image: &Image<'_>,
        mark: &Mark,
        budget: &Budget<'_>,
    ) -> Result<Box<dyn Inside>, Error> {
        let header = image
            .head(&(mark.at..mark.end), HEADER)
            .map_err(Error::read(mark.at))?;
        let malformed = |message| Error::malformed(&INSTALLER_HEADER, mark.at, message);
        let containers = containers(&header)
            .ok_or_else(|| malformed("the bundle's header is cut off or of another version"))?;
        budget.spend_members(u64::try_from(containers.len()).unwrap_or(u64::MAX))?;
        let mut entries = Vec::new();
        for (index, span) in containers.into_iter().enumerate() {
            if span.end > image.blob.size() {
                return Err(malformed("a container reaches past the end of the file"));
            }
            let path = match index {
                0 => "[ux].cab".to_owned(),
                1 => "[attached].cab".to_owned(),
                n => format!("[attached {n}].cab"),
            };
            let size = span.end.saturating_sub(span.start);
            entries.push(entry(&path, Some(size), Content::Stored(span)));
        }
        Ok(Box::new(Listed::new(entries)))
    }
}

/// Where the containers are.
fn containers(header: &[u8]) -> Option<Vec<Span>> {
    let fields = &mut Fields::new(header);
    fields.u32()?;
    if fields.u32()? != 2 {
        return None;
    }
    fields.take(16)?;
    let mut at = u64::from(fields.u32()?);
    fields.u32()?;
    let (signature, signature_len) = (fields.u32()?, fields.u32()?);
    let format = fields.u32()?;
    let count = fields.u32()?;
    if format != 1 || count > MAX_CONTAINERS {
        return None;
    }
    let mut spans = Vec::new();
    for index in 0..count {
        let end = at.checked_add(u64::from(fields.u32()?))?;
        spans.push(at..end);
        at = end;
        if index == 0 && signature != 0 {
            at = u64::from(signature).checked_add(u64::from(signature_len))?;
        }
    }
    spans.retain(|span| span.start < span.end);
    Some(spans)
}
