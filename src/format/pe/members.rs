//! What an image carries: files in its resources, and an installer's files behind or inside it.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::overlay::{self, Image, Section};
use crate::format::pe::layout::Layout;
use crate::format::pe::resources;
use crate::format::{Error, Inside};
use crate::model::extract::Span;

pub(super) fn open(
    blob: &dyn ReadAt,
    budget: &Budget<'_>,
) -> Result<Option<Box<dyn Inside>>, Error> {
    let layout = Layout::read(blob)?;
    overlay::open(&image(blob, &layout), budget)
}

/// What kind of installer it is, for people.
pub(super) fn describe(blob: &dyn ReadAt, layout: &Layout) -> Option<String> {
    overlay::describe(&image(blob, layout))
}

fn image<'a>(blob: &'a dyn ReadAt, layout: &Layout) -> Image<'a> {
    let (resources, incomplete) = resources::payloads(blob, layout);
    Image {
        blob,
        sections: layout
            .sections
            .iter()
            .map(|section| Section {
                name: section.name(),
                raw: section.raw.clone(),
            })
            .collect(),
        resources,
        incomplete,
        overlays: overlays(blob.size(), layout),
    }
}

/// What lies behind the image, before and behind the certificate table.
fn overlays(size: u64, layout: &Layout) -> Vec<Span> {
    let start = layout.image_end();
    let table = layout.security.filter(|d| d.size > 0).map(|d| {
        let at = u64::from(d.address);
        at..at.saturating_add(u64::from(d.size))
    });
    let apart = |table: &Span| table.start >= start && table.end <= size;
    let spans = match table.filter(apart) {
        Some(table) => [start..table.start, table.end..size],
        None => [start..size, size..size],
    };
    spans
        .into_iter()
        .filter(|span| span.start < span.end)
        .collect()
}
