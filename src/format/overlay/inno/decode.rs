//! The data of an Inno Setup installer: chunks, each compressed for itself, with one file or many.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read};

use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::coding::{
    Counted, Exact, drain, failed, lzma, lzma2, skip, stream, until_last_wanted,
};
use crate::format::overlay::findings::INSTALLER_DATA;
use crate::format::overlay::inno::calls::{BLOCK, Calls};
use crate::format::overlay::inno::lists::Location;
use crate::format::overlay::inno::stream as block;
use crate::format::overlay::{MAX_HEADER, entry};
use crate::format::{Content, Entry, Error, Inside, Out};
use crate::model::extract::Span;

/// Starts each chunk.
const CHUNK: &[u8] = b"zlb\x1a";

#[derive(Debug)]
pub(super) struct Members {
    entries: Vec<Entry>,
    /// Where the setup program is, its size and CRC-32: the first entry.
    setup: (u64, u64, u32),
    chunks: Vec<Chunk>,
}

/// Files that are decoded together.
#[derive(Debug)]
struct Chunk {
    /// From its mark.
    span: Span,
    compressed: bool,
    /// Index among the entries, and location, in order of the data.
    files: Vec<(usize, Location)>,
}

impl Members {
    pub(super) fn new(
        size: u64,
        setup: (u64, u64, u32),
        data: u64,
        locations: Vec<Location>,
        mut names: BTreeMap<usize, String>,
    ) -> Self {
        let (_, setup_len, _) = setup;
        let mut entries = vec![entry("[setup].exe", Some(setup_len), Content::Coded)];
        let mut chunks: BTreeMap<u64, Chunk> = BTreeMap::new();
        for (number, location) in locations.into_iter().enumerate() {
            let path = names
                .remove(&number)
                .unwrap_or_else(|| format!("[file {number}]"));
            let span = span(size, data, &location);
            let why = match &span {
                _ if location.encrypted() => Some("encrypted"),
                _ if data == 0 || location.slices != (0, 0) => Some("on another disk"),
                None => Some("lies outside the installer"),
                Some(_) => None,
            };
            let content = match why {
                Some(why) => Content::Unreadable(why.into()),
                None => Content::Coded,
            };
            let index = entries.len();
            entries.push(entry(&path, Some(location.size), content));
            if let (None, Some(span)) = (why, span) {
                let chunk = chunks.entry(span.start).or_insert_with(|| Chunk {
                    span,
                    compressed: location.compressed(),
                    files: Vec::new(),
                });
                chunk.files.push((index, location));
            }
        }
        let mut chunks: Vec<Chunk> = chunks.into_values().collect();
        for chunk in &mut chunks {
            chunk.files.sort_by_key(|(_, location)| location.offset);
        }
        Self {
            entries,
            setup,
            chunks,
        }
    }

    /// The program that the loader unpacks and starts.
    fn setup(
        &self,
        blob: &dyn ReadAt,
        budget: &Budget<'_>,
        out: &mut dyn Out,
    ) -> Result<(), Error> {
        let (at, size, crc) = self.setup;
        let broken = |what| failed(&INSTALLER_DATA, at, what);
        if size > MAX_HEADER {
            let message = "the setup program is over 32 MiB";
            return Err(Error::malformed(&INSTALLER_DATA, at, message));
        }
        let (stream, _) = block::open(blob, at, budget).map_err(broken("the setup program"))?;
        // It is filtered as a whole.
        let whole = usize::try_from(MAX_HEADER).unwrap_or(BLOCK);
        let inner = Counted::new(stream, budget).take(size);
        let mut content = Exact::new(Calls::new(inner, whole), size, Some(crc));
        out.member(0, &mut content)?;
        drain(&mut content).map_err(broken("the setup program"))
    }

    fn chunk(
        &self,
        blob: &dyn ReadAt,
        chunk: &Chunk,
        budget: &Budget<'_>,
        out: &mut dyn Out,
    ) -> Result<(), Error> {
        let at = chunk.span.start;
        let broken = |what| failed(&INSTALLER_DATA, at, what);
        let mut stream = Counted::new(chunk.open(blob, budget).map_err(broken("a chunk"))?, budget);
        let mut reached = 0;
        for (index, location) in until_last_wanted(&chunk.files, out, |(index, _)| *index) {
            if !out.wants(*index) {
                continue;
            }
            skip(&mut stream, reached, location.offset, &INSTALLER_DATA, at)?;
            let exact = Exact::new(&mut stream, location.size, None);
            let plain: Box<dyn Read + '_> = if location.calls() {
                Box::new(Calls::new(exact, BLOCK))
            } else {
                Box::new(exact)
            };
            let mut content = Digested::new(plain, &location.digest);
            out.member(*index, &mut content)?;
            drain(&mut content).map_err(broken("in a member"))?;
            reached = location.offset.saturating_add(location.size);
        }
        Ok(())
    }
}

