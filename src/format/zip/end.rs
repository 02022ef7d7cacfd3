//! The end of a zip: the end-of-central-directory record, its ZIP64 companions, and every other place that claims to be one
//! (APPNOTE 4.3.14 to 4.3.16).

use crate::base::blob::ReadAt;
use crate::format::Error;
use crate::format::zip::field::{u16_at, u32_at, u64_at};
use crate::format::zip::findings::{
    MULTI_DISK, NO_END_OF_CENTRAL_DIRECTORY, OUT_OF_BOUNDS, ZIP64_DISAGREEMENT,
};
use crate::model::extract::Span;

/// Fixed part of the record.
const END_LEN: u64 = 22;
const LOCATOR_LEN: u64 = 20;
/// Fixed part of the ZIP64 record.
const ZIP64_LEN: u64 = 56;
/// How far from the end the record is looked for: the longest comment, and as much again for what was appended.
pub(super) const TAIL: u64 = 128 << 10;
/// Candidates kept. A tail full of marks is an attack; the real record is among the last.
const MAX_CANDIDATES: usize = 64;

const END_MAGIC: &[u8; 4] = b"PK\x05\x06";
const CENTRAL_MAGIC: &[u8; 4] = b"PK\x01\x02";

/// The end-of-central-directory record in force.
#[derive(Debug, Clone)]
pub(in crate::format) struct End {
    /// The record with its comment.
    pub(in crate::format) span: Span,
    /// The ZIP64 record and its locator, where there are any.
    pub(in crate::format) zip64: Option<Zip64>,
    /// Entries, as stated.
    pub(in crate::format) count: u64,
    /// Bytes of the central directory, as stated.
    pub(in crate::format) directory_len: u64,
    /// Offset of the central directory, as stated.
    pub(in crate::format) directory_offset: u64,
}

/// The two ZIP64 records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::format) struct Zip64 {
    /// ZIP64 end of central directory record.
    pub(in crate::format) record: Span,
    /// ZIP64 end of central directory locator.
    pub(in crate::format) locator: Span,
}

impl End {
    /// Where the records that end the zip start.
    pub(in crate::format) fn start(&self) -> u64 {
        self.zip64
            .as_ref()
            .map_or(self.span.start, |z| z.record.start)
    }
}

/// The record in force, and the offsets of the others.
pub(super) fn locate(blob: &dyn ReadAt) -> Result<(End, Vec<u64>), Error> {
    let size = blob.size();
    let from = size.saturating_sub(TAIL);
    let tail = blob.read_range(from..size).map_err(Error::read(from))?;
    let candidates = candidates(&tail, from);
    let chosen = candidates
        .iter()
        .filter(|c| c.fits(size))
        .find(|c| c.plausible(blob))
        .or_else(|| candidates.iter().find(|c| c.plausible(blob)))
        .or_else(|| candidates.first());
    let Some(chosen) = chosen else {
        let message = "no end of central directory record".to_owned();
        return Err(Error::malformed(
            &NO_END_OF_CENTRAL_DIRECTORY,
            size,
            message,
        ));
    };
    let others = candidates
        .iter()
        .map(|c| c.at)
        .filter(|at| *at != chosen.at)
        .collect();
    Ok((chosen.read(blob)?, others))
}

/// Whether a file ends like a zip, for detection: a record that fits the end exactly, with a central directory before it.
pub(super) fn ends_like_zip(blob: &dyn ReadAt) -> bool {
    let size = blob.size();
    let from = size.saturating_sub(END_LEN.saturating_add(u64::from(u16::MAX)));
    let Ok(tail) = blob.read_range(from..size) else {
        return false;
    };
    candidates(&tail, from)
        .iter()
        .any(|c| c.fits(size) && c.count > 0 && c.plausible(blob))
}

/// A place that holds the mark of the record, with the record's own fields.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    at: u64,
    disk: u16,
    directory_disk: u16,
    count_here: u16,
    count: u16,
    directory_len: u32,
    directory_offset: u32,
    comment_len: u16,
}

/// From the end of the file backwards, as most readers look for it.
fn candidates(tail: &[u8], from: u64) -> Vec<Candidate> {
    let mut found = Vec::new();
    let starts = tail
        .windows(4)
        .enumerate()
        .rev()
        .filter(|(_, bytes)| bytes == END_MAGIC);
    for (at, _) in starts.take(MAX_CANDIDATES) {
        let record = tail.get(at..).unwrap_or_default();
        let short = |at| u16_at(record, at);
        let parsed = short(20).and_then(|comment_len| {
            Some(Candidate {
                at: from.checked_add(u64::try_from(at).ok()?)?,
                disk: short(4)?,
                directory_disk: short(6)?,
                count_here: short(8)?,
                count: short(10)?,
                directory_len: u32_at(record, 12)?,
                directory_offset: u32_at(record, 16)?,
                comment_len,
            })
        });
        found.extend(parsed);
    }
    found
}

