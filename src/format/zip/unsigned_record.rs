//! The two records of a signature that is an entry of the zip it signs. No digest can reach them, and what readers take from them is
//! compared elsewhere; versions, times and attributes are left, where a byte could be changed and nobody would know.

use crate::base::blob::ReadAt;
use crate::format::look::bytes;
use crate::format::zip::findings::SIGNATURE_RECORD_UNLIKE_OTHERS;
use crate::format::zip::records::{Layout, Record};
use crate::model::extract::Span;
use crate::model::finding::{Finding, Status};

/// APPNOTE 4.3.7 and 4.3.12: where a field stands in a local header, where in a central record, how long it is.
const SHARED: &[(u64, u64, u64, &str)] = &[
    (4, 6, 2, "version needed to extract"),
    (6, 8, 2, "flags"),
    (10, 12, 4, "modification time"),
];

/// Fields of a central record alone, which one writer fills in one way for all entries.
const CENTRAL: &[(u64, u64, &str)] = &[
    (4, 2, "version made by"),
    (34, 2, "disk number"),
    (36, 2, "internal attributes"),
    (38, 4, "external attributes"),
];

/// What in the records of `signature` contradicts itself, or stands in no record that the signature covers.
pub(in crate::format) fn unlike_others(
    blob: &dyn ReadAt,
    layout: &Layout,
    signature: &Record,
) -> Option<Finding> {
    let local = signature.local.as_ref()?.header.start;
    let own = &signature.central;
    let unequal = SHARED.iter().find(|(in_local, in_central, len, _)| {
        field(blob, local, *in_local, *len) != field(blob, own.start, *in_central, *len)
    });
    let signed = || {
        let others = layout.entries.iter().map(|e| &e.central);
        others.filter(|central| *central != own)
    };
    let unknown = CENTRAL.iter().find(|(at, len, _)| {
        let value = field(blob, own.start, *at, *len);
        !signed().any(|central| field(blob, central.start, *at, *len) == value)
    });
    let message = match (unequal, unknown) {
        (Some((.., name)), _) => format!("{name}: the signature's own two records differ"),
        (None, Some((.., name))) => {
            format!("{name}: the signature's own record has a value that no signed entry has")
        }
        (None, None) => return None,
    };
    Some(Finding::new(&SIGNATURE_RECORD_UNLIKE_OTHERS, Status::Review, message).with(bytes(own)))
}

fn field(blob: &dyn ReadAt, record: u64, at: u64, len: u64) -> Option<Vec<u8>> {
    let start = record.checked_add(at)?;
    let span: Span = start..start.checked_add(len)?;
    blob.read_range(span).ok()
}