fn span(size: u64, data: u64, location: &Location) -> Option<Span> {
    let mark = u64::try_from(CHUNK.len()).ok()?;
    let start = data.checked_add(location.chunk)?;
    let end = start.checked_add(mark)?.checked_add(location.chunk_len)?;
    (end <= size).then_some(start..end)
}

impl Chunk {
    /// The method is stated in a part of the headers that differs with every version; no two start alike.
    fn open<'a>(
        &self,
        blob: &'a dyn ReadAt,
        budget: &'a Budget<'a>,
    ) -> io::Result<Box<dyn Read + 'a>> {
        let mut input = stream(blob, self.span.clone(), budget)?;
        let mut mark = [0; 4];
        input.read_exact(&mut mark)?;
        if mark != CHUNK {
            return Err(bad("no mark where a chunk should start"));
        }
        if !self.compressed {
            return Ok(Box::new(input));
        }
        let mut head = [0; 2];
        input.read_exact(&mut head)?;
        let [first, second] = head;
        Ok(match head {
            [0x78, _] => {
                let whole = io::Cursor::new(head).chain(input);
                Box::new(flate2::bufread::ZlibDecoder::new(BufReader::new(whole)))
            }
            [b'B', b'Z'] => {
                let whole = io::Cursor::new(head).chain(input);
                Box::new(bzip2::bufread::BzDecoder::new(BufReader::new(whole)))
            }
            [0..=40, 0x01 | 0xe0..] => {
                Box::new(lzma2(io::Cursor::new([second]).chain(input), first)?)
            }
            _ => {
                let mut rest = [0; 3];
                input.read_exact(&mut rest)?;
                let [third, fourth, fifth] = rest;
                let dictionary = u32::from_le_bytes([second, third, fourth, fifth]);
                Box::new(lzma(input, None, first, dictionary)?)
            }
        })
    }
}

impl Inside for Members {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn blocks(&self) -> usize {
        self.chunks.len().saturating_add(1)
    }

    fn decode(
        &self,
        blob: &dyn ReadAt,
        block: usize,
        budget: &Budget<'_>,
        out: &mut dyn Out,
    ) -> Result<(), Error> {
        let Some(index) = block.checked_sub(1) else {
            return if out.wants(0) {
                self.setup(blob, budget, out)
            } else {
                Ok(())
            };
        };
        match self.chunks.get(index) {
            Some(chunk) if chunk.files.iter().any(|(index, _)| out.wants(*index)) => {
                self.chunk(blob, chunk, budget, out)
            }
            _ => Ok(()),
        }
    }
}

/// Checks the digest that the installer states.
struct Digested<'a, R> {
    inner: R,
    stated: &'a [u8],
    sha1: Option<Sha1>,
    sha256: Option<Sha256>,
}

impl<'a, R: Read> Digested<'a, R> {
    fn new(inner: R, stated: &'a [u8]) -> Self {
        Self {
            inner,
            stated,
            sha1: (stated.len() == 20).then(Sha1::new),
            sha256: (stated.len() == 32).then(Sha256::new),
        }
    }
}

impl<R: Read> Read for Digested<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        let part = buf.get(..read).unwrap_or_default();
        if let Some(sha1) = &mut self.sha1 {
            sha1.update(part);
        }
        if let Some(sha256) = &mut self.sha256 {
            sha256.update(part);
        }
        if read == 0 && !buf.is_empty() {
            let sha1 = self.sha1.take().map(|sha1| sha1.finalize().to_vec());
            let sha256 = self.sha256.take().map(|sha256| sha256.finalize().to_vec());
            if sha1.or(sha256).is_some_and(|found| found != self.stated) {
                return Err(bad("its digest is another than the installer states"));
            }
        }
        Ok(read)
    }
}

fn bad(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}