impl Candidate {
    fn end(&self) -> u64 {
        self.at
            .saturating_add(END_LEN)
            .saturating_add(u64::from(self.comment_len))
    }

    fn fits(&self, size: u64) -> bool {
        self.end() == size
    }

    /// A central directory stands where this record says, or right before it.
    fn plausible(&self, blob: &dyn ReadAt) -> bool {
        let Ok(end) = self.read(blob) else {
            return false;
        };
        if end.directory_len == 0 {
            return end.count == 0;
        }
        let is_directory = |at: u64| {
            let mut magic = [0; 4];
            blob.read_exact_at(at, &mut magic).is_ok() && &magic == CENTRAL_MAGIC
        };
        end.start()
            .checked_sub(end.directory_len)
            .is_some_and(is_directory)
            || is_directory(end.directory_offset)
    }

    fn read(&self, blob: &dyn ReadAt) -> Result<End, Error> {
        let span = self.at..self.end().min(blob.size());
        let mut end = End {
            span,
            zip64: None,
            count: self.count.into(),
            directory_len: self.directory_len.into(),
            directory_offset: self.directory_offset.into(),
        };
        let zip64 = self.zip64(blob)?;
        let disks = [self.disk, self.directory_disk];
        let split = disks
            .iter()
            .any(|disk| *disk != 0 && !(zip64.is_some() && *disk == u16::MAX));
        if split || self.count_here != self.count {
            let message = "the archive is one of several parts".to_owned();
            return Err(Error::malformed(&MULTI_DISK, self.at, message));
        }
        if let Some((zip64, record)) = zip64 {
            end.apply(zip64, &record)?;
        }
        Ok(end)
    }

    /// The ZIP64 records, where a locator stands right before this record (APPNOTE 4.3.15).
    fn zip64(&self, blob: &dyn ReadAt) -> Result<Option<(Zip64, Vec<u8>)>, Error> {
        let Some(start) = self.at.checked_sub(LOCATOR_LEN) else {
            return Ok(None);
        };
        let locator = blob
            .read_range(start..self.at)
            .map_err(Error::read(start))?;
        if !locator.starts_with(b"PK\x06\x07") {
            return Ok(None);
        }
        let stated = u64_at(&locator, 8).unwrap_or(u64::MAX);
        // Data before the zip moves the record away from its stated place; without an extensible data sector it ends here.
        let places = [Some(stated), start.checked_sub(ZIP64_LEN)];
        for at in places.into_iter().flatten() {
            let end = at.saturating_add(ZIP64_LEN);
            if end > start {
                continue;
            }
            let record = blob.read_range(at..end).map_err(Error::read(at))?;
            let len = u64_at(&record, 4).and_then(|len| len.checked_add(12));
            if record.starts_with(b"PK\x06\x06") && len == start.checked_sub(at) {
                return Ok(Some((
                    Zip64 {
                        record: at..start,
                        locator: start..self.at,
                    },
                    record,
                )));
            }
        }
        let message = "the ZIP64 record is not where its locator says".to_owned();
        Err(Error::malformed(&OUT_OF_BOUNDS, start, message))
    }
}

impl End {
    /// Takes what the classic record leaves to the ZIP64 record; both may state a thing only if they agree.
    fn apply(&mut self, zip64: Zip64, record: &[u8]) -> Result<(), Error> {
        let at = zip64.record.start;
        let value = |offset| u64_at(record, offset).unwrap_or_default();
        if value(24) != value(32) || u32_at(record, 16) != Some(0) || u32_at(record, 20) != Some(0)
        {
            let message = "the archive is one of several parts".to_owned();
            return Err(Error::malformed(&MULTI_DISK, at, message));
        }
        let fields = [
            (&mut self.count, u64::from(u16::MAX), value(32)),
            (&mut self.directory_len, u64::from(u32::MAX), value(40)),
            (&mut self.directory_offset, u64::from(u32::MAX), value(48)),
        ];
        for (field, deferred, stated) in fields {
            if *field != deferred && *field != stated {
                let message = format!(
                    "the ZIP64 record states {stated} where the classic one states {field}"
                );
                return Err(Error::malformed(&ZIP64_DISAGREEMENT, at, message));
            }
            *field = stated;
        }
        self.zip64 = Some(zip64);
        Ok(())
    }
}
