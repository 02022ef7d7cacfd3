//! What the five digests of a signature are over.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::Error;
use crate::format::msix::parts::{
    BLOCK_MAP, CODE_INTEGRITY, CONTENT_TYPES, MAX_CATALOG, MAX_XML, Parts,
};
use crate::format::zip::records::Record;
use crate::model::extract::{Coverage, Covers, Piece};

/// Fixed part of the end-of-central-directory record (APPNOTE 4.3.16).
const END_LEN: usize = 22;

/// A field that leaves its value to the ZIP64 record.
const DEFERRED_16: [u8; 2] = [0xff; 2];
const DEFERRED_32: [u8; 4] = [0xff; 4];

/// The digests in the order in which their value has them.
pub(super) fn covers(
    parts: &Parts<'_>,
    signature: &Record,
    budget: &Budget<'_>,
) -> Result<Covers, Error> {
    let start = start(signature);
    let mut all = vec![
        (*b"AXPC", Coverage::spans(std::iter::once(0..start))),
        (*b"AXCD", directory(parts, signature)?),
    ];
    for (label, name, limit) in [
        (b"AXCT", CONTENT_TYPES, MAX_XML),
        (b"AXBM", BLOCK_MAP, MAX_XML),
        (b"AXCI", CODE_INTEGRITY, MAX_CATALOG),
    ] {
        // A part that is not there has no digest: one that was signed and taken away leaves a value that does not match.
        if let Some(record) = parts.named(name) {
            all.push((
                *label,
                Coverage::bytes(parts.content(record, limit, budget)?),
            ));
        }
    }
    Ok(Covers::Labelled {
        magic: *b"APPX",
        parts: all,
    })
}

/// Where the signature's local record starts.
pub(super) fn start(signature: &Record) -> u64 {
    signature
        .local
        .as_ref()
        .map_or(signature.offset, |local| local.header.start)
}

/// The central directory and what ends it, as they were before the signature was added.
fn directory(parts: &Parts<'_>, signature: &Record) -> Result<Coverage, Error> {
    let layout = &parts.layout;
    let own = &signature.central;
    let removed = own.end.saturating_sub(own.start);
    let before = Before {
        count: layout.end.count.saturating_sub(1),
        len: layout.end.directory_len.saturating_sub(removed),
        offset: start(signature),
    };
    Ok(Coverage {
        pieces: vec![
            Piece::Span(layout.directory.start..own.start),
            Piece::Span(own.end..layout.directory.end),
            Piece::Bytes(end(parts.blob, parts, before)?),
        ],
        pages: None,
    })
}

/// What the records at the end said before the signature was added.
#[derive(Debug, Clone, Copy)]
struct Before {
    count: u64,
    len: u64,
    offset: u64,
}

fn end(blob: &dyn ReadAt, parts: &Parts<'_>, before: Before) -> Result<Vec<u8>, Error> {
    let end = &parts.layout.end;
    let read = |span: &std::ops::Range<u64>| {
        blob.read_range(span.clone())
            .map_err(Error::read(span.start))
    };
    let mut out = Vec::new();
    if let Some(zip64) = &end.zip64 {
        let mut record = read(&zip64.record)?;
        for (at, value) in [
            (24, before.count),
            (32, before.count),
            (40, before.len),
            (48, before.offset),
        ] {
            put(&mut record, at, &value.to_le_bytes());
        }
        let mut locator = read(&zip64.locator)?;
        let at = before.offset.saturating_add(before.len);
        put(&mut locator, 8, &at.to_le_bytes());
        out.extend(record);
        out.extend(locator);
    }
    let mut record = read(&end.span)?;
    let fixed = record.get(..END_LEN).unwrap_or_default().to_vec();
    // Signers hash the disk numbers as zero, whatever stands there.
    put(&mut record, 4, &[0; 4]);
    for at in [8, 10] {
        if fixed
            .get(at..)
            .is_some_and(|f| !f.starts_with(&DEFERRED_16))
        {
            let count = u16::try_from(before.count).unwrap_or(u16::MAX);
            put(&mut record, at, &count.to_le_bytes());
        }
    }
    for (at, value) in [(12, before.len), (16, before.offset)] {
        if fixed
            .get(at..)
            .is_some_and(|f| !f.starts_with(&DEFERRED_32))
        {
            let value = u32::try_from(value).unwrap_or(u32::MAX);
            put(&mut record, at, &value.to_le_bytes());
        }
    }
    out.extend(record);
    Ok(out)
}

fn put(record: &mut [u8], at: usize, value: &[u8]) {
    let field = at
        .checked_add(value.len())
        .and_then(|end| record.get_mut(at..end));
    if let Some(field) = field {
        field.copy_from_slice(value);
    }
}
