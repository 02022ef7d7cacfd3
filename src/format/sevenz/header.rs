//! The header of a 7z archive: packed streams, folders, the streams in each, and the files. `None` from a reader means that
//! the header breaks the format.

use crate::format::fields::Fields;
use crate::format::sevenz::blocks::Folder;
use crate::model::extract::Span;

/// Headers of archives with a hundred thousand members stay under 20 MB.
pub(super) const MAX_HEADER: u64 = 32 << 20;

const END: u8 = 0x00;
const HEADER: u8 = 0x01;
const ARCHIVE_PROPERTIES: u8 = 0x02;
const MAIN_STREAMS: u8 = 0x04;
const FILES: u8 = 0x05;
const PACK_INFO: u8 = 0x06;
const UNPACK_INFO: u8 = 0x07;
const SUBSTREAMS: u8 = 0x08;
const SIZES: u8 = 0x09;
const CRC: u8 = 0x0a;
const FOLDERS: u8 = 0x0b;
const UNPACK_SIZES: u8 = 0x0c;
const COUNTS: u8 = 0x0d;
const EMPTY_STREAM: u8 = 0x0e;
const EMPTY_FILE: u8 = 0x0f;
const ANTI: u8 = 0x10;
const NAMES: u8 = 0x11;
const ATTRIBUTES: u8 = 0x15;
pub(super) const ENCODED_HEADER: u8 = 0x17;

/// Size and CRC of one stream of a folder.
type Stream = (u64, Option<u32>);

/// Packed streams and folders.
#[derive(Debug, Default)]
pub(super) struct Streams {
    /// Where each packed stream stands, from the end of the signature header.
    pub(super) packed: Vec<Span>,
    pub(super) folders: Vec<Folder>,
    /// For each folder, size and CRC of each stream in it.
    pub(super) streams: Vec<Vec<Stream>>,
}

/// A file as the header lists it.
#[derive(Debug, Default, Clone)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) has_stream: bool,
    pub(super) directory: bool,
    pub(super) anti: bool,
    pub(super) attributes: u32,
}

#[derive(Debug, Default)]
pub(super) struct Header {
    pub(super) streams: Streams,
    pub(super) files: Vec<File>,
}

impl Header {
    /// A plain header, from its first byte.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let fields = &mut Fields::new(bytes);
        let mut header = Self::default();
        if fields.u8()? != HEADER {
            return None;
        }
        loop {
            match fields.u8()? {
                END => return Some(header),
                ARCHIVE_PROPERTIES => {
                    while fields.u8()? != END {
                        let len = size(fields)?;
                        fields.take(len)?;
                    }
                }
                MAIN_STREAMS => header.streams = Streams::read(fields)?,
                FILES => header.files = files(fields)?,
                _ => return None,
            }
        }
    }
}

impl Streams {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let mut out = Self::default();
        loop {
            match fields.u8()? {
                END => break,
                PACK_INFO => out.packed = packed(fields)?,
                UNPACK_INFO => out.folders = folders(fields)?,
                SUBSTREAMS => out.streams = substreams(fields, &out.folders)?,
                _ => return None,
            }
        }
        if out.streams.is_empty() {
            out.streams = out
                .folders
                .iter()
                .map(|folder| vec![(folder.unpacked(), folder.crc)])
                .collect();
        }
        Some(out)
    }
}

fn packed(fields: &mut Fields<'_>) -> Option<Vec<Span>> {
    let mut at = number(fields)?;
    let count = counted(fields)?;
    let mut spans = Vec::new();
    loop {
        match fields.u8()? {
            END => return (spans.len() == count).then_some(spans),
            SIZES => {
                for _ in 0..count {
                    let end = at.checked_add(number(fields)?)?;
                    spans.push(at..end);
                    at = end;
                }
            }
            CRC => {
                digests(fields, count)?;
            }
            _ => return None,
        }
    }
}

fn folders(fields: &mut Fields<'_>) -> Option<Vec<Folder>> {
    if fields.u8()? != FOLDERS {
        return None;
    }
    let count = counted(fields)?;
    inline(fields)?;
    let mut folders = Vec::new();
    for _ in 0..count {
        folders.push(Folder::read(fields)?);
    }
    if fields.u8()? != UNPACK_SIZES {
        return None;
    }
    for coder in folders.iter_mut().flat_map(|folder| &mut folder.coders) {
        coder.unpacked = number(fields)?;
    }
    loop {
        match fields.u8()? {
            END => return Some(folders),
            CRC => {
                let sums = digests(fields, count)?;
                for (folder, crc) in folders.iter_mut().zip(sums) {
                    folder.crc = crc;
                }
            }
            _ => return None,
        }
    }
}

