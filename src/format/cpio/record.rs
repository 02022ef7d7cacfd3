//! Records of the new ASCII format: a header of hexadecimal digits, a name, the content; header and content each filled to four
//! bytes. The payload of an rpm package has a third kind, which names a file by its place in the package's own list.

use crate::format::Error;
use crate::format::cpio::findings::CPIO_MALFORMED;

/// Longest name read: PATH_MAX of Linux, whose own reader refuses longer ones.
pub(in crate::format) const MAX_NAME: u64 = 4096;

const MAGIC_LEN: usize = 6;
/// Thirteen fields of eight digits.
const FIELDS_LEN: usize = 104;
const TRAILER: &[u8] = b"TRAILER!!!";

/// Where records come from: a file, or the end of a decoder.
pub(in crate::format) trait Feed {
    /// Offset of the next byte.
    fn at(&self) -> u64;
    /// Fills `buf` or fails.
    fn fill(&mut self, buf: &mut [u8]) -> Result<(), Error>;
    /// Passes over bytes, which must be there.
    fn skip(&mut self, bytes: u64) -> Result<(), Error>;
}

/// One record; the feed stands at its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::format) enum Record {
    /// `070701` or `070702`.
    Named(Header),
    /// `07070X`: the file of this index in the rpm header, whose size stands there too.
    Indexed(u32),
    /// The end of the archive.
    Trailer,
}

/// What a named record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::format) struct Header {
    /// Name without its NUL, as it stands there.
    pub(in crate::format) name: Vec<u8>,
    /// File type and permissions.
    pub(in crate::format) mode: u32,
    /// Names of the file.
    pub(in crate::format) links: u32,
    /// Length of the content.
    pub(in crate::format) size: u64,
}

/// Bytes that complete `length` to a multiple of four.
pub(in crate::format) fn fill(length: u64) -> u64 {
    length.wrapping_neg() % 4
}

/// Reads the header at the feed's place. Records start at multiples of four.
pub(in crate::format) fn next(feed: &mut dyn Feed) -> Result<Record, Error> {
    let start = feed.at();
    let bad = |message: &str| Error::malformed(&CPIO_MALFORMED, start, message);
    let mut magic = [0; MAGIC_LEN];
    feed.fill(&mut magic)?;
    match &magic {
        b"070701" | b"070702" => {}
        b"07070X" => {
            let mut digits = [0; 8];
            feed.fill(&mut digits)?;
            let index = number(&digits).ok_or_else(|| bad("a file index is no number"))?;
            feed.skip(fill(14))?;
            return Ok(Record::Indexed(index));
        }
        _ => return Err(bad("no record starts here")),
    }
    let mut digits = [0; FIELDS_LEN];
    feed.fill(&mut digits)?;
    let (fields, _) = digits.as_chunks::<8>();
    let field = |nth: usize| {
        let digits = fields.get(nth);
        digits
            .and_then(number)
            .ok_or_else(|| bad("a field is no number"))
    };
    let (mode, links, size, name_len) = (field(1)?, field(4)?, field(6)?, field(11)?);
    let name_len = u64::from(name_len);
    if name_len == 0 || name_len > MAX_NAME {
        return Err(bad("a name is empty or too long"));
    }
    let mut name = vec![0; usize::try_from(name_len).unwrap_or_default()];
    feed.fill(&mut name)?;
    if name.pop() != Some(0) || name.contains(&0) {
        return Err(bad("a name does not end with its only NUL"));
    }
    // Magic and fields are 110 bytes.
    feed.skip(fill(name_len.saturating_add(110)))?;
    if name == TRAILER {
        return Ok(Record::Trailer);
    }
    Ok(Record::Named(Header {
        name,
        mode,
        links,
        size: u64::from(size),
    }))
}

/// Eight hexadecimal digits; neither sign nor space.
fn number(digits: &[u8; 8]) -> Option<u32> {
    digits.iter().try_fold(0u32, |value, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some((value << 4) | digit)
    })
}
