//! Inno Setup's block streams: a length, then LZMA or plain data in chunks of 4 KiB, each behind its CRC-32.

use std::io::{self, Read};

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::Error;
use crate::format::coding::{Counted, buffered, failed, lzma, stream, sum};
use crate::format::fields::Fields;
use crate::format::overlay::MAX_HEADER;
use crate::format::overlay::findings::INSTALLER_HEADER;
use crate::model::extract::Span;

/// CRC-32 of what follows, stored length, and whether it is compressed.
const HEADER: u64 = 9;
const CHUNK: usize = 4096;

/// Decodes the block at `at`, and says where the next starts.
pub(super) fn block(
    blob: &dyn ReadAt,
    at: u64,
    budget: &Budget<'_>,
) -> Result<(Vec<u8>, u64), Error> {
    let broken = || failed(&INSTALLER_HEADER, at, "a block of the headers");
    let (reader, end) = open(blob, at, budget).map_err(broken())?;
    let mut counted = Counted::new(reader, budget).take(MAX_HEADER.saturating_add(1));
    let mut bytes = Vec::new();
    io::copy(&mut counted, &mut bytes).map_err(broken())?;
    if u64::try_from(bytes.len()).is_ok_and(|len| len <= MAX_HEADER) {
        Ok((bytes, end))
    } else {
        let message = "a block of the headers is over 32 MiB";
        Err(Error::malformed(&INSTALLER_HEADER, at, message))
    }
}

/// The decoded block at `at` as a stream, and where the next starts.
pub(super) fn open<'a>(
    blob: &'a dyn ReadAt,
    at: u64,
    budget: &'a Budget<'a>,
) -> io::Result<(Box<dyn Read + 'a>, u64)> {
    let start = at.checked_add(HEADER).ok_or(io::ErrorKind::UnexpectedEof)?;
    let header = blob.read_range(at..start)?;
    let fields = &mut Fields::new(&header);
    let stated = fields.u32().unwrap_or_default();
    let covered = Fields::starting(&header, fields.position()).take(5);
    if covered.is_none_or(|covered| sum(covered) != stated) {
        return Err(bad("the block's header does not match its CRC-32"));
    }
    let stored = u64::from(fields.u32().unwrap_or_default());
    let compressed = fields.u8().unwrap_or_default();
    let end = start.saturating_add(stored);
    let mut chunks = Chunks::new(blob, start..end, budget)?;
    if compressed == 0 {
        return Ok((Box::new(chunks), end));
    }
    let mut properties = [0u8; 5];
    chunks.read_exact(&mut properties)?;
    let [first, dictionary @ ..] = properties;
    let chunks = buffered(chunks);
    let decoder = lzma(chunks, None, first, u32::from_le_bytes(dictionary))?;
    Ok((Box::new(decoder), end))
}

/// The data of chunks whose checksums hold.
struct Chunks<R> {
    input: R,
    left: u64,
    chunk: Vec<u8>,
    at: usize,
}

impl<'a> Chunks<Box<dyn Read + 'a>> {
    fn new(blob: &'a dyn ReadAt, span: Span, budget: &'a Budget<'a>) -> io::Result<Self> {
        Ok(Self {
            left: span.end.saturating_sub(span.start),
            input: Box::new(stream(blob, span, budget)?),
            chunk: Vec::new(),
            at: 0,
        })
    }

    fn next(&mut self) -> io::Result<()> {
        let mut crc = [0; 4];
        self.input.read_exact(&mut crc)?;
        self.left = self.left.saturating_sub(4);
        let len = usize::try_from(self.left).unwrap_or(usize::MAX).min(CHUNK);
        self.chunk.resize(len, 0);
        self.input.read_exact(&mut self.chunk)?;
        self.left = self
            .left
            .saturating_sub(u64::try_from(len).unwrap_or(u64::MAX));
        self.at = 0;
        if sum(&self.chunk) != u32::from_le_bytes(crc) {
            return Err(bad("a chunk does not match its CRC-32"));
        }
        Ok(())
    }
}

impl Read for Chunks<Box<dyn Read + '_>> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.chunk.len() {
            if self.left < 4 {
                return Ok(0);
            }
            self.next()?;
        }
        let mut rest = self.chunk.get(self.at..).unwrap_or_default();
        let read = rest.read(buf)?;
        self.at = self.at.saturating_add(read);
        Ok(read)
    }
}

fn bad(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}
