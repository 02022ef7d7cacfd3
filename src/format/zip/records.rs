//! The records of a zip as they stand, with the exact range of each: what digests over a package "as if the signature were
//! absent" are computed from (APPX, NuGet), and what the members are read by.

use std::collections::HashSet;

use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Exceeded};
use crate::format::Error;
use crate::format::listing::quoted;
use crate::format::zip::central;
use crate::format::zip::end::{self, End};
use crate::format::zip::findings::{
    BAD_CD_COUNT, BAD_EOCD_OFFSET, GAP_BEFORE_CD, OUT_OF_BOUNDS, OVERLAPPING_ENTRIES,
};
use crate::format::zip::local::{self, Local};
use crate::model::extract::Span;
use crate::model::finding::Definition;

/// A hundred thousand entries with long names and extra fields stay below this.
pub(super) const MAX_DIRECTORY: u64 = 32 << 20;
/// Fixed part of a central directory record.
const CENTRAL_LEN: u64 = 46;
/// Rules broken that are kept; the first one decides.
const MAX_FAULTS: usize = 16;

/// A zip, record by record.
#[derive(Debug, Clone)]
pub(in crate::format) struct Layout {
    /// Entries in the order of the central directory.
    pub(in crate::format) entries: Vec<Record>,
    /// The central directory.
    pub(in crate::format) directory: Span,
    /// The records that end the zip.
    pub(in crate::format) end: End,
    /// Where offsets count from; not zero where something was put before the zip.
    pub(in crate::format) base: i128,
    /// Offsets of further end-of-central-directory marks that stand outside every member's data.
    pub(in crate::format) other_ends: Vec<u64>,
    /// Rules that the file breaks so that readers may disagree about what is in it.
    pub(in crate::format) faults: Vec<Fault>,
}

/// One entry.
#[derive(Debug, Clone)]
pub(in crate::format) struct Record {
    /// Its name as decoded.
    pub(in crate::format) name: String,
    /// Its name as stored.
    pub(in crate::format) raw_name: Vec<u8>,
    /// The Unicode path extra field gives another name (APPNOTE 4.6.9).
    pub(in crate::format) other_name: Option<String>,
    /// General purpose bit flag.
    pub(in crate::format) flags: u16,
    /// Compression method.
    pub(in crate::format) method: u16,
    /// CRC-32 of the decoded bytes.
    pub(in crate::format) crc: u32,
    /// Size as it stands in the file.
    pub(in crate::format) compressed: u64,
    /// Size when decoded.
    pub(in crate::format) size: u64,
    /// Offset of the local header, as stated.
    pub(in crate::format) offset: u64,
    /// Which system's attributes these are: 3 is Unix (APPNOTE 4.4.2).
    pub(in crate::format) system: u8,
    /// External file attributes.
    pub(in crate::format) attributes: u32,
    /// The central directory record.
    pub(in crate::format) central: Span,
    /// What stands at the other end; `None` where nothing of the kind stands there, which is a fault.
    pub(in crate::format) local: Option<Local>,
}

/// A rule that the file breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::format) struct Fault {
    pub(in crate::format) definition: &'static Definition,
    pub(in crate::format) offset: u64,
    pub(in crate::format) message: String,
}

impl Record {
    /// Traditional, strong or header encryption, or AES (APPNOTE 4.4.4).
    pub(in crate::format) fn is_encrypted(&self) -> bool {
        self.flags & (1 | 1 << 6 | 1 << 13) != 0 || self.method == 99
    }
}

