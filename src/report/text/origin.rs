//! Where a fetched subject comes from, and what binds it.

use std::io;

use super::page::Page;
use super::words::{mark, shown};
use crate::report::json::Origin;

pub(super) fn write(origin: &Origin, verbosity: u8, page: &mut Page<'_>) -> io::Result<()> {
    match &origin.registry {
        Some(registry) => page.row(
            "Registry",
            &format!(
                "{}, by {}",
                shown(&registry.address),
                shown(&registry.configured_by)
            ),
        )?,
        None => page.row("Address", &shown(&origin.url))?,
    }
    let mut label = "Chain";
    for edge in &origin.edges {
        let (tone, mark) = mark(edge.status);
        let text = format!("{}: {}", shown(&edge.what), shown(&edge.reason));
        page.toned_row(label, (tone, mark), &text)?;
        label = "";
    }
    if verbosity == 0 {
        return Ok(());
    }
    let mut label = "Fetched";
    let addresses = origin
        .documents
        .iter()
        .chain([&origin.url])
        .chain(&origin.hops);
    for address in addresses {
        page.row(label, &shown(address))?;
        label = "";
    }
    let mut label = "It states";
    for stated in &origin.stated {
        page.row(
            label,
            &format!("{}: {}", shown(&stated.key), shown(&stated.value)),
        )?;
        label = "";
    }
    Ok(())
}
