//! Inno Setup installers, versions 5.5 to 6.4.
//!
//! Specification: `Struct.pas` and `Compress.pas` of Inno Setup. What decides is the table of file locations, whose size is
//! fixed a version and whose digests tell a wrong reading from a right one; the names come from the list of files.
//!
//! What this does not prove: where a file lands. Constants such as `{app}` stay as they are written.

mod calls;
mod decode;
mod lists;
mod stream;

use std::io;

use crate::base::budget::Budget;
use crate::format::fields::Fields;
use crate::format::overlay::findings::INSTALLER_HEADER;
use crate::format::overlay::joined::Listed;
use crate::format::overlay::{Id, Image, Mark, Overlay, entry};
use crate::format::{Content, Error, Inside};
use decode::Members;

/// The resource that the loader finds its table in, and how the table starts (5.1.5 and later).
const TABLE: Id = Id::Number(11111);
const MAGIC: &[u8] = b"rDlPtS\xcd\xe6\xd7\x7b\x0b\x2a";
const TABLE_LEN: u64 = 44;
/// Starts the headers: `Inno Setup Setup Data (6.4.0)`, filled up with zeros.
const TITLE: &str = "Inno Setup Setup Data (";
const TITLE_LEN: u64 = 64;

pub(super) struct Inno;

/// The loader's table.
#[derive(Debug, Clone, Copy)]
struct Table {
    version: u32,
    /// The setup program, compressed, and its size and CRC-32 when decoded.
    setup: (u64, u64, u32),
    headers: u64,
    /// Zero where the data is on further disks.
    data: u64,
}

impl Overlay for Inno {
    fn find(&self, image: &Image<'_>) -> io::Result<Option<Mark>> {
        let Some(resource) = image.resources.iter().find(|r| r.name == TABLE) else {
            return Ok(None);
        };
        let head = image.head(&resource.span, TABLE_LEN)?;
        let Some(table) = Table::read(&head) else {
            return Ok(None);
        };
        let version = title(image, table.headers)?.map_or_else(
            || "of an unknown version".to_owned(),
            |title| title.version.clone(),
        );
        Ok(Some(Mark {
            name: format!("Inno Setup {version} installer"),
            at: resource.span.start,
            end: resource.span.end,
        }))
    }

    fn open(
        &self,
        image: &Image<'_>,
        mark: &Mark,
        budget: &Budget<'_>,
    ) -> Result<Box<dyn Inside>, Error> {
        let malformed = |message: &str| Error::malformed(&INSTALLER_HEADER, mark.at, message);
        let head = image
            .head(&(mark.at..mark.end), TABLE_LEN)
            .map_err(Error::read(mark.at))?;
        let table = Table::read(&head).ok_or_else(|| malformed("the loader's table is cut off"))?;
        let title = title(image, table.headers).map_err(Error::read(table.headers))?;
        let layout = title.and_then(|title| title.layout());
        let (Some(layout), 1) = (layout, table.version) else {
            budget.spend_members(1)?;
            let why = format!("{}: this version is not read", mark.name);
            let entry = entry("[overlay]", None, Content::Unreadable(why));
            return Ok(Box::new(Listed::new(vec![entry])));
        };
        let start = table.headers.saturating_add(TITLE_LEN);
        let (headers, end) = stream::block(image.blob, start, budget)?;
        let (locations, _) = stream::block(image.blob, end, budget)?;
        let locations = lists::locations(&locations, layout)
            .ok_or_else(|| malformed("the table of file locations does not fit this version"))?;
        let count = u64::try_from(locations.len()).unwrap_or(u64::MAX);
        budget.spend_members(count.saturating_add(1))?;
        let names = lists::names(&headers, locations.len(), layout.unicode);
        Ok(Box::new(Members::new(
            image.blob.size(),
            table.setup,
            table.data,
            locations,
            names,
        )))
    }
}

impl Table {
    fn read(head: &[u8]) -> Option<Self> {
        let fields = &mut Fields::new(head);
        if fields.take(MAGIC.len())? != MAGIC {
            return None;
        }
        let version = fields.u32()?;
        fields.u32()?;
        let offset = u64::from(fields.u32()?);
        let size = u64::from(fields.u32()?);
        Some(Self {
            version,
            setup: (offset, size, fields.u32()?),
            headers: u64::from(fields.u32()?),
            data: u64::from(fields.u32()?),
        })
    }
}

/// What the headers are titled.
struct Title {
    /// As written, without the mark for Unicode: `5.5.7`.
    version: String,
    unicode: bool,
}

/// What differs between versions.
#[derive(Debug, Clone, Copy)]
struct Layout {
    /// SHA-1 before 6.4, SHA-256 since.
    digest: usize,
    /// Bytes of a location behind its flags.
    behind: usize,
    unicode: bool,
}

fn title(image: &Image<'_>, at: u64) -> io::Result<Option<Title>> {
    let end = at.saturating_add(TITLE_LEN);
    if end > image.blob.size() {
        return Ok(None);
    }
    let bytes = image.blob.read_range(at..end)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.strip_prefix(TITLE).and_then(|rest| {
        let (version, rest) = rest.split_once(')')?;
        let numbers = version.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        numbers.then(|| Title {
            version: version.to_owned(),
            unicode: rest.starts_with(" (u)"),
        })
    }))
}

impl Title {
    /// `None` for versions that were never held against real installers.
    fn layout(&self) -> Option<Layout> {
        let mut numbers = self.version.split('.').map(str::parse::<u32>);
        let (major, minor) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
        let (digest, behind) = match (major, minor) {
            (5, 5 | 6) | (6, 0..=2) => (20, 0),
            (6, 3) => (20, 1),
            (6, 4) => (32, 1),
            _ => return None,
        };
        Some(Layout {
            digest,
            behind,
            // Builds without it ended with version 5.
            unicode: self.unicode || major > 5,
        })
    }
}