/// Sizes are stated for all streams of a folder but the last, checksums for those that the folder's own does not stand for.
fn substreams(fields: &mut Fields<'_>, folders: &[Folder]) -> Option<Vec<Vec<Stream>>> {
    let mut counts = vec![1; folders.len()];
    let mut kind = fields.u8()?;
    if kind == COUNTS {
        for count in &mut counts {
            *count = size(fields)?;
        }
        kind = fields.u8()?;
    }
    // Each stream but the last of a folder has a size of a byte at least.
    let all = counts
        .iter()
        .try_fold(0usize, |all, n| all.checked_add(*n))?;
    if all > fields.left().saturating_add(folders.len()) {
        return None;
    }
    let mut streams = Vec::new();
    for (folder, count) in folders.iter().zip(&counts) {
        let mut left = folder.unpacked();
        let mut sizes = Vec::new();
        for _ in 1..*count {
            if kind != SIZES {
                return None;
            }
            let stated = number(fields)?;
            left = left.checked_sub(stated)?;
            sizes.push((stated, None));
        }
        if *count > 0 {
            sizes.push((left, if *count == 1 { folder.crc } else { None }));
        }
        streams.push(sizes);
    }
    if kind == SIZES {
        kind = fields.u8()?;
    }
    while kind != END {
        if kind != CRC {
            return None;
        }
        let unknown = || |(_, crc): &&mut Stream| crc.is_none();
        let count = streams.iter_mut().flatten().filter(unknown()).count();
        let sums = digests(fields, count)?;
        let open = streams.iter_mut().flatten().filter(unknown());
        for ((_, crc), sum) in open.zip(sums) {
            *crc = sum;
        }
        kind = fields.u8()?;
    }
    Some(streams)
}

fn files(fields: &mut Fields<'_>) -> Option<Vec<File>> {
    let count = counted(fields)?;
    let mut files = vec![File::default(); count];
    let mut empty = vec![false; count];
    let mut empty_file = Vec::new();
    let mut anti = Vec::new();
    loop {
        let kind = fields.u8()?;
        if kind == END {
            break;
        }
        let len = size(fields)?;
        let property = &mut Fields::new(fields.take(len)?);
        let empties = empty.iter().filter(|empty| **empty).count();
        match kind {
            EMPTY_STREAM => empty = bits(property, count)?,
            EMPTY_FILE => empty_file = bits(property, empties)?,
            ANTI => anti = bits(property, empties)?,
            NAMES => {
                inline(property)?;
                for file in &mut files {
                    file.name = name(property)?;
                }
            }
            ATTRIBUTES => {
                let defined = defined(property, count)?;
                inline(property)?;
                for (file, _) in files.iter_mut().zip(defined).filter(|(_, d)| *d) {
                    file.attributes = property.u32()?;
                }
            }
            // Times, padding, and what later writers may add.
            _ => {}
        }
    }
    let mut marks = empty_file
        .into_iter()
        .chain(std::iter::repeat(false))
        .zip(anti.into_iter().chain(std::iter::repeat(false)));
    for (file, empty) in files.iter_mut().zip(empty) {
        file.has_stream = !empty;
        if empty {
            let (is_file, is_anti) = marks.next()?;
            (file.directory, file.anti) = (!is_file, is_anti);
        }
    }
    Some(files)
}

/// UTF-16 up to a NUL.
fn name(fields: &mut Fields<'_>) -> Option<String> {
    let mut units = Vec::new();
    loop {
        match fields.u16()? {
            0 => return Some(String::from_utf16_lossy(&units)),
            unit => units.push(unit),
        }
    }
}

/// Lists that stand in another stream were never written by anything.
fn inline(fields: &mut Fields<'_>) -> Option<()> {
    (fields.u8()? == 0).then_some(())
}

fn digests(fields: &mut Fields<'_>, count: usize) -> Option<Vec<Option<u32>>> {
    defined(fields, count)?
        .into_iter()
        .map(|defined| {
            if defined {
                fields.u32().map(Some)
            } else {
                Some(None)
            }
        })
        .collect()
}

fn defined(fields: &mut Fields<'_>, count: usize) -> Option<Vec<bool>> {
    if fields.u8()? == 0 {
        bits(fields, count)
    } else {
        Some(vec![true; count])
    }
}

/// Highest bit first.
fn bits(fields: &mut Fields<'_>, count: usize) -> Option<Vec<bool>> {
    let bytes = fields.take(count.div_ceil(8))?;
    let bit = |at: u32| move |byte: &u8| byte & (0x80u8 >> at) != 0;
    Some(
        bytes
            .iter()
            .flat_map(|byte| (0..8).map(move |at| bit(at)(byte)))
            .take(count)
            .collect(),
    )
}

/// A count of things that take a byte each at least, in what is left.
fn counted(fields: &mut Fields<'_>) -> Option<usize> {
    let count = size(fields)?;
    (count <= fields.left()).then_some(count)
}

pub(super) fn size(fields: &mut Fields<'_>) -> Option<usize> {
    usize::try_from(number(fields)?).ok()
}

/// The ones that lead the first byte count the bytes that follow; the rest of it is the highest part of the value.
pub(super) fn number(fields: &mut Fields<'_>) -> Option<u64> {
    let first = fields.u8()?;
    let extra = first.leading_ones();
    let mut value = 0u64;
    for at in 0..extra {
        value |= u64::from(fields.u8()?) << at.checked_mul(8)?;
    }
    if extra < 7 {
        let high = u64::from(first & (0x7fu8 >> extra));
        value |= high << extra.checked_mul(8)?;
    }
    Some(value)
}
