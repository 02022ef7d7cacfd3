//! The list of an archive in a file. Archives may follow each other, with zeros between them, as in the initial file system of
//! Linux; content stands in the file as it is.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::cpio::findings::CPIO_MALFORMED;
use crate::format::cpio::record::{Feed, Header, Record, fill, next};
use crate::format::listing::{self, Conventions, Listed, Sort};
use crate::format::zip::findings::TRAILING_DATA;
use crate::format::{Content, Entry, Error, Inside, Kind, Out};
use crate::model::evidence::{Evidence, Source};
use crate::model::extract::Span;
use crate::model::finding::{Finding, Status};

/// Zeros between archives are looked through in pieces of this size.
const LOOK: u64 = 4096;

/// File type bits of a mode, and the two types that are told apart.
const TYPE: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;
const DIRECTORY: u32 = 0o040_000;

/// The kind that a file's mode states.
pub(in crate::format) fn kind(mode: u32) -> Kind {
    match mode & TYPE {
        REGULAR => Kind::File,
        DIRECTORY => Kind::Directory,
        _ => Kind::Special,
    }
}

/// The members, listed.
#[derive(Debug)]
pub(super) struct Members {
    entries: Vec<Entry>,
    findings: Vec<Finding>,
}

impl Members {
    pub(super) fn list(blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Self, Error> {
        let mut file = InFile { blob, at: 0 };
        let mut members = Self {
            entries: Vec::new(),
            findings: Vec::new(),
        };
        loop {
            budget.check_time()?;
            match next(&mut file)? {
                Record::Named(header) => {
                    budget.spend_members(1)?;
                    members.entries.push(entry(&header, file.at));
                    file.skip(header.size.saturating_add(fill(header.size)))?;
                }
                Record::Indexed(_) => {
                    let message = "a record names a list that only an rpm package has";
                    return Err(Error::malformed(&CPIO_MALFORMED, file.at, message));
                }
                Record::Trailer => {
                    if !members.goes_on(&mut file, budget)? {
                        members
                            .findings
                            .extend(names(&members.entries, &(0..file.at)));
                        return Ok(members);
                    }
                }
            }
        }
    }

    /// Whether another archive follows; anything else that follows is noted.
    fn goes_on(&mut self, file: &mut InFile<'_>, budget: &Budget<'_>) -> Result<bool, Error> {
        let size = file.blob.size();
        while file.at < size {
            budget.check_time()?;
            let piece = file.at..size.min(file.at.saturating_add(LOOK));
            let bytes = file
                .blob
                .read_range(piece.clone())
                .map_err(Error::read(piece.start))?;
            let Some(zeros) = bytes.iter().position(|byte| *byte != 0) else {
                file.at = piece.end;
                continue;
            };
            let zeros = u64::try_from(zeros).unwrap_or_default();
            file.at = piece.start.saturating_add(zeros);
            let magic = file
                .blob
                .read_range(file.at..size.min(file.at.saturating_add(6)))
                .map_err(Error::read(file.at))?;
            if matches!(magic.as_slice(), b"070701" | b"070702") {
                return Ok(true);
            }
            let left = size.saturating_sub(file.at);
            let message = format!("{left} bytes at offset {} follow the archive", file.at);
            self.findings.push(
                Finding::new(&TRAILING_DATA, Status::Review, message).with(Evidence::bytes(
                    Source::Embedded,
                    file.at,
                    left,
                )),
            );
            return Ok(false);
        }
        Ok(false)
    }
}

/// What the names of files and directories give away; links and devices are of no use to whoever looks for software.
/// `coded` is where decoded members come from.
pub(in crate::format) fn names(entries: &[Entry], coded: &Span) -> Vec<Finding> {
    let listed: Vec<Listed<'_>> = entries
        .iter()
        .filter_map(|entry| {
            let kind = match entry.kind {
                Kind::File => Sort::File,
                Kind::Directory => Sort::Directory,
                Kind::Special => return None,
            };
            let at = match &entry.content {
                Content::Stored(span) => (span.start, span.end),
                Content::Coded | Content::Unreadable(_) => (coded.start, coded.end),
            };
            Some(Listed {
                path: &entry.path,
                kind,
                at,
            })
        })
        .collect();
    let conventions = Conventions {
        posix: true,
        duplicates: Status::Review,
    };
    listing::check(&listed, conventions)
}

fn entry(header: &Header, at: u64) -> Entry {
    let kind = match kind(header.mode) {
        // Of several names of one file only the last brings the content.
        Kind::File if header.size == 0 && header.links > 1 => Kind::Special,
        kind => kind,
    };
    Entry {
        path: path(&header.name),
        size: Some(header.size),
        kind,
        content: Content::Stored(at..at.saturating_add(header.size)),
    }
}

/// A name as a path: `./usr/bin/x` and `/usr/bin/x` are both `usr/bin/x`.
pub(in crate::format) fn path(name: &[u8]) -> String {
    let name = name
        .strip_prefix(b".")
        .filter(|n| n.starts_with(b"/"))
        .unwrap_or(name);
    let name = name.strip_prefix(b"/").unwrap_or(name);
    String::from_utf8_lossy(name).into_owned()
}

impl Inside for Members {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn blocks(&self) -> usize {
        0
    }

    fn decode(
        &self,
        _: &dyn ReadAt,
        _: usize,
        _: &Budget<'_>,
        _: &mut dyn Out,
    ) -> Result<(), Error> {
        Ok(())
    }

    fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// A file, read record by record.
pub(super) struct InFile<'b> {
    pub(super) blob: &'b dyn ReadAt,
    pub(super) at: u64,
}

impl Feed for InFile<'_> {
    fn at(&self) -> u64 {
        self.at
    }

    fn fill(&mut self, buf: &mut [u8]) -> Result<(), Error> {
        let start = self.at;
        self.skip(u64::try_from(buf.len()).unwrap_or(u64::MAX))?;
        self.blob
            .read_exact_at(start, buf)
            .map_err(Error::read(start))
    }

    fn skip(&mut self, bytes: u64) -> Result<(), Error> {
        match self.at.checked_add(bytes) {
            Some(end) if end <= self.blob.size() => {
                self.at = end;
                Ok(())
            }
            Some(_) | None => Err(Error::malformed(
                &CPIO_MALFORMED,
                self.at,
                "the archive ends inside a record",
            )),
        }
    }
}
