//! Local headers and what follows them, held against the central directory (APPNOTE 4.3.7 and 4.3.9). Readers that stream
//! believe the one, readers that seek the other: where they differ, two programs see two files.

use crate::base::blob::ReadAt;
use crate::format::codec::findings::SIZE_MISMATCH;
use crate::format::listing::quoted;
use crate::format::zip::central::Sizes;
use crate::format::zip::field::{u16_at, u32_at, u64_at};
use crate::format::zip::findings::{CD_LFH_MISMATCH, OUT_OF_BOUNDS};
use crate::format::zip::name::UTF_8;
use crate::format::zip::records::{Fault, Record};
use crate::model::extract::Span;
use crate::model::finding::Definition;

const MAGIC: &[u8; 4] = b"PK\x03\x04";
const FIXED: u64 = 30;
/// Bit 3: sizes and CRC follow the data.
const DESCRIPTOR: u16 = 1 << 3;
/// Flags that change what the data are: encryption, patch data, strong encryption, masked headers.
const DECISIVE: u16 = 1 | 1 << 5 | 1 << 6 | 1 << 13;

/// A local header with its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::format) struct Local {
    /// Header, name and extra field.
    pub(in crate::format) header: Span,
    /// The data as stored.
    pub(in crate::format) data: Span,
    /// The data descriptor behind them.
    pub(in crate::format) descriptor: Option<Span>,
}

impl Local {
    /// All of it.
    pub(in crate::format) fn span(&self) -> Span {
        self.header.start..self.descriptor.as_ref().unwrap_or(&self.data).end
    }
}

/// Whether a local header's mark stands here.
pub(super) fn stands_at(blob: &dyn ReadAt, at: u64) -> bool {
    let mut magic = [0; 4];
    blob.read_exact_at(at, &mut magic).is_ok() && &magic == MAGIC
}

/// The local header of `entry` at `at`, whose record must end at or before `limit`, and what it disagrees about.
pub(super) fn read(
    blob: &dyn ReadAt,
    at: u64,
    entry: &Record,
    limit: u64,
) -> Result<(Local, Vec<Fault>), Fault> {
    let outside = |message: &str| {
        fault(
            &OUT_OF_BOUNDS,
            at,
            format!("{} {message}", quoted(&entry.name)),
        )
    };
    let fixed_end = at.checked_add(FIXED).filter(|end| *end <= limit);
    let fixed_end = fixed_end.ok_or_else(|| outside("has no room for a local header"))?;
    let header = blob
        .read_range(at..fixed_end)
        .map_err(|_| outside("has an unreadable local header"))?;
    if !header.starts_with(MAGIC) {
        return Err(outside(
            "has no local header where the central directory says",
        ));
    }
    let len = |at| u64::from(u16_at(&header, at).unwrap_or_default());
    let name_end = fixed_end.saturating_add(len(26));
    let header_end = name_end.saturating_add(len(28));
    let data_end = header_end.saturating_add(entry.compressed);
    if data_end > limit {
        return Err(outside("reaches past the start of the central directory"));
    }
    let rest = blob
        .read_range(fixed_end..header_end)
        .map_err(|_| outside("has an unreadable local header"))?;
    let name_len = usize::try_from(len(26)).unwrap_or(usize::MAX);
    let (name, extra) = rest.split_at_checked(name_len).unwrap_or((&rest, &[]));
    let mut faults = disagreements(&header, name, extra, entry, at);
    let descriptor = if u16_at(&header, 6).unwrap_or_default() & DESCRIPTOR == 0 {
        None
    } else {
        let found = descriptor(blob, data_end, entry, limit);
        if found.is_none() {
            let message = format!("{} has no data descriptor that fits", quoted(&entry.name));
            faults.push(fault(&CD_LFH_MISMATCH, data_end, message));
        }
        found
    };
    let local = Local {
        header: at..header_end,
        data: header_end..data_end,
        descriptor,
    };
    Ok((local, faults))
}

