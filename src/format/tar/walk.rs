//! From header to header.

use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Exceeded};
use crate::format::Error;
use crate::format::tar::findings::TRUNCATED_ARCHIVE;
use crate::format::tar::header::{BLOCK, Header, text};
use crate::format::tar::pax::{self, Overrides};
use crate::model::extract::Span;

/// Bytes of names in all: a hundred thousand members with long names stay below this.
pub(super) const MAX_NAMES: u64 = 32 << 20;
/// Bytes behind the end that may be zeros: GNU tar fills up blocks of 10 KiB, tapes larger ones.
const MAX_PADDING: u64 = 1 << 20;

/// A member.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) path: String,
    pub(super) kind: MemberKind,
    /// The header that describes it.
    pub(super) header: Span,
    pub(super) data: Span,
    /// The size in the header, where an extended header gives another one that the field could have held.
    pub(super) overridden: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MemberKind {
    File,
    Directory,
    Symlink(String),
    Hardlink(String),
    Device,
    /// A file with holes.
    Sparse,
    /// A part of a member that starts or ends in another volume.
    Part,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) entries: Vec<Member>,
    /// Data behind the end that is not padding.
    pub(super) trailing: Option<Span>,
    /// What ended the walk early.
    pub(super) fault: Option<Error>,
}

/// Every member up to the end of the archive or the first fault.
///
/// # Errors
/// Where a limit is reached or the file cannot be read.
pub(super) fn walk(blob: &dyn ReadAt, budget: &Budget<'_>, spend: bool) -> Result<Walked, Error> {
    let mut walk = Walk {
        blob,
        at: 0,
        next: Overrides::default(),
        global: Overrides::default(),
        names: 0,
    };
    let mut out = Walked::default();
    loop {
        budget.check_time()?;
        match walk.step() {
            Ok(Step::Member(member)) => {
                budget.spend_members(u64::from(spend))?;
                if u64::try_from(out.entries.len()).unwrap_or(u64::MAX)
                    >= budget.limits().max_members
                {
                    return Err(Error::Limit(Exceeded::Count {
                        what: "members",
                        limit: out.entries.len(),
                    }));
                }
                out.entries.push(member);
            }
            Ok(Step::Aside) => {}
            Ok(Step::End) => {
                out.trailing = walk.trailing()?;
                return Ok(out);
            }
            Err(fault @ Error::Malformed { .. }) => {
                out.fault = Some(fault);
                return Ok(out);
            }
            Err(other) => return Err(other),
        }
    }
}

enum Step {
    Member(Member),
    /// A header about the next member or all further ones.
    Aside,
    End,
}

struct Walk<'b> {
    blob: &'b dyn ReadAt,
    at: u64,
    /// What extended headers say of the next member.
    next: Overrides,
    /// … and of every member.
    global: Overrides,
    names: u64,
}

