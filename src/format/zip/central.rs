//! Records of the central directory (APPNOTE 4.3.12).

use crate::format::Error;
use crate::format::zip::field::{u16_at, u32_at, u64_at};
use crate::format::zip::findings::BAD_CD_COUNT;
use crate::format::zip::name;
use crate::format::zip::records::Record;

const MAGIC: &[u8; 4] = b"PK\x01\x02";
const FIXED: usize = 46;

/// Records from the start of `bytes`, which stand at `offset`: as many as there are, and one more than `count` at most.
pub(super) fn entries(bytes: &[u8], offset: u64, count: u64) -> Result<Vec<Record>, Error> {
    let mut entries = Vec::new();
    let mut rest = bytes;
    let mut at = offset;
    while rest.starts_with(MAGIC) && u64::try_from(entries.len()).unwrap_or(u64::MAX) <= count {
        let Some((entry, len)) = entry(rest, at) else {
            return Err(Error::malformed(
                &BAD_CD_COUNT,
                at,
                "a record reaches past the end of the central directory",
            ));
        };
        at = entry.central.end;
        rest = rest.get(len..).unwrap_or_default();
        entries.push(entry);
    }
    Ok(entries)
}

fn entry(bytes: &[u8], at: u64) -> Option<(Record, usize)> {
    let len = |at| u16_at(bytes, at).map(usize::from);
    let name_end = FIXED.checked_add(len(28)?)?;
    let extra_end = name_end.checked_add(len(30)?)?;
    let end = extra_end.checked_add(len(32)?)?;
    let raw_name = bytes.get(FIXED..name_end)?;
    let extra = bytes.get(name_end..extra_end)?;
    bytes.get(extra_end..end)?;
    let flags = u16_at(bytes, 8)?;
    let mut sizes = Sizes {
        size: u32_at(bytes, 24)?.into(),
        compressed: u32_at(bytes, 20)?.into(),
        offset: u32_at(bytes, 42)?.into(),
    };
    sizes.defer(extra);
    let record = Record {
        name: name::decode(raw_name, flags),
        raw_name: raw_name.to_vec(),
        other_name: name::unicode_path(extra, raw_name),
        flags,
        method: u16_at(bytes, 10)?,
        crc: u32_at(bytes, 16)?,
        compressed: sizes.compressed,
        size: sizes.size,
        offset: sizes.offset,
        system: *bytes.get(5)?,
        attributes: u32_at(bytes, 38)?,
        central: at..at.checked_add(u64::try_from(end).ok()?)?,
        local: None,
    };
    Some((record, end))
}

/// The fields that a record may leave to its ZIP64 extra field (APPNOTE 4.5.3).
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub(super) size: u64,
    pub(super) compressed: u64,
    pub(super) offset: u64,
}

impl Sizes {
    /// Fills in what the extra field holds for each field that is all ones, in the fixed order.
    pub(super) fn defer(&mut self, extra: &[u8]) {
        let Some(mut rest) = field(extra, 1) else {
            return;
        };
        for value in [&mut self.size, &mut self.compressed, &mut self.offset] {
            if *value == u64::from(u32::MAX) {
                let Some(stated) = u64_at(rest, 0) else {
                    return;
                };
                *value = stated;
                rest = rest.get(8..).unwrap_or_default();
            }
        }
    }
}

/// The extra field with this id; a list that breaks off holds no more (zipalign pads with zeros).
pub(super) fn field(extra: &[u8], id: u16) -> Option<&[u8]> {
    let mut rest = extra;
    loop {
        let len = usize::from(u16_at(rest, 2)?);
        let end = len.checked_add(4)?;
        let data = rest.get(4..end)?;
        if u16_at(rest, 0) == Some(id) {
            return Some(data);
        }
        rest = rest.get(end..)?;
    }
}
