//! The .xz container around LZMA2 (The .xz File Format 1.2.1), read here because its block headers must be seen before the
//! dictionaries that they ask for are allocated. Every check that a stream carries is compared; a stream with a check that is
//! not known is refused.

use std::cell::RefCell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use flate2::Crc;
use lzma_rust2::filter::bcj::BcjReader;
use lzma_rust2::filter::delta::DeltaReader;
use sha2::{Digest as _, Sha256};

use crate::base::budget::Exceeded;
use crate::base::codec::crc64::Crc64;
use crate::base::codec::lzma::{Lzma2, lzma2_dictionary};

/// Streams until the source ends, each of them independent, with padding between them (section 2.2).
pub struct Streams<'a, R> {
    source: Shared<R>,
    max_dictionary: u32,
    block: Option<Block<'a>>,
    /// Check of the stream that is open.
    check: Option<u8>,
    totals: Totals,
}

impl<R> std::fmt::Debug for Streams<'_, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Streams").finish_non_exhaustive()
    }
}

/// What the index of a stream must say.
#[derive(Debug, Default)]
struct Totals {
    blocks: u64,
    records: Crc,
}

impl Totals {
    fn add(&mut self, unpadded: u64, size: u64) {
        self.blocks = self.blocks.saturating_add(1);
        self.records.update(&unpadded.to_le_bytes());
        self.records.update(&size.to_le_bytes());
    }
}

struct Block<'a> {
    data: Box<dyn Read + 'a>,
    header_len: u64,
    /// Where the compressed data start, in bytes used of the source.
    start: u64,
    compressed: Option<u64>,
    stated: Option<u64>,
    size: u64,
    check: Check,
}

