//! The members of a zip. Each that is compressed is a block of its own, so that they are decoded in parallel.

use std::fmt;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::codec::{self, Coding, Decoded, Stated};
use crate::format::zip::extents;
use crate::format::zip::findings::OUT_OF_BOUNDS;
use crate::format::zip::records::{Layout, Record};
use crate::format::{Content, Entry, Error, Inside, Kind, Out};
use crate::model::finding::{Finding, Status};

/// Longest link target that is read: PATH_MAX.
const MAX_TARGET: u64 = 4096;

/// The members of one zip.
pub(in crate::format) struct Members {
    entries: Vec<Entry>,
    records: Vec<Record>,
    /// Index of the entry that each block holds.
    blocks: Vec<usize>,
    findings: Vec<Finding>,
}

impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Members")
            .field("entries", &self.entries.len())
            .finish_non_exhaustive()
    }
}

impl Members {
    /// Of a zip that was read. Data before and after the archive are listed as members too: they are often an archive or an
    /// executable of their own.
    pub(in crate::format) fn of(layout: Layout, size: u64) -> Self {
        let mut entries: Vec<Entry> = layout.entries.iter().map(entry).collect();
        let blocks = entries
            .iter()
            .enumerate()
            .filter(|(_, e)| e.content == Content::Coded)
            .map(|(index, _)| index)
            .collect();
        let around = [
            ("[prepended data]", extents::prepended(&layout)),
            ("[trailing data]", extents::trailing(&layout, size)),
        ];
        entries.extend(around.into_iter().filter_map(|(name, span)| {
            let span = span?;
            Some(Entry {
                path: name.to_owned(),
                size: Some(span.end.saturating_sub(span.start)),
                kind: Kind::File,
                content: Content::Stored(span),
            })
        }));
        let findings = layout
            .faults
            .iter()
            .map(|f| Finding::new(f.definition, Status::Fail, &*f.message))
            .collect();
        Self {
            entries,
            records: layout.entries,
            blocks,
            findings,
        }
    }
}

impl Inside for Members {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn blocks(&self) -> usize {
        self.blocks.len()
    }

    fn decode(
        &self,
        blob: &dyn ReadAt,
        block: usize,
        budget: &Budget<'_>,
        out: &mut dyn Out,
    ) -> Result<(), Error> {
        let Some((index, record)) = self
            .blocks
            .get(block)
            .and_then(|index| Some((*index, self.records.get(*index)?)))
        else {
            return Ok(());
        };
        if !out.wants(index) {
            return Ok(());
        }
        out.member(index, &mut open(blob, record, budget)?)
    }

    fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// The decoded bytes of one entry, where they are at most `limit` bytes.
///
/// # Errors
/// Where it is encrypted, coded in an unknown way or longer, or where it is not what the directory states.
pub(in crate::format) fn read_entry(
    blob: &dyn ReadAt,
    record: &Record,
    limit: u64,
    budget: &Budget<'_>,
) -> Result<Vec<u8>, Error> {
    open(blob, record, budget)?.all(limit)
}

/// The decoded bytes of one entry, as they come out.
///
/// # Errors
/// Where it is encrypted or coded in an unknown way.
pub(in crate::format) fn open_entry<'a>(
    blob: &'a dyn ReadAt,
    record: &Record,
    budget: &'a Budget<'a>,
) -> Result<Decoded<'a>, Error> {
    open(blob, record, budget)
}

fn open<'a>(
    blob: &'a dyn ReadAt,
    record: &Record,
    budget: &'a Budget<'a>,
) -> Result<Decoded<'a>, Error> {
    let at = record.central.start;
    let local = record.local.as_ref();
    let local = local
        .ok_or_else(|| Error::malformed(&OUT_OF_BOUNDS, at, "the entry has no local header"))?;
    let coding = coding(record)
        .map_err(|why| Error::malformed(&super::findings::UNREADABLE_ENTRY, at, why))?;
    let stated = Stated {
        size: Some(record.size),
        crc: Some(record.crc),
        whole: true,
    };
    codec::open(coding, blob, &local.data, stated, budget)
}

/// How an entry is coded, or why it cannot be read.
fn coding(record: &Record) -> Result<Coding, String> {
    if record.is_encrypted() {
        return Err("encrypted".to_owned());
    }
    // APPNOTE 4.4.5.
    let name = match record.method {
        0 => return Ok(Coding::Stored),
        8 => return Ok(Coding::Deflate),
        9 => return Ok(Coding::Deflate64),
        12 => return Ok(Coding::Bzip2),
        14 => {
            return Ok(Coding::ZipLzma {
                marked: record.flags & 1 << 1 != 0,
            });
        }
        95 => return Ok(Coding::Xz),
        20 | 93 => return Ok(Coding::Zstd),
        1 => " (shrunk)",
        2..=5 => " (reduced)",
        6 => " (imploded)",
        10 => " (PKWARE DCL)",
        94 => " (MP3)",
        96 => " (JPEG)",
        97 => " (WavPack)",
        98 => " (PPMd)",
        _ => "",
    };
    Err(format!("method {}{name}", record.method))
}

fn entry(record: &Record) -> Entry {
    let kind = match unix_type(record) {
        Some(UnixType::Link | UnixType::Device) => Kind::Special,
        Some(UnixType::Other) | None if is_directory(record) => Kind::Directory,
        Some(UnixType::Other) | None => Kind::File,
    };
    Entry {
        path: record.name.clone(),
        size: Some(record.size),
        kind,
        content: content(record),
    }
}

fn content(record: &Record) -> Content {
    let Some(local) = &record.local else {
        return Content::Unreadable("no local header".to_owned());
    };
    match coding(record) {
        Ok(Coding::Stored) if record.compressed == record.size => {
            Content::Stored(local.data.clone())
        }
        Ok(_) => Content::Coded,
        Err(why) => Content::Unreadable(why),
    }
}

/// A name that ends in a slash, and nothing in it: what has content is a file whatever its name.
pub(super) fn is_directory(record: &Record) -> bool {
    record.name.ends_with('/') && record.size == 0
}

/// File types that matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnixType {
    Link,
    Device,
    Other,
}

/// The file type in the upper half of the external attributes, where a Unix or macOS wrote them (APPNOTE 4.4.2, 4.4.15).
pub(super) fn unix_type(record: &Record) -> Option<UnixType> {
    if !matches!(record.system, 3 | 19) {
        return None;
    }
    match record.attributes >> 16 & 0o170_000 {
        0o120_000 => Some(UnixType::Link),
        0o010_000 | 0o020_000 | 0o060_000 | 0o140_000 => Some(UnixType::Device),
        _ => Some(UnixType::Other),
    }
}

/// Where a symbolic link points to; `None` for anything else and for what cannot be read.
pub(super) fn link_target(
    blob: &dyn ReadAt,
    record: &Record,
    budget: &Budget<'_>,
) -> Option<String> {
    if unix_type(record) != Some(UnixType::Link) {
        return None;
    }
    let target = read_entry(blob, record, MAX_TARGET, budget).ok()?;
    Some(String::from_utf8_lossy(&target).into_owned())
}
