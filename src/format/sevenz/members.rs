//! The members of a 7z archive. A folder is a block: what is in it decodes in order.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::coding::{Counted, Part, deal, failed, sum, whole};
use crate::format::fields::Fields;
use crate::format::listing::{Conventions, Listed, Sort, check};
use crate::format::sevenz::SIGNATURE;
use crate::format::sevenz::blocks::Folder;
use crate::format::sevenz::findings::{SEVENZ_DATA, SEVENZ_HEADER};
use crate::format::sevenz::header::{ENCODED_HEADER, File, Header, MAX_HEADER, Streams};
use crate::format::sevenz::methods::{decoder, refusal};
use crate::format::{Content, Entry, Error, Inside, Kind, Out};
use crate::model::extract::Span;
use crate::model::finding::{Finding, Status};

/// Signature, version, CRC and the place of the header.
const SIGNATURE_HEADER: u64 = 32;
/// 7-Zip writes a header encoded once; each further one would be decoded for nothing.
const MAX_ENCODED: usize = 4;
/// Attribute bit saying that the high half is a Unix mode.
const UNIX: u32 = 0x8000;

#[derive(Debug)]
pub(super) struct Members {
    entries: Vec<Entry>,
    blocks: Vec<Block>,
    findings: Vec<Finding>,
}

#[derive(Debug)]
struct Block {
    folder: Folder,
    packed: Vec<Span>,
    parts: Vec<Part>,
}