impl<'a, R: BufRead + 'a> Streams<'a, R> {
    /// Dictionaries over `max_dictionary` are refused.
    pub fn new(source: R, max_dictionary: u32) -> Self {
        let source = Shared(Rc::new(RefCell::new(Counted { source, used: 0 })));
        Self {
            source,
            max_dictionary,
            block: None,
            check: None,
            totals: Totals::default(),
        }
    }

    /// The next block; `None` at the end of the last stream.
    fn next_block(&mut self) -> io::Result<Option<Block<'a>>> {
        loop {
            let check = match self.check {
                Some(check) => check,
                None => match self.stream_header()? {
                    Some(check) => *self.check.insert(check),
                    None => return Ok(None),
                },
            };
            let [size] = self.source.array()?;
            if size == 0 {
                self.index()?;
                self.footer(check)?;
                self.check = None;
                self.totals = Totals::default();
                continue;
            }
            return self.block_header(size, check).map(Some);
        }
    }

    /// Section 2.1.1; the check's id. Stream padding is a multiple of four zero bytes (section 2.2).
    fn stream_header(&mut self) -> io::Result<Option<u8>> {
        let start = loop {
            if self.source.at_end()? {
                return Ok(None);
            }
            let start: [u8; 4] = self.source.array()?;
            if start != [0; 4] {
                break start;
            }
        };
        let rest: [u8; 8] = self.source.array()?;
        match (start, rest) {
            ([0xfd, b'7', b'z', b'X'], [b'Z', 0, 0, check @ 0..16, crc @ ..])
                if crc == crc32(&[0, check]) =>
            {
                Ok(Some(check))
            }
            _ => Err(invalid("no xz stream header")),
        }
    }

    /// Section 3.1.
    fn block_header(&mut self, size: u8, check: u8) -> io::Result<Block<'a>> {
        let len = usize::from(size).saturating_add(1).saturating_mul(4);
        let mut header = vec![0; len];
        if let Some((first, rest)) = header.split_first_mut() {
            *first = size;
            self.source.read_exact(rest)?;
        }
        let (fields, crc) = header
            .split_at_checked(len.saturating_sub(4))
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        if crc != crc32(fields) {
            return Err(invalid("the CRC-32 of an xz block header does not hold"));
        }
        let flags = fields.get(1).copied().unwrap_or_default();
        if flags & 0b0011_1100 != 0 {
            return Err(invalid("reserved flags in an xz block header"));
        }
        let mut rest = fields.get(2..).unwrap_or_default();
        let mut optional = |bit: u8| {
            if flags & bit == 0 {
                Ok(None)
            } else {
                vli(&mut rest).map(Some)
            }
        };
        let (compressed, stated) = (optional(1 << 6)?, optional(1 << 7)?);
        let mut filters = Vec::new();
        for _ in 0..=(flags & 3) {
            let id = vli(&mut rest)?;
            let len = usize::try_from(vli(&mut rest)?).unwrap_or(usize::MAX);
            let (properties, after) = rest
                .split_at_checked(len)
                .ok_or_else(|| invalid("a filter's properties break off"))?;
            filters.push((id, properties));
            rest = after;
        }
        if rest.iter().any(|b| *b != 0) {
            return Err(invalid("an xz block header is not padded with zeros"));
        }
        let start = self.source.used();
        Ok(Block {
            data: chain(self.source.clone(), &filters, self.max_dictionary)?,
            header_len: u64::try_from(len).unwrap_or_default(),
            start,
            compressed,
            stated,
            size: 0,
            check: Check::new(check)?,
        })
    }

    /// Sections 3.3 and 3.4, after the last byte of a block.
    fn end_block(&mut self, block: Block<'a>) -> io::Result<()> {
        let used = self.source.used().saturating_sub(block.start);
        if block.compressed.is_some_and(|stated| stated != used)
            || block.stated.is_some_and(|stated| stated != block.size)
        {
            return Err(invalid("the sizes in an xz block header do not hold"));
        }
        while !self
            .source
            .used()
            .saturating_sub(block.start)
            .is_multiple_of(4)
        {
            if self.source.array()? != [0] {
                return Err(invalid("an xz block is not padded with zeros"));
            }
        }
        let check = block.check.finish();
        let unpadded = block
            .header_len
            .saturating_add(used)
            .saturating_add(u64::try_from(check.len()).unwrap_or_default());
        let mut stated = vec![0; check.len()];
        self.source.read_exact(&mut stated)?;
        if stated != check {
            return Err(invalid("the check of an xz block does not hold"));
        }
        self.totals.add(unpadded, block.size);
        Ok(())
    }

    /// Section 4: as many records as there were blocks, with their sizes.
    fn index(&mut self) -> io::Result<()> {
        let mut read = Indexed {
            source: self.source.clone(),
            crc: Crc::new(),
            len: 1,
        };
        read.crc.update(&[0]);
        let count = read.vli()?;
        let mut listed = Totals::default();
        if count != self.totals.blocks {
            return Err(invalid("an xz index does not list the blocks"));
        }
        for _ in 0..count {
            listed.add(read.vli()?, read.vli()?);
        }
        while !read.len.is_multiple_of(4) {
            if read.byte()? != 0 {
                return Err(invalid("an xz index is not padded with zeros"));
            }
        }
        let crc: [u8; 4] = self.source.array()?;
        if crc != read.crc.sum().to_le_bytes() || listed.records.sum() != self.totals.records.sum()
        {
            return Err(invalid("an xz index does not hold"));
        }
        Ok(())
    }

    /// Section 2.1.2.
    fn footer(&mut self, check: u8) -> io::Result<()> {
        let crc: [u8; 4] = self.source.array()?;
        let fields: [u8; 6] = self.source.array()?;
        let magic: [u8; 2] = self.source.array()?;
        if crc != crc32(&fields) || !fields.ends_with(&[0, check]) || &magic != b"YZ" {
            return Err(invalid("no xz stream footer"));
        }
        Ok(())
    }
}

impl<'a, R: BufRead + 'a> Read for Streams<'a, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        loop {
            let Some(block) = &mut self.block else {
                match self.next_block()? {
                    Some(block) => self.block = Some(block),
                    None => return Ok(0),
                }
                continue;
            };
            let read = block.data.read(buf)?;
            let bytes = buf.get(..read).unwrap_or_default();
            if bytes.is_empty() {
                if let Some(block) = self.block.take() {
                    self.end_block(block)?;
                }
                continue;
            }
            block.size = block
                .size
                .saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
            block.check.update(bytes);
            return Ok(read);
        }
    }
}

/// Section 5.3: the filters of a block, the last of which is LZMA2 and nothing else is.
fn chain<'a>(
    source: impl Read + 'a,
    filters: &[(u64, &[u8])],
    max_dictionary: u32,
) -> io::Result<Box<dyn Read + 'a>> {
    let Some(((0x21, [size]), before)) = filters.split_last() else {
        return Err(invalid("an xz block does not end its filters with LZMA2"));
    };
    let dictionary =
        lzma2_dictionary(*size).ok_or_else(|| invalid("an xz block names no dictionary"))?;
    if dictionary > max_dictionary {
        return Err(io::Error::other(Exceeded::Count {
            what: "bytes of dictionary",
            limit: usize::try_from(max_dictionary).unwrap_or(usize::MAX),
        }));
    }
    let mut data: Box<dyn Read + 'a> = Box::new(Lzma2::new(source, dictionary));
    for (id, properties) in before.iter().rev() {
        data = filter(data, *id, properties)?;
    }
    Ok(data)
}

