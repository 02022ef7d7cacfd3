//! Which bytes of a PE image a signature is over (Authenticode 1.0, "Calculating the PE Image Hash", and the page hashes
//! that signtool writes with /ph, which no public specification describes).
//!
//! Bytes are taken in file order, as every signer does, not in the order of the section table that the document asks for.

use crate::format::pe::layout::Layout;
use crate::model::extract::{Coverage, PageLayout, Piece, Span};

const IA64: u16 = 0x200;
const ALPHA: u16 = 0x184;
const ALPHA64: u16 = 0x284;

/// What a signature in `table` covers: everything but CheckSum, the directory entry of the table and the table.
pub(super) fn coverage(layout: &Layout, size: u64, table: &Span) -> Coverage {
    let mut holes = header_holes(layout);
    holes.push(table.clone());
    Coverage {
        pages: pages(layout, table.start),
        ..Coverage::spans(without(0..size, &holes))
    }
}

/// What a catalog's digest of the image is over. Signers fill an image up to eight bytes before they sign it; whether those who
/// list an image in a catalog do so too, no document says, so both are readings of one whose length is none of these.
pub(super) fn images(layout: &Layout, size: u64, table: Option<&Span>) -> Vec<Coverage> {
    let table = table.cloned().unwrap_or(size..size);
    let plain = Coverage {
        pages: None,
        ..coverage(layout, size, &table)
    };
    let fill = table.start.next_multiple_of(8).saturating_sub(table.start);
    if fill == 0 {
        return vec![plain];
    }
    let mut filled = plain.clone();
    filled.pieces.push(Piece::Zeros(fill));
    vec![plain, filled]
}

/// Ranges of the headers that no digest is over, ascending.
fn header_holes(layout: &Layout) -> Vec<Span> {
    let checksum = layout
        .checksum
        .map(|f| f.offset..f.offset.saturating_add(4));
    let entry = layout.security.map(|d| d.entry..d.entry.saturating_add(8));
    checksum.into_iter().chain(entry).collect()
}

/// `None` where the headers do not fit a page, or raw data overlaps, the headers or the table included: no signer makes page
/// hashes for such a file, and one pass could not check them.
fn pages(layout: &Layout, table_start: u64) -> Option<PageLayout> {
    let page_size: u32 = match layout.machine {
        IA64 | ALPHA | ALPHA64 => 8192,
        _ => 4096,
    };
    let headers = 0..layout.size_of_headers;
    let header_zeros = u64::from(page_size).checked_sub(headers.end)?;
    let sections: Vec<Span> = layout
        .sections
        .iter()
        .map(|s| s.raw.clone())
        .filter(|raw| !raw.is_empty())
        .collect();
    let mut ascending: Vec<&Span> = sections.iter().collect();
    ascending.sort_by_key(|raw| raw.start);
    let mut reached = headers.end;
    for raw in ascending {
        if raw.start < reached || raw.end > table_start {
            return None;
        }
        reached = raw.end;
    }
    Some(PageLayout {
        page_size,
        header: without(headers, &header_holes(layout))
            .into_iter()
            .map(Piece::Span)
            .chain([Piece::Zeros(header_zeros)])
            .collect(),
        sections,
    })
}

/// `whole` without `holes`, which ascend.
fn without(whole: Span, holes: &[Span]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = whole.start;
    for hole in holes {
        let end = hole.start.min(whole.end);
        if at < end {
            spans.push(at..end);
        }
        at = at.max(hole.end);
    }
    if at < whole.end {
        spans.push(at..whole.end);
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn holes_outside_or_at_the_edges_leave_no_empty_span() {
        assert_eq!(without(0..10, &[2..4, 4..5, 8..10]), [0..2, 5..8]);
        assert_eq!(without(0..10, &[0..3, 20..30]), [3..10]);
        assert_eq!(without(0..4, &[3..9]), [0..3]);
        assert!(without(0..0, &[]).is_empty());
    }
}