impl Members {
    pub(super) fn read(blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Self, Error> {
        let header = match header(blob, budget)? {
            Outcome::Plain(header) => header,
            Outcome::Refused(why) => return Ok(Self::hidden(why)),
        };
        let count = u64::try_from(header.files.len()).unwrap_or(u64::MAX);
        budget.spend_members(count)?;
        Self::build(blob.size(), header)
            .ok_or_else(|| malformed("its parts do not belong together"))
    }

    /// The list itself cannot be had, so that nothing is known of the members.
    fn hidden(why: String) -> Self {
        Self {
            entries: vec![Entry {
                path: "[members]".into(),
                size: None,
                kind: Kind::File,
                content: Content::Unreadable(format!("the list of members: {why}")),
            }],
            blocks: Vec::new(),
            findings: Vec::new(),
        }
    }

    fn build(size: u64, header: Header) -> Option<Self> {
        let Streams {
            packed,
            folders,
            streams,
        } = header.streams;
        let mut blocks = Vec::new();
        let mut reasons = Vec::new();
        let mut packed = packed.into_iter();
        for folder in folders {
            let own: Vec<Span> = packed.by_ref().take(folder.packed_streams).collect();
            let own = own
                .into_iter()
                .map(|span| absolute(span, size))
                .collect::<Option<Vec<_>>>()?;
            if own.len() != folder.packed_streams {
                return None;
            }
            reasons.push(refusal(&folder));
            blocks.push(Block {
                folder,
                packed: own,
                parts: Vec::new(),
            });
        }
        // Streams in folder order belong to the files that have one, in file order.
        let mut places = streams.iter().enumerate().flat_map(|(folder, streams)| {
            streams.iter().scan(0u64, move |at, (size, crc)| {
                let offset = *at;
                *at = at.saturating_add(*size);
                Some((folder, offset, *size, *crc))
            })
        });
        let mut entries = Vec::new();
        for (index, file) in header.files.into_iter().enumerate() {
            let mut size = 0;
            let mut content = Content::Stored(0..0);
            if file.has_stream {
                let (folder, offset, len, crc) = places.next()?;
                size = len;
                content = match reasons.get(folder)? {
                    Some(reason) => Content::Unreadable(reason.clone()),
                    None => Content::Coded,
                };
                blocks.get_mut(folder)?.parts.push(Part {
                    index,
                    offset,
                    size,
                    crc,
                });
            }
            entries.push(Entry {
                kind: kind(&file),
                path: file.name.replace('\\', "/"),
                size: Some(size),
                content,
            });
        }
        Some(Self {
            findings: findings(&entries),
            entries,
            blocks,
        })
    }
}

impl Inside for Members {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn findings(&self) -> &[Finding] {
        &self.findings
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
        let Some(block) = self.blocks.get(block) else {
            return Ok(());
        };
        if refusal(&block.folder).is_some() || !block.parts.iter().any(|p| out.wants(p.index)) {
            return Ok(());
        }
        let at = block.packed.first().map_or(0, |span| span.start);
        let stream = decoder(blob, &block.folder, &block.packed, budget).map_err(failed(
            &SEVENZ_DATA,
            at,
            "a folder does not decode",
        ))?;
        deal(
            &mut Counted::new(stream, budget),
            &block.parts,
            out,
            &SEVENZ_DATA,
            at,
        )
    }
}

/// What the names give away. Separators are Windows' own in the format, and the header has no place for each.
fn findings(entries: &[Entry]) -> Vec<Finding> {
    let listed: Vec<Listed<'_>> = entries
        .iter()
        .map(|entry| Listed {
            path: &entry.path,
            kind: match entry.kind {
                Kind::File => Sort::File,
                Kind::Directory => Sort::Directory,
                Kind::Special => Sort::Symlink(None),
            },
            at: (0, SIGNATURE_HEADER),
        })
        .collect();
    let conventions = Conventions {
        posix: false,
        duplicates: Status::Review,
    };
    check(&listed, conventions)
}

fn kind(file: &File) -> Kind {
    let mode = if file.attributes & UNIX != 0 {
        (file.attributes >> 16) & 0o170_000
    } else {
        0
    };
    if file.directory || file.attributes & 0x10 != 0 || mode == 0o040_000 {
        Kind::Directory
    } else if file.anti || !matches!(mode, 0 | 0o100_000) {
        Kind::Special
    } else {
        Kind::File
    }
}

enum Outcome {
    Plain(Header),
    /// Coded in a way that is not read, and why: encrypted.
    Refused(String),
}

/// The plain header, decoded as often as it is encoded.
fn header(blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Outcome, Error> {
    let mut bytes = stated(blob)?;
    if bytes.is_empty() {
        return Ok(Outcome::Plain(Header::default()));
    }
    for _ in 0..MAX_ENCODED {
        let fields = &mut Fields::new(&bytes);
        if fields.u8() != Some(ENCODED_HEADER) {
            return Header::read(&bytes)
                .map(Outcome::Plain)
                .ok_or_else(|| malformed("the header breaks off"));
        }
        let streams =
            Streams::read(fields).ok_or_else(|| malformed("the encoded header breaks off"))?;
        let folder = streams
            .folders
            .first()
            .ok_or_else(|| malformed("the encoded header has no folder"))?;
        if let Some(why) = refusal(folder) {
            return Ok(Outcome::Refused(why));
        }
        bytes = decoded(blob, folder, &streams.packed, budget)?;
    }
    Err(malformed("the header is encoded over and over"))
}

/// The header that the signature header names; empty for an archive of nothing.
fn stated(blob: &dyn ReadAt) -> Result<Vec<u8>, Error> {
    if blob.size() < SIGNATURE_HEADER {
        return Err(malformed("too short for a signature header"));
    }
    let start = blob
        .read_range(0..SIGNATURE_HEADER)
        .map_err(Error::read(0))?;
    let parse = || {
        let fields = &mut Fields::new(&start);
        let signature = fields.take(SIGNATURE.len())?;
        let version = fields.array::<2>()?;
        let crc = fields.u32()?;
        let place = Fields::starting(&start, fields.position()).take(20)?;
        let (offset, size) = (fields.u64()?, fields.u64()?);
        let right = signature == SIGNATURE && version.first() == Some(&0) && sum(place) == crc;
        right.then_some((offset, size, fields.u32()?))
    };
    let (offset, size, crc) =
        parse().ok_or_else(|| malformed("the signature header does not hold"))?;
    if size == 0 {
        return Ok(Vec::new());
    }
    if size > MAX_HEADER {
        return Err(malformed("the header is over 32 MiB"));
    }
    let span = offset
        .checked_add(size)
        .and_then(|end| absolute(offset..end, blob.size()))
        .ok_or_else(|| malformed("the header reaches past the end of the file"))?;
    let bytes = blob
        .read_range(span.clone())
        .map_err(Error::read(span.start))?;
    if sum(&bytes) != crc {
        return Err(malformed("the header's CRC-32 does not match"));
    }
    Ok(bytes)
}

fn decoded(
    blob: &dyn ReadAt,
    folder: &Folder,
    packed: &[Span],
    budget: &Budget<'_>,
) -> Result<Vec<u8>, Error> {
    let packed = packed
        .iter()
        .map(|span| absolute(span.clone(), blob.size()))
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| malformed("the encoded header reaches past the end of the file"))?;
    let at = packed.first().map_or(0, |span| span.start);
    let stream = decoder(blob, folder, &packed, budget).and_then(|stream| {
        whole(
            &mut Counted::new(stream, budget),
            folder.unpacked(),
            MAX_HEADER,
        )
    });
    let bytes = stream.map_err(failed(&SEVENZ_HEADER, at, "the header does not decode"))?;
    if folder.crc.is_some_and(|crc| crc != sum(&bytes)) {
        return Err(malformed("the decoded header's CRC-32 does not match"));
    }
    Ok(bytes)
}

/// A span behind the signature header, as one of the file.
fn absolute(span: Span, size: u64) -> Option<Span> {
    let start = span.start.checked_add(SIGNATURE_HEADER)?;
    let end = span.end.checked_add(SIGNATURE_HEADER)?;
    (start <= end && end <= size).then_some(start..end)
}

fn malformed(message: &str) -> Error {
    Error::malformed(&SEVENZ_HEADER, 0, message)
}