fn filter<'a>(
    data: Box<dyn Read + 'a>,
    id: u64,
    properties: &[u8],
) -> io::Result<Box<dyn Read + 'a>> {
    let start = match properties {
        [] => 0,
        [distance] if id == 3 => {
            return Ok(Box::new(DeltaReader::new(
                data,
                usize::from(*distance).saturating_add(1),
            )));
        }
        [a, b, c, d] => usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).unwrap_or(usize::MAX),
        _ => return Err(invalid("a filter has other properties than it takes")),
    };
    Ok(Box::new(match id {
        4 => BcjReader::new_x86(data, start),
        5 => BcjReader::new_ppc(data, start),
        6 => BcjReader::new_ia64(data, start),
        7 => BcjReader::new_arm(data, start),
        8 => BcjReader::new_arm_thumb(data, start),
        9 => BcjReader::new_sparc(data, start),
        10 => BcjReader::new_arm64(data, start),
        11 => BcjReader::new_riscv(data, start),
        _ => return Err(invalid("an xz block has an unknown filter")),
    }))
}

/// Section 2.1.1.2.
enum Check {
    None,
    Crc32(Crc),
    Crc64(Crc64),
    Sha256(Box<Sha256>),
}

impl Check {
    fn new(id: u8) -> io::Result<Self> {
        match id {
            0 => Ok(Self::None),
            1 => Ok(Self::Crc32(Crc::new())),
            4 => Ok(Self::Crc64(Crc64::default())),
            10 => Ok(Self::Sha256(Box::default())),
            _ => Err(invalid("an xz stream has an unknown check")),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::None => {}
            Self::Crc32(crc) => crc.update(bytes),
            Self::Crc64(crc) => crc.update(bytes),
            Self::Sha256(hash) => hash.update(bytes),
        }
    }

    fn finish(self) -> Vec<u8> {
        match self {
            Self::None => Vec::new(),
            Self::Crc32(crc) => crc.sum().to_le_bytes().to_vec(),
            Self::Crc64(crc) => crc.sum().to_le_bytes().to_vec(),
            Self::Sha256(hash) => hash.finalize().to_vec(),
        }
    }
}

/// The source, which the open block reads from and the container around it as well.
struct Shared<R>(Rc<RefCell<Counted<R>>>);

struct Counted<R> {
    source: R,
    used: u64,
}

impl<R> Clone for Shared<R> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<R: BufRead> Shared<R> {
    fn used(&self) -> u64 {
        self.0.borrow().used
    }

    fn at_end(&self) -> io::Result<bool> {
        self.0.borrow_mut().source.fill_buf().map(<[u8]>::is_empty)
    }

    fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

impl<R: BufRead> Read for Shared<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut counted = self.0.borrow_mut();
        let read = counted.source.read(buf)?;
        counted.used = counted
            .used
            .saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        Ok(read)
    }
}

/// The index as it is read.
struct Indexed<R> {
    source: Shared<R>,
    crc: Crc,
    len: u64,
}

impl<R: BufRead> Indexed<R> {
    fn byte(&mut self) -> io::Result<u8> {
        let [byte] = self.source.array()?;
        self.crc.update(&[byte]);
        self.len = self.len.saturating_add(1);
        Ok(byte)
    }

    fn vli(&mut self) -> io::Result<u64> {
        variable(|| self.byte())
    }
}

fn vli(bytes: &mut &[u8]) -> io::Result<u64> {
    variable(|| {
        let (first, rest) = bytes.split_first().ok_or(io::ErrorKind::UnexpectedEof)?;
        *bytes = rest;
        Ok(*first)
    })
}

/// Section 1.2: seven bits a byte, nine bytes at most, and no zeros at the end.
fn variable(mut next: impl FnMut() -> io::Result<u8>) -> io::Result<u64> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let byte = next()?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return if byte == 0 && shift > 0 {
                Err(invalid("a number in an xz file is not minimal"))
            } else {
                Ok(value)
            };
        }
    }
    Err(invalid("a number in an xz file is too long"))
}

pub(crate) fn crc32(bytes: &[u8]) -> [u8; 4] {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum().to_le_bytes()
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}
