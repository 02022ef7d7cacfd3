//! Which bytes a signature is over: the zip as if the signature's entry were absent.

use crate::base::blob::ReadAt;
use crate::format::Error;
use crate::format::nuget::findings::SIGNATURE_ENTRY_FORM;
use crate::format::zip::records::{Layout, Record};
use crate::model::extract::{Coverage, Piece, Span};

/// Places of fields in the records that change with the entry (APPNOTE 4.3.12, 4.3.16).
const CENTRAL_OFFSET: usize = 42;
const END_COUNTS: [usize; 2] = [8, 10];
const END_LEN: usize = 12;
const END_OFFSET: usize = 16;

/// Everything up to the signature's local record, everything between it and the directory, the directory without its record and
/// with the offsets behind it lowered, the end record with numbers to match, and whatever follows.
pub(super) fn without(
    blob: &dyn ReadAt,
    layout: &Layout,
    signature: &Record,
) -> Result<Coverage, Error> {
    let Some(local) = signature.local.as_ref().map(|local| local.span()) else {
        return Err(form(signature, "the signature's entry has no local header"));
    };
    let removed = local.end.saturating_sub(local.start);
    let before = Piece::Span(0..local.start);
    let after = Piece::Span(local.end..layout.directory.start);
    let directory = Piece::Bytes(directory(blob, layout, signature, removed)?);
    let end = Piece::Bytes(end(blob, layout, signature, removed)?);
    let rest = Piece::Span(layout.end.span.end..blob.size());
    let pieces = [before, after, directory, end, rest];
    Ok(Coverage {
        pieces: pieces
            .into_iter()
            .filter(|piece| !is_empty(piece))
            .collect(),
        pages: None,
    })
}

fn directory(
    blob: &dyn ReadAt,
    layout: &Layout,
    signature: &Record,
    removed: u64,
) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    for entry in &layout.entries {
        if entry.central == signature.central {
            continue;
        }
        let mut record = read(blob, &entry.central)?;
        if entry.offset > signature.offset {
            lower_u32(&mut record, CENTRAL_OFFSET, removed)
                .ok_or_else(|| form(entry, "an offset cannot be lowered"))?;
        }
        out.extend(record);
    }
    Ok(out)
}

fn end(
    blob: &dyn ReadAt,
    layout: &Layout,
    signature: &Record,
    removed: u64,
) -> Result<Vec<u8>, Error> {
    let mut record = read(blob, &layout.end.span)?;
    let central = signature
        .central
        .end
        .saturating_sub(signature.central.start);
    let lowered = END_COUNTS
        .iter()
        .try_for_each(|at| lower_u16(&mut record, *at, 1))
        .and_then(|()| lower_u32(&mut record, END_LEN, central))
        .and_then(|()| lower_u32(&mut record, END_OFFSET, removed));
    lowered.ok_or_else(|| {
        form(
            signature,
            "the end record has no room for the signature's entry",
        )
    })?;
    Ok(record)
}

fn lower_u32(record: &mut [u8], at: usize, by: u64) -> Option<()> {
    let field = record.get_mut(at..)?.first_chunk_mut::<4>()?;
    let lowered = u32::from_le_bytes(*field).checked_sub(u32::try_from(by).ok()?)?;
    *field = lowered.to_le_bytes();
    Some(())
}

fn lower_u16(record: &mut [u8], at: usize, by: u16) -> Option<()> {
    let field = record.get_mut(at..)?.first_chunk_mut::<2>()?;
    *field = u16::from_le_bytes(*field).checked_sub(by)?.to_le_bytes();
    Some(())
}

fn read(blob: &dyn ReadAt, span: &Span) -> Result<Vec<u8>, Error> {
    blob.read_range(span.clone())
        .map_err(Error::read(span.start))
}

fn form(entry: &Record, message: &str) -> Error {
    Error::malformed(&SIGNATURE_ENTRY_FORM, entry.central.start, message)
}

fn is_empty(piece: &Piece) -> bool {
    match piece {
        Piece::Span(span) => span.is_empty(),
        Piece::Bytes(bytes) => bytes.is_empty(),
        Piece::Zeros(len) => *len == 0,
    }
}