impl Walk<'_> {
    fn step(&mut self) -> Result<Step, Error> {
        if self.at == self.blob.size() {
            return Ok(Step::End);
        }
        let start = self.at;
        let block = self.take(BLOCK)?;
        let Some(header) = Header::read(&block, start)? else {
            return Ok(Step::End);
        };
        match header.flag {
            b'x' => {
                let records = self.content(&header)?;
                self.next.read(&records, start)?;
                Ok(Step::Aside)
            }
            b'g' => {
                let records = self.content(&header)?;
                self.global.read(&records, start)?;
                Ok(Step::Aside)
            }
            b'L' => {
                let name = self.content(&header)?;
                self.next.path = Some(text(&name).to_vec());
                Ok(Step::Aside)
            }
            b'K' => {
                let link = self.content(&header)?;
                self.next.link = Some(text(&link).to_vec());
                Ok(Step::Aside)
            }
            b'V' => {
                self.data(header.size)?;
                Ok(Step::Aside)
            }
            _ => self.member(&header, start).map(Step::Member),
        }
    }

    fn member(&mut self, header: &Header, start: u64) -> Result<Member, Error> {
        let next = std::mem::take(&mut self.next);
        let mut more = header.extended;
        while more {
            // GNU tar manual, struct sparse_header: the last but eighth byte says whether one more follows.
            more = self.take(BLOCK)?.get(504).is_some_and(|b| *b != 0);
        }
        let described = start..self.at;
        let sparse = next.sparse || self.global.sparse;
        let name = next
            .path
            .or_else(|| self.global.path.clone())
            .unwrap_or_else(|| header.name.clone());
        let link = next
            .link
            .or_else(|| self.global.link.clone())
            .unwrap_or_else(|| header.link.clone());
        let path = self.string(&name)?;
        let kind = match header.flag {
            b'1' => MemberKind::Hardlink(self.string(&link)?),
            b'2' => MemberKind::Symlink(self.string(&link)?),
            b'3' | b'4' | b'6' => MemberKind::Device,
            b'5' | b'D' => MemberKind::Directory,
            b'S' => MemberKind::Sparse,
            b'M' => MemberKind::Part,
            // Before POSIX a directory was a file whose name ends in a slash. Unknown kinds are files (POSIX.1-2017, typeflag).
            0 if path.ends_with('/') => MemberKind::Directory,
            _ if sparse => MemberKind::Sparse,
            _ => MemberKind::File,
        };
        let stated = next.size.or(self.global.size);
        let size = match kind {
            // Links and devices have no data, whatever their size says; GNU's listing of a directory has.
            MemberKind::Symlink(_) | MemberKind::Hardlink(_) | MemberKind::Device => 0,
            MemberKind::Directory if header.flag != b'D' => 0,
            _ => stated.unwrap_or(header.size),
        };
        // Eleven octal digits are what the field holds; only a size beyond them belongs into an extended header.
        let fits = size < 1 << 33;
        let overridden =
            Some(header.size).filter(|own| fits && stated.is_some_and(|stated| stated != *own));
        Ok(Member {
            path,
            kind,
            header: described,
            data: self.data(size)?,
            overridden,
        })
    }

    /// Reads so many bytes at the place reached.
    fn take(&mut self, len: u64) -> Result<Vec<u8>, Error> {
        let end = self.end(len)?;
        let bytes = self
            .blob
            .read_range(self.at..end)
            .map_err(Error::read(self.at))?;
        self.at = end;
        Ok(bytes)
    }

    /// Passes over data and their padding to a full block.
    fn data(&mut self, size: u64) -> Result<Span, Error> {
        let data = self.at..self.end(size)?;
        let padded = size.checked_next_multiple_of(BLOCK).unwrap_or(u64::MAX);
        // The last block of an archive that was cut may lack its padding, and no more.
        self.at = self.at.saturating_add(padded).min(self.blob.size());
        Ok(data)
    }

    fn end(&self, len: u64) -> Result<u64, Error> {
        let end = self
            .at
            .checked_add(len)
            .filter(|end| *end <= self.blob.size());
        end.ok_or_else(|| {
            let message = format!("{len} bytes are announced, and the file ends before");
            Error::malformed(&TRUNCATED_ARCHIVE, self.at, message)
        })
    }

    /// The data of an extended header or a long name.
    fn content(&mut self, header: &Header) -> Result<Vec<u8>, Error> {
        let data = self.data(header.size)?;
        if header.size > pax::MAX_HEADER {
            return Err(Error::Limit(Exceeded::Count {
                what: "bytes of an extended header",
                limit: usize::try_from(pax::MAX_HEADER).unwrap_or(usize::MAX),
            }));
        }
        self.blob
            .read_range(data.clone())
            .map_err(Error::read(data.start))
    }

    fn string(&mut self, bytes: &[u8]) -> Result<String, Error> {
        self.names = self
            .names
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.names > MAX_NAMES {
            return Err(Error::Limit(Exceeded::Count {
                what: "bytes of names",
                limit: usize::try_from(MAX_NAMES).unwrap_or(usize::MAX),
            }));
        }
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }

    /// What stands behind the end, unless it is padding.
    fn trailing(&self) -> Result<Option<Span>, Error> {
        let rest = self.at..self.blob.size();
        let seen = rest.start..rest.end.min(rest.start.saturating_add(MAX_PADDING));
        let bytes = self
            .blob
            .read_range(seen.clone())
            .map_err(Error::read(rest.start))?;
        let padding = seen.end == rest.end && bytes.iter().all(|b| *b == 0);
        Ok(Some(rest).filter(|_| !padding))
    }
}
