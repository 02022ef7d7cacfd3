//! A certificate table that no directory entry points to: the trace of a signature that somebody took away.

use crate::base::blob::ReadAt;
use crate::format::error::Error;
use crate::format::look::bytes;
use crate::format::pe::IMAGE;
use crate::format::pe::coverage::coverage;
use crate::format::pe::findings::ORPHANED_SIGNATURE;
use crate::format::pe::layout::{Layout, u16_at, u32_at};
use crate::format::pe::table::{MAX_TABLE, PKCS_SIGNED_DATA, WINCERT_HEADER};
use crate::model::extract::{Extract, RawSignature, Span};
use crate::model::finding::{Finding, Status};
use crate::model::signature::Position;

/// How far from the end of the file a table is looked for; nearly every table is under 64 KB, and a table that starts where
/// the image ends is found at any distance.
const MAX_TAIL: u64 = 1 << 20;
/// DER of the OID signedData (RFC 5652 section 5.1), with its tag and length.
const SIGNED_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
/// The OID follows the outer tag and length.
const MAX_OID_OFFSET: usize = 6;

/// Looks behind the image of an unsigned file, and adds what it finds as an orphan: the file stays unsigned.
pub(super) fn look(blob: &dyn ReadAt, layout: &Layout, out: &mut Extract) -> Result<(), Error> {
    let overlay = layout.image_end()..blob.size();
    let Some(slot) = find(blob, &overlay)? else {
        return Ok(());
    };
    let span = slot.start.saturating_add(WINCERT_HEADER)..slot.end;
    let message = format!(
        "no certificate table is announced, but one stands at offset {}",
        slot.start
    );
    out.findings
        .push(Finding::new(&ORPHANED_SIGNATURE, Status::Review, message).with(bytes(&slot)));
    let bytes = blob
        .read_range(span.clone())
        .map_err(Error::read(span.start))?;
    let coverage = coverage(layout, blob.size(), &slot);
    out.signatures.push(RawSignature::cms(
        &IMAGE,
        Position::Orphan,
        span,
        bytes,
        coverage,
    ));
    Ok(())
}

/// A table at the start of the overlay, or one that ends with the file. Others are taken for signatures of files that an
/// installer carries behind its own image.
fn find(blob: &dyn ReadAt, overlay: &Span) -> Result<Option<Span>, Error> {
    let first = overlay.start.next_multiple_of(8);
    let tail = blob
        .size()
        .saturating_sub(MAX_TAIL)
        .next_multiple_of(8)
        .max(first);
    if tail >= overlay.end {
        return Ok(None);
    }
    let head = blob
        .read_range(first..first.saturating_add(64).min(overlay.end))
        .map_err(Error::read(first))?;
    if let Some(slot) = slot(&head, first, overlay.end) {
        return Ok(Some(slot));
    }
    let data = blob
        .read_range(tail..overlay.end)
        .map_err(Error::read(tail))?;
    Ok(data
        .chunks(8)
        .enumerate()
        .filter(|(_, chunk)| matches!(chunk, [_, _, _, _, 0, 1 | 2, 2, 0]))
        .find_map(|(index, _)| {
            let from = index.checked_mul(8)?;
            let at = tail.checked_add(u64::try_from(from).ok()?)?;
            slot(data.get(from..)?, at, overlay.end).filter(|slot| slot.end == overlay.end)
        }))
}

/// The slot of a WIN_CERTIFICATE with PKCS #7 signed data, whose first bytes are `data`, at offset `at` of a file `end` long.
fn slot(data: &[u8], at: u64, end: u64) -> Option<Span> {
    let length = u64::from(u32_at(data, 0)?);
    let contents = data.get(8..)?;
    let oid = contents
        .windows(SIGNED_DATA.len())
        .take(MAX_OID_OFFSET.saturating_add(1))
        .any(|window| window == SIGNED_DATA);
    let fits = length > WINCERT_HEADER && length <= MAX_TABLE && at.checked_add(length)? <= end;
    if u16_at(data, 6)? != PKCS_SIGNED_DATA || !oid || !fits {
        return None;
    }
    let next = at.checked_add(length.next_multiple_of(8))?;
    Some(at..next.min(end))
}
