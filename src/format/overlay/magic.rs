//! Whether bytes are a file of a kind that is worth opening.

use std::io;

use crate::base::blob::ReadAt;
use crate::format::fields::Fields;
use crate::model::extract::Span;

/// First bytes, and the ending that a member of that kind gets.
const KINDS: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "zip"),
    (b"MSCF\0\0\0\0", "cab"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "msi"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
];

/// The file at the start of `span`: its usual ending.
pub(super) fn at(blob: &dyn ReadAt, span: &Span) -> io::Result<Option<&'static str>> {
    let head = blob.read_range(span.start..span.end.min(span.start.saturating_add(64)))?;
    if head.starts_with(b"MZ") {
        return Ok(image(blob, span, &head)?.then_some("exe"));
    }
    let kind = KINDS.iter().find(|(magic, _)| head.starts_with(magic));
    Ok(kind.map(|(_, ending)| *ending))
}

pub(super) fn is_file(blob: &dyn ReadAt, span: &Span) -> io::Result<bool> {
    Ok(at(blob, span)?.is_some())
}

/// Two letters are met by chance; a PE signature where they point is not.
fn image(blob: &dyn ReadAt, span: &Span, head: &[u8]) -> io::Result<bool> {
    let at = Fields::starting(head, 0x3c).u32();
    let start = at.map(|at| span.start.saturating_add(u64::from(at)));
    match start.map(|start| start..start.saturating_add(4)) {
        Some(pe) if pe.end <= span.end => Ok(blob.read_range(pe)? == b"PE\0\0"),
        _ => Ok(false),
    }
}