impl Layout {
    /// Reads every record of the zip in `blob`.
    ///
    /// # Errors
    /// Where the central directory cannot be found or read. What breaks a rule but leaves the list readable is among
    /// [`Layout::faults`].
    pub(in crate::format) fn read(blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Self, Error> {
        let (end, others) = end::locate(blob)?;
        let directory = directory(&end)?;
        let len = directory.end.saturating_sub(directory.start);
        if len > MAX_DIRECTORY {
            return Err(Error::Limit(Exceeded::Count {
                what: "bytes of central directory",
                limit: usize::try_from(MAX_DIRECTORY).unwrap_or(usize::MAX),
            }));
        }
        // No count is believed that the directory has no room for.
        if end.count > len.checked_div(CENTRAL_LEN).unwrap_or_default() {
            return Err(count(
                &end,
                &format!("no room for {} entries in {len} bytes", end.count),
            ));
        }
        budget.spend_members(end.count)?;
        let bytes = blob
            .read_range(directory.clone())
            .map_err(Error::read(directory.start))?;
        let entries = central::entries(&bytes, directory.start, end.count)?;
        let read = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        let read_to = entries.last().map_or(directory.start, |e| e.central.end);
        if read != end.count || read_to != directory.end {
            return Err(count(
                &end,
                &format!(
                    "{} entries of {len} bytes are stated, {read} stand there and end at {read_to}",
                    end.count
                ),
            ));
        }
        let base = i128::from(directory.start).saturating_sub(i128::from(end.directory_offset));
        let mut layout = Self {
            entries,
            directory,
            end,
            base,
            other_ends: others,
            faults: Vec::new(),
        };
        layout.settle_base(blob);
        layout.read_locals(blob, budget)?;
        layout.other_ends.retain(|at| {
            !layout
                .entries
                .iter()
                .any(|e| e.local.as_ref().is_some_and(|l| l.data.contains(at)))
        });
        Ok(layout)
    }

    /// The same, but a file that breaks a rule or whose entries overlap is malformed: for containers whose signatures depend on one reading.
    ///
    /// # Errors
    /// The first fault, or what [`Layout::read`] gives.
    pub(in crate::format) fn strict(blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Self, Error> {
        let layout = Self::read(blob, budget)?;
        layout.faultless()?;
        match layout.overlap() {
            Some((at, name)) => {
                let message = format!("{} shares bytes with another entry", quoted(name));
                Err(Error::malformed(&OVERLAPPING_ENTRIES, at, message))
            }
            None => Ok(layout),
        }
    }

    /// # Errors
    /// The first fault.
    pub(in crate::format) fn faultless(&self) -> Result<(), Error> {
        match self.faults.first() {
            Some(fault) => Err(Error::malformed(
                fault.definition,
                fault.offset,
                &*fault.message,
            )),
            None => Ok(()),
        }
    }

    /// The entry of this exact name, and whether another has the same.
    pub(in crate::format) fn named(&self, name: &str) -> Option<(&Record, bool)> {
        let mut all = self
            .entries
            .iter()
            .filter(|e| e.raw_name == name.as_bytes());
        let first = all.next()?;
        Some((first, all.next().is_some()))
    }

    /// The first entry in file order that shares bytes with one before it.
    fn overlap(&self) -> Option<(u64, &str)> {
        let mut reach = 0;
        self.in_file_order().into_iter().find_map(|(span, name)| {
            let overlaps = span.start < reach;
            reach = reach.max(span.end);
            overlaps.then_some((span.start, name))
        })
    }

    /// Every local record with its entry's name.
    pub(in crate::format) fn in_file_order(&self) -> Vec<(Span, &str)> {
        let locals = self.entries.iter();
        let mut all: Vec<(Span, &str)> = locals
            .filter_map(|e| Some((e.local.as_ref()?.span(), e.name.as_str())))
            .collect();
        all.sort_by_key(|(span, _)| (span.start, span.end));
        all
    }

    /// Where the first record of the zip stands.
    pub(in crate::format) fn start(&self) -> u64 {
        let locals = self.entries.iter().filter_map(|e| e.local.as_ref());
        locals
            .map(|l| l.header.start)
            .fold(self.directory.start, u64::min)
    }

    pub(super) fn fault(
        &mut self,
        definition: &'static Definition,
        offset: u64,
        message: impl Into<String>,
    ) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault {
                definition,
                offset,
                message: message.into(),
            });
        }
    }

    /// Data before the zip moves every offset by the same amount. Where the local headers stand at their stated offsets and
    /// only the directory has moved, the end record is wrong instead.
    fn settle_base(&mut self, blob: &dyn ReadAt) {
        let Some(first) = self
            .entries
            .iter()
            .map(|e| e.offset)
            .min()
            .filter(|_| self.base != 0)
        else {
            return;
        };
        let moved = u64::try_from(i128::from(first).saturating_add(self.base)).ok();
        if !moved.is_some_and(|at| local::stands_at(blob, at)) && local::stands_at(blob, first) {
            let message = format!(
                "the central directory is stated at {} and stands at {}",
                self.end.directory_offset, self.directory.start
            );
            self.fault(&BAD_EOCD_OFFSET, self.end.span.start, message);
            self.base = 0;
        }
    }

    fn read_locals(&mut self, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<(), Error> {
        let mut entries = std::mem::take(&mut self.entries);
        // Entries that share a local header overlap, which is told of as such; at most one of them can agree with it.
        let shared = shared(&entries);
        for entry in &mut entries {
            budget.check_time()?;
            let at = u64::try_from(i128::from(entry.offset).saturating_add(self.base)).ok();
            match at.map(|at| local::read(blob, at, entry, self.directory.start)) {
                Some(Ok((local, faults))) => {
                    for fault in faults
                        .into_iter()
                        .filter(|_| !shared.contains(&entry.offset))
                    {
                        self.fault(fault.definition, fault.offset, fault.message);
                    }
                    entry.local = Some(local);
                }
                Some(Err(fault)) => self.fault(fault.definition, fault.offset, fault.message),
                None => self.fault(
                    &OUT_OF_BOUNDS,
                    entry.central.start,
                    "a local header would stand before the file",
                ),
            }
        }
        self.entries = entries;
        let used = self
            .entries
            .iter()
            .filter_map(|e| e.local.as_ref())
            .map(|l| l.span().end)
            .max();
        let gap = used.unwrap_or(self.directory.start)..self.directory.start;
        if !gap.is_empty() && !is_signing_block(blob, &gap) {
            let message = format!(
                "{} bytes before the central directory belong to nothing",
                gap.end.saturating_sub(gap.start)
            );
            self.fault(&GAP_BEFORE_CD, gap.start, message);
        }
        Ok(())
    }
}

