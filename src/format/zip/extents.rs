//! Whether the records of a zip tile the file: overlaps, gaps, and data before and after it.

use crate::base::blob::ReadAt;
use crate::format::findings::POLYGLOT;
use crate::format::listing::quoted;
use crate::format::look::bytes;
use crate::format::zip::findings::{
    AMBIGUOUS_EOCD, GAP_BETWEEN_ENTRIES, OVERLAPPING_ENTRIES, PREPENDED_DATA, TRAILING_DATA,
    UNLISTED_ENTRY,
};
use crate::format::zip::records::Layout;
use crate::model::extract::Span;
use crate::model::finding::{Definition, Finding, Status};

/// Gaps or overlaps that one finding points to; the rest is counted.
const MAX_SHOWN: usize = 5;

/// What stands before the zip, if anything does.
pub(super) fn prepended(layout: &Layout) -> Option<Span> {
    Some(0..layout.start()).filter(|span| !span.is_empty())
}

/// What follows the zip's last record, if anything does.
pub(super) fn trailing(layout: &Layout, size: u64) -> Option<Span> {
    Some(layout.end.span.end..size).filter(|span| !span.is_empty())
}

/// Overlaps, gaps, and data before and after the archive.
pub(in crate::format) fn check(blob: &dyn ReadAt, layout: &Layout) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(span) = prepended(layout) {
        let kind = executable(blob, span.start);
        let described = kind.map_or(String::new(), |kind| format!(" and begin like {kind}"));
        let message = format!("{} bytes stand before the archive{described}", span.end);
        found.push(Finding::new(&PREPENDED_DATA, Status::Review, message).with(bytes(&span)));
        if let Some(kind) = kind.filter(|kind| *kind != SCRIPT) {
            let message = format!("the file is {kind} to one program and an archive to another");
            found.push(Finding::new(&POLYGLOT, Status::Review, message).with(bytes(&span)));
        }
    }
    if let Some(span) = trailing(layout, blob.size()) {
        let message = format!(
            "{} bytes follow the end of the archive",
            span.end.saturating_sub(span.start)
        );
        found.push(Finding::new(&TRAILING_DATA, Status::Review, message).with(bytes(&span)));
    }
    found.extend(ends(layout));
    tiling(blob, layout, &mut found);
    found
}

fn ends(layout: &Layout) -> Option<Finding> {
    if layout.other_ends.is_empty() {
        return None;
    }
    let message = format!(
        "{} further records could be the end of the archive: readers may list other members",
        layout.other_ends.len()
    );
    let finding = Finding::new(&AMBIGUOUS_EOCD, Status::Review, message);
    Some(
        layout
            .other_ends
            .iter()
            .take(MAX_SHOWN)
            .fold(finding, |finding, at| {
                finding.with(bytes(&(*at..at.saturating_add(22))))
            }),
    )
}

/// Walks all records in file order.
fn tiling(blob: &dyn ReadAt, layout: &Layout, found: &mut Vec<Finding>) {
    let records = layout.in_file_order();
    let mut reach = records.first().map_or(0, |(span, _)| span.start);
    let (mut overlaps, mut gaps, mut unlisted) =
        (Spans::default(), Spans::default(), Spans::default());
    for (span, name) in &records {
        if span.start < reach {
            overlaps.push(span.clone(), name);
        } else if span.start > reach {
            let gap = reach..span.start;
            if starts_with(blob, gap.start, b"PK\x03\x04") {
                unlisted.push(gap, name);
            } else {
                gaps.push(gap, name);
            }
        }
        reach = reach.max(span.end);
    }
    found.extend(overlaps.finding(
        &OVERLAPPING_ENTRIES,
        Status::Fail,
        "entries share bytes with an earlier one, such as",
    ));
    found.extend(unlisted.finding(
        &UNLISTED_ENTRY,
        Status::Fail,
        "places hold an entry that the central directory does not list, such as before",
    ));
    found.extend(gaps.finding(
        &GAP_BETWEEN_ENTRIES,
        Status::Review,
        "gaps between entries hold data that belong to nothing, such as before",
    ));
}

#[derive(Debug, Default)]
struct Spans<'a> {
    count: u64,
    shown: Vec<(Span, &'a str)>,
}

impl<'a> Spans<'a> {
    fn push(&mut self, span: Span, name: &'a str) {
        self.count = self.count.saturating_add(1);
        if self.shown.len() < MAX_SHOWN {
            self.shown.push((span, name));
        }
    }

    fn finding(
        self,
        definition: &'static Definition,
        status: Status,
        what: &str,
    ) -> Option<Finding> {
        let (_, first) = self.shown.first()?;
        let message = format!("{} {what} {}", self.count, quoted(first));
        let finding = Finding::new(definition, status, message);
        Some(
            self.shown
                .iter()
                .fold(finding, |finding, (span, _)| finding.with(bytes(span))),
        )
    }
}

fn starts_with(blob: &dyn ReadAt, at: u64, magic: &[u8]) -> bool {
    let end = at.saturating_add(u64::try_from(magic.len()).unwrap_or(u64::MAX));
    blob.read_range(at..end).is_ok_and(|found| found == magic)
}

const SCRIPT: &str = "a script";

/// What a program loader takes these bytes for.
fn executable(blob: &dyn ReadAt, at: u64) -> Option<&'static str> {
    const MARKS: [(&[u8], &str); 8] = [
        (b"MZ", "a Windows executable"),
        (b"\x7fELF", "an ELF executable"),
        (b"dex\n", "a Dalvik executable"),
        (
            b"\xca\xfe\xba\xbe",
            "a universal Mach-O executable or a Java class",
        ),
        (b"\xcf\xfa\xed\xfe", "a Mach-O executable"),
        (b"\xd0\xcf\x11\xe0", "a compound file (MSI, Office)"),
        (b"%PDF", "a PDF document"),
        (b"#!", SCRIPT),
    ];
    MARKS
        .iter()
        .find(|(magic, _)| starts_with(blob, at, magic))
        .map(|(_, kind)| *kind)
}
