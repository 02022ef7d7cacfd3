//! The cabinet's header, folders and files (MS-CAB sections 2.1 to 2.5).

use crate::base::blob::ReadAt;
use crate::base::text::windows_1252;
use crate::format::cab::findings::CAB_OUT_OF_BOUNDS;
use crate::format::error::Error;
use crate::model::extract::Span;

/// CFHEADER up to its optional fields.
pub(super) const HEADER_LEN: u64 = 36;
/// cbCFHeader, cbCFFolder and cbCFData follow where the flag says so.
const RESERVE_SIZES_LEN: u64 = 4;
/// CFFOLDER without its reserve.
const FOLDER_LEN: u64 = 8;
/// CFFILE without its name.
const FILE_LEN: usize = 16;
/// Longest szName, szCabinetPrev and the like, terminator included (MS-CAB sections 2.1 and 2.5).
const MAX_STRING: usize = 256;

const PREV_CABINET: u16 = 1;
const NEXT_CABINET: u16 = 2;
const RESERVE_PRESENT: u16 = 4;
/// _A_NAME_IS_UTF.
const NAME_IS_UTF: u16 = 0x80;

/// CFHEADER.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// reserved1, which no signature covers.
    pub(super) reserved: u32,
    /// cbCabinet.
    pub(super) size: u64,
    files_at: u64,
    folders_at: u64,
    pub(super) folders: u16,
    pub(super) files: u16,
    pub(super) reserve: Option<Reserve>,
    /// szCabinetPrev.
    pub(super) previous: Option<String>,
    /// szCabinetNext.
    pub(super) next: Option<String>,
}

/// The areas that applications may reserve.
#[derive(Debug, Clone)]
pub(super) struct Reserve {
    /// abReserve of the header.
    pub(super) header: Span,
    /// Bytes of it in each folder.
    pub(super) folder: u8,
    /// Bytes of it in each data block.
    pub(super) data: u8,
}

/// CFFOLDER.
#[derive(Debug, Clone, Copy)]
pub(super) struct Folder {
    /// coffCabStart.
    pub(super) start: u64,
    /// cCFData.
    pub(super) blocks: u16,
    /// typeCompress.
    pub(super) method: u16,
}

/// CFFILE.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) size: u32,
    /// uoffFolderStart.
    pub(super) start: u32,
    /// iFolder.
    pub(super) folder: u16,
    /// szName, with `/` between parts.
    pub(super) path: String,
}

impl Header {
    pub(super) fn read(blob: &dyn ReadAt) -> Result<Self, Error> {
        let fixed = range(blob, 0, HEADER_LEN, blob.size(), "header")?;
        let long = |at| u32_at(&fixed, at).unwrap_or_default();
        let short = |at| u16_at(&fixed, at).unwrap_or_default();
        let size = u64::from(long(8));
        if size > blob.size() || size < HEADER_LEN {
            let message = format!(
                "cbCabinet is {size}, and the file has {} bytes",
                blob.size()
            );
            return Err(Error::malformed(&CAB_OUT_OF_BOUNDS, 8, message));
        }
        let flags = short(30);
        let mut at = HEADER_LEN;
        let reserve = if flags & RESERVE_PRESENT == 0 {
            None
        } else {
            let sizes = range(blob, at, RESERVE_SIZES_LEN, size, "reserve")?;
            let start = at.saturating_add(RESERVE_SIZES_LEN);
            let len = u64::from(u16_at(&sizes, 0).unwrap_or_default());
            at = start.saturating_add(len);
            if at > size {
                return Err(out_of_bounds(start, "header reserve"));
            }
            Some(Reserve {
                header: start..at,
                folder: sizes.get(2).copied().unwrap_or_default(),
                data: sizes.get(3).copied().unwrap_or_default(),
            })
        };
        let mut neighbour = |flag| -> Result<Option<String>, Error> {
            if flags & flag == 0 {
                return Ok(None);
            }
            let cabinet = string(blob, &mut at, size)?;
            string(blob, &mut at, size)?;
            Ok(Some(cabinet))
        };
        let previous = neighbour(PREV_CABINET)?;
        let next = neighbour(NEXT_CABINET)?;
        Ok(Self {
            reserved: long(4),
            size,
            files_at: u64::from(long(16)),
            folders_at: at,
            folders: short(26),
            files: short(28),
            reserve,
            previous,
            next,
        })
    }

