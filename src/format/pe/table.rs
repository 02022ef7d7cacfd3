//! The attribute certificate table (PE format, section 4.8): where it is, and its WIN_CERTIFICATEs.

use crate::base::blob::ReadAt;
use crate::base::budget::Exceeded;
use crate::format::error::Error;
use crate::format::pe::findings::{
    BAD_WINCERT_LENGTH, CERTIFICATE_TABLE_OUT_OF_BOUNDS, CERTIFICATE_TABLE_OVERLAPS_HEADERS,
    WINCERT_EXCEEDS_TABLE,
};
use crate::format::pe::layout::{Directory, Layout, u16_at, u32_at};
use crate::model::extract::Span;

/// The largest table seen on a signed file is 60 KB; installers that stuff data behind the signature reach a few megabytes.
pub(super) const MAX_TABLE: u64 = 16 << 20;
/// The most entries seen is two, on boot loaders.
pub(super) const MAX_ENTRIES: u64 = 32;
/// WIN_CERTIFICATE before bCertificate.
pub(super) const WINCERT_HEADER: u64 = 8;
/// WIN_CERT_TYPE_PKCS_SIGNED_DATA.
pub(super) const PKCS_SIGNED_DATA: u16 = 2;

/// The table's range, which must be inside the file and behind the headers.
pub(super) fn locate(
    blob: &dyn ReadAt,
    layout: &Layout,
    directory: Directory,
) -> Result<Span, Error> {
    let start = u64::from(directory.address);
    let end = start.saturating_add(u64::from(directory.size));
    if end > blob.size() {
        let message = format!(
            "the certificate table at {start} ends at {end}, and the file at {}",
            blob.size()
        );
        return Err(Error::malformed(
            &CERTIFICATE_TABLE_OUT_OF_BOUNDS,
            directory.entry,
            message,
        ));
    }
    if start < layout.headers_end {
        let message = format!(
            "the certificate table starts at {start}, and the headers end at {}",
            layout.headers_end
        );
        return Err(Error::malformed(
            &CERTIFICATE_TABLE_OVERLAPS_HEADERS,
            directory.entry,
            message,
        ));
    }
    if u64::from(directory.size) > MAX_TABLE {
        return Err(limit("bytes of a certificate table", MAX_TABLE).into());
    }
    Ok(start..end)
}

fn limit(what: &'static str, limit: u64) -> Exceeded {
    Exceeded::Count {
        what,
        limit: usize::try_from(limit).unwrap_or(usize::MAX),
    }
}

/// One WIN_CERTIFICATE.
pub(super) struct Entry {
    pub(super) revision: u16,
    pub(super) kind: u16,
    /// From its header to where the next entry starts.
    pub(super) slot: Span,
}

impl Entry {
    /// bCertificate with the padding behind it.
    pub(super) fn contents(&self) -> Span {
        self.slot.start.saturating_add(WINCERT_HEADER)..self.slot.end
    }
}

pub(super) fn entries(blob: &dyn ReadAt, table: &Span) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::new();
    let mut at = table.start;
    while at < table.end {
        if u64::try_from(entries.len()).is_ok_and(|n| n >= MAX_ENTRIES) {
            return Err(limit("certificate table entries", MAX_ENTRIES).into());
        }
        let entry = entry(blob, table, at)?;
        at = entry.slot.end;
        entries.push(entry);
    }
    Ok(entries)
}

fn entry(blob: &dyn ReadAt, table: &Span, at: u64) -> Result<Entry, Error> {
    let bad = |message: String| Error::malformed(&BAD_WINCERT_LENGTH, at, message);
    let header_end = at.saturating_add(WINCERT_HEADER);
    if header_end > table.end {
        return Err(bad("the certificate table is too short for an entry".into()));
    }
    let header = blob.read_range(at..header_end).map_err(Error::read(at))?;
    let length = u64::from(u32_at(&header, 0).unwrap_or(0));
    let end = at.saturating_add(length);
    if length <= WINCERT_HEADER {
        return Err(bad(format!("dwLength is {length}")));
    }
    if end > blob.size() {
        return Err(bad(format!(
            "dwLength is {length}, past the end of the file"
        )));
    }
    if end > table.end {
        let message = format!(
            "the entry ends at {end} and the certificate table at {}",
            table.end
        );
        return Err(Error::malformed(&WINCERT_EXCEEDS_TABLE, at, message));
    }
    // Entries are rounded up to eight bytes; fewer than eight that are left hold no further entry and belong to this slot.
    let next = at.saturating_add(length.next_multiple_of(8));
    let slot_end = if next.saturating_add(WINCERT_HEADER) > table.end {
        table.end
    } else {
        next
    };
    Ok(Entry {
        revision: u16_at(&header, 4).unwrap_or(0),
        kind: u16_at(&header, 6).unwrap_or(0),
        slot: at..slot_end,
    })
}