fn disagreements(header: &[u8], name: &[u8], extra: &[u8], entry: &Record, at: u64) -> Vec<Fault> {
    let short = |at| u16_at(header, at).unwrap_or_default();
    let long = |at| u32_at(header, at).unwrap_or_default();
    let flags = short(6);
    let mut faults = Vec::new();
    let mut differ = |definition, what: String| {
        faults.push(fault(
            definition,
            at,
            format!("{}: {what}", quoted(&entry.name)),
        ));
    };
    if name != entry.raw_name {
        differ(
            &CD_LFH_MISMATCH,
            format!(
                "the local header has the name {}",
                quoted(&String::from_utf8_lossy(name))
            ),
        );
    }
    if short(8) != entry.method {
        differ(
            &CD_LFH_MISMATCH,
            format!(
                "method {} in the local header, {} in the central directory",
                short(8),
                entry.method
            ),
        );
    }
    let named_apart = (flags ^ entry.flags) & UTF_8 != 0 && !name.is_ascii();
    if (flags ^ entry.flags) & DECISIVE != 0 || named_apart {
        differ(
            &CD_LFH_MISMATCH,
            format!(
                "flags {flags:#06x} in the local header, {:#06x} in the central directory",
                entry.flags
            ),
        );
    }
    let mut sizes = Sizes {
        size: long(22).into(),
        compressed: long(18).into(),
        offset: 0,
    };
    sizes.defer(extra);
    // With a descriptor to come, a header may say nothing yet.
    let unsaid =
        |stated: u64| flags & DESCRIPTOR != 0 && (stated == 0 || stated == u64::from(u32::MAX));
    let pairs = [
        ("size", sizes.size, entry.size),
        ("compressed size", sizes.compressed, entry.compressed),
    ];
    for (what, local, central) in pairs {
        if local != central && !unsaid(local) {
            differ(
                &SIZE_MISMATCH,
                format!("{what} {local} in the local header, {central} in the central directory"),
            );
        }
    }
    let crc = long(14);
    if crc != entry.crc && !unsaid(crc.into()) {
        differ(
            &CD_LFH_MISMATCH,
            format!(
                "CRC-32 {crc:08x} in the local header, {:08x} in the central directory",
                entry.crc
            ),
        );
    }
    faults
}

/// The descriptor that agrees with the central directory: with or without its mark, with sizes of four or eight bytes (APPNOTE 4.3.9).
fn descriptor(blob: &dyn ReadAt, at: u64, entry: &Record, limit: u64) -> Option<Span> {
    let bytes = blob.read_range(at..at.saturating_add(28).min(limit)).ok()?;
    let marked = bytes.starts_with(b"PK\x07\x08");
    let starts = if marked {
        [Some(4), Some(0)]
    } else {
        [Some(0), None]
    };
    for start in starts.into_iter().flatten() {
        let fields = bytes.get(start..)?;
        if u32_at(fields, 0) != Some(entry.crc) {
            continue;
        }
        let short = u32_at(fields, 4).map(u64::from) == Some(entry.compressed)
            && u32_at(fields, 8).map(u64::from) == Some(entry.size);
        let long =
            u64_at(fields, 4) == Some(entry.compressed) && u64_at(fields, 12) == Some(entry.size);
        // Of an empty entry both fit: it is the one that another record follows.
        let followed = |end: usize| {
            fields
                .get(end..)
                .is_some_and(|next| next.starts_with(b"PK"))
        };
        let len: u64 = match (short, long) {
            (true, true) if followed(20) && !followed(12) => 20,
            (true, _) => 12,
            (false, true) => 20,
            (false, false) => continue,
        };
        let end = at
            .checked_add(u64::try_from(start).ok()?)?
            .checked_add(len)?;
        return Some(at..end);
    }
    None
}

fn fault(definition: &'static Definition, offset: u64, message: String) -> Fault {
    Fault {
        definition,
        offset,
        message,
    }
}