    /// At most 65,535 of at most 263 bytes, which the cabinet must hold.
    pub(super) fn read_folders(&self, blob: &dyn ReadAt) -> Result<Vec<Folder>, Error> {
        let reserve = self.reserve.as_ref().map_or(0, |r| u64::from(r.folder));
        let each = FOLDER_LEN.saturating_add(reserve);
        let len = each.saturating_mul(u64::from(self.folders));
        let table = range(blob, self.folders_at, len, self.size, "folder table")?;
        let each = usize::try_from(each).unwrap_or(usize::MAX);
        Ok(table
            .chunks_exact(each)
            .filter_map(|entry| {
                Some(Folder {
                    start: u64::from(u32_at(entry, 0)?),
                    blocks: u16_at(entry, 4)?,
                    method: u16_at(entry, 6)?,
                })
            })
            .collect())
    }

    /// At most 65,535 of at most 272 bytes.
    pub(super) fn read_files(&self, blob: &dyn ReadAt) -> Result<Vec<File>, Error> {
        let longest = u64::try_from(FILE_LEN.saturating_add(MAX_STRING)).unwrap_or(u64::MAX);
        let most = longest.saturating_mul(u64::from(self.files));
        let len = most.min(self.size.saturating_sub(self.files_at));
        let table = range(blob, self.files_at, len, self.size, "file table")?;
        let mut rest = table.as_slice();
        let mut files = Vec::with_capacity(usize::from(self.files));
        for _ in 0..self.files {
            let read = u64::try_from(table.len().saturating_sub(rest.len())).unwrap_or(u64::MAX);
            let at = self.files_at.saturating_add(read);
            let (file, after) = file(rest).ok_or_else(|| out_of_bounds(at, "file entry"))?;
            files.push(file);
            rest = after;
        }
        Ok(files)
    }
}

fn file(entry: &[u8]) -> Option<(File, &[u8])> {
    let (fixed, rest) = entry.split_at_checked(FILE_LEN)?;
    let end = rest.iter().take(MAX_STRING).position(|b| *b == 0)?;
    let (name, rest) = rest.split_at_checked(end)?;
    let is_utf = u16_at(fixed, 14)? & NAME_IS_UTF != 0;
    let file = File {
        size: u32_at(fixed, 0)?,
        start: u32_at(fixed, 4)?,
        folder: u16_at(fixed, 8)?,
        path: text(name, is_utf).replace('\\', "/"),
    };
    Some((file, rest.get(1..)?))
}

/// A name that is not marked as UTF-8 is in the code page of its maker, which the cabinet does not name.
fn text(name: &[u8], is_utf: bool) -> String {
    match std::str::from_utf8(name) {
        Ok(text) => text.to_owned(),
        Err(_) if is_utf => String::from_utf8_lossy(name).into_owned(),
        Err(_) => name.iter().copied().map(windows_1252).collect(),
    }
}

/// A NUL-terminated string at `at`, which moves behind it.
fn string(blob: &dyn ReadAt, at: &mut u64, end: u64) -> Result<String, Error> {
    let start = *at;
    let longest = u64::try_from(MAX_STRING).unwrap_or(u64::MAX);
    let len = longest.min(end.saturating_sub(start));
    let bytes = range(blob, start, len, end, "name of a neighbour")?;
    let length = bytes
        .iter()
        .position(|b| *b == 0)
        .ok_or_else(|| out_of_bounds(start, "name of a neighbour"))?;
    let length_64 = u64::try_from(length).unwrap_or(u64::MAX);
    *at = start.saturating_add(length_64).saturating_add(1);
    let name = bytes.get(..length).unwrap_or_default();
    Ok(text(name, false))
}

/// Reads a structure, which must end at `end` or before; the callers' lengths come from 16-bit counts.
pub(super) fn range(
    blob: &dyn ReadAt,
    at: u64,
    len: u64,
    end: u64,
    what: &str,
) -> Result<Vec<u8>, Error> {
    match at.checked_add(len) {
        Some(last) if last <= end => blob.read_range(at..last).map_err(Error::read(at)),
        _ => Err(out_of_bounds(at, what)),
    }
}

fn out_of_bounds(at: u64, what: &str) -> Error {
    let message = format!("the {what} reaches past the end of the cabinet");
    Error::malformed(&CAB_OUT_OF_BOUNDS, at, message)
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