/// Offsets that more than one entry states for its local header.
fn shared(entries: &[Record]) -> HashSet<u64> {
    let mut seen = HashSet::new();
    entries
        .iter()
        .map(|e| e.offset)
        .filter(|offset| !seen.insert(*offset))
        .collect()
}

/// Whether the bytes before a central directory are an APK signing block.
pub(super) fn is_signing_block(blob: &dyn ReadAt, gap: &Span) -> bool {
    let mut magic = [0; 16];
    gap.end
        .checked_sub(16)
        .is_some_and(|at| at >= gap.start && blob.read_exact_at(at, &mut magic).is_ok())
        && &magic == b"APK Sig Block 42"
}

/// The directory ends where the records that end the zip start.
fn directory(end: &End) -> Result<Span, Error> {
    match end.start().checked_sub(end.directory_len) {
        Some(start) => Ok(start..end.start()),
        None => {
            let message = format!(
                "a central directory of {} bytes would start before the file",
                end.directory_len
            );
            Err(Error::malformed(&OUT_OF_BOUNDS, end.span.start, message))
        }
    }
}

fn count(end: &End, message: &str) -> Error {
    Error::malformed(&BAD_CD_COUNT, end.span.start, message)
}

/// Names of the entries, without a look at what they point to; `None` where there is no central directory to read.
pub(super) fn names(blob: &dyn ReadAt) -> Option<Vec<String>> {
    let (end, _) = end::locate(blob).ok()?;
    let directory = directory(&end).ok()?;
    let len = directory.end.saturating_sub(directory.start);
    if len > MAX_DIRECTORY || end.count > len.checked_div(CENTRAL_LEN)? {
        return None;
    }
    let bytes = blob.read_range(directory.clone()).ok()?;
    let entries = central::entries(&bytes, directory.start, end.count).ok()?;
    Some(entries.into_iter().map(|e| e.name).collect())
}
